"""Dialog: prepare Odoo products for a store, into the layer or as a file."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping.tables import write_csv, write_xlsx
from ..models.product_preparation import COLUMNS


class ShopifyProductPrepare(models.TransientModel):
    _name = "shopify.product.prepare"
    _description = "Prepare for Shopify"

    instance_id = fields.Many2one(
        "shopify.instance",
        required=True,
        default=lambda self: self.env["shopify.instance"]._only_one(),
    )
    target = fields.Selection(
        [("layer", "The layer of the store"), ("csv", "A CSV file"), ("xlsx", "An XLSX file")],
        required=True,
        default="layer",
        help="The layer is the store's own copy, edited and exported in Odoo. A file is edited outside and loaded by "
        "'Map products from file'.",
    )
    skip_known = fields.Boolean(string="Skip Products That Are in the Layer Already", default=True)
    product_tmpl_ids = fields.Many2many(
        "product.template", default=lambda self: self._default_products(), context={"active_test": False}
    )
    product_count = fields.Integer(compute="_compute_counts", string="Products Chosen")
    ready_count = fields.Integer(compute="_compute_counts", string="To Prepare")
    line_ids = fields.One2many(
        "shopify.product.prepare.line", "prepare_id", compute="_compute_line_ids", store=True, string="Left Out"
    )
    picture_notes = fields.Text(
        string="Pictures Left Out",
        compute="_compute_picture_notes",
        help="These products are prepared without their picture.",
    )
    file = fields.Binary(readonly=True)
    filename = fields.Char(readonly=True)

    @api.model
    def _default_products(self):
        records = self.env[self.env.context.get("active_model") or "product.template"]
        records = records.browse(self.env.context.get("active_ids") or [])
        return records.product_tmpl_id if records._name == "product.product" else records

    @api.depends("instance_id", "product_tmpl_ids", "skip_known")
    def _compute_line_ids(self):
        for wizard in self:
            left_out = wizard._left_out().items()
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"product_tmpl_id": one.id, "reason": text}) for one, text in left_out),
            ]

    @api.depends("line_ids", "product_tmpl_ids", "target")
    def _compute_picture_notes(self):
        for wizard in self:
            templates = wizard.product_tmpl_ids._origin
            if wizard.target == "layer":
                # those in the layer keep the pictures that they have there
                known = self.env["shopify.product"].with_context(active_test=False)
                known = known.search(
                    [("instance_id", "=", wizard.instance_id.id), ("product_tmpl_id", "in", templates.ids)]
                )
                templates -= known.product_tmpl_id + wizard.line_ids.product_tmpl_id
            else:
                templates = templates.browse()
            problems = self.env["shopify.product.preparation"]._picture_problems(templates)
            wizard.picture_notes = "\n".join(f"{one.name}: {text}" for one, text in problems.items()) or False

    @api.depends("product_tmpl_ids", "line_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.product_count = len(wizard.product_tmpl_ids)
            wizard.ready_count = wizard.product_count - len(wizard.line_ids)

    def _left_out(self):
        """{product: why it is not prepared}."""
        if not self.instance_id:
            return {}
        templates = self.product_tmpl_ids._origin
        result = self.env["shopify.product.preparation"]._refusals(self.instance_id, templates)
        if self.skip_known:
            domain = [("instance_id", "=", self.instance_id.id), ("product_tmpl_id", "in", templates.ids)]
            # what was deleted in Shopify is prepared again
            known = self.env["shopify.product"].search([*domain, ("gone_at", "=", False)])
            for template in known.product_tmpl_id:
                reason = self.env._("It is in the layer already. Take it, too: switch off skipping such products.")
                result.setdefault(template, reason)
        return result

    def action_prepare(self):
        """Prepare what can be; what is left out is listed with its reason."""
        self.ensure_one()
        left_out = self._left_out()
        templates = self.product_tmpl_ids.filtered(lambda one: one not in left_out)
        if not templates:
            raise UserError(
                self.env._(
                    "No product can be prepared.\n%s", "\n".join(f"{one.name}: {left_out[one]}" for one in left_out)
                )
            )
        preparation = self.env["shopify.product.preparation"]
        if self.target == "layer":
            made = preparation._prepare_layer(self.instance_id, templates, self.skip_known)
            action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_action")
            return {**action, "domain": [("id", "in", made.ids)], "context": {}}
        rows = preparation._rows(self.instance_id, templates)
        write = write_csv if self.target == "csv" else write_xlsx
        self.file = base64.b64encode(write(COLUMNS, rows))
        self.filename = f"shopify-products-{fields.Date.context_today(self)}.{self.target}"
        return self._get_records_action(name=self.env._("Prepare for Shopify"), target="new")


class ShopifyProductPrepareLine(models.TransientModel):
    _name = "shopify.product.prepare.line"
    _description = "Product Not Prepared"

    prepare_id = fields.Many2one("shopify.product.prepare", required=True, ondelete="cascade")
    product_tmpl_id = fields.Many2one("product.template", string="Product", required=True)
    reason = fields.Char(required=True)
