"""Which fields of the layer were changed in Odoo since Shopify and Odoo were alike."""

from odoo import fields, models

#: Fields of the layer that are sent, by their names in `mapping.product_diff`.
PRODUCT_FIELDS = {
    "title": "title",
    "description": "description",
    "product_type": "product_type",
    "vendor": "vendor",
    "tags": "tags",
    "seo_title": "seo_title",
    "seo_description": "seo_description",
}
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


def _note_edits(records, vals, names):
    """Add the fields that a write really changes to each record's list."""
    for record in records:
        changed = set()
        for name in vals.keys() & names.keys():
            old = record[name]
            old = old.id if isinstance(old, models.BaseModel) else old
            if (old or False) != (vals[name] or False):
                changed.add(names[name])
        if changed - set(record.edited or ()):
            record.edited = sorted(set(record.edited or ()) | changed)


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    edited = fields.Json(copy=False, help="Fields changed in Odoo that Shopify does not have yet.")
    last_channels = fields.Char(string="Sales Channels", readonly=True, copy=False)

    def write(self, vals):
        if not self.env.context.get("shopify_alike"):
            _note_edits(self, vals, PRODUCT_FIELDS)
        return super().write(vals)


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    edited = fields.Json(copy=False, help="Fields changed in Odoo that Shopify does not have yet.")
    market_prices = fields.Json(copy=False, help="Prices last fixed in markets, by price list.")

    def write(self, vals):
        if not self.env.context.get("shopify_alike"):
            _note_edits(self, vals, VARIANT_FIELDS)
        return super().write(vals)
