"""Dialogs: export products to Shopify, update them there, publish them."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..models.spoken import spoken

#: Variants that Odoo does not have are listed for so many products at once.
MOST_LISTED = 50
_PARTS = ("basics", "price", "compare_at", "image", "metafields", "collections")


class ShopifyProductSend(models.TransientModel):
    """What is sent of products of the layer. The work is queued; there is no limit to their number."""

    _name = "shopify.product.send"
    _description = "Send Products to Shopify"

    mode = fields.Selection([("export", "Export"), ("update", "Update")], required=True, readonly=True)
    chosen_ids = fields.Many2many(
        "shopify.product", string="Chosen Products", readonly=True, context={"active_test": False}
    )
    product_ids = fields.Many2many(
        "shopify.product", compute="_compute_products", string="Products", context={"active_test": False}
    )
    archived_text = fields.Text(
        compute="_compute_archived_text",
        string="Archived in Odoo",
        help="Shopify goes on selling these products, though they are archived in Odoo.",
    )
    anew_count = fields.Integer(compute="_compute_products", string="Made Anew")
    product_count = fields.Integer(compute="_compute_products", string="Products to Send")
    left_ids = fields.One2many("shopify.product.send.left", "wizard_id", string="Left Out", readonly=True)
    instance_ids = fields.Many2many("shopify.instance", compute="_compute_products", string="Stores")
    basics = fields.Boolean(
        string="Basic Details",
        default=True,
        help="Title, description, product type, vendor, tags, SEO; SKU, barcode, weight, taxable, stock counting, HS code "
        "and origin of the variants. New variants are added.",
    )
    price = fields.Boolean(default=True, help="The price in the store's pricelist; prices of markets from theirs.")
    compare_at = fields.Boolean(
        string="Compare-at Price",
        default=True,
        help="Sent only when it is higher than the price; cleared when it is not.",
    )
    image = fields.Boolean(string="Images", default=True, help="Pictures that Shopify does not have yet.")
    stock = fields.Boolean(help="The quantities of these products are sent by the next stock export.")
    metafields = fields.Boolean(help="The mapped metafields that go to Shopify.")
    collections = fields.Boolean(help="Join and leave manual collections; automated ones fill themselves.")
    publish = fields.Selection(
        [("web", "Web only"), ("web_pos", "Web and POS"), ("unpublished", "Unpublished")], string="Publishing"
    )
    publication_ids = fields.Many2many(
        "shopify.publication",
        string="Further Sales Channels",
        domain="[('instance_id', 'in', instance_ids), ('kind', '=', 'other')]",
    )
    only_changed = fields.Boolean(
        default=True,
        help="Fields that are the same in Shopify, or that only Shopify changed, are not sent. Off: everything ticked is "
        "sent, except fields that Shopify owns.",
    )
    delete_missing = fields.Boolean(
        string="Delete Variants That Odoo Does Not Have",
        help="Shows them first; only those you tick are deleted in Shopify. It cannot be undone.",
    )
    missing_ids = fields.One2many("shopify.product.send.missing", "wizard_id", string="Variants Only in Shopify")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        products = self.env["shopify.product"].browse(
            self.env.context.get("active_ids", ()) if self.env.context.get("active_model") == "shopify.product" else ()
        )
        if "chosen_ids" in fields_list and products:
            values["chosen_ids"] = [Command.set(products.ids)]
            mode = values.get("mode") or self.env.context.get("default_mode")
            reasons = ((product, product._reason_not_sent(mode)) for product in products)
            values["left_ids"] = [
                Command.create({"product_id": product.id, "reason": reason}) for product, reason in reasons if reason
            ]
        return values

    @api.depends("chosen_ids", "left_ids")
    def _compute_products(self):
        for wizard in self:
            wizard.product_ids = wizard.chosen_ids - wizard.left_ids.product_id
            wizard.product_count = len(wizard.product_ids)
            wizard.anew_count = len(wizard.product_ids.filtered("gone_at")) if wizard.mode == "export" else 0
            wizard.instance_ids = wizard.product_ids.instance_id

    @api.depends("product_ids")
    def _compute_archived_text(self):
        for wizard in self:
            sold = wizard.product_ids.filtered("sold_archived")
            wizard.archived_text = "\n".join(f"{one.title}: {one.sold_archived_text}" for one in sold) or False

    # Buttons

    def action_look_for_missing(self):
        """List the variants that are only in Shopify."""
        self.ensure_one()
        products = self.product_ids.filtered("shopify_id")
        if len(products) > MOST_LISTED:
            raise UserError(self.env._("Choose up to %s products to list variants of.", MOST_LISTED))
        self.missing_ids.unlink()
        rows = []
        for instance, chosen in products.grouped("instance_id").items():
            try:
                rows += self._missing(instance, chosen)
            except shopify_api.ShopifyError as error:
                raise UserError(spoken(self.env, error.words)) from error
        self.missing_ids = [Command.create(row) for row in rows]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_send_action"),
            "res_id": self.id,
        }

    def _missing(self, instance, products):
        sender = self.env["shopify.handler.product.export"]
        gids = [shopify_api.gid("Product", product.shopify_id) for product in products]
        nodes = sender._ask(instance, "products/ProductsToUpdate", {"ids": gids, "variants": 50})["nodes"]
        for product, node in zip(products, nodes, strict=True):
            if not node:
                continue
            sender._read_all_variants(instance, node)
            known = set(product.variant_ids.mapped("shopify_id"))
            for variant in node["variants"]["nodes"]:
                ident = shopify_api.legacy_id(variant["id"])
                if ident not in known:
                    title = " / ".join(one["value"] for one in variant["selectedOptions"])
                    yield {
                        "product_id": product.id,
                        "shopify_id": ident,
                        "title": title,
                        "sku": variant["inventoryItem"]["sku"],
                    }

    def action_send(self):
        """Queue what is ticked; few products are sent at once."""
        self.ensure_one()
        self._check()
        lines = self.env["shopify.queue.line"]
        left = [f"{row.product_id.title}: {row.reason}" for row in self.left_ids]
        for instance, products in self.product_ids.grouped("instance_id").items():
            instance._check_may_write("product_out")
            if self.publish:
                instance._check_may_write("publish")
                # the channels are read when they are not known; only managers set them up
                instance.sudo()._channels()
            made, refused = lines._enqueue_products(instance, {one: self._request(one) for one in products})
            lines += made
            if self.mode == "export":
                (products - self.env["shopify.product"].union(*refused))._start_anew()
            left += [f"{product.title}: {reason}" for product, reason in refused.items()]
        if not lines:
            raise UserError(self.env._("Nothing can be sent.") + "\n" + "\n".join(left))
        return self.env["shopify.product"]._send_lines(lines, left)

    def _check(self):
        if not self.product_ids:
            raise UserError(
                self.env._("None of these products can be sent.")
                + "\n"
                + "\n".join(f"{row.product_id.title}: {row.reason}" for row in self.left_ids)
            )
        if self.mode == "export" and not self.publish:
            raise UserError(self.env._("Choose where the products are published, or Unpublished."))
        if self.mode == "export" and self.publish != "unpublished" and not self.price:
            raise UserError(
                self.env._(
                    "A new product without its price would be sold for nothing. Tick Price, or choose Unpublished."
                )
            )
        if self.mode == "update" and not (any(self[part] for part in _PARTS) or self.publish or self.stock):
            raise UserError(self.env._("Tick what is to be sent."))

    def _request(self, product):
        """What a line of a product asks for."""
        parts = [part for part in _PARTS if self[part] or (part == "basics" and self.mode == "export")]
        missing = self.missing_ids.filtered(lambda row: row.delete and row.product_id == product)
        return {
            "parts": parts,
            "only_changed": self.only_changed or self.mode == "export",
            "publish": self.publish or None,
            "publications": self.publication_ids.filtered(lambda row: row.instance_id == product.instance_id).ids,
            "delete": [shopify_api.gid("ProductVariant", row.shopify_id) for row in missing]
            if self.delete_missing
            else [],
            "stock": self.stock,
        }


class ShopifyProductSendLeft(models.TransientModel):
    """A product that cannot be sent, and why."""

    _name = "shopify.product.send.left"
    _description = "Product Left Out of Sending"

    wizard_id = fields.Many2one("shopify.product.send", required=True, ondelete="cascade")
    product_id = fields.Many2one("shopify.product", required=True, ondelete="cascade")
    reason = fields.Char(required=True)


class ShopifyProductSendMissing(models.TransientModel):
    """A variant that is in Shopify and not in Odoo."""

    _name = "shopify.product.send.missing"
    _description = "Variant Only in Shopify"

    wizard_id = fields.Many2one("shopify.product.send", required=True, ondelete="cascade")
    product_id = fields.Many2one("shopify.product", required=True, ondelete="cascade")
    shopify_id = fields.Char(string="Shopify Id", required=True)
    title = fields.Char()
    sku = fields.Char(string="SKU")
    delete = fields.Boolean(string="Delete in Shopify")
