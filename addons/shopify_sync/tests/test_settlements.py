"""Settlement files of other gateways become payouts, once."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .payout_case import PayoutCase

HEAD = "automatic_payout_id,balance_transaction_id,created,reporting_category,currency,gross,fee,net,description\n"


@tagged("post_install", "-at_install")
class TestSettlements(PayoutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.env["shopify.payment.gateway"]._ensure(cls.instance, ["paypal"])["paypal"]
        form = Form(cls.env["shopify.settlement.map"])
        form.instance_id = cls.instance
        form.gateway_id = cls.gateway
        form.preset = "stripe"
        cls.map = form.save()
        cls.accountant = cls.make_user("settlement_accountant", "base.group_user", "account.group_account_user")

    def dialog(self, text, user=None):
        return (
            self.env["shopify.settlement"]
            .with_user(user or self.env.user)
            .create({"map_id": self.map.id, "file": base64.b64encode(text.encode()), "file_name": "november.csv"})
        )

    def payouts(self):
        return self.env["shopify.payout"].search([("settlement_map_id", "=", self.map.id)])

    def bring_paypal(self, price="100.00"):
        order = self.place(
            lines=[{"sku": self.skus[0], "price": price}], taxes=[], shipping=None, gateway="paypal", financial="paid"
        )
        self.env["shopify.financial.status"]._find_combinations(self.instance, [("paypal", "paid")])
        self.import_orders(order)
        return self.sale_order(order)

    def test_a_preset_fills_the_whole_map(self):
        self.assertEqual((self.map.name, self.map.column_payout), ("Stripe", "automatic_payout_id"))
        self.assertIn(("charge", "CHARGE"), [(one.name, one.meaning) for one in self.map.type_ids])

    def test_an_accountant_sees_what_a_file_holds_before_anything_is_made(self):
        dialog = self.dialog(HEAD + "po_1,t1,2026-11-01,charge,usd,100.00,3.20,96.80,#1\n", self.accountant)
        self.assertEqual((dialog.new_count, dialog.bad_count, dialog.problem), (1, 0, False))
        self.assertEqual(dialog.payout_ids.mapped("net"), [96.8])
        self.assertFalse(self.payouts())
        dialog.action_import()
        payout = self.payouts()
        self.assertEqual((payout.amount_net, payout.amount_lines, payout.difference), (96.8, 96.8, 0.0))
        self.assertEqual((payout.status, str(payout.date), payout.payout_type), ("paid", "2026-11-01", "deposit"))

    def test_a_row_finds_the_payment_of_its_order(self):
        order = self.bring_paypal()
        name = order.shopify_order_name
        self.dialog(
            HEAD
            + f"po_1,t1,2026-11-01,charge,usd,100.00,3.20,96.80,{name}\n"
            + f"po_1,t2,2026-11-01,charge,usd,7.00,0.20,6.80,{name}\n"
            + "po_1,t3,2026-11-01,something new,usd,-1.00,0.00,-1.00,\n"
        ).action_import()
        found, other, unknown = self.payouts().line_ids.sorted("shopify_id")
        self.assertEqual(
            (found.order_id, found.order_transaction_ref), (order, order.shopify_payment_ids.transaction_id)
        )
        self.assertEqual((other.order_id, other.order_transaction_ref), (order, False))
        self.assertEqual((unknown.transaction_type, unknown.order_id.id), ("SOMETHING_NEW", False))

    def test_the_daily_job_finds_the_order_of_a_row_that_came_before_it(self):
        self.dialog(HEAD + "po_1,t1,2026-11-01,charge,usd,100.00,3.20,96.80,1001\n").action_import()
        line = self.payouts().line_ids
        self.book()
        self.assertEqual((line.order_id.ids, line.state, self.payouts().state), ([], "not_found", "partly_generated"))
        order = self.bring_paypal()
        self.assertEqual(order.shopify_order_name, "#1001")
        self.book()
        self.assertEqual((line.order_id, line.source_order_ref), (order, order.shopify_order_id))
        self.assertEqual(line.order_transaction_ref, order.shopify_payment_ids.transaction_id)
        self.assertEqual(line.payment_id, order.shopify_payment_ids.payment_id)
        self.assertEqual(self.payouts().state, "validated", self.payouts().remains)
        self.assertTrue(line.payment_id.is_matched)

    def test_the_same_file_twice_changes_nothing_and_a_longer_one_adds_what_is_new(self):
        first = HEAD + "po_1,t1,2026-11-01,charge,usd,100.00,3.20,96.80,#1\n"
        self.dialog(first).action_import()
        with self.assertRaisesRegex(UserError, "settlement file"):
            self.payouts().action_get_again()
        before = self.payouts().read()
        again = self.dialog(first)
        self.assertEqual(again.new_count, 0)
        with self.assertRaises(UserError):
            again.action_import()
        self.assertEqual(self.payouts().read(), before)
        self.dialog(first + "po_2,t2,2026-11-02,charge,usd,50.00,1.75,48.25,#2\n").action_import()
        self.assertEqual(sorted(self.payouts().mapped("amount_net")), [48.25, 96.8])

    def test_rows_that_cannot_be_read_are_named_and_nothing_is_made(self):
        dialog = self.dialog(
            HEAD
            + "po_1,t1,1.11.2026,charge,usd,100.00,3.20,96.80,#1\n"
            + "po_1,t2,2026-11-01,charge,usd,100.00,3.20,90.00,#1\n"
            + "po_1,t3,2026-11-01,charge,xxx,100.00,3.20,96.80,#1\n"
        )
        self.assertEqual(dialog.bad_ids.mapped("line"), [2, 3, 4])
        self.assertIn("1.11.2026", dialog.bad_ids[0].problem)
        with self.assertRaisesRegex(UserError, "line 2"):
            dialog.action_import()
        self.assertFalse(self.payouts())

    def test_a_payout_of_a_file_that_is_reset_stays_in_the_journal_of_its_gateway(self):
        self.map.journal_id = self.env["account.journal"].create(
            {"name": "PayPal balance", "type": "bank", "code": "PPBAL", "company_id": self.instance.company_id.id}
        )
        self.dialog(HEAD + "po_1,t1,2026-11-01,charge,usd,100.00,3.20,96.80,#1\n").action_import()
        payout = self.payouts()
        self.env["shopify.payout.statement"]._remove(payout)
        self.assertEqual((payout.state, payout.journal_id), ("draft", self.map.journal_id))

    def test_a_file_that_does_not_fit_says_where_to_mend_it(self):
        dialog = self.dialog("a;b\n1;2\n")
        self.assertIn("delimiter", dialog.problem)
        self.assertEqual(dialog.new_count, 0)

    def test_payments_of_a_gateway_with_files_are_in_transit_until_then(self):
        self.bring_paypal()
        month = self.env["shopify.month.end"].create(
            {"instance_id": self.instance.id, "month": self.sim.clock.now().date()}
        )
        month.action_count()
        links = {row["link"] for part in month.chain for row in part["links"]}
        self.assertIn("payment", links)
        self.assertNotIn("other_payment", links)

    def test_a_map_takes_gateways_of_its_store_only_and_is_kept_by_managers(self):
        other = self.env["shopify.instance"].create(
            {
                "name": "Other",
                "shop_domain": "other-shop.myshopify.com",
                "auth_mode": "permanent_token",
                "access_token": "x",
            }
        )
        with self.assertRaises(ValidationError):
            self.map.instance_id = other
        with self.assertRaises(AccessError):
            self.map.with_user(self.accountant).name = "Mine"
        seller = self.make_user("settlement_seller", "base.group_user", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.dialog(HEAD, seller)
