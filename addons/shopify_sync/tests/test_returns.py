"""Returns and exchanges of Shopify: goods come back once, money moves only when Shopify gives something for them."""

from odoo.addons.shopify_sync.models import handler_order_returns
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .lives import LifeCase


class ReturnCase(LifeCase):
    def shipped(self, **options):
        """Three units of one product and two of another, with the customer."""
        order = self.place(**options)
        self.sync()
        self.happens("fulfil", order)
        return order

    def row(self, order, index=-1):
        return self.sale_order(order).shopify_return_ids.sorted("id")[index]

    def transfers(self, order):
        """Everything that came back, or is on its way back."""
        return self.sale_order(order).picking_ids.filtered(
            lambda picking: picking.picking_type_code == "incoming" and picking.state != "cancel"
        )

    def units_back_in_odoo(self, order):
        return sum(self.transfers(order).move_ids.mapped("product_uom_qty"))

    def assert_ends_right(self, order):
        self.assert_right(order)
        self.assert_settled()


@tagged("post_install", "-at_install")
class TestReturns(ReturnCase):
    # Shown

    def test_a_return_is_shown_with_name_status_units_and_reason(self):
        order = self.shipped()
        self.happens("request_return", order, {self.skus[0]: 2}, reason="SIZE_TOO_SMALL", note="pinches")
        row = self.row(order)
        self.assertEqual((row.name, row.status, row.units, row.received), (f"{order.name}-R1", "requested", 2, 0))
        self.assertEqual(row.reason, "Size too small: pinches")
        self.happens("approve_return", order)
        self.assertEqual((row.status, row.state), ("open", "none"))
        self.assertFalse(self.transfers(order))
        self.assert_ends_right(order)

    def test_a_declined_return_says_why_and_moves_nothing(self):
        order = self.shipped()
        self.happens("request_return", order, {self.skus[0]: 1})
        self.happens("decline_return", order, reason="FINAL_SALE", note="sale item")
        self.assertEqual((self.row(order).status, self.row(order).state), ("canceled", "none"))
        self.assertFalse(self.transfers(order))
        self.assert_ends_right(order)

    # Goods

    def test_what_was_restocked_comes_back_by_one_transfer_and_nothing_is_credited(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 2})
        self.happens("receive_return", order)
        self.happens("process_return", order)
        picking = self.transfers(order)
        self.assertEqual((len(picking), picking.state), (1, "done"))
        self.assertEqual(picking.shopify_return_ref, str(order.returns[0].id))
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 2)
        self.assertEqual((self.row(order).state, self.row(order).picking_ids), ("moved", picking))
        self.assertFalse(self.credit_notes(order))
        self.assertEqual(self.sale_order(order).shopify_change_state, "none")
        self.happens("close_return", order)
        self.assertEqual(self.row(order).status, "closed")
        self.assert_ends_right(order)

    def test_the_refund_of_the_return_credits_and_makes_no_second_transfer(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 2})
        self.happens("receive_return", order)
        self.happens("process_return", order)
        refund = self.happens("refund_return", order, restock_type="RETURN")
        self.assertEqual(self.credit_notes(order).shopify_refund_id, str(refund.id))
        self.assertEqual(self.units_back_in_odoo(order), 2)
        self.assert_ends_right(order)

    def test_a_refund_of_the_return_that_comes_before_the_goods_makes_no_transfer(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 2})
        self.happens("process_return", order, refunded=True)
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assertFalse(self.transfers(order))
        self.happens("receive_return", order)
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assertEqual(self.units_back_in_odoo(order), 2)
        self.assert_ends_right(order)

    def test_a_refund_made_beside_the_return_brings_the_goods_back_once_in_either_order(self):
        for first, second in (("refund", "receive_return"), ("receive_return", "refund")):
            order = self.shipped()
            self.happens("open_return", order, {self.skus[0]: 1})
            for event in (first, second):
                options = {"lines": {self.skus[0]: 1}} if event == "refund" else {}
                self.happens(event, order, **options)
            self.assertEqual(self.units_back_in_odoo(order), 1, first)
            self.assertEqual(len(self.transfers(order)), 1)
            self.assertEqual(len(self.credit_notes(order)), 1)
            self.happens("refund", order, {self.skus[0]: 1})
            self.assertEqual(self.units_back_in_odoo(order), 2, "another unit is brought back, too")
            self.assert_right(order)
        self.assert_settled()

    def test_goods_that_arrive_in_steps_come_back_step_by_step(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 3})
        for units in (1, 2, 3):
            self.happens("receive_return", order, lines={self.skus[0]: 1})
            self.assertEqual(self.units_back_in_odoo(order), units)
        self.assertEqual(self.row(order).received, 3)
        self.assert_ends_right(order)

    def test_what_is_not_put_on_the_shelf_makes_no_stock_document(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 3})
        for disposition in ("NOT_RESTOCKED", "MISSING", "PROCESSING_REQUIRED"):
            self.happens("receive_return", order, lines={self.skus[0]: 1}, disposition=disposition)
        self.assertFalse(self.transfers(order))
        self.assertEqual((self.row(order).received, self.row(order).restocked, self.row(order).state), (2, 0, "none"))
        self.assertTrue(self.row(order).message)
        self.assert_ends_right(order)

    def test_what_odoo_has_not_delivered_waits_and_comes_back_after_the_delivery(self):
        self.products[0].tracking = "lot"
        order = self.shipped(lines=[(self.skus[0], 1)])
        delivery = self.sale_order(order).picking_ids
        self.assertTrue(delivery.shopify_manual_action)
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order)
        self.assertEqual(self.row(order).state, "waiting")
        self.assertTrue(self.row(order).message)
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": self.products[0].id})
        delivery.move_ids.write({"quantity": 1, "picked": True})
        delivery.move_line_ids.lot_id = lot
        delivery._action_done()
        with self.own_cursor(self.env.ref("base.user_root")) as env:
            env["shopify.workflow"]._cron_continue()
        self.assertEqual((self.row(order).state, self.units_back_in_odoo(order)), ("moved", 1))
        self.assertNotEqual(self.transfers(order).state, "done", "the lot is a person's to enter")

    def test_an_order_first_seen_with_its_return_ends_the_same(self):
        order = self.place()
        for event, options in (
            ("fulfil", {}),
            ("open_return", {"lines": {self.skus[0]: 2}}),
            ("receive_return", {}),
            ("process_return", {}),
        ):
            self.happens(event, order, sync=False, **options)
        self.sync()
        self.assertEqual(self.units_back_in_odoo(order), 2)
        self.assertFalse(self.credit_notes(order))
        self.assert_ends_right(order)

    def test_an_older_state_that_comes_late_takes_nothing_back(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 2})
        self.happens("receive_return", order)
        self.process_again()
        self.assertEqual((self.row(order).restocked, self.units_back_in_odoo(order)), (2, 2))

    # Settings

    def test_goods_go_to_the_return_location_of_the_store(self):
        place = self.env["stock.location"].create({"name": "Inspection", "usage": "internal"})
        self.instance.return_location_id = place
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order)
        self.assertEqual(self.transfers(order).move_ids.location_dest_id, place)

    def test_goods_go_to_the_warehouse_of_the_location_where_they_were_received(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        place = self.sim.store.locations[1]
        known = self.env["shopify.location"].search(
            [("instance_id", "=", self.instance.id), ("shopify_id", "=", str(place.id))]
        )
        known.warehouse_id = warehouse
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order, location=place.id)
        picking = self.transfers(order)
        self.assertEqual((picking.location_dest_id, picking.state), (warehouse.lot_stock_id, "done"))
        self.assertEqual(picking.picking_type_id.warehouse_id, warehouse)
        self.assertEqual(picking.location_id.usage, "customer")
        self.assert_ends_right(order)

    def test_the_return_warehouse_of_a_location_wins_over_the_return_location_of_the_store(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Third", "code": "THI"})
        place = self.sim.store.locations[1]
        known = self.env["shopify.location"].search(
            [("instance_id", "=", self.instance.id), ("shopify_id", "=", str(place.id))]
        )
        known.return_warehouse_id = warehouse
        self.instance.return_location_id = self.env["stock.location"].create({"name": "Desk", "usage": "internal"})
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order, location=place.id)
        picking = self.transfers(order)
        self.assertEqual((picking.location_dest_id, picking.state), (warehouse.lot_stock_id, "done"))

    def test_a_return_made_in_odoo_goes_to_the_return_warehouse_of_the_location(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Fourth", "code": "FOU"})
        order = self.shipped()
        delivery = self.sale_order(order).picking_ids.filtered(lambda one: one.state == "done")
        place = self.env["shopify.location"].search([("instance_id", "=", self.instance.id)], limit=1)
        delivery.shopify_location_id = place
        place.return_warehouse_id = warehouse
        dialog = self.env["stock.return.picking"].with_context(active_id=delivery.id, active_model="stock.picking")
        wizard = dialog.create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        made = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.assertEqual(made.location_dest_id, warehouse.lot_stock_id)
        self.assertEqual(made.picking_type_id, warehouse.in_type_id)
        self.assertEqual(made.location_id.usage, "customer")

    def test_the_warehouse_validates_where_the_store_says_so_and_it_is_made_once(self):
        self.instance.return_validate = False
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 2})
        self.happens("receive_return", order, lines={self.skus[0]: 1})
        self.assertNotIn(self.transfers(order).state, ("done", "cancel"))
        self.happens("receive_return", order, lines={self.skus[0]: 1})
        self.assertEqual(self.units_back_in_odoo(order), 2)
        self.assert_settled()

    def test_a_store_without_return_transfers_shows_the_return_and_says_so(self):
        self.instance.return_create = False
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order)
        self.assertEqual(self.row(order).state, "left_out")
        self.assertTrue(self.row(order).message)
        self.assertFalse(self.transfers(order))

    # Cancelled

    def test_a_cancelled_return_frees_the_row_and_moves_nothing(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("cancel_return", order)
        self.assertEqual((self.row(order).status, self.row(order).state), ("canceled", "none"))
        self.assert_ends_right(order)

    def test_a_return_cancelled_after_its_transfer_is_a_persons_and_nothing_is_undone(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order)
        picking = self.transfers(order)
        self.happens("cancel_return", order, worked_on=True)
        self.assertEqual((self.row(order).status, self.row(order).state), ("canceled", "attention"))
        self.assertEqual(picking.state, "done")
        self.assertEqual(len(picking.activity_ids), 1)
        self.assertEqual(self.logs(cause="return_cancelled").count, 1)
        self.happens("update", order, note="again")
        self.assertEqual(len(picking.activity_ids), 1, "said once")

    # Exchanges

    def exchanged(self, order, **options):
        self.happens("open_return", order, {self.skus[0]: 1}, exchange=[{"sku": self.skus[3], **options}])
        self.happens("receive_return", order)
        self.happens("process_return", order)

    def test_what_is_sent_instead_joins_the_order_and_what_came_back_is_credited(self):
        order = self.shipped()
        self.exchanged(order)
        sale = self.sale_order(order)
        new = order.lines[-1]
        self.assertEqual(self.still_to_deliver(order), {str(new.id): 1})
        line = sale.order_line.filtered(lambda one: one.shopify_line_id == str(new.id))
        self.assertEqual((line.product_uom_qty, line.qty_invoiced), (1, 1))
        note = self.credit_notes(order).filtered("shopify_refund_id")
        self.assertEqual(note.shopify_refund_id, f"return/{order.returns[0].id}")
        self.assertEqual(self.row(order).exchanged, 1)
        self.assert_cents(self.invoiced(order), self.shopify_total(order, "current_total_price"))
        self.assert_cents(self.residual(order), self.shopify_total(order, "due"))
        self.happens("fulfil", order)
        self.happens("close_return", order)
        self.assert_ends_right(order)

    def test_an_exchange_for_less_is_credited_once_and_the_difference_paid_back(self):
        order = self.shipped()
        self.exchanged(order, price="0.50")
        owed = -self.shopify_total(order, "due")
        self.assertGreater(owed, 0)
        self.happens("refund", order, amount=str(owed))
        self.assert_cents(self.paid(order, "outbound"), owed)
        self.assert_cents(self.residual(order), 0)
        self.assert_ends_right(order)

    def test_a_refund_that_tells_of_units_credited_before_is_not_credited_again(self):
        order = self.shipped()
        self.exchanged(order)
        self.happens("refund_return", order, amount="1.00")
        self.assertEqual(len(self.credit_notes(order).filtered("shopify_refund_id")), 1)
        self.assert_cents(self.paid(order, "outbound"), 1)

    def test_in_a_store_that_asks_both_halves_of_an_exchange_wait_for_a_person(self):
        self.instance.write({"change_policy": "ask", "refund_policy": "ask"})
        order = self.shipped()
        self.exchanged(order)
        sale = self.sale_order(order)
        self.assertEqual((sale.shopify_change_state, sale.shopify_refunds_to_confirm), ("to_confirm", True))
        self.assertIn(self.row(order).name, sale.shopify_refunds_text)
        self.assertFalse(self.credit_notes(order))
        self.assertEqual(self.units_back_in_odoo(order), 1, "goods are not asked")
        sale.action_shopify_apply_changes()
        sale.action_shopify_credit_refunds()
        self.assert_ends_right(order)

    def test_an_exchange_first_seen_when_it_is_over_ends_the_same(self):
        order = self.place()
        for event, options in (
            ("fulfil", {}),
            ("open_return", {"lines": {self.skus[0]: 1}, "exchange": [self.skus[3]]}),
            ("receive_return", {"disposition": "NOT_RESTOCKED"}),
            ("process_return", {}),
            ("fulfil", {}),
            ("close_return", {}),
        ):
            self.happens(event, order, sync=False, **options)
        self.sync()
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assertFalse(self.transfers(order))
        self.assert_ends_right(order)

    def test_money_that_names_no_items_credits_the_return(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("process_return", order)
        self.assertFalse(self.credit_notes(order))
        self.happens("refund", order, amount=str(-self.shopify_total(order, "due")))
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assert_cents(self.residual(order), 0)
        self.assert_ends_right(order)

    def test_a_product_invoiced_on_delivery_is_not_credited_for_a_return_alone(self):
        self.products.invoice_policy = "delivery"
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order)
        self.happens("process_return", order)
        self.assertFalse(self.credit_notes(order))
        self.happens("refund_return", order)
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assert_ends_right(order)

    # Reading

    def returns_read(self):
        return [one for one in self.sim.requests if one.operation in ("OrderReturns", "ReturnsOfOrder")]

    def test_returns_are_read_for_orders_that_have_any_and_together(self):
        orders = [self.place(fulfillment="fulfilled") for _number in range(3)]
        for order in orders[:2]:
            self.sim.store.open_return(order, {self.skus[0]: 1})
        self.sync()
        found = self.returns_read()
        self.assertTrue(found)
        self.assertEqual({len(one.variables["ids"]) for one in found}, {2})
        self.assertLess(max(one.requested for one in found), 1000)
        self.assertFalse(self.sale_order(orders[2]).shopify_return_ids)

    def test_an_order_with_many_returns_is_read_whole(self):
        self.patch(handler_order_returns, "PAGE", {"returns": 1, "lines": 1})
        order = self.place(fulfillment="fulfilled")
        for sku in (self.skus[0], self.skus[1]):
            self.sim.store.open_return(order, {sku: 1})
        self.sync()
        self.assertEqual(len(self.sale_order(order).shopify_return_ids), 2)

    def test_without_the_permission_the_order_comes_and_says_what_is_missing(self):
        scopes = list(self.sim.access.scopes)
        self.addCleanup(setattr, self.sim.access, "scopes", scopes)
        self.sim.access.scopes = [scope for scope in scopes if "returns" not in scope]
        self.instance._connect()
        missing = self.instance.scope_ids.filtered(lambda row: row.function == "returns")
        self.assertEqual((missing.works, missing.missing), (False, "read_returns"))
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1})
        self.happens("receive_return", order)
        self.happens("process_return", order)
        self.assertFalse(self.returns_read())
        self.assertEqual(self.sale_order(order).shopify_total_state, "ok")
        self.assertFalse(self.sale_order(order).shopify_return_ids)
        self.assertIn("read_returns", self.logs(cause="returns_hidden").message)
        self.sim.access.scopes = scopes
        self.instance._connect()
        self.happens("update", order, note="again")
        self.assertEqual(self.units_back_in_odoo(order), 1)
        self.assert_ends_right(order)

    # People

    def test_a_shopify_user_brings_returns_and_sees_them_a_stranger_does_not(self):
        user = self.make_user("returns_user", "shopify_sync.group_user", "stock.group_stock_user")
        order = self.shipped()
        self.later()
        self.sim.store.open_return(order, {self.skus[0]: 1})
        self.sim.store.receive_return(order)
        with self.own_cursor(user) as env:
            run = env["shopify.run.starter"]._start(
                self.instance.with_env(env), "order_by_id", {"tokens": str(order.id)}, "by_id"
            )
            self.assertEqual(run.state, "done")
        self.process()
        row = self.row(order).with_user(user)
        self.assertEqual((row.state, row.restocked), ("moved", 1))
        with self.assertRaises(AccessError):
            row.write({"state": "none"})
        stranger = self.make_user("returns_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["name"])

    def test_the_proof_of_the_day_is_complete_with_returns_and_exchanges(self):
        order = self.shipped()
        self.exchanged(order)
        self.happens("open_return", order, {self.skus[1]: 1})
        self.happens("receive_return", order)
        self.happens("process_return", order)
        run = self.run_operation("completeness")
        self.assertEqual(run.state, "done", run.message)
        proof = self.env["shopify.proof"].search([("instance_id", "=", self.instance.id), ("orders_shopify", ">", 0)])
        self.assertEqual(proof.state, "complete", proof.line_ids.mapped("reason"))
