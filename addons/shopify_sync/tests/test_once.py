"""One Shopify order is one order in Odoo, whatever is repeated."""

from odoo.tests import tagged

from .common import ShopifyCase


@tagged("post_install", "-at_install")
class TestOnce(ShopifyCase):
    def test_an_order_becomes_a_confirmed_invoiced_and_paid_order(self):
        order = self.place(shipping="4.90", taxes="US-NY")
        counts = self.import_orders()
        self.assertEqual(counts["done"], 1, counts)
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))
