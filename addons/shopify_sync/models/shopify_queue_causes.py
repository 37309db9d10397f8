"""What holds back the lines of a queue, by cause."""

from odoo import api, fields, models


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    cause_ids = fields.Many2many("shopify.cause", string="Errors by Cause", compute="_compute_cause_ids")
    cause_count = fields.Integer(compute="_compute_cause_ids")
    exhausted_count = fields.Integer(
        compute="_compute_exhausted_count", help="Lines whose automatic attempts are used up."
    )

    @api.readonly
    def web_read(self, specification):
        """A queue that is opened shows its causes with its own share; a view cannot say its record's id by itself."""
        queue = self.with_context(shopify_queue_id=self.id) if len(self) == 1 else self
        return super(ShopifyQueue, queue).web_read(specification)

    def _compute_cause_ids(self):
        found = self.env["shopify.cause"]._of_queues(self)
        for queue in self:
            queue.cause_ids = found.get(queue.id, self.env["shopify.cause"])
            queue.cause_count = len(queue.cause_ids)

    def _compute_exhausted_count(self):
        domain = [("queue_id", "in", self.ids), ("state", "=", "failed"), ("failure_kind", "=", "heals")]
        counts = dict(self.env["shopify.queue.line"]._read_group(domain, ["queue_id"], ["__count"]))
        for queue in self:
            queue.exhausted_count = counts.get(queue, 0)
