"""Contacts that are customers of a store."""

from odoo import fields, models
from odoo.exceptions import UserError

#: The digits of a phone number, an international prefix 00 or + left out, as `mapping.phone_key` gives them.
PHONE_DIGITS = "regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^00', '')"


class ResPartner(models.Model):
    _inherit = "res.partner"

    shopify_customer_ids = fields.One2many("shopify.customer", "partner_id", string="Shopify Customers")
    shopify_is_customer = fields.Boolean(string="Shopify Customer", index=True, copy=False)
    shopify_company_ref = fields.Char(string="Shopify Company Id", index="btree_not_null", copy=False)
    shopify_company_external_id = fields.Char(string="Shopify Company External Id", copy=False)
    shopify_company_location_ref = fields.Char(string="Shopify Company Location Id", index="btree_not_null", copy=False)
    shopify_address_key = fields.Char(
        index="btree_not_null", copy=False, help="Normalised content of an address that came from Shopify."
    )
    shopify_order_count = fields.Integer(compute="_compute_shopify_orders", string="Shopify Orders")
    shopify_last_order = fields.Datetime(compute="_compute_shopify_orders", string="Last Shopify Order")

    _shopify_phone_digits = models.Index(f"(({PHONE_DIGITS})) WHERE phone IS NOT NULL")

    def _compute_shopify_orders(self):
        groups = self.env["sale.order"]._read_group(
            [("partner_id", "in", self.ids), ("shopify_order_id", "!=", False)],
            ["partner_id"],
            ["__count", "date_order:max"],
        )
        found = {partner.id: (count, last) for partner, count, last in groups}
        for partner in self:
            partner.shopify_order_count, partner.shopify_last_order = found.get(partner.id, (0, False))

    def action_open_shopify(self):
        """The customer, or the B2B company, in the admin of the first store that knows it.

        :raises UserError: no store is known for the company
        """
        self.ensure_one()
        if self.shopify_customer_ids:
            return self.shopify_customer_ids[:1].action_open_shopify()
        # a company has no link of its own: its persons say which store it belongs to
        store = self.child_ids.shopify_customer_ids.instance_id[:1] or self.env["shopify.instance"]._only_one()
        if not store or not self.shopify_company_ref:
            raise UserError(self.env._("It is not known which store %s belongs to.", self.display_name))
        return store._open_in_shopify("Company", self.shopify_company_ref)
