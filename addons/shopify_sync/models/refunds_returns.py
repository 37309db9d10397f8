"""Refunds and returns of the same units: credited once, brought back once (rules, section 15.5)."""

from odoo import api, models

#: Start of the id of what a processed return took off before a refund said so (`mapping.reversals`).
REVERSAL = "return/"


class ShopifyRefunds(models.AbstractModel):
    _inherit = "shopify.refunds"

    @api.model
    def _reversal_rows(self, sale_order):
        """What was, or is to be, credited for returns that no refund told of."""
        return sale_order.shopify_refund_ids.filtered(lambda row: row.shopify_id.startswith(REVERSAL))

    @api.model
    def _decide(self, instance, sale_order, row):
        state, message = super()._decide(instance, sale_order, row)
        if row.shopify_id.startswith(REVERSAL) and not message:
            message = self.env._("For the units of return %s, given back without a refund of their own.", row.note)
        return state, message

    @api.model
    def _prepare_move(self, instance, row, order, refund):
        values = super()._prepare_move(instance, row, order, refund)
        if refund.is_reversal:
            values["ref"] = self.env._("Return %s in Shopify", refund.note)
        return values

    @api.model
    def _drop_reversals(self, sale_order, order):
        """A refund tells now what was written for a return: what was not credited yet is its own."""
        present = {refund.shopify_id for refund in order.refunds}
        gone = self._reversal_rows(sale_order).filtered(lambda row: row.shopify_id not in present and not row.move_id)
        gone.unlink()

    @api.model
    def _reversed_before(self, row, order, refund):
        """Whether all that a refund of a return gives back was credited when the return was processed."""
        if refund.shipping or refund.duties or refund.is_reversal:
            return False
        returns = {f"{REVERSAL}{one.shopify_id}" for one in order.returns if refund.shopify_id in one.refund_ids}
        credited = self._reversal_rows(row.order_id).filtered(lambda one: one.shopify_id in returns).move_id
        units = {}
        for line in credited.filtered(lambda move: move.state == "posted").invoice_line_ids:
            units[line.shopify_line_id] = units.get(line.shopify_line_id, 0) + line.quantity
        return bool(units) and all(units.get(line.line_id, 0) >= line.quantity for line in refund.lines)

    @api.model
    def _less_returned_otherwise(self, row, order, refund, back):
        """What a refund still has to bring back when the order has returns. The goods of a refund made from a return are
        the return's own; of others, units that a return has brought back are not brought twice.

        :param back: {sale.order.line: units}
        """
        if not order.returns:
            return back
        if any(refund.shopify_id in one.refund_ids for one in order.returns):
            return {}
        left = self.env["shopify.returns"]._left(row.order_id, order)
        return {line: min(units, max(left.get(line, 0), 0)) for line, units in back.items()}
