"""Matching a balance transaction by hand."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ShopifyPayoutMatch(models.TransientModel):
    """A person says what a transaction settles: a payment, an invoice or credit note, or an account."""

    _name = "shopify.payout.match"
    _description = "Match a Shopify Transaction by Hand"

    line_id = fields.Many2one("shopify.payout.line", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    type_label = fields.Char(related="line_id.type_label", string="Type")
    amount = fields.Monetary(related="line_id.amount")
    source_order_name = fields.Char(related="line_id.source_order_name")
    reason = fields.Char(related="line_id.reason")
    kind = fields.Selection(
        [("payment", "A payment"), ("document", "An invoice or credit note"), ("account", "An account")],
        string="It Settles",
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
    )
    payment_id = fields.Many2one("account.payment", domain="[('id', 'in', payment_ids)]")
    payment_ids = fields.Many2many("account.payment", string="Open Payments", compute="_compute_choices")
    move_id = fields.Many2one("account.move", string="Document", domain="[('id', 'in', move_ids)]")
    move_ids = fields.Many2many("account.move", string="Open Documents", compute="_compute_choices")
    account_id = fields.Many2one("account.account", check_company=True)
    partner_id = fields.Many2one("res.partner", check_company=True)

    @api.depends("line_id")
    def _compute_kind(self):
        for wizard in self:
            settles = wizard.line_id.transaction_type in ("CHARGE", "REFUND")
            wizard.kind = "payment" if settles else "account"

    @api.depends("line_id")
    def _compute_choices(self):
        """Open payments and documents of the direction of the line, those of its order first where it has one."""
        for wizard in self:
            line = wizard.line_id
            inbound = line.amount >= 0
            taken = self.env["shopify.payout.line"].search([("payment_id", "!=", False), ("id", "!=", line.id)])
            wizard.payment_ids = self.env["account.payment"].search(
                [
                    ("company_id", "=", line.company_id.id),
                    ("state", "in", ("in_process", "paid")),
                    ("payment_type", "=", "inbound" if inbound else "outbound"),
                    ("is_matched", "=", False),
                    ("id", "not in", taken.payment_id.ids),
                ]
            )
            wizard.move_ids = self.env["account.move"].search(
                [
                    ("company_id", "=", line.company_id.id),
                    ("state", "=", "posted"),
                    ("move_type", "=", "out_invoice" if inbound else "out_refund"),
                    ("amount_residual", ">", 0),
                ]
            )

    def _check(self):
        self.line_id.payout_id._check_may_book()
        if self.line_id.processed:
            raise UserError(self.env._("%s is reconciled already.", self.line_id.shopify_id))

    def action_match(self):
        """Keep the choice, and book what it lets go on."""
        self.ensure_one()
        self._check()
        chosen = {"payment": self.payment_id, "document": self.move_id, "account": self.account_id}[self.kind]
        if not chosen:
            raise UserError(self.env._("Choose what the transaction settles."))
        # lines belong to the job; who may match was checked
        self.line_id.sudo().write(
            {
                "state": "matched",
                "by_hand": True,
                "reason": False,
                "payment_id": self.payment_id.id if self.kind == "payment" else False,
                "move_id": self.move_id.id if self.kind == "document" else False,
                "account_id": self.account_id.id if self.kind == "account" else False,
                "partner_id": self.partner_id.id if self.kind == "account" else chosen.partner_id.id,
            }
        )
        return self.line_id.payout_id._process()

    def action_find_again(self):
        """Forget what a person chose, and look by the rules."""
        self.ensure_one()
        self._check()
        self.line_id.sudo().by_hand = False  # lines belong to the job; who may match was checked
        return self.line_id.payout_id._process(steps=("match",))
