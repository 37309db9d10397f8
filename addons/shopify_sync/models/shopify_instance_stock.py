"""Settings of a store: stock, both ways."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .stock_quantities import check_values, propose_value

_MATTERS = frozenset({"stock_field", "stock_rule", "stock_value", "stock_buffer", "active"})


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    stock_field = fields.Selection(
        [("on_hand", "On hand"), ("free", "Free to use"), ("forecast", "Forecast")],
        string="Quantity to Send",
        required=True,
        default="free",
        help="On hand: what is in the warehouse. Free to use: less what is reserved. Forecast: on hand, plus what is "
        "coming, less what is going out. From the last two, orders of Shopify that Odoo has not confirmed yet are taken "
        "off, because Shopify has set their units aside.",
    )
    stock_rule = fields.Selection(
        [("as_is", "As is"), ("percentage", "Percentage"), ("maximum", "Maximum"), ("fixed", "Fixed")],
        string="Default Rule",
        required=True,
        default="as_is",
    )
    stock_value = fields.Float(string="Value of the Rule", help="Percent, or units, of the default rule.")
    stock_buffer = fields.Float(string="Safety Buffer", help="Units kept back from every variant, after the rule.")
    stock_apply_at_once = fields.Boolean(
        string="Apply Imported Adjustments at Once",
        help="Off: stock read from Shopify waits as inventory counts until a person applies them.",
    )
    queue_size_stock = fields.Integer(
        string="Stock Levels per Queue",
        default=250,
        help="How many levels one queue holds and one request sends, 1 to 250.",
    )
    stock_confirmed_at = fields.Datetime(
        string="First Export Confirmed", readonly=True, copy=False, help="Schedules send no stock before."
    )
    stock_exported_at = fields.Datetime(string="Last Stock Export", readonly=True, copy=False)
    stock_waiting_count = fields.Integer(string="Stock to Send", compute="_compute_stock_waiting_count")
    export_location_count = fields.Integer(compute="_compute_export_location_count")

    _queue_size_stock_range = models.Constraint(
        "CHECK(queue_size_stock BETWEEN 1 AND 250)", "A queue of stock holds 1 to 250 levels."
    )
    _stock_value_positive = models.Constraint(
        "CHECK(stock_value >= 0 AND stock_buffer >= 0)", "Values of stock rules and buffers are not negative."
    )

    @api.onchange("stock_rule")
    def _onchange_stock_rule(self):
        propose_value(self)

    @api.constrains("stock_rule", "stock_value", "stock_buffer")
    def _check_stock_value(self):
        check_values(self)

    def _compute_stock_waiting_count(self):
        counts = dict(
            self.env["shopify.queue.line"]._read_group(
                [("instance_id", "in", self.ids), ("kind", "=", "stock_export"), ("state", "in", ("draft", "failed"))],
                ["instance_id"],
                ["__count"],
            )
        )
        for instance in self:
            instance.stock_waiting_count = counts.get(instance, 0)

    def _compute_export_location_count(self):
        for instance in self:
            instance.export_location_count = len(self.env["shopify.location"]._exported(instance))

    def write(self, vals):
        result = super().write(vals)
        if not _MATTERS.isdisjoint(vals):
            self.env["shopify.stock.change"]._mark(SQL("variant.instance_id = ANY(%s)", list(self.ids)))
        return result

    def _confirm_stock_export(self):
        """The first export was looked at: from now on changes of stock reach the store by themselves."""
        for instance in self.filtered(lambda store: not store.stock_confirmed_at):
            # whoever may export stock may confirm what he was shown
            instance.sudo().stock_confirmed_at = fields.Datetime.now()

    def _check_stock_export(self):
        """Whether stock may be sent.

        :raises UserError: it may not, and why
        """
        self.ensure_one()
        self._check_may_write("stock_out")
        if not self.env["shopify.location"]._exported(self):
            raise UserError(
                self.env._(
                    "%s: no location has export warehouses that a person saved. Choose them under Configuration > Shopify "
                    "Locations.",
                    self.name,
                )
            )

    def _run_scheduled(self, key):
        if key == "stock_compare" and not self.stock_confirmed_at:
            return None
        if key != "stock_export":
            return super()._run_scheduled(key)
        self.ensure_one()
        if self.active and self.state == "connected":
            self.env["shopify.handler.stock"]._run_changed(self._for_jobs())
        return None

    def action_view_stock_counts(self):
        """Inventory counts that wait to be applied in the warehouses stock is imported to."""
        warehouses = self.env["shopify.location"].search([("instance_id", "in", self.ids)]).import_warehouse_id
        action = self.env["stock.quant"].with_context(search_default_internal_loc=1).action_view_inventory()
        domain = [
            ("inventory_quantity_set", "=", True),
            ("location_id", "child_of", warehouses.view_location_id.ids),
        ]
        # Odoo shows a warehouse user the counts that are assigned to him; these are nobody's
        context = {key: value for key, value in action["context"].items() if key != "search_default_my_count"}
        return {**action, "domain": domain, "context": context}
