"""Who owns a field that both sides can change: Odoo or Shopify."""

from odoo import api, fields, models

#: Fields of the layer whose owner can be chosen, by subject.
OWNED = {
    "title": "Title",
    "description": "Description",
    "product_type": "Product type",
    "vendor": "Vendor",
    "tags": "Tags",
    "seo_title": "SEO title",
    "seo_description": "SEO text",
    "handle": "Handle",
    "status": "Status",
    "sku": "SKU",
    "barcode": "Barcode",
    "weight": "Weight",
    "taxable": "Taxable",
    "tracked": "Counts stock",
    "inventory_policy": "When out of stock",
    "requires_shipping": "Is shipped",
    "hs_code": "HS code",
    "origin": "Country of origin",
    "cost": "Unit cost",
    "price": "Price",
    "compare_at": "Compare-at price",
}


class ShopifyFieldOwner(models.Model):
    """The owner of one product field of a store. A field without a row is Odoo's.

    The owner decides where both sides have changed a field since they were last alike, and where everything is sent: a
    field of Shopify's is never overwritten.
    """

    _name = "shopify.field.owner"
    _description = "Shopify Field Owner"
    _order = "instance_id, field_name"
    _rec_name = "field_name"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    field_name = fields.Selection(list(OWNED.items()), string="Field", required=True)
    owner = fields.Selection([("odoo", "Odoo"), ("shopify", "Shopify")], required=True, default="shopify")

    _field_unique = models.UniqueIndex("(instance_id, field_name)", "This field has an owner already.")

    @api.model
    def _of(self, instance):
        """{field: 'shopify'} of the fields that Shopify owns."""
        rows = self.search([("instance_id", "=", instance.id), ("owner", "=", "shopify")])
        return dict.fromkeys(rows.mapped("field_name"), "shopify")
