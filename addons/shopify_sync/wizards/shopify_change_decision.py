"""Dialog: what Shopify changed on an order, decided line by line."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ShopifyChangeDecision(models.TransientModel):
    _name = "shopify.change.decision"
    _description = "Apply or Ignore Changes"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, default=lambda self: self.env.context.get("active_id")
    )
    line_ids = fields.One2many("shopify.change.decision.line", "wizard_id")
    note = fields.Char(help="Written on the order with what was decided, for example 'Agreed by phone'.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        order = self.env["sale.order"].browse(values.get("order_id"))
        values["line_ids"] = [
            Command.create(
                {
                    "key": row["key"],
                    "title": row["title"],
                    "odoo": self._figures(order, row, "odoo"),
                    "shopify": self._figures(order, row, "shopify"),
                    "by_hand": row.get("by_hand", False),
                    "decision": "ignore" if row.get("by_hand") else "apply",
                }
            )
            for row in order.shopify_change_data or []
        ]
        return values

    @api.model
    def _figures(self, order, row, side):
        quantity, total = order._shopify_figures(row[side], row.get("text"))
        return f"{quantity} x = {total}" if quantity else total

    def action_decide(self):
        """Apply what was chosen, keep the rest as it is in Odoo, and write down who decided.

        :raises UserError: there is nothing to decide any more
        """
        self.ensure_one()
        order = self.order_id
        if order.shopify_change_state != "to_confirm":
            raise UserError(self.env._("%s: somebody has decided this meanwhile.", order.name))
        wanted = self.line_ids.filtered(lambda line: line.decision == "apply")
        order._shopify_decide_changes(set(wanted.mapped("key")), self._told(wanted))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _told(self, wanted):
        """Who decided what, for the order's chatter."""
        none = self.env._("nothing")
        return self.env._(
            "Changes from Shopify decided by %(user)s. Applied: %(applied)s. Ignored: %(ignored)s. %(note)s",
            user=self.env.user.name,
            applied=", ".join(wanted.mapped("title")) or none,
            ignored=", ".join((self.line_ids - wanted).mapped("title")) or none,
            note=self.note or "",
        )


class ShopifyChangeDecisionLine(models.TransientModel):
    _name = "shopify.change.decision.line"
    _description = "Change to Apply or Ignore"

    wizard_id = fields.Many2one("shopify.change.decision", required=True, ondelete="cascade")
    key = fields.Char(required=True, readonly=True)
    title = fields.Char(string="What", readonly=True)
    odoo = fields.Char(string="In Odoo", readonly=True)
    shopify = fields.Char(string="In Shopify", readonly=True)
    by_hand = fields.Boolean(string="Changed by Hand", readonly=True)
    decision = fields.Selection([("apply", "Apply"), ("ignore", "Ignore")], required=True, default="apply")
