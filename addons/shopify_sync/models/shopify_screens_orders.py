"""What the screens of orders show of changes and refunds in Shopify."""

from odoo import api, fields, models
from odoo.tools import format_date

from .refunds_returns import REVERSAL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_change_table = fields.Html(
        string="Changed in Shopify",
        compute="_compute_shopify_change_table",
        help="Each line that differs: quantity and total with taxes in Odoo and in Shopify.",
    )
    shopify_is_taken_over = fields.Boolean(
        string="Taken Over",
        compute="_compute_shopify_is_taken_over",
        help="Brought by another connector or by hand and linked later: its lines are kept by hand.",
    )

    shopify_refunds_to_confirm = fields.Boolean(
        compute="_compute_shopify_refunds_to_confirm", help="A refund of Shopify waits for a person's word."
    )
    shopify_refunds_text = fields.Char(
        compute="_compute_shopify_refunds_to_confirm", help="Those refunds: amount, day and note."
    )

    @api.depends("shopify_refund_ids.state")
    def _compute_shopify_refunds_to_confirm(self):
        for order in self:
            # why an order needs a look is for everyone who sees it
            waiting = order.sudo().shopify_refund_ids.filtered(lambda refund: refund.state == "to_confirm")
            order.shopify_refunds_to_confirm = bool(waiting)
            order.shopify_refunds_text = ", ".join(order._shopify_refund_text(refund) for refund in waiting) or False

    @api.model
    def _shopify_refund_text(self, refund):
        day = format_date(self.env, refund.instance_id._local_date(refund.processed_at or refund.create_date))
        if refund.shopify_id.startswith(REVERSAL):
            return self.env._("return %(name)s on %(day)s", name=refund.note, day=day)
        note = f" ({refund.note})" if refund.note else ""
        return self.env._(
            "%(amount)s on %(day)s%(note)s", amount=refund.currency_id.format(refund.amount), day=day, note=note
        )

    def action_shopify_credit_refunds(self):
        """Create the credit notes of all refunds that wait for a person's word."""
        return self._shopify_waiting_refunds().action_create_credit_note()

    def action_shopify_leave_out_refunds(self):
        """Leave out all refunds that wait for a person's word."""
        return self._shopify_waiting_refunds().action_leave_out()

    def _shopify_waiting_refunds(self):
        self._check_shopify_user()
        return self.shopify_refund_ids.filtered(lambda refund: refund.state == "to_confirm")

    @api.depends("shopify_change_data")
    def _compute_shopify_change_table(self):
        for order in self:
            rows = [
                {
                    "title": row["title"],
                    "by_hand": row.get("by_hand"),
                    "odoo": order._shopify_figures(row["odoo"], row.get("text")),
                    "shopify": order._shopify_figures(row["shopify"], row.get("text")),
                }
                for row in order.shopify_change_data or []
            ]
            order.shopify_change_table = (
                self.env["ir.qweb"]._render("shopify_sync.change_table", {"rows": rows}) if rows else False
            )

    def _shopify_figures(self, text, plain=False):
        """(quantity, total) as shown, of figures like '2 x = 20.00'; other words stand for themselves, and '-' for what
        is not there.

        :param plain: the text has no figures
        """
        if text == "-":
            return "", ""
        quantity, _sign, total = text.partition(" x = ")
        return (quantity, self.currency_id.format(float(total))) if total and not plain else ("", text)

    @api.depends("shopify_baseline")
    def _compute_shopify_is_taken_over(self):
        for order in self:
            order.shopify_is_taken_over = bool(order.shopify_baseline)
