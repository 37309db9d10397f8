"""Payments that Shopify received."""

from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    shopify_instance_id = fields.Many2one(
        "shopify.instance", string="Shopify Store", index="btree_not_null", readonly=True, copy=False
    )
    shopify_payment_id = fields.Many2one("shopify.order.payment", index="btree_not_null", readonly=True, copy=False)
    shopify_transaction_id = fields.Char(index="btree_not_null", readonly=True, copy=False)
    shopify_payout_line_ids = fields.One2many(
        "shopify.payout.line", "payment_id", string="Shopify Payout Transaction", readonly=True
    )

    _shopify_transaction_unique = models.UniqueIndex(
        "(shopify_instance_id, shopify_transaction_id) WHERE shopify_transaction_id IS NOT NULL",
        "This Shopify transaction is registered already.",
    )

    def action_open_shopify(self):
        """Shopify's admin shows a payment on the page of its order."""
        self.ensure_one()
        return self.shopify_payment_id.order_id.action_open_shopify()
