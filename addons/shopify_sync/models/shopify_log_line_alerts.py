"""What alerts remember of what they have told: on log lines and on held orders."""

from odoo import fields, models


class ShopifyLogLine(models.Model):
    _inherit = "shopify.log.line"

    alerted_at = fields.Datetime(readonly=True, help="When an e-mail told of it last.")
    resolved_at = fields.Datetime(readonly=True)
    solved_told = fields.Boolean(readonly=True, help="An e-mail has told that it is solved.")
    activity_planned = fields.Boolean(readonly=True, help="An activity was made for it, or for another of its cause.")

    _unalerted = models.Index("(instance_id) WHERE resolved IS NOT TRUE")
    _untold = models.Index("(instance_id) WHERE resolved AND alerted_at IS NOT NULL AND solved_told IS NOT TRUE")

    def write(self, vals):
        if vals.get("resolved"):
            vals = {"resolved_at": fields.Datetime.now(), **vals}
        return super().write(vals)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_held_mailed = fields.Boolean(readonly=True, copy=False, help="An e-mail told that the order is held.")
    shopify_held_planned = fields.Boolean(readonly=True, copy=False, help="An activity was made for the held order.")
