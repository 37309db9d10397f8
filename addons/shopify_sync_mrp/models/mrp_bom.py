"""A kit that is made up anew offers another number of units."""

from odoo import api, models

_MATTERS = frozenset(
    {"type", "active", "product_id", "product_tmpl_id", "product_qty", "product_uom_id", "bom_line_ids"}
)


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.model_create_multi
    def create(self, vals_list):
        boms = super().create(vals_list)
        boms._note_kits()
        return boms

    def write(self, vals):
        if _MATTERS.isdisjoint(vals):
            return super().write(vals)
        self._note_kits()
        result = super().write(vals)
        self._note_kits()
        return result

    def unlink(self):
        self._note_kits()
        return super().unlink()

    def _note_kits(self):
        products = self.product_id | self.filtered(lambda bom: not bom.product_id).product_tmpl_id.product_variant_ids
        self.env["shopify.stock.change"]._note(products.ids)


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.bom_id._note_kits()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not {"product_id", "product_qty", "product_uom_id"}.isdisjoint(vals):
            self.bom_id._note_kits()
        return result

    def unlink(self):
        self.bom_id._note_kits()
        return super().unlink()
