"""Credit notes of Odoo are refunded in Shopify (rules, section 15.6)."""

import json

from odoo import api, fields, models

from .. import shopify_api
from ..mapping.reading import when
from .outcome import Outcome

#: Lines of an order in one request.
PAGE_LINES = 50


class ShopifyHandlerRefund(models.AbstractModel):
    """Sends `refundCreate`, once: with an idempotency key, and, when an answer was lost, after a look whether the
    refund is there. The note ends with the number of the credit note, by which the refund is known again.
    """

    _name = "shopify.handler.refund"
    _description = "Shopify Refund Sender"

    @api.model
    def _prepare(self, line):
        """What is needed to send the line, as plain values."""
        payload = json.loads(line.payload)
        return {"input": payload["input"], "marker": payload["marker"]}

    @api.model
    def _send(self, instance, job):
        """Make the refund; called without an open transaction.

        :return: the refund as Shopify shows it: id, createdAt, processedAt, note, totalRefundedSet
        :raises shopify_api.ShopifyError: refused, answer lost ...
        """
        if job["was_maybe_done"]:
            order = self._read_order(instance, job["shopify_id"])
            made = [one for one in order["refunds"] if job["marker"] in (one["note"] or "")]
            if made:
                return made[0]
        variables = {"input": job["input"], "key": job["key"]}
        answer = self.env["shopify.connection"]._execute(instance, "orders/RefundCreate", variables, idempotent=True)
        return answer.data["refundCreate"]["refund"]

    @api.model
    def _read_order(self, instance, order_id):
        """An order with what can be refunded of it, all its lines; asked from Shopify.

        :raises shopify_api.ShopifyError: also when Shopify does not know the order
        """
        execute = self.env["shopify.connection"]._execute
        variables = {"id": shopify_api.gid("Order", order_id), "first": PAGE_LINES, "after": None}
        order = execute(instance, "orders/RefundableOrder", variables).data["order"]
        if not order:
            raise shopify_api.QueryRefused(
                self.env._(
                    "Shopify does not know this order any more: it was deleted there, or the app may not see it."
                )
            )
        page = order["lineItems"]["pageInfo"]
        while page["hasNextPage"]:
            variables["after"] = page["endCursor"]
            more = execute(instance, "orders/RefundableOrder", variables).data["order"]["lineItems"]
            order["lineItems"]["nodes"] += more["nodes"]
            page = more["pageInfo"]
        return order

    @api.model
    def _finish(self, line, result):
        """Write the refund on the credit note and into the order's refunds, so that it is known when it comes back."""
        move = self.env["account.move"].browse(line.res_id)
        refund_id = shopify_api.legacy_id(result["id"])
        self.env["shopify.refunds"]._note_sent(line.instance_id, move, refund_id, result)
        return Outcome.done(move)

    @api.model
    def _amount(self, order, bag):
        """The side of a MoneyBag that is in the order's currency."""
        side = "presentmentMoney" if order.shopify_currency_mode == "customer" else "shopMoney"
        return float(bag[side]["amount"])

    @api.model
    def _moment(self, result):
        return fields.Datetime.to_datetime(when(result["processedAt"] or result["createdAt"]))

    @api.model
    def _failed(self, line, message):
        """A person must mend something."""
        move = self.env["account.move"].browse(line.res_id)
        move.shopify_refund_state = "failed"
        move._message_log(body=self.env._("Not refunded in Shopify. %s", message))

    @api.model
    def _given_up(self, line):
        """A person has set the line to completed."""
        move = self.env["account.move"].browse(line.res_id)
        if not move.shopify_refund_id:
            move.shopify_refund_state = "none"
