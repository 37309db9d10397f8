"""The layer: a store's own copy of an Odoo product."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .layer_edits import difference_text

#: Where a record is at Shopify; only imports, exports and managers set it.
IDENTITY = frozenset({"shopify_id", "inventory_item_ref"})


class ShopifyProduct(models.Model):
    """A product of a store with the texts, pictures and state it has there. One Odoo product may have one per store.

    The Odoo product belongs to the variants (`shopify.product.variant.product_id`); `product_tmpl_id` is the template of
    most of them: the variants of one Shopify product may be separate Odoo products, and those of one Odoo product may
    stand in several Shopify products.
    """

    _name = "shopify.product"
    _description = "Shopify Product"
    _order = "instance_id, title, id"
    _rec_name = "title"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Odoo Product", ondelete="restrict", index=True, check_company=True
    )
    shopify_id = fields.Char(string="Shopify Id", index=True, copy=False)
    exported = fields.Boolean(compute="_compute_exported", store=True, index=True, help="It exists in Shopify.")
    active = fields.Boolean(default=True)
    # What the store shows
    title = fields.Char(required=True, index="trigram")
    description = fields.Html(sanitize_attributes=False, help="The description of the store's page of the product.")
    tags = fields.Char(help="Shopify's tags, separated by commas.")
    vendor = fields.Char(index=True)
    product_type = fields.Char(index=True, help="Shopify's own product type; it becomes Odoo's product category.")
    handle = fields.Char(index=True, help="The last part of the product's address in the store.")
    category_ref = fields.Char(string="Category Id", help="Id in Shopify's taxonomy of product categories.")
    category_name = fields.Char(string="Product Category", help="Category of Shopify's taxonomy, set in Shopify.")
    options_text = fields.Char(string="Options", help="Shopify's options with their values.")
    template_suffix = fields.Char(help="Theme template of the product's page, when it is not the usual one.")
    seo_title = fields.Char(string="SEO Title")
    seo_description = fields.Text(string="SEO Text")
    is_gift_card = fields.Boolean(string="Gift Card")
    collection_ids = fields.Many2many("shopify.collection", string="Collections")
    shopify_status = fields.Selection(
        [("active", "Active"), ("draft", "Draft"), ("archived", "Archived"), ("unlisted", "Unlisted")], string="Status"
    )
    publish_state = fields.Selection(
        [("unpublished", "Unpublished"), ("web", "Web"), ("web_pos", "Web and POS")],
        string="Published",
        required=True,
        default="unpublished",
        index=True,
        copy=False,
    )
    # Its parts
    variant_ids = fields.One2many("shopify.product.variant", "shopify_product_id", string="Variants")
    image_ids = fields.One2many("shopify.product.image", "shopify_product_id", string="Images")
    metafield_ids = fields.One2many("shopify.metafield", "shopify_product_id", string="Metafields")
    variant_total = fields.Integer(string="Variants in Shopify", compute="_compute_variant_counts")
    variant_count = fields.Integer(string="Variants Linked", compute="_compute_variant_counts")
    # How it stands with Odoo
    differs = fields.Boolean(
        compute="_compute_differences",
        store=True,
        help="Title, SKU, barcode or weight are not the same in Odoo and in Shopify.",
    )
    differences = fields.Text(compute="_compute_differences", store=True)
    written = fields.Json(
        copy=False,
        help="What the import wrote on the Odoo product last; a field with another value was changed by hand.",
    )
    made_product = fields.Boolean(copy=False, help="The import made the Odoo product.")
    payload_digest = fields.Char(copy=False, help="Digest of the data last brought, without times.")
    shopify_created_at = fields.Datetime(string="Created in Shopify", copy=False)
    shopify_updated_at = fields.Datetime(string="Last Change in Shopify", copy=False)
    published_at = fields.Datetime(copy=False)
    last_sent_at = fields.Datetime(string="Last Update Sent", copy=False)
    last_error = fields.Text(copy=False)

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id) WHERE shopify_id IS NOT NULL", "This product of the store exists already."
    )

    @api.depends("shopify_id")
    def _compute_exported(self):
        for product in self:
            product.exported = bool(product.shopify_id)

    @api.depends("variant_ids")
    def _compute_variant_counts(self):
        groups = self.env["shopify.product.variant"]._read_group(
            [("shopify_product_id", "in", self.ids)], ["shopify_product_id"], ["__count", "product_id:count"]
        )
        counts = {product: (total, linked) for product, total, linked in groups}
        for product in self:
            product.variant_total, product.variant_count = counts.get(product, (0, 0))

    @api.depends("title", "edited", "exported", "product_tmpl_id.name", "variant_ids.difference")
    def _compute_differences(self):
        for product in self:
            found = []
            # texts of the store are in its language
            name = product.with_context(lang=product.instance_id.lang_id.code).product_tmpl_id.name
            if name and name != product.title:
                found.append(difference_text(product, "title", self.env._("Title"), product.title, name))
            found += [variant.difference for variant in product.variant_ids if variant.difference]
            product.differences = "\n".join(found) or False
            product.differs = bool(found)

    def write(self, vals):
        self._refuse_moving(vals)
        return super().write(vals)

    def _refuse_moving(self, vals):
        """A product in Shopify stays in its store, and only those who may configure say which one it is.

        :raises UserError: the change would point the layer at another product
        """
        if "instance_id" in vals and any(one.exported and one.instance_id.id != vals["instance_id"] for one in self):
            raise UserError(self.env._("The store of a product that is in Shopify cannot be changed."))
        if vals.keys() & IDENTITY and not self.env.su and not self.env.user.has_group("shopify_sync.group_manager"):
            raise UserError(self.env._("Only a Shopify Manager may change which product of Shopify this is."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exported(self):
        for product in self:
            if product.exported and not product.gone_at and not self.env.context.get("shopify_unlink_exported"):
                raise UserError(
                    self.env._(
                        "%s is in Shopify and stays in the layer: its orders need the link. Archive it instead.",
                        product.title,
                    )
                )

    # Buttons

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Product", self.shopify_id)

    def action_view_variants(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_variant_action")
        return {**action, "domain": [("shopify_product_id", "=", self.id)], "context": {}}

    def action_view_odoo_products(self):
        """The Odoo products behind the variants; usually one."""
        self.ensure_one()
        templates = self.product_tmpl_id | self.variant_ids.product_id.product_tmpl_id
        return templates._get_records_action(name=self.env._("Odoo Products"))

    def action_view_queue_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_line_action")
        domain = [
            ("instance_id", "=", self.instance_id.id),
            ("kind", "=like", "product%"),
            "|",
            ("shopify_id", "=", self.shopify_id or ""),
            "&",
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
        ]
        return {**action, "domain": domain, "context": {}}

    def action_view_logs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_log_line_action")
        keys = [f"product:{self.shopify_id}", f"image:{self.id}", f"product_layer:{self.id}"]
        domain = [("instance_id", "=", self.instance_id.id), ("record_key", "in", keys)]
        return {**action, "domain": domain, "context": {}}

    def action_match(self):
        """Dialog: say by hand which Odoo variant each variant is."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_match_action"),
            "context": {"default_shopify_product_id": self.id},
        }

    def action_get_again(self):
        """Read these products from Shopify now and bring what changed."""
        for instance, products in self.filtered("shopify_id").grouped("instance_id").items():
            run = self.env["shopify.run.starter"]._start(
                instance, "product_by_id", {"tokens": " ".join(products.mapped("shopify_id"))}, "by_id"
            )
            if run.state == "failed":
                raise UserError(run.message)
            lines = self.env["shopify.queue.line"].search(
                [
                    ("instance_id", "=", instance.id),
                    ("kind", "=", "product"),
                    ("shopify_id", "in", products.mapped("shopify_id")),
                    ("state", "=", "draft"),
                ]
            )
            self.env["shopify.runner"]._process_now(instance, lines.ids)
        self.env.invalidate_all()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_remove(self):
        """Take products that are not in Shopify, or not any more, out of the layer."""
        self.unlink()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_action"),
            "target": "main",
        }
