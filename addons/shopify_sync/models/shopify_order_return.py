"""A return of Shopify, and what Odoo did with its goods."""

from odoo import api, fields, models

STATUSES = [
    ("requested", "Requested"),
    ("open", "Open"),
    ("closed", "Closed"),
    ("declined", "Declined"),
    ("canceled", "Cancelled"),
]
STATES = [
    ("none", "Nothing to move"),
    ("waiting", "Waiting"),
    ("moved", "Return made"),
    ("left_out", "Left out"),
    ("attention", "Needs a person"),
]


class ShopifyOrderReturn(models.Model):
    """One return. Its goods come back by transfers, apart from the money, which only refunds move."""

    _name = "shopify.order.return"
    _description = "Shopify Order Return"
    _order = "order_id, created_at, id"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True, readonly=True)
    name = fields.Char(string="Return", readonly=True)
    status = fields.Selection(STATUSES, string="Status in Shopify", required=True, readonly=True)
    created_at = fields.Datetime(readonly=True)
    closed_at = fields.Datetime(readonly=True)
    reason = fields.Char(readonly=True)
    units = fields.Integer(readonly=True, help="Units that come back.")
    received = fields.Integer(readonly=True, help="Units that came in, whatever became of them.")
    restocked = fields.Integer(readonly=True, help="Units that Shopify put on the shelf again.")
    refunded = fields.Integer(readonly=True, help="Units that Shopify has given the money back for.")
    exchanged = fields.Integer(
        string="Sent Instead", readonly=True, help="Units of other items on the order in exchange for these."
    )
    state = fields.Selection(STATES, string="Goods", required=True, default="none", readonly=True, index=True)
    message = fields.Char(readonly=True)
    picking_ids = fields.Many2many("stock.picking", string="Transfers", readonly=True)

    _return_unique = models.UniqueIndex("(instance_id, shopify_id)", "This return of the store is known already.")

    @api.model
    def _prepare(self, one, refunds):
        """Values of a `mapping.Return` as Shopify states it now."""
        return {
            "name": one.name or one.shopify_id,
            "status": one.status,
            "created_at": one.created_at,
            "closed_at": one.closed_at or False,
            "reason": "; ".join(filter(None, (*one.reasons, one.decline))) or False,
            "units": one.units,
            "received": one.units_received(),
            "restocked": sum(units for units, _place in one.restocked(refunds).values()),
            "refunded": sum(line.refunded for line in one.lines),
            "exchanged": one.exchanged,
        }
