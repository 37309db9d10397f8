"""Dialogs that write to Shopify, link or match, in a browser: what they say before, and what came of it."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .browser_case import BrowserCase
from .common_customers import CustomerCase
from .common_out import OutgoingCase
from .common_products_out import ProductsOutCase
from .payout_case import PayoutCase


@tagged("post_install", "-at_install")
class TestCancelAndRefundInTheBrowser(OutgoingCase, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {"User": cls.user, "Manager": cls.make_user("shopify_manager", "shopify_sync.group_manager")}

    def page(self, record, action):
        return f"/odoo/action-{action}/{record.id}"

    def test_each_role_cancels_an_order_in_shopify(self):
        for role, user in self.roles.items():
            order, sale_order = self.cancelled()
            self.tour("shopify_cancel", user, self.page(sale_order, "shopify_sync.sale_order_action"))
            self.make_due(self.line_of(sale_order))
            self.follow()
            there = self.sim.store.order(order.id)
            self.assertEqual((bool(there.cancelled_at), there.cancel_staff_note), (True, "Customer called"), role)

    def test_a_seller_without_a_role_is_not_offered_to_cancel_in_shopify(self):
        _order, sale_order = self.cancelled()
        self.tour("shopify_no_dialogs", self.outsider, self.page(sale_order, "sale.action_orders"))

    def test_each_role_refunds_a_credit_note_in_shopify(self):
        for role, user in self.roles.items():
            order, _sale_order, move = self.credited()
            with mute_logger("odoo.http"):  # without a reason it is refused, which Odoo logs
                self.tour("shopify_refund", user, self.page(move, "shopify_sync.account_refund_action"))
            (refund,) = self.refunds_at_shopify(order)
            self.assertEqual((move.shopify_refund_state, refund.note), ("sent", f"Arrived broken [{move.name}]"), role)


@tagged("post_install", "-at_install")
class TestSendingInTheBrowser(ProductsOutCase, CustomerCase, BrowserCase):
    def staff(self):
        return {"User": self.user, "Manager": self.make_user("send_manager", "shopify_sync.group_manager")}

    def test_each_role_exports_a_product(self):
        for role, user in self.staff().items():
            layer = self.layer(f"Rain Hat {role}", (f"HAT-{role}",))
            self.tour("shopify_product_send", user)
            self.assertTrue(layer.shopify_id, role)
            layer.active = False  # out of the list

    def test_each_role_sends_a_contact(self):
        for role, user in self.staff().items():
            partner = self.make_contact(name=f"Grace {role}", email=f"{role}@example.com", phone=False)
            self.tour("shopify_customer_export", user, f"/odoo/action-shopify_sync.res_partner_action/{partner.id}")
            self.assertEqual(self.in_shopify(partner).last_name, role)

    def test_a_manager_takes_over_a_contact(self):
        self.add()
        partner = self.env["res.partner"].create({"name": "Ada by Hand", "email": "ada@example.com"})
        self.tour("shopify_takeover", self.staff()["Manager"])
        self.assertEqual(self.env["shopify.customer"].search([("partner_id", "=", partner.id)]).source, "takeover")


@tagged("post_install", "-at_install")
class TestMatchingInTheBrowser(PayoutCase, BrowserCase):
    def test_an_accountant_matches_what_nobody_knows_by_hand(self):
        self.place()
        self.account.add("MOON_TAX", "-3.50", beyond_schema=True)
        self.pay_out()
        self.import_payouts()
        account = self.env["account.account"].create(
            {"name": "Moon Taxes", "code": "698765", "account_type": "expense"}
        )
        accountant = self.make_user("matcher", "shopify_sync.group_user", "account.group_account_user")
        self.tour("shopify_payout_match", accountant, "/odoo/shopify-payouts")
        line = self.env["shopify.payout.line"].search([("transaction_type", "=", "MOON_TAX")])
        self.assertEqual(line.account_id, account)
