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


def note_edits(records, vals, names):
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
            note_edits(self, vals, PRODUCT_FIELDS)
        return super().write(vals)
