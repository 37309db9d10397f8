"""Stock in the runner: batches by themselves, or as far as a person's request may take."""

import time
from collections import deque
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .operations import LANES
from .runner import REQUEST_SECONDS

#: A run of the job goes on for so long, then others have their turn (seconds).
RUN_SECONDS = 30
_COUNTED = ("done", "failed", "skipped", "later", "taken")


class ShopifyRunner(models.AbstractModel):
    _inherit = "shopify.runner"

    @api.model
    def _process_scheduled(self, instance, kinds):
        if not set(kinds) <= set(LANES["stock"]):
            return super()._process_scheduled(instance, kinds)
        return self._send_stock(instance)

    @api.model
    def _send_stock(self, instance, planned=()):
        """One run of a job: what waits is sent until nothing is left, Shopify must be waited for, or time is up.

        :param planned: see `shopify.stock.sender._send_all`
        """
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=self._count_stock(instance))  # nothing is open while Shopify is asked
        if not self._may_send_stock(instance):
            deque(planned, maxlen=0)  # it waits where it is seen
            crons._commit_progress(remaining=0)
            return
        until, wait = time.monotonic() + RUN_SECONDS, 0.0
        for counts in self.env["shopify.stock.sender"]._send_all(instance, planned):
            crons._commit_progress(counts["taken"])
            wait = counts["wait"]
            if wait or counts["stop"] or time.monotonic() > until:
                break
        crons._commit_progress()
        left = self._count_stock(instance)
        marked = self.env["shopify.stock.change"].search_count([("instance_id", "=", instance.id)]) if planned else 0
        crons._commit_progress(remaining=0 if wait else left + marked)
        if (left or marked) and wait:
            job = "stock_export" if marked else "process_stock"
            instance._trigger([job], fields.Datetime.now() + timedelta(seconds=wait))
        elif not left:
            self._wake_at_next_attempt(instance, LANES["stock"])

    @api.model
    def _may_send_stock(self, instance):
        """Whether stock may be sent at all; the reason why not is one log line, not one for each level."""
        try:
            instance._check_may_write("stock_out")
        except UserError as error:
            self.env["shopify.handler.stock"]._log(instance, "error", "stock_refused", str(error))
            return False
        self.env["shopify.log.line"]._resolve_keys(instance, ["stock_export"])
        return True

    @api.model
    def _count_stock(self, instance):
        return self.env["shopify.queue.line"]._count_due(instance, LANES["stock"])

    @api.model
    def _process_now(self, instance, line_ids):
        lines = self.env["shopify.queue.line"].browse(line_ids)
        stock = lines.filtered(lambda line: line.kind in LANES["stock"])
        total = {**dict.fromkeys(_COUNTED, 0), "elsewhere": 0, "left": 0}
        rest = lines - stock
        if rest:
            total = super()._process_now(instance, rest.ids)
        if stock:
            for state, number in self._send_stock_now(instance, stock.ids).items():
                total[state] += number
        return total

    @api.model
    def _send_stock_now(self, instance, line_ids):
        """Send chosen levels within a person's request. The caller's transaction ends here, twice, as in `_send_now`."""
        instance._check_may_write("stock_out")
        own = instance._for_jobs()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the lines are durable before they are sent
        total = {**dict.fromkeys(_COUNTED, 0), "elsewhere": 0, "left": 0}
        until, ended, still = time.monotonic() + REQUEST_SECONDS, False, self._still_wanted(own)
        while time.monotonic() < until and not ended:
            counts = self.env["shopify.stock.sender"]._send_batch(own, still(line_ids))
            ended = counts is None or bool(counts["wait"]) or counts["stop"]
            for key in _COUNTED if counts else ():
                total[key] += counts[key]
        self.env.cr.commit()  # pylint: disable=invalid-commit  # a fresh view for the caller
        self.env.invalidate_all()
        waiting = self.env["shopify.queue.line"].browse(line_ids).filtered(lambda line: line.state == "draft")
        if waiting:
            own._trigger(["process_stock"])
            total["left"] = len(waiting)
        return total
