"""A store's scheduled jobs: one per operation, one per lane of queues."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from .operations import LANES, OPERATIONS

_lt = LazyTranslate(__name__)

#: Jobs that process a lane of queues run this often, in minutes, beside being woken by new work.
PROCESS_INTERVAL = 5
LANE_LABELS = {
    "out": _lt("Send cancels, refunds, shipments and customers"),
    "orders": _lt("Process orders"),
    "stock": _lt("Send stock"),
    "customers": _lt("Process customers"),
    "catalogue": _lt("Process products"),
    "catalogue_out": _lt("Send products"),
}


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    cron_ids = fields.One2many(
        "ir.cron",
        "shopify_instance_id",
        string="Schedules",
        context={"active_test": False},
        copy=False,
        groups="base.group_system",
    )
    schedules_saved = fields.Boolean(copy=False, help="A manager has looked at the schedules and saved them once.")

    @api.model
    def _complete_schedules(self):
        """Give every store the jobs, last dates and sequences that a new version of the addon has brought."""
        stores = self.with_context(active_test=False).search(Domain.TRUE)
        stores._make_schedules()
        self.env["shopify.feed"]._complete(stores)
        self.env["ir.sequence"]._shopify_complete(stores.company_id)

    def _make_schedules(self):
        """Create the scheduled jobs that a store lacks. They are off, but for the usual ones of a store whose jobs run."""
        # ir.cron is for system administrators; a Shopify Manager creates them through his store
        crons = self.env["ir.cron"].sudo()
        model_id = self.env["ir.model"]._get_id("shopify.instance")
        to_create = []
        for instance in self.sudo():
            present = set(instance.cron_ids.mapped("shopify_operation"))
            runs = any(instance.cron_ids.mapped("active"))  # not in a neutralised copy, nor before the set-up
            wanted = [
                (key, op.label, op.interval)
                for key, op in OPERATIONS.items()
                if op.interval and (instance.tag_rule or not op.by_rule)
            ]
            wanted += [(f"process_{lane}", LANE_LABELS[lane], PROCESS_INTERVAL) for lane in LANES]
            to_create += [
                {
                    "name": f"Shopify {instance.name}: {self.env._(label)}",
                    "model_id": model_id,
                    "state": "code",
                    "code": f"model.browse({instance.id})._run_scheduled({key!r})",
                    "user_id": instance.job_user_id.id,
                    "interval_number": interval,
                    "interval_type": "minutes",
                    "active": runs and key in usual(),
                    "shopify_instance_id": instance.id,
                    "shopify_operation": key,
                }
                for key, label, interval in wanted
                if key not in present
            ]
        crons.create(to_create)

    def _start_schedules(self, operations=None):
        """Switch the usual schedules on: the step a manager takes when everything is mapped.

        :param operations: keys of the jobs to switch on; all that are usually on by default
        """
        wanted = usual() if operations is None else set(operations)
        for instance in self:
            instance.sudo().cron_ids.filtered(lambda cron: cron.shopify_operation in wanted).active = True
            instance.schedules_saved = True

    def _schedule(self, operation):
        self.ensure_one()
        return self.sudo().cron_ids.filtered(lambda cron: cron.shopify_operation == operation)

    def _trigger_processing(self, at=None):
        """Wake the jobs that process this store's queues, now or at a time (UTC).

        A schedule that is off is not woken by itself: what a person starts by hand runs in its own request.
        """
        self.ensure_one()
        self._trigger([f"process_{lane}" for lane in LANES], at)

    def _trigger(self, operations, at=None):
        """Wake jobs, unless they are to be woken by then anyway: each wake-up is a row. One that is due already does not
        count: the job may be running on it and be past this work.
        """
        now = fields.Datetime.now()
        moment = at or now
        # the wake-up is part of the addon, whoever caused the work
        for cron in self.sudo().cron_ids.filtered(lambda cron: cron.active and cron.shopify_operation in operations):
            pending = (
                self.env["ir.cron.trigger"]
                .sudo()
                .search_count([("cron_id", "=", cron.id), ("call_at", ">", now), ("call_at", "<=", moment)], limit=1)
            )
            if not pending:
                cron._trigger(at)

    def _run_scheduled(self, key):
        """What a scheduled job calls: an operation, or the queues of a lane."""
        self.ensure_one()
        if not self.active:
            # it was running while its store was archived, so that it could not be switched off
            self.env["ir.cron"]._commit_progress(deactivate=True)
            return
        if self.state != "connected" or not self._offers(key):
            return
        instance = self._for_jobs()
        if key.startswith("process_"):
            self.env["shopify.runner"]._process_scheduled(instance, LANES[key.removeprefix("process_")])
        elif key == "payout_process":
            self.env["shopify.payout.runner"]._run_scheduled(instance)
        else:
            self.env["shopify.run.starter"]._run_scheduled(instance, key)


def usual():
    """Keys of the jobs that are on unless a person switches them off."""
    return {key for key, op in OPERATIONS.items() if op.scheduled} | {f"process_{lane}" for lane in LANES}
