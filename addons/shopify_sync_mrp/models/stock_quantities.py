"""Kits are counted: Odoo computes how many complete ones the components allow."""

from odoo import api, models


class ShopifyStockQuantities(models.AbstractModel):
    _inherit = "shopify.stock.quantities"

    @api.model
    def _counted(self, products):
        """Storable products, and kits with at least one storable component."""
        counted = super()._counted(products)
        boms = self.env["mrp.bom"]._bom_find(products - counted, bom_type="phantom")
        kits = [
            product
            for product in products - counted
            if product in boms
            and any(line.product_id.is_storable for line, _data in boms[product].explode(product, 1)[1])
        ]
        return counted.union(*kits)
