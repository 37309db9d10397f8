"""Errors by cause: what holds records back, how many, and one button that mends it for all of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .shopify_log_line import FIXES

#: Where the place to mend is the record itself, equal causes on many records are one.
_OWN_PLACE = ("order", "credit_note", "customer", "delivery", "layer")
_TARGET = SQL(
    "CASE WHEN l.fix_action IN %s THEN '' ELSE COALESCE(l.fix_context::text, '') END",
    _OWN_PLACE,
)
_OPEN = SQL("l.resolved IS NOT TRUE AND l.severity = 'error'")


class ShopifyCause(models.Model):
    """Open errors of a store with the same cause and the same place to mend it; a view on the log lines."""

    _name = "shopify.cause"
    _description = "Shopify Errors by Cause"
    _auto = False
    _order = "held_count desc, last_seen desc, id"
    _rec_name = "process"
    _depends = {
        "shopify.log.line": [
            "instance_id",
            "company_id",
            "process",
            "cause",
            "fix_action",
            "fix_context",
            "record_key",
            "queue_line_id",
            "count",
            "last_seen",
            "resolved",
            "severity",
        ],
        "shopify.queue.line": ["state"],
    }

    instance_id = fields.Many2one("shopify.instance", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process = fields.Char(string="Process Name", readonly=True)
    cause = fields.Char(readonly=True)
    fix_action = fields.Selection([(key, title) for key, (_model, title) in FIXES.items()], readonly=True)
    target = fields.Char(readonly=True)
    log_line_id = fields.Many2one("shopify.log.line", string="Newest Log Line", readonly=True)
    message = fields.Text(related="log_line_id.message", string="For Example")
    can_fix = fields.Boolean(compute="_compute_can_fix")
    record_count = fields.Integer(string="Records", readonly=True)
    held_count = fields.Integer(
        string="Held Back", readonly=True, help="Records that are not processed until this is mended."
    )
    here_count = fields.Integer(string="In This Queue", compute="_compute_here_count")
    times = fields.Integer(string="Times Seen", readonly=True)
    first_seen = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT min(l.id) AS id, l.instance_id, l.company_id, l.process, l.cause, l.fix_action,
                      %(target)s AS target,
                      max(l.id) AS log_line_id,
                      count(DISTINCT COALESCE(l.record_key, l.id::text)) AS record_count,
                      count(DISTINCT q.id) FILTER (WHERE q.state = 'failed') AS held_count,
                      sum(l.count) AS times,
                      min(l.create_date) AS first_seen,
                      max(l.last_seen) AS last_seen
                 FROM shopify_log_line l
            LEFT JOIN shopify_queue_line q ON q.id = l.queue_line_id
                WHERE %(open)s
             GROUP BY l.instance_id, l.company_id, l.process, l.cause, l.fix_action, %(target)s""",
            target=_TARGET,
            open=_OPEN,
        )

    @api.depends("log_line_id")
    @api.depends_context("uid")
    def _compute_can_fix(self):
        for cause in self:
            cause.can_fix = cause.log_line_id.can_fix

    @api.depends_context("shopify_queue_id")
    def _compute_here_count(self):
        logs = self._logs_by_cause([("queue_line_id.queue_id", "=", self.env.context.get("shopify_queue_id"))])
        for cause in self:
            cause.here_count = len(logs.get(cause.id, self.env["shopify.log.line"]).queue_line_id)

    @api.model
    def _logs_by_cause(self, domain=()):
        """{cause id: open log lines}, of all causes or of what the domain finds."""
        self.env["shopify.log.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, min(l.id) OVER (PARTITION BY l.instance_id, l.company_id, l.process, l.cause,
                                                             l.fix_action, %s)
                     FROM shopify_log_line l WHERE %s""",
                _TARGET,
                _OPEN,
            )
        )
        cause_of = dict(rows)
        found = self.env["shopify.log.line"].search([("id", "in", list(cause_of)), *domain])
        return found.grouped(lambda log: cause_of[log.id])

    @api.model
    def _of_queues(self, queues):
        """{queue id: causes that hold its lines back}."""
        result = {}
        for cause_id, logs in self._logs_by_cause([("queue_line_id.queue_id", "in", queues.ids)]).items():
            for queue in logs.queue_line_id.queue_id:
                result[queue.id] = result.get(queue.id, self.browse()) + self.browse(cause_id)
        return result

    def _logs(self):
        found = self._logs_by_cause()
        logs = self.env["shopify.log.line"]
        for cause in self:
            logs += found.get(cause.id, logs.browse())
        return logs

    # Buttons

    def action_fix(self):
        """Open the place where the cause is mended; it is one place for all of its records, else the list of them."""
        self.ensure_one()
        if self.fix_action in _OWN_PLACE and self.record_count > 1:
            return self.action_view_logs()
        return self.log_line_id.action_fix()

    def action_retry(self):
        """Try all records of these causes again now."""
        lines = self._logs().queue_line_id.filtered(lambda line: line.state == "failed")
        if not lines:
            raise UserError(self.env._("No record waits for this: it is tried again by itself, or solved."))
        return lines.action_process()

    def action_view_logs(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_log_line_action")
        return {**action, "domain": [("id", "in", self._logs().ids)], "context": {}}

    def action_view_lines(self):
        lines = self._logs().queue_line_id.filtered(lambda line: line.state == "failed")
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_line_action")
        return {**action, "domain": [("id", "in", lines.ids)], "context": {}}
