"""The balance transactions of a payout."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping.payout_types import type_label

LINE_STATES = [("matched", "Matched"), ("to_configure", "To configure"), ("not_found", "Not found yet")]


class ShopifyPayoutLine(models.Model):
    """One movement of the Shopify Payments balance: net = gross less fee, in the payout's currency."""

    _name = "shopify.payout.line"
    _description = "Shopify Payout Transaction"
    _order = "payout_id, transaction_date, id"
    _rec_name = "shopify_id"

    payout_id = fields.Many2one("shopify.payout", required=True, ondelete="cascade", index=True, readonly=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    shopify_id = fields.Char(string="Transaction Id", required=True, index=True, readonly=True)
    transaction_type = fields.Char(required=True, index=True, readonly=True, help="Shopify's name of the type.")
    type_label = fields.Char(string="Type", compute="_compute_type_label")
    transaction_date = fields.Datetime(string="Time", readonly=True)
    source_type = fields.Char(readonly=True)
    source_order_ref = fields.Char(string="Shopify Order Id", index="btree_not_null", readonly=True)
    source_order_name = fields.Char(string="Order", index="btree_not_null", readonly=True)
    order_transaction_ref = fields.Char(string="Payment Transaction Id", index="btree_not_null", readonly=True)
    dispute_ref = fields.Char(string="Dispute Id", index="btree_not_null", readonly=True)
    returned_ref = fields.Char(string="Payout That Came Back", readonly=True, help="The payout that did not arrive.")
    description = fields.Char(readonly=True, help="What Shopify says of it.")
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", index="btree_not_null", ondelete="set null", readonly=True
    )
    amount = fields.Monetary(string="Gross", readonly=True)
    fee = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)
    state = fields.Selection(LINE_STATES, required=True, default="not_found", readonly=True, index=True)
    reason = fields.Char(readonly=True, help="What it waits for.")
    processed = fields.Boolean(string="Reconciled", readonly=True, help="It is in its place in the books.")
    by_hand = fields.Boolean(string="Matched by Hand", readonly=True)
    account_id = fields.Many2one("account.account", string="Account Used", readonly=True, check_company=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    payment_id = fields.Many2one(
        "account.payment", string="Matched Payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", string="Matched Document", readonly=True, index="btree_not_null", ondelete="set null"
    )
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    payload = fields.Text(groups="shopify_sync.group_manager", readonly=True, help="The raw data of Shopify.")

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id)", "This balance transaction of the store exists already."
    )
    _payment_unique = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "A payment belongs to one balance transaction only."
    )

    @api.depends("transaction_type")
    def _compute_type_label(self):
        for line in self:
            line.type_label = type_label(line.transaction_type) if line.transaction_type else False

    def action_open_order(self):
        self.ensure_one()
        if self.order_id:
            return self.order_id._get_records_action()
        return self.instance_id._open_in_shopify("Order", self.source_order_ref)

    def action_set_account(self):
        """Open Payout Configuration with this type filled in."""
        self.ensure_one()
        return self.env["shopify.payout.account"]._open_for(self.instance_id, self.transaction_type)

    def _open_to_mend(self):
        """Open what lets the transaction go on: the account of its type for those who may give it one, else what the payout
        still waits for."""
        self.ensure_one()
        if self.state == "to_configure" and self.env["shopify.payout.account"].has_access("create"):
            return self.action_set_account()
        action = self.payout_id.action_view_lines()
        return {**action, "domain": [*action["domain"], ("processed", "=", False)]}

    def _move_to(self, payout):
        """Transactions that Shopify pays with another payout now, because theirs did not arrive; those in the books stay."""
        moved = self.filtered(
            lambda line: (
                line.payout_id != payout
                and line.payout_id.status in ("failed", "cancelled")
                and not line.statement_line_id
                and not line.processed
            )
        )
        if moved:
            moved.payout_id = payout

    def action_match(self):
        """Open the dialog that matches the line by hand."""
        self.ensure_one()
        if self.processed:
            raise UserError(self.env._("%s is reconciled already.", self.shopify_id))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match by Hand"),
            "res_model": "shopify.payout.match",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }
