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
        precompute=True,
        readonly=False,
    )
    payment_type = fields.Selection([("inbound", "Received"), ("outbound", "Paid")], compute="_compute_payment_type")
    payment_id = fields.Many2one(
        "account.payment",
        domain="[('company_id', '=', company_id), ('payment_type', '=', payment_type), ('is_matched', '=', False),"
        " ('state', 'in', ('in_process', 'paid')), ('shopify_payout_line_ids', '=', False)]",
        compute="_compute_suggestion",
        store=True,
        readonly=False,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        domain="[('company_id', '=', company_id), ('state', '=', 'posted'), ('amount_residual', '>', 0),"
        " ('move_type', '=', 'out_invoice' if payment_type == 'inbound' else 'out_refund')]",
        compute="_compute_suggestion",
        store=True,
        readonly=False,
    )
    account_id = fields.Many2one("account.account", check_company=True)
    partner_id = fields.Many2one("res.partner", check_company=True)

    @api.depends("line_id")
    def _compute_kind(self):
        for wizard in self:
            settles = wizard.line_id.transaction_type in ("CHARGE", "REFUND")
            wizard.kind = "payment" if settles else "account"

    @api.depends("line_id")
    def _compute_payment_type(self):
        for wizard in self:
            wizard.payment_type = "inbound" if wizard.line_id.amount >= 0 else "outbound"

    @api.depends("line_id")
    def _compute_suggestion(self):
        """The open payment and the open document of exactly this amount, where there is only one; of the order's customer
        where the order is known."""
        for wizard in self:
            line = wizard.line_id
            same = [("company_id", "=", line.company_id.id), ("currency_id", "=", line.currency_id.id)]
            if line.order_id:
                same.append(("partner_id", "child_of", line.order_id.partner_id.commercial_partner_id.id))
            payments = self.env["account.payment"].search(
                [
                    *same,
                    ("payment_type", "=", wizard.payment_type),
                    ("is_matched", "=", False),
                    ("state", "in", ("in_process", "paid")),
                    ("shopify_payout_line_ids", "=", False),
                    ("amount", "=", abs(line.amount)),
                ],
                limit=2,
            )
            documents = self.env["account.move"].search(
                [
                    *same,
                    ("state", "=", "posted"),
                    ("move_type", "=", "out_invoice" if wizard.payment_type == "inbound" else "out_refund"),
                    ("amount_residual", "=", abs(line.amount)),
                ],
                limit=2,
            )
            wizard.payment_id = payments if len(payments) == 1 else False
            wizard.move_id = documents if len(documents) == 1 else False

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
