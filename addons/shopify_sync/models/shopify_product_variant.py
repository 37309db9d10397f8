"""A variant of the layer: which Odoo variant an order line of Shopify means."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from .layer_edits import difference_text
from .shopify_product import IDENTITY


class ShopifyProductVariant(models.Model):
    """A variant of a store, linked with an Odoo variant.

    Prices and cost are in the store's currency, as Shopify says them; weights are in kilograms.
    """

    _name = "shopify.product.variant"
    _description = "Shopify Variant"
    _order = "shopify_product_id, position, id"
    _rec_name = "title"

    shopify_product_id = fields.Many2one("shopify.product", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one(related="shopify_product_id.instance_id", store=True, index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    product_id = fields.Many2one(
        "product.product", string="Odoo Variant", ondelete="restrict", index=True, check_company=True
    )
    matched_by = fields.Selection(
        [
            ("sku", "SKU"),
            ("barcode", "Barcode"),
            ("order", "Order line"),
            ("created", "Created by the import"),
            ("hand", "By hand"),
            ("file", "File"),
            ("prepared", "Prepared in Odoo"),
        ],
        copy=False,
        help="How the Odoo variant was found.",
    )
    shopify_id = fields.Char(string="Shopify Id", index=True, copy=False)
    inventory_item_ref = fields.Char(string="Inventory Item Id", index=True, copy=False)
    exported = fields.Boolean(compute="_compute_exported", store=True, index=True, help="It exists in Shopify.")
    active = fields.Boolean(default=True)
    title = fields.Char(index="trigram")
    option_values = fields.Json(help="Option name and value of this variant.")
    position = fields.Integer()
    sku = fields.Char(string="SKU", index=True)
    barcode = fields.Char(index=True)
    currency_id = fields.Many2one(related="instance_id.shop_currency_id")
    price = fields.Monetary(string="Price in Shopify", readonly=True, help="As Shopify said it last.")
    compare_at_price = fields.Monetary(string="Compare-at Price in Shopify", readonly=True)
    unit_cost = fields.Monetary(string="Unit Cost in Shopify", readonly=True)
    price_pricelist = fields.Monetary(
        string="Price", compute="_compute_pricelist_prices", help="The price in the store's pricelist."
    )
    compare_pricelist = fields.Monetary(
        string="Compare-at Price",
        compute="_compute_pricelist_prices",
        help="The price in the store's pricelist of compare-at prices.",
    )
    taxable = fields.Boolean(default=True)
    tracked = fields.Boolean(string="Shopify Counts Stock", help="Off: the item is not counted in Shopify.")
    requires_shipping = fields.Boolean(default=True)
    inventory_policy = fields.Selection(
        [("deny", "Stop selling"), ("continue", "Keep selling")],
        string="When Out of Stock",
        required=True,
        default="deny",
    )
    weight = fields.Float(digits=(16, 6), help="In kilograms.")
    hs_code = fields.Char(string="HS Code", help="Tariff code for customs, as Shopify has it.")
    origin_country_id = fields.Many2one("res.country", string="Country of Origin")
    image_ids = fields.Many2many("shopify.product.image", string="Images")
    metafield_ids = fields.One2many("shopify.metafield", "shopify_variant_id", string="Metafields")
    difference = fields.Char(compute="_compute_difference", store=True, help="What is not the same in Odoo.")
    written = fields.Json(copy=False, help="What the import wrote in Odoo last, by field.")
    shopify_created_at = fields.Datetime(string="Created in Shopify", copy=False)
    shopify_updated_at = fields.Datetime(string="Last Change in Shopify", copy=False)

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id) WHERE shopify_id IS NOT NULL", "This variant of the store exists already."
    )

    @api.depends("shopify_id")
    def _compute_exported(self):
        for variant in self:
            variant.exported = bool(variant.shopify_id)

    @api.depends("title", "shopify_product_id.title")
    def _compute_display_name(self):
        for variant in self:
            parts = [variant.shopify_product_id.title, variant.title if variant.title != "Default Title" else ""]
            variant.display_name = " - ".join(filter(None, parts))

    @api.depends(
        *("sku", "barcode", "weight", "edited", "exported"),
        *("product_id.default_code", "product_id.barcode", "product_id.weight"),
    )
    def _compute_difference(self):
        kilograms = {store: self._kilograms_in(store) for store in self.instance_id}
        for variant in self:
            product, found = variant.product_id, []
            if product:
                pairs = (
                    ("sku", self.env._("SKU"), variant.sku, product.default_code),
                    ("barcode", self.env._("Barcode"), variant.barcode, product.barcode),
                )
                found = [
                    difference_text(variant, field, label, one, other)
                    for field, label, one, other in pairs
                    if one and other and one != other
                ]
                weight = product.weight * kilograms[variant.instance_id]
                if variant.weight and weight and float_compare(variant.weight, weight, precision_digits=2):
                    values = (f"{variant.weight:.3f} kg", f"{weight:.3f} kg")
                    found.append(difference_text(variant, "weight", self.env._("Weight"), *values))
            variant.difference = f"{variant.sku or variant.title}: " + "; ".join(found) if found else False

    @api.model
    def _kilograms(self):
        """How many kilograms one unit of Odoo's product weights is (a system parameter: kg or lb)."""
        return self._kilograms_of(self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter())

    @api.model
    def _kilograms_in(self, instance):
        """How many kilograms one unit of weight is for products of a store."""
        return self._kilograms_of(instance.weight_uom_id) if instance.weight_uom_id else self._kilograms()

    @api.model
    def _kilograms_of(self, unit):
        # units are read for whoever looks at a product
        return unit.sudo()._compute_quantity(1.0, self.env.ref("uom.product_uom_kgm").sudo(), round=False)

    @api.depends("product_id")
    def _compute_pricelist_prices(self):
        items = self.env["shopify.product.prices"]._items(self.instance_id, self.product_id)
        for variant in self:
            store = variant.instance_id
            for field, pricelist in (
                ("price_pricelist", store.pricelist_id),
                ("compare_pricelist", store.compare_pricelist_id),
            ):
                variant[field] = items[pricelist.id, variant.product_id.id].fixed_price if variant.product_id else 0.0

    @api.constrains("product_id", "shopify_product_id")
    def _check_company_of_product(self):
        for variant in self:
            company = variant.product_id.company_id
            if company and company != variant.company_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s belongs to another company than store %(store)s.",
                        product=variant.product_id.display_name,
                        store=variant.instance_id.name,
                    )
                )

    def write(self, vals):
        if vals.keys() & IDENTITY:
            self.shopify_product_id._refuse_moving(vals)
        result = super().write(vals)
        if "product_id" in vals:
            self._wake_waiting()
        return result

    def _wake_waiting(self):
        """Products and orders that waited for these variants to be linked are tried again."""
        keys = [f"layer:{variant.shopify_product_id.id}" for variant in self]
        keys += [f"sku:{variant.sku}" for variant in self if variant.sku]
        keys += [f"barcode:{variant.barcode}" for variant in self if variant.barcode]
        if keys:
            # whoever links the variant mends the cause
            self.env["shopify.queue.line"].sudo()._wake(set(keys))
