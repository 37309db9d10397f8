"""Quotations of a store: what they set aside is no demand in Odoo yet, and leaves less to offer."""

from odoo import api, models

#: What changes whether, and where, the lines of an order are taken off.
_OF_ORDER = frozenset({"state", "warehouse_id", "shopify_cancelled_at", "shopify_instance_id"})
_OF_LINE = frozenset({"product_id", "product_uom_qty", "product_uom_id"})


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if not _OF_ORDER.isdisjoint(vals):
            self.order_line._note_shopify_stock()
        return result

    def unlink(self):
        self.order_line._note_shopify_stock()
        return super().unlink()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._note_shopify_stock()
        return lines

    def write(self, vals):
        if _OF_LINE.isdisjoint(vals):
            return super().write(vals)
        if "product_id" in vals:
            self._note_shopify_stock()
        result = super().write(vals)
        self._note_shopify_stock()
        return result

    def unlink(self):
        self._note_shopify_stock()
        return super().unlink()

    def _note_shopify_stock(self):
        """Have the products of a store's orders looked at again."""
        own = self.filtered(lambda line: line.order_id.shopify_instance_id)
        self.env["shopify.stock.change"]._note(ordered_ids=own.product_id.ids)
