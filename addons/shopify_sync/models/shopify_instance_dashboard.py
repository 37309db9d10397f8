"""What the dashboard card and the store's form show of a store: counts, and the lists behind them."""

from odoo import api, fields, models
from odoo.fields import Domain

OPEN = [("state", "in", ("draft", "sent"))]
CHANGED = [("shopify_change_state", "=", "to_confirm")]
REFUNDED = [("shopify_refund_ids.state", "=", "to_confirm")]
RISKY = [*OPEN, ("shopify_risk_state", "in", ("held", "pending"))]

#: Lists behind the numbers of a card: action, field of the store, and what the list is narrowed to.
_LISTS = {
    "orders": ("sale_order_action", "shopify_instance_id", [("state", "=", "sale")]),
    "quotations": ("sale_order_quotation_action", "shopify_instance_id", OPEN),
    "risky": ("sale_order_risky_action", "shopify_instance_id", RISKY),
    "differs": ("sale_order_all_action", "shopify_instance_id", [("shopify_total_state", "=", "differs")]),
    "changes": ("sale_order_all_action", "shopify_instance_id", CHANGED),
    "refunds": ("sale_order_all_action", "shopify_instance_id", REFUNDED),
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
    change_count = fields.Integer(string="Changes to Confirm", compute="_compute_dashboard")
    refund_count = fields.Integer(string="Refunds to Confirm", compute="_compute_dashboard")
    customer_count = fields.Integer(string="Customers", compute="_compute_dashboard")
    product_count = fields.Integer(string="Products", compute="_compute_dashboard")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_dashboard")
    delivery_count = fields.Integer(string="Delivery Orders", compute="_compute_dashboard")
    waiting_count = fields.Integer(string="Waiting Lines", compute="_compute_dashboard")
    failed_count = fields.Integer(string="Failed Lines", compute="_compute_dashboard")
    unmapped_gateway_count = fields.Integer(string="Unmapped Gateways", compute="_compute_dashboard")
    proof_state = fields.Selection(
        [("none", "Not proved yet"), ("complete", "Complete"), ("explained", "Explained"), ("open", "To look at")],
        string="Completeness",
        compute="_compute_proof",
        help="How the last days compare with Shopify, as far as the store's settings prove them.",
    )
    proof_open_count = fields.Integer(string="Days to Look At", compute="_compute_proof")
    proof_text = fields.Char(compute="_compute_proof")
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
            "change_count": counts("sale.order", CHANGED, store),
            "refund_count": counts("sale.order", REFUNDED, store),
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

    @api.model
    def _recent_proofs(self, stores):
        """Proofs of the days that the daily count still looks at."""
        now = fields.Datetime.now()
        return self.env["shopify.proof"].search(
            Domain.OR(
                [
                    ("instance_id", "=", store.id),
                    ("day", ">=", fields.Date.subtract(store._local_date(now), days=store.proof_days)),
                ]
                for store in stores
            )
        )

    def _compute_proof(self):
        by_store = self._recent_proofs(self._origin).grouped("instance_id") if self._origin else {}
        for instance in self:
            states = by_store[instance].mapped("state") if instance in by_store else []
            days, to_look = len(states), states.count("open")
            instance.proof_open_count = to_look
            if not days:
                instance.proof_state, instance.proof_text = "none", self.env._("Completeness is not proved yet")
            elif to_look:
                instance.proof_state = "open"
                instance.proof_text = self.env._(
                    "%(open)s of the last %(days)s days to look at", open=to_look, days=days
                )
            elif "explained" in states:
                instance.proof_state = "explained"
                instance.proof_text = self.env._("What differs in the last %s days has a known reason", days)
            else:
                instance.proof_state = "complete"
                instance.proof_text = self.env._("The last %s days are complete", days)

    def action_view_proofs(self):
        """The days of the last proof, as the dashboard counts them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_proof_action")
        return {**action, "domain": [("instance_id", "in", self.ids)]}

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
