"""Collections of a store."""

from odoo import api, fields, models


class ShopifyCollection(models.Model):
    """A collection groups products in a store. Shopify fills automated ones by their conditions: they are read-only."""

    _name = "shopify.collection"
    _description = "Shopify Collection"
    _order = "instance_id, title, id"
    _rec_name = "title"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    title = fields.Char(required=True, index="trigram")
    handle = fields.Char()
    kind = fields.Selection([("manual", "Manual"), ("automated", "Automated")], required=True, default="manual")
    active = fields.Boolean(default=True)
    product_ids = fields.Many2many("shopify.product", string="Products")
    product_count = fields.Integer(compute="_compute_product_count")
    shopify_updated_at = fields.Datetime(string="Last Change in Shopify")
    run_id = fields.Many2one(
        "shopify.run", ondelete="set null", index="btree_not_null", help="The import of collections that saw it last."
    )

    _shopify_id_unique = models.UniqueIndex("(instance_id, shopify_id)", "This collection exists already.")

    @api.depends("product_ids")
    def _compute_product_count(self):
        for collection in self:
            collection.product_count = len(collection.product_ids)

    @api.depends("title", "kind")
    def _compute_display_name(self):
        for collection in self:
            automated = collection.kind == "automated"
            collection.display_name = self.env._("%s (automated)", collection.title) if automated else collection.title

    @api.model
    def _prepare(self, instance, collection):
        """Values for a `mapping.product.Collection`."""
        return {
            "instance_id": instance.id,
            "shopify_id": collection.shopify_id,
            "title": collection.title,
            "handle": collection.handle or False,
            "kind": "automated" if collection.automated else "manual",
            "shopify_updated_at": collection.updated_at,
        }

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Collection", self.shopify_id)
