"""Invoice lines of Shopify orders."""

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    shopify_line_id = fields.Char(
        string="Shopify Line Id",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The order line of Shopify that this line invoices or credits, as on the sales order line.",
    )
