"""Odoo's sales analysis, by Shopify store."""

from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    shopify_instance_id = fields.Many2one("shopify.instance", string="Shopify Store", readonly=True)
    shopify_workflow_id = fields.Many2one("shopify.sale.workflow", string="Shopify Workflow", readonly=True)
    shopify_financial_status = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["shopify_financial_status"]._description_selection(self.env),
        string="Financial Status",
        readonly=True,
    )
    shopify_order_status = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["shopify_order_status"]._description_selection(self.env),
        string="Order Status at Import",
        readonly=True,
    )
    shopify_channel = fields.Char(string="Sales Channel", readonly=True)
    shopify_discount_codes = fields.Char(string="Discount Codes", readonly=True)
    shopify_is_pos = fields.Boolean(string="POS", readonly=True)
    shopify_is_b2b = fields.Boolean(string="B2B", readonly=True)
    shopify_risk_level = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["shopify_risk_level"]._description_selection(self.env),
        string="Risk Level",
        readonly=True,
    )

    def _shopify_fields(self):
        """Fields of the order that the analysis groups by."""
        return [name for name in self._fields if name.startswith("shopify_")]

    def _select_additional_fields(self):
        fields_info = super()._select_additional_fields()
        return {**fields_info, **{name: f"s.{name}" for name in self._shopify_fields()}}

    def _group_by_sale(self):
        return ", ".join([super()._group_by_sale(), *(f"s.{name}" for name in self._shopify_fields())])
