"""Dialog: cancel in Shopify an order that was cancelled in Odoo."""

import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api


class ShopifyCancel(models.TransientModel):
    _name = "shopify.cancel"
    _description = "Cancel in Shopify"
    _check_company_auto = True

    order_id = fields.Many2one("sale.order", required=True, readonly=True, check_company=True)
    company_id = fields.Many2one(related="order_id.company_id")
    instance_id = fields.Many2one(related="order_id.shopify_instance_id")
    reason = fields.Selection(
        [
            ("CUSTOMER", "Customer changed or cancelled the order"),
            ("DECLINED", "Payment declined"),
            ("FRAUD", "Fraudulent order"),
            ("INVENTORY", "Items unavailable"),
            ("STAFF", "Staff error"),
            ("OTHER", "Other"),
        ],
        required=True,
        default="OTHER",
    )
    restock = fields.Boolean(default=True, help="Shopify puts the units back into its stock.")
    refund_method = fields.Selection(
        [("none", "No refund"), ("original", "To the original payments"), ("store_credit", "As store credit")],
        string="Refund",
        required=True,
        compute="_compute_refund_method",
        store=True,
        precompute=True,
        readonly=False,
        help="What Shopify gives back of what was paid.",
    )
    store_credit_expires = fields.Date(
        string="Valid Until", help="The last day of the store credit, in the store's time zone. Empty: no end."
    )
    notify = fields.Boolean(string="Notify the Customer", default=True)
    staff_note = fields.Char(help="For the order's timeline in Shopify; the customer does not see it.")
    credit_note_id = fields.Many2one(
        "account.move",
        compute="_compute_credit_note_id",
        help="Made by hand, or by an earlier attempt. The refund that Shopify makes is recognised as this credit note.",
    )
    create_credit_note = fields.Boolean(
        string="Create a Credit Note in Odoo",
        help="Credits the order's invoice now. The refund that Shopify makes is recognised as this credit note.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    date = fields.Date(string="Credit Note Date", default=fields.Date.context_today)

    @api.depends("order_id")
    def _compute_refund_method(self):
        for wizard in self:
            money = wizard._money_at_shopify()
            wizard.refund_method = "original" if money > 0 else "none"

    @api.depends("order_id", "refund_method")
    def _compute_credit_note_id(self):
        for wizard in self:
            earlier, by_hand = wizard._earlier_credit_note(), wizard._credit_notes_by_hand()
            if not earlier and wizard.refund_method != "none" and len(by_hand) == 1 and wizard._is_enough(by_hand):
                earlier = by_hand
            wizard.credit_note_id = earlier

    @api.depends("order_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard._invoices()[:1].journal_id

    def _invoices(self):
        return self.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def _money_at_shopify(self):
        """What Shopify received for the order and has not given back, as far as Odoo knows."""
        received = self.order_id.shopify_payment_ids.filtered(lambda one: one.kind in ("sale", "capture"))
        return sum(received.mapped("amount")) - sum(self.order_id.shopify_refund_ids.mapped("amount"))

    def _credit_notes_by_hand(self):
        """Posted credit notes of the order's invoices that a person made and Shopify does not know of."""
        moves = self.env["account.move"]
        return (self.order_id and self.env["shopify.invoice.adjuster"]._credited_by_hand(self.order_id)) or moves

    def _is_enough(self, move):
        """Whether a credit note covers what Shopify will give back."""
        return move.currency_id.compare_amounts(move.amount_total, self._money_at_shopify()) >= 0

    def action_cancel(self):
        """Store what is to be sent, then send it; Shopify works on it after its answer."""
        line = self._ask()
        line._process_by_hand()
        return line._sent_notice()

    def _ask(self):
        """Store what is to be sent.

        :return: its queue line
        :raises UserError: the order or what was chosen cannot be cancelled in Shopify
        """
        self.ensure_one()
        order = self.order_id
        order._check_shopify_cancel()
        self._check()
        move = self.credit_note_id
        if self.create_credit_note and not move:
            move = self._make_credit_note()
        if move:
            sends = self.refund_method != "none" and self._money_at_shopify() > 0
            move.write({"shopify_refund_state": "to_send" if sends else "none", "shopify_refund_from_odoo": sends})
        payload = {"variables": self._prepare_variables(), "move_id": move.id}
        line = self.env["shopify.queue.line"]._enqueue_out(
            order.shopify_instance_id,
            "order_cancel",
            order,
            order.shopify_order_id,
            self.env._("Cancel %s", order.shopify_order_name),
            json.dumps(payload),
        )
        order.shopify_cancel_state = "asked"
        return line

    def _check(self):
        """Whether what was chosen can be sent.

        :raises UserError: why not
        """
        if self.refund_method == "store_credit":
            if self.order_id.shopify_is_b2b:
                raise UserError(self.env._("Shopify gives no store credit for orders of companies."))
            if self.store_credit_expires:
                self.instance_id._check_store_credit_end(self.store_credit_expires)
        by_hand = self._credit_notes_by_hand() - self.credit_note_id
        if by_hand and self.refund_method != "none" and not self.create_credit_note:
            raise UserError(
                self.env._(
                    "%s: not refunded in Shopify yet, and not the whole of what Shopify would give back. Use Refund in "
                    "Shopify there first, or cancel without a refund.",
                    ", ".join(by_hand.mapped("name")),
                )
            )

    def _prepare_variables(self):
        """Variables of `orders/OrderCancel`."""
        credit = {}
        if self.store_credit_expires:
            credit["expiresAt"] = self.instance_id._store_credit_end(self.store_credit_expires)
        methods = {
            "none": None,
            "original": {"originalPaymentMethodsRefund": True},
            "store_credit": {"storeCreditRefund": credit},
        }
        return {
            "orderId": shopify_api.gid("Order", self.order_id.shopify_order_id),
            "reason": self.reason,
            "restock": self.restock,
            "refundMethod": methods[self.refund_method],
            "notifyCustomer": self.notify,
            "staffNote": self.staff_note or None,
        }

    def _earlier_credit_note(self):
        """The credit note of an earlier attempt that failed."""
        line = self.env["shopify.queue.line"].search(
            [
                ("kind", "=", "order_cancel"),
                ("res_model", "=", "sale.order"),
                ("res_id", "=", self.order_id.id),
                ("state", "=", "failed"),
            ],
            limit=1,
        )
        # raw data are hidden from users; the new attempt goes on with the same credit note
        payload = json.loads(line.sudo().payload or "{}")
        move = self.env["account.move"].browse(payload.get("move_id") or ()).exists()
        return move.filtered(lambda one: one.state == "posted" and not one.shopify_refund_id)

    def _make_credit_note(self):
        """The credit note of the order's invoice, posted, matched with what is still open of the invoice."""
        invoice = self._invoices()
        if not invoice:
            raise UserError(self.env._("The order has no posted invoice; there is nothing to credit."))
        if len(invoice) > 1 or invoice.reversal_move_ids.filtered(lambda move: move.state != "cancel"):
            raise UserError(
                self.env._(
                    "The order has several invoices or credit notes already. Make the credit note by hand on the invoice, "
                    "or cancel without one: the refund of Shopify makes it."
                )
            )
        waiting = self.order_id.shopify_refund_ids.filtered(
            lambda one: one.state in ("waiting", "to_confirm", "failed")
        )
        if waiting:
            raise UserError(
                self.env._(
                    "The order has a refund of %s in Shopify that is not settled in Odoo. Settle it on the order, tab "
                    "Shopify, first.",
                    ", ".join(one.currency_id.format(one.amount) for one in waiting),
                )
            )
        if not self.journal_id or not self.date:
            raise UserError(self.env._("Choose the journal and the date of the credit note."))
        move = invoice._reverse_moves(
            [
                {
                    "ref": self.env._("Cancelled: %s", self.order_id.shopify_order_name),
                    "date": self.date,
                    "invoice_date": self.date,
                    "journal_id": self.journal_id.id,
                }
            ]
        )
        move.action_post()
        open_lines = (invoice + move).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        for lines in open_lines.grouped("account_id").values():
            if len(lines.move_id) > 1:
                lines.reconcile()
        return move
