"""Which fields of a variant were changed in Odoo since Shopify and Odoo were alike."""

from odoo import fields, models

from .shopify_product_edits import note_edits

#: Fields that are sent, by their names in `mapping.product_diff`.
VARIANT_FIELDS = {
    "sku": "sku",
    "barcode": "barcode",
    "weight": "weight",
    "taxable": "taxable",
    "tracked": "tracked",
    "inventory_policy": "inventory_policy",
    "requires_shipping": "requires_shipping",
    "hs_code": "hs_code",
    "origin_country_id": "origin",
}


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    edited = fields.Json(copy=False, help="Fields changed in Odoo that Shopify does not have yet.")
    market_prices = fields.Json(copy=False, help="Prices last fixed in markets, by price list.")

    def write(self, vals):
        if not self.env.context.get("shopify_alike"):
            note_edits(self, vals, VARIANT_FIELDS)
        return super().write(vals)
