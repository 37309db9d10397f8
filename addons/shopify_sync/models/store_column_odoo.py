"""The Store column in our lists of Odoo's own records."""

from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "shopify.store.column"]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "shopify.store.column"]


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "shopify.store.column"]


class SaleReport(models.Model):
    _name = "sale.report"
    _inherit = ["sale.report", "shopify.store.column"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "shopify.store.column"]
