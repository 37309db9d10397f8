"""Step two of three: the gateways a store is paid through."""

from odoo import api, fields, models

from ..mapping import SECONDARY_GATEWAYS

#: Gateways whose paid orders need no thought: mapped by themselves when a store is connected.
COMMON_GATEWAYS = {
    "shopify_payments": "Shopify Payments",
    "paypal": "PayPal",
    "gift_card": "Gift card",
    "shopify_store_credit": "Store credit",
    "manual": "Manual",
    "free": "Free order",
    "bogus": "Test gateway",
    "shop_pay_installments": "Shop Pay Installments",
    "cash": "Cash",
}


class ShopifyPaymentGateway(models.Model):
    """A gateway of a store. Its code is compared letter for letter with what Shopify sends."""

    _name = "shopify.payment.gateway"
    _description = "Shopify Payment Gateway"
    _order = "instance_id, name"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Exactly as Shopify sends it, letter for letter.")
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    workflow_id = fields.Many2one(
        "shopify.sale.workflow",
        string="Default Workflow",
        check_company=True,
        help="Used when no Financial Status line fits.",
    )
    paid_out = fields.Boolean(string="Settled by Payout", help="Shopify Payments pays this gateway's money out.")
    is_credit = fields.Boolean(string="Gift Card / Store Credit")
    active = fields.Boolean(default=True)
    mapped = fields.Boolean(compute="_compute_mapped", search="_search_mapped")
    code_warning = fields.Char(compute="_compute_code_warning")
    financial_status_ids = fields.One2many("shopify.financial.status", "gateway_id")
    order_count = fields.Integer(compute="_compute_order_count", string="Orders")

    _code_unique = models.UniqueIndex("(instance_id, code)", "This gateway of the store exists already.")

    @api.depends("workflow_id", "financial_status_ids")
    def _compute_mapped(self):
        for gateway in self:
            gateway.mapped = bool(gateway.workflow_id or gateway.financial_status_ids)

    @api.model
    def _search_mapped(self, operator, value):
        if operator != "in":
            return NotImplemented
        mapped = ["|", ("workflow_id", "!=", False), ("financial_status_ids", "!=", False)]
        return mapped if True in value else ["!", *mapped]

    @api.depends("code", "instance_id")
    def _compute_code_warning(self):
        siblings = self.with_context(active_test=False).search([("instance_id", "in", self.instance_id.ids)])
        by_store = siblings.grouped("instance_id")
        for gateway in self:
            code = gateway.code or ""
            same = [
                other.code
                for other in by_store.get(gateway.instance_id, self.browse())
                if other.code != code and other.code.strip().casefold() == code.strip().casefold()
            ]
            warning = False
            if code != code.strip():
                warning = self.env._("This code has spaces at its ends. Shopify compares every letter.")
            elif same:
                warning = self.env._("Differs from '%s' only in letter case or spaces.", same[0])
            gateway.code_warning = warning

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("shopify_gateway_ids", "in", self.ids)], ["shopify_gateway_ids"], ["__count"]
            )
        )
        for gateway in self:
            gateway.order_count = counts.get(gateway, 0)

    @api.model
    def _ensure(self, instance, codes):
        """The gateways with these codes, created when unknown (name = code, not mapped).

        :return: {code: gateway}
        """
        wanted = dict.fromkeys(codes)
        known = {
            gateway.code: gateway
            for gateway in self.with_context(active_test=False).search(
                [("instance_id", "=", instance.id), ("code", "in", list(wanted))]
            )
        }
        missing = [code for code in wanted if code not in known]
        # a new gateway is a fact Shopify states, not a setting someone makes
        created = self.sudo().create([self._prepare_vals(instance, code) for code in missing])
        known.update((gateway.code, gateway.sudo(self.env.su)) for gateway in created)
        return known

    @api.model
    def _prepare_vals(self, instance, code):
        return {
            "instance_id": instance.id,
            "code": code,
            "name": COMMON_GATEWAYS.get(code, code),
            "paid_out": code == "shopify_payments",
            "is_credit": code in SECONDARY_GATEWAYS,
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.get("workflow_id") or vals.get("active"):
            self._wake_waiting()
        return result

    def _wake_waiting(self):
        for instance, gateways in self.grouped("instance_id").items():
            self.env["shopify.queue.line"]._wake_and_tell([f"gateway:{gateway.code}" for gateway in gateways], instance)

    def action_map(self):
        """Open the Financial Status lines of this gateway."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_financial_status_action")
        context = {"default_instance_id": self.instance_id.id, "default_gateway_id": self.id}
        return {**action, "domain": [("gateway_id", "=", self.id)], "context": context}
