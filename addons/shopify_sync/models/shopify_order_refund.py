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
        self._note_decision(waiting, self.env._("Credit note created by %s.", self.env.user.name))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_leave_out(self):
        """A person decides: no credit note for this refund."""
        waiting = self.filtered(lambda refund: refund.state in ("to_confirm", "failed", "waiting"))
        if waiting.move_id:
            raise UserError(self.env._("This refund has a credit note. Post it, or cancel it, there."))
        waiting.state = "left_out"
        self._note_decision(waiting, self.env._("Left out by %s.", self.env.user.name))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _note_decision(self, refunds, text):
        """The decision in the order's chatter; what was logged about refunds nobody waits for any more is solved."""
        for order, decided in refunds.grouped("order_id").items():
            amounts = ", ".join(refund.currency_id.format(refund.amount) for refund in decided)
            order.message_post(
                body=self.env._("Refund of %(amounts)s in Shopify: %(text)s", amounts=amounts, text=text)
            )
            if not {"to_confirm", "failed"} & set(order.shopify_refund_ids.mapped("state")):
                self.env["shopify.log.line"]._resolve(records=order, causes=("refund_to_confirm", "refund_differs"))
