"""Step three of three: which workflow an order follows, by gateway, financial status and order status."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping import FINANCIAL_STATUSES
from .shopify_payment_gateway import COMMON_GATEWAYS

FINANCIAL_LABELS = {status: status.replace("_", " ").capitalize() for status in FINANCIAL_STATUSES}
ORDER_STATUS_LABELS = [
    ("unshipped", "Unshipped"),
    ("partial", "Partially fulfilled"),
    ("fulfilled", "Fulfilled"),
    ("any", "Any"),
]
#: Workflow of a new combination of a common gateway, by financial status.
DEFAULTS = {
    "paid": "automatic",
    "partially_refunded": "automatic",
    "refunded": "automatic",
    "authorized": "confirm",
}


class ShopifyFinancialStatus(models.Model):
    """The line that chooses a workflow and a payment term; an exact order status wins over Any."""

    _name = "shopify.financial.status"
    _description = "Shopify Financial Status"
    _order = "instance_id, gateway_id, financial_status, order_status"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    gateway_id = fields.Many2one(
        "shopify.payment.gateway",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('instance_id', '=', instance_id)]",
    )
    financial_status = fields.Selection(list(FINANCIAL_LABELS.items()), required=True, default="paid")
    order_status = fields.Selection(ORDER_STATUS_LABELS, required=True, default="any")
    payment_term_id = fields.Many2one("account.payment.term", check_company=True)
    workflow_id = fields.Many2one("shopify.sale.workflow", required=True, check_company=True, index=True)
    active = fields.Boolean(default=True)

    _keys_unique = models.UniqueIndex(
        "(instance_id, gateway_id, financial_status, order_status)",
        "This combination of gateway, financial status and order status exists already.",
    )

    @api.depends("gateway_id", "financial_status", "order_status")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self._labels()
        for line in self:
            line.display_name = " / ".join(
                filter(
                    None,
                    [
                        line.gateway_id.name,
                        labels["financial_status"].get(line.financial_status),
                        labels["order_status"].get(line.order_status),
                    ],
                )
            )

    @api.model
    def _labels(self):
        """{field: {status: its name in the reader's language}}"""
        names = ("financial_status", "order_status")
        return {name: dict(self._fields[name]._description_selection(self.env)) for name in names}

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._wake_waiting()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"workflow_id", "gateway_id", "financial_status", "order_status", "active"}:
            self._wake_waiting()
        return result

    def _wake_waiting(self):
        """Retry every order that waited for one of these combinations."""
        for instance, lines in self.filtered("active").grouped("instance_id").items():
            keys = [key for line in lines for key in line._wait_keys()]
            self.env["shopify.queue.line"]._wake_and_tell(keys, instance)

    def _wait_keys(self):
        """What orders wait for that this line is the answer to."""
        statuses = [self.order_status]
        if self.order_status == "any":
            statuses = [key for key, _label in ORDER_STATUS_LABELS if key != "any"]
        return [self._wait_key(self.gateway_id.code, self.financial_status, status) for status in statuses]

    @api.model
    def _wait_key(self, code, financial_status, order_status):
        return f"status:{code}|{financial_status}|{order_status}"

    @api.model
    def _lookup(self, instance):
        """All combinations of a store in one query.

        :return: {(gateway code, financial status, order status): line}
        """
        lines = self.search([("instance_id", "=", instance.id)])
        return {(line.gateway_id.code, line.financial_status, line.order_status): line for line in lines}

    @api.model
    def _find_combinations(self, instance, combinations, only_common=False):
        """Make lines for combinations that no line covers yet: for any order status, but where a person has told the
        order statuses apart, for the one that was seen.

        :param combinations: (gateway code, financial status, order status) seen in orders; the last one may be left out
        :param only_common: leave gateways that need a person's thought unmapped
        """
        gateways = self.env["shopify.payment.gateway"]._ensure(
            instance, [combination[0] for combination in combinations]
        )
        known = {}
        for code, status, order_status in self._lookup(instance):
            known.setdefault((code, status), set()).add(order_status)
        to_create = []
        for code, status, *rest in dict.fromkeys(combinations):
            order_status = rest[0] if rest else "any"
            covered = known.setdefault((code, status), set())
            if {"any", order_status} & covered or (only_common and code not in COMMON_GATEWAYS):
                continue
            if not covered:
                order_status = "any"
            elif order_status == "any":
                continue  # a person has told them apart
            covered.add(order_status)
            default = DEFAULTS.get(status, "review")
            if default == "automatic" and gateways[code].is_credit:
                default = "credit"
            workflow = self.env["shopify.sale.workflow"]._default(instance.company_id, default)
            to_create.append(
                {
                    "instance_id": instance.id,
                    "gateway_id": gateways[code].id,
                    "financial_status": status,
                    "order_status": order_status,
                    "workflow_id": workflow.id,
                }
            )
        return self.create(to_create)

    @api.model
    def action_find_combinations(self):
        """Fill lines for what recent orders used: of the store in the context, else of all connected stores."""
        instances = self.env["shopify.instance"]
        stores = instances.browse(self.env.context.get("default_instance_id")).exists()
        stores = stores or instances.search([("state", "=", "connected")])
        if not stores:
            raise UserError(self.env._("No store is connected yet."))
        actions = [store.action_find_combinations() for store in stores]
        return actions[-1]
