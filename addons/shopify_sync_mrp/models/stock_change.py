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
