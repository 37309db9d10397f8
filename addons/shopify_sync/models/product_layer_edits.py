"""What an import does to fields of the layer that were changed in Odoo and not sent yet."""

from odoo import api, models

from .layer_edits import PRODUCT_FIELDS, VARIANT_FIELDS


class ShopifyProductLayer(models.AbstractModel):
    _inherit = "shopify.product.layer"

    @api.model
    def _write(self, instance, products, digests, matches, known):
        # what an import writes is as Shopify has it: no edit of a person
        alike = self.with_context(shopify_alike=True)
        known = {ident: one.with_context(shopify_alike=True) for ident, one in known.items()}
        return super(ShopifyProductLayer, alike)._write(instance, products, digests, matches, known)

    @api.model
    def _write_changed(self, record, vals):
        """A field that waits to be sent stays as Odoo has it, unless Shopify owns it."""
        if record._name in ("shopify.product", "shopify.product.variant") and record.edited:
            names = PRODUCT_FIELDS if record._name == "shopify.product" else VARIANT_FIELDS
            owners = self.env["shopify.field.owner"]._of(record.instance_id)
            edited = set(record.edited)
            brought = {field for name, field in names.items() if name in vals} & owners.keys()
            if edited & brought:  # Shopify's value ends the edit of a field that it owns
                record.edited = sorted(edited - brought) or False
            kept = {name for name, field in names.items() if (edited & {field, "*"}) and field not in owners}
            vals = {name: value for name, value in vals.items() if name not in kept}
        if record._name == "shopify.product.image" and any(
            "image" in (one.edited or ()) for one in record.shopify_product_id.variant_ids
        ):
            vals = {name: value for name, value in vals.items() if name != "variant_ids"}
        if record._name == "shopify.product.image" and record.shopify_product_id.images_reordered:
            vals = {name: value for name, value in vals.items() if name != "position"}
        return super()._write_changed(record, vals)
