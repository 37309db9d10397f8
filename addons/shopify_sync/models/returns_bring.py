"""Returns of Shopify: shown on the order, their goods brought back (rules, section 15.5)."""

from collections import Counter, defaultdict

from odoo import api, models

from ..mapping import units_back


class ShopifyReturns(models.AbstractModel):
    _inherit = "shopify.returns"

    @api.model
    def _bring(self, instance, sale_order, order):
        """Bring the returns of an order to what Shopify says now; twice changes nothing.

        What was restocked becomes return transfers, each unit once, whether a return or a refund tells of it first.
        No money moves here.

        :param order: mapping.Order, Shopify's present state
        """
        if not order.returns_known:
            self._note_hidden(instance, sale_order, order)
            return
        self.env["shopify.log.line"]._resolve(records=sale_order, causes=["returns_hidden"])
        rows = self._rows(instance, sale_order, order)
        left = self._left(sale_order, order) if order.returns else {}
        for one in order.returns:
            row = rows[one.shopify_id]
            missing = self._missing(sale_order, row, one, order)
            state, message = self._decide(instance, sale_order, row, one, order, missing, left)
            if state == "attention" != row.state:
                self._call_person(instance, row, message)
            if (row.state, row.message) != (state, message):
                row.write({"state": state, "message": message})

    @api.model
    def _note_hidden(self, instance, sale_order, order):
        """The app may not read returns: said, with the permission to add; the order itself is right."""
        self.env["shopify.refunds"]._log(
            instance,
            sale_order,
            "returns_hidden",
            "warning",
            self.env._(
                "Order %s has a return in Shopify that could not be read: the app lacks the permission read_returns. Add "
                "it to the app at Shopify, then use Check Connection on the store. Until then its goods are not brought back.",
                order.name,
            ),
        )

    @api.model
    def _rows(self, instance, sale_order, order):
        """{return id: shopify.order.return}, made when missing, with Shopify's present figures. One that Shopify does not
        show any more was cancelled or declined."""
        rows = self.env["shopify.order.return"]
        known = {row.shopify_id: row for row in sale_order.shopify_return_ids}
        to_create = []
        for one in order.returns:
            values = rows._prepare(one, order.refunds)
            row = known.pop(one.shopify_id, None)
            if row is None:
                base = {"order_id": sale_order.id, "instance_id": instance.id, "shopify_id": one.shopify_id}
                to_create.append({**base, **values})
                continue
            changed = {key: value for key, value in values.items() if row[key] != value}
            if changed:
                row.write(changed)
        for row in known.values():
            self._gone(instance, row)
        rows.create(to_create)
        return {row.shopify_id: row for row in sale_order.shopify_return_ids}

    @api.model
    def _gone(self, instance, row):
        if row.status in ("requested", "open", "closed"):
            row.status = "canceled"
        state, message = self._after_cancelling(row)
        if state == "attention" != row.state:
            self._call_person(instance, row, message)
        if (row.state, row.message) != (state, message):
            row.write({"state": state, "message": message})

    # Goods

    @api.model
    def _left(self, sale_order, order):
        """{sale.order.line: units that are with the customer in Odoo and not in Shopify}.

        Units that Shopify restocked are to come back; those a transfer has brought already, or will, are not with the
        customer any more.
        """
        shipped = Counter()
        for fulfillment in order.fulfillments:
            for line_id, units in fulfillment.units:
                shipped[line_id] += units
        back = units_back(order.returns, order.refunds)
        return {
            line: self._with_customer(line) - max(shipped[line.shopify_line_id] - back.get(line.shopify_line_id, 0), 0)
            for line in sale_order.order_line
            if line.shopify_line_id and line.product_id.type == "consu"
        }

    @api.model
    def _with_customer(self, line):
        """Units delivered, less those that came back or are on their way back."""
        units = 0.0
        for move in line.move_ids.filtered(lambda move: move.state != "cancel"):
            if move.origin_returned_move_id and move.location_id.usage == "customer":
                units -= move.quantity if move.state == "done" else move.product_uom_qty
            elif move.state == "done" and move.location_dest_id.usage == "customer":
                units += move.quantity
        return units

    @api.model
    def _missing(self, sale_order, row, one, order):
        """{(sale.order.line, Shopify location): units restocked by this return that none of its transfers brings}."""
        if not one.stands:
            return {}
        brought = Counter()
        for move in row.picking_ids.move_ids.filtered(lambda move: move.state != "cancel"):
            brought[move.sale_line_id] += move.quantity if move.state == "done" else move.product_uom_qty
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        found = {}
        for line_id, (units, place) in one.restocked(order.refunds).items():
            line = lines.get(line_id)
            if line and line.product_id.type == "consu" and units > brought[line]:
                found[line, place] = units - brought[line]
        return found

    @api.model
    def _decide(self, instance, sale_order, row, one, order, missing, left):
        """(state, message) of a return, after what can be brought back was brought back.

        :param left: see `_left`; lowered by what is brought back
        """
        if not one.stands:
            return self._after_cancelling(row)
        if sale_order.shopify_baseline:
            return "left_out", self.env._("This order was taken over from elsewhere: its goods are kept by hand.")
        if not instance.return_create and missing:
            return "left_out", self.env._("The store makes no return transfers.")
        if sale_order.state == "sale" and missing:
            self._bring_back(instance, sale_order, row, missing, left)
            missing = {key: units for key, units in missing.items() if units}
        alive = row.picking_ids.filtered(lambda picking: picking.state != "cancel")
        if sale_order.state != "cancel" and any(self._waits(line, order) for line, _place in missing):
            return "waiting", self.env._("Its items are not delivered in Odoo yet; the return follows the delivery.")
        if alive:
            return "moved", False
        return "none", self._why_nothing(one)

    @api.model
    def _waits(self, line, order):
        """Whether Odoo has still to deliver what Shopify shipped of a line."""
        if line.order_id.state != "sale":
            return True
        open_units = sum(
            move.product_uom_qty
            for move in line.move_ids
            if move.state not in ("done", "cancel")
            and (move.location_final_id or move.location_dest_id).usage == "customer"
        )
        wanted = next((one.unfulfilled for one in order.lines if one.line_id == line.shopify_line_id), 0)
        return open_units > wanted

    @api.model
    def _bring_back(self, instance, sale_order, row, missing, left):
        """Make the transfers, one for each place; `missing` and `left` are lowered by what they bring."""
        by_place = defaultdict(dict)
        for line, place in missing:
            taken = min(missing[line, place], max(left.get(line, 0), 0))
            if taken:
                by_place[place][line] = taken
                left[line] -= taken
                missing[line, place] -= taken
        for place, units in by_place.items():
            row.picking_ids += self._return(
                instance,
                sale_order,
                units,
                validate=instance.return_validate,
                return_ref=row.shopify_id,
                place=place,
            )

    @api.model
    def _why_nothing(self, one):
        if one.status == "requested" or not one.received:
            return False
        if one.units_received("not_restocked", "missing", "processing_required"):
            return self.env._("Received and not put on the shelf: no stock moves.")
        return self.env._("Its units came back with a refund, or were never delivered by Odoo.")

    # What a person has to decide

    @api.model
    def _after_cancelling(self, row):
        """(state, message) of a return that does not stand; nothing that moved is undone."""
        alive = row.picking_ids.filtered(lambda picking: picking.state != "cancel")
        if not alive:
            return "none", False
        return "attention", self.env._(
            "Cancelled in Shopify after %s was made. If the goods are not here, cancel it or send them again.",
            ", ".join(alive.mapped("name")),
        )

    @api.model
    def _call_person(self, instance, row, message):
        """An activity on the transfers and an error in the log, once."""
        order = row.order_id
        text = self.env._(
            "Return %(name)s of order %(order)s: %(message)s", name=row.name, order=order.name, message=message
        )
        for picking in row.picking_ids.filtered(lambda picking: picking.state != "cancel"):
            self.env["shopify.task"]._ask(instance, picking, f"return_cancelled:{row.id}", text)
        self.env["shopify.refunds"]._log(instance, order, "return_cancelled", "error", text)
