"""Risky, cancelled, test and old orders; what Shopify has shipped already."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ShopifyCase, utc


@tagged("post_install", "-at_install")
class TestRisk(ShopifyCase):
    def assert_held(self, sale_order, state="held"):
        self.assertEqual((sale_order.state, sale_order.shopify_risk_state), ("draft", state))
        self.assertFalse(sale_order.picking_ids)
        self.assertFalse(sale_order.invoice_ids)

    def test_a_risky_order_is_held_with_its_facts(self):
        sale_order = self.bring(risk="HIGH", risk_facts=["CVV did not match", "Proxy used"])
        self.assert_held(sale_order)
        self.assertEqual(sale_order.shopify_risk_ids.mapped("fact"), ["CVV did not match", "Proxy used"])
        self.assertEqual(sale_order.shopify_risk_ids.mapped("level"), ["high", "high"])
        self.assertEqual((sale_order.shopify_risk_level, sale_order.shopify_risk_recommendation), ("high", "cancel"))
        self.assertIn(sale_order.shopify_order_name, self.logs(cause="risk_held").message)
        self.assertTrue(sale_order.shopify_held_since)

    def test_the_threshold_decides(self):
        for threshold, held in (("medium", {"MEDIUM", "HIGH"}), ("high", {"HIGH"}), ("never", set())):
            self.instance.risk_hold_from = threshold
            for level in ("NONE", "LOW", "MEDIUM", "HIGH"):
                with self.subTest(threshold=threshold, level=level):
                    state = self.bring(risk=level).shopify_risk_state
                    self.assertEqual(state, "held" if level in held else "none")

    def test_an_order_being_assessed_waits_and_goes_on_by_itself_when_it_clears(self):
        order = self.place(risk="PENDING")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assert_held(sale_order, "pending")
        self.sim.clock.advance(60)
        self.sim.store.change_risk(order, "LOW")
        self.import_orders(order)
        self.assertEqual(sale_order.shopify_risk_state, "cleared")
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_user_confirms_a_risky_order_and_the_workflow_runs(self):
        order = self.place(risk="HIGH")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        user = self.make_user("risk_user", "shopify_sync.group_user")
        log = self.logs(cause="risk_held", res_id=sale_order.id)
        self.assertFalse(log.resolved)
        sale_order.with_user(user).action_shopify_confirm_risk()
        self.assertEqual(sale_order.shopify_risk_state, "confirmed")
        self.assertTrue(log.resolved, "it is decided")
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))
        self.assertIn("risk_user", "".join(sale_order.message_ids.mapped("body")))

    def test_a_held_order_cannot_be_confirmed_by_the_normal_button(self):
        sale_order = self.bring(risk="HIGH")
        with self.assertRaisesRegex(UserError, "held because Shopify finds it risky"):
            sale_order.action_confirm()

    def test_an_order_confirmed_by_a_person_is_not_held_again(self):
        order = self.place(risk="HIGH")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        sale_order.action_shopify_confirm_risk()
        self.sim.clock.advance(60)
        self.sim.store.change_risk(order, "HIGH", ["Still risky"])
        self.import_orders(order)
        self.assertEqual((sale_order.state, sale_order.shopify_risk_state), ("sale", "confirmed"))

    def test_confirming_what_is_not_held_is_refused(self):
        with self.assertRaises(UserError):
            self.bring().action_shopify_confirm_risk()


@tagged("post_install", "-at_install")
class TestLeftOut(ShopifyCase):
    def test_an_order_cancelled_before_it_was_seen_becomes_a_cancelled_quotation(self):
        order = self.place(note="x")
        self.sim.store.cancel(order, "FRAUD")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.state, "cancel")
        self.assertFalse(sale_order.picking_ids)
        self.assertFalse(sale_order.invoice_ids)
        self.assertEqual(sale_order.shopify_cancel_reason, "fraud")
        self.assertEqual(sale_order.shopify_cancelled_at, utc(order.cancelled_at))

    def test_it_is_skipped_with_information_when_the_store_says_so(self):
        self.instance.import_cancelled = False
        order = self.place()
        self.sim.store.cancel(order)
        self.assertEqual(self.import_orders(order)["skipped"], 1)
        self.assertFalse(self.sale_order(order))
        self.assertEqual(self.logs(cause="cancelled").severity, "info")
        self.assertEqual(self.queue_line(order).state, "skipped")

    def test_a_quotation_is_cancelled_when_shopify_cancels(self):
        order = self.place(risk="HIGH")
        self.import_orders(order)
        self.sim.clock.advance(60)
        self.sim.store.cancel(order)
        self.import_orders(order)
        self.assertEqual(self.sale_order(order).state, "cancel")

    def test_a_test_order_is_marked_and_never_posted(self):
        sale_order = self.bring(test=True)
        self.assertTrue(sale_order.shopify_is_test)
        self.assertFalse(sale_order.invoice_ids)
        self.assertFalse(sale_order.shopify_payment_ids.payment_id)
        self.env["shopify.workflow"]._run(self.instance, sale_order)
        self.assertFalse(sale_order.invoice_ids)

    def test_an_old_order_is_skipped_with_information_unless_it_is_named(self):
        old = (self.sim.clock.now() - timedelta(days=40)).isoformat()
        order = self.place(created_at=old)
        self.sim.store.update(order, note="Touched today")
        self.run_operation(**{"from": fields.Datetime.to_string(fields.Datetime.now() - timedelta(hours=1))})
        self.assertEqual(self.process()["skipped"], 1)
        log = self.logs(cause="too_old")
        self.assertEqual(log.severity, "info")
        self.assertIn(order.name, log.message)
        self.assertFalse(self.sale_order(order))
        self.import_orders(order)
        self.assertTrue(self.sale_order(order), "a person asked for it")


@tagged("post_install", "-at_install")
class TestShipped(ShopifyCase):
    TRACKING = {"company": "UPS", "number": "1Z999", "url": "https://track.example.com/1Z999"}

    def test_a_shipped_order_is_delivered_with_date_and_tracking(self):
        order = self.place(lines=[(self.skus[0], 2)], shipping="4.90")
        shipped = self.sim.clock.now() - timedelta(days=1)
        (fulfilment,) = self.sim.store.fulfil(order, tracking=self.TRACKING)
        fulfilment.created_at = shipped
        self.import_orders(order)
        sale_order = self.sale_order(order)
        picking = sale_order.picking_ids
        self.assertEqual((picking.state, picking.carrier_tracking_ref), ("done", "1Z999"))
        self.assertEqual(picking.date_done, utc(shipped))
        self.assertEqual(picking.move_ids.quantity, 2)
        self.assertEqual((picking.shopify_fulfillment_ref, picking.shopify_sent), (str(fulfilment.id), True))
        self.assertEqual(picking.carrier_id, sale_order.carrier_id)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_partly_shipped_order_is_delivered_in_part_and_the_rest_waits(self):
        order = self.place(lines=[(self.skus[0], 3), (self.skus[1], 1)])
        self.sim.store.fulfil(order, {self.skus[0]: 2}, tracking=self.TRACKING)
        self.import_orders(order)
        sale_order = self.sale_order(order)
        done = sale_order.picking_ids.filtered(lambda one: one.state == "done")
        rest = sale_order.picking_ids - done
        self.assertEqual(done.move_ids.mapped("quantity"), [2])
        self.assertEqual(sorted(rest.move_ids.mapped("product_uom_qty")), [1, 1])
        self.assertEqual(rest.backorder_id, done)
        self.assertEqual(sale_order.order_line.mapped("qty_delivered"), [2, 0])

    def test_two_shipments_are_two_deliveries(self):
        order = self.place(lines=[(self.skus[0], 3)])
        for units, number in ((1, "A"), (2, "B")):
            self.sim.clock.advance(5)
            self.sim.store.fulfil(order, {self.skus[0]: units}, tracking={**self.TRACKING, "number": number})
        self.import_orders(order)
        pickings = self.sale_order(order).picking_ids.sorted("id")
        self.assertEqual(pickings.mapped("state"), ["done", "done"])
        self.assertEqual(pickings.mapped("carrier_tracking_ref"), ["A", "B"])

    def test_a_later_shipment_is_taken_over_once(self):
        order = self.place(lines=[(self.skus[0], 3)])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertNotEqual(sale_order.picking_ids.state, "done")
        self.sim.clock.advance(60)
        self.sim.store.fulfil(order, {self.skus[0]: 1})
        for _again in range(2):
            self.sim.clock.advance(60)
            self.sim.store.update(order, note=f"Change {_again}")
            self.import_orders(order)
        self.assertEqual(sale_order.order_line.qty_delivered, 1)

    def test_a_cancelled_fulfilment_counts_as_not_shipped(self):
        order = self.place()
        (fulfilment,) = self.sim.store.fulfil(order)
        self.sim.store.cancel_fulfilment(order, fulfilment)
        self.import_orders(order)
        self.assertNotEqual(self.sale_order(order).picking_ids.state, "done")

    def test_a_lot_tracked_product_waits_for_a_person(self):
        self.sim.store.add_product("Tracked", "LOT-1", "10.00")
        product = self.make_products(["LOT-1"], tracking="lot")
        order = self.place(lines=[("LOT-1", 2)], fulfillment="fulfilled")
        self.import_orders(order)
        picking = self.sale_order(order).picking_ids
        self.assertNotEqual(picking.state, "done")
        for words in ("enter the lot", "2", product.display_name):
            self.assertIn(words, picking.shopify_manual_action)

    def test_shipping_without_stock_goes_negative_or_waits_as_the_store_says(self):
        self.sim.store.add_product("Scarce", "SCARCE-1", "10.00")
        product = self.make_products(["SCARCE-1"])
        self.add_stock(product, -1000)
        first = self.bring(lines=["SCARCE-1"], fulfillment="fulfilled")
        self.assertEqual(first.picking_ids.state, "done")
        self.assertEqual(product.qty_available, -1)
        self.instance.ship_without_stock = False
        second = self.bring(lines=["SCARCE-1"], fulfillment="fulfilled")
        self.assertNotEqual(second.picking_ids.state, "done")
        self.assertIn(product.display_name, second.picking_ids.shopify_manual_action)

    def test_unshipped_only_leaves_partly_shipped_orders_out(self):
        partly = self.place(lines=[(self.skus[0], 2)], fulfillment="partial")
        unshipped = self.place()
        self.instance.order_statuses = "unshipped"
        self.run_operation()
        self.assertFalse(self.queue_line(partly))
        self.assertTrue(self.queue_line(unshipped))
        self.instance.order_statuses = "unshipped_partial"
        self.run_operation()
        self.assertTrue(self.queue_line(partly))

    def test_each_import_brings_its_own_status(self):
        shipped = self.place(fulfillment="fulfilled")
        unshipped = self.place()
        self.run_operation("order_shipped")
        self.assertEqual(self.queue_line(shipped).kind, "order_shipped")
        self.assertFalse(self.queue_line(unshipped))
        self.run_operation("order_unshipped")
        self.assertEqual(self.queue_line(unshipped).kind, "order_unshipped")
