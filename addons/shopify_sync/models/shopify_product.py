"""The layer: a store's own copy of an Odoo product."""

from odoo import fields, models


class ShopifyProduct(models.Model):
    """A product of a store, linked with an Odoo product."""

    _name = "shopify.product"
    _description = "Shopify Product"
    _order = "instance_id, title"
    _rec_name = "title"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Odoo Product", ondelete="restrict", index=True, check_company=True
    )
    shopify_id = fields.Char(string="Shopify Id", index=True)
    title = fields.Char(required=True, index="trigram")
    handle = fields.Char()
    vendor = fields.Char()
    product_type = fields.Char()
    tags = fields.Char()
    shopify_status = fields.Selection(
        [("active", "Active"), ("draft", "Draft"), ("archived", "Archived"), ("unlisted", "Unlisted")], string="Status"
    )
    variant_ids = fields.One2many("shopify.product.variant", "shopify_product_id", string="Variants")
    variant_count = fields.Integer(compute="_compute_variant_count", string="Variants Linked")
    shopify_updated_at = fields.Datetime(string="Last Change in Shopify")
    active = fields.Boolean(default=True)

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id) WHERE shopify_id IS NOT NULL", "This product of the store exists already."
    )

    def _compute_variant_count(self):
        counts = dict(
            self.env["shopify.product.variant"]._read_group(
                [("shopify_product_id", "in", self.ids)], ["shopify_product_id"], ["__count"]
            )
        )
        for product in self:
            product.variant_count = counts.get(product, 0)

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Product", self.shopify_id)
