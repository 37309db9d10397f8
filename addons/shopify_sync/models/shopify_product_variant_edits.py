"""Variants of the layer remember what was changed in Odoo."""

from odoo import fields, models

from .layer_edits import VARIANT_FIELDS, note_edits


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    edited = fields.Json(copy=False, help="Fields changed in Odoo that Shopify does not have yet.")
    market_prices = fields.Json(copy=False, help="Prices last fixed in markets, by price list.")

    def write(self, vals):
        if not self.env.context.get("shopify_alike"):
            note_edits(self, vals, VARIANT_FIELDS)
        return super().write(vals)
