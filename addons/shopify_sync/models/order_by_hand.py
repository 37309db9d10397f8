"""What people changed in Odoo on lines of an order: shown against Shopify, never overwritten silently (rules, 1.7)."""

from odoo import api, fields, models
from odoo.tools import float_compare


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_written = fields.Json(
        readonly=True,
        copy=False,
        help="The lines as the import wrote them last: {Shopify line id: [quantity, unit price, tax ids or null where "
        "Odoo chooses the taxes], or null where a person has decided to keep the line}. A line that is another one now was "
        "changed by a person.",
    )


class ShopifyOrderByHand(models.AbstractModel):
    """Keeps what the import wrote on an order's lines, and tells which lines a person changed since."""

    _name = "shopify.order.by.hand"
    _description = "Shopify Order Lines Changed by Hand"

    @api.model
    def _root(self, key):
        """The line that a discount belongs to; else the line itself."""
        return key.rsplit("/discount/", 1)[0]

    @api.model
    def _written(self, commands):
        """What new lines hold, by their Shopify line id.

        :param commands: as `shopify.order.writer._prepare_lines` makes them
        """
        found = {}
        for _code, _id, values in commands:
            taxes = sorted(values["tax_ids"][0][2] or ()) if values.get("tax_ids") else None
            found[values["shopify_line_id"]] = [float(values["product_uom_qty"]), values["price_unit"], taxes]
        return found

    @api.model
    def _remember(self, instance, sale_order, shown=()):
        """Keep the lines as they are now; of those that differ from Shopify, what the import wrote last.

        :param shown: `mapping.Change` that were not applied
        """
        before = sale_order.shopify_written or {}
        kept = {change.key for change in shown}
        written = {key: before[key] for key in kept if key in before}
        for line in sale_order.order_line:
            if line.shopify_line_id and line.shopify_line_id not in kept:
                taxes = sorted(line.tax_ids.ids) if instance.tax_mode == "shopify" else None
                written[line.shopify_line_id] = [line.product_uom_qty, line.price_unit, taxes]
        if written != before:
            sale_order.shopify_written = written

    @api.model
    def _roots(self, sale_order, changes):
        """The lines among the changes that a person changed or removed, with their discounts.

        :return: keys of lines; a discount counts as the line it belongs to
        """
        written = sale_order.shopify_written or {}
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        return {
            self._root(change.key)
            for change in changes
            if change.key in written
            and (written[change.key] is None or self._differs(lines.get(change.key), *written[change.key]))
        }

    @api.model
    def _keep(self, sale_order, changes):
        """A person keeps these lines as they are, whatever Shopify says of them: as if he had changed them."""
        if changes:
            kept = dict.fromkeys(change.key for change in changes)
            sale_order.shopify_written = {**(sale_order.shopify_written or {}), **kept}

    @api.model
    def _differs(self, line, quantity, price, taxes):
        """Whether a line is not what the import wrote; a line that is gone differs unless it had no units."""
        if not line:
            return bool(quantity)
        return (
            float_compare(line.product_uom_qty, quantity, precision_digits=6) != 0
            or float_compare(line.price_unit, price, precision_digits=6) != 0
            or bool(line.discount)
            or (taxes is not None and sorted(line.tax_ids.ids) != taxes)
        )
