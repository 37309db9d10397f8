"""Done deliveries become fulfilments in Shopify, each once, with what a customer needs to know."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_shipments import ShipmentCase

HANDLER = "odoo.addons.shopify_sync.models.runner_out"


@tagged("post_install", "-at_install")
class TestShipmentsOut(ShipmentCase):
    def test_a_done_delivery_is_shipped_in_shopify_with_carrier_and_number(self):
        order, sale_order, picking = self.bring_and_ship(tracking="1Z999", lines=[(self.skus[0], 2)], shipping="5.00")
        sale_order.carrier_id.shopify_tracking_company = "UPS"
        self.assertEqual(picking.shopify_send_state, "to_send")
        self.send()
        self.assertEqual(self.shipped(order), [({self.skus[0]: 2}, ["1Z999"], "Main Warehouse")])
        there = self.sim.store.order(order.id).fulfillments[0]
        self.assertEqual((there.tracking[0].company, there.notified), ("UPS", 0))
        self.assertIn("1Z999", there.tracking[0].url)
        self.assertTrue(picking.shopify_sent)
        self.assertEqual((picking.shopify_send_state, picking.shopify_fulfillment_ref), ("sent", str(there.id)))
        self.assertEqual(picking.shopify_location_id.name, "Main Warehouse")
        self.assertEqual(self.line_of(picking).state, "done")

    def test_the_store_is_told_at_once_by_its_job(self):
        self.instance._make_schedules()
        self.instance._start_schedules()
        _order, _sale_order, _picking = self.bring_and_ship()
        cron = self.instance._schedule("process_out")
        triggers = [("cron_id", "=", cron.id)]
        known = self.env["ir.cron.trigger"].search_count(triggers)
        self.assertTrue(known)
        self.bring_and_ship()
        # the job may be running on the first wake-up and be past the second delivery
        self.assertGreater(self.env["ir.cron.trigger"].search_count(triggers), known)

    def test_a_shipment_that_comes_back_is_no_second_delivery(self):
        order, sale_order, _picking = self.bring_and_ship(units=1, lines=[(self.skus[0], 3)])
        self.send()
        self.import_orders(order)
        self.assertEqual(len(sale_order.picking_ids), 2)
        self.assertEqual(self.delivery(sale_order).move_ids.product_uom_qty, 2)
        self.assertEqual(sale_order.order_line.filtered("shopify_line_id")[0].qty_delivered, 1)
        self.assertEqual(len(self.shipped(order)), 1)

    def test_a_shipment_that_comes_back_before_its_answer_is_known(self):
        order, sale_order, picking = self.bring_and_ship(units=1, lines=[(self.skus[0], 3)])
        self.sim.faults.add("lost", "FulfillmentCreate")
        self.send()
        self.assertTrue(self.line_of(picking).maybe_done)
        self.import_orders(order)
        self.assertTrue(picking.shopify_sent)
        self.assertEqual(self.line_of(picking).state, "done")
        self.assertEqual(self.delivery(sale_order).move_ids.product_uom_qty, 2)
        self.send()
        self.assertEqual([units for units, _numbers, _place in self.shipped(order)], [{self.skus[0]: 1}])

    def test_a_lost_answer_does_not_ship_twice(self):
        order, _sale_order, picking = self.bring_and_ship(units=1, tracking="T1", lines=[(self.skus[0], 3)])
        self.sim.faults.add("lost", "FulfillmentCreate")
        self.send()
        line = self.line_of(picking)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.later(picking)
        self.assertEqual(self.shipped(order), [({self.skus[0]: 1}, ["T1"], "Main Warehouse")])
        self.assertEqual(self.sent("FulfillmentCreate"), 1)
        self.assertEqual((self.line_of(picking).state, picking.shopify_sent), ("done", True))

    def test_what_never_arrived_is_sent_again(self):
        order, _sale_order, picking = self.bring_and_ship()
        self.sim.faults.add("reset", "FulfillmentCreate")
        self.send()
        self.assertEqual(self.shipped(order), [])
        self.later(picking)
        self.assertEqual(len(self.shipped(order)), 1)

    def test_each_part_is_one_shipment(self):
        order, sale_order, first = self.bring_and_ship(units=1, tracking="A", lines=[(self.skus[0], 3)])
        self.send()
        second = self.ship(sale_order, tracking="B")
        self.send()
        self.assertEqual(
            self.shipped(order),
            [({self.skus[0]: 1}, ["A"], "Main Warehouse"), ({self.skus[0]: 2}, ["B"], "Main Warehouse")],
        )
        self.import_orders(order)
        self.assertEqual(sale_order.picking_ids, first + second)

    def test_two_parts_shipped_before_sending_are_two_shipments(self):
        order, sale_order, _first = self.bring_and_ship(units=1, tracking="A", lines=[(self.skus[0], 3)])
        self.ship(sale_order, tracking="B")
        self.send()
        self.assertEqual([numbers for _units, numbers, _place in self.shipped(order)], [["A"], ["B"]])

    def test_a_number_that_comes_later_is_told(self):
        self.instance.notify_customer = True
        order, _sale_order, picking = self.bring_and_ship(shipping="5.00")
        self.send()
        self.assertEqual(self.shipped(order)[0][1], [])
        picking.with_user(self.packer).carrier_tracking_ref = "LATE1,LATE2"
        self.send()
        self.assertEqual(self.shipped(order)[0][1], ["LATE1", "LATE2"])
        self.assertEqual(self.sim.store.order(order.id).fulfillments[0].notified, 2)
        self.send()
        self.assertEqual(self.sent("FulfillmentTrackingInfoUpdate"), 1)

    def test_a_number_entered_while_it_waits_goes_with_the_shipment(self):
        order, _sale_order, picking = self.bring_and_ship()
        picking.carrier_tracking_ref = "SOON"
        self.send()
        self.assertEqual(self.shipped(order)[0][1], ["SOON"])
        self.assertEqual(self.sent("FulfillmentTrackingInfoUpdate"), 0)

    def test_without_a_number_it_waits_where_the_store_says_so(self):
        self.instance.send_without_tracking = False
        order, _sale_order, picking = self.bring_and_ship()
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "waiting"))
        self.assertIn("tracking number", picking.shopify_send_note)
        self.run_operation("fulfilment_export")
        self.assertEqual(self.shipped(order), [])
        picking.with_user(self.packer).carrier_tracking_ref = "T9"
        self.send()
        self.assertEqual(self.shipped(order)[0][1], ["T9"])

    def test_several_packages_carry_their_own_numbers(self):
        order = self.place(lines=[(self.skus[0], 1), (self.skus[1], 1)])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        picking = self.delivery(sale_order)
        for number, move in zip(("P1", "P2"), picking.move_ids, strict=True):
            move.quantity, move.picked = 1, True
            package = self.env["stock.package"].create({"name": f"PACK-{number}", "shopify_tracking": number})
            move.move_line_ids.result_package_id = package
        picking.button_validate()
        self.send()
        self.assertEqual(self.shipped(order), [({self.skus[0]: 1, self.skus[1]: 1}, ["P1", "P2"], "Main Warehouse")])
        picking.move_line_ids.result_package_id.filtered(
            lambda one: one.shopify_tracking == "P2"
        ).shopify_tracking = "P3"
        self.send()
        self.assertEqual(self.shipped(order)[0][1], ["P1", "P3"])

    def test_the_link_of_the_delivery_method_is_sent(self):
        order = self.place(shipping="5.00")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        sale_order.carrier_id.shopify_tracking_url = "https://track.example.com/{number}"
        self.ship(sale_order, tracking="N 1")
        self.send()
        self.assertEqual(
            self.sim.store.order(order.id).fulfillments[0].tracking[0].url, "https://track.example.com/N%201"
        )
        with self.assertRaisesRegex(UserError, "{number}"):
            sale_order.carrier_id.shopify_tracking_url = "https://track.example.com/"

    def test_customers_are_told_where_the_store_says_so(self):
        self.instance.notify_customer = True
        order, _sale_order, _picking = self.bring_and_ship()
        self.send()
        self.assertEqual(self.sim.store.order(order.id).fulfillments[0].notified, 1)

    def test_the_schedule_finds_what_nobody_has_sent(self):
        self.instance.send_shipments = False
        order, _sale_order, picking = self.bring_and_ship()
        self.assertFalse(self.line_of(picking))
        self.instance.send_shipments = True
        run = self.run_operation("fulfilment_export")
        self.assertEqual(run.state, "done", run.message)
        self.assertEqual(len(self.shipped(order)), 1)
        self.run_operation("fulfilment_export")
        self.assertEqual(self.sent("FulfillmentCreate"), 1)

    def test_many_orders_are_read_in_one_request(self):
        pickings = [self.bring_and_ship()[2] for _turn in range(5)]
        self.sim.requests.clear()
        self.send()
        self.assertTrue(all(picking.shopify_sent for picking in pickings))
        self.assertEqual((self.sent("OrdersToShip"), self.sent("OrderToShip")), (1, 0))
        self.assertEqual(self.sent("FulfillmentCreate"), 5)

    def test_a_person_sends_it_by_the_button(self):
        self.instance.send_shipments = False
        order, _sale_order, picking = self.bring_and_ship()
        with self.own_cursor(self.user) as env:
            notice = picking.with_env(env).action_shopify_send()
        self.assertEqual(notice["params"]["type"], "success")
        self.assertEqual(len(self.shipped(order)), 1)
        with self.assertRaisesRegex(UserError, "nothing to tell"), self.own_cursor(self.user) as env:
            picking.with_env(env).action_shopify_send()

    def test_the_buttons_are_for_people_with_the_role(self):
        _order, _sale_order, picking = self.bring_and_ship()
        for button in ("action_shopify_send", "action_shopify_cancel_shipment", "action_shopify_ready"):
            with self.assertRaises(AccessError, msg=button), self.own_cursor(self.packer) as env:
                getattr(picking.with_env(env), button)()

    @mute_logger(HANDLER)
    def test_a_missing_permission_is_named(self):
        self.sim.access.scopes.remove("write_merchant_managed_fulfillment_orders")
        self.sim.access.scopes.remove("write_third_party_fulfillment_orders")
        order, _sale_order, picking = self.bring_and_ship()
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "failed"))
        self.assertIn("write_merchant_managed_fulfillment_orders", picking.shopify_manual_action)
        self.assertEqual(self.line_of(picking).failure_kind, "configuration")

    @mute_logger(HANDLER)
    def test_a_missing_permission_is_named_also_where_shopify_only_says_that_there_is_no_access(self):
        self.sim.access.scopes.remove("write_merchant_managed_fulfillment_orders")
        order, _sale_order, picking = self.bring_and_ship()
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "failed"))
        self.assertIn("write_merchant_managed_fulfillment_orders", picking.shopify_manual_action)
        self.assertNotIn("third_party", picking.shopify_manual_action)
        self.assertEqual(self.line_of(picking).failure_kind, "configuration")
        scope = self.instance.scope_ids.filtered(lambda row: row.function == "fulfilments")
        self.assertFalse(scope.works, "the table of permissions says it, too")

    @mute_logger(HANDLER)
    def test_a_refused_shipment_asks_one_person_once_and_the_button_sends_it_when_the_cause_is_gone(self):
        scope = ["write_merchant_managed_fulfillment_orders", "write_third_party_fulfillment_orders"]
        for name in scope:
            self.sim.access.scopes.remove(name)
        order, _sale_order, picking = self.bring_and_ship()
        self.send()
        self.assertEqual(len(picking.activity_ids), 1)
        self.assertIn(scope[0], picking.activity_ids.note)
        self.run_operation("fulfilment_export")
        self.assertEqual(len(picking.activity_ids), 1, "nobody is asked twice")
        self.sim.access.scopes.extend(scope)
        with self.own_cursor(self.user) as env:
            picking.with_env(env).action_shopify_send()
        self.assertEqual((len(self.shipped(order)), picking.shopify_sent), (1, True))
        self.assertFalse(picking.shopify_manual_action)
        self.assertFalse(picking.activity_ids)

    def test_a_shipment_cancelled_from_here_is_cancelled_there(self):
        order, sale_order, picking = self.bring_and_ship()
        self.send()
        with self.own_cursor(self.user) as env:
            picking.with_env(env).action_shopify_cancel_shipment()
        self.assertEqual((self.shipped(order), picking.shopify_sent), ([], False))
        self.assertEqual(picking.shopify_send_state, "left_out")
        self.import_orders(order)
        self.assertFalse(picking.shopify_manual_action)
        self.run_operation("fulfilment_export")
        self.assertEqual(self.shipped(order), [])
        with self.own_cursor(self.user) as env:
            picking.with_env(env).action_shopify_send()
        self.assertEqual(len(self.shipped(order)), 1)
        self.import_orders(order)
        self.assertEqual(len(sale_order.picking_ids), 1)

    def test_a_shipment_cancelled_in_shopify_asks_a_person_once(self):
        order, _sale_order, picking = self.bring_and_ship()
        self.send()
        self.sim.store.cancel_fulfilment(order, self.sim.store.order(order.id).fulfillments[0])
        self.import_orders(order)
        self.assertIn("cancelled", picking.shopify_manual_action)
        self.assertEqual((picking.shopify_sent, len(picking.activity_ids)), (False, 1))
        self.assertTrue(self.logs(cause="fulfilment_cancelled", resolved=False))
        self.sim.store.update(order, note="Again")
        self.import_orders(order)
        self.assertEqual(self.logs(cause="fulfilment_cancelled").count, 1)
        with self.own_cursor(self.user) as env:
            picking.with_env(env).action_shopify_send()
        self.assertEqual((picking.shopify_manual_action, len(picking.activity_ids)), (False, 0))
        self.assertFalse(self.logs(cause="fulfilment_cancelled", resolved=False))
        self.assertEqual(len(self.shipped(order)), 1)
