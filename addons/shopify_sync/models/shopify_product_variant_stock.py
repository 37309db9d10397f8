"""Stock of a variant of the layer: its own rule, and what Shopify was told last."""

from odoo import api, fields, models
from odoo.tools import SQL

from .stock_quantities import check_values, propose_value

#: A change of one of these can change what is to be sent.
_MATTERS = frozenset(
    {"stock_rule", "stock_value", "stock_buffer", "tracked", "product_id", "active", "inventory_item_ref", "shopify_id"}
)


class ShopifyProductVariant(models.Model):
    _inherit = "shopify.product.variant"

    stock_rule = fields.Selection(
        [
            ("store", "As store"),
            ("as_is", "As is"),
            ("percentage", "Percentage"),
            ("maximum", "Maximum"),
            ("fixed", "Fixed"),
        ],
        required=True,
        default="store",
        help="What is done with Odoo's quantity before it is sent; it wins over the store's rule.",
    )
    stock_value = fields.Float(string="Value", help="Percent, or units, of the rule.")
    stock_buffer = fields.Float(
        string="Safety Buffer",
        help="Units kept back from this variant. 0: as the store. Not taken off a fixed quantity.",
    )
    level_ids = fields.One2many("shopify.stock.level", "variant_id", string="Stock in Shopify", readonly=True)
    stock_waits = fields.Boolean(
        string="Stock to Send",
        compute="_compute_stock_waits",
        search="_search_stock_waits",
        help="Its stock changed in Odoo, or could not be sent: Shopify was not told yet.",
    )
    stock_sent = fields.Integer(string="Last Quantity Sent", compute="_compute_stock_sent")
    stock_sent_at = fields.Datetime(string="Last Stock Export", compute="_compute_stock_sent")

    _stock_value_positive = models.Constraint(
        "CHECK(stock_value >= 0 AND stock_buffer >= 0)", "Values of stock rules and buffers are not negative."
    )

    @api.onchange("stock_rule")
    def _onchange_stock_rule(self):
        propose_value(self)

    @api.constrains("stock_rule", "stock_value", "stock_buffer")
    def _check_stock_value(self):
        check_values(self)

    def _compute_stock_waits(self):
        waiting = self.search([("id", "in", self.ids), ("stock_waits", "=", True)])
        for variant in self:
            variant.stock_waits = variant in waiting

    def _search_stock_waits(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["shopify.queue.line"].flush_model(["variant_id", "kind", "state"])
        waiting = SQL(
            """(SELECT variant_id FROM shopify_stock_change
                 UNION
                SELECT variant_id FROM shopify_queue_line
                 WHERE kind = 'stock_export' AND state IN ('draft', 'failed') AND variant_id IS NOT NULL)"""
        )
        return [("id", "in" if True in value else "not in", waiting)]

    def _compute_stock_sent(self):
        groups = self.env["shopify.stock.level"]._read_group(
            [("variant_id", "in", self.ids), ("sent_at", "!=", False)],
            ["variant_id"],
            ["quantity:sum", "sent_at:max"],
        )
        sent = {variant: (quantity, moment) for variant, quantity, moment in groups}
        for variant in self:
            variant.stock_sent, variant.stock_sent_at = sent.get(variant, (0, False))

    @api.model_create_multi
    def create(self, vals_list):
        variants = super().create(vals_list)
        variants._mark_stock()
        return variants

    def write(self, vals):
        names = [name for name in self._fields if name in _MATTERS and name in vals]
        before = {variant: [variant[name] for name in names] for variant in self} if names else {}
        result = super().write(vals)
        changed = [variant for variant, values in before.items() if values != [variant[name] for name in names]]
        self.browse().union(*changed)._mark_stock()
        return result

    def _mark_stock(self):
        """Have these variants looked at by the next export of stock."""
        self.env["shopify.stock.change"]._note(variant_ids=self.ids)
