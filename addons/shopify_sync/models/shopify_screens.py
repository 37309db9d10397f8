"""Small computed fields and actions that only screens need."""

from textwrap import shorten

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from .shopify_log_line import FIXES

#: How much of a message a banner quotes, in characters.
EXAMPLE_LENGTH = 180


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    running_text = fields.Char(string="Now", compute="_compute_running_text")
    attention_text = fields.Char(string="Needs", compute="_compute_attention_text")
    cause_links = fields.Html(compute="_compute_cause_links", help="What waits for a person, each cause with a link.")

    @api.depends("running", "stopped")
    def _compute_running_text(self):
        for queue in self:
            stopped = self.env._("Stopped") if queue.stopped and queue.state != "done" else False
            queue.running_text = self.env._("Running") if queue.running else stopped

    @api.depends("needs_attention")
    def _compute_attention_text(self):
        for queue in self:
            queue.attention_text = self.env._("A person") if queue.needs_attention else False

    def _compute_cause_links(self):
        """One line per cause: how many records it holds up, where it is mended, an example, a link to the log lines."""
        logs = self.env["shopify.log.line"].search(
            [("queue_line_id.queue_id", "in", self.ids), ("resolved", "=", False), ("severity", "=", "error")]
        )
        titles = dict(logs._fields["fix_action"]._description_selection(self.env))
        by_queue = logs.grouped(lambda log: log.queue_line_id.queue_id)
        for queue in self:
            causes = by_queue.get(queue, logs.browse()).grouped("cause").values()
            queue.cause_links = (
                Markup("<ul class='mb-1'>%s</ul>") % Markup().join(self._cause_link(logs, titles) for logs in causes)
                if causes
                else False
            )

    @api.model
    def _cause_link(self, logs, titles):
        first, count = logs[:1], len(logs.queue_line_id)
        example = shorten(first.message, EXAMPLE_LENGTH, placeholder=" ...")
        return Markup(
            "<li><a href='/odoo/action-shopify_sync.shopify_log_line_action/%(id)s'>%(title)s</a> %(text)s</li>"
        ) % {
            "id": first.id,
            "title": titles.get(first.fix_action) or first.process,
            "text": self.env._("(1 record), for example: %(message)s", message=example)
            if count == 1
            else self.env._("(%(count)s records), for example: %(message)s", count=count, message=example),
        }

    @api.model
    @api.readonly
    def read_counters(self, kind):
        """Counters above the list of one kind of queue, see `_counters`."""
        self.check_access("read")
        return self._counters(kind)


class ShopifyLogLine(models.Model):
    _inherit = "shopify.log.line"

    can_fix = fields.Boolean(compute="_compute_can_fix", help="The user may write where the cause is mended.")

    @api.depends("fix_action")
    @api.depends_context("uid")
    def _compute_can_fix(self):
        allowed = {action: self.env[model].has_access("write") for action, (model, _title) in FIXES.items()}
        for log in self:
            log.can_fix = allowed.get(log.fix_action, False)


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    can_fix = fields.Boolean(compute="_compute_can_fix", help="There is a place where its failure is mended.")

    @api.depends("state", "log_line_ids.resolved", "log_line_ids.fix_action")
    @api.depends_context("uid")
    def _compute_can_fix(self):
        for line in self:
            line.can_fix = bool(line.state == "failed" and line._mendable_logs())

    def _mendable_logs(self):
        return self.log_line_ids.filtered(lambda log: log.can_fix and not log.resolved)

    def action_fix(self):
        """Open the place where the failure is mended, filled in."""
        self.ensure_one()
        logs = self._mendable_logs()
        if not logs:
            raise UserError(self.env._("There is no place to mend this; use Process when the cause is gone."))
        return logs[0].action_fix()


class ShopifyPaymentGateway(models.Model):
    _inherit = "shopify.payment.gateway"

    mapped_text = fields.Char(string="Mapping", compute="_compute_mapped_text")

    @api.depends("mapped")
    def _compute_mapped_text(self):
        for gateway in self:
            gateway.mapped_text = self.env._("mapped") if gateway.mapped else self.env._("new - not mapped")


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    def action_open_shopify(self):
        """Shopify's admin shows a variant on the page of its product."""
        self.ensure_one()
        return self.shopify_product_id.action_open_shopify()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_risk_count = fields.Integer(string="Risk Facts", compute="_compute_shopify_risk_count")

    @api.depends("shopify_risk_ids")
    def _compute_shopify_risk_count(self):
        for order in self:
            order.shopify_risk_count = len(order.shopify_risk_ids)


class ResPartner(models.Model):
    _inherit = "res.partner"

    shopify_store_ids = fields.Many2many(
        "shopify.instance",
        relation="shopify_customer_store_rel",
        string="Stores",
        compute="_compute_shopify_store_ids",
        store=True,
    )

    @api.depends("shopify_customer_ids.instance_id")
    def _compute_shopify_store_ids(self):
        for partner in self:
            links = partner.with_context(active_test=False).shopify_customer_ids
            partner.shopify_store_ids = links.instance_id

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
