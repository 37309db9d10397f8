"""Pictures of the layer."""

import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.image import binary_to_image
from odoo.tools.mimetypes import guess_mimetype
from PIL import Image

#: What Shopify takes: https://help.shopify.com/manual/products/product-media/product-media-types
MAX_BYTES = 20 * 1024 * 1024
MIME_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


def picture_of(record, field):
    """The picture (base64) in a field of an Odoo product, and its digest; ('', '') without one."""
    picture = record.with_context(bin_size=False)[field]
    return (picture, hashlib.sha256(base64.b64decode(picture)).hexdigest()) if picture else ("", "")


class ShopifyProductImage(models.Model):
    """A picture of a product of a store. Its bytes are kept unchanged; equal ones are one file in Odoo's filestore."""

    _name = "shopify.product.image"
    _description = "Shopify Image"
    _order = "shopify_product_id, position, id"
    _rec_name = "alt"

    shopify_product_id = fields.Many2one("shopify.product", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one(related="shopify_product_id.instance_id", store=True, index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    product_tmpl_id = fields.Many2one(related="shopify_product_id.product_tmpl_id", store=True, index=True)
    variant_ids = fields.Many2many(
        "shopify.product.variant", string="Variants", domain="[('shopify_product_id', '=', shopify_product_id)]"
    )
    shopify_id = fields.Char(string="Shopify Id", index=True, copy=False, help="Id of the picture (MediaImage).")
    url = fields.Char(string="Address", help="Where the picture can be read.")
    image = fields.Binary(attachment=True)
    checksum = fields.Char(readonly=True, index=True, help="SHA-256 of the picture's bytes.")
    odoo_checksum = fields.Char(
        readonly=True, copy=False, help="SHA-256 of the same picture on the Odoo product, where Odoo made it smaller."
    )
    size = fields.Integer(string="Size (bytes)", readonly=True)
    mimetype = fields.Char(readonly=True)
    width = fields.Integer(readonly=True, help="In pixels.")
    height = fields.Integer(readonly=True, help="In pixels.")
    alt = fields.Char(string="Alt Text", help="Said instead of the picture to those who cannot see it.")
    position = fields.Integer(default=10)
    sent_checksum = fields.Char(readonly=True, copy=False, help="Digest of the picture that Shopify has.")
    status = fields.Selection(
        [("waiting", "Waiting"), ("processing", "Processing"), ("ready", "Ready"), ("failed", "Failed")],
        required=True,
        default="waiting",
        index=True,
        copy=False,
        help="Waiting: to be read from, or sent to, its place. Processing: Shopify is working on it.",
    )
    from_odoo = fields.Boolean(readonly=True, copy=False, help="Odoo added it in Shopify.")
    message = fields.Char(readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False)
    next_attempt_at = fields.Datetime(readonly=True, copy=False)

    _shopify_id_unique = models.UniqueIndex(
        "(shopify_product_id, shopify_id) WHERE shopify_id IS NOT NULL", "This picture of the product exists already."
    )
    _waiting = models.Index("(instance_id, id) WHERE status = 'waiting' AND url IS NOT NULL")

    @api.constrains("image", "url", "shopify_id")
    def _check_source(self):
        for picture in self:
            if not picture.url and not picture.shopify_id and not picture.image:
                raise ValidationError(self.env._("A picture needs a file or an address."))

    @api.model_create_multi
    def create(self, vals_list):
        pictures = super().create([self._with_facts(vals) for vals in vals_list])
        pictures._check_source()  # also for pictures made with none of its fields
        pictures._note_order()
        pictures.variant_ids._note_picture()
        return pictures

    def write(self, vals):
        moved = self.filtered(lambda one: one.position != vals["position"]) if "position" in vals else self.browse()
        before = {one: one.variant_ids for one in self} if "variant_ids" in vals else {}
        result = super().write(self._with_facts(vals))
        moved._note_order()
        for picture, variants in before.items():
            ((variants | picture.variant_ids) - (variants & picture.variant_ids))._note_picture()
        return result

    def unlink(self):
        variants = self.variant_ids
        result = super().unlink()
        variants.exists()._note_picture()
        return result

    def _note_order(self):
        """Products in Shopify whose pictures a person ordered are to be ordered there too."""
        if not self.env.context.get("shopify_alike"):
            self.shopify_product_id.filtered(
                lambda one: one.exported and not one.images_reordered
            ).images_reordered = True

    @api.model
    def _with_facts(self, vals):
        """Values completed by digest, size and type of the picture in them.

        :raises ValidationError: no picture that Shopify takes
        """
        if not vals.get("image"):
            return vals
        try:
            raw = base64.b64decode(vals["image"], validate=False)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(self.env._("The picture cannot be read: %s", error)) from error
        problem = self._problem(raw)
        if problem:
            raise ValidationError(problem)
        width, height = binary_to_image(raw).size
        return {
            **vals,
            "checksum": self._digest(raw),
            "size": len(raw),
            "mimetype": guess_mimetype(raw),
            "width": width,
            "height": height,
        }

    def _same_as(self, digest):
        """Those that are the picture of the Odoo product with this digest; Odoo keeps large ones in a smaller size."""
        return self.filtered(lambda one: digest and digest in (one.checksum, one.odoo_checksum))

    @api.model
    def _digest(self, raw):
        return hashlib.sha256(raw).hexdigest()

    @api.model
    def _problem(self, raw):
        """Why bytes are no picture for Shopify, in words; '' when they are one."""
        problem = self._file_problem(len(raw), guess_mimetype(raw))
        if problem:
            return problem
        try:
            binary_to_image(raw)
        except (UserError, Image.DecompressionBombError) as error:
            return str(error)
        return ""

    @api.model
    def _file_problem(self, size, mimetype):
        """Why Shopify does not take a file of a size (bytes) and type; '' when it does."""
        if size > MAX_BYTES:
            return self.env._(
                "The picture has %(size)s MB; Shopify takes up to %(most)s MB.",
                size=size // 1024 // 1024,
                most=MAX_BYTES // 1024 // 1024,
            )
        if mimetype not in MIME_TYPES:
            return self.env._("A file of type %s is no picture that Shopify takes: JPEG, PNG, GIF or WebP.", mimetype)
        return ""

    def _log_entry(self, *, reason, **values):
        """An entry of `shopify.log.line._log` about the picture; its product is the place to mend it."""
        product = self.shopify_product_id
        return {
            "message": self.env._(
                "Picture %(number)s of product %(title)s: %(reason)s",
                number=self.position,
                title=product.title,
                reason=reason,
            ),
            "record_key": f"image:{product.id}",
            "order_ref": product.title,
            "res_model": product._name,
            "res_id": product.id,
            "fix_action": "layer",
            "fix_context": {"res_id": product.id},
            **values,
        }
