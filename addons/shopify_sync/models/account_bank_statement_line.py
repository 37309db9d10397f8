"""Statement lines made from payouts."""

from odoo import fields, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    shopify_payout_line_id = fields.Many2one(
        "shopify.payout.line", string="Shopify Transaction", readonly=True, copy=False, index="btree_not_null"
    )

    _shopify_payout_line_unique = models.UniqueIndex(
        "(shopify_payout_line_id) WHERE shopify_payout_line_id IS NOT NULL",
        "This balance transaction has its statement line already.",
    )
