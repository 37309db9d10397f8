"""Small computed fields and actions that only screens need."""

from odoo import api, fields, models


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    running_text = fields.Char(string="Now", compute="_compute_running_text")
    attention_text = fields.Char(string="Needs", compute="_compute_attention_text")

    @api.depends("running")
    def _compute_running_text(self):
        for queue in self:
            queue.running_text = self.env._("Running") if queue.running else False

    @api.depends("needs_attention")
    def _compute_attention_text(self):
        for queue in self:
            queue.attention_text = self.env._("A person") if queue.needs_attention else False

    @api.model
    @api.readonly
    def read_counters(self, kind):
        """Counters above the list of one kind of queue, see `_counters`."""
        self.check_access("read")
        return self._counters(kind)


class ShopifyPaymentGateway(models.Model):
    _inherit = "shopify.payment.gateway"

    mapped_text = fields.Char(string="Mapping", compute="_compute_mapped_text")

    @api.depends("mapped")
    def _compute_mapped_text(self):
        for gateway in self:
            gateway.mapped_text = self.env._("mapped") if gateway.mapped else self.env._("new - not mapped")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_risk_count = fields.Integer(string="Risk Facts", compute="_compute_shopify_risk_count")

    @api.depends("shopify_risk_ids")
    def _compute_shopify_risk_count(self):
        for order in self:
            order.shopify_risk_count = len(order.shopify_risk_ids)


class ResPartner(models.Model):
    _inherit = "res.partner"

    shopify_store_ids = fields.Many2many("shopify.instance", string="Stores", compute="_compute_shopify_store_ids")

    @api.depends("shopify_customer_ids.instance_id")
    def _compute_shopify_store_ids(self):
        for partner in self:
            partner.shopify_store_ids = partner.shopify_customer_ids.instance_id

    def action_view_shopify_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.sale_order_all_action")
        return {**action, "domain": [("shopify_order_id", "!=", False), ("partner_id", "=", self.id)]}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shopify_product_count = fields.Integer(compute="_compute_shopify_product_count")

    @api.depends("shopify_product_ids")
    def _compute_shopify_product_count(self):
        counts = dict(
            self.env["shopify.product"]._read_group(
                [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
            )
        )
        for product in self:
            product.shopify_product_count = counts.get(product, 0)

    def action_view_shopify_products(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_action")
        return {**action, "domain": [("product_tmpl_id", "=", self.id)]}
