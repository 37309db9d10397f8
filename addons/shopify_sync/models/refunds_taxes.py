"""Taxes of refunds where Odoo computes them (rules, sections 8.5 and 15)."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..mapping import digits
from ..mapping.money import round_half_up


class ShopifyRefunds(models.AbstractModel):
    _inherit = "shopify.refunds"

    @api.model
    def _share_odoo_tax(self, sale_order, order, key, gross):
        """{Odoo tax id: amount} in what is given back for a line whose taxes Odoo computes.

        The share is the line's own, after its discounts, so that the credit note takes back what the invoice charged.

        :param gross: what is given back, with taxes
        """
        lines = sale_order.order_line.filtered(
            lambda line: line.shopify_line_id == key or (line.shopify_line_id or "").startswith(f"{key}/discount/")
        )
        lines = lines.filtered("product_uom_qty") or lines
        weights, whole = defaultdict(float), 0.0
        for line in lines:
            units = line.product_uom_qty or 1.0
            found = line.tax_ids.compute_all(
                line.price_unit, line.currency_id, units, line.product_id, sale_order.partner_shipping_id
            )
            whole += found["total_included"]
            for tax in found["taxes"]:
                weights[tax["id"]] += tax["amount"]
        if not whole:
            return {}
        places = digits(order.currency)
        return {
            tax_id: round_half_up(gross * Decimal(str(weight)) / Decimal(str(whole)), places)
            for tax_id, weight in weights.items()
        }
