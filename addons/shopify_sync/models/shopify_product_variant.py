"""A variant of the layer: which Odoo variant an order line of Shopify means."""

from odoo import fields, models


class ShopifyProductVariant(models.Model):
    """A variant of a store, linked with an Odoo variant."""

    _name = "shopify.product.variant"
    _description = "Shopify Variant"
    _order = "shopify_product_id, position, id"
    _rec_name = "title"

    shopify_product_id = fields.Many2one("shopify.product", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one(related="shopify_product_id.instance_id", store=True, index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", string="Odoo Variant", ondelete="restrict", index=True)
    shopify_id = fields.Char(string="Shopify Id", index=True)
    inventory_item_ref = fields.Char(string="Inventory Item Id", index=True)
    title = fields.Char()
    sku = fields.Char(string="SKU", index=True)
    barcode = fields.Char(index=True)
    position = fields.Integer()
    taxable = fields.Boolean(default=True)
    tracked = fields.Boolean(string="Shopify Counts Stock")
    active = fields.Boolean(default=True)

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id) WHERE shopify_id IS NOT NULL", "This variant of the store exists already."
    )
