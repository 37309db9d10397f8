"""Work waiting: records fetched from Shopify, kept until each has ended as done, failed, skipped or cancelled."""

from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .operations import KINDS

#: First half of the advisory lock that shows a queue as running.
BUSY_LOCK = 0x53484F50
#: For waking and counting: nobody has stopped the queue of a line, or Shopify works on the line already.
GOES_ON = Domain("queue_id.stopped", "=", False) | Domain("job_ref", "!=", False)

LINE_STATES = [
    ("draft", "Draft"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("skipped", "Skipped"),
    ("cancelled", "Cancelled"),
]


def chosen_or_going_on(line_ids):
    """For taking: the lines that a person chose; else those of queues that nobody has stopped, and those that Shopify works
    on already."""
    if line_ids is not None:
        return SQL("AND id = ANY(%s)", list(line_ids))
    return SQL("AND (job_ref IS NOT NULL OR queue_id NOT IN (SELECT id FROM shopify_queue WHERE stopped))")


class ShopifyQueue(models.Model):
    """A page of records of one kind. Its state follows from its lines.

    The state is stored for lists and filters, and refreshed after each batch in a transaction of its own: workers on
    lines of the same queue never wait for each other.
    """

    _name = "shopify.queue"
    _description = "Shopify Queue"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, copy=False, index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    kind = fields.Selection(
        selection=lambda self: [(key, self.env._(label)) for key, (label, _seq) in KINDS.items()],
        required=True,
        readonly=True,
        index=True,
    )
    source = fields.Selection(
        [("cron", "Schedule"), ("manual", "Wizard"), ("by_id", "By id"), ("webhook", "Webhook")],
        required=True,
        readonly=True,
    )
    run_id = fields.Many2one("shopify.run", ondelete="set null", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [("draft", "Draft"), ("partial", "Partly completed"), ("done", "Completed"), ("failed", "Failed")],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    needs_attention = fields.Boolean(readonly=True, help="A line needs a person: it is not tried again by itself.")
    line_ids = fields.One2many("shopify.queue.line", "queue_id", readonly=True)
    log_line_ids = fields.Many2many("shopify.log.line", compute="_compute_log_line_ids")
    line_count = fields.Integer(string="Records", compute="_compute_counts")
    draft_count = fields.Integer(string="Draft", compute="_compute_counts")
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_counts")
    cancelled_count = fields.Integer(string="Cancelled", compute="_compute_counts")
    running = fields.Boolean(compute="_compute_running", help="A worker is processing lines of this queue now.")
    progress = fields.Integer(compute="_compute_counts", help="Share of the records that are ended, in percent.")

    def _compute_counts(self):
        groups = self.env["shopify.queue.line"]._read_group(
            [("queue_id", "in", self.ids)], ["queue_id", "state"], ["__count"]
        )
        counts = {}
        for queue, state, count in groups:
            counts.setdefault(queue.id, {})[state] = count
        for queue in self:
            of_queue = counts.get(queue.id, {})
            for state, _label in LINE_STATES:
                queue[f"{state}_count"] = of_queue.get(state, 0)
            queue.line_count = sum(of_queue.values())
            ended = queue.line_count - of_queue.get("draft", 0) - of_queue.get("failed", 0)
            queue.progress = round(100 * ended / queue.line_count) if queue.line_count else 0

    def _compute_running(self):
        """A worker holds an advisory lock on each queue of its batch (`_mark_busy`)."""
        self.env.cr.execute(
            SQL(
                """SELECT objid FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = %s
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
                BUSY_LOCK,
            )
        )
        busy = {row[0] for row in self.env.cr.fetchall()}
        for queue in self:
            queue.running = queue.id in busy

    def _mark_busy(self):
        """Show these queues as running until the transaction ends; never waits."""
        for queue_id in self.ids:
            self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock_shared(%s, %s)", BUSY_LOCK, queue_id))

    @api.depends("line_ids")
    def _compute_log_line_ids(self):
        logs = self.env["shopify.log.line"].search([("queue_line_id.queue_id", "in", self.ids)])
        by_queue = logs.grouped(lambda log: log.queue_line_id.queue_id)
        for queue in self:
            queue.log_line_ids = by_queue.get(queue, self.env["shopify.log.line"])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("name"):
                store = self.env["shopify.instance"].browse(vals["instance_id"])
                sequence = self.env["ir.sequence"].with_company(store.company_id)
                vals["name"] = sequence.next_by_code(KINDS[vals["kind"]][1])
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        if self.line_ids.filtered(lambda line: line.state in ("draft", "failed")):
            raise UserError(self.env._("A queue with draft or failed lines cannot be deleted. Complete it first."))

    def _refresh_state(self):
        """Write the state that follows from the lines, for all queues at once."""
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """WITH counts AS (
                     SELECT q.id,
                            count(l.id) AS lines,
                            count(l.id) FILTER (WHERE l.state = 'draft') AS draft,
                            count(l.id) FILTER (WHERE l.state = 'failed') AS failed
                       FROM shopify_queue q
                  LEFT JOIN shopify_queue_line l ON l.queue_id = q.id
                      WHERE q.id = ANY(%s)
                   GROUP BY q.id)
                   UPDATE shopify_queue q
                      SET state = CASE WHEN c.draft + c.failed = 0 THEN 'done'
                                       WHEN c.draft = c.lines THEN 'draft'
                                       WHEN c.draft = 0 AND c.failed = c.lines THEN 'failed'
                                       WHEN c.draft = 0 AND c.failed > 0 THEN 'failed'
                                       ELSE 'partial' END,
                          needs_attention = c.failed > 0
                     FROM counts c
                    WHERE c.id = q.id""",
                list(self.ids),
            )
        )
        self.invalidate_recordset(["state", "needs_attention"])
        self.env["shopify.run"]._tell_processed(self.ids)

    # Buttons

    def action_process(self):
        """Process the waiting lines now with the stored data."""
        waiting = self.line_ids.filtered(lambda line: line.state == "draft")
        waiting.filtered("next_attempt_at")._set_draft()
        return waiting._process_by_hand()

    def action_retry_failed(self):
        failed = self.line_ids.filtered(lambda line: line.state == "failed")
        failed._set_draft()
        return failed._process_by_hand()

    def action_set_to_completed(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_complete_action"),
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_view_lines(self):
        """The lines behind a counter; the state comes from the button's context."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_line_action")
        state = self.env.context.get("line_state")
        domain = [("queue_id", "=", self.id)]
        return {**action, "domain": domain + ([("state", "=", state)] if state else []), "context": {}}

    @api.model
    def _counters(self, kind):
        """Counters above the list of one kind: lines of all time, of today and of yesterday (user's days).

        :return: {"all": {state: count}, "today": {...}, "yesterday": {...}}; today and yesterday also have "created"
        """
        lines = self.env["shopify.queue.line"]
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now()).replace(hour=0, minute=0, second=0)
        today_utc = today.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
        yesterday_utc = fields.Datetime.subtract(today_utc, days=1)
        domain = [("kind", "=", kind)]

        def states(more):
            return dict(lines._read_group(domain + more, ["state"], ["__count"]))

        shown = ("draft", "failed", "done")
        everything = states([])
        result = {"all": {state: everything.get(state, 0) for state in shown}}
        for key, since, until in (("today", today_utc, None), ("yesterday", yesterday_utc, today_utc)):
            window = [("create_date", ">=", since)] + ([("create_date", "<", until)] if until else [])
            found = states(window)
            result[key] = {"created": sum(found.values()), **{state: found.get(state, 0) for state in shown}}
        return result
