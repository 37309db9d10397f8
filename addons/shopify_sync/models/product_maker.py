"""Odoo products made from Shopify's: templates, attributes and exactly the variants that exist in Shopify."""

from dataclasses import dataclass, field

from markupsafe import Markup
from odoo import api, models
from odoo.fields import Command
from odoo.tools import html2plaintext

from ..mapping import Refusal
from ..mapping.product import read_product
from .spoken import spoken


@dataclass
class _Plan:
    """What is made for one Shopify product: `variants` of it, in a new template or in `template`, which they extend."""

    product: object
    variants: list
    template: object = None
    notes: list = field(default_factory=list)


class ShopifyProductMaker(models.AbstractModel):
    """Makes Odoo products, with the variants that exist in Shopify and no others."""

    _name = "shopify.product.maker"
    _description = "Shopify Product Maker"

    # Products that an order line needs ('Create by fetching')

    @api.model
    def _fetch(self, instance, product_ids):
        """Read products with all their variants; called without an open transaction.

        :return: Shopify's records; ids that Shopify does not know are left out
        """
        # an order waits for them
        handler = self.env["shopify.handler.product"].with_context(shopify_lane="orders")
        return handler._fetch_ids(instance, product_ids)[0]

    @api.model
    def _make(self, instance, records):
        """Bring products into the layer and create in Odoo what is missing, whatever the store's switch says.

        :param records: Shopify's products as `_fetch` returns them
        """
        products = []
        for record in records:
            try:
                products.append((read_product(record), record))
            except Refusal as error:
                raise ValueError(spoken(self.env, error.words)) from error
        self.env["shopify.handler.product"]._bring(instance, products, create=True)

    # Making

    @api.model
    def _create_missing(self, instance, products, matches):
        """Create the Odoo variants that are missing, for all products at once; `matches` are completed.

        :param products: `mapping.Product` values
        :param matches: {Shopify product id: product_matcher.Match}
        :return: ({Shopify product id: template made}, {Shopify product id: texts about what was left out})
        """
        plans = [
            _Plan(product, matches[product.shopify_id].missing, self._template_to_extend(product, matches))
            for product in products
            if matches[product.shopify_id].missing
        ]
        if not plans:
            return {}, {}
        values = self._attribute_values([plan.product for plan in plans])
        facts = self._facts(instance, plans)
        new = [plan for plan in plans if not plan.template]
        templates = self.env["product.template"].create(
            [self._prepare_template(instance, plan, values, facts) for plan in new]
        )
        for plan, template in zip(new, templates, strict=True):
            plan.template = template
        for plan in plans:
            if plan not in new:
                self._extend_template(plan, values)
        made = self._create_variants(instance, plans, values, facts)
        for plan in plans:
            match = matches[plan.product.shopify_id]
            for variant in plan.variants:
                match.found[variant.shopify_id] = (made[variant.shopify_id], "created")
            match.missing = []
        return (
            {plan.product.shopify_id: plan.template for plan in new},
            {plan.product.shopify_id: plan.notes for plan in plans if plan.notes},
        )

    @api.model
    def _template_to_extend(self, product, matches):
        """The Odoo product that takes further variants: the one all others belong to, when it has the same options and
        makes variants one by one; else none, and the missing variants become a product of their own."""
        found = matches[product.shopify_id].found.values()
        templates = self.env["product.template"].union(*(one.product_tmpl_id for one, _how in found))
        lines = templates.attribute_line_ids
        names = {line.attribute_id.name for line in lines}
        fits = len(templates) == 1 and bool(lines) and names == {name for name, _values in product.options}
        dynamic = all(line.attribute_id.create_variant == "dynamic" for line in lines)
        return templates if fits and dynamic else None

    @api.model
    def _attribute_values(self, products):
        """Options as attributes, each made when missing: {option name: (attribute, {value name: value})}.

        Variants of such an attribute are made one by one ('dynamic'), so that only those of Shopify exist.
        """
        names = {}
        for product in products:
            for option, values in product.options:
                names.setdefault(option, {}).update(dict.fromkeys(values))
            for variant in product.variants:
                for option, value in variant.selected:
                    names.setdefault(option, {})[value] = None
        attributes = self.env["product.attribute"]
        known = attributes.search([("name", "in", list(names)), ("create_variant", "=", "dynamic")], order="id desc")
        by_name = {attribute.name: attribute for attribute in known}
        missing = [name for name in names if name not in by_name]
        created = attributes.create([{"name": name, "create_variant": "dynamic"} for name in missing])
        by_name.update(zip(missing, created, strict=True))
        result = {name: (by_name[name], {value.name: value for value in by_name[name].value_ids}) for name in names}
        to_create = [
            {"name": value, "attribute_id": result[name][0].id}
            for name, values in names.items()
            for value in values
            if value not in result[name][1]
        ]
        for value in self.env["product.attribute.value"].create(to_create):
            result[value.attribute_id.name][1][value.name] = value
        return result

    @api.model
    def _facts(self, instance, plans):
        """What is looked up once for all: categories, taken barcodes, countries, unit of weights, rate of costs."""
        barcodes = [variant.barcode for plan in plans for variant in plan.variants if variant.barcode]
        codes = {variant.country_code for plan in plans for variant in plan.variants if variant.country_code}
        company = instance.company_id
        rate = self.env["res.currency"]._get_conversion_rate(instance.shop_currency_id, company.currency_id, company)
        return {
            "categories": self._categories(instance, {plan.product.product_type for plan in plans}),
            "taken": self._taken_barcodes(barcodes),
            "countries": {
                country.code: country for country in self.env["res.country"].search([("code", "in", list(codes))])
            },
            "kilograms": self.env["shopify.product.variant"]._kilograms_in(instance),
            "rate": rate,
        }

    @api.model
    def _taken_barcodes(self, barcodes):
        """Barcodes that some product or packaging has already; those taken in this batch are added by who takes them."""
        products = self.env["product.product"].with_context(active_test=False)
        taken = set(products.search_fetch([("barcode", "in", barcodes)], ["barcode"]).mapped("barcode"))
        return taken | set(self.env["product.uom"].search([("barcode", "in", barcodes)]).mapped("barcode"))

    @api.model
    def _categories(self, instance, names):
        """{product type: category}; '' and, unless the store creates categories, all others have the default one."""
        default = instance.category_default_id
        result = dict.fromkeys(names, default)
        names = {name for name in names if name} if instance.category_create else set()
        if names:
            categories = self.env["product.category"]
            result.update((one.name, one) for one in categories.search([("name", "in", list(names))], order="id desc"))
            missing = sorted(name for name in names if result[name] == default and default.name != name)
            for name, category in zip(missing, categories.create([{"name": name} for name in missing]), strict=True):
                result[name] = category
        return result

    @api.model
    def _prepare_template(self, instance, plan, values, facts):
        product, first = plan.product, plan.variants[0]
        vals = {
            "name": product.title,
            "type": "consu" if first.ships else "service",
            "is_storable": bool(first.ships and first.tracked),
            "list_price": float(first.price),
            "company_id": False,
            "invoice_policy": "order",
        }
        if instance.tax_mode == "shopify":
            vals["taxes_id"] = [Command.clear()]
        category = facts["categories"][product.product_type]
        if category:
            vals["categ_id"] = category.id
        if first.hs_code:
            vals["hs_code"] = first.hs_code
        if first.country_code in facts["countries"]:
            vals["country_of_origin"] = facts["countries"][first.country_code].id
        if instance.use_sales_description and product.description:
            vals["description_sale"] = html2plaintext(Markup(product.description)).strip()
        if product.options:
            vals["attribute_line_ids"] = [
                Command.create(
                    {"attribute_id": attribute.id, "value_ids": [Command.set(self._value_ids(names, by_name))]}
                )
                for option, names in self._options_of(plan)
                for attribute, by_name in [values[option]]
            ]
        else:
            vals.update(self._prepare_variant(instance, plan, first, facts))
        return vals

    @api.model
    def _options_of(self, plan):
        """The options of the variants to be made, with the values they use."""
        used = {}
        for variant in plan.variants:
            for option, value in variant.selected:
                used.setdefault(option, {})[value] = None
        return used.items()

    @api.model
    def _value_ids(self, names, by_name):
        return [by_name[name].id for name in names]

    @api.model
    def _extend_template(self, plan, values):
        """Give an Odoo product the option values that its new variants need."""
        for option, names in self._options_of(plan):
            attribute, by_name = values[option]
            line = plan.template.attribute_line_ids.filtered(lambda line, name=option: line.attribute_id.name == name)
            wanted = [by_name.get(name) for name in names]
            if line.attribute_id != attribute:  # the same option by another attribute: values of that one
                known = {value.name: value for value in line.attribute_id.value_ids}
                missing = [name for name in names if name not in known]
                created = self.env["product.attribute.value"].create(
                    [{"name": name, "attribute_id": line.attribute_id.id} for name in missing]
                )
                known.update(zip(missing, created, strict=True))
                wanted = [known[name] for name in names]
            new = [value.id for value in wanted if value not in line.value_ids]
            if new:
                line.write({"value_ids": [Command.link(value_id) for value_id in new]})

    @api.model
    def _create_variants(self, instance, plans, values, facts):
        """{Shopify variant id: Odoo variant}, all made in one call."""
        templates = self.env["product.template"].union(*(plan.template for plan in plans))
        combination = {
            (value.product_tmpl_id.id, value.attribute_id.name, value.name): value.id
            for value in templates.attribute_line_ids.product_template_value_ids
        }
        made, to_create, keys = {}, [], []
        for plan in plans:
            if not plan.product.options:
                made[plan.variants[0].shopify_id] = plan.template.product_variant_id
                continue
            for variant in plan.variants:
                ids = [combination[plan.template.id, option, value] for option, value in variant.selected]
                vals = self._prepare_variant(instance, plan, variant, facts)
                to_create.append(
                    {
                        **vals,
                        "product_tmpl_id": plan.template.id,
                        "product_template_attribute_value_ids": [Command.set(ids)],
                    }
                )
                keys.append(variant.shopify_id)
        made.update(zip(keys, self.env["product.product"].create(to_create), strict=True))
        return made

    @api.model
    def _prepare_variant(self, instance, plan, variant, facts):
        vals = {
            "default_code": variant.sku or False,
            "weight": float(variant.weight) / facts["kilograms"],
        }
        if variant.unit_cost is not None:
            vals["standard_price"] = float(variant.unit_cost) * facts["rate"]
        if variant.barcode and variant.barcode in facts["taken"]:
            plan.notes.append(
                self.env._(
                    "Barcode %(barcode)s of %(sku)s belongs to another product; it was left empty.",
                    barcode=variant.barcode,
                    sku=variant.sku or variant.title,
                )
            )
        elif variant.barcode:
            vals["barcode"] = variant.barcode
            facts["taken"].add(variant.barcode)
        return vals
