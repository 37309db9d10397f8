"""Goods that came back: return transfers of delivered units."""

from odoo import api, models
from odoo.fields import Command


class ShopifyReturns(models.AbstractModel):
    """Makes return transfers from an order's done deliveries."""

    _name = "shopify.returns"
    _description = "Shopify Returns"

    @api.model
    def _return(self, instance, sale_order, units, *, validate, refund_id=False, return_ref=False, place=""):
        """Bring units back, from the last delivery first.

        :param units: {sale.order.line: units}
        :param validate: whether the goods are in; products tracked by lot or serial number always wait for a person
        :param refund_id: Shopify's refund id, kept on the transfer; `return_ref` the same of a return
        :param place: Shopify's location where they were restocked, see `_lead`; without any they go back where they came
            from
        :return: the return transfers
        """
        left = dict(units)
        made = self.env["stock.picking"]
        deliveries = sale_order.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        ).sorted("id", reverse=True)
        for delivery in deliveries:
            lines = []
            for move in delivery.move_ids.filtered(lambda move: move.state == "done"):
                back = sum(
                    one.quantity if one.state == "done" else one.product_uom_qty
                    for one in move.returned_move_ids
                    if one.state != "cancel"
                )
                quantity = min(left.get(move.sale_line_id, 0), move.quantity - back)
                if quantity > 0:
                    left[move.sale_line_id] -= quantity
                    lines.append({"move_id": move.id, "product_id": move.product_id.id, "quantity": quantity})
            if lines:
                made += self._make(delivery, lines)
        self._lead(instance, made, place)
        made.write({"shopify_refund_id": refund_id, "shopify_return_ref": return_ref})
        if validate:
            ready = made.filtered(lambda picking: all(move.product_id.tracking == "none" for move in picking.move_ids))
            for move in ready.move_ids:
                move.quantity = move.product_uom_qty
            ready.move_ids.picked = True
            ready.with_context(skip_backorder=True, skip_sms=True)._action_done()
        return made

    @api.model
    def _lead(self, instance, pickings, place):
        """Let transfers go to the return warehouse of Shopify's location, else to the store's return location, else to the
        warehouse of Shopify's location."""
        known = self._location_of(instance, place)
        location = instance.return_location_id
        if location and not known.return_warehouse_id:
            pickings.move_ids.location_dest_id = location
            pickings.location_dest_id = location
            return
        self._lead_to(pickings, known.return_warehouse_id or known.warehouse_id)

    @api.model
    def _lead_to(self, pickings, warehouse):
        """Let transfers go to a warehouse; where they go already when it is empty."""
        for picking in pickings:
            if warehouse and picking.picking_type_id.warehouse_id != warehouse:
                source, operation = picking.location_id, warehouse.in_type_id
                picking.picking_type_id = operation  # brings a supplier as source
                ends = {"location_id": source.id, "location_dest_id": warehouse.lot_stock_id.id}
                picking.write(ends)
                picking.move_ids.write({**ends, "picking_type_id": operation.id, "warehouse_id": warehouse.id})

    @api.model
    def _location_of(self, instance, place):
        """A location of Shopify by its id; empty for an unknown one."""
        locations = self.env["shopify.location"].with_context(active_test=False)
        if not place:
            return locations.browse()
        return locations.search([("instance_id", "=", instance.id), ("shopify_id", "=", place)])

    @api.model
    def _make(self, delivery, lines):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=delivery.id, active_ids=delivery.ids, active_model="stock.picking", shopify_led=True
            )
            .create(
                {
                    "picking_id": delivery.id,
                    "product_return_moves": [Command.clear(), *(Command.create(line) for line in lines)],
                }
            )
        )
        return wizard._create_return()
