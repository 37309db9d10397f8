"""Stopping a queue: what is being written ends well, nothing more of it is taken until a person goes on."""

from odoo import api, fields, models


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    stopped = fields.Boolean(
        readonly=True, copy=False, help="A person has stopped it; its lines wait until he processes it again."
    )

    _stopped = models.Index("(id) WHERE stopped")

    def action_stop(self):
        """Take no more lines of these queues; the records in hand are ended first."""
        self.check_access("read")
        # a user may stop a queue, not edit it
        self.sudo().filtered(lambda queue: queue.state != "done").write({"stopped": True})
        for queue in self.filtered("stopped"):
            queue.message_post(body=self.env._("Stopped by %s. Process Now goes on.", self.env.user.name))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Stopped: the records in hand are ended, the others wait."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _go_on(self):
        """Let the lines be taken again."""
        # a user may go on with a queue, not edit it
        self.sudo().filtered("stopped").write({"stopped": False})

    def action_process(self):
        self._go_on()
        return super().action_process()

    def action_retry_failed(self):
        self._go_on()
        return super().action_retry_failed()

    def read_progress(self):
        """How far the processing of this queue is, see `shopify.queue.line._progress`."""
        self.ensure_one()
        self.check_access("read")
        lines = self.env["shopify.queue.line"]._progress([("queue_id", "=", self.id)])
        return {**lines, "reading": False, "state": self.state, "busy": self.running and bool(lines["waiting"])}


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    @api.model
    def _without_stopped(self, line_ids, known):
        """Of lines waiting to be processed for a person, those whose queue nobody has stopped meanwhile.

        :param known: ids of queues that were stopped when he asked
        """
        stopped = self.env["shopify.queue"].search([("stopped", "=", True), ("id", "not in", list(known))])
        if not stopped:
            return line_ids
        gone = set(self.search([("id", "in", line_ids), ("queue_id", "in", stopped.ids)]).ids)
        return [line_id for line_id in line_ids if line_id not in gone]
