"""Orders that a webhook said to look at: which of them go on into a queue."""

from odoo import api, fields, models

from ..mapping import order_status
from ..mapping.reading import legacy_id, when

#: A queue of webhook orders takes more of them for so long (hours).
QUEUE_HOURS = 24


class ShopifyHandlerOrder(models.AbstractModel):
    _inherit = "shopify.handler.order"

    @api.model
    def _last_known(self, instance, ids):
        """{Shopify order id: the last change that Odoo has of the order, waiting lines included}"""
        known = {
            order.shopify_order_id: order.shopify_updated_at
            for order in self.env["sale.order"].search_fetch(
                [("shopify_instance_id", "=", instance.id), ("shopify_order_id", "in", ids)],
                ["shopify_order_id", "shopify_updated_at"],
            )
        }
        groups = self.env["shopify.queue.line"]._read_group(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", ("order_unshipped", "order_shipped")),
                ("shopify_id", "in", ids),
            ],
            ["shopify_id"],
            ["payload_updated_at:max"],
        )
        for ident, moment in groups:
            known[ident] = max(filter(None, (known.get(ident), moment)), default=None)
        return known

    @api.model
    def _store_looked(self, instance, records):
        """Queue the orders that are not what Odoo has.

        :param records: orders as just read
        :return: {Shopify order id: (queue line or none, reason why nothing was queued or '')}
        """
        by_id = {legacy_id(order["id"]): order for order in records}
        result = {}
        newest = self._newest_lines(instance, list(by_id))
        known = self._last_known(instance, list(by_id))
        wanted = {}
        for ident, order in by_id.items():
            line = newest.get(ident, self.env["shopify.queue.line"])
            reason = self._unchanged(order, known.get(ident), line) or self._unwanted(instance, ident, order, known)
            if reason:
                result[ident] = (line, reason)
            else:
                wanted[ident] = order
        for line in self._renew_waiting(instance, wanted, "webhook"):
            result[line.shopify_id] = (line, "")
        by_kind = {}
        for order in wanted.values():
            tag = instance._rule_tag(order["tags"])
            values = {**self._prepare_line(order), "rule_tag": tag or False}
            by_kind.setdefault("order_shipped" if tag else self._kind_of(order), []).append(values)
        for kind, values in by_kind.items():
            for line in self._fill_queues(instance, kind, values, "webhook", self._open_queue(instance, kind)):
                result[line.shopify_id] = (line, "")
        return result

    @api.model
    def _newest_lines(self, instance, ids):
        lines = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", ("order_unshipped", "order_shipped")),
                ("shopify_id", "in", ids),
            ],
            order="id",
        )
        return {line.shopify_id: line for line in lines}

    @api.model
    def _unchanged(self, order, moment, line):
        """Why there is nothing to do, '' when there is. Two changes within one second differ in their data only."""
        changed = when(order["updatedAt"])
        if not moment or changed > moment:
            return ""
        if changed < moment:
            return self.env._("Odoo has a newer state of this order.")
        # raw data are hidden from users; the job compares them
        payload = line.sudo().payload
        same = not payload or payload == self._prepare_line(order)["payload"]
        return self.env._("Odoo has this state of the order.") if same else ""

    @api.model
    def _unwanted(self, instance, ident, order, known):
        """Partly shipped orders that Odoo has never seen, for a store that wants unshipped ones only."""
        partial = order_status(order["displayFulfillmentStatus"]) == "partial"
        if partial and ident not in known and instance.order_statuses == "unshipped":
            return self.env._("The store imports orders that are not shipped at all only.")
        return ""

    @api.model
    def _kind_of(self, order):
        fulfilled = order_status(order["displayFulfillmentStatus"]) == "fulfilled"
        return "order_shipped" if fulfilled else "order_unshipped"

    @api.model
    def _open_queue(self, instance, kind):
        """The queue that takes more orders of webhooks: not one queue an order."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=QUEUE_HOURS)
        queue = self.env["shopify.queue"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", kind),
                ("source", "=", "webhook"),
                ("create_date", ">", since),
            ],
            limit=1,
        )
        return queue if len(queue.line_ids) < instance.queue_size_order else queue.browse()
