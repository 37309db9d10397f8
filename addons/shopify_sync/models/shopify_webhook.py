"""A webhook subscription of a store at Shopify."""

from odoo import api, fields, models

from ..shopify_api.webhooks import TOPICS

_LABELS = {
    "orders/create": "Order created",
    "orders/updated": "Order changed",
    "orders/cancelled": "Order cancelled",
    "orders/delete": "Order deleted",
    "orders/edited": "Order edited",
    "orders/risk_assessment_changed": "Risk of an order changed",
    "order_transactions/create": "Payment of an order",
    "refunds/create": "Refund",
    "returns/request": "Return requested",
    "returns/approve": "Return approved",
    "returns/update": "Return changed",
    "returns/process": "Return processed",
    "returns/close": "Return closed",
    "returns/reopen": "Return opened again",
    "returns/cancel": "Return cancelled",
    "returns/decline": "Return declined",
    "reverse_fulfillment_orders/dispose": "Return received",
    "fulfillments/create": "Shipment created",
    "fulfillments/update": "Shipment changed",
    "fulfillment_orders/hold_released": "Hold of a shipment released",
    "fulfillment_orders/scheduled_fulfillment_order_ready": "Scheduled shipment ready",
    "fulfillment_orders/moved": "Shipment moved to another location",
    "customers/create": "Customer created",
    "customers/update": "Customer changed",
    "customers/delete": "Customer deleted",
    "customers/merge": "Customers merged",
    "products/create": "Product created",
    "products/update": "Product changed",
    "products/delete": "Product deleted",
    "app/uninstalled": "App removed from the store",
    "locations/create": "Location created",
    "locations/update": "Location changed",
    "locations/activate": "Location activated",
    "locations/deactivate": "Location deactivated",
    "locations/delete": "Location deleted",
}
#: Topics that are subscribed by API, by name.
SUBSCRIBED = {name: topic for name, topic in TOPICS.items() if topic.enum}


class ShopifyWebhook(models.Model):
    """What is subscribed at Shopify, as of the last check. The operation "Check webhooks" keeps both in step."""

    _name = "shopify.webhook"
    _description = "Shopify Webhook"
    _order = "instance_id, id"
    _rec_name = "topic"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    topic = fields.Selection([(name, _LABELS[name]) for name in SUBSCRIBED], required=True, readonly=True)
    name = fields.Char(string="Shopify Name", compute="_compute_name")
    enabled = fields.Boolean(string="On", default=True, help="Off: the topic is not subscribed.")
    shopify_id = fields.Char(string="Shopify Id", readonly=True)
    address = fields.Char(readonly=True)
    state = fields.Selection(
        [("active", "Active"), ("missing", "Missing"), ("wrong", "Wrong address"), ("off", "Switched off")],
        required=True,
        default="missing",
        readonly=True,
    )
    message = fields.Char(string="Reason", readonly=True)
    checked_at = fields.Datetime(string="Last Check", readonly=True)
    last_delivery = fields.Datetime(compute="_compute_deliveries")
    failure_count = fields.Integer(
        string="Failures", compute="_compute_deliveries", help="Deliveries that could not be processed."
    )

    _topic_unique = models.UniqueIndex("(instance_id, topic)", "Each topic is subscribed once per store.")

    @api.depends("topic")
    def _compute_name(self):
        for webhook in self:
            webhook.name = webhook.topic

    def _compute_deliveries(self):
        events = self.env["shopify.webhook.event"]
        domain = [("instance_id", "in", self.instance_id.ids), ("state", "!=", "refused")]
        found = {
            (instance.id, topic): (last, count)
            for instance, topic, last, count in events._read_group(
                domain, ["instance_id", "topic"], ["received_at:max", "__count"]
            )
        }
        failed = {
            (instance.id, topic): count
            for instance, topic, count in events._read_group(
                [*domain, ("state", "=", "failed")], ["instance_id", "topic"], ["__count"]
            )
        }
        for webhook in self:
            key = webhook.instance_id.id, webhook.topic
            webhook.last_delivery = found.get(key, (False, 0))[0]
            webhook.failure_count = failed.get(key, 0)

    def write(self, vals):
        result = super().write(vals)
        if "enabled" in vals:
            self.instance_id._check_webhooks_soon()
        return result

    def action_view_events(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_webhook_event_action")
        return {
            **action,
            "domain": [("instance_id", "=", self.instance_id.id), ("topic", "=", self.topic)],
            "context": {},
        }
