"""Odoo products that stores sell."""

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shopify_product_ids = fields.One2many("shopify.product", "product_tmpl_id", string="Shopify Products")
    shopify_image_ids = fields.One2many(
        "shopify.product.image", "product_tmpl_id", string="Shopify Images", groups="shopify_sync.group_user"
    )

    def action_open_shopify(self):
        """The product in the admin of its store; the list of its products where several stores have it."""
        self.ensure_one()
        linked = self.shopify_product_ids | self.product_variant_ids.shopify_variant_ids.shopify_product_id
        found = linked.filtered("shopify_id")
        return found.action_open_shopify() if len(found) == 1 else self.action_view_shopify_products()


class ProductProduct(models.Model):
    _inherit = "product.product"

    shopify_variant_ids = fields.One2many("shopify.product.variant", "product_id", string="Shopify Variants")
    shopify_variant_count = fields.Integer(compute="_compute_shopify_variant_count")

    @api.depends("shopify_variant_ids")
    def _compute_shopify_variant_count(self):
        counts = dict(
            self.env["shopify.product.variant"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.shopify_variant_count = counts.get(product, 0)

    def action_view_shopify_variants(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_variant_action")
        return {**action, "domain": [("product_id", "=", self.id)], "context": {}}

    def action_open_shopify(self):
        """The variant in the admin of its store; the list of its variants where several stores have it."""
        self.ensure_one()
        found = self.shopify_variant_ids.filtered("shopify_id")
        return found.action_open_shopify() if len(found) == 1 else self.action_view_shopify_variants()

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products._shopify_wake()
        return products

    def write(self, vals):
        names = vals.keys() & {"default_code", "barcode", "active"}
        # what loses a SKU may end a doubt between two products
        before = self._shopify_keys() if names else []
        result = super().write(vals)
        if names:
            self._shopify_wake(before)
        return result

    def _shopify_keys(self):
        """What orders wait for that name one of these products."""
        keys = [f"sku:{product.default_code}" for product in self if product.default_code]
        return keys + [f"barcode:{product.barcode}" for product in self if product.barcode]

    def _shopify_wake(self, before=()):
        """Orders that waited for one of these SKUs or barcodes are tried again."""
        keys = list({*before, *self._shopify_keys()})
        if keys:
            self.env["shopify.queue.line"].sudo()._wake(keys)  # whoever names the product mends the cause
