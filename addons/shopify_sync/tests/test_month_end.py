"""The month end: what a month's orders, invoices, payments and refunds come to, and why they differ."""

import zipfile
from datetime import date, datetime, timezone
from io import BytesIO

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .browser_case import BrowserCase
from .common import ShopifyCase

NOVEMBER = date(2026, 11, 1)


@freeze_time("2026-11-29 12:00:00", tick=True)  # documents are dated today
class MonthCase(ShopifyCase):
    """A store whose clock stands in the middle of November."""

    sim_options = {"now": "2026-11-15T12:00:00+00:00"}
    store_values = {"refund_policy": "automatic"}

    def setUp(self):
        super().setUp()
        self.sim.clock.set(datetime(2026, 11, 15, 12, tzinfo=timezone.utc))

    def credit_by_hand(self, order, amount):
        """A credit note of the order's invoice that nobody made in Shopify."""
        invoice = order.invoice_ids
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": invoice.date})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.invoice_line_ids.price_unit = amount
        note.action_post()

    def count(self, instance=None, user=None, month=NOVEMBER):
        """The month of the store, counted."""
        model = self.env["shopify.month.end"].with_user(user or self.env.user)
        found = model.search([("instance_id", "=", (instance or self.instance).id), ("month", "=", month)])
        found = found or model.create({"instance_id": (instance or self.instance).id, "month": month})
        found.action_count()
        return found

    def link(self, month, name, currency="USD"):
        """A link of the chain: (total, settled, later, open) as text, None where it has no document."""
        for part in month.chain:
            if self.env["res.currency"].browse(part["currency_id"]).name == currency:
                for row in part["links"]:
                    if row["link"] == name:
                        return tuple(f"{float(row[key]):.2f}" for key in ("total", "settled", "later", "open"))
        return None

    def lines(self, month, **values):
        return month.line_ids.filtered(lambda line: all(line[name] == value for name, value in values.items()))

    def bring_priced(self, price="100.00", **options):
        """An order of one price without taxes and shipping, in Odoo."""
        lines = [{"sku": self.skus[0], "price": price}]
        return self.bring(**{"lines": lines, "taxes": [], "shipping": None, **options})

    def pay_into_bank(self, payment, day):
        """Money of a payment arrives in the bank."""
        outstanding = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type not in ("asset_receivable", "liability_payable")
        )
        journal = payment.journal_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": journal.default_account_id.id,
                            "debit": outstanding.debit,
                            "credit": outstanding.credit,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "account_id": outstanding.account_id.id,
                            "debit": outstanding.credit,
                            "credit": outstanding.debit,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        (outstanding + entry.line_ids.filtered(lambda line: line.account_id == outstanding.account_id)).reconcile()


@tagged("post_install", "-at_install")
class TestMonthEnd(MonthCase):
    def test_a_paid_order_is_invoiced_paid_and_in_transit(self):
        self.bring_priced()
        month = self.count()
        self.assertEqual(self.link(month, "order"), ("100.00", "100.00", "0.00", "0.00"))
        self.assertEqual(self.link(month, "invoice"), ("100.00", "100.00", "0.00", "0.00"))
        self.assertEqual(self.link(month, "payment"), ("100.00", "0.00", "0.00", "100.00"))
        self.assertEqual(month.line_ids.mapped("link"), ["payment"])

    def test_what_is_paid_out_in_the_month_is_settled_and_what_came_after_is_timing(self):
        first, second = self.bring_priced(), self.bring_priced("40.00")
        self.pay_into_bank(first.shopify_payment_ids.payment_id, date(2026, 11, 20))
        self.pay_into_bank(second.shopify_payment_ids.payment_id, date(2026, 12, 2))
        month = self.count()
        self.assertEqual(self.link(month, "payment"), ("140.00", "100.00", "40.00", "0.00"))
        line = self.lines(month, link="payment")
        self.assertEqual((line.reason, line.amount, line.explained), ("timing", 40.0, True))
        self.assertEqual(month.state, "explained")

    def test_a_payment_of_the_last_days_is_in_transit_and_one_of_weeks_ago_is_missing(self):
        self.bring_priced("10.00")
        self.sim.clock.set(datetime(2026, 11, 28, 12, tzinfo=timezone.utc))
        self.bring_priced("20.00")
        lines = self.lines(self.count(), link="payment")
        self.assertEqual(
            {line.amount: (line.reason, line.explained) for line in lines},
            {10.0: ("missing", False), 20.0: ("timing", True)},
        )

    def test_an_order_without_invoice_is_open_and_says_what_to_do(self):
        order = self.bring_priced(financial="pending", gateway="manual")
        month = self.count()
        self.assertEqual(self.link(month, "order"), ("100.00", "0.00", "0.00", "100.00"))
        line = self.lines(month, link="order")
        self.assertEqual((line.reason, line.explained), ("timing", True))
        order.write({"shopify_financial_status": "paid"})
        order.action_confirm()
        month.action_count()
        line = self.lines(month, link="order")
        self.assertEqual((line.reason, line.explained, month.state), ("missing", False, "open"))
        self.assertIn("invoice", line.advice)
        action = line.action_mend()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))

    def test_a_refund_is_credited_and_leaves_the_order_invoiced(self):
        order = self.place(lines=[{"sku": self.skus[0], "price": "30.00", "quantity": 2}], taxes=[], shipping=None)
        self.import_orders(order)
        self.sim.clock.advance(60)
        self.sim.store.refund(order, lines={self.skus[0]: 1}, restock=False)
        self.import_orders(order)
        month = self.count()
        self.assertEqual(self.link(month, "refund"), ("30.00", "30.00", "0.00", "0.00"))
        self.assertEqual(self.link(month, "order"), ("60.00", "60.00", "0.00", "0.00"))
        self.assertEqual(self.link(month, "invoice"), ("30.00", "30.00", "0.00", "0.00"))
        self.assertEqual(self.link(month, "payment"), ("30.00", "0.00", "0.00", "30.00"))

    def test_an_order_whose_payment_ran_out_waits_for_a_person_until_it_is_cancelled(self):
        order = self.place(financial="authorized")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        line = self.lines(self.count(), link="order")
        self.assertEqual((line.reason, line.explained), ("timing", True), "it may still be paid")
        for status in ("voided", "expired"):
            sale_order.shopify_financial_status = status
            line = self.lines(self.count(), link="order")
            self.assertEqual((line.reason, line.explained), ("missing", False), status)
            self.assertIn("cancel the order", line.advice)
        sale_order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertFalse(self.lines(self.count(), link="order"))

    def test_a_total_that_a_person_has_accepted_is_explained_by_the_reason_given(self):
        order = self.bring_priced()
        order.write({"shopify_total_state": "differs", "shopify_total_difference": 1})
        line = self.lines(self.count(), link="total")
        self.assertFalse(line.explained)
        order._shopify_accept_total("Rounded by the old till")
        line = self.lines(self.count(), link="total")
        self.assertEqual((line.reason, line.explained, line.note), ("manual", True, "Rounded by the old till"))

    def test_a_credit_note_by_hand_is_a_manual_change(self):
        order = self.bring_priced()
        self.credit_by_hand(order, 20)
        line = self.lines(self.count(), link="order")
        self.assertEqual((line.reason, line.amount, line.explained), ("manual", 20.0, False))

    def test_currencies_are_never_added(self):
        self.instance.currency_mode = "customer"
        self.bring_priced()
        abroad = self.bring_priced(currency="EUR")
        self.assertEqual(abroad.currency_id.name, "EUR")
        month = self.count()
        self.assertEqual(self.link(month, "order")[0], "100.00")
        self.assertEqual(self.link(month, "order", "EUR")[0], f"{abroad.amount_total:.2f}")
        self.assertEqual(len(month.chain), 2)

    def test_the_month_begins_and_ends_at_midnight_in_the_stores_time_zone(self):
        self.sim.clock.set(datetime(2026, 12, 1, 4, 30, tzinfo=timezone.utc))  # 30 November, 23:30 in New York
        self.bring_priced("10.00")
        self.sim.clock.set(datetime(2026, 12, 1, 5, 30, tzinfo=timezone.utc))
        self.bring_priced("20.00")
        self.assertEqual(self.instance.shop_tz, "America/New_York")
        self.assertEqual(self.link(self.count(), "order")[0], "10.00")
        self.assertEqual(self.link(self.count(month=date(2026, 12, 1)), "order")[0], "20.00")

    def test_what_was_explained_stays_explained_until_its_amount_changes(self):
        order = self.bring_priced(financial="pending", gateway="manual")
        order.write({"shopify_financial_status": "paid"})
        month = self.count()
        order.action_confirm()
        month.action_count()
        line = self.lines(month, link="order")
        line.write({"note": "Invoiced by the head office"})
        line.action_explain()
        month.action_count()
        self.assertEqual((line.explained, line.note), (True, "Invoiced by the head office"))
        order.order_line.filtered("shopify_line_id").price_unit = 110
        month.action_count()
        self.assertEqual((line.exists().explained, line.note), (False, False))

    def test_counting_twice_changes_nothing_and_what_agrees_now_leaves_the_list(self):
        order = self.bring_priced()
        month = self.count()
        before, lines = month.chain, month.line_ids
        month.action_count()
        self.assertEqual((month.chain, month.line_ids), (before, lines))
        self.pay_into_bank(order.shopify_payment_ids.payment_id, date(2026, 11, 20))
        month.action_count()
        self.assertEqual((month.line_ids.ids, month.state), ([], "complete"))

    def test_lines_of_a_payout_are_booked_to_be_configured_or_not_found(self):
        payout = self.env["shopify.payout"].create(
            {
                "instance_id": self.instance.id,
                "shopify_id": "95000000001",
                "date": "2026-11-10",
                "issued_at": "2026-11-10 05:00:00",
                "status": "paid",
                "payout_type": "deposit",
                "currency_id": self.env.ref("base.USD").id,
                "amount_net": 100.0,
                "lines_read": True,
                "line_ids": [
                    (0, 0, {**self.payout_line("CHARGE", 96.80, "1"), "state": "matched", "processed": True}),
                    (0, 0, {**self.payout_line("SHIPPING_LABEL", -7.85, "2"), "state": "to_configure"}),
                    (0, 0, {**self.payout_line("CHARGE", 10.0, "3"), "state": "not_found"}),
                ],
            }
        )
        month = self.count()
        self.assertEqual(self.link(month, "payout"), ("98.95", "96.80", "0.00", "2.15"))
        found = {(line.link, line.reason): line.amount for line in month.line_ids}
        self.assertEqual(
            found, {("payout", "fee"): -7.85, ("payout", "missing"): 10.0, ("payout_total", "missing"): 1.05}
        )
        account = self.lines(month, reason="fee").action_mend()
        self.assertEqual(
            (account["res_model"], account["context"]["default_transaction_type"]),
            ("shopify.payout.account", "SHIPPING_LABEL"),
        )
        waiting = self.lines(month, link="payout", reason="missing").action_mend()
        self.assertEqual(self.env[waiting["res_model"]].search(waiting["domain"]), payout.line_ids[1:])

    def payout_line(self, kind, net, ident):
        return {
            "instance_id": self.instance.id,
            "currency_id": self.env.ref("base.USD").id,
            "shopify_id": ident,
            "transaction_type": kind,
            "amount": net,
            "fee": 0.0,
            "net": net,
        }

    def test_test_orders_and_other_stores_are_left_out(self):
        self.bring_priced(test=True, gateway="bogus")
        month = self.count()
        self.assertEqual((month.chain or [], month.state), ([], "complete"))

    def test_counting_takes_the_same_number_of_queries_for_many_orders(self):
        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            month.action_count()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.bring_priced()
        month = self.count()
        self.bring_priced()
        few = queries()
        self.import_orders(*[self.place() for _one in range(8)])
        self.assertLessEqual(queries(), few + 2)

    def test_the_documents_of_a_link_and_its_differences_open(self):
        order = self.bring_priced()
        month = self.count()
        action = month.action_documents("order", self.env.ref("base.USD").id)
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), order)
        action = month.action_differences("payment", self.env.ref("base.USD").id)
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), month.line_ids)

    def test_a_month_is_kept_once_by_its_first_day(self):
        month = self.env["shopify.month.end"].create({"instance_id": self.instance.id, "month": "2026-11-17"})
        self.assertEqual((month.month, month.date_to), (NOVEMBER, date(2026, 11, 30)))
        self.assertEqual(month.state, "new")
        with self.assertRaises(UserError):
            month.action_export()


@tagged("post_install", "-at_install")
class TestMonthEndRoles(MonthCase):
    def test_an_accountant_without_a_shopify_role_counts_a_month(self):
        self.bring_priced()
        accountant = self.make_user("month_accountant", "base.group_user", "account.group_account_invoice")
        month = self.count(user=accountant)
        self.assertEqual(self.link(month, "order")[0], "100.00")
        month.line_ids.action_explain()
        self.assertEqual(month.state, "explained")

    def test_an_auditor_reads_and_changes_nothing(self):
        self.bring_priced()
        month = self.count()
        auditor = self.make_user("month_auditor", "base.group_user", "account.group_account_readonly")
        seen = month.with_user(auditor)
        self.assertTrue(seen.chain)
        self.assertTrue(seen._workbook())
        for change in (seen.action_count, seen.line_ids.action_explain):
            with self.assertRaises(AccessError):
                change()

    def test_a_seller_without_accounting_is_refused(self):
        month = self.count()
        seller = self.make_user("month_seller", "base.group_user", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            month.with_user(seller).read(["chain"])

    def test_a_month_of_another_company_is_not_seen(self):
        month = self.count()
        company = self.env["res.company"].create({"name": "Another"})
        accountant = self.make_user("month_other", "base.group_user", "account.group_account_invoice")
        accountant.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.env["shopify.month.end"].with_user(accountant).search([("id", "=", month.id)]))


@tagged("post_install", "-at_install")
class TestMonthEndPages(MonthCase, BrowserCase):
    def test_the_workbook_holds_the_chain_and_the_differences_as_text_and_numbers(self):
        self.bring_priced()
        month = self.count()
        month.line_ids.note = "=1+1"
        self.authenticate("admin", "admin")
        answer = self.url_open(month.action_export()["url"])
        self.assertEqual(answer.status_code, 200)
        with zipfile.ZipFile(BytesIO(answer.content)) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
            sheets = [etree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")) for number in (1, 2, 3)]
        self.assertIn("=1+1", texts)
        for sheet in sheets:
            self.assertFalse(sheet.xpath("//*[local-name()='f']"), "a note became a formula")
        numbers = [node.text for node in sheets[0].xpath("//*[local-name()='c'][not(@t)]/*[local-name()='v']")]
        self.assertIn("100", numbers)

    def test_the_workbook_is_not_given_to_strangers(self):
        month = self.count()
        url = f"/shopify_sync/month_end/{month.id}.xlsx"
        self.assertIn("/web/login", self.url_open(url).url)
        user = self.make_user("month_stranger", "base.group_user")
        user.password = "month_stranger"
        self.authenticate("month_stranger", "month_stranger")
        self.assertIn(self.url_open(url).status_code, (403, 404))

    def test_an_accountant_counts_the_month_and_explains_a_difference(self):
        self.bring_priced()
        self.env["shopify.month.end"].create({"instance_id": self.instance.id, "month": NOVEMBER})
        accountant = self.make_user("month_reader", "shopify_sync.group_user", "account.group_account_user")
        self.tour("shopify_month_end", accountant, "/odoo/action-shopify_sync.shopify_month_end_list_action")
        month = self.env["shopify.month.end"].search([("instance_id", "=", self.instance.id)])
        self.assertTrue(month.counted_at)
        self.assertTrue(all(month.line_ids.mapped("explained")))
