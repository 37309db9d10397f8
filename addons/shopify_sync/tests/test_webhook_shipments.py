"""What waits to be shipped in Shopify goes as soon as Shopify lets it go."""

from odoo.tests import tagged

from .webhook_case import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookShipments(WebhookCase):
    def held(self, lines):
        """(Shopify's order on hold, its done delivery that waits)."""
        order = self.place(lines=lines)
        self.import_orders(order)
        self.sim.store.hold(order, "INCORRECT_ADDRESS", "Street is missing")
        picking = self.sale_order(order).picking_ids
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
        self.send()
        self.assertEqual(picking.shopify_send_state, "waiting")
        return order, picking

    def send(self):
        self.env.flush_all()
        while self.env["shopify.runner"]._send_one(self.instance._for_jobs()):
            pass
        self.env.invalidate_all()

    def only(self, topic):
        """Deliver this topic alone, as if Shopify had told nothing else."""
        webhooks = self.sim.webhooks
        webhooks._pending[:] = [one for one in webhooks._pending if one.topic == topic]
        self.assertTrue(webhooks._pending, f"the store does not tell of {topic}")
        self.deliver()
        self.process_events()

    def test_a_shipment_that_waits_goes_at_once_when_its_hold_is_released(self):
        self.switch_on()
        order, picking = self.held([(self.skus[0], 1)])
        self.assertIn("One unit waits in Shopify", picking.shopify_send_note)
        self.send()
        self.assertFalse(picking.shopify_sent, "it waits for its quarter of an hour")
        self.sim.store.release_hold(order)
        self.only("fulfillment_orders/hold_released")
        self.send()
        self.assertTrue(picking.shopify_sent)
        self.assertEqual(len(self.sim.store.order(order.id).fulfillments), 1)

    def test_a_shipment_that_waits_goes_when_its_fulfilment_order_is_moved_to_where_it_is_open(self):
        self.switch_on()
        order, picking = self.held([(self.skus[0], 2)])
        self.assertIn("2 units wait in Shopify", picking.shopify_send_note)
        self.sim.store.move(order, "West Warehouse")
        self.only("fulfillment_orders/moved")
        self.send()
        self.assertTrue(picking.shopify_sent)

    def test_other_orders_go_on_waiting(self):
        self.switch_on()
        order, picking = self.held([(self.skus[0], 1)])
        _other, waits = self.held([(self.skus[1], 1)])
        self.sim.store.release_hold(order)
        self.only("fulfillment_orders/hold_released")
        self.send()
        self.assertEqual((picking.shopify_sent, waits.shopify_send_state), (True, "waiting"))
