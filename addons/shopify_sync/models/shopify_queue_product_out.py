"""Lines of products that go out: one open line a product, taken many at a time."""

import json
import uuid
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .shopify_queue import chosen_or_going_on
from .shopify_queue_out import LEASE

KIND = "product_export"


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    link_ref = fields.Char(
        string="Product There Already",
        readonly=True,
        copy=False,
        help="Shopify's id of a product with the same handle or SKU. Link makes it this product.",
    )

    @api.model
    def _enqueue_products(self, instance, requests):
        """Lines of what a person wants sent of products of one store.

        An open line takes the new request over; what may have reached Shopify is retried first, with its own request.

        :param requests: {layer product: request}; a request is a dict: `parts`, `only_changed`, `publish` (None, web,
            web_pos, unpublished), `publications` (ids of further channels), `delete` (ids of variants to delete)
        :return: (lines, {layer product: why nothing was queued})
        """
        products = self.env["shopify.product"].union(*requests)
        left_out = {}
        open_lines = self.search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", KIND),
                ("res_model", "=", "shopify.product"),
                ("res_id", "in", products.ids),
                ("state", "in", ("draft", "failed")),
            ]
        )
        by_product = {line.res_id: line for line in open_lines}
        lines, new = self.browse(), []
        now = fields.Datetime.now()
        for product, request in requests.items():
            line = by_product.get(product.id)
            if line and (line.job_ref or (line.taken_until and line.taken_until > now)):
                left_out[product] = self.env._("is being sent right now; wait for its result")
            elif line and line.maybe_done:
                left_out[product] = self.env._(
                    "the last attempt may have reached Shopify: retry it in Processes first; nothing is made twice"
                )
            elif line:
                # raw data are a manager's to read; whoever may send it writes it
                line.sudo()._renew_request(request)
                lines += line
            else:
                new.append((product, request))
        lines += self._make_lines(instance, new)
        lines.queue_id._refresh_state()
        return lines, left_out

    def _renew_request(self, request):
        """An open line does what is asked now, beside what it was to do."""
        self.ensure_one()
        before = json.loads(self.payload or "{}")
        merged = {**before, **request, "parts": sorted({*before.get("parts", ()), *request["parts"]})}
        if request.get("publish") is None:
            merged["publish"] = before.get("publish")
        self.write(
            {
                "payload": json.dumps(merged),
                "state": "draft",
                "failure_kind": False,
                "message": False,
                "attempts": 0,
                "next_attempt_at": False,
                "link_ref": False,
            }
        )

    @api.model
    def _make_lines(self, instance, requests):
        """New lines for (product, request) pairs, in queues of the store's size."""
        size, lines = instance.queue_size_product, self.browse()
        # whoever may send a product makes its line; only its buttons change it
        queues, model = self.env["shopify.queue"].sudo(), self.sudo()
        for start in range(0, len(requests), size):
            queue = queues.create({"instance_id": instance.id, "kind": KIND, "source": "manual"})
            lines += model.create(
                [
                    {
                        "queue_id": queue.id,
                        "instance_id": instance.id,
                        "kind": KIND,
                        "shopify_id": product.shopify_id or f"layer-{product.id}",
                        "reference": product.title,
                        "res_model": product._name,
                        "res_id": product.id,
                        "payload": json.dumps(request),
                    }
                    for product, request in requests[start : start + size]
                ]
            )
        return lines.sudo(self.env.su)

    # Taking

    @api.model
    def _count_products_due(self, instance):
        """How many products wait to be sent or looked at now."""
        self.env.cr.execute(SQL("SELECT count(*) FROM shopify_queue_line WHERE %s", self._products_due(instance)))
        return self.env.cr.fetchone()[0]

    @api.model
    def _products_due(self, instance, line_ids=None):
        now = fields.Datetime.now()
        return SQL(
            """instance_id = %s AND kind = %s AND state = 'draft'
               AND (next_attempt_at IS NULL OR next_attempt_at <= %s) AND (taken_until IS NULL OR taken_until <= %s) %s""",
            instance.id,
            KIND,
            now,
            now,
            chosen_or_going_on(line_ids),
        )

    @api.model
    def _take_products(self, instance, limit, line_ids=None, following=False):
        """Take due products for this worker; the caller commits before it sends.

        :param following: those that Shopify works on in bulk, instead of those to be sent
        :return: (lines, {line id: whether an earlier attempt may have reached Shopify})
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM shopify_queue_line WHERE %s AND (job_ref IS NOT NULL) = %s
                 ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                self._products_due(instance, line_ids),
                following,
                limit,
            ),
            log_exceptions=False,  # another worker was quicker: taken anew with a fresh view
        )
        lines = self.browse(row[0] for row in self.env.cr.fetchall())
        before = {line.id: line.maybe_done for line in lines}
        now = fields.Datetime.now()
        lines.write({"taken_until": now + LEASE})
        if not following:
            lines.write({"sent_at": now, "maybe_done": True})
            for line in lines.filtered(lambda line: not line.idempotency_key):
                line.idempotency_key = str(uuid.uuid4())
        return lines, before

    # Buttons

    def action_link(self):
        """Make the product that Shopify has already the product of the layer; nothing is sent."""
        done = defaultdict(int)
        for line in self:
            if line.kind != KIND or not line.link_ref or line.state != "failed":
                raise UserError(self.env._("%s: there is no product in Shopify to link with.", line.reference))
            # a user may link; the ids are written for him
            self.env["shopify.product.linker"].sudo()._link(line.sudo())
            done["linked"] += 1
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s linked. Use Update in Shopify to send what differs.", done["linked"]),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_shopify(self):
        self.ensure_one()
        if self.kind != KIND:
            return super().action_open_shopify()
        ident = self.link_ref or self.env["shopify.product"].browse(self.res_id).shopify_id
        if not ident:
            raise UserError(self.env._("%s is not in Shopify yet.", self.reference))
        return self.instance_id._open_in_shopify("Product", ident)
