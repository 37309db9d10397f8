"""Dialog: confirm or cancel risky orders, each of them in sight (rules, section 10)."""

from odoo import api, fields, models


class ShopifyRiskDecision(models.TransientModel):
    _name = "shopify.risk.decision"
    _description = "Decide on Risky Orders"

    decision = fields.Selection([("confirm", "Confirm"), ("cancel", "Cancel")], required=True, default="confirm")
    order_ids = fields.Many2many("sale.order", string="Orders")
    order_count = fields.Integer(compute="_compute_order_count")
    where = fields.Selection(
        [("odoo", "In Odoo only"), ("shopify", "In Odoo and in Shopify")],
        string="Cancel",
        required=True,
        default="odoo",
        help="In Odoo only: the order stays open in Shopify, and its money stays there.",
    )
    reason = fields.Selection(selection="_selection_reason", required=True, default="FRAUD")
    refund_method = fields.Selection(
        [("none", "No refund"), ("original", "To the original payments")],
        string="Refund",
        required=True,
        default="original",
        help="What Shopify gives back of what was paid. An authorisation that was not captured is released in any case.",
    )
    restock = fields.Boolean(default=True, help="Shopify puts the units back into its stock.")
    notify = fields.Boolean(string="Notify the Customer", default=False)
    staff_note = fields.Char(help="For the order's timeline in Shopify; the customer does not see it.")

    @api.model
    def _selection_reason(self):
        return self.env["shopify.cancel"]._fields["reason"]._description_selection(self.env)

    @api.depends("order_ids")
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard.order_ids)

    def action_apply(self):
        """Do what was decided, for all orders in the list."""
        self.ensure_one()
        orders = self.order_ids._shopify_held()
        if self.decision == "confirm":
            orders.action_shopify_confirm_risk()
            return {"type": "ir.actions.act_window_close"}
        return self._cancel(orders)

    def _cancel(self, orders):
        if self.where == "shopify":
            # before anything is cancelled, so that a refusal leaves all as it was
            for instance in orders.shopify_instance_id:
                instance._check_may_write("cancel")
        orders.action_cancel()
        for order in orders:
            order.message_post(body=self.env._("Cancelled for its risk by %s.", self.env.user.name))
        if self.where == "odoo":
            return {"type": "ir.actions.act_window_close"}
        lines = self.env["shopify.queue.line"]
        for dialog in self.env["shopify.cancel"].create([self._prepare_cancel(order) for order in orders]):
            lines += dialog._ask()
        notice = lines._process_by_hand()
        return lines._sent_notice() if len(lines) == 1 else notice

    def _prepare_cancel(self, order):
        values = {
            "order_id": order.id,
            "reason": self.reason,
            "restock": self.restock,
            "notify": self.notify,
            "staff_note": self.staff_note,
        }
        # else as the dialog of one order chooses: nothing is refunded where nothing was paid
        return values | ({"refund_method": "none"} if self.refund_method == "none" else {})
