"""What one user wants to see on the card of one store."""

from odoo import api, fields, models

from ..mapping import PERIODS

COUNTERS = ("products", "customers", "orders", "invoices", "shipped", "credit_notes")
GROUPS = ("products", "orders", "deliveries", "invoices")
_STANDARD_PERIOD = "month"


class ShopifyDashboardCard(models.Model):
    """A user's own choice for a card. Without one the card is shown as it comes."""

    _name = "shopify.dashboard.card"
    _description = "Dashboard Card of a User"
    _order = "sequence, id"

    user_id = fields.Many2one(
        "res.users", required=True, ondelete="cascade", index=True, default=lambda self: self.env.user, readonly=True
    )
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    counter_products = fields.Boolean(string="Products", default=True)
    counter_customers = fields.Boolean(string="Customers", default=True)
    counter_orders = fields.Boolean(string="Sales Orders", default=True)
    counter_invoices = fields.Boolean(string="Invoices", default=True)
    counter_shipped = fields.Boolean(string="Deliveries Shipped", default=True)
    counter_credit_notes = fields.Boolean(string="Refunds", default=True)
    group_products = fields.Boolean(string="Lists of Products", default=True)
    group_orders = fields.Boolean(string="Lists of Sales Orders", default=True)
    group_deliveries = fields.Boolean(string="Lists of Deliveries", default=True)
    group_invoices = fields.Boolean(string="Lists of Invoices", default=True)
    graph = fields.Selection(
        [("sales", "Sales amount"), ("orders", "Number of orders"), ("average", "Average value"), ("none", "No graph")],
        required=True,
        default="sales",
    )
    period = fields.Selection(
        [("week", "This week"), ("month", "This month"), ("year", "This year"), ("all", "All")],
        string="Period at the Start",
        required=True,
        default=_STANDARD_PERIOD,
    )
    sequence = fields.Integer(
        string="Place on the Board", help="Cards with a smaller number come first, for example 1 before 2.", default=10
    )

    _user_store_unique = models.UniqueIndex("(user_id, instance_id)", "This card has its settings already.")

    @api.depends("instance_id")
    def _compute_display_name(self):
        for card in self:
            card.display_name = self.env._("Card of %s", card.instance_id.name)

    @api.model
    def _of_user(self, stores):
        """{store: how the user wants its card}, in the user's order."""
        own = self.search([("user_id", "=", self.env.uid), ("instance_id", "in", stores.ids)])
        cards = {card.instance_id: card for card in own}
        standard = self.new({"sequence": 10})
        found = {store: cards.get(store, standard)._choice() for store in stores}
        return dict(sorted(found.items(), key=lambda item: item[1]["sequence"]))

    def _choice(self):
        return {
            "counters": [key for key in COUNTERS if self[f"counter_{key}"]],
            "groups": [key for key in GROUPS if self[f"group_{key}"]],
            "graph": self.graph,
            "period": self.period if self.period in PERIODS else _STANDARD_PERIOD,
            "sequence": self.sequence,
        }

    def action_save(self):
        """The form has saved the choice; the board reads it when the dialog closes."""
        return {"type": "ir.actions.act_window_close"}

    def action_standard(self):
        """Back to standard."""
        self.unlink()
        return {"type": "ir.actions.act_window_close"}
