"""Processing of order lines: map, check, resolve, write, run the workflow; each for the whole batch."""

import json
from dataclasses import replace
from decimal import Decimal

from odoo import api, models

from ..mapping import Refusal, read_order
from .operations import LANES
from .outcome import Outcome
from .spoken import spoken

#: Making documents from Shopify: no followers, no mails, no creation notes; one note says where they come from.
QUIET_DOCUMENTS = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "sale_no_log_for_new_lines": True,
}


class ShopifyHandlerOrder(models.AbstractModel):
    """Orders: how they are processed (here) and fetched (`handler_order_fetch.py`)."""

    _name = "shopify.handler.order"
    _description = "Shopify Order Handler"

    @api.model
    def _process(self, instance, lines):
        """Bring the orders of queue lines into Odoo.

        :param lines: claimed lines of one store
        :return: {line id: Outcome}
        """
        outcomes, orders = self._read_lines(instance, lines)
        known = self._known(instance, orders.values())
        new = {line: order for line, order in orders.items() if order.shopify_id not in known}
        self._leave_out(instance, new, outcomes)
        wanted = {**new, **{line: order for line, order in orders.items() if order.shopify_id in known}}
        if not wanted:
            return outcomes
        self._leave_older(instance, wanted, known, outcomes)
        if not wanted:
            return outcomes
        self.env["shopify.order.details"]._follow_guests(instance, wanted.values(), known)
        resolved = self._check(instance, wanted, outcomes, known)
        new = {line: order for line, order in new.items() if line in wanted}
        changed = {line: order for line, order in wanted.items() if line not in new}
        sale_orders = self._create_orders(instance, new, resolved, outcomes)
        sale_orders += self._update_orders(instance, changed, known, resolved, outcomes)
        self.env["shopify.workflow"]._run(instance, sale_orders, {order.shopify_id: order for order in wanted.values()})
        return outcomes

    @api.model
    def _read_lines(self, instance, lines):
        """Map the stored data: ({line id: Outcome of refused ones}, {line: mapping.Order})."""
        options = instance._mapping_options()
        outcomes, orders, seen = {}, {}, set()
        for line in lines:
            # raw data are hidden from users; the job reads them for whoever started it
            payload = line.sudo().payload
            try:
                order = read_order(json.loads(payload or "null", parse_float=Decimal), options)
            except (Refusal, ValueError) as error:
                reason = spoken(instance.env, error.words) if isinstance(error, Refusal) else str(error)
                outcomes[line.id] = Outcome.failure("data", "unreadable", reason)
                continue
            if order.shopify_id in seen:
                outcomes[line.id] = Outcome("later", self.env._("The same order is being imported by another line."))
                continue
            seen.add(order.shopify_id)
            orders[line] = order
        return outcomes, orders

    @api.model
    def _stored(self, instance, sale_orders, as_ordered=True):
        """The state of orders that Shopify last told, from their queue lines.

        :param as_ordered: cancelled orders are read as they were ordered; else as what is left of them
        :return: {Shopify order id: mapping.Order}; orders whose lines were cleaned up are left out
        """
        options = replace(instance._mapping_options(), cancelled_as_ordered=as_ordered)
        # raw data are hidden from users; the steps they release need them
        lines = (
            self.env["shopify.queue.line"]
            .sudo()
            .search(
                [
                    ("instance_id", "=", instance.id),
                    ("kind", "in", LANES["orders"]),
                    ("shopify_id", "in", sale_orders.mapped("shopify_order_id")),
                ],
                order="payload_updated_at, id",
            )
        )
        newest = {line.shopify_id: line.payload for line in lines if line.payload}  # the last one wins
        return {
            shopify_id: read_order(json.loads(payload, parse_float=Decimal), options)
            for shopify_id, payload in newest.items()
        }

    @api.model
    def _resolve_for(self, instance, orders):
        """Odoo's records for orders that were imported before: nothing is refused any more."""
        resolver = self.env["shopify.resolve.order"]
        resolved = resolver._resolve_settings(instance, orders)
        resolved.products = self.env["shopify.resolve.product"]._resolve(instance, orders)
        resolver._resolve_rest(instance, orders, resolved)
        return resolved

    @api.model
    def _known(self, instance, orders):
        """{Shopify order id: sale order} of orders that Odoo has."""
        found = self.env["sale.order"].search(
            [
                ("shopify_instance_id", "=", instance.id),
                ("shopify_order_id", "in", [order.shopify_id for order in orders]),
            ]
        )
        return {order.shopify_order_id: order for order in found}

    @api.model
    def _leave_out(self, instance, new, outcomes):
        checks = self.env["shopify.order.checks"]
        for line, order in list(new.items()):
            outcome = checks._left_out(instance, order, by_id=line.queue_id.source == "by_id")
            if outcome:
                outcomes[line.id] = outcome
                del new[line]

    @api.model
    def _check(self, instance, wanted, outcomes, known):
        """Take out the orders that cannot be brought yet; resolve everything for the others.

        A confirmed order keeps its workflow when its new status is not mapped: its payments and refunds must not wait.

        :param known: {Shopify order id: sale order} of orders that Odoo has
        :return: Resolved
        """
        checks = self.env["shopify.order.checks"]
        resolver = self.env["shopify.resolve.order"]
        resolved = resolver._resolve_settings(instance, list(wanted.values()))
        for line, order in list(wanted.items()):
            sale_order = known.get(order.shopify_id)
            goes_on = sale_order and sale_order.state not in ("draft", "sent") and sale_order.shopify_workflow_id
            outcome = None if goes_on else checks._workflow_missing(instance, order, resolved)
            outcome = outcome or checks._tax_missing(instance, order, resolved)
            if outcome:
                outcomes[line.id] = outcome
                del wanted[line]
        resolved.products = self.env["shopify.resolve.product"]._resolve(instance, list(wanted.values()))
        for line, order in list(wanted.items()):
            outcome, to_fetch = checks._product_missing(instance, order, resolved)
            if to_fetch:
                outcome = Outcome("later", self.env._("Its products are read from Shopify first."))
                outcome.needs = to_fetch
            if outcome:
                outcomes[line.id] = outcome
                del wanted[line]
        resolver._resolve_rest(instance, list(wanted.values()), resolved)
        return resolved

    @api.model
    def _leave_older(self, instance, wanted, known, outcomes):
        """Take out states of known orders that are older than what Odoo has: they make nothing, not even a contact."""
        changed = [order.shopify_id for order in wanted.values() if order.shopify_id in known]
        newest = self._newest_state_ids(instance, changed) if changed else {}
        for line, order in list(wanted.items()):
            sale_order = known.get(order.shopify_id)
            known_at = sale_order and sale_order.shopify_updated_at
            outrun = known_at and order.updated_at == known_at and newest[order.shopify_id] != line.id
            if outrun or (known_at and order.updated_at < known_at):
                outcomes[line.id] = Outcome.done(sale_order, self.env._("Odoo has a newer state of this order."))
                del wanted[line]

    # New orders

    @api.model
    def _create_orders(self, instance, new, resolved, outcomes):
        """Create all orders of the batch at once, with their payments; cancelled ones are cancelled."""
        if not new:
            return self.env["sale.order"]
        writer = self.env["shopify.order.writer"]
        sale_orders = (
            self.env["sale.order"]
            .with_context(**QUIET_DOCUMENTS)
            .create([writer._prepare_order(instance, order, resolved) for order in new.values()])
        )
        self._link_discounts(sale_orders)
        pairs = list(zip(new.items(), sale_orders, strict=True))
        payments = []
        for (_line, order), sale_order in pairs:
            payments += writer._prepare_payments(instance, sale_order, order, resolved)
            if sale_order.shopify_risk_state in ("held", "pending"):
                sale_order.shopify_held_since = order.updated_at
        self.env["shopify.order.payment"].create(payments)
        for (line, order), sale_order in pairs:
            outcomes[line.id] = Outcome.done(sale_order)
            self._control_total(instance, sale_order, order, outcomes[line.id])
            self._note(order, sale_order, resolved, outcomes[line.id])
        sale_orders.filtered("shopify_cancelled_at").with_context(disable_cancel_warning=True)._action_cancel()
        sale_orders._message_log_batch(
            bodies={
                sale_order.id: self.env._(
                    "Imported from %(store)s, order %(order)s.", store=instance.name, order=order.name
                )
                for (_line, order), sale_order in pairs
            }
        )
        return sale_orders

    @api.model
    def _link_discounts(self, sale_orders):
        """Discounts and duties point at the line they belong to; their key starts with its key."""
        by_key = {(line.order_id.id, line.shopify_line_id): line for line in sale_orders.order_line}
        per_main = {}
        for line in sale_orders.order_line:
            if line.shopify_line_type == "discount":
                main = by_key.get((line.order_id.id, line.shopify_line_id.rsplit("/discount/", 1)[0]))
                if main:
                    per_main.setdefault(main, self.env["sale.order.line"])
                    per_main[main] += line
        for main, lines in per_main.items():
            lines.shopify_main_line_id = main

    @api.model
    def _control_total(self, instance, sale_order, order, outcome):
        """Compare what Odoo made of the order with what Shopify states, cent by cent."""
        writer = self.env["shopify.order.writer"]
        made = {item.name: item for item in writer._compare(sale_order, order)}
        if "total" in made and sale_order.shopify_total_state in ("ok", "rounded"):
            difference = float(made["total"].amount)
            if abs(difference) <= instance.total_tolerance:
                values = writer._prepare_rounding(instance, difference, 999)
                values["shopify_line_id"] = "rounding_difference_odoo"
                self.env["sale.order.line"].create({**values, "order_id": sale_order.id})
                sale_order.shopify_total_state = "rounded"
            else:
                sale_order.shopify_total_state = "differs"
            sale_order.shopify_total_difference = difference
        if made and not sale_order.shopify_total_note:
            sale_order.shopify_total_note = "\n".join(
                self.env._(
                    "%(figure)s: Shopify states %(stated)s, Odoo computes %(counted)s.",
                    figure=item.name.capitalize(),
                    stated=item.stated,
                    counted=item.counted,
                )
                for item in made.values()
            )
        if sale_order.shopify_total_state == "differs":
            outcome.note(
                "total_differs",
                self.env._(
                    "Order %(order)s: Shopify's figures do not add up (difference %(difference)s). It stays a "
                    "quotation until a manager accepts the difference or the data are corrected.",
                    order=order.name,
                    difference=sale_order.currency_id.format(sale_order.shopify_total_difference),
                ),
                severity="error",
                detail=sale_order.shopify_total_note,
                fix_action="order",
                fix_context={"res_id": sale_order.id},
            )

    @api.model
    def _control_again(self, instance, sale_order, order):
        """Compare the totals anew after a person has applied changes; what a manager accepted stays accepted."""
        if sale_order.shopify_total_state == "accepted":
            return
        sale_order.write(self.env["shopify.order.writer"]._prepare_totals(instance, order))
        self._control_total(instance, sale_order, order, Outcome.done(sale_order))

    @api.model
    def _note(self, order, sale_order, resolved, outcome):
        """Warnings of what was taken over as well as it could be."""
        for cause, message in resolved.parties[order.shopify_id].notes:
            outcome.note(cause, self.env._("Order %(order)s: %(message)s", order=order.name, message=message))
        _term, missing = self.env["shopify.resolve.order"]._payment_term(order, resolved)
        if missing:
            outcome.note("payment_term", self.env._("Order %(order)s: %(message)s", order=order.name, message=missing))
        if order.buyer.is_anonymous and not order.is_pos:
            outcome.note(
                "no_personal_data",
                self.env._(
                    "Order %s came without name and e-mail; it is booked on the anonymous customer.", order.name
                ),
                severity="info",
            )
        if sale_order.shopify_risk_state == "held":
            self._note_held(sale_order, order, outcome)

    @api.model
    def _note_held(self, sale_order, order, outcome):
        outcome.note(
            "risk_held",
            self.env._("Order %s is held because Shopify finds it risky.", order.name),
            fix_action="order",
            fix_context={"res_id": sale_order.id},
        )

    # Known orders

    @api.model
    def _update_orders(self, instance, changed, known, resolved, outcomes):
        """Bring known orders to what Shopify says now: statuses, risk, lines, addresses, payments, cancellation.
        Shipments, invoices and refunds follow in the workflow."""
        result = self.env["sale.order"]
        if not changed:
            return result
        writer = self.env["shopify.order.writer"]
        for line, order in changed.items():  # known orders come a few at a time; each is compared on its own
            sale_order = known[order.shopify_id].with_context(**QUIET_DOCUMENTS)
            outcome = outcomes[line.id] = Outcome.done(sale_order)
            self._watch_risk(instance, sale_order, order, outcome)
            before, status = sale_order.shopify_risk_state, sale_order.shopify_financial_status
            self._update_header(instance, sale_order, order, resolved)
            if sale_order.shopify_risk_state == "held" != before:
                self._note_held(sale_order, order, outcome)
            self.env["shopify.refunds"]._release(sale_order, order)
            if not order.is_cancelled:
                self.env["shopify.order.changes"]._bring(instance, sale_order, order, resolved, outcome)
            self.env["shopify.order.payment"].create(writer._prepare_payments(instance, sale_order, order, resolved))
            left = self._what_is_left(instance, line, sale_order, order)
            self.env["shopify.order.cancel"]._bring(instance, sale_order, order, left, resolved, outcome)
            self.env["shopify.order.void"]._bring(instance, sale_order, order, status)
            result += sale_order
        return result

    @api.model
    def _newest_state_ids(self, instance, shopify_ids):
        """{Shopify id: id of the queue line with its newest data}; of two states of one second, the one read last."""
        lines = self.env["shopify.queue.line"].search_fetch(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", LANES["orders"]),
                ("shopify_id", "in", shopify_ids),
            ],
            ["shopify_id"],
            order="payload_updated_at, id",
        )
        return {line.shopify_id: line.id for line in lines}

    @api.model
    def _watch_risk(self, instance, sale_order, order, outcome):
        """A risk that rises to the threshold after the order was confirmed: said once, as long as goods are here."""
        known = (sale_order.shopify_risk_level, sale_order.shopify_risk_recommendation)
        risen = order.risk.state(instance.risk_hold_from) == "held" and known != (
            order.risk.level,
            order.risk.recommendation,
        )
        open_pickings = sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        if not risen or sale_order.state != "sale" or sale_order.shopify_risk_state == "confirmed" or not open_pickings:
            return
        text = self.env._("Stop this shipment: Shopify now finds order %s risky.", order.name)
        self.env["shopify.task"]._ask(instance, sale_order, "risk_rose", text)
        outcome.note("risk_rose", text, severity="error", fix_action="order", fix_context={"res_id": sale_order.id})

    @api.model
    def _what_is_left(self, instance, line, sale_order, order):
        """A cancelled order that was invoiced, read as what is left of it instead of as ordered; else None."""
        if not order.is_cancelled or not any(move.state == "posted" for move in sale_order.invoice_ids):
            return None
        options = replace(instance._mapping_options(), cancelled_as_ordered=False)
        return read_order(json.loads(line.sudo().payload, parse_float=Decimal), options)

    @api.model
    def _update_header(self, instance, sale_order, order, resolved):
        values = self.env["shopify.order.writer"]._prepare_header(instance, order, resolved)
        if not sale_order.shopify_baseline:
            values.update(self.env["shopify.order.changes"]._prepare_tags(sale_order, order, resolved))
        if sale_order.shopify_total_state == "accepted":
            for key in ("shopify_total_state", "shopify_total_difference", "shopify_total_note"):
                values.pop(key)
        held = values["shopify_risk_state"]
        if sale_order.shopify_risk_state == "confirmed":
            values["shopify_risk_state"] = "confirmed"  # an order confirmed by a person is not held again
        elif sale_order.shopify_risk_state in ("held", "pending") and held == "none":
            values["shopify_risk_state"] = "cleared"
        elif sale_order.state not in ("draft", "sent"):
            values["shopify_risk_state"] = sale_order.shopify_risk_state
        on_hold = ("held", "pending")
        if values["shopify_risk_state"] in on_hold and sale_order.shopify_risk_state not in on_hold:
            values["shopify_held_since"] = order.updated_at
        workflow = resolved.workflow(order, order.gateways.main)
        changed = sale_order.shopify_financial_status != order.financial_status
        if changed and workflow and not sale_order.shopify_workflow_by_hand:
            values["shopify_workflow_id"] = workflow.id  # steps not done yet follow the new status
            for row in sale_order.shopify_payment_ids.filtered(lambda row: not row.registered):
                row.workflow_id = resolved.workflow(order, row.gateway_id.code) or workflow
        sale_order.with_context(shopify_workflow_choice=True).write(values)
