"""One delivery of a webhook: what came, and what was done about it."""

from odoo import fields, models
from odoo.exceptions import UserError

from .raw_json import pretty


class ShopifyWebhookEvent(models.Model):
    """A delivery, stored by the controller without the ORM (`controllers/webhook.py`) and processed by a scheduled job.

    It means "look again": its body is never used as data beyond the id of the record and the time of its change.
    """

    _name = "shopify.webhook.event"
    _description = "Shopify Webhook Event"
    _order = "received_at desc, id desc"
    _rec_name = "topic"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    topic = fields.Char(
        readonly=True, index=True, help="As Shopify names it in the delivery, for example orders/create."
    )
    delivery_ref = fields.Char(string="Delivery Id", readonly=True, help="X-Shopify-Webhook-Id; a repeat has the same.")
    event_ref = fields.Char(string="Event Id", readonly=True)
    shopify_id = fields.Char(string="Shopify Id", readonly=True, index=True, help="The record to look at.")
    changed_at = fields.Datetime(string="Changed at Shopify", readonly=True)
    triggered_at = fields.Datetime(readonly=True)
    received_at = fields.Datetime(readonly=True, required=True, index=True)
    delay = fields.Integer(string="Delay (s)", readonly=True, help="Seconds from the event at Shopify to its arrival.")
    headers = fields.Text(readonly=True)
    body = fields.Text(readonly=True, prefetch=False, groups="shopify_sync.group_manager")
    body_pretty = fields.Text(
        string="Body, Indented", compute="_compute_body_pretty", groups="shopify_sync.group_manager"
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("processed", "Processed"),
            ("ignored", "Ignored"),
            ("failed", "Failed"),
            ("refused", "Refused"),
        ],
        required=True,
        default="new",
        readonly=True,
        index=True,
    )
    reason = fields.Selection(
        [
            ("signature", "The signature is not made with the secret of the store's app."),
            ("unused_topic", "Nothing in Odoo uses this topic."),
            ("too_big", "The body is over 5 MB; only id and headers are kept."),
            (
                "too_old",
                "Older than a day: Shopify gives up after 4 hours. The catch-up has brought what it was about.",
            ),
            ("self_test", "The self-test of the store."),
        ],
        string="Remark",
        readonly=True,
    )
    message = fields.Text(string="Result", readonly=True)
    queue_line_id = fields.Many2one("shopify.queue.line", ondelete="set null", index="btree_not_null", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    alerted = fields.Boolean(readonly=True, help="The refused delivery was counted in a log line.")

    _delivery_unique = models.UniqueIndex(
        "(instance_id, delivery_ref) WHERE state != 'refused'", "This delivery is stored already."
    )
    _waiting = models.Index("(instance_id, id) WHERE state = 'new'")
    _refused = models.Index("(instance_id, received_at) WHERE state = 'refused'")

    def _compute_body_pretty(self):
        for event in self:
            event.body_pretty = pretty(event.body)

    # What became of it; written by the addon for whoever caused the look

    def _set_processed(self, message=False, line=None):
        self._end("processed", message, line)

    def _set_ignored(self, message, line=None):
        self._end("ignored", message, line)

    def _set_failed(self, message):
        self._end("failed", message)

    def _end(self, state, message, line=None):
        values = {"state": state, "message": message, "next_attempt_at": False}
        if line:
            values["queue_line_id"] = line.id
        self.sudo().write(values)
        if state != "failed":
            self.env["shopify.log.line"]._resolve(records=self)

    # Buttons

    def action_process_again(self):
        """Look at the records once more, now."""
        wanted = self.filtered(lambda event: event.state in ("processed", "ignored", "failed") and event.shopify_id)
        if not wanted:
            raise UserError(
                self.env._("There is nothing to look at again: refused deliveries and tests name no record.")
            )
        wanted.sudo().write({"state": "new", "attempts": 0, "next_attempt_at": False, "message": False})
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        for instance in wanted.instance_id:
            self.env["shopify.webhook.processor"]._process_store(instance, event_ids=wanted.ids)
        self.env.invalidate_all()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_view_line(self):
        self.ensure_one()
        return self.queue_line_id._get_records_action()
