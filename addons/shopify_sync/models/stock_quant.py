"""Odoo's stock tells which products have moved."""

from odoo import api, models

#: What changes how much of a product there is, is free or is to come.
_OF_QUANT = frozenset({"quantity", "reserved_quantity", "location_id", "product_id", "owner_id"})
_OF_MOVE = frozenset({"state", "product_uom_qty", "product_id", "location_id", "location_dest_id", "location_final_id"})


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        self.env["shopify.stock.change"]._note(quants.product_id.ids)
        return quants

    def write(self, vals):
        before = self.product_id.ids if "product_id" in vals else []
        result = super().write(vals)
        if not _OF_QUANT.isdisjoint(vals):
            self.env["shopify.stock.change"]._note(before + self.product_id.ids)
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        self.env["shopify.stock.change"]._note(coming_ids=moves.product_id.ids)
        return moves

    def write(self, vals):
        before = self.product_id.ids if "product_id" in vals else []
        result = super().write(vals)
        if not _OF_MOVE.isdisjoint(vals):
            self.env["shopify.stock.change"]._note(coming_ids=before + self.product_id.ids)
        return result
