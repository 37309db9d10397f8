"""Shipments that Shopify made, taken over as validated deliveries (rules, sections 4.2 and 4.3)."""

from dataclasses import replace

from odoo import api, models
from odoo.tools import float_compare

from ..mapping.shipping import spread_units


class ShopifyShipment(models.AbstractModel):
    """Validates deliveries for the units that Shopify's fulfilments shipped; the rest stays as a backorder."""

    _name = "shopify.shipment"
    _description = "Shopify Shipments Taken Over"

    @api.model
    def _take_over(self, instance, sale_orders, mapped):
        """Validate each fulfilment that was not taken over yet, unless a done delivery stands for it.

        :param mapped: {Shopify order id: mapping.Order}
        """
        todo = []
        for sale_order in sale_orders:
            order = mapped.get(sale_order.shopify_order_id)
            if not order:
                continue
            self._note_cancelled(instance, sale_order, order.cancelled_fulfillment_ids)
            taken = set(sale_order._shopify_fulfillment_ids())
            for fulfillment in order.fulfillments:
                if fulfillment.shopify_id not in taken:
                    units = self._known_again(instance, sale_order, fulfillment)
                    sale_order._shopify_note_fulfillment(fulfillment.shopify_id)
                    todo.append((sale_order, replace(fulfillment, units=tuple(units.items()))))
        # the second shipment of an order waits for the backorder of its first: one round each
        todo = [(sale_order, fulfillment) for sale_order, fulfillment in todo if fulfillment.units]
        while todo:
            this_round, rest, seen = [], [], set()
            for sale_order, fulfillment in todo:
                (rest if sale_order.id in seen else this_round).append((sale_order, fulfillment))
                seen.add(sale_order.id)
            self._validate(instance, this_round)
            todo = rest

    # Fulfilments that deliveries of Odoo stand for

    @api.model
    def _known_again(self, instance, sale_order, fulfillment):
        """A fulfilment that Odoo has sent, or that a person made in Shopify for what Odoo had delivered: the done
        deliveries that Shopify does not know yet take its units, whichever comes first, its answer or its import.

        :return: the units that no delivery stands for
        """
        ident, left = fulfillment.shopify_id, dict(fulfillment.units)
        for picking in sale_order.picking_ids:
            _theirs, left = spread_units(left, (picking.shopify_shipped_units or {}).get(ident, {}))
        done = sale_order.picking_ids.filtered(lambda picking: picking.state == "done" and not picking.shopify_sent)
        for picking in done.sorted("id"):
            if not picking._shopify_is_delivery():
                continue
            taken, left = spread_units(left, picking._shopify_missing_units())
            if taken:
                picking._shopify_note_shipped(ident, taken)
                if not picking._shopify_missing_units():
                    self._close(instance, picking, fulfillment)
        along = sale_order._shopify_service_lines().mapped("shopify_line_id")
        return {line: units for line, units in left.items() if line not in along}

    @api.model
    def _close(self, instance, picking, fulfillment):
        """Shopify knows the whole delivery: what waits to be sent of it is done, but for a number that is not there."""
        numbers = {parcel.number for parcel in fulfillment.tracking}
        tracked = numbers.issuperset(picking._shopify_numbers())
        picking._shopify_mark_sent()
        if not tracked and not any(numbers):
            picking.shopify_tracking_sent = False
            picking._shopify_tracking_changed()
            return
        self._close_line(instance, picking)

    @api.model
    def _close_line(self, instance, picking):
        line = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "fulfilment"),
                ("shopify_id", "=", picking._shopify_out_key()),
                ("state", "in", ("draft", "failed")),
            ]
        )
        line.maybe_done = False
        line._set_done({line.id: picking} if line else None)

    @api.model
    def _note_cancelled(self, instance, sale_order, cancelled):
        """Fulfilments cancelled in Shopify whose deliveries are done: flagged once, with an activity; those that Odoo has
        asked to cancel are simply cancelled."""
        logs = []
        for picking in sale_order.picking_ids:
            gone = cancelled & (picking.shopify_shipped_units or {}).keys()
            if not gone:
                continue
            if picking.shopify_cancel_asked:
                self.env["shopify.handler.shipment"]._note_cancelled_from_here(picking, gone)
                self._close_line(instance, picking)
                continue
            text = self.env._(
                "%(delivery)s (%(order)s): Shopify has cancelled this shipment. Stop the parcel if you can, or use 'Update "
                "order shipping status' to send it again.",
                delivery=picking.name,
                order=sale_order.shopify_order_name,
            )
            picking._shopify_forget_shipped(gone)
            picking.write({"shopify_sent": False, "shopify_tracking_sent": False})
            picking._shopify_mark_failed(text)
            logs.append(
                {
                    "process": self.env._("Shipments to Shopify"),
                    "cause": "fulfilment_cancelled",
                    "message": text,
                    "order_ref": sale_order.shopify_order_name,
                    "record_key": f"fulfilment:{picking._shopify_out_key()}",
                    "res_model": picking._name,
                    "res_id": picking.id,
                    "fix_action": "delivery",
                    "fix_context": {"res_id": picking.id},
                }
            )
        self.env["shopify.log.line"]._log(instance, logs)

    # Fulfilments that Shopify made

    @api.model
    def _validate(self, instance, shipments):
        """Validate the open delivery of each order for what one fulfilment shipped."""
        pickings = self.env["stock.picking"].with_context(shopify_incoming=True)
        of_picking = {}
        for sale_order, fulfillment in shipments:
            for picking in self._pick(instance, sale_order, fulfillment):
                pickings += picking.with_context(**pickings.env.context)
                of_picking[picking.id] = fulfillment
        if not pickings:
            return
        carriers = {picking.id: picking.carrier_id for picking in pickings}
        # a carrier of Odoo must not be asked for a label: the parcel is on its way
        pickings.carrier_id = False
        pickings.with_context(skip_backorder=True, skip_sms=True, skip_immediate=True)._action_done()
        for picking in pickings:
            fulfillment = of_picking[picking.id]
            picking.write(
                {
                    "carrier_id": carriers[picking.id].id,
                    "carrier_tracking_ref": ", ".join(item.number for item in fulfillment.tracking if item.number)
                    or False,
                    "date_done": fulfillment.created_at or picking.date_done,
                }
            )
            picking._shopify_mark_sent()
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
            reason = self._left_to_warehouse(instance, sale_order, fulfillment) or self._not_by_itself(
                instance, of_picking, left
            )
            shipped, picked = {}, self.env["stock.move"]
            for move in of_picking:
                line_id = move.sale_line_id.shopify_line_id
                units = min(left.get(line_id, 0), move.product_uom_qty)
                if not units:
                    continue
                left[line_id] -= units
                shipped[line_id] = shipped.get(line_id, 0) + units
                if not reason:
                    move.quantity = units
                    picked += move
            if shipped:
                picking._shopify_note_shipped(fulfillment.shopify_id, shipped)
            if reason:
                picking.shopify_manual_action = reason
            elif picked:
                picked.picked = True
                (of_picking - picked).picked = False
                ready += picking
        return ready

    @api.model
    def _left_to_warehouse(self, instance, sale_order, fulfillment):
        """What the store asks a person to do with a shipment made after the import of its order; '' when nothing."""
        since = sale_order.shopify_first_state_at or sale_order.create_date
        if instance.auto_ship or not fulfillment.created_at or fulfillment.created_at <= since:
            return ""
        return self.env._("Shopify shipped this: validate the delivery when its goods have left.")

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
