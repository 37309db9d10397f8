"""What ended long ago is removed every night (rules, section 24): lines with their raw data, events, log lines."""

from odoo import api, fields, models
from odoo.fields import Domain

#: Records removed at a time; Odoo's clean-up comes back for the rest.
BATCH = 5000


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    keep_lines = fields.Integer(
        string="Keep Finished Lines",
        default=30,
        help="Days after which done, skipped and cancelled queue lines go, with their raw data. 0: never.",
    )
    keep_events = fields.Integer(
        string="Keep Webhook Events", default=30, help="Days after which webhook events that ended go. 0: never."
    )
    keep_logs = fields.Integer(
        string="Keep Log Lines", default=90, help="Days after which solved log lines go. 0: never."
    )

    _keep_days_positive = models.Constraint(
        "CHECK(keep_lines >= 0 AND keep_events >= 0 AND keep_logs >= 0)", "Days to keep are 0 (for ever) or more."
    )

    @api.model
    def _ended_long_ago(self, setting, field):
        """What the stores do not keep any longer.

        :param setting: the store's field with the days
        :param field: when a record ended
        :return: a domain; of stores that keep everything nothing fits
        """
        stores = self.with_context(active_test=False).search([(setting, ">", 0)])
        return Domain.OR(
            Domain("instance_id", "in", of_days.ids)
            & Domain(field, "<", fields.Datetime.subtract(fields.Datetime.now(), days=days))
            for days, of_days in stores.grouped(setting).items()
        )

    @api.model
    def _remove_batch(self, model, domain):
        """Remove at most a batch.

        :return: as `autovacuum` wants it: (how many, whether there may be more)
        """
        gone = self.env[model].search(domain, limit=BATCH, order="id")
        gone.unlink()
        return len(gone), len(gone) == BATCH


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    @api.autovacuum
    def _gc_lines(self):
        """Failed lines, and those that wait, stay. A queue goes with its last line."""
        stores = self.env["shopify.instance"]
        ended = Domain("state", "in", ("done", "skipped", "cancelled"))
        gone = self.search(ended & stores._ended_long_ago("keep_lines", "done_at"), limit=BATCH, order="id")
        queues, count = gone.queue_id, len(gone)
        gone.unlink()
        queues.filtered(lambda queue: not queue.line_ids).unlink()
        return count, count == BATCH


class ShopifyWebhookEvent(models.Model):
    _inherit = "shopify.webhook.event"

    @api.autovacuum
    def _gc_events(self):
        """Failed events stay until a person has looked at them."""
        stores = self.env["shopify.instance"]
        ended = Domain("state", "in", ("processed", "ignored", "refused"))
        return stores._remove_batch(self._name, ended & stores._ended_long_ago("keep_events", "received_at"))


class ShopifyLogLine(models.Model):
    _inherit = "shopify.log.line"

    @api.autovacuum
    def _gc_logs(self):
        """What is not solved stays as long as its line or its document is there and may wait for it."""
        stores = self.env["shopify.instance"]
        waits = Domain("queue_line_id.state", "in", ("draft", "failed")) | Domain("res_id", "!=", False)
        over = Domain("resolved", "=", True) | ~waits
        return stores._remove_batch(self._name, over & stores._ended_long_ago("keep_logs", "last_seen"))
