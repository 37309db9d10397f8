"""Kits are counted: Odoo computes how many complete ones the components allow."""

import math
from collections import defaultdict

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

    @api.model
    def _waiting(self, instance, products):
        """Orders of kits that are no demand in Odoo yet need components; orders of components leave less for kits."""
        needs = self._needs(products)
        parts = products.browse({part for units in needs.values() for part in units})
        related = products.browse(self.env["shopify.stock.change"]._affected((products | parts).ids))
        waiting = super()._waiting(instance, products | parts | related)
        if not waiting:
            return waiting
        needs.update(self._needs(related - products))
        taken = defaultdict(float)
        for (warehouse, product), units in waiting.items():
            for part, each in needs.get(product, {product: 1.0}).items():
                taken[warehouse, part] += units * each
        kits = products.filtered(lambda product: product.id in needs)
        places = self.env["stock.warehouse"].browse({warehouse for warehouse, _product in taken}).exists()
        in_odoo = self._in_odoo(instance, kits | parts, places) if kits else {}
        for place in places.ids:
            for kit in kits.ids:
                complete = min(
                    math.floor((in_odoo[place, part] - taken[place, part]) / each + 1e-6)
                    for part, each in needs[kit].items()
                )
                taken[place, kit] = in_odoo[place, kit] - complete
        return taken

    @api.model
    def _needs(self, products):
        """{kit id: {id of a storable component: units in one kit}} of the kits among products."""
        boms = self.env["mrp.bom"]._bom_find(products, bom_type="phantom")
        found = {}
        for kit in products:
            units = defaultdict(float)
            for line, data in boms[kit].explode(kit, 1)[1] if kit in boms else ():
                if line.product_id.is_storable and data["qty"] > 0:
                    part = line.product_id
                    units[part.id] += line.product_uom_id._compute_quantity(data["qty"], part.uom_id, round=False)
            if units:
                found[kit.id] = dict(units)
        return found
