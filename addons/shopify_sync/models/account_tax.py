"""Taxes that a marketplace collects and pays."""

from odoo import fields, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    shopify_channel_liable = fields.Boolean(
        string="Collected by Marketplace", help="The marketplace collects and pays this tax; it is not ours to declare."
    )
