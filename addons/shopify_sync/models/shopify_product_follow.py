"""Changes of an Odoo product reach the layers of its stores, where nobody has given the store something else.

A title, a SKU or a picture of the layer that is the same as Odoo's follows it; one that a store has for itself stays. What
followed is sent with the next update, as if it had been changed in the layer.
"""

import base64

from odoo import models

from .shopify_product_image import picture_of


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        followers = self._shopify_followers(vals)
        result = super().write(vals)
        for layer, name, digest in followers:
            layer._follow_product(name, digest)
        return result

    def _shopify_followers(self, vals):
        """Layers that may follow a write: [(layer product, whether its title follows, digest of the picture before)]."""
        named, pictured = "name" in vals, "image_1920" in vals and not self.env.context.get("shopify_alike")
        if not named and not pictured:
            return []
        # whoever changes the product, its stores follow
        layers = self.env["shopify.product"].sudo().search([("product_tmpl_id", "in", self.ids)])
        found = []
        for layer in layers:
            title = named and layer.title == layer._odoo_title()
            digest = layer._odoo_picture()[1] if pictured else None
            if title or pictured:
                found.append((layer, title, digest))
        return found


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        followers = self._shopify_sku_followers(vals)
        pictured = self._shopify_picture_followers(vals)
        result = super().write(vals)
        for variant in followers:
            if variant.sku != variant.product_id.default_code:
                variant.sku = variant.product_id.default_code
        for variant, digest in pictured:
            variant._follow_picture(digest)
        return result

    def _shopify_picture_followers(self, vals):
        """Variants of the layer that may follow a new picture: [(variant, digest of the picture before)]."""
        if not vals.get("image_variant_1920") or self.env.context.get("shopify_alike"):
            return []
        # whoever changes the product, its stores follow
        variants = self.env["shopify.product.variant"].sudo().search([("product_id", "in", self.ids)])
        return [(one, picture_of(one.product_id, "image_variant_1920")[1]) for one in variants]

    def _shopify_sku_followers(self, vals):
        """Variants of the layer whose SKU follows a write."""
        if not vals.get("default_code"):
            return self.env["shopify.product.variant"]
        # whoever changes the product, its stores follow
        variants = self.env["shopify.product.variant"].sudo().search([("product_id", "in", self.ids)])
        return variants.filtered(
            lambda one: one.sku == one.product_id.default_code and one.shopify_product_id._follows("sku")
        )


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    def _follows(self, field):
        """Whether a field follows Odoo: not when Shopify owns it."""
        return field not in self.env["shopify.field.owner"]._of(self.instance_id)

    def _odoo_title(self):
        """The name of the Odoo product in the language of the store."""
        return self.product_tmpl_id.with_context(lang=self.instance_id.lang_id.code).name

    def _odoo_picture(self):
        """The picture of the Odoo product (base64) and its digest; ('', '') without one."""
        return picture_of(self.product_tmpl_id, "image_1920")

    def _follow_product(self, titled, digest):
        """Take over what was written on the Odoo product.

        :param titled: the title is to follow
        :param digest: of the product's picture before; None when the picture was not written
        """
        self.ensure_one()
        name = self._odoo_title()
        if titled and name != self.title and self._follows("title"):
            self.title = name
        if digest is not None:
            self._follow_picture(digest)

    def _follow_picture(self, before):
        """The picture of the gallery that was the Odoo product's gets its new bytes; an empty gallery its first one."""
        picture, digest = self._odoo_picture()
        former = self.image_ids._same_as(before)[:1]
        if not picture or digest == before or (self.image_ids and not former) or self._refuse_picture(picture):
            return
        if former:
            former.write({"image": picture, "odoo_checksum": digest})
        else:
            self._add_picture(picture, digest, 1)

    def _refuse_picture(self, picture):
        """Say in the log why Shopify does not take a picture of the Odoo product; whether that is so."""
        problem = self.env["shopify.product.image"]._problem(base64.b64decode(picture))
        if problem:
            self.env["shopify.product.preparation"]._log_pictures(
                self.instance_id, self, {self.product_tmpl_id.id: problem}
            )
        return bool(problem)

    def _add_picture(self, picture, digest, position, **values):
        vals = {"image": picture, "odoo_checksum": digest, "alt": self.title, "position": position, **values}
        return self.env["shopify.product.image"].create({"shopify_product_id": self.id, **vals})
