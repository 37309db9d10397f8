"""The money of a cancellation: one refund in Shopify, one credit note in Odoo, whichever is seen first."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_out import OutgoingCase


@tagged("post_install", "-at_install")
class TestOutgoingCancelMoney(OutgoingCase):
    def part_paid(self):
        """As `cancelled`, invoiced and paid with 10.00 only."""
        statuses = self.env["shopify.financial.status"].search([("instance_id", "=", self.instance.id)])
        as_paid = statuses.filtered(lambda one: one.financial_status == "paid" and one.workflow_id.register_payment)
        statuses.filtered(lambda one: one.financial_status == "partially_paid").workflow_id = as_paid[:1].workflow_id
        return self.cancelled(financial="partially_paid", paid="10.00")

    def end_job(self, sale_order):
        self.make_due(self.line_of(sale_order))
        self.follow()

    def assert_one_credit_note(self, order, sale_order):
        """The books hold one credit note, it is Shopify's refund, and nothing is owed."""
        (credit,) = self.credit_notes(sale_order)
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual((credit.shopify_refund_id, credit.shopify_refund_state), (str(refund.id), "received"))
        self.assertEqual(credit.payment_state, "paid")
        self.assertEqual(set(sale_order.invoice_ids.mapped("amount_residual")), {0.0})
        self.assertFalse(self.logs(cause="refund_other_amount"))
        return credit

    # Whichever comes first

    def test_the_credit_note_is_made_with_the_chosen_journal_and_date(self):
        order, sale_order = self.cancelled(shipping="4.90", taxes="US-NY")
        journal = sale_order.invoice_ids.journal_id.copy({"code": "CXL", "name": "Cancelled"})
        day = fields.Date.today() - timedelta(days=1)
        self.cancel_in_shopify(sale_order, create_credit_note=True, journal_id=journal.id, date=day)
        self.end_job(sale_order)
        self.import_orders(order)
        credit = self.assert_one_credit_note(order, sale_order)
        self.assertEqual((credit.journal_id, credit.date, credit.invoice_date), (journal, day, day))

    def test_the_catch_up_may_see_it_before_the_job_is_looked_at(self):
        order, sale_order = self.cancelled()
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.import_orders(order)
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assert_one_credit_note(order, sale_order)
        self.end_job(sale_order)
        self.assert_one_credit_note(order, sale_order)

    def test_the_refund_may_be_seen_before_the_cancellation(self):
        order, sale_order = self.cancelled()
        self.sim.store.jobs.held = True
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.sim.store.refund(order, "all", shipping=True)
        self.import_orders(order)
        self.assert_one_credit_note(order, sale_order)
        self.sim.store.jobs.held = False
        self.end_job(sale_order)
        self.import_orders(order)
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assertEqual(len(self.credit_notes(sale_order)), 1)

    def test_a_refund_made_although_the_job_failed_is_the_credit_note(self):
        order, sale_order = self.cancelled()
        self.sim.store.jobs.fail_next()
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.end_job(sale_order)
        credit = self.credit_notes(sale_order)
        self.assertEqual(credit.shopify_refund_state, "failed", "nothing is sent by itself any more")
        self.sim.store.refund(order, "all", shipping=True)
        self.import_orders(order)
        self.assertEqual(self.assert_one_credit_note(order, sale_order), credit)

    def test_of_two_refunds_the_one_over_its_money_is_the_credit_note(self):
        order, sale_order = self.cancelled(lines=[(self.skus[0], 3)])
        self.sim.store.refund(order, {self.skus[0]: 1}, note="By somebody else")
        self.import_orders(order)
        self.assertEqual(len(self.credit_notes(sale_order)), 1)
        by_hand = self.credit(sale_order)
        rest = by_hand.amount_total - self.credit_notes(sale_order).filtered("shopify_refund_id").amount_total
        by_hand.button_draft()
        by_hand.invoice_line_ids.filtered("product_id")[:1].quantity = 2
        by_hand.action_post()
        self.assert_cents(by_hand.amount_total, rest)
        self.cancel_in_shopify(sale_order)
        self.end_job(sale_order)
        self.import_orders(order)
        refund = max(self.refunds_at_shopify(order), key=lambda one: one.id)
        self.assertEqual(by_hand.shopify_refund_id, str(refund.id))
        self.assertEqual(len(self.credit_notes(sale_order)), 2)

    def test_an_order_paid_in_part_gets_back_what_it_paid_without_a_warning(self):
        order, sale_order = self.part_paid()
        self.assertEqual(sale_order.invoice_ids.payment_state, "partial")
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.end_job(sale_order)
        self.import_orders(order)
        credit = self.assert_one_credit_note(order, sale_order)
        self.assert_cents(self.refunds_at_shopify(order)[0].transactions[0].amount_set.shop, "10.00")
        self.assertGreater(credit.amount_total, 10)

    def test_a_refund_of_other_money_than_its_credit_note_is_a_warning(self):
        order, sale_order = self.cancelled()
        self.sim.store.jobs.fail_next()
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.end_job(sale_order)
        self.sim.store.refund(order, "all", amount="1.00")
        self.cancel_in_shopify(sale_order)
        self.end_job(sale_order)
        self.import_orders(order)
        self.assertEqual(self.logs(cause="refund_other_amount").severity, "warning")

    def test_an_answer_lost_for_hours_still_leads_to_one_credit_note(self):
        order, sale_order = self.part_paid()
        self.sim.faults.add("lost", "OrderCancel")
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        line = self.line_of(sale_order)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        line.sent_at += timedelta(hours=12)  # the last of its attempts, which only saw that it was done
        self.import_orders(order)
        self.assert_one_credit_note(order, sale_order)

    # A credit note that is there already

    def test_a_credit_note_made_by_hand_before_is_what_the_refund_becomes(self):
        order, sale_order = self.cancelled(shipping="4.90")
        by_hand = self.credit(sale_order)
        wizard = self.env["shopify.cancel"].create({"order_id": sale_order.id})
        self.assertEqual(wizard.credit_note_id, by_hand)
        self.cancel_in_shopify(sale_order)
        self.assertEqual(by_hand.shopify_refund_state, "to_send")
        self.end_job(sale_order)
        self.import_orders(order)
        self.assertEqual(self.assert_one_credit_note(order, sale_order), by_hand)

    def test_a_credit_note_over_a_part_is_refunded_first(self):
        order, sale_order = self.cancelled(lines=[(self.skus[0], 3)])
        part = self.credit(sale_order)
        part.button_draft()
        part.invoice_line_ids.filtered("product_id")[:1].quantity = 1
        part.action_post()
        with self.assertRaisesRegex(UserError, "Use Refund in Shopify there first"):
            self.cancel_in_shopify(sale_order)
        self.assertFalse(self.line_of(sale_order))
        self.refund_in_shopify(part)
        self.import_orders(order)
        self.cancel_in_shopify(sale_order)
        self.end_job(sale_order)
        self.import_orders(order)
        both = self.credit_notes(sale_order)
        self.assertEqual(len(both), 2)
        self.assert_cents(sum(both.mapped("amount_total")), self.shopify_total(order))
        self.assertEqual(set(both.mapped("payment_state")), {"paid"})

    def test_without_refund_a_credit_note_by_hand_stays_as_it_is(self):
        order, sale_order = self.cancelled()
        by_hand = self.credit(sale_order)
        self.cancel_in_shopify(sale_order, refund_method="none")
        self.end_job(sale_order)
        self.import_orders(order)
        self.assertEqual(self.credit_notes(sale_order), by_hand)
        self.assertEqual(by_hand.shopify_refund_state, "none")

    def test_a_refund_that_waits_for_a_person_is_settled_before_a_credit_note_is_made(self):
        self.instance.refund_policy = "ask"
        order, sale_order = self.cancelled(lines=[(self.skus[0], 3)])
        self.sim.store.refund(order, {self.skus[0]: 1})
        self.import_orders(order)
        with self.assertRaisesRegex(UserError, "Settle it on the order"):
            self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.assertFalse(self.credit_notes(sale_order))

    # Nothing crosses

    def test_no_cancellation_while_a_refund_is_on_its_way_and_none_the_other_way_round(self):
        order, sale_order = self.cancelled()
        move = self.credit(sale_order)
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        with self.assertRaisesRegex(UserError, "on its way to Shopify"):
            self.cancel_in_shopify(sale_order)
        self.line_of(move)._set_cancelled("By hand")
        self.sim.store.jobs.held = True
        self.cancel_in_shopify(sale_order, refund_method="none")
        with self.assertRaisesRegex(UserError, "on its way to Shopify"):
            self.open_refund(move)
        self.assertFalse(self.refunds_at_shopify(order))

    def test_a_credit_note_whose_refund_may_have_been_made_is_not_changed(self):
        _order, sale_order = self.cancelled()
        move = self.credit(sale_order)
        self.sim.faults.add("status_after", "RefundCreate", times=None)
        self.sim.faults.add("status", "RefundableOrder", times=None, after=1)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        for _attempt in range(6):
            self.make_due(line)
            self.send()
        self.assertEqual((line.state, move.shopify_refund_state), ("failed", "failed"))
        with self.assertRaisesRegex(UserError, "may have reached it"):
            move.with_user(self.outsider).button_draft()

    # Store credit

    def test_store_credit_of_a_cancellation_with_its_last_day(self):
        order, sale_order = self.cancelled(customer={"first_name": "Ada", "email": "ada@example.com"})
        day = fields.Date.today() + timedelta(days=30)
        self.cancel_in_shopify(
            sale_order, refund_method="store_credit", store_credit_expires=day, create_credit_note=True
        )
        asked = [one for one in self.sim.requests if one.operation == "OrderCancel"][-1].variables["refundMethod"]
        self.assertEqual(asked["storeCreditRefund"]["expiresAt"], self.instance._store_credit_end(day))
        self.end_job(sale_order)
        self.import_orders(order)
        self.assert_one_credit_note(order, sale_order)

    def test_store_credit_for_a_company_or_ended_is_refused_before_anything_is_sent(self):
        _order, sale_order = self.cancelled(company=True)
        with self.assertRaisesRegex(UserError, "orders of companies"):
            self.cancel_in_shopify(sale_order, refund_method="store_credit")
        _order, sale_order = self.cancelled(customer={"first_name": "Ada", "email": "ada@example.com"})
        late = fields.Date.today() - timedelta(days=2)
        with self.assertRaisesRegex(UserError, "the day is over"):
            self.cancel_in_shopify(sale_order, refund_method="store_credit", store_credit_expires=late)
        self.assertEqual(self.sent("OrderCancel"), 0)

    def test_someone_outside_shopify_makes_no_credit_note_by_the_dialog(self):
        _order, sale_order = self.cancelled()
        with self.assertRaises(AccessError), self.own_cursor(self.outsider) as env:
            wizard = env["shopify.cancel"].create({"order_id": sale_order.id, "create_credit_note": True})
            wizard.action_cancel()
        self.assertFalse(self.credit_notes(sale_order))
