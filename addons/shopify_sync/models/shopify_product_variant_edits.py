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
        before = {one: one.image_ids for one in self} if "image_ids" in vals else {}
        result = super().write(vals)
        self.browse([one.id for one, images in before.items() if one.image_ids != images])._note_picture()
        return result

    def _note_picture(self):
        """These variants got another picture in Odoo, or none."""
        if not self.env.context.get("shopify_alike"):
            for variant in self.filtered(lambda one: "image" not in (one.edited or ())):
                variant.edited = sorted({*(variant.edited or ()), "image"})

    def _picture_of(self):
        """Id of the picture that the variant has in Shopify: the first of the gallery that names it, 0 without one."""
        self.ensure_one()
        pictures = self.image_ids.filtered("checksum").sorted(lambda one: (one.position, one.id))
        return pictures[:1].id or 0
