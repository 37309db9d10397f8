"""A credit note made in Odoo is refunded in Shopify, exactly once, and is what the refund becomes in Odoo."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_out import OutgoingCase


@tagged("post_install", "-at_install")
class TestOutgoingRefund(OutgoingCase):
    def assert_recognised(self, order, sale_order, move):
        """One refund there, one credit note here, the same, paid back once."""
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual(self.credit_notes(sale_order), move)
        self.assertEqual(move.shopify_refund_id, str(refund.id))
        self.assertEqual(move.shopify_refund_state, "received")
        row = sale_order.shopify_refund_ids
        self.assertEqual((row.shopify_id, row.state, row.move_id), (str(refund.id), "credited", move))
        paid_back = sum(item.amount_set.shop for item in refund.transactions)
        self.assert_cents(move.amount_total, paid_back)
        self.assertEqual(move.payment_state, "paid")
        self.assert_cents(sum(sale_order.shopify_payment_ids.filtered("refund_id").mapped("amount")), paid_back)

    def test_a_shopify_user_refunds_a_credit_note_to_the_cent(self):
        order, sale_order, move = self.credited(shipping="4.90", taxes="US-NY", lines=[(self.skus[0], 3)])
        wizard = self.open_refund(move)
        self.assertEqual((wizard.line_ids.quantity, wizard.line_ids.left), (3, 3))
        self.assert_cents(wizard.shipping_amount, "4.90")
        self.assert_cents(wizard.total, self.shopify_total(order))
        self.assertIn("Shopify suggests", wizard.suggestion)
        wizard.note = "Arrived broken"
        self.press_refund(wizard)
        self.assertEqual((move.shopify_refund_state, self.line_of(move).state), ("sent", "done"))
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual(refund.note, f"Arrived broken [{move.name}]")
        self.assertFalse(refund.adjustments, "what is given back is what the items and the shipping are worth")
        self.assert_cents(self.shopify_total(order, "net_payment"), 0)
        self.import_orders(order)
        self.assert_recognised(order, sale_order, move)

    def test_the_refund_that_comes_back_before_our_answer_is_written_is_recognised(self):
        order, sale_order, move = self.credited()
        self.sim.faults.add("lost", "RefundCreate", times=None)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        self.assertEqual((line.state, line.maybe_done, move.shopify_refund_state), ("draft", True, "to_send"))
        self.assertEqual(len(self.refunds_at_shopify(order)), 1)
        self.import_orders(order)
        self.assertEqual(line.state, "done", "nothing is sent any more")
        self.assert_recognised(order, sale_order, move)
        asked = self.sent("RefundCreate")
        self.make_due(line)
        self.send()
        self.assertEqual(self.sent("RefundCreate"), asked)

    def test_an_answer_that_was_lost_refunds_once(self):
        order, sale_order, move = self.credited()
        self.sim.faults.add("lost", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        key = line.idempotency_key
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.make_due(line)
        self.send()
        self.assertEqual((line.state, move.shopify_refund_state), ("done", "sent"))
        self.assertEqual({request.variables["key"] for request in self.requests("RefundCreate")}, {key})
        self.import_orders(order)
        self.assert_recognised(order, sale_order, move)

    def test_a_request_that_never_arrived_is_sent_again_with_the_same_key(self):
        order, sale_order, move = self.credited()
        self.sim.faults.add("reset", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        self.assertFalse(self.refunds_at_shopify(order))
        self.make_due(line)
        self.send()
        self.assertEqual(line.state, "done")
        keys = [request.variables.get("key") for request in self.requests("RefundCreate") if request.variables]
        self.assertEqual(keys, [line.idempotency_key])
        self.import_orders(order)
        self.assert_recognised(order, sale_order, move)

    def test_a_worker_that_died_after_sending_does_not_refund_twice(self):
        order, _sale_order, move = self.credited()
        self.refund_in_shopify(move)
        line = self.line_of(move)
        # as if the worker had died before it could write the answer
        move.write({"shopify_refund_id": False, "shopify_refund_state": "to_send"})
        self.env["shopify.order.refund"].search([("move_id", "=", move.id)]).unlink()
        line.write({"state": "draft", "maybe_done": True})
        self.send()
        self.assertEqual((line.state, len(self.refunds_at_shopify(order))), ("done", 1))
        self.assertEqual(move.shopify_refund_id, str(self.refunds_at_shopify(order)[0].id))
        self.assertEqual(self.sent("RefundCreate"), 1, "a look shows that the refund is there")

    def test_a_line_in_another_workers_hands_is_not_sent_until_its_lease_ends(self):
        _order, _sale_order, move = self.credited()
        self.sim.faults.add("reset", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        self.make_due(line)
        taken, _before = self.env["shopify.queue.line"]._take(self.instance, ("refund",))
        self.assertEqual(taken, line)
        asked = self.sent("RefundCreate")
        self.send()
        self.assertEqual(self.sent("RefundCreate"), asked)
        with self.assertRaisesRegex(UserError, "being sent right now"):
            line._set_cancelled("No")

    def test_more_than_is_left_is_refused_before_anything_is_sent(self):
        _order, _sale_order, move = self.credited(
            payments=[{"gateway": "gift_card", "amount": "5.00"}, {"gateway": "shopify_payments"}]
        )
        wizard = self.open_refund(move)
        self.assertEqual(len(wizard.payment_ids), 2)
        wizard.note = "Too much"
        card = wizard.payment_ids.filtered(lambda one: one.gateway == "gift_card")
        card.amount = 5.01
        with self.assertRaisesRegex(UserError, "up to .*5.00"):
            self.press_refund(wizard)
        card.amount = 5
        wizard.line_ids.quantity = 2
        with self.assertRaisesRegex(UserError, "between 0 and 1"):
            self.press_refund(wizard)
        self.assertEqual(self.sent("RefundCreate"), 0)
        self.assertFalse(self.line_of(move))

    def test_each_payment_gives_back_what_was_chosen(self):
        order, sale_order, move = self.credited(
            payments=[{"gateway": "gift_card", "amount": "5.00"}, {"gateway": "shopify_payments"}]
        )
        self.refund_in_shopify(move)
        (refund,) = self.refunds_at_shopify(order)
        given = {item.gateway: item.amount_set.shop for item in refund.transactions}
        self.assert_cents(given["gift_card"], "5.00")
        self.import_orders(order)
        self.assert_recognised(order, sale_order, move)

    def test_what_shopify_refuses_is_shown_and_needs_a_new_key(self):
        order, sale_order, move = self.credited()
        wizard = self.open_refund(move)
        wizard.note = "Late"
        self.sim.store.refund(order, "all", note="By somebody in Shopify")
        self.press_refund(wizard)
        line = self.line_of(move)
        self.assertEqual((line.state, line.failure_kind, move.shopify_refund_state), ("failed", "refused", "failed"))
        self.assertIn("cannot refund more items than were purchased", line.message)
        log = self.logs(queue_line_id=line.id)
        self.assertEqual((log.fix_action, log.res_model, log.res_id), ("credit_note", "account.move", move.id))
        self.assertFalse(line.idempotency_key)
        self.assertEqual(len(self.refunds_at_shopify(order)), 1)
        self.import_orders(order)
        self.assertNotEqual(
            sale_order.shopify_refund_ids.move_id, move, "the refund of somebody else is another credit note"
        )

    def test_restocking_needs_a_location_and_returns_the_goods_in_odoo(self):
        order, sale_order, move = self.credited(fulfillment="fulfilled")
        self.assertEqual(sum(sale_order.order_line.mapped("qty_delivered")), 1)
        wizard = self.open_refund(move)
        wizard.note = "Returned"
        line = wizard.line_ids
        line.write({"restock_type": "RETURN", "location_id": False})
        with self.assertRaisesRegex(UserError, "choose the location"):
            self.press_refund(wizard)
        line.location_id = self.instance.location_ids.filtered(lambda one: one.kind == "merchant")[:1]
        self.press_refund(wizard)
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual(refund.lines[0].restock_type, "RETURN")
        self.assertEqual(str(refund.lines[0].location.id), line.location_id.shopify_id)
        self.import_orders(order)
        self.assert_recognised(order, sale_order, move)
        returns = sale_order.shopify_refund_ids.picking_ids
        self.assertEqual(len(returns), 1)
        self.import_orders(order)
        self.assertEqual(sale_order.shopify_refund_ids.picking_ids, returns)

    def test_units_that_were_not_shipped_leave_the_open_delivery(self):
        order, sale_order, move = self.credited(lines=[(self.skus[0], 2)])
        wizard = self.open_refund(move)
        wizard.write({"note": "Not any more"})
        wizard.line_ids.restock_type = "CANCEL"
        self.press_refund(wizard)
        self.import_orders(order)
        open_moves = sale_order.picking_ids.move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        self.assertFalse(open_moves)
        self.assert_recognised(order, sale_order, move)

    def test_shipped_units_cannot_be_restocked_as_cancelled(self):
        _order, _sale_order, move = self.credited(fulfillment="fulfilled")
        wizard = self.open_refund(move)
        wizard.note = "Wrong"
        wizard.line_ids.restock_type = "CANCEL"
        with self.assertRaisesRegex(UserError, "only 0 units are not shipped"):
            self.press_refund(wizard)

    def test_the_reason_is_required(self):
        _order, _sale_order, move = self.credited()
        with self.assertRaisesRegex(UserError, "reason"):
            self.refund_in_shopify(move, note="  ")
        self.assertFalse(self.line_of(move))

    def test_a_credit_note_that_is_a_draft_or_of_shopify_is_refused(self):
        order = self.place()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        draft = sale_order.invoice_ids._reverse_moves([{}])
        with self.assertRaisesRegex(UserError, "Confirm the credit note"):
            self.open_refund(draft)
        draft.unlink()
        self.sim.store.refund(order, "all")
        self.import_orders(order)
        (credit,) = self.credit_notes(sale_order)
        self.assertEqual(credit.shopify_refund_state, "received")
        with self.assertRaisesRegex(UserError, "refunded in Shopify already"):
            self.open_refund(credit)

    def test_someone_outside_shopify_cannot_refund_there(self):
        order, _sale_order, move = self.credited()
        with self.assertRaises(AccessError):
            self.open_refund(move, self.outsider)
        with self.assertRaises(AccessError), self.own_cursor(self.outsider) as env:
            env["shopify.refund"].create({"move_id": move.id, "currency_id": move.currency_id.id})
        self.assertFalse(self.refunds_at_shopify(order))

    def test_a_neutralised_copy_refunds_nothing(self):
        order, _sale_order, move = self.credited()
        wizard = self.open_refund(move)
        wizard.note = "Copy"
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        with self.assertRaisesRegex(UserError, "neutralised copy"):
            self.press_refund(wizard)
        self.assertFalse(self.refunds_at_shopify(order))
        self.assertEqual(self.sent("RefundCreate"), 0)

    def test_a_missing_permission_is_named(self):
        _order, _sale_order, move = self.credited()
        self.sim.access.scopes = [scope for scope in self.sim.access.scopes if scope != "write_orders"]
        self.instance._read_shop()
        with self.assertRaisesRegex(UserError, "write_orders"):
            self.open_refund(move)

    def test_shopify_that_cannot_be_asked_opens_no_dialog_and_says_why(self):
        _order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundableOrder", times=None)
        with self.assertRaisesRegex(UserError, "fault of its own"):
            self.open_refund(move)

    def test_one_refund_of_an_order_is_on_its_way_at_a_time(self):
        order = self.place(lines=[(self.skus[0], 2)])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        first, second = self.credit(sale_order), self.credit(sale_order)
        self.sim.faults.add("status", "RefundCreate", times=None)
        self.refund_in_shopify(first)
        with self.assertRaisesRegex(UserError, "on its way"):
            self.refund_in_shopify(first)
        self.sim.faults.clear()
        wizard = self.open_refund(second)
        wizard.note = "Second"
        wizard.payment_ids.write({"amount": 0.01, "chosen": True, "remaining": 1})
        wizard.line_ids.quantity = 0
        with self.assertRaisesRegex(UserError, "on its way"):
            self.press_refund(wizard)

    def test_a_part_of_the_units_is_refunded_at_their_worth(self):
        order = self.place(lines=[(self.skus[0], 3)], taxes="US-NY", discounts=[{"code": "SAVE10", "percentage": 10}])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        wizard_of = self.open_refund(self.credit(sale_order))
        wizard_of.line_ids.quantity = 1
        wizard_of.shipping_amount = 0
        with self.own_cursor(self.user) as env:
            wizard_of.with_env(env).action_take_suggestion()
        wizard_of.note = "One of three"
        self.assertTrue(0 < wizard_of.total < wizard_of.move_total)
        self.assert_cents(wizard_of.difference, wizard_of.move_total - wizard_of.total)
        self.press_refund(wizard_of)
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual(refund.lines[0].quantity, 1)
        self.assertFalse(refund.adjustments)
        self.import_orders(order)
        self.assertEqual(self.logs(cause="refund_other_amount").severity, "warning")

    def test_a_credit_note_paid_back_by_hand_is_not_paid_back_again(self):
        order, _sale_order, move = self.credited()
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({})._create_payments()
        before = self.env["account.payment"].search_count([])
        self.refund_in_shopify(move)
        self.import_orders(order)
        self.assertEqual(self.env["account.payment"].search_count([]), before)
        self.assertEqual(move.shopify_refund_state, "received")

    def test_nothing_is_to_be_paid_by_hand_while_shopify_pays_back(self):
        order, _sale_order, move = self.credited()
        self.assertFalse(move.shopify_payment_comes, "it may be paid back in Odoo alone")
        self.refund_in_shopify(move)
        self.assertEqual((move.shopify_refund_state, move.payment_state), ("sent", "not_paid"))
        self.assertTrue(move.shopify_payment_comes)
        self.instance.refund_register_payment = False
        move.invalidate_recordset(["shopify_payment_comes"])
        self.assertFalse(move.shopify_payment_comes, "a person records it")
        self.instance.refund_register_payment = True
        self.import_orders(order)
        self.assertEqual(move.payment_state, "paid")
        self.assertFalse(move.shopify_payment_comes)

    def test_what_was_sent_stays_posted(self):
        _order, _sale_order, move = self.credited()
        self.refund_in_shopify(move)
        with self.assertRaisesRegex(UserError, "cannot be set back to draft"):
            move.button_draft()

    def requests(self, operation):
        return [request for request in self.sim.requests if request.operation == operation]
