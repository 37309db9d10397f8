"""The health of a store's work: a queue that does not move, a schedule that fails or is late."""

from datetime import timedelta

from odoo import api, fields, models

from .operations import LANES, OPERATIONS
from .shopify_instance_schedules import LANE_LABELS

#: A queue with due lines of which none was tried for so long does not move.
STANDSTILL = timedelta(minutes=30)
#: A schedule is late after so long, or after one more of its intervals when that is longer.
LATE = timedelta(minutes=30)


class ShopifyWatch(models.AbstractModel):
    _inherit = "shopify.watch"

    @api.model
    def _check_health(self, store):
        """Log what does not work as scheduled, and solve what works again."""
        if store.state != "connected":
            return
        found = [*self._standstills(store), *self._bad_schedules(store)]
        keys = {entry["record_key"] for entry in found}
        watched = ("queue_stalled", "schedule_failing", "schedule_late")
        known = self._rows(store, ("resolved", "=", False), ("cause", "in", watched))
        known.filtered(lambda row: row.record_key not in keys).write({"resolved": True})
        told = set(known.mapped("record_key"))
        # seen every five minutes: the counter of what is known says nothing
        self.env["shopify.log.line"]._log(store, [entry for entry in found if entry["record_key"] not in told])

    @api.model
    def _entry(self, store, cause, key, message):
        return {
            "process": self.env._("Schedules"),
            "cause": cause,
            "message": message,
            "record_key": f"{cause}:{key}",
            "fix_action": "settings",
            "fix_context": {"res_id": store.id},
        }

    @api.model
    def _standstills(self, store):
        """Lanes with lines that are due for long, of which no line has been tried."""
        before = fields.Datetime.now() - STANDSTILL
        lines = self.env["shopify.queue.line"]
        mine = [("instance_id", "=", store.id)]
        due = ["|", ("next_attempt_at", "=", False), ("next_attempt_at", "<=", before)]
        waiting = lines._read_group(
            [*mine, ("state", "=", "draft"), ("queue_id.stopped", "=", False), ("create_date", "<=", before), *due],
            ["kind"],
            ["__count"],
        )
        if not waiting:
            return
        moved = {kind for (kind,) in lines._read_group([*mine, ("write_date", ">", before)], ["kind"])}
        counts = dict(waiting)
        for lane, kinds in LANES.items():
            count = sum(counts.get(kind, 0) for kind in kinds)
            if count and not moved.intersection(kinds):
                yield self._entry(
                    store,
                    "queue_stalled",
                    lane,
                    self.env._(
                        "'%(lane)s' does not move: %(count)s records have waited for more than 30 minutes and none was "
                        "tried. Look at the store's schedules, or process the queue by hand.",
                        lane=self.env._(LANE_LABELS[lane]),
                        count=count,
                    ),
                )

    @api.model
    def _bad_schedules(self, store):
        """Scheduled jobs of the store that fail or have not started in time."""
        now = fields.Datetime.now()
        for cron in store.sudo().cron_ids.filtered("active"):  # jobs are a system administrator's to read
            key = cron.shopify_operation
            label = OPERATIONS[key].label if key in OPERATIONS else LANE_LABELS.get(key.removeprefix("process_"), key)
            if cron.failure_count:
                yield self._entry(
                    store,
                    "schedule_failing",
                    key,
                    self.env._(
                        "The scheduled job '%(job)s' has failed %(count)s times since its last success. The server's log "
                        "says why; Odoo switches off a job that fails for a week.",
                        job=self.env._(label),
                        count=cron.failure_count,
                    ),
                )
            interval = timedelta(**{cron.interval_type: cron.interval_number}) if cron.interval_type in _UNITS else LATE
            if now - cron.nextcall > max(LATE, interval):
                yield self._entry(
                    store,
                    "schedule_late",
                    key,
                    self.env._(
                        "The scheduled job '%(job)s' should have started at %(time)s UTC and has not. Odoo's scheduler is "
                        "busy or stopped.",
                        job=self.env._(label),
                        time=fields.Datetime.to_string(cron.nextcall),
                    ),
                )


_UNITS = frozenset({"minutes", "hours", "days", "weeks"})
