"""Fiscal positions that count for goods from one country only."""

from odoo import fields, models

#: Context key: id of the country that an order's goods leave from, False when it is not known.
ORIGIN = "shopify_origin_country_id"


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    shopify_origin_country_id = fields.Many2one(
        "res.country",
        string="Goods Leave From",
        help="For orders of Shopify stores with Odoo's taxes: this position counts only when the order's warehouse is in "
        "this country, and wins over positions for goods from anywhere. Example: 'Sales within France' for a German company "
        "that ships from Lyon. Other documents do not look at it.",
    )

    def _get_first_matching_fpos(self, partner):
        """Positions of the goods' own country come first, those of another one do not count."""
        if ORIGIN not in self.env.context:
            return super()._get_first_matching_fpos(partner)
        origin = self.env.context[ORIGIN]
        anywhere = self.filtered(lambda position: not position.shopify_origin_country_id)
        here = self.filtered(lambda position: position.shopify_origin_country_id.id == origin) - anywhere
        found = super(AccountFiscalPosition, here)._get_first_matching_fpos(partner)
        return found or super(AccountFiscalPosition, anywhere)._get_first_matching_fpos(partner)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _compute_fiscal_position_id(self):
        """An order of a store with Odoo's taxes is taxed by where its goods leave from, too. Another warehouse chosen later
        changes it as little as in Odoo: a fiscal position that a person chose must stay.
        """
        # whoever looks at the order: which taxes it has is not a matter of roles
        by_origin = self.filtered(lambda order: order.sudo().shopify_instance_id.tax_mode == "odoo")
        result = super(SaleOrder, self - by_origin)._compute_fiscal_position_id()
        countries = by_origin.grouped(lambda order: order.sudo().warehouse_id.partner_id.country_id.id)
        for country_id, orders in countries.items():
            super(SaleOrder, orders.with_context(**{ORIGIN: country_id}))._compute_fiscal_position_id()
        return result
