"""Invoices of orders that were paid by several payment methods."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class AccountMove(models.Model):
    _inherit = "account.move"

    shopify_payment_ids = fields.Many2many(
        "shopify.order.payment",
        string="Shopify Payments",
        compute="_compute_shopify_payments",
        help="What the customer paid for the order, payment by payment.",
    )
    shopify_gateway_ids = fields.Many2many(
        "shopify.payment.gateway", string="Payment Gateways", compute="_compute_shopify_payments"
    )
    shopify_several_gateways = fields.Boolean(
        string="Several Payment Methods",
        compute="_compute_shopify_payments",
        search="_search_shopify_several_gateways",
        help="The order was paid by more than one gateway, for example a gift card and Shopify Payments.",
    )

    @api.depends("shopify_instance_id", "shopify_order_id")
    def _compute_shopify_payments(self):
        moves = self.filtered("shopify_order_id")
        orders = self.env["sale.order"].search(
            [
                ("shopify_instance_id", "in", moves.shopify_instance_id.ids),
                ("shopify_order_id", "in", moves.mapped("shopify_order_id")),
            ]
        )
        by_key = {(order.shopify_instance_id, order.shopify_order_id): order for order in orders}
        for move in self:
            order = by_key.get((move.shopify_instance_id, move.shopify_order_id), orders.browse())
            move.shopify_payment_ids = order.shopify_payment_ids.filtered(lambda payment: payment.kind != "refund")
            move.shopify_gateway_ids = order.shopify_gateway_ids
            move.shopify_several_gateways = order.shopify_gateway_count > 1

    @api.model
    def _search_shopify_several_gateways(self, operator, value):
        if operator != "in":
            return NotImplemented
        several = SQL(
            "(SELECT m.id FROM account_move m JOIN sale_order o ON o.shopify_instance_id = m.shopify_instance_id"
            " AND o.shopify_order_id = m.shopify_order_id WHERE o.shopify_gateway_count > 1)"
        )
        self.env["sale.order"].flush_model(["shopify_instance_id", "shopify_order_id", "shopify_gateway_count"])
        self.flush_model(["shopify_instance_id", "shopify_order_id"])
        return [("id", "in" if True in value else "not in", several)]

    def _shopify_order(self):
        """The order of an invoice.

        :raises UserError: it is no invoice of a Shopify order
        """
        self.ensure_one()
        order = self.env["sale.order"].search(
            [
                ("shopify_instance_id", "=", self.shopify_instance_id.id),
                ("shopify_order_id", "=", self.shopify_order_id),
            ]
        )
        if self.move_type != "out_invoice" or not self.shopify_order_id or not order:
            raise UserError(self.env._("%s is no invoice of a Shopify order.", self.display_name))
        return order

    def action_shopify_payment_methods(self):
        """The payments of the order: gateway, workflow, journal, amount, and what is registered."""
        payments = self._shopify_order().shopify_payment_ids
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_order_payment_action")
        return {**action, "domain": [("id", "in", payments.ids), ("kind", "!=", "refund")]}

    def action_shopify_register_all(self):
        """Register each payment of the order that is not registered yet, in the journal of its own workflow, and match
        all of them with the invoice.

        :raises UserError: nothing to register, or a payment without a journal (none is registered then)
        """
        order = self._shopify_order()
        self.shopify_instance_id.check_access("read")
        self.check_access("write")
        if self.state != "posted":
            raise UserError(self.env._("Confirm the invoice first."))
        due = order.shopify_payment_ids.filtered(
            lambda payment: payment.kind != "refund" and not payment.registered and not payment.is_test
        )
        if not due:
            raise UserError(
                self.env._(
                    "Every payment that Shopify received for %s is registered. Use Odoo's 'Pay' for what is still open.",
                    order.name,
                )
            )
        lacking = due.filtered(lambda payment: not payment.workflow_id.payment_journal_id).gateway_id
        if lacking:
            raise UserError(
                self.env._(
                    "No journal is known for payments by %s. Give their lines in Shopify > Configuration > Financial Status a "
                    "workflow with a payment journal, then try again. Nothing was registered.",
                    ", ".join(gateway.name for gateway in lacking),
                )
            )
        # the payments are the store's own, as when its workflow makes them
        store = self.shopify_instance_id._for_jobs()
        store.env["shopify.workflow"]._pay(store, order.with_env(store.env), due.with_env(store.env))
        self.message_post(
            body=self.env._(
                "Payments by %(gateways)s registered by %(user)s.",
                gateways=", ".join(gateway.name for gateway in due.gateway_id),
                user=self.env.user.name,
            )
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
