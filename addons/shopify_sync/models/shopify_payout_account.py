"""Payout Configuration: where a type of balance transaction goes in the books."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mapping.payout_types import FEE, GROUPS, group_label, settles, type_group, type_label


class ShopifyPayoutAccount(models.Model):
    """The account of a type of transaction of a store. `FEE` stands for the fees that Shopify keeps of transactions."""

    _name = "shopify.payout.account"
    _description = "Shopify Payout Configuration"
    _order = "instance_id, group, transaction_type"
    _check_company_auto = True

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    transaction_type = fields.Char(required=True, help="Shopify's name of the type, exactly as Shopify sends it.")
    name = fields.Char(string="Type", compute="_compute_name", store=True)
    group = fields.Char(compute="_compute_name", store=True)
    account_id = fields.Many2one("account.account", check_company=True)
    tax_id = fields.Many2one("account.tax", check_company=True, help="Contained in the amount; part of what is booked.")
    partner_id = fields.Many2one("res.partner", check_company=True)
    label = fields.Char(help="Text on the bank statement; empty: the name of the type.")

    _type_unique = models.UniqueIndex(
        "(instance_id, transaction_type)", "This type of transaction has its account already."
    )

    @api.depends("transaction_type")
    def _compute_name(self):
        for row in self:
            kind = (row.transaction_type or "").strip()
            row.name = type_label(kind) if kind else False
            row.group = group_label(type_group(kind)) if kind else False

    @api.constrains("transaction_type", "tax_id")
    def _check_row(self):
        for row in self:
            if row.transaction_type != row.transaction_type.strip().upper():
                raise ValidationError(
                    self.env._("Write the type exactly as Shopify does, in capitals: %s", row.transaction_type)
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.instance_id._resume_payouts()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"account_id", "tax_id", "transaction_type"}:
            self.instance_id._resume_payouts()
        return result

    @api.model
    def _rows(self, instance):
        """{type: its row} of a store, only those that have an account."""
        rows = self.search([("instance_id", "=", instance.id), ("account_id", "!=", False)])
        return {row.transaction_type: row for row in rows}

    @api.model
    def _add_types(self, instance, types):
        """Rows for types that have none yet; those whose place is clear get the store's account, the others none.

        :return: the rows made
        """
        known = set(self.search([("instance_id", "=", instance.id)]).mapped("transaction_type"))
        wanted = [kind for kind in dict.fromkeys(types) if kind not in known and not settles(kind)]
        accounts = instance._payout_group_accounts()
        return self.create(
            [
                {
                    "instance_id": instance.id,
                    "transaction_type": kind,
                    "account_id": accounts.get(_default_group(kind), self.env["account.account"]).id,
                }
                for kind in wanted
            ]
        )

    @api.model
    def _usual_types(self):
        """Types that every store meets and whose place in the books is clear."""
        return [
            kind
            for group, (_label, kinds) in GROUPS.items()
            if group in ("fees", "disputes", "reserves", "returned")
            for kind in kinds
            if kind != "TRANSFER"
        ] + ["REFUND_FAILURE", "RESERVED_FUNDS_REVERSAL"]

    @api.model
    def _open_for(self, instance, kind):
        """The dialog for the account of a type."""
        found = self.search([("instance_id", "=", instance.id), ("transaction_type", "=", kind)])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account of %s", type_label(kind)),
            "res_model": self._name,
            "res_id": found.id,
            "view_mode": "form",
            "target": "new",
            "context": {"default_instance_id": instance.id, "default_transaction_type": kind},
        }


def _default_group(kind):
    """The account of the store that a type goes to by itself."""
    return "returned" if kind == "REFUND_FAILURE" else "fees" if kind == FEE else type_group(kind)
