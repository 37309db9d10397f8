"""The link between a contact, a store and a Shopify customer."""

from odoo import fields, models


class ShopifyCustomer(models.Model):
    """A customer of a store. Two customers of one store may share one contact; both links stay."""

    _name = "shopify.customer"
    _description = "Shopify Customer"
    _order = "instance_id, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    email = fields.Char()
    phone = fields.Char()
    tags = fields.Char()
    state = fields.Char(string="Account State")
    shopify_updated_at = fields.Datetime(string="Last Change in Shopify")
    matched_by = fields.Selection(
        [("email", "E-mail"), ("phone", "Phone"), ("created", "Created")], readonly=True, string="Matched How"
    )
    active = fields.Boolean(default=True)

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id)", "This customer of the store is linked already."
    )

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Customer", self.shopify_id)
