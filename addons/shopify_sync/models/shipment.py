"""Shipments that Shopify made, taken over as validated deliveries (rules, sections 4.2 and 4.3)."""

from odoo import api, models
from odoo.tools import float_compare


class ShopifyShipment(models.AbstractModel):
    """Validates deliveries for the units that Shopify's fulfilments shipped; the rest stays as a backorder."""

    _name = "shopify.shipment"
    _description = "Shopify Shipments Taken Over"

    @api.model
    def _take_over(self, instance, sale_orders, mapped):
        """Validate each fulfilment that was not taken over yet.

        :param mapped: {Shopify order id: mapping.Order}
        """
        todo = []
        for sale_order in sale_orders:
            order = mapped.get(sale_order.shopify_order_id)
            taken = set((sale_order.shopify_shipped_ref or "").split(","))
            todo += [
                (sale_order, fulfillment)
                for fulfillment in (order.fulfillments if order else ())
                if fulfillment.shopify_id not in taken
            ]
        # the second shipment of an order waits for the backorder of its first: one round each
        while todo:
            this_round, rest, seen = [], [], set()
            for sale_order, fulfillment in todo:
                (rest if sale_order.id in seen else this_round).append((sale_order, fulfillment))
                seen.add(sale_order.id)
            self._validate(instance, this_round)
            todo = rest

    @api.model
    def _validate(self, instance, shipments):
        """Validate the open delivery of each order for what one fulfilment shipped."""
        pickings = self.env["stock.picking"]
        dates = {}
        for sale_order, fulfillment in shipments:
            refs = [ref for ref in (sale_order.shopify_shipped_ref or "").split(",") if ref]
            sale_order.shopify_shipped_ref = ",".join([*refs, fulfillment.shopify_id])
            for picking in self._pick(instance, sale_order, fulfillment):
                pickings += picking
                dates[picking.id] = fulfillment
        if not pickings:
            return
        carriers = {picking.id: picking.carrier_id for picking in pickings}
        # a carrier of Odoo must not be asked for a label: the parcel is on its way
        pickings.carrier_id = False
        pickings.with_context(skip_backorder=True, skip_sms=True, skip_immediate=True)._action_done()
        for picking in pickings:
            fulfillment = dates[picking.id]
            picking.write(
                {
                    "carrier_id": carriers[picking.id].id,
                    "carrier_tracking_ref": ", ".join(item.number for item in fulfillment.tracking if item.number)
                    or False,
                    "shopify_fulfillment_ref": fulfillment.shopify_id,
                    "shopify_sent": True,
                    "date_done": fulfillment.created_at or picking.date_done,
                }
            )
            picking.move_ids.date = picking.date_done

    @api.model
    def _pick(self, instance, sale_order, fulfillment):
        """Set the units of a fulfilment as picked on the order's open deliveries.

        :return: the deliveries that can be validated
        """
        left = dict(fulfillment.units)
        moves = sale_order.order_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.picking_id.picking_type_code == "outgoing"
        )
        ready = self.env["stock.picking"]
        for picking, of_picking in moves.grouped("picking_id").items():
            reason = self._not_by_itself(instance, of_picking, left)
            if reason:
                picking.shopify_manual_action = reason
                continue
            picked = self.env["stock.move"]
            for move in of_picking:
                line_id = move.sale_line_id.shopify_line_id
                units = min(left.get(line_id, 0), move.product_uom_qty)
                if not units:
                    continue
                left[line_id] -= units
                move.quantity = units
                picked += move
            if picked:
                picked.picked = True
                (of_picking - picked).picked = False
                ready += picking
        return ready

    @api.model
    def _not_by_itself(self, instance, moves, units):
        """Why a delivery must wait for a person; '' when it need not."""
        shipped = moves.filtered(lambda move: units.get(move.sale_line_id.shopify_line_id))
        tracked = shipped.filtered(lambda move: move.product_id.tracking != "none")
        if tracked:
            return self.env._(
                "Shopify shipped this: enter the lot of %(count)s units of %(product)s, then validate.",
                count=tracked[0].product_uom_qty,
                product=tracked[0].product_id.display_name,
            )
        if not instance.ship_without_stock:
            short = shipped.filtered(
                lambda move: (
                    move.product_id.is_storable
                    and float_compare(move.quantity, units[move.sale_line_id.shopify_line_id], precision_digits=6) < 0
                )
            )
            if short:
                return self.env._(
                    "Shopify shipped this, but Odoo has no stock of %s. Correct the stock, then validate.",
                    short[0].product_id.display_name,
                )
        return ""
