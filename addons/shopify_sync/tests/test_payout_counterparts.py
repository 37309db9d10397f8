"""Money that goes and comes back within Shopify's balance: disputes, payouts that fail, orders cancelled before any invoice."""

from odoo.addons.shopify_sync.models import handler_payout
from odoo.tests import tagged

from .payout_case import PayoutCase

FEE = 15  # of a chargeback, in the simulator


@tagged("post_install", "-at_install")
class TestDisputes(PayoutCase):
    def disputed(self):
        """A paid order whose payment is disputed, booked: (sale order, dispute, payout that takes the money back)."""
        order = self.bring()
        self.pay_out()
        dispute = self.account.open_dispute(order.shopify_order_id)
        (made,) = self.pay_out()
        self.read_and_book()
        return order, dispute, made

    def test_a_dispute_is_listed_with_its_deadline_and_booked_as_its_money_moves(self):
        self.instance.payout_user_id = self.env.ref("base.user_admin")
        order, dispute, second = self.disputed()
        found = self.env["shopify.dispute"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual((found.order_id, found.status, found.kind), (order, "needs_response", "chargeback"))
        self.assertTrue(found.evidence_due)
        self.assertEqual(found.activity_ids.user_id, self.instance.payout_user_id)
        self.assertEqual(self.payout(second).state, "validated", self.payout(second).remains)
        self.assertEqual(self.payout(second).dispute_ids, found)
        self.assert_cents(found.amount_booked, -float(dispute.amount) - 15)
        self.account.close_dispute(dispute, "WON")
        self.pay_out()
        self.read_and_book()
        found.invalidate_recordset()
        self.assertEqual(found.status, "won")
        self.assertFalse(found.activity_ids)
        self.assert_cents(found.amount_booked, 0)

    def test_a_lost_dispute_costs_its_amount_and_its_fee_and_nothing_is_booked_again(self):
        order, dispute, second = self.disputed()
        self.account.send_evidence(dispute)
        self.account.close_dispute(dispute, "LOST")
        self.bring()
        self.pay_out()
        self.read_and_book()
        found = self.env["shopify.dispute"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual((found.status, bool(found.finalized_at), bool(found.evidence_sent_at)), ("lost", True, True))
        self.assertFalse(found.activity_ids)
        self.assert_cents(found.amount_booked, -float(dispute.amount) - FEE)
        self.assertEqual(sorted(found.line_ids.mapped("transaction_type")), ["CHARGEBACK_FEE", "DISPUTE_WITHDRAWAL"])
        self.assertEqual(found.line_ids.payout_id, self.payout(second))
        self.assert_cents(self.balance_of(self.instance.payout_dispute_account_id), dispute.amount)
        # the sale itself stays: its invoice is paid, and the payment settled by the first payout
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertTrue(order.shopify_payment_ids.payment_id.is_matched)
        self.assertFalse(self.env["shopify.payout"].search([("state", "!=", "validated")]))
        self.assert_books_balance()

    def test_a_won_dispute_gives_back_amount_and_fee(self):
        order = self.bring()
        self.pay_out()
        dispute = self.account.open_dispute(order.shopify_order_id)
        self.pay_out()
        self.account.close_dispute(dispute, "WON")
        (third,) = self.pay_out()
        self.read_and_book()
        found = self.env["shopify.dispute"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual(found.status, "won")
        self.assert_cents(found.amount_booked, 0)
        self.assert_cents(self.balance_of(self.instance.payout_dispute_account_id), 0)
        self.assertEqual(
            sorted(self.payout(third).line_ids.mapped("transaction_type")),
            ["CHARGEBACK_FEE_REFUND", "DISPUTE_REVERSAL"],
        )
        self.assert_books_balance()

    def test_an_inquiry_moves_no_money_until_it_becomes_a_chargeback(self):
        order = self.bring()
        self.pay_out()
        dispute = self.account.open_dispute(order.shopify_order_id, "INQUIRY")
        self.read_and_book()
        found = self.env["shopify.dispute"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual((found.kind, found.amount_booked), ("inquiry", 0))
        self.account.escalate_dispute(dispute)
        self.pay_out()
        self.read_and_book()
        found.invalidate_recordset()
        self.assertEqual(found.kind, "chargeback")
        self.assert_cents(found.amount_booked, -float(dispute.amount) - FEE)


@tagged("post_install", "-at_install")
class TestPayoutsThatComeBack(PayoutCase):
    def open_balance_items(self):
        """What is still open on the Shopify balance account."""
        self.env.flush_all()
        return self.env["account.move.line"].search(
            [
                ("account_id", "=", self.instance.payout_balance_account_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )

    def test_money_of_a_failed_payout_is_settled_with_the_one_that_pays_it_again(self):
        self.bring()
        (made,) = self.pay_out()
        self.read_and_book()
        self.account.fail_payout(made)
        self.read_and_book()
        self.assert_cents(self.open_balance_items().amount_residual, made.net)
        self.pay_out()
        self.read_and_book()
        again = self.env["shopify.payout.line"].search([("transaction_type", "=", "TRANSFER_FAILURE")])
        self.assertEqual(again.returned_ref, str(made.id))
        self.assertFalse(self.open_balance_items())
        self.assert_books_balance()

    def test_a_person_who_imports_looks_back_as_far_as_the_schedule_does(self):
        self.instance.import_order_after = "2020-01-01"
        self.bring()
        self.pay_out()
        self.import_payouts()
        dialog = self.env["shopify.operation"].create({"instance_id": self.instance.id, "operation": "payout"})
        self.assertEqual(dialog.date_from, self.payout().issued_at - handler_payout.LOOK_BACK)

    def test_also_when_it_was_paid_again_before_odoo_knew_of_the_failure(self):
        self.bring()
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.account.fail_payout(made)
        self.pay_out()
        self.import_payouts()
        payout.write({"status": "paid", "to_reverse": False, "ended_on": False})  # the news comes later
        self.book()
        self.assertTrue(self.open_balance_items())
        self.read_and_book()
        self.assertTrue(payout.reversal_id)
        self.assertFalse(self.open_balance_items())

    def test_of_two_that_failed_each_is_settled_with_its_own(self):
        failed = []
        for _one in range(2):
            self.account.add("RESERVED_FUNDS", "50.00")
            failed += self.pay_out()
        for made in reversed(failed):
            self.account.fail_payout(made)
        self.pay_out()
        self.read_and_book()
        again = self.env["shopify.payout.line"].search([("transaction_type", "=", "TRANSFER_FAILURE")])
        for line in again:
            failed = self.env["shopify.payout"].search([("shopify_id", "=", line.returned_ref)])
            mine = line.statement_line_id.move_id.line_ids.filtered("matched_debit_ids")
            self.assertEqual(
                mine.matched_debit_ids.debit_move_id.move_id,
                failed.reversal_id or failed.transfer_statement_line_id.move_id,
            )

    def test_a_payout_cancelled_before_it_was_sent_is_taken_back(self):
        self.bring()
        (made,) = self.pay_out(status="IN_TRANSIT")
        self.read_and_book()
        self.assertEqual((self.payout(made).status, self.payout(made).state), ("in_transit", "draft"))
        self.account.fail_payout(made, "CANCELED")
        self.pay_out()
        self.read_and_book()
        self.assertEqual((self.payout(made).status, self.payout(made).state), ("cancelled", "validated"))
        self.assertFalse(self.open_balance_items())
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), made.net)
        before = self.rows_of_books()
        self.read_and_book()
        self.assertEqual(before, self.rows_of_books())


@tagged("post_install", "-at_install")
class TestCancelledBeforeInvoice(PayoutCase):
    def test_sale_and_refund_of_an_order_that_was_never_invoiced_settle_each_other(self):
        order = self.place()
        self.pay_out()
        self.import_payouts()
        self.sim.store.cancel(order, refund=True)
        self.import_orders(order)
        self.assertEqual((self.sale_order(order).state, self.sale_order(order).invoice_ids.ids), ("cancel", []))
        self.book()
        first = self.env["shopify.payout"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual(first.state, "partly_generated", "its refund has not been paid yet")
        self.pay_out()
        self.read_and_book()
        payouts = self.env["shopify.payout"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual(payouts.mapped("state"), ["validated"] * 2, payouts.mapped("remains"))
        customer = self.sale_order(order).partner_invoice_id.commercial_partner_id
        self.assertEqual(payouts.line_ids.account_id, customer.property_account_receivable_id)
        items = payouts.line_ids.statement_line_id.move_id.line_ids.filtered(
            lambda item: item.account_id == customer.property_account_receivable_id
        )
        self.assertEqual((len(items), set(items.mapped("reconciled")), items.partner_id), (2, {True}, customer))
        self.assert_books_balance()

    def test_a_cancelled_order_of_which_something_was_kept_waits_for_a_person(self):
        order = self.place(lines=[(self.skus[0], 2)])
        self.sim.store.refund(order, amount="1.00")
        self.sim.store.cancel(order, refund=False)
        self.import_orders(order)
        self.pay_out()
        self.read_and_book()
        self.assertIn("not_found", self.payout().line_ids.mapped("state"))
