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
    notify = fields.Boolean(string="Notify the Customer", default=True)
    staff_note = fields.Char(help="For the order's timeline in Shopify; the customer does not see it.")
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
            paid = wizard.order_id.shopify_payment_ids.filtered(lambda one: one.kind in ("sale", "capture"))
            wizard.refund_method = "original" if paid else "none"

    @api.depends("order_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard._invoices()[:1].journal_id

    def _invoices(self):
        return self.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def action_cancel(self):
        """Store what is to be sent, then send it; Shopify works on it after its answer."""
        self.ensure_one()
        order = self.order_id
        order._check_shopify_cancel()
        move = self._make_credit_note() if self.create_credit_note else self._earlier_credit_note()
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
        line._process_by_hand()
        return line._sent_notice()

    def _prepare_variables(self):
        """Variables of `orders/OrderCancel`."""
        methods = {
            "none": None,
            "original": {"originalPaymentMethodsRefund": True},
            "store_credit": {"storeCreditRefund": {}},
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
        return self.env["account.move"].browse(payload.get("move_id") or ()).exists()

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
        if self.refund_method != "none":
            move.write({"shopify_refund_state": "to_send", "shopify_refund_from_odoo": True})
        open_lines = (invoice + move).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        for lines in open_lines.grouped("account_id").values():
            if len(lines.move_id) > 1:
                lines.reconcile()
        return move
