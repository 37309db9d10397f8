"""Why Shopify finds an order risky."""

from odoo import fields, models


class ShopifyOrderRisk(models.Model):
    """One fact of a risk assessment."""

    _name = "shopify.order.risk"
    _description = "Shopify Order Risk"
    _order = "order_id, id"
    _rec_name = "fact"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one(related="order_id.shopify_instance_id", store=True, index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    provider = fields.Char()
    level = fields.Selection(
        [("none", "None"), ("pending", "Being assessed"), ("low", "Low"), ("medium", "Medium"), ("high", "High")]
    )
    fact = fields.Char()
    sentiment = fields.Selection([("positive", "Positive"), ("neutral", "Neutral"), ("negative", "Negative")])
