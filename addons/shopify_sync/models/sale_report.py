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
)


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

    def _select_additional_fields(self):
        return {**super()._select_additional_fields(), **{name: f"s.{name}" for name in _ORDER_FIELDS}}

    def _group_by_sale(self):
        return ", ".join([super()._group_by_sale(), *(f"s.{name}" for name in _ORDER_FIELDS)])
