"""What Shopify Payments paid out is in the books, every charge, refund and fee in its place."""

from odoo.addons.shopify_sync.models import handler_payout, payout_runner
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .payout_case import PayoutCase


@tagged("post_install", "-at_install")
class TestPayouts(PayoutCase):
    def test_a_paid_payout_becomes_a_statement_and_closes_to_the_cent(self):
        order = self.bring()
        (made,) = self.pay_out()
        self.import_payouts()
        payout = self.payout(made)
        self.assertEqual((payout.state, payout.line_ids.state), ("draft", "matched"))
        self.assertEqual(payout.line_ids.payment_id, order.shopify_payment_ids.payment_id)
        self.book()
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assert_cents(payout.amount_net, made.net)
        self.assert_cents(sum(payout.statement_id.line_ids.mapped("amount")), 0)
        self.assert_cents(self.balance_of(self.instance.payout_journal_id.default_account_id), 0)
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), made.net)
        fee = made.transactions[0].fee
        self.assert_cents(self.balance_of(self.instance.payout_fee_account_id), fee)
        payment = order.shopify_payment_ids.payment_id
        self.assertTrue(payment.is_matched)
        self.assertTrue(all(payout.statement_id.line_ids.mapped("is_reconciled")))
        self.assert_books_balance()

    def test_a_payout_before_its_order_completes_by_itself_when_the_order_is_paid(self):
        order = self.place()
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual((payout.state, payout.line_ids.state), ("partly_generated", "not_found"))
        self.assertFalse(payout.skip_schedule)
        self.import_orders(order)
        self.book()
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assertTrue(self.sale_order(order).shopify_payment_ids.payment_id.is_matched)
        self.assert_books_balance()

    def test_a_second_run_changes_nothing(self):
        self.bring()
        self.pay_out()
        self.read_and_book()
        before = self.rows_of_books()
        self.read_and_book()
        self.assertEqual(before, self.rows_of_books())

    def test_an_unknown_type_waits_for_its_account_and_goes_on_when_it_is_saved(self):
        self.bring()
        self.account.add("MOON_TAX", "-3.50", beyond_schema=True)
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        line = payout.line_ids.filtered(lambda line: line.transaction_type == "MOON_TAX")
        self.assertEqual((line.state, line.type_label, payout.to_configure_count), ("to_configure", "Moon tax", 1))
        self.assertEqual(payout.state, "partly_generated")
        account = self.instance.payout_fee_account_id
        self.instance._start_schedules(["payout_process"])
        before = self.count_wakings()
        self.env["shopify.payout.account"].create(
            {"instance_id": self.instance.id, "transaction_type": "MOON_TAX", "account_id": account.id}
        )
        self.assertGreater(self.count_wakings(), before)
        self.book()
        self.assertEqual((payout.state, line.account_id), ("validated", account), payout.remains)

    def test_refunds_settle_the_payments_of_credit_notes(self):
        self.instance.refund_policy = "automatic"
        order = self.place()
        self.import_orders(order)
        self.sim.store.refund(order, {self.skus[0]: 1})
        self.import_orders(order)
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assertEqual(sorted(payout.line_ids.mapped("transaction_type")), ["CHARGE", "REFUND"])
        self.assertEqual(len(payout.line_ids.payment_id), 2)
        self.assertTrue(all(payout.line_ids.payment_id.mapped("is_matched")))
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), made.net)

    def test_a_failed_payout_is_reversed_and_its_money_comes_with_the_next(self):
        self.bring()
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.account.fail_payout(made)
        self.read_and_book()
        self.assertEqual((payout.status, payout.state), ("failed", "validated"))
        self.assertTrue(payout.reversal_id)
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), 0)
        self.assert_cents(self.balance_of(self.instance.payout_balance_account_id), made.net)
        (again,) = self.pay_out()
        self.read_and_book()
        self.assertEqual(self.payout(again).state, "validated", self.payout(again).remains)
        self.assert_cents(self.balance_of(self.instance.payout_balance_account_id), 0)
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), made.net)
        self.assert_books_balance()

    def test_a_payout_that_failed_before_it_was_booked_ends_the_same(self):
        self.bring()
        (made,) = self.pay_out()
        self.account.fail_payout(made)
        (again,) = self.pay_out()
        self.read_and_book()
        self.assertFalse(self.env["shopify.payout"].search([("state", "!=", "validated")]))
        self.assert_cents(self.balance_of(self.instance.payout_balance_account_id), 0)
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), again.net)

    def test_a_withdrawal_is_booked_with_its_sign(self):
        self.bring()
        self.account.add("CHARGEBACK_FEE", "-500.00")
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual((payout.payout_type, payout.state), ("withdrawal", "validated"))
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), made.net)

    def test_an_order_paid_elsewhere_is_left_alone(self):
        other = self.bring(gateway="manual")
        self.bring()
        self.pay_out()
        self.read_and_book()
        self.assertFalse(other.shopify_payment_ids.payment_id.filtered("is_matched"))
        self.assertFalse(self.env["shopify.payout.line"].search([("order_id", "=", other.id)]))

    def test_a_payment_registered_by_a_person_is_found_by_order_and_amount(self):
        self.env["shopify.sale.workflow"].search([]).register_payment = False
        order = self.bring()
        invoice = order.invoice_ids
        self.assertEqual(invoice.payment_state, "not_paid")
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({}).action_create_payments()
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assertTrue(payout.line_ids.payment_id)
        self.assertEqual(invoice.payment_state, "paid")

    def test_an_invoice_without_payment_is_settled_directly(self):
        self.env["shopify.sale.workflow"].search([]).register_payment = False
        order = self.bring()
        self.pay_out()
        self.read_and_book()
        payout = self.payout()
        self.assertEqual((payout.state, payout.line_ids.move_id), ("validated", order.invoice_ids), payout.remains)
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_fees_have_their_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "Input 20", "amount": 20, "type_tax_use": "purchase", "company_id": self.env.company.id}
        )
        row = self.instance.payout_account_ids.filtered(lambda row: row.transaction_type == "FEE")
        row.tax_id = tax
        self.bring()
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual(payout.state, "validated", payout.remains)
        items = payout.fee_statement_line_id.move_id.line_ids
        taxes = items.filtered("tax_line_id")
        self.assertEqual(taxes.tax_line_id, tax)
        self.assert_cents(sum(items.mapped("balance")), 0)
        base = items.filtered("tax_ids")
        self.assert_cents(base.balance + taxes.balance, made.transactions[0].fee)
        self.assert_cents(taxes.balance, round(float(made.transactions[0].fee) / 6, 2))

    def test_locked_books_set_the_payout_aside_and_name_the_lock(self):
        self.bring()
        (made,) = self.pay_out()
        self.import_payouts()
        payout = self.payout(made)
        self.env.company.hard_lock_date = False
        self.env.company.fiscalyear_lock_date = payout.date
        self.book()
        self.assertTrue(payout.skip_schedule)
        self.assertIn("locked", payout.problem)
        self.assertTrue(self.logs(cause="payout_set_aside", resolved=False))
        self.assertTrue(payout.activity_ids)
        self.env.company.fiscalyear_lock_date = False
        payout.action_resume()
        self.book()
        self.assertEqual(payout.state, "validated")
        self.assertFalse(self.logs(cause="payout_set_aside", resolved=False))
        self.assertFalse(payout.activity_ids)

    def test_reset_to_draft_leaves_no_trace_and_can_be_booked_again(self):
        order = self.bring()
        (made,) = self.pay_out()
        self.import_payouts()
        self.book(validate=False)
        payout = self.payout(made)
        self.assertEqual(payout.state, "processed")
        payout.action_reset()
        self.assertEqual((payout.state, bool(payout.statement_id)), ("draft", False))
        self.assert_cents(self.balance_of(self.instance.payout_transfer_account_id), 0)
        self.assertFalse(order.shopify_payment_ids.payment_id.is_matched)
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.book()
        self.assertEqual(payout.state, "validated", payout.remains)

    def test_many_transactions_go_in_batches(self):
        self.account.add_charges(30)
        self.bring()
        (made,) = self.pay_out()
        self.patch_batches(7)
        self.import_payouts()
        payout = self.payout(made)
        self.assertEqual(payout.line_count, 31)
        account = self.instance.payout_fee_account_id
        self.env["shopify.payout.account"].create(
            {"instance_id": self.instance.id, "transaction_type": "CHARGE", "account_id": account.id}
        )
        self.book()
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assertEqual(len(payout.statement_id.line_ids), 33)

    def test_a_transaction_is_booked_in_few_queries(self):
        count = 200
        self.account.add_charges(count)
        self.pay_out()
        self.import_payouts()
        self.env["shopify.payout.account"].create(
            {
                "instance_id": self.instance.id,
                "transaction_type": "CHARGE",
                "account_id": self.instance.payout_fee_account_id.id,
            }
        )
        before = self.cr.sql_log_count
        self.book()
        self.assertLess((self.cr.sql_log_count - before) / count, 6)
        self.assertEqual(self.payout().state, "validated", self.payout().remains)
        names = self.payout().statement_id.line_ids.mapped("name")
        self.assertEqual(len(set(names)), count + 2)

    def test_a_line_is_matched_by_hand(self):
        self.account.add_charges(1)
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual((payout.state, payout.line_ids.state), ("partly_generated", "not_found"))
        account = self.instance.payout_balance_account_id
        wizard = self.env["shopify.payout.match"].create(
            {"line_id": payout.line_ids.id, "kind": "account", "account_id": account.id}
        )
        self.press(wizard, "action_match")
        self.book()
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assert_cents(self.balance_of(account), -payout.line_ids.amount)

    def test_the_dialog_proposes_the_only_payment_of_the_amount_and_searches_the_others(self):
        self.account.add_charges(2)
        self.pay_out()
        self.import_payouts()
        first, second = self.payout().line_ids.sorted("amount")
        partner = self.env["res.partner"].create({"name": "Ada"})
        bank = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        values = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "journal_id": bank.id,
        }
        payments = self.env["account.payment"].create(
            [{**values, "amount": amount} for amount in (first.amount, second.amount, second.amount)]
        )
        payments.action_post()
        dialog = self.env["shopify.payout.match"].with_context(default_line_id=first.id)
        self.assertEqual(Form(dialog).payment_id, payments[0])
        other = self.env["shopify.payout.match"].create({"line_id": second.id})
        self.assertFalse(other.payment_id, "two payments have the amount: a person chooses")
        self.press(dialog.create({}), "action_match")
        self.assertEqual(first.payment_id, payments[0])
        names = {"company_id": other.company_id.id, "payment_type": other.payment_type}
        domain = safe_eval(other._fields["payment_id"].domain, names)
        self.assertEqual(
            self.env["account.payment"].search([*domain, ("partner_id", "=", partner.id)]), payments[2:] + payments[1]
        )

    def test_a_payment_reconciled_elsewhere_is_never_reconciled_twice(self):
        order = self.bring()
        (made,) = self.pay_out()
        self.import_payouts()
        payment = order.shopify_payment_ids.payment_id
        bank = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": payment.date,
                "amount": payment.amount,
                "payment_ref": "by hand",
                "counterpart_account_id": payment.outstanding_account_id.id,
            }
        )
        items = (line.move_id + payment.move_id).line_ids
        items.filtered(lambda item: item.account_id == payment.outstanding_account_id).reconcile()
        self.book()
        payout = self.payout(made)
        self.assertNotIn(payout.state, ("processed", "validated"))
        self.assertTrue(payout.line_ids.reason)
        self.assert_books_balance()

    def test_a_store_without_shopify_payments_says_so(self):
        self.account.active = False
        self.addCleanup(setattr, self.account, "active", True)
        run = self.import_payouts()
        self.assertIn("Shopify Payments is not active", run.message)

    def test_a_user_without_the_accounting_right_is_refused(self):
        self.bring()
        (made,) = self.pay_out()
        self.import_payouts()
        user = self.make_user("plain", "shopify_sync.group_user")
        accountant = self.make_user("books", "shopify_sync.group_user", "account.group_account_user")
        payout = self.payout(made)
        with self.assertRaises(AccessError):
            payout.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            payout.with_user(user).action_generate()
        with self.assertRaises(AccessError):
            payout.with_user(accountant).action_reset()
        self.press(payout, "action_generate", accountant)
        self.press(payout, "action_reconcile", accountant)
        self.press(payout, "action_validate", accountant)
        self.assertEqual(payout.state, "validated")
        with self.assertRaisesRegex(UserError, "stays in the books"):
            payout.action_reset()

    def test_a_payout_in_another_currency_than_the_books(self):
        currency = self.env.ref("base.EUR")
        currency.active = True
        company = self.env.company.currency_id
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": currency.id, "rate": 0.83, "company_id": self.env.company.id}
        )
        self.account.settle_in = {"EUR"}
        self.addCleanup(setattr, self.account, "settle_in", set())
        for amount in ("10.01", "20.02", "33.33"):
            self.account.add("RESERVED_FUNDS", amount, currency="EUR")
        self.account.add("RESERVED_FUNDS", "-3.37", "0.29", currency="EUR")
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual((payout.currency_id, payout.state), (currency, "validated"), payout.remains)
        lines = payout.statement_id.line_ids
        self.assertEqual(lines.foreign_currency_id, currency)
        self.assert_cents(sum(lines.mapped("amount_currency")), 0)
        self.assert_cents(company.round(sum(lines.mapped("amount"))), 0)
        self.assert_books_balance()

    def test_an_order_in_the_customers_currency_is_settled_whole(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": euro.id, "rate": 0.5, "company_id": self.env.company.id}
        )
        self.instance.currency_mode = "customer"
        order = self.bring(currency="EUR")
        self.assertEqual(order.currency_id, euro)
        (made,) = self.pay_out()
        self.read_and_book()
        payout = self.payout(made)
        self.assertEqual(payout.state, "validated", payout.remains)
        self.assertTrue(order.shopify_payment_ids.payment_id.is_matched)
        self.assert_books_balance()

    def test_the_store_is_ready_for_payouts_when_it_is_connected(self):
        self.assertFalse(self.instance.payout_problem)
        self.assertEqual(self.instance.payout_journal_id.type, "bank")
        self.instance.payout_journal_id = False
        self.assertIn("a payout journal", self.instance.payout_problem)

    # Helpers

    def patch_batches(self, size):
        self.patch(payout_runner, "BATCH", size)
        self.patch(handler_payout, "TRANSACTIONS", size)

    def count_wakings(self):
        """How often the job that books payouts is to be woken."""
        cron = self.instance.sudo()._schedule("payout_process")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
