"""Lines of sale orders made from Shopify lines; amounts exactly as Shopify states them."""

from odoo import api, fields, models
from odoo.tools import float_compare

from ..mapping import digits
from ..mapping.partial import partial_amounts

LINE_TYPES = [
    ("product", "Product"),
    ("custom", "Custom item"),
    ("gift_card", "Gift card"),
    ("discount", "Discount"),
    ("shipping", "Shipping"),
    ("tip", "Tip"),
    ("duty", "Duty"),
    ("fee", "Fee"),
    ("rounding", "Rounding"),
    ("adjustment", "Refund adjustment"),
]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shopify_line_id = fields.Char(
        string="Shopify Line Id",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Shopify's line id, or made from it for lines that Shopify keeps inside another one "
        "(123/discount/0, shipping/55, duty/9, tip).",
    )
    shopify_main_line_id = fields.Many2one(
        "sale.order.line",
        string="Main Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line this discount or duty belongs to.",
    )
    shopify_line_type = fields.Selection(LINE_TYPES, readonly=True, copy=False)
    shopify_cancelled_qty = fields.Float(
        string="Refunded Before Shipping",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Units that were ordered, invoiced and refunded, and will never be shipped.",
    )
    shopify_title = fields.Char(string="Original Title", readonly=True, copy=False)
    shopify_requires_shipping = fields.Boolean(
        string="Shipped by Shopify's Data",
        readonly=True,
        copy=False,
        help="Shopify's line is of goods that are shipped.",
    )

    shopify_warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Warehouse of the Line",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="The line is delivered from here instead of the order's warehouse. Filled from the location that ships it in "
        "Shopify, where the store ships from several warehouses.",
    )

    _shopify_line_unique = models.UniqueIndex(
        "(order_id, shopify_line_id) WHERE shopify_line_id IS NOT NULL",
        "This Shopify line is on the order already.",
    )

    @api.depends("shopify_warehouse_id")
    def _compute_warehouse_id(self):
        """A line's own warehouse wins over the order's, a route over both."""
        result = super()._compute_warehouse_id()
        for line in self:
            if line.shopify_warehouse_id and not line.route_ids:
                line.warehouse_id = line.shopify_warehouse_id
        return result

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """Units refunded before shipping and units that came back with a refund or a return are not to be sent again."""
        quantity = super()._get_qty_procurement(previous_product_uom_qty)
        if not self.shopify_line_id:
            return quantity
        returned = self._shopify_returned().filtered(lambda move: move.state != "cancel")
        return quantity + self.shopify_cancelled_qty + sum(returned.mapped("product_uom_qty"))

    def _shopify_returned(self):
        """Moves of units that came back with a refund or a return; the order keeps them, a credit note takes them off."""
        return self.move_ids.filtered(
            lambda move: move.picking_id.shopify_refund_id or move.picking_id.shopify_return_ref
        )

    @api.depends("shopify_cancelled_qty")
    def _compute_qty_to_invoice(self):
        """What is invoiced on delivery is invoiced, too, for units that a refund keeps from being delivered or brings
        back: their credit note takes them off again."""
        result = super()._compute_qty_to_invoice()
        for line in self.filtered("shopify_line_id"):
            by_delivery = line.product_id.invoice_policy == "delivery" and line.product_id.type == "consu"
            if line.state == "sale" and by_delivery:
                returned = line._shopify_returned().filtered(lambda move: move.state == "done" and move.to_refund)
                line.qty_to_invoice += line.shopify_cancelled_qty + sum(returned.mapped("quantity"))
        return result

    def _get_invoice_lines(self):
        """Credit notes of refunds explain themselves: they do not make the ordered units due for invoicing again."""
        lines = super()._get_invoice_lines()
        if not self.shopify_line_id:
            return lines
        return lines.filtered(lambda line: not line.move_id.shopify_refund_id)

    def _prepare_invoice_line(self, **optional_values):
        """Carry Shopify's amounts to an invoice of a part of the line: each part gets its share, the last the rest.

        Odoo takes given tax amounts over only when the whole quantity is invoiced.
        """
        values = super()._prepare_invoice_line(**optional_values)
        if self.shopify_line_id:
            values["shopify_line_id"] = self.shopify_line_id
        if not self.shopify_line_id or not self.extra_tax_data:
            return values
        given, quantity = self.extra_tax_data, values.get("quantity", 0.0)
        same = all(
            float_compare(given[key], current, precision_digits=6) == 0
            for key, current in (
                ("price_unit", self.price_unit),
                ("quantity", self.product_uom_qty),
                ("discount", self.discount),
            )
        )
        if not same or float_compare(quantity, self.product_uom_qty, precision_digits=6) == 0:
            return values
        places = digits(self.currency_id.name)
        company_places = digits(self.company_id.currency_id.name)
        part = partial_amounts(given, self.qty_invoiced, quantity, places, company_places)
        if float_compare(self.qty_invoiced + quantity, self.product_uom_qty, precision_digits=6) == 0:
            part = self._shopify_rest(given, part)
        values["extra_tax_data"] = part
        return values

    def _shopify_rest(self, given, part):
        """Amounts of the last part of a line: what its invoices have left. The line may have been another one when its
        first units were invoiced, so that its shares alone would miss a cent.

        :param part: the share of the last units, as `partial_amounts` makes it
        """
        adjuster = self.env["shopify.invoice.adjuster"]
        invoiced = adjuster._invoiced(adjuster._invoices(self.order_id)).get(self.shopify_line_id)
        if not invoiced:
            return part
        currency, company_currency = self.currency_id, self.company_id.currency_id

        def moved(key, there, rest):
            """The share and its amount in the company's currency, moved to the rest."""
            off = currency.round(rest - there[f"{key}_currency"])
            return {
                f"{key}_currency": currency.round(rest),
                key: company_currency.round(there[key] + off / given["rate"]),
            }

        net = given["manual_total_excluded_currency"] - invoiced["net"]
        taxes = {
            tax_id: {
                **amounts,
                **moved(
                    "tax_amount",
                    amounts,
                    given["manual_tax_amounts"][tax_id]["tax_amount_currency"]
                    - invoiced["taxes"].get(int(tax_id), 0.0),
                ),
                **moved("base_amount", amounts, net),
            }
            for tax_id, amounts in part["manual_tax_amounts"].items()
        }
        return {**part, **moved("manual_total_excluded", part, net), "manual_tax_amounts": taxes}
