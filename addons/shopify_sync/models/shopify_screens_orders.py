"""What the screens of orders show of changes and refunds in Shopify."""

from odoo import api, fields, models


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

    @api.depends("shopify_refund_ids.state")
    def _compute_shopify_refunds_to_confirm(self):
        for order in self:
            # why an order needs a look is for everyone who sees it
            states = order.sudo().shopify_refund_ids.mapped("state")
            order.shopify_refunds_to_confirm = "to_confirm" in states

    @api.depends("shopify_change_data")
    def _compute_shopify_change_table(self):
        for order in self:
            rows = [
                {
                    "title": row["title"],
                    "odoo": order._shopify_figures(row["odoo"]),
                    "shopify": order._shopify_figures(row["shopify"]),
                }
                for row in order.shopify_change_data or []
            ]
            order.shopify_change_table = (
                self.env["ir.qweb"]._render("shopify_sync.change_table", {"rows": rows}) if rows else False
            )

    def _shopify_figures(self, text):
        """(quantity, total) as shown, of figures like '2 x = 20.00'; a line that is not there has none."""
        quantity, _sign, total = text.partition(" x = ")
        return (quantity, self.currency_id.format(float(total))) if total else ("", "")

    @api.depends("shopify_baseline")
    def _compute_shopify_is_taken_over(self):
        for order in self:
            order.shopify_is_taken_over = bool(order.shopify_baseline)
