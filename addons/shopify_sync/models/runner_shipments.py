"""Shipments go out in batches: the orders of many deliveries are read in one request, each is sent by its own."""

import time

from odoo import api, fields, models

from .. import shopify_api
from .handler_shipment import LOOK_AGAIN
from .operations import LANES

#: Deliveries whose orders are read in one request.
BATCH = 25
#: A batch stops sending after this long (seconds); what is left of it is free for any worker. Shorter than the lease of
#: its lines, with room for one slow request.
BATCH_SECONDS = 150


class ShopifyRunner(models.AbstractModel):
    _inherit = "shopify.runner"

    @api.model
    def _send_one(self, instance, kinds=LANES["out"], line_ids=None):
        """Cancels and refunds first, one by one; then a batch of shipments."""
        others = tuple(kind for kind in kinds if kind != "fulfilment")
        state = super()._send_one(instance, others, line_ids) if others else None
        if state or "fulfilment" not in kinds:
            return state
        states = self._send_shipments(instance, line_ids)
        return states[-1] if states else None

    @api.model
    def _send_now(self, instance, line_ids):
        lines = self.env["shopify.queue.line"].browse(line_ids)
        shipments = lines.filtered(lambda line: line.kind == "fulfilment").ids
        rest = [line_id for line_id in line_ids if line_id not in set(shipments)]
        counts = super()._send_now(instance, rest)
        if not shipments:
            return counts
        own = instance._for_jobs()
        still = self._still_wanted(own)
        self._send_batches(counts, shipments, lambda until: self._send_shipments(own, still(shipments), until))
        return counts

    @api.model
    def _send_shipments(self, instance, line_ids=None, until=None):
        """Take up to a batch of due shipments, read their orders in one request, and send each.

        :param until: a moment (monotonic) after which nothing more of the batch is sent
        :return: the states of those sent (done, failed, later); empty when nothing is due
        """

        def take(env):
            lines, before = env["shopify.queue.line"], {}
            for _turn in range(BATCH):  # each is locked and marked as sent by itself
                line, was = lines._take(instance, ("fulfilment",), line_ids)
                if not line:
                    break
                before[line] = was
            facts = env["shopify.handler.shipment"]._prepare_many(lines.union(*before))
            return [{**self._job_of(line), **before[line], **facts[line.id]} for line in before]

        jobs = self._in_own_transaction(instance, take)
        if not jobs:
            return []
        until = min(until or float("inf"), time.monotonic() + BATCH_SECONDS)
        error = None
        try:
            found = self.env["shopify.handler.shipment"]._read_orders(instance, jobs)
        except shopify_api.ShopifyError as raised:
            found, error = {}, raised
        states = []
        for position, job in enumerate(jobs):
            if position and time.monotonic() > until:
                self._release(instance, jobs[position:])
                break
            # an order that was shipped from is read again for its next delivery
            job["order"] = found.pop(job["order_id"], None)
            states.append(self._run_job(instance, job, self._sender(instance, job, error), "_judge_sending"))
        return states

    @api.model
    def _sender(self, instance, job, error):
        def send(handler):
            if error:
                raise error
            return handler._send(instance, job)

        return send

    @api.model
    def _job_of(self, line):
        return {"line_id": line.id, "kind": line.kind, "shopify_id": line.shopify_id, "asked_at": line.create_date}

    @api.model
    def _release(self, instance, jobs):
        """Give lines back that were taken and not sent."""

        def work(env):
            for job in jobs:
                env["shopify.queue.line"].browse(job["line_id"]).write(
                    {"taken_until": False, "maybe_done": job["was_maybe_done"]}
                )

        self._in_own_transaction(instance, work)

    @api.model
    def _look_again(self, job):
        line = self._line(job)
        if line.kind != "fulfilment":
            return super()._look_again(job)
        now = fields.Datetime.now()
        planned = line.next_attempt_at and line.next_attempt_at > now  # the handler knows better
        moment = line.next_attempt_at if planned else now + LOOK_AGAIN
        line.write({"taken_until": False, "maybe_done": False, "next_attempt_at": moment, "failure_kind": False})
        self._wake_at(line, moment)
        return "later", line.queue_id.id
