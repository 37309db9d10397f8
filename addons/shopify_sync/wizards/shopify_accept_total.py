"""Dialog: accept a total that differs from Shopify's, with a reason."""

from odoo import fields, models


class ShopifyAcceptTotal(models.TransientModel):
    _name = "shopify.accept.total"
    _description = "Accept a Total That Differs"

    order_ids = fields.Many2many("sale.order", default=lambda self: self.env.context.get("active_ids", []))
    reason = fields.Char(required=True)

    def action_accept(self):
        self.order_ids._shopify_accept_total(self.reason)
        return {"type": "ir.actions.act_window_close"}
