"""Dialog: say by hand which Odoo variant each variant of a Shopify product is."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ShopifyProductMatch(models.TransientModel):
    _name = "shopify.product.match"
    _description = "Match Product by Hand"

    shopify_product_id = fields.Many2one("shopify.product", required=True, readonly=True)
    instance_id = fields.Many2one(related="shopify_product_id.instance_id")
    company_id = fields.Many2one(related="shopify_product_id.company_id")
    line_ids = fields.One2many(
        "shopify.product.match.line", "match_id", compute="_compute_line_ids", store=True, readonly=False
    )

    @api.depends("shopify_product_id")
    def _compute_line_ids(self):
        for wizard in self:
            variants = wizard.shopify_product_id.variant_ids
            variants = variants.filtered(lambda one: not one.product_id) or variants
            wizard.line_ids = [
                Command.create({"variant_id": variant.id, "product_id": variant.product_id.id}) for variant in variants
            ]

    def action_apply(self):
        """Link what was chosen. Products and orders that waited for it are tried again by themselves."""
        self.ensure_one()
        changed = self.line_ids.filtered(lambda line: line.product_id and line.product_id != line.variant_id.product_id)
        if not changed:
            raise UserError(self.env._("Choose an Odoo variant for at least one line."))
        product = self.shopify_product_id
        for line in changed:
            line.variant_id.write({"product_id": line.product_id.id, "matched_by": "hand"})
        templates = product.variant_ids.product_id.product_tmpl_id
        if product.product_tmpl_id not in templates:
            product.product_tmpl_id = templates[:1]
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class ShopifyProductMatchLine(models.TransientModel):
    _name = "shopify.product.match.line"
    _description = "Match Variant by Hand"

    match_id = fields.Many2one("shopify.product.match", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="match_id.company_id")
    variant_id = fields.Many2one("shopify.product.variant", string="Shopify Variant", required=True, readonly=True)
    sku = fields.Char(related="variant_id.sku")
    barcode = fields.Char(related="variant_id.barcode")
    product_id = fields.Many2one(
        "product.product",
        string="Odoo Variant",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    note = fields.Char(compute="_compute_note")

    @api.depends("product_id")
    def _compute_note(self):
        others = self.env["shopify.product.variant"].search(
            [("instance_id", "in", self.match_id.instance_id.ids), ("product_id", "in", self.product_id.ids)]
        )
        for line in self:
            found = others.filtered(lambda one, line=line: one.product_id == line.product_id) - line.variant_id
            same_store = found.filtered(lambda one, line=line: one.instance_id == line.match_id.instance_id)
            line.note = (
                self.env._("It is also “%s” of this store: both sell the same stock.", same_store[0].display_name)
                if same_store
                else False
            )
