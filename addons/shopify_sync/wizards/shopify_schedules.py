"""Dialog: a store's scheduled jobs, with confirmation, so that none is changed by mistake."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.shopify_instance_schedules import usual
from ..models.shopify_instance_schedules_shown import MINUTES, whole_units

#: Jobs may not run more often than this (minutes).
SHORTEST = 5
#: A longer interval of an order job makes orders wait; the dialog says so (minutes).
LONG = 120
#: So many jobs in the same minute are left alone.
CROWD = 4
#: Jobs without which orders wait.
ORDER_JOBS = {"order_unshipped", "order_reconcile", "process_orders"}


class ShopifySchedules(models.TransientModel):
    _name = "shopify.schedules"
    _description = "Configure Schedules"

    instance_id = fields.Many2one(
        "shopify.instance", required=True, default=lambda self: self.env.context.get("active_id")
    )
    # jobs that are off are listed too
    line_ids = fields.One2many("shopify.schedules.line", "wizard_id", context={"active_test": False})
    proposed = fields.Boolean(readonly=True, help="Nobody has saved the schedules yet: the usual ones are proposed.")
    warning = fields.Text(compute="_compute_warning")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        instance = self.env["shopify.instance"].browse(values.get("instance_id"))
        # jobs belong to system administrators; the store's manager sees those of his store
        jobs = instance.sudo().cron_ids
        proposed = bool(instance) and not instance.schedules_saved
        values["proposed"] = proposed
        values["line_ids"] = [Command.create(self._prepare_line(instance, job)) for job in jobs]
        if proposed:
            self._propose([values for _command, _id, values in values["line_ids"]])
        return values

    @api.model
    def _prepare_line(self, instance, job):
        number, unit = whole_units(job.interval_number, job.interval_type)
        return {
            "cron_id": job.id,
            "name": instance._job_names(job),
            "active": job.active,
            "interval_number": number,
            "interval_type": unit,
            "nextcall": job.nextcall,
            "operation": job.shopify_operation,
        }

    @api.model
    def _propose(self, lines):
        """The usual jobs are on, those of orders first, a minute apart, so that they do not start together."""
        wanted = [line for line in lines if line["operation"] in usual()]
        wanted.sort(key=lambda line: line["operation"] not in ORDER_JOBS)
        start = fields.Datetime.now().replace(second=0)
        for minutes, line in enumerate(wanted, 1):
            line.update(active=True, nextcall=start + timedelta(minutes=minutes))

    @api.depends("line_ids.active", "line_ids.interval_number", "line_ids.interval_type", "line_ids.nextcall")
    def _compute_warning(self):
        for wizard in self:
            jobs = wizard.line_ids.filtered("active")
            slow = jobs.filtered(lambda line: line.operation in ORDER_JOBS and line._minutes() > LONG)
            parts = []
            if slow:
                names = ", ".join(slow.mapped("name"))
                parts.append(self.env._("Orders may wait longer than 2 hours: %s", names))
            together = max(
                jobs.grouped(lambda line: line.nextcall and line.nextcall.replace(second=0)).values(),
                key=len,
                default=jobs,
            )
            if len(together) > CROWD:
                parts.append(
                    self.env._(
                        "%(count)s jobs start in the same minute: %(names)s. Spread their next runs, so that they do not wait "
                        "for each other.",
                        count=len(together),
                        names=", ".join(together.mapped("name")),
                    )
                )
            wizard.warning = "\n".join(parts) or False

    def action_save(self):
        self.ensure_one()
        for line in self.line_ids:
            if line.active and line._minutes() < SHORTEST:
                raise UserError(
                    self.env._(
                        "%(job)s: the shortest interval is %(minutes)s minutes.", job=line.name, minutes=SHORTEST
                    )
                )
        # the store's manager may switch its jobs, not any other one: the lines were filled from the store
        jobs = {cron.id: cron for cron in self.instance_id.sudo().cron_ids}
        for line in self.line_ids:
            job = jobs.get(line.cron_id.id)
            if not job:
                raise UserError(self.env._("%s is no job of this store.", line.name))
            job.write(
                {
                    "active": line.active,
                    "interval_number": line.interval_number,
                    "interval_type": line.interval_type,
                    "nextcall": line.nextcall or fields.Datetime.now() + timedelta(minutes=1),
                }
            )
        self.instance_id.schedules_saved = True
        # whoever opened the dialog looks again when it closes; a reload of the page would make a second one beside it
        return {"type": "ir.actions.act_window_close"}


class ShopifySchedulesLine(models.TransientModel):
    _name = "shopify.schedules.line"
    _description = "Schedule of a Store"

    wizard_id = fields.Many2one("shopify.schedules", required=True, ondelete="cascade")
    cron_id = fields.Many2one("ir.cron", readonly=True, ondelete="cascade")
    name = fields.Char(readonly=True)
    active = fields.Boolean(string="On")
    interval_number = fields.Integer(string="Every", required=True, default=20)
    interval_type = fields.Selection(
        [("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days"), ("weeks", "Weeks"), ("months", "Months")],
        string="Unit",
        required=True,
        default="minutes",
    )
    nextcall = fields.Datetime(string="Next Run")
    user_id = fields.Many2one(related="wizard_id.instance_id.job_user_id", help="Whom what the job writes carries.")
    operation = fields.Char(readonly=True)

    def _minutes(self):
        return self.interval_number * MINUTES[self.interval_type]
