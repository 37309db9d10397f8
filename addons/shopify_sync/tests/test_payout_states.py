"""A payout says how far it is, what remains, and is validated only when it is whole."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .payout_case import PayoutCase


@tagged("post_install", "-at_install")
class TestPayoutStates(PayoutCase):
    def test_the_states_tell_what_remains(self):
        self.bring()
        late = self.place()
        (made,) = self.pay_out()
        self.import_payouts()
        payout = self.payout(made)
        self.press(payout, "action_generate")
        self.assertEqual(payout.state, "partly_generated")
        self.assertIn("not in Odoo yet: 1", payout.remains)
        self.import_orders(late)
        self.press(payout, "action_generate")
        self.assertEqual(payout.state, "generated")
        self.assertFalse(any(payout.line_ids.statement_line_id.mapped("is_reconciled")))
        with self.assertRaisesRegex(UserError, "cannot be validated yet"):
            payout.action_validate()
        self.press(payout, "action_reconcile")
        self.assertEqual(payout.state, "processed", payout.remains)
        payout.action_validate()
        self.assertEqual((payout.state, payout.remains), ("validated", False))

    def test_whether_the_lines_add_up_is_not_judged_before_shopify_has_paid(self):
        self.bring()
        (made,) = self.pay_out(status="SCHEDULED")
        self.import_payouts()
        payout = self.payout(made)
        with self.assertRaisesRegex(UserError, "has not paid it yet"):
            payout.action_validate()
        self.account.settle(made, "IN_TRANSIT")
        self.import_payouts()
        self.assertTrue(payout.lines_read)
        payout.amount_net += 0.01
        self.assertEqual(len(payout.remains.splitlines()), 2, payout.remains)
        self.assertNotIn("add up", payout.remains)
        payout.status = "paid"
        self.assertIn("do not add up to the payout", payout.remains)

    def test_validation_is_refused_unless_the_lines_sum_to_the_payout(self):
        self.bring()
        (made,) = self.pay_out()
        self.import_payouts()
        payout = self.payout(made)
        payout.amount_net += 0.01
        self.book()
        self.assertEqual(payout.state, "processed")
        self.assert_cents(payout.difference, 0.01)
        with self.assertRaisesRegex(UserError, "The difference is"):
            payout.action_validate()
        self.press(payout, "action_get_again")
        self.assert_cents(payout.difference, 0)
