"""A month is closed: every reason of a difference leads to where it is mended, and an accountant gets from the import of the
payouts to a validated month."""

import zipfile
from datetime import datetime, timezone
from io import BytesIO

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .browser_case import ORDERS, BrowserCase
from .payout_case import PayoutCase
from .test_month_end import MonthCase


@freeze_time("2026-11-29 12:00:00", tick=True)
class CloseCase(MonthCase, PayoutCase):
    """Orders are placed in the middle of a month and paid out two days later."""

    def at(self, month, day):
        self.sim.clock.set(datetime(2026, month, day, 12, tzinfo=timezone.utc))


@tagged("post_install", "-at_install")
class TestReasons(CloseCase):
    def mend(self, month, link, reason):
        """What the button of the only such difference opens, and the difference."""
        line = self.lines(month, link=link, reason=reason)
        self.assertEqual(
            len(line), 1, f"{link} {reason} in {month.line_ids.mapped(lambda one: (one.link, one.reason))}"
        )
        self.assertTrue(line.advice)
        return line, line.action_mend()

    def assert_opens(self, action, records):
        self.assertEqual((action["res_model"], action.get("res_id")), (records._name, records.id))
        self.env[action["res_model"]].get_views(action["views"])

    def test_every_reason_has_its_line_and_its_button_opens_what_mends_it(self):
        self.at(11, 3)
        missing = self.bring_priced("10.00")  # paid weeks ago and never paid out
        waiting = self.bring_priced("20.00", financial="pending", gateway="manual")
        credited = self.bring_priced("30.00")
        abroad = self.bring_priced("40.00", financial="pending", gateway="manual")
        rounded = self.bring_priced("50.00")
        unknown = self.place(lines=[{"sku": self.skus[0], "price": "60.00"}], taxes=[], shipping=None)
        self.credit_by_hand(credited, 7)
        self.pay_in_euro(abroad)
        rounded.write({"shopify_total_difference": 0.01, "shopify_total_state": "rounded"})
        self.account.add("SHIPPING_LABEL", "-7.85")
        paid = [one for one in self.account.pending() if one.order_name in (unknown.name, None)]
        self.account.pay(paid, self.sim.clock.now(), "PAID")
        self.read_and_book()
        month = self.count()
        line, action = self.mend(month, "order", "timing")
        self.assertEqual((line.amount, line.explained), (20.0, True))
        self.assert_opens(action, waiting)
        line, action = self.mend(month, "order", "manual")
        self.assertEqual((line.amount, line.explained), (7.0, False))
        self.assert_opens(action, credited)
        line, action = self.mend(month, "total", "rounding")
        self.assertEqual((line.amount, line.explained), (0.01, True))
        self.assert_opens(action, rounded)
        line, action = self.mend(month, "invoice", "currency")
        self.assert_opens(action, abroad.invoice_ids)
        line, action = self.mend(month, "payout", "fee")
        self.assertEqual(line.amount, -7.85)
        self.assertEqual(action["res_model"], "shopify.payout.account")
        self.assertEqual(action["context"]["default_transaction_type"], "SHIPPING_LABEL")
        line, action = self.mend(month, "payout", "missing")
        waits = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(waits.filtered("source_order_name").source_order_name, unknown.name)
        self.assertFalse(any(waits.mapped("processed")))
        found = self.lines(month, link="payment", reason="missing", reference=missing.shopify_order_name)
        self.assert_opens(found.action_mend(), missing)
        self.assertEqual(
            set(month.line_ids.mapped("reason")), {"timing", "missing", "rounding", "fee", "currency", "manual"}
        )
        self.assert_sums_by_reason(month)

    def assert_sums_by_reason(self, month):
        """The page's sums, the lists behind them and the workbook agree."""
        (part,) = month.chain
        for row in part["reasons"]:
            action = month.action_differences(False, part["currency_id"], row["reason"])
            lines = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(lines), row["count"])
            self.assert_cents(sum(lines.mapped("amount")), row["amount"])
        with zipfile.ZipFile(BytesIO(month._workbook())) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
        for label in ("Timing", "Missing", "Rounding", "Fee", "Currency", "Manual change"):
            self.assertIn(f">{label}<", texts)

    def test_who_may_not_give_accounts_is_led_to_the_open_transactions(self):
        self.account.add("SHIPPING_LABEL", "-7.85")
        self.pay_out()
        self.read_and_book()
        line, _action = self.mend(self.count(), "payout", "fee")
        accountant = self.make_user("reason_accountant", "base.group_user", "account.group_account_user")
        action = line.with_user(accountant).action_mend()
        self.assertEqual(action["res_model"], "shopify.payout.line")
        bookkeeper = self.make_user("reason_bookkeeper", "base.group_user", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            line.with_user(bookkeeper).action_mend()

    def pay_in_euro(self, order):
        """An invoice of the order, a part of which is paid in another currency."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        order.write({"shopify_financial_status": "paid"})
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create(
            {"currency_id": euro.id, "amount": 3, "payment_difference_handling": "open"}
        ).action_create_payments()


@tagged("post_install", "-at_install")
class TestClosingInTheBrowser(CloseCase, BrowserCase):
    def setUp(self):
        super().setUp()
        self.env["shopify.sale.workflow"].search([]).force_accounting_date = True
        self.instance.import_order_after = "2026-01-01"
        self.at(10, 14)
        self.bring_priced()
        self.bring_priced("40.00")
        self.at(10, 16)
        self.pay_out()
        self.accountant = self.make_user("closer", "shopify_sync.group_user", "account.group_account_user")
        self.seller = self.make_user("no_closer", "shopify_sync.group_user")

    def test_an_accountant_goes_from_the_import_to_a_validated_month(self):
        self.tour("shopify_close_month", self.accountant, "/odoo/shopify-payouts")
        payout = self.env["shopify.payout"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual((payout.state, payout.difference), ("validated", 0))
        month = self.env["shopify.month.end"].search([("instance_id", "=", self.instance.id)])
        self.assertEqual((str(month.month), month.state), ("2026-10-01", "complete"))

    def test_a_seller_finds_no_payouts_and_may_not_book_one(self):
        self.import_payouts()
        payout = self.env["shopify.payout"].search([("instance_id", "=", self.instance.id)])
        self.tour("shopify_no_payouts", self.seller, ORDERS)
        for button in ("action_generate", "action_reconcile", "action_validate", "action_reset"):
            with self.assertRaises(AccessError):
                getattr(payout.with_user(self.seller), button)()
