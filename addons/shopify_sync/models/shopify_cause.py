"""Errors by cause: what holds records back, how many, and one button that mends it for all of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .shopify_log_line import FIXES

#: Where the place to mend is the record itself, equal causes on many records are one.
_OWN_PLACE = ("order", "credit_note", "customer", "delivery", "layer")
#: So many unknown SKUs are a cause each, with a direct way to its product; more of them are one cause together.
FEW = 3
#: Examples that a cause of many SKUs names.
EXAMPLES = 5
_OPEN = SQL("l.resolved IS NOT TRUE AND l.severity = 'error'")
_SAME = SQL("l.instance_id, l.company_id, l.process, l.cause, l.fix_action")
#: Open errors, each with the place that is mended for its cause (`target`; empty where it is not one place).
_LOGS = SQL(
    """(SELECT l.*, CASE WHEN l.fix_action IN %(own)s OR (l.fix_action = 'product' AND l.last_place > %(few)s) THEN ''
                         ELSE COALESCE(l.fix_context::text, '') END AS target
          FROM (SELECT l.*, max(l.place) OVER (PARTITION BY %(same)s) AS last_place
                  FROM (SELECT l.*, dense_rank() OVER (PARTITION BY %(same)s ORDER BY l.fix_context::text) AS place
                          FROM shopify_log_line l WHERE %(open)s) l) l)""",
    own=_OWN_PLACE,
    few=FEW,
    same=_SAME,
    open=_OPEN,
)


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
            "sku",
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
    message = fields.Text(compute="_compute_message", string="For Example")
    sku_count = fields.Integer(string="SKUs", readonly=True, help="How many different SKUs it is about.")
    skus = fields.Char(string="Some SKUs", readonly=True)
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
            """SELECT min(l.id) AS id, %(same)s, l.target,
                      max(l.id) AS log_line_id,
                      count(DISTINCT COALESCE(l.record_key, l.id::text)) AS record_count,
                      count(DISTINCT q.id) FILTER (WHERE q.state = 'failed') AS held_count,
                      count(DISTINCT l.sku) AS sku_count,
                      array_to_string((array_agg(DISTINCT l.sku))[1:%(examples)s], ', ') AS skus,
                      sum(l.count) AS times,
                      min(l.create_date) AS first_seen,
                      max(l.last_seen) AS last_seen
                 FROM %(logs)s l
            LEFT JOIN shopify_queue_line q ON q.id = l.queue_line_id
             GROUP BY %(same)s, l.target""",
            same=_SAME,
            examples=EXAMPLES,
            logs=_LOGS,
        )

    def _is_many(self):
        """Whether each of its records is mended in another place."""
        if self.target or self.record_count == 1:
            return False
        return self.fix_action in _OWN_PLACE or (self.fix_action == "product" and self.sku_count > FEW)

    @api.depends("log_line_id.message", "sku_count", "skus")
    @api.depends_context("lang")
    def _compute_message(self):
        for cause in self:
            cause.message = cause.log_line_id.message
            if cause.fix_action == "product" and cause._is_many():
                cause.message = self.env._(
                    "%(count)s SKUs, among them %(skus)s. The newest: %(message)s",
                    count=cause.sku_count,
                    skus=cause.skus,
                    message=cause.message,
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
                "SELECT l.id, min(l.id) OVER (PARTITION BY %s, l.target) FROM %s l",
                _SAME,
                _LOGS,
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
        if self._is_many():
            action = self.action_view_logs()
            return {**action, "context": {"group_by": ["sku"]}} if self.fix_action == "product" else action
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
