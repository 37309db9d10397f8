"""Orders cancelled in Odoo are cancelled in Shopify (rules, section 14)."""

import json

from odoo import api, fields, models

from .. import shopify_api
from ..mapping.reading import when
from .outcome import Outcome


class ShopifyHandlerCancel(models.AbstractModel):
    """Sends `orderCancel` and follows Shopify's job.

    A cancellation is irreversible and cannot be done twice. Before each request the order is read: one that is
    cancelled already is a success.
    """

    _name = "shopify.handler.cancel"
    _description = "Shopify Cancellation Sender"

    @api.model
    def _prepare(self, line):
        """What is needed to send the line, as plain values."""
        return {"variables": json.loads(line.payload)["variables"]}

    @api.model
    def _send(self, instance, job):
        """Cancel the order, unless it is; called without an open transaction.

        :return: {"job": Shopify's job id} or {"cancelled_at": text, "reason": text}
        :raises shopify_api.ShopifyError: the order is not there, cannot be cancelled, the answer is lost ...
        """
        execute = self.env["shopify.connection"]._execute
        cancelled = self._cancelled(instance, job)
        if cancelled:
            return cancelled
        try:
            answer = execute(instance, "orders/OrderCancel", job["variables"])
        except shopify_api.UserErrors:
            # somebody else may have been quicker between the two requests
            cancelled = self._cancelled(instance, job)
            if not cancelled:
                raise
            return cancelled
        started = answer.data["orderCancel"]["job"]
        if started["done"]:
            return self._follow(instance, {**job, "job_ref": started["id"]})
        return {"job": started["id"]}

    @api.model
    def _cancelled(self, instance, job):
        """When the order was cancelled in Shopify; empty when it is not."""
        variables = {"orderId": job["variables"]["orderId"]}
        order = self.env["shopify.connection"]._execute(instance, "orders/CancelState", variables).data["order"]
        if not order:
            raise shopify_api.QueryRefused(
                self.env._(
                    "Shopify does not know this order any more: it was deleted there, or the app may not see it."
                )
            )
        return self._read_cancelled(order)

    @api.model
    def _read_cancelled(self, order):
        if not order or not order["cancelledAt"]:
            return {}
        return {"cancelled_at": order["cancelledAt"], "reason": order["cancelReason"] or ""}

    @api.model
    def _follow(self, instance, job):
        """What became of Shopify's job; called without an open transaction."""
        variables = {"jobId": job["job_ref"], "orderId": job["variables"]["orderId"]}
        data = self.env["shopify.connection"]._execute(instance, "orders/JobStatus", variables).data
        cancelled = self._read_cancelled(data["order"])
        if cancelled:
            return cancelled
        if data["job"] and not data["job"]["done"]:
            return {"job": job["job_ref"]}
        return {"refused": True}

    @api.model
    def _finish(self, line, result):
        """Write what Shopify answered.

        :return: Outcome, or None while Shopify works on it
        """
        order = self._sale_order(line)
        if result.get("refused"):
            return Outcome.failure(
                "refused",
                "job_failed",
                self.env._(
                    "%s: Shopify ended the cancellation without cancelling the order and gives no reason. Look at the "
                    "order's timeline in Shopify, then retry.",
                    line.reference,
                ),
                fix_action="order",
                fix_context={"res_id": order.id},
            )
        if result.get("job"):
            line.write(
                {
                    "job_ref": result["job"],
                    "job_since": line.job_since or fields.Datetime.now(),
                    "message": self.env._("Shopify is cancelling the order; the result is looked at by itself."),
                }
            )
            return None
        moment = fields.Datetime.to_datetime(when(result["cancelled_at"]))
        self._write_done(order, moment, result["reason"])
        self._credit_note_sent(line)
        return Outcome.done(order)

    @api.model
    def _write_done(self, order, moment, reason):
        if order.shopify_cancel_state == "done":
            return
        order.write(
            {
                "shopify_cancel_state": "done",
                "shopify_cancelled_at": moment,
                "shopify_cancel_reason": (reason or "").lower() or order.shopify_cancel_reason,
            }
        )
        order._message_log(body=self.env._("Cancelled in Shopify on %s (UTC).", moment))

    @api.model
    def _confirm(self, instance, order, moment, reason):
        """The import has found the order cancelled, before the answer to our own request was there."""
        self._write_done(order, moment, reason)
        line = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "order_cancel"),
                ("shopify_id", "=", order.shopify_order_id),
                ("state", "in", ("draft", "failed")),
            ]
        )
        if line:
            line.write({"job_ref": False, "job_since": False, "maybe_done": False})
            line._set_done({line.id: order})
            self._credit_note_sent(line)

    @api.model
    def _sale_order(self, line):
        return self.env["sale.order"].browse(line.res_id)

    @api.model
    def _failed(self, line, message):
        """A person must mend something."""
        order = self._sale_order(line)
        order.shopify_cancel_state = "failed"
        order._message_log(body=self.env._("Not cancelled in Shopify. %s", message))
        self._credit_note(line).filtered(
            lambda one: one.shopify_refund_state == "to_send"
        ).shopify_refund_state = "failed"

    @api.model
    def _given_up(self, line):
        """A person has set the line to completed."""
        order = self._sale_order(line)
        if order.shopify_cancel_state != "done":
            order.shopify_cancel_state = "none"
        self._credit_note(line).filtered(lambda one: not one.shopify_refund_id).write(
            {"shopify_refund_state": "none", "shopify_refund_from_odoo": False}
        )

    @api.model
    def _credit_note_sent(self, line):
        """Shopify has cancelled; the refund that it makes is this credit note, as soon as it is seen."""
        self._credit_note(line).filtered(
            lambda one: one.state == "posted" and one.shopify_refund_state in ("to_send", "failed")
        ).shopify_refund_state = "sent"

    @api.model
    def _credit_note(self, line):
        """The credit note in Odoo that stands for the refund of the cancellation."""
        move_id = json.loads(line.sudo().payload or "{}").get("move_id")  # raw data are hidden from users
        return self.env["account.move"].browse(move_id or ()).exists()
