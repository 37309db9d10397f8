"""A store's scheduled jobs as its managers see them: on the dashboard and on the store's form."""

from odoo import models
from odoo.exceptions import AccessError

#: Minutes of the units of intervals.
MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080, "months": 43200}


def whole_units(number, unit):
    """An interval in the unit that people would say it in: 1440 minutes are 1 day.

    :return: (number, unit)
    """
    if unit == "minutes":
        for larger in ("days", "hours"):
            if number and number % MINUTES[larger] == 0:
                return number // MINUTES[larger], larger
    return number, unit


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def read_schedules(self):
        """The store's scheduled jobs, for its managers: {name, jobs: list of values to show}."""
        self._check_manages()
        # jobs belong to system administrators; the store's manager sees those of his store
        jobs = self.sudo().cron_ids.sorted("id")
        runs = self._last_runs()
        return {
            "name": self.name,
            "jobs": [
                {
                    "key": job.shopify_operation,
                    "name": self._job_names(job),
                    "active": job.active,
                    "failing": bool(job.failure_count),
                    "every": self._interval_text(*whole_units(job.interval_number, job.interval_type)),
                    "last": self._board_moment(job.lastcall) if job.lastcall else "",
                    "next": self._board_moment(job.nextcall) if job.active else "",
                    **self._job_result(job, runs.get(job.shopify_operation)),
                }
                for job in jobs
            ],
        }

    def _interval_text(self, number, unit):
        """How often a job runs, in words."""
        if number == 1:
            return {
                "minutes": self.env._("1 minute"),
                "hours": self.env._("1 hour"),
                "days": self.env._("1 day"),
                "weeks": self.env._("1 week"),
                "months": self.env._("1 month"),
            }[unit]
        return {
            "minutes": self.env._("%s minutes", number),
            "hours": self.env._("%s hours", number),
            "days": self.env._("%s days", number),
            "weeks": self.env._("%s weeks", number),
            "months": self.env._("%s months", number),
        }[unit]

    def _last_runs(self):
        """{operation: its last run} of the store, in two queries."""
        runs = self.env["shopify.run"]
        groups = runs._read_group([("instance_id", "=", self.id)], ["operation"], ["id:max"])
        return {run.operation: run for run in runs.browse(run_id for _operation, run_id in groups)}

    def _job_result(self, job, run):
        """How a job ended last: {result, failed}. Jobs that only process queues say it there."""
        if job.failure_count:
            return {"result": self.env._("Failed %s times in a row", job.failure_count), "failed": True}
        if not run:
            return {"result": "", "failed": False}
        state = dict(run._fields["state"]._description_selection(self.env))[run.state]
        parts = [state]
        if run.record_count:
            parts.append(self.env._("%s records", run.record_count))
        if run.message:
            parts.append(run.message)
        return {"result": ", ".join(parts), "failed": run.state == "failed"}

    def run_schedule_now(self, operation):
        """Run one of the store's jobs now: in the background, or in this request when it is off.

        :return: the notification that says what became of it
        """
        self._check_manages()
        return self._run_now(operation)

    def _check_manages(self):
        """:raises AccessError: the user is no manager of this store"""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("shopify_sync.group_manager"):
            raise AccessError(self.env._("Schedules are for Shopify managers."))
