"""The picture of an Odoo variant reaches the galleries of its stores."""

from odoo import models
from odoo.fields import Command

from .shopify_product_image import picture_of


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    def _follow_picture(self, before):
        """The variant's picture that was the Odoo variant's gets its new bytes; one that other variants show, too, stays
        theirs, and a variant without picture gets one of its own."""
        picture, digest = picture_of(self.product_id, "image_variant_1920")
        layer, former = self.shopify_product_id, self.image_ids._same_as(before)[:1]
        if digest == before or (self.image_ids and not former) or layer._refuse_picture(picture):
            return
        if former.variant_ids == self:
            former.write({"image": picture, "odoo_checksum": digest})
            return
        former.variant_ids -= self
        last = max(layer.image_ids.mapped("position"), default=0)
        layer._add_picture(picture, digest, last + 1, variant_ids=[Command.set(self.ids)])
