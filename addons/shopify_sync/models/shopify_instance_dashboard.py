"""What the dashboard card and the store's form show of a store: counts, and the lists behind them."""

from odoo import fields, models

OPEN = [("state", "in", ("draft", "sent"))]
RISKY = [*OPEN, ("shopify_risk_state", "in", ("held", "pending"))]

#: Lists behind the numbers of a card: action, field of the store, and what the list is narrowed to.
_LISTS = {
    "orders": ("sale_order_action", "shopify_instance_id", [("state", "=", "sale")]),
    "quotations": ("sale_order_quotation_action", "shopify_instance_id", OPEN),
    "risky": ("sale_order_risky_action", "shopify_instance_id", RISKY),
    "differs": ("sale_order_all_action", "shopify_instance_id", [("shopify_total_state", "=", "differs")]),
    "customers": ("res_partner_action", "shopify_customer_ids.instance_id", []),
    "invoices": ("account_move_action", "shopify_instance_id", [("move_type", "=", "out_invoice")]),
    "deliveries": ("stock_picking_action", "shopify_instance_id", []),
    "products": ("shopify_product_action", "instance_id", []),
    "waiting": ("shopify_queue_line_action", "instance_id", [("state", "=", "draft")]),
    "failed": ("shopify_queue_line_action", "instance_id", [("state", "=", "failed")]),
    "gateways": ("shopify_payment_gateway_action", "instance_id", [("mapped", "=", False)]),
    "report": ("sale_report_action", "shopify_instance_id", []),
}


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    sale_count = fields.Integer(string="Sales Orders", compute="_compute_dashboard")
    quotation_count = fields.Integer(string="Quotations", compute="_compute_dashboard")
    risky_count = fields.Integer(string="Risky Quotations", compute="_compute_dashboard")
    differs_count = fields.Integer(string="Totals That Differ", compute="_compute_dashboard")
    customer_count = fields.Integer(string="Customers", compute="_compute_dashboard")
    product_count = fields.Integer(string="Products", compute="_compute_dashboard")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_dashboard")
    delivery_count = fields.Integer(string="Delivery Orders", compute="_compute_dashboard")
    waiting_count = fields.Integer(string="Waiting Lines", compute="_compute_dashboard")
    failed_count = fields.Integer(string="Failed Lines", compute="_compute_dashboard")
    unmapped_gateway_count = fields.Integer(string="Unmapped Gateways", compute="_compute_dashboard")
    schedules_html = fields.Html(
        string="Scheduled Jobs", compute="_compute_schedules_html", groups="shopify_sync.group_manager"
    )
    schedules_on = fields.Boolean(
        compute="_compute_schedules_on", help="At least one scheduled job of the store is on."
    )

    def _compute_dashboard(self):
        def counts(model, domain, field="instance_id"):
            return dict(self.env[model]._read_group([*domain, (field, "in", self.ids)], [field], ["__count"]))

        store = "shopify_instance_id"
        found = {
            "sale_count": counts("sale.order", [("state", "=", "sale")], store),
            "quotation_count": counts("sale.order", OPEN, store),
            "risky_count": counts("sale.order", RISKY, store),
            "differs_count": counts("sale.order", [("shopify_total_state", "=", "differs")], store),
            "customer_count": counts("shopify.customer", []),
            "product_count": counts("shopify.product", []),
            "invoice_count": counts("account.move", [("move_type", "=", "out_invoice")], store),
            "delivery_count": counts("stock.picking", [], store),
            "waiting_count": counts("shopify.queue.line", [("state", "=", "draft")]),
            "failed_count": counts("shopify.queue.line", [("state", "=", "failed")]),
            "unmapped_gateway_count": counts("shopify.payment.gateway", [("mapped", "=", False)]),
        }
        for instance in self:
            for name, of_stores in found.items():
                instance[name] = of_stores.get(instance, 0)

    def _compute_schedules_on(self):
        for instance in self:
            # scheduled jobs are readable by system administrators only; that one is on is no secret
            instance.schedules_on = any(instance.sudo().cron_ids.mapped("active"))

    def _compute_schedules_html(self):
        for instance in self:
            # shown to the store's manager, who may configure these jobs through the store
            jobs = instance.sudo().cron_ids.sorted("id")
            instance.schedules_html = self.env["ir.qweb"]._render("shopify_sync.schedules_table", {"jobs": jobs})

    def action_view_list(self):
        """The list behind a number of the card; which one comes from the button's context (`shopify_list`)."""
        xmlid, store_field, domain = _LISTS[self.env.context["shopify_list"]]
        action = self.env["ir.actions.act_window"]._for_xml_id(f"shopify_sync.{xmlid}")
        return {**action, "domain": [*domain, (store_field, "in", self.ids)]}
