"""Stock of a component is stock of the kits it is in."""

from odoo import api, models


class ShopifyStockChange(models.Model):
    _inherit = "shopify.stock.change"

    @api.model
    def _affected(self, product_ids):
        """The products, and the kits that hold them, whether directly or in a kit of theirs."""
        found = set(super()._affected(product_ids))
        new = found
        lines = self.env["mrp.bom.line"].sudo()  # whoever moves a component moves the kit
        while new:  # one step for each storey of kits in kits
            boms = lines.search([("product_id", "in", list(new)), ("bom_id.type", "=", "phantom")]).bom_id
            kits = {product.id for bom in boms for product in bom.product_id or bom.product_tmpl_id.product_variant_ids}
            new = kits - found
            found |= new
        return found

    @api.model
    def _with_parts(self, product_ids):
        """An order of a kit takes its components; Shopify takes off the kit alone."""
        ordered = self.env["product.product"].sudo().browse(super()._with_parts(product_ids)).exists()
        needs = self.env["shopify.stock.quantities"].sudo()._needs(ordered)
        return {*ordered.ids, *(part for units in needs.values() for part in units)}
