"""Deliveries of Shopify orders: what Shopify knows of them."""

from odoo import fields, models

SEND_STATES = [
    ("to_send", "To Send"),
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("left_out", "Not Sent on Purpose"),
    ("failed", "Failed"),
]


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shopify_instance_id = fields.Many2one(
        related="sale_id.shopify_instance_id", store=True, index="btree_not_null", string="Shopify Store"
    )
    shopify_order_id = fields.Char(related="sale_id.shopify_order_id", store=True, string="Shopify Order Id")
    shopify_order_name = fields.Char(related="sale_id.shopify_order_name", string="Shopify Order")
    shopify_is_pickup = fields.Boolean(related="sale_id.shopify_is_pickup")
    shopify_location_id = fields.Many2one(
        "shopify.location", readonly=True, copy=False, help="Where Shopify ships it from."
    )
    shopify_fulfillment_ref = fields.Char(
        string="Shopify Fulfilments", readonly=True, copy=False, help="Ids of the fulfilments this delivery stands for."
    )
    shopify_shipped_units = fields.Json(
        readonly=True,
        copy=False,
        help="Units that Shopify knows as shipped: {fulfilment id: {Shopify line id: units}}.",
    )
    shopify_sent = fields.Boolean(
        string="Updated in Shopify", readonly=True, copy=False, help="Shopify knows of this shipment."
    )
    shopify_send_state = fields.Selection(
        SEND_STATES, string="Shipment in Shopify", readonly=True, copy=False, index="btree_not_null"
    )
    shopify_send_note = fields.Text(string="About the Shipment", readonly=True, copy=False)
    shopify_tracking_sent = fields.Char(readonly=True, copy=False, help="Carrier and numbers as Shopify knows them.")
    shopify_cancel_asked = fields.Boolean(readonly=True, copy=False, help="Its fulfilments are to be cancelled.")
    shopify_pickup_state = fields.Selection(
        [("asked", "Being marked"), ("ready", "Ready for pickup")],
        string="Pickup in Shopify",
        readonly=True,
        copy=False,
    )
    shopify_refund_id = fields.Char(string="Shopify Refund Id", index="btree_not_null", readonly=True, copy=False)
    shopify_return_ref = fields.Char(string="Shopify Return Id", index="btree_not_null", readonly=True, copy=False)
    shopify_cancelled_while_shipped = fields.Boolean(
        string="Cancelled in Shopify While Shipped", readonly=True, copy=False
    )
    shopify_manual_action = fields.Char(string="Needs Manual Action", readonly=True, copy=False)

    _shopify_to_send = models.Index(
        "(shopify_instance_id) WHERE shopify_order_id IS NOT NULL AND state = 'done' AND shopify_sent IS NOT TRUE"
    )

    def action_open_shopify(self):
        self.ensure_one()
        return self.shopify_instance_id._open_in_shopify("Order", self.shopify_order_id)
