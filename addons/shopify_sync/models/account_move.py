"""Invoices and credit notes of Shopify orders."""

from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    shopify_instance_id = fields.Many2one(
        "shopify.instance", string="Shopify Store", index="btree_not_null", readonly=True, copy=False
    )
    shopify_order_id = fields.Char(string="Shopify Order Id", index="btree_not_null", readonly=True, copy=False)
    shopify_order_name = fields.Char(string="Shopify Order", index="btree_not_null", readonly=True, copy=False)

    shopify_refund_id = fields.Char(string="Shopify Refund Id", index="btree_not_null", readonly=True, copy=False)

    _shopify_refund_unique = models.UniqueIndex(
        "(shopify_instance_id, shopify_refund_id) WHERE shopify_refund_id IS NOT NULL",
        "This Shopify refund has a credit note already.",
    )

    def action_open_shopify(self):
        self.ensure_one()
        return self.shopify_instance_id._open_in_shopify("Order", self.shopify_order_id)
