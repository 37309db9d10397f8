"""Products of the layer remember what was changed in Odoo."""

from odoo import fields, models

from .layer_edits import PRODUCT_FIELDS, note_edits


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    edited = fields.Json(copy=False, help="Fields changed in Odoo that Shopify does not have yet.")
    images_reordered = fields.Boolean(
        copy=False, help="The order of its pictures was changed in Odoo, and not sent yet."
    )
    last_channels = fields.Char(string="Sales Channels", readonly=True, copy=False)

    def write(self, vals):
        if not self.env.context.get("shopify_alike"):
            note_edits(self, vals, PRODUCT_FIELDS)
        return super().write(vals)
