"""What queues of products have beside those of orders."""

from odoo import api, fields, models
from odoo.tools import SQL

#: A batch takes so many bytes of stored data at most: a product with 2,048 variants has one to two million.
BATCH_BYTES = 8_000_000


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    keep_existing = fields.Boolean(
        string="Leave Existing Products Alone", readonly=True, help="Products that are in Odoo already are skipped."
    )
    image_state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done")],
        string="Images",
        compute="_compute_image_state",
        help="Whether pictures of these products are still to be read.",
    )

    def _compute_image_state(self):
        lines = self.env["shopify.queue.line"].search_fetch(
            [("queue_id", "in", self.ids), ("kind", "=", "product")], ["queue_id", "shopify_id"]
        )
        waiting = self.env["shopify.product.image"]._read_group(
            [
                ("instance_id", "in", lines.instance_id.ids),
                ("shopify_product_id.shopify_id", "in", lines.mapped("shopify_id")),
                ("status", "=", "waiting"),
            ],
            ["shopify_product_id"],
        )
        ids = {(product.instance_id.id, product.shopify_id) for (product,) in waiting}
        by_queue = lines.grouped("queue_id")
        for queue in self:
            of_queue = by_queue.get(queue, lines.browse())
            left = any((line.instance_id.id, line.shopify_id) in ids for line in of_queue)
            queue.image_state = ("waiting" if left else "done") if of_queue else False


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    skus = fields.Char(string="SKUs", readonly=True)

    @api.model
    def _within_one_batch(self, lines):
        """The first of these lines, as many as their stored data allow; at least one. The others are due again when the
        transaction ends."""
        if len(lines) < 2:
            return lines
        sizes = self.env.execute_query(
            SQL("SELECT id, coalesce(length(payload), 0) FROM shopify_queue_line WHERE id = ANY(%s)", list(lines.ids))
        )
        size_of, total, ids = dict(sizes), 0, []
        for line in lines:
            total += size_of[line.id]
            if ids and total > BATCH_BYTES:
                break
            ids.append(line.id)
        return lines.browse(ids)
