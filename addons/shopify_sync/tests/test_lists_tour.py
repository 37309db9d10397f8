"""The lists of Sales and Products and the sales analysis in a browser, as a User and as a Manager."""

from odoo.tests import tagged

from .browser_case import ORDERS, BrowserCase
from .test_views3 import LaterCase


@tagged("post_install", "-at_install")
class TestListsInTheBrowser(LaterCase, BrowserCase):
    def setUp(self):
        super().setUp()
        self.import_one_of_each()
        _order, refunded = self.refunded()
        refunded.action_shopify_credit_refunds()
        order = self.place(payments=[{"gateway": "gift_card", "amount": "1.00"}, {"gateway": "shopify_payments"}])
        for workflow in self.env["shopify.financial.status"].search([]).workflow_id:
            workflow.register_payment = False
        self.import_orders(order)
        self.several = self.sale_order(order)

    def test_a_user_opens_every_list(self):
        self.tour("shopify_lists", self.roles["User"], ORDERS)

    def test_a_manager_opens_every_list(self):
        self.tour("shopify_lists", self.roles["Manager"], ORDERS)

    def test_a_user_registers_both_payments_of_an_invoice_from_its_banner(self):
        invoice = self.several.invoice_ids
        url = f"/odoo/action-shopify_sync.account_move_action/{invoice.id}"
        self.tour("shopify_register_all", self.roles["User"], url)
        self.assertEqual(invoice.payment_state, "paid")
