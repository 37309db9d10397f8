"""What refunds do to deliveries and returns (rules, section 15.4)."""

from collections import defaultdict

from odoo import api, models


class ShopifyRefunds(models.AbstractModel):
    _inherit = "shopify.refunds"

    @api.model
    def _move_goods(self, instance, row, order, refund):
        """Return transfers for what came back; open deliveries shrink by what will not be sent. Once a refund, and
        whatever becomes of its money: nobody ships what was refunded."""
        sale_order = row.order_id
        if row.goods_done or sale_order.state not in ("sale", "cancel"):
            return
        row.goods_done = True
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        back = defaultdict(float)
        for item in refund.lines:
            line = lines.get(item.line_id)
            if not line or line.product_id.type != "consu":
                continue
            kept_back = self._shrink(line, item.quantity, self._still_to_ship(line, order))
            if item.restock in ("return", "legacy_restock"):
                back[line] += min(item.quantity - kept_back, line.qty_delivered)
        back = self._less_returned_otherwise(row, order, refund, back)
        back = {line: units for line, units in back.items() if units > 0}
        back = self._less_returned_by_hand(row, back)
        if back and instance.return_create:
            row.picking_ids += self.env["shopify.returns"]._return(
                instance,
                sale_order,
                back,
                validate=instance.return_validate,
                refund_id=refund.shopify_id,
                place=next((item.location_id for item in refund.lines if item.location_id), ""),
            )

    @api.model
    def _still_to_ship(self, line, order):
        """Units of a line that Shopify still wants shipped, less those Odoo shipped and Shopify does not know of."""
        wanted = next((one.unfulfilled for one in order.lines if one.line_id == line.shopify_line_id), 0)
        told = sum(
            units
            for fulfillment in order.fulfillments
            for line_id, units in fulfillment.units
            if line_id == line.shopify_line_id
        )
        return max(wanted - max(line.qty_delivered - told, 0), 0)

    @api.model
    def _shrink(self, line, units, to_ship):
        """Take refunded units that will not be shipped off the open deliveries.

        :return: the units taken off; the others had been shipped
        """
        moves = line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.location_dest_id.usage == "customer"
        )
        left = min(units, sum(moves.mapped("product_uom_qty")) - to_ship)
        taken = 0
        for move in moves:
            off = min(left, move.product_uom_qty)
            if off <= 0:
                break
            left -= off
            taken += off
            if off == move.product_uom_qty:
                move._action_cancel()
            else:
                move.product_uom_qty -= off
        line.shopify_cancelled_qty += taken
        return taken
