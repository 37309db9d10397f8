"""How much of each payment was given back."""

from collections import Counter

from odoo import api, fields, models


class ShopifyOrderPayment(models.Model):
    _inherit = "shopify.order.payment"

    journal_id = fields.Many2one(related="workflow_id.payment_journal_id", string="Journal")
    refunded = fields.Monetary(
        compute="_compute_refunded",
        help="What was given back by this gateway, counted against its payments of this order from the first one on.",
    )
    remaining = fields.Monetary(compute="_compute_refunded", help="What can still be given back.")

    @api.depends("amount", "kind", "order_id.shopify_payment_ids.amount")
    def _compute_refunded(self):
        found = {}
        for order in self.order_id:
            given_back = Counter()
            for row in order.shopify_payment_ids.filtered(lambda row: row.kind == "refund"):
                given_back[row.gateway_id] += row.amount
            for row in order.shopify_payment_ids.filtered(lambda row: row.kind != "refund"):
                part = min(row.amount, given_back[row.gateway_id])
                given_back[row.gateway_id] -= part
                found[row.id] = row.currency_id.round(part)
        for row in self:
            row.refunded = found.get(row.id, 0)
            row.remaining = row.currency_id.round(row.amount - row.refunded) if row.kind != "refund" else 0
