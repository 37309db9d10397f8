"""Lines of shipments to send: one open line a delivery, however often it is asked for."""

from odoo import api, models

#: Lines of one queue.
QUEUE_SIZE = 100


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    @api.model
    def _enqueue_shipments(self, instance, records, source="cron"):
        """Open lines for deliveries, or for orders of services only, of one store. One that waits or failed is due at
        once: each attempt looks at the order first, so that nothing is sent twice.

        :param records: stock.picking or sale.order records
        :return: the lines
        """
        # whoever ships makes the lines; only their buttons change them
        model, queues = self.sudo(), self.env["shopify.queue"].sudo()
        keys = {record._shopify_out_key(): record for record in records}
        lines = model.search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "fulfilment"),
                ("shopify_id", "in", list(keys)),
                ("state", "in", ("draft", "failed")),
            ]
        )
        lines.filtered(lambda line: line.state == "failed" or line.next_attempt_at)._set_draft()
        known = set(lines.mapped("shopify_id"))
        missing = [(key, record) for key, record in keys.items() if key not in known]
        for start in range(0, len(missing), QUEUE_SIZE):
            queue = queues.create({"instance_id": instance.id, "kind": "fulfilment", "source": source})
            lines += model.create(
                [
                    {
                        "queue_id": queue.id,
                        "instance_id": instance.id,
                        "kind": "fulfilment",
                        "shopify_id": key,
                        "reference": f"{record.name} ({record.shopify_order_name})",
                        "customer": record.partner_id.name,
                        "res_model": record._name,
                        "res_id": record.id,
                        "payload": "{}",
                    }
                    for key, record in missing[start : start + QUEUE_SIZE]
                ]
            )
            queue._refresh_state()
        return lines.sudo(self.env.su)

    @api.model
    def _wake_shipments(self, instance, order_ids):
        """Lines of these orders (Shopify's ids) that wait for a later look are due now."""
        of_orders = [("shopify_instance_id", "=", instance.id), ("shopify_order_id", "in", list(order_ids))]
        records = [*self.env["stock.picking"].search(of_orders), *self.env["sale.order"].search(of_orders)]
        waiting = self.search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "fulfilment"),
                ("shopify_id", "in", [record._shopify_out_key() for record in records]),
                ("state", "=", "draft"),
                ("next_attempt_at", "!=", False),
            ]
        )
        if waiting:
            waiting._set_draft()
            instance._wake_out()
