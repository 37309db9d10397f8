"""One run of an operation: from where to where, how far it came, who started it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .operations import OPERATIONS


class ShopifyRun(models.Model):
    """A run keeps its place in Shopify's pages, so that it goes on after a stop, a throttle or a restart."""

    _name = "shopify.run"
    _description = "Shopify Operation Run"
    _order = "id desc"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    operation = fields.Selection(
        selection=lambda self: [(key, self.env._(op.label)) for key, op in OPERATIONS.items()], required=True
    )
    source = fields.Selection(
        [("cron", "Schedule"), ("manual", "Wizard"), ("by_id", "By id")], required=True, default="manual"
    )
    state = fields.Selection(
        [
            ("waiting", "Waits for its turn"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="running",
        index=True,
    )
    user_id = fields.Many2one("res.users", string="Started By", ondelete="set null", readonly=True)
    told = fields.Boolean(help="Whoever started it has been told how it ended.")
    options = fields.Json(help="What the operation was asked to do; times in UTC.")
    page_cursor = fields.Char(help="Shopify's cursor behind the last page stored.")
    seen_until = fields.Datetime(help="The newest change among the records stored.")
    next_attempt_at = fields.Datetime()
    busy_until = fields.Datetime(
        help="A worker reads pages of this run; renewed with each page, so a dead one loses it."
    )
    attempts = fields.Integer()
    record_count = fields.Integer(string="Records Read")
    queued_count = fields.Integer(string="Lines Queued")
    message = fields.Char()
    finished_at = fields.Datetime()
    queue_ids = fields.One2many("shopify.queue", "run_id", string="Queues")

    _one_running = models.UniqueIndex(
        "(instance_id, operation) WHERE state = 'running'", "This operation is running already for the store."
    )
    _untold = models.Index("(id) WHERE told IS NOT TRUE AND user_id IS NOT NULL")

    @api.depends("operation", "create_date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(OPERATIONS[run.operation].label) if run.operation else ""

    @api.model
    def _running(self, instance, operation):
        return self.search(
            [("instance_id", "=", instance.id), ("operation", "=", operation), ("state", "=", "running")]
        )

    def action_cancel(self):
        """Stop reading; what is stored stays and is processed. One that waits for its turn does not start."""
        self.check_access("read")
        for run in self:
            if run.state not in ("running", "waiting"):
                raise UserError(self.env._("%s is not running.", run.display_name))
        # a user may stop what runs, not edit it
        self.sudo().write({"state": "cancelled", "finished_at": fields.Datetime.now()})
