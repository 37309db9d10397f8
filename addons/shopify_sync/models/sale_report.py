"""Odoo's sales analysis, by Shopify store."""

from odoo import fields, models

#: Fields of the order that the analysis takes over.
_ORDER_FIELDS = (
    "shopify_instance_id",
    "shopify_workflow_id",
    "shopify_financial_status",
    "shopify_order_status",
    "shopify_channel",
    "shopify_discount_codes",
    "shopify_is_pos",
    "shopify_is_b2b",
    "shopify_risk_level",
    "shopify_gateway_id",
)
#: Money refunded for the order, spread over its lines by their share of the order (evenly where the order comes to
#: nothing), so that each group of lines adds up to what was refunded for it.
_REFUNDED = """
    CASE WHEN COALESCE(s.shopify_refunded, 0) = 0 THEN 0 ELSE
        s.shopify_refunded * COALESCE(
            SUM(l.price_total) / NULLIF((
                SELECT SUM(x.price_total) FROM sale_order_line x WHERE x.order_id = s.id AND x.display_type IS NULL
            ), 0),
            COUNT(*)::numeric / (
                SELECT COUNT(*) FROM sale_order_line x WHERE x.order_id = s.id AND x.display_type IS NULL
            )
        ) / {order_rate} * {company_rate}
    END
"""
#: Days from the order to its first delivery; nothing for orders that were not shipped.
_FULFILMENT_DAYS = """
    CASE WHEN s.shopify_order_id IS NOT NULL AND s.effective_date IS NOT NULL
        THEN GREATEST(EXTRACT(EPOCH FROM s.effective_date - s.date_order), 0) / 86400
    END
"""


def _selection_of(name):
    """The choices of a field of the order."""
    return lambda self: self.env["sale.order"]._fields[name]._description_selection(self.env)


class SaleReport(models.Model):
    _inherit = "sale.report"

    shopify_instance_id = fields.Many2one("shopify.instance", string="Shopify Store", readonly=True)
    shopify_workflow_id = fields.Many2one("shopify.sale.workflow", readonly=True)
    shopify_financial_status = fields.Selection(
        _selection_of("shopify_financial_status"), string="Financial Status", readonly=True
    )
    shopify_order_status = fields.Selection(
        _selection_of("shopify_order_status"), string="Order Status at Import", readonly=True
    )
    shopify_channel = fields.Char(string="Sales Channel", readonly=True)
    shopify_discount_codes = fields.Char(string="Discount Codes", readonly=True)
    shopify_is_pos = fields.Boolean(string="Shopify POS", readonly=True)
    shopify_is_b2b = fields.Boolean(string="Shopify B2B", readonly=True)
    shopify_risk_level = fields.Selection(_selection_of("shopify_risk_level"), string="Risk Level", readonly=True)

    shopify_line_type = fields.Selection(
        lambda self: self.env["sale.order.line"]._fields["shopify_line_type"]._description_selection(self.env),
        string="Kind of Line",
        readonly=True,
        help="Tells goods from shipping, discounts, tips and fees, which are lines of an order, too.",
    )
    shopify_gateway_id = fields.Many2one(
        "shopify.payment.gateway",
        string="Payment Gateway",
        readonly=True,
        help="The gateway that took most of the order's money.",
    )
    shopify_refunded = fields.Monetary(
        string="Refunded in Shopify",
        readonly=True,
        help="Money that Shopify gave back. Of one product: its share of the order's refunds, by its part of the order.",
    )
    shopify_fulfilment_days = fields.Float(
        string="Fulfilment Time (Days)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Days from the order to its first delivery, on average over the order lines; orders not shipped are left out.",
    )

    def _select_additional_fields(self):
        rates = {
            "order_rate": self._case_value_or_one("s.currency_rate"),
            "company_rate": self._case_value_or_one("account_currency_table.rate"),
        }
        return {
            **super()._select_additional_fields(),
            **{name: f"s.{name}" for name in _ORDER_FIELDS},
            "shopify_line_type": "l.shopify_line_type",
            "shopify_refunded": _REFUNDED.format(**rates),
            "shopify_fulfilment_days": _FULFILMENT_DAYS,
        }

    def _group_by_sale(self):
        # the order's id is among them, so its other columns need no mention
        return ", ".join([super()._group_by_sale(), *(f"s.{name}" for name in _ORDER_FIELDS), "l.shopify_line_type"])
