"""Credit notes, and whether Shopify knows."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Fields of an invoice that its credit note takes over.
_CARRIED = ("shopify_instance_id", "shopify_order_id", "shopify_order_name")


class AccountMove(models.Model):
    _inherit = "account.move"

    shopify_refund_state = fields.Selection(
        [
            ("none", "Not sent"),
            ("to_send", "To send"),
            ("sent", "Sent"),
            ("received", "Seen in Shopify"),
            ("failed", "Failed"),
        ],
        string="Refund in Shopify",
        default="none",
        readonly=True,
        copy=False,
        help="Whether this credit note is a refund in Shopify: sent from here, and seen there. Credit notes made from "
        "Shopify's refunds are 'Seen in Shopify'.",
    )

    shopify_refund_from_odoo = fields.Boolean(
        string="Sent from Odoo", readonly=True, copy=False, help="The refund was made here and sent to Shopify."
    )

    shopify_direction = fields.Selection(
        [("shopify", "From Shopify"), ("odoo", "From Odoo")],
        string="Direction",
        compute="_compute_shopify_direction",
        help="Where the refund was made first.",
    )
    shopify_refund_done = fields.Boolean(
        string="Refunded in Shopify", compute="_compute_shopify_direction", help="Shopify has this refund, too."
    )

    shopify_payment_comes = fields.Boolean(
        string="Payment Registered by Itself",
        compute="_compute_shopify_payment_comes",
        compute_sudo=True,
        help="Shopify pays this back, and the payment is registered when Shopify tells of it.",
    )

    @api.depends("shopify_refund_state", "state", "payment_state")
    def _compute_shopify_payment_comes(self):
        self.shopify_payment_comes = False
        unpaid = self.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.state == "posted"
                and move.payment_state in ("not_paid", "partial")
                and move.shopify_instance_id.refund_register_payment
            )
        )
        pending = self.env["shopify.order.refund"].search([("move_id", "in", unpaid.ids), ("pending", "=", True)])
        waiting = unpaid.filtered(lambda move: move.shopify_refund_state in ("to_send", "sent")) | pending.move_id
        orders = self.env["sale.order"].search(
            [
                ("shopify_instance_id", "in", waiting.shopify_instance_id.ids),
                ("shopify_order_id", "in", waiting.mapped("shopify_order_id")),
                ("shopify_is_test", "=", False),
            ]
        )
        by_order = {(order.shopify_instance_id, order.shopify_order_id): order for order in orders}
        refunds = self.env["shopify.refunds"]
        for move in waiting:
            order = by_order.get((move.shopify_instance_id, move.shopify_order_id), orders.browse())
            move.shopify_payment_comes = any(
                refunds._refund_journal(move.shopify_instance_id, payment) for payment in order.shopify_payment_ids
            )

    @api.depends("shopify_refund_from_odoo", "shopify_refund_id", "shopify_refund_state")
    def _compute_shopify_direction(self):
        for move in self:
            from_shopify = move.shopify_refund_id and not move.shopify_refund_from_odoo
            move.shopify_direction = "shopify" if from_shopify else "odoo"
            move.shopify_refund_done = bool(from_shopify) or move.shopify_refund_state in ("sent", "received")

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """The credit note of a Shopify order's invoice belongs to the order, too."""
        values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, values_list, strict=True):
            if move.shopify_order_id and move.move_type == "out_invoice":
                for name in _CARRIED:
                    values.setdefault(name, move._fields[name].convert_to_write(move[name], move))
        return super()._reverse_moves(values_list, cancel=cancel)

    def button_draft(self):
        """What was sent to Shopify cannot be taken back, so the credit note stays."""
        for move in self:
            if move.move_type == "out_refund" and move.shopify_refund_state in ("to_send", "sent"):
                raise UserError(
                    self.env._("%s was sent to Shopify as a refund and cannot be set back to draft.", move.name)
                )
            if move.move_type == "out_refund" and move.shopify_refund_state == "failed":
                self.env["shopify.queue.line"]._check_nothing_out(move.shopify_instance_id, move.shopify_order_id)
        return super().button_draft()

    def _check_shopify_refund(self):
        """Whether the credit note may be refunded in Shopify.

        :raises UserError: why not
        """
        self.ensure_one()
        if self.move_type != "out_refund" or not self.shopify_order_id:
            raise UserError(self.env._("%s is no credit note of a Shopify order.", self.name))
        if self.state != "posted":
            raise UserError(self.env._("Confirm the credit note first."))
        if self.shopify_refund_id or self.shopify_refund_state in ("sent", "received"):
            raise UserError(self.env._("%s is refunded in Shopify already.", self.name))
        if self.shopify_refund_state == "to_send":
            raise UserError(self.env._("%s is on its way to Shopify already. Wait for the result.", self.name))
        self.env["shopify.queue.line"]._check_nothing_out(
            self.shopify_instance_id, self.shopify_order_id, "order_cancel"
        )
        self.shopify_instance_id._check_may_write("refunds")

    def action_shopify_refund(self):
        """Ask Shopify what can be refunded, then open the dialog."""
        self._check_shopify_refund()
        return self.env["shopify.refund"]._open(self)

    def action_view_shopify_queue_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_outgoing_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)], "context": {}}
