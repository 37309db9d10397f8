"""What Shopify answered to a shipment, written on the delivery; and the operation that sends all that waits."""

import time
from datetime import timedelta

from odoo import api, fields, models

from .handler_order_fetch import Page
from .handler_shipment import LOOK_AGAIN
from .outcome import Outcome
from .runner import REQUEST_SECONDS

#: Shopify routes a new order to its locations within seconds; after this long what the app does not see is not its own.
_ROUTED_AFTER = timedelta(hours=1)


class ShopifyHandlerShipment(models.AbstractModel):
    _inherit = "shopify.handler.shipment"

    # The operation

    @api.model
    def _fetch_page(self, instance, _run):
        """Queue what is due and send it, as far as one request of a person may take; the jobs go on with the rest."""
        queued = self.env["shopify.run.starter"]._in_own_transaction(instance, self._queue_due(instance))
        counts = {"done": 0, "failed": 0, "later": 0}
        until = time.monotonic() + REQUEST_SECONDS
        while time.monotonic() < until:
            states = self.env["shopify.runner"]._send_shipments(instance._for_jobs(), None, until)
            if not states:
                break
            for state in states:
                counts[state] = counts.get(state, 0) + 1
        message = self.env._(
            "%(queued)s to send: %(done)s done in Shopify, %(failed)s failed, %(later)s wait.", queued=queued, **counts
        )
        return Page(seen=queued, message=message)

    @api.model
    def _queue_due(self, instance):
        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            return env["stock.picking"]._shopify_queue_due(store) + env["sale.order"]._shopify_queue_services(store)

        return work

    @api.model
    def _store_records(self, run, _records):
        """Nothing is stored; what is left goes out by the store's job."""
        run.instance_id._wake_out()
        return 0

    # Results

    @api.model
    def _finish(self, line, result):
        """Write what Shopify answered.

        :return: Outcome, or None when it is to be looked at again
        """
        record = self.env[line.res_model].browse(line.res_id).exists()
        if not record or result["action"] == "nothing":
            return Outcome.done(record or None)
        record = record.with_context(shopify_incoming=True)
        if result["action"] == "tracking":
            record.shopify_tracking_sent = result["text"]
            record._shopify_solve()
            return self._and_then(line, record)
        if result["action"] == "cancel":
            return self._finish_cancel(line, record, result)
        if result["action"] == "ready":
            if not result["ready"]:
                return self._wait(line, record, self.env._("On hold in Shopify: %s", result["why"]))
            record.shopify_pickup_state = "ready"
            return self._and_then(line, record)
        return self._finish_shipment(line, record, result)

    @api.model
    def _finish_cancel(self, line, record, result):
        self._note_cancelled_from_here(record, result["cancelled"])
        return Outcome.done(record)

    @api.model
    def _note_cancelled_from_here(self, record, fulfillment_ids):
        record._shopify_forget_shipped(fulfillment_ids)
        record.write(
            {
                "shopify_cancel_asked": False,
                "shopify_sent": False,
                "shopify_tracking_sent": False,
                "shopify_send_state": "left_out",
                "shopify_send_note": self.env._("The shipment was cancelled in Shopify from here."),
            }
        )
        record._shopify_solve()
        record._message_log(body=self.env._("The shipment is cancelled in Shopify."))

    @api.model
    def _finish_shipment(self, line, record, result):
        self._note_made({"res_model": line.res_model, "res_id": line.res_id}, result["made"])
        if result.get("cancelled"):
            note = self.env._("Order %s is cancelled in Shopify: the shipment was not sent.", result["order_name"])
            record._shopify_mark_left_out(note)
            record._shopify_ask_stop(note)
            return Outcome("skipped", note, cause="order_cancelled", record=record)
        plan = result["plan"]
        known = self._take_known(record, result, plan)
        if plan.excess:
            return self._excess(line, record, plan)
        notes = self._notes(record, plan, known)
        if plan.waiting:
            return self._wait(line, record, " ".join([self._why_waiting(plan, result["order"]), *notes]), result)
        if plan.hidden and not self._is_routed(result):
            return self._wait(line, record, self.env._("Shopify has not yet assigned all units to a location."), result)
        if not result["made"] and not known and (plan.service or plan.hidden):
            record._shopify_mark_left_out(" ".join(notes))
            return Outcome("skipped", " ".join(notes), cause="fulfilment_service", record=record)
        record._shopify_mark_sent(" ".join(notes))
        return self._and_then(line, record, " ".join(notes))

    @api.model
    def _note_made(self, job, made):
        """Write fulfilments on the delivery and its order, so that they are known when they come back. One that does
        not fit any more (another shipment has taken its place) is left to the import."""
        record = self.env[job["res_model"]].browse(job["res_id"])
        record._shopify_note_made(made)

    @api.model
    def _take_known(self, record, result, plan):
        """Units that Shopify had shipped already are this delivery; their fulfilments are written on it.

        :return: how many units
        """
        left = dict(plan.known)
        for ident, units in result.get("unclaimed", []):
            taken = {line: min(count, left.get(line, 0)) for line, count in units.items() if left.get(line)}
            if taken:
                record._shopify_note_shipped(ident, taken)
                left = {line: count - taken.get(line, 0) for line, count in left.items()}
        return sum(plan.known.values())

    @api.model
    def _excess(self, line, record, plan):
        """More was delivered than Shopify wants: what is open was sent; both numbers for each line."""
        delivered, known = record._shopify_units(), record._shopify_known_units()
        names = record._shopify_line_names()
        rows = [
            self.env._(
                "%(product)s: delivered %(delivered)s, open in Shopify %(open)s.",
                product=names.get(line_id) or line_id,
                delivered=delivered[line_id],
                open=known.get(line_id, 0),
            )
            for line_id in plan.excess
        ]
        return Outcome.failure(
            "data",
            "more_than_open",
            self.env._(
                "%(what)s: more was delivered than Shopify still wants to be shipped. %(rows)s Correct the order in Shopify, "
                "or set this to completed.",
                what=line.reference,
                rows=" ".join(rows),
            ),
            fix_action="delivery",
            fix_context={"res_id": record.id},
        )

    @api.model
    def _notes(self, record, plan, known):
        notes = []
        if known == 1:
            notes.append(self.env._("One unit was shipped in Shopify already."))
        elif known:
            notes.append(self.env._("%s units were shipped in Shopify already.", known))
        service, hidden = sum(plan.service.values()), sum(plan.hidden.values())
        if service == 1:
            notes.append(self.env._("One unit belongs to a fulfilment service and was not sent."))
        elif service:
            notes.append(self.env._("%s units belong to a fulfilment service and were not sent.", service))
        if hidden == 1:
            notes.append(self.env._("One unit is in no fulfilment order that the app may see and was not sent."))
        elif hidden:
            notes.append(
                self.env._("%s units are in no fulfilment order that the app may see and were not sent.", hidden)
            )
        foreign = record._shopify_foreign_units()
        if foreign == 1:
            notes.append(self.env._("One unit is of no line of the Shopify order and was not sent."))
        elif foreign:
            notes.append(self.env._("%g units are of no line of the Shopify order and were not sent.", foreign))
        return notes

    @api.model
    def _why_waiting(self, plan, order):
        held = [
            one for one in order.fulfillment_orders if one.waits and any(x.line_id in plan.waiting for x in one.lines)
        ]
        reasons = []
        for one in held:
            if one.status == "SCHEDULED" and one.fulfill_at:
                reasons.append(self.env._("scheduled for %s (UTC)", one.fulfill_at))
            else:
                reasons.append(one.reason or self.env._("on hold"))
        count, reason = sum(plan.waiting.values()), ", ".join(dict.fromkeys(reasons))
        if count == 1:
            return self.env._("One unit waits in Shopify: %(reason)s.", reason=reason)
        return self.env._("%(count)s units wait in Shopify: %(reason)s.", count=count, reason=reason)

    @api.model
    def _is_routed(self, result):
        created = result["created_at"]
        return not created or created < fields.Datetime.now() - _ROUTED_AFTER

    @api.model
    def _wait(self, line, record, why, result=None):
        """Look again in a quarter of an hour, or when Shopify opens it if that is sooner."""
        if line.state != "draft":
            return Outcome.done(record)
        now = fields.Datetime.now()
        moment = now + LOOK_AGAIN
        groups = result["order"].fulfillment_orders if result else ()
        opens = [one.fulfill_at for one in groups if one.waits and one.fulfill_at and one.fulfill_at > now]
        line.write({"message": why, "next_attempt_at": min([moment, *opens]), "attempts": 0})
        record._shopify_mark_waiting(why)
        return None

    @api.model
    def _and_then(self, line, record, message=""):
        """Done, unless more has to be told meanwhile: a number was entered, a cancellation asked for."""
        if line.state == "draft" and record._shopify_to_send()["action"] != "nothing":
            line.write({"message": False, "next_attempt_at": fields.Datetime.now() + timedelta(seconds=1)})
            return None
        return Outcome.done(record, message)

    @api.model
    def _failed(self, line, message):
        """A person must mend something."""
        self.env[line.res_model].browse(line.res_id)._shopify_mark_failed(message)

    @api.model
    def _given_up(self, line):
        """A person has set the line to completed."""
        record = self.env[line.res_model].browse(line.res_id).sudo()  # a user may complete lines, the delivery follows
        record._shopify_give_up(line.message)
