"""Settings of a store: how its shipments go out."""

from odoo import fields, models


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    send_shipments = fields.Boolean(
        default=True,
        help="A done delivery becomes a fulfilment in Shopify by itself. Off: only by the button 'Update order shipping "
        "status'.",
    )
    send_without_tracking = fields.Boolean(
        string="Send Shipments Without Tracking",
        default=True,
        help="Off: a delivery without tracking number waits until it has one. Pickups never wait.",
    )
    notify_customer = fields.Boolean(
        string="Notify Customers of Shipment",
        help="Shopify mails the customer when a shipment is sent and when its tracking changes.",
    )
    gift_card_auto_fulfil = fields.Boolean(
        string="Shopify Fulfils Gift Cards",
        default=True,
        help="As set in Shopify under Settings > Checkout > After an order has been paid. Off: gift cards are sent with the "
        "order's first shipment.",
    )
