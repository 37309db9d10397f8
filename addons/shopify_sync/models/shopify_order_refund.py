"""A refund that Shopify made for an order, and what Odoo did with it."""

from odoo import fields, models
from odoo.exceptions import UserError

STATES = [
    ("waiting", "Waiting for the invoice"),
    ("to_confirm", "To confirm"),
    ("credited", "Credited"),
    ("reduced", "Quantities reduced"),
    ("edit", "Taken off without money"),
    ("left_out", "Left out"),
    ("failed", "Needs a person"),
]


class ShopifyOrderRefund(models.Model):
    """One refund of Shopify. At most one credit note belongs to it, ever."""

    _name = "shopify.order.refund"
    _description = "Shopify Order Refund"
    _order = "order_id, processed_at, id"
    _rec_name = "shopify_id"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    processed_at = fields.Datetime()
    note = fields.Char()
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(help="Money that Shopify says was given back, in the order's currency.")
    pending = fields.Boolean(help="A part of the money is still on its way back.")
    state = fields.Selection(STATES, required=True, default="waiting", index=True)
    message = fields.Char()
    move_id = fields.Many2one("account.move", string="Credit Note", ondelete="restrict", index="btree_not_null")
    sent = fields.Boolean(
        string="From Odoo", readonly=True, help="Its credit note was made in Odoo and sent to Shopify."
    )
    came_back = fields.Boolean(
        readonly=True, help="Sent from Odoo, and Shopify has told of it: its goods were moved in Odoo."
    )
    picking_ids = fields.Many2many("stock.picking", string="Returns")

    _refund_unique = models.UniqueIndex("(instance_id, shopify_id)", "This refund of the store is known already.")

    def action_create_credit_note(self):
        """A person decides: credit the refund now."""
        waiting = self.filtered(lambda refund: refund.state in ("to_confirm", "failed", "left_out", "waiting"))
        if not waiting:
            raise UserError(self.env._("This refund is settled already."))
        for refund in waiting:
            self.env["shopify.refunds"]._settle_by_hand(refund)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_leave_out(self):
        self.filtered(lambda refund: refund.state in ("to_confirm", "failed", "waiting")).state = "left_out"
