"""Deliveries about returns and fulfilment orders do not always name their order: it is asked for."""

from odoo import api, models

from .. import shopify_api
from ..shopify_api.webhooks import OPENS_SHIPMENTS

#: Returns and fulfilment orders in one request.
PAGE = 50


class ShopifyWebhookProcessor(models.AbstractModel):
    _inherit = "shopify.webhook.processor"

    @api.model
    def _with_order(self, instance, events):
        """The events, with the id of their order; those whose record Shopify does not show are ended.

        :param events: plain values; `shopify_id` is an order's, or like `Return/9`
        """
        gids = {
            event["shopify_id"]: shopify_api.gid(*event["shopify_id"].split("/"))
            for event in events
            if "/" in (event["shopify_id"] or "")
        }
        orders, wanted = {}, list(gids.values())
        for start in range(0, len(wanted), PAGE):
            part = wanted[start : start + PAGE]
            answer = self.env["shopify.connection"]._execute(instance, "webhooks/OrdersOfParts", {"ids": part})
            for gid, node in zip(part, answer.data["nodes"], strict=True):
                order = node and (node.get("order") or node.get("orderOfReverse"))
                if order:
                    orders[gid] = shopify_api.legacy_id(order["id"])
        hidden = [
            event["id"] for event in events if event["shopify_id"] in gids and gids[event["shopify_id"]] not in orders
        ]
        if hidden:
            self._end(
                instance, hidden, "ignored", self.env._("Shopify does not show the record that this delivery is about.")
            )
        return [
            {**event, "shopify_id": orders.get(gids.get(event["shopify_id"]), event["shopify_id"])}
            for event in events
            if event["id"] not in hidden
        ]

    @api.model
    def _wake_shipments(self, instance, events):
        """What waits of an order is sent at once when Shopify lets its goods go."""
        order_ids = {event["shopify_id"] for event in events if event["topic"] in OPENS_SHIPMENTS} - {None, False}
        if order_ids:
            self.env["shopify.run.starter"]._in_own_transaction(
                instance,
                lambda env: env["shopify.queue.line"]._wake_shipments(
                    env["shopify.instance"].browse(instance.id), order_ids
                ),
            )
