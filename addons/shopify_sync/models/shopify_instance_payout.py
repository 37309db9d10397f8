"""Settings of a store: payouts of Shopify Payments."""

from odoo import fields, models


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    payout_journal_id = fields.Many2one(
        "account.journal",
        string="Payout Journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Stands for the balance at Shopify Payments. Each payout becomes a statement in it that ends at zero.",
    )
    payout_from = fields.Date(
        string="Start Payouts From", help="Payouts issued before this day are not read. Empty: the import-after date."
    )
    payout_transfer_account_id = fields.Many2one(
        "account.account",
        string="Payout Transfer Account",
        check_company=True,
        help="Holds a deposit until your bank's own statement shows it.",
    )
    payout_balance_account_id = fields.Many2one(
        "account.account",
        string="Shopify Balance Account",
        check_company=True,
        help="Money that Shopify keeps for the store: reserves, and payouts that came back.",
    )
    payout_fee_account_id = fields.Many2one("account.account", string="Fee Account", check_company=True)
    payout_dispute_account_id = fields.Many2one("account.account", string="Dispute Account", check_company=True)
    payout_validate = fields.Boolean(
        string="Validate Payouts by Themselves",
        default=True,
        help="The daily job validates a payout when all its transactions are reconciled and it agrees to the cent.",
    )
    dispute_user_id = fields.Many2one(
        "res.users", string="Responsible for Disputes", help="Gets an activity for each dispute that needs an answer."
    )
    payout_account_ids = fields.One2many("shopify.payout.account", "instance_id", string="Payout Configuration")

    def _payout_group_accounts(self):
        """{group of types: the account they go to by themselves}; empty ones are left to a person."""
        self.ensure_one()
        return {
            "fees": self.payout_fee_account_id,
            "disputes": self.payout_dispute_account_id,
            "reserves": self.payout_balance_account_id,
            "returned": self.payout_balance_account_id,
        }

    def _resume_payouts(self):
        """Payouts that waited for an account go on by themselves."""
        for instance in self:
            instance._trigger(["payout_process"])
