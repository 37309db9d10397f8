"""Figures of an order that lists and reports show: how it was paid, what was given back, whether Shopify is up to date."""

from collections import Counter

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_gateway_id = fields.Many2one(
        "shopify.payment.gateway",
        string="Main Gateway",
        compute="_compute_shopify_gateway",
        store=True,
        index="btree_not_null",
        help="The gateway that took most of the money, for example Shopify Payments where a gift card paid a small part.",
    )
    shopify_gateway_count = fields.Integer(
        string="Number of Gateways", compute="_compute_shopify_gateway", store=True, aggregator=None
    )
    shopify_refunded = fields.Monetary(
        string="Refunded in Shopify",
        compute="_compute_shopify_refunded",
        store=True,
        help="Money that Shopify gave back for this order, whether or not it has a credit note.",
    )
    shopify_updated = fields.Boolean(
        string="Updated in Shopify",
        compute="_compute_shopify_updated",
        help="Shopify knows how the order ended here: each delivery that is done was sent, or the order is cancelled there.",
    )

    @api.depends("shopify_gateway_ids", "shopify_payment_ids.gateway_id", "shopify_payment_ids.amount")
    def _compute_shopify_gateway(self):
        for order in self:
            received = Counter()
            for payment in order.shopify_payment_ids.filtered(lambda payment: payment.kind != "refund"):
                received[payment.gateway_id] += payment.amount
            # the first one wins where two took the same
            order.shopify_gateway_id = max(received, key=received.get, default=order.shopify_gateway_ids[:1])
            order.shopify_gateway_count = len(order.shopify_gateway_ids)

    @api.depends("shopify_refund_ids.amount")
    def _compute_shopify_refunded(self):
        for order in self:
            order.shopify_refunded = sum(order.shopify_refund_ids.mapped("amount"))

    @api.depends("shopify_cancelled_at", "shopify_services_sent", "picking_ids.state", "picking_ids.shopify_sent")
    def _compute_shopify_updated(self):
        for order in self:
            # whoever sees the order may know this, without a right to read deliveries
            done = order.sudo().picking_ids.filtered(
                lambda picking: picking.state == "done" and picking.picking_type_code != "incoming"
            )
            order.shopify_updated = bool(order.shopify_order_id) and (
                bool(order.shopify_cancelled_at)
                or order.shopify_services_sent
                or (bool(done) and all(done.mapped("shopify_sent")))
            )

    def action_view_shopify_payments(self):
        """What Shopify received and gave back for the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_order_payment_action")
        return {**action, "domain": [("order_id", "=", self.id)]}
