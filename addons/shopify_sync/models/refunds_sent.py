"""Refunds that were sent from Odoo: known again when Shopify tells of them, so that none is credited twice.

A refund may come back before the answer to our own request is written: the answer was lost, or a webhook was quicker.
It is then recognised by the number of its credit note, with which its note in Shopify ends.
"""

import json
from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

#: Shopify's clock and this server's may differ by as much; a cancellation and its refund are as close.
CLOCKS = timedelta(minutes=10)


class ShopifyRefunds(models.AbstractModel):
    _inherit = "shopify.refunds"

    @api.model
    def _bring(self, instance, sale_order, order):
        result = super()._bring(instance, sale_order, order)
        rows = {row.shopify_id: row for row in sale_order.shopify_refund_ids if row.sent and not row.came_back}
        for refund in order.refunds:
            if refund.shopify_id in rows:
                self._came_back(instance, rows[refund.shopify_id], order, refund)
        return result

    @api.model
    def _rows(self, instance, sale_order, order):
        known = set(sale_order.shopify_refund_ids.mapped("shopify_id"))
        rows = super()._rows(instance, sale_order, order)
        new = [refund for refund in order.refunds if refund.shopify_id not in known]
        for ident, values in self._sent_from_odoo(instance, sale_order, new).items():
            rows[ident].write(values)
        return rows

    @api.model
    def _prepare_move(self, instance, row, order, refund):
        return {**super()._prepare_move(instance, row, order, refund), "shopify_refund_state": "received"}

    @api.model
    def _note_sent(self, instance, move, refund_id, result):
        """Shopify has made the refund of a credit note. Twice changes nothing.

        :param result: the refund as Shopify answered it
        """
        handler = self.env["shopify.handler.refund"]
        sale_order = self._order_of(instance, move.shopify_order_id)
        row = sale_order.shopify_refund_ids.filtered(lambda one: one.shopify_id == refund_id)
        if not row:
            self.env["shopify.order.refund"].create(
                {
                    "order_id": sale_order.id,
                    "instance_id": instance.id,
                    "shopify_id": refund_id,
                    "currency_id": sale_order.currency_id.id,
                    "amount": handler._amount(sale_order, result["totalRefundedSet"]),
                    "processed_at": handler._moment(result),
                    "note": result["note"] or False,
                    "state": "credited",
                    "move_id": move.id,
                    "sent": True,
                }
            )
        if move.shopify_refund_id != refund_id:
            move.write({"shopify_refund_id": refund_id, "shopify_refund_state": "sent"})
            move._message_log(body=self.env._("Refunded in Shopify, refund %s.", refund_id))

    @api.model
    def _order_of(self, instance, shopify_order_id):
        return self.env["sale.order"].search(
            [("shopify_instance_id", "=", instance.id), ("shopify_order_id", "=", shopify_order_id)]
        )

    @api.model
    def _sent_from_odoo(self, instance, sale_order, refunds):
        """Which refunds that Odoo sees for the first time were sent from Odoo.

        :param refunds: mapping.Refund not known yet
        :return: {refund id: values of its `shopify.order.refund`}
        """
        if not refunds:
            return {}
        lines = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", ("refund", "order_cancel")),
                ("shopify_id", "=", sale_order.shopify_order_id),
                ("sent_at", "!=", False),
            ]
        )
        found = {}
        for line in lines:
            # raw data are hidden from users; the job compares them
            payload = json.loads(line.sudo().payload or "{}")
            move = self.env["account.move"].browse(payload.get("move_id") or ()).exists()
            if move.state != "posted" or move.shopify_refund_id:
                continue
            own = [
                refund
                for refund in refunds
                if refund.shopify_id not in found and self._is_of(sale_order, line, payload, move, refund)
            ]
            if own:
                refund = max(own, key=lambda one: self._same_money(move, one))
                found[refund.shopify_id] = {"state": "credited", "move_id": move.id, "sent": True}
                self._recognise(line, move, refund)
        return found

    @api.model
    def _same_money(self, move, refund):
        return not move.currency_id.compare_amounts(move.amount_total, float(refund.refunded))

    @api.model
    def _is_of(self, sale_order, line, payload, move, refund):
        """Whether a refund is what the line asked for: by the credit note's number in its note. The one that a
        cancellation makes has no note of ours: it is known by its time, or by its money."""
        if line.kind == "refund":
            return payload["marker"] in (refund.note or "")
        if not (refund.moves_money and payload["variables"].get("refundMethod")):
            return False
        same_money, at = self._same_money(move, refund), refund.processed_at
        cancelled_at = sale_order.shopify_cancelled_at
        if cancelled_at and line.state in ("draft", "done"):
            return same_money or bool(at and abs(at - cancelled_at) <= CLOCKS)
        # Shopify may give the money back before it calls the order cancelled, and although its job fails
        return same_money and bool(at and at >= line.create_date - CLOCKS)

    @api.model
    def _recognise(self, line, move, refund):
        move.write({"shopify_refund_id": refund.shopify_id, "shopify_refund_state": "sent"})
        if line.kind == "refund" and line.state in ("draft", "failed"):
            line.write({"maybe_done": False})
            line._set_done({line.id: move})

    @api.model
    def _came_back(self, instance, row, order, refund):
        """Shopify tells of a refund that was sent from Odoo: its goods are moved, once; its credit note is there. Its
        money is compared when all of it has arrived."""
        if row.move_id.shopify_refund_state == "sent":
            row.move_id.shopify_refund_state = "received"
        self._move_goods(instance, row, order, refund)
        if row.pending:
            return
        row.came_back = True
        self._round_cash(instance, row, refund)
        sale_order = row.order_id
        if self._leaves_a_rest(row):
            self._log(
                instance,
                sale_order,
                "refund_other_amount",
                "warning",
                self.env._(
                    "Order %(order)s: credit note %(move)s is over %(credit)s, Shopify gave back %(money)s.",
                    order=order.name,
                    move=row.move_id.name,
                    credit=row.move_id.currency_id.format(row.move_id.amount_total),
                    money=row.currency_id.format(row.amount),
                ),
            )

    @api.model
    def _leaves_a_rest(self, row):
        """Whether the credit note is over more or less than Shopify gave back, and an invoice that was not paid does not
        explain it."""
        move = row.move_id
        compare = move.currency_id.compare_amounts
        rows = row.order_id.shopify_payment_ids.filtered(lambda one: one.refund_id == row)
        given = sum(rows.mapped("amount")) or row.amount  # with cash rounding
        if row.order_id.currency_id != move.currency_id or not compare(move.amount_total, given):
            return False
        if not compare(move.amount_total, row.amount) and not move.amount_residual:
            return False
        waits = 0.0 if rows.filtered("registered") else given
        return compare(move.amount_total, given) < 0 or compare(move.amount_residual, waits) != 0

    @api.model
    def _less_returned_by_hand(self, row, back):
        """What is left to return of a refund sent from Odoo, after the returns that a person made there already; those
        belong to the refund from now on.

        :param back: {sale.order.line: units}
        """
        if not row.sent:
            return back
        by_hand = row.order_id.picking_ids.filtered(
            lambda one: one.picking_type_code == "incoming" and one.state != "cancel" and not one.shopify_refund_id
        )
        left = dict(back)
        for picking in by_hand:
            moves = picking.move_ids.filtered(lambda move: left.get(move.sale_line_id) and move.state != "cancel")
            for move in moves:
                units = move.quantity if move.state == "done" else move.product_uom_qty
                left[move.sale_line_id] = max(left[move.sale_line_id] - units, 0)
            if moves:
                picking.shopify_refund_id = row.shopify_id
                row.picking_ids += picking
        return {line: units for line, units in left.items() if units > 0}

    @api.model
    def _paid_by_hand(self, row, item):
        """Whether a person has paid the credit note back in Odoo already: Shopify's transaction makes no payment then.

        :param item: mapping.RefundTransaction; the credit note may know of its cash rounding, or not
        """
        least = float(item.amount + min(item.rounding, 0))
        return row.sent and row.move_id.currency_id.compare_amounts(row.move_id.amount_residual, least) < 0

    @api.model
    def _round_cash(self, instance, row, refund):
        """Cash is rounded when it is given back; a credit note made before does not know, so that the difference has a
        document of its own."""
        note, off = row.move_id, float(refund.rounding)
        given = float(refund.refunded + refund.rounding)
        paid_back = row.order_id.shopify_payment_ids.filtered(lambda one: one.refund_id == row).payment_id
        if not off or not paid_back or note.currency_id.compare_amounts(note.amount_total + off, given):
            return
        product = instance.product_rounding_id
        line = {"product_id": product.id, "name": self.env._("Cash rounding"), "quantity": 1, "price_unit": abs(off)}
        move = self.env["account.move"].create(
            {
                "move_type": "out_refund" if off > 0 else "out_invoice",
                "partner_id": note.partner_id.id,
                "currency_id": note.currency_id.id,
                "journal_id": note.journal_id.id,
                "invoice_date": note.invoice_date,
                "invoice_origin": note.invoice_origin,
                "invoice_payment_term_id": False,
                "ref": self.env._("Cash rounding of %s", note.name),
                "shopify_instance_id": note.shopify_instance_id.id,
                "shopify_order_id": note.shopify_order_id,
                "shopify_order_name": note.shopify_order_name,
                "invoice_line_ids": [Command.create({**line, "tax_ids": [Command.clear()]})],
            }
        )
        move.action_post()
        row.order_id.invalidate_recordset(["invoice_ids", "invoice_count"])
        self._match(note + move + paid_back.move_id)
