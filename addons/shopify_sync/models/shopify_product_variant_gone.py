"""Variants of products that were deleted in Shopify."""

from odoo import fields, models


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    gone_at = fields.Datetime(
        readonly=True, copy=False, help="It was archived when its product was deleted in Shopify."
    )
    former_shopify_id = fields.Char(
        string="Former Shopify Id",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Its id before its product was deleted in Shopify and made anew: older orders name it.",
    )
