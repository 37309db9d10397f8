"""Odoo products made ready for a store: into the layer, or as rows of a file."""

import base64

from odoo import api, models
from odoo.fields import Command

from .shopify_product_image import MAX_BYTES, MIME_TYPES

#: Shopify's limit: https://shopify.dev/docs/api/admin-graphql/latest/objects/Product#field-options
MOST_OPTIONS = 3
MOST_VARIANTS = 2048
#: Columns of the preparation file, in this order; the first four say which record a row is and must stay.
COLUMNS = (
    "template_id",
    "product_id",
    "store_id",
    "store",
    "product_name",
    "variant_name",
    "internal_reference",
    "title",
    "shopify_sku",
    "barcode",
    "description",
    "category",
    "vendor",
    "tags",
    "shopify_product_id",
    "shopify_variant_id",
)


class ShopifyProductPreparation(models.AbstractModel):
    """Says which Odoo products can go to a store, and puts them into its layer."""

    _name = "shopify.product.preparation"
    _description = "Shopify Product Preparation"

    @api.model
    def _refusals(self, instance, templates):
        """Why products cannot be prepared: {template: text}; the others are not in it."""
        refusals = {}
        for template in templates.with_context(active_test=False):
            reason = self._refusal(instance, template)
            if reason:
                refusals[template.with_context(active_test=True)] = reason
        return refusals

    @api.model
    def _refusal(self, instance, template):
        variants = self._variants(template)
        attributes = self._attributes(template)
        if not template.active:
            return self.env._("It is archived.")
        if template in self._own_products(instance):
            return self.env._("The connector uses it for lines of orders (discounts, shipping and the like).")
        if template.company_id and template.company_id != instance.company_id:
            return self.env._("It belongs to company %s.", template.company_id.name)
        if not template.sale_ok or not variants:
            return self.env._("It has no variant that can be sold.")
        if len(attributes) > MOST_OPTIONS:
            return self.env._(
                "%(count)s attributes make variants (%(names)s); Shopify takes %(most)s.",
                count=len(attributes),
                names=", ".join(attributes.mapped("attribute_id.name")),
                most=MOST_OPTIONS,
            )
        if len(variants) > MOST_VARIANTS:
            return self.env._(
                "It has %(count)s variants; Shopify takes %(most)s.", count=len(variants), most=MOST_VARIANTS
            )
        if instance.product_match in ("sku", "sku_barcode"):
            nameless = variants.filtered(lambda one: not one.default_code)
            missing = self.env._("an internal reference (SKU)")
        else:
            nameless, missing = variants.filtered(lambda one: not one.barcode), self.env._("a barcode")
        if nameless:
            return self.env._(
                "Variants lack %(missing)s: %(names)s.",
                missing=missing,
                names=", ".join(self._name_of(one) for one in nameless[:5]),
            )
        skus = variants.mapped("default_code")
        if instance.product_match == "sku" and len(set(skus)) < len(skus):
            return self.env._("Two variants have the same internal reference (SKU).")
        return ""

    @api.model
    def _own_products(self, instance):
        """The store's default products: they stand for lines of orders, nobody sells them."""
        names = [name for name in instance._fields if name.startswith("product_") and name.endswith("_id")]
        return self.env["product.template"].union(*(instance[name].product_tmpl_id for name in names))

    @api.model
    def _variants(self, template):
        return template.product_variant_ids.filtered("active")

    @api.model
    def _name_of(self, variant):
        return variant.product_template_attribute_value_ids._get_combination_name() or variant.name

    @api.model
    def _attributes(self, template):
        """Attribute lines that tell variants apart."""
        return template.attribute_line_ids.filtered(
            lambda line: line.attribute_id.create_variant != "no_variant" and line.value_ids
        )

    @api.model
    def _prepare_layer(self, instance, templates, skip_known=True):
        """Put products into the layer; what is there gets its new variants, what was deleted in Shopify starts anew.

        :param skip_known: leave products that the layer has alone
        :return: the layer products made or completed
        """
        layer = self.env["shopify.product"].with_context(active_test=False)
        known = layer.search(
            [("instance_id", "=", instance.id), ("product_tmpl_id", "in", templates.ids)], order="id desc"
        )
        # a product that is in Shopify goes before one that was deleted there
        known = {one.product_tmpl_id.id: one for one in known.sorted(lambda one: bool(one.gone_at), reverse=True)}
        gone = layer.union(*(one for one in known.values() if one.gone_at))
        gone._start_anew()
        in_language = templates.with_context(lang=instance.lang_id.code)
        new = [one for one in in_language if one.id not in known]
        pictures = {template.id: self._prepare_picture(template) for template in new}
        result = layer.create(
            [{**self._prepare_product(instance, template), **pictures[template.id][0]} for template in new]
        )
        self._log_pictures(instance, result, {key: problem for key, (_vals, problem) in pictures.items() if problem})
        if skip_known:
            result += gone
        else:
            known = {key: one for key, one in known.items() if key not in result.product_tmpl_id.ids}
            present = layer.browse([one.id for one in known.values()]).variant_ids.product_id
            to_create = []
            for template in in_language.filtered(lambda one: one.id in known):
                one = known[template.id]
                missing = self._variants(template) - present
                start = max(one.variant_ids.mapped("position"), default=0)
                to_create += [
                    {**self._prepare_variant(instance, variant, start + number), "shopify_product_id": one.id}
                    for number, variant in enumerate(missing, start=1)
                ]
            self.env["shopify.product.variant"].create(to_create)
            result += layer.browse([one.id for one in known.values()])
        return result

    @api.model
    def _prepare_product(self, instance, template):
        description = template.description_sale if instance.use_sales_description else False
        return {
            "instance_id": instance.id,
            "product_tmpl_id": template.id,
            "title": template.name,
            "description": description and f"<p>{description}</p>",
            "product_type": template.categ_id.name or False,
            "tags": ", ".join(template.product_tag_ids.mapped("name")) or False,
            "shopify_status": "draft",
            "options_text": "; ".join(
                f"{line.attribute_id.name}: {', '.join(line.value_ids.mapped('name'))}"
                for line in self._attributes(template)
            )
            or False,
            "variant_ids": [
                Command.create(self._prepare_variant(instance, variant, number))
                for number, variant in enumerate(self._variants(template), start=1)
            ],
        }

    @api.model
    def _prepare_picture(self, template):
        """(values with the picture of the Odoo product, '' or why Shopify does not take it)."""
        picture = template.image_1920
        problem = picture and self.env["shopify.product.image"]._problem(base64.b64decode(picture))
        if not picture or problem:
            return {}, problem or ""
        return {"image_ids": [Command.create({"image": picture, "alt": template.name, "position": 1})]}, ""

    @api.model
    def _picture_problems(self, templates):
        """Pictures that stay out, from what is known of their files: {template: reason}."""
        files = self.env["ir.attachment"].sudo().search(
            [
                ("res_model", "=", "product.template"),
                ("res_field", "=", "image_1920"),
                ("res_id", "in", templates.ids),
                "|",
                ("mimetype", "not in", MIME_TYPES),
                ("file_size", ">", MAX_BYTES),
            ]
        )  # fmt: skip
        model = self.env["shopify.product.image"]
        return {templates.browse(one.res_id): model._file_problem(one.file_size, one.mimetype) for one in files}

    @api.model
    def _log_pictures(self, instance, products, problems):
        """Say for each product whose picture stays out why, and where to mend it."""
        entries = [
            {
                "process": self.env._("Prepare for Shopify"),
                "severity": "warning",
                "cause": "image_left_out",
                "message": self.env._(
                    "%(title)s goes without the picture of its Odoo product: %(reason)s Give the Odoo product another "
                    "picture, or add one in the gallery.",
                    title=product.title,
                    reason=problems[product.product_tmpl_id.id],
                ),
                "record_key": f"image:{product.id}",
                "order_ref": product.title,
                "res_model": product._name,
                "res_id": product.id,
                "fix_action": "layer",
                "fix_context": {"res_id": product.id},
            }
            for product in products
            if product.product_tmpl_id.id in problems
        ]
        self.env["shopify.log.line"]._log(instance, entries)

    @api.model
    def _prepare_variant(self, instance, variant, position):
        values = variant.product_template_attribute_value_ids.filtered(
            lambda value: value.attribute_id.create_variant != "no_variant"
        )
        kilograms = self.env["shopify.product.variant"]._kilograms_in(instance)
        return {
            "product_id": variant.id,
            "matched_by": "prepared",
            "title": " / ".join(values.mapped("name")) or "Default Title",
            "option_values": [[value.attribute_id.name, value.name] for value in values] or False,
            "position": position,
            "sku": variant.default_code or False,
            "barcode": variant.barcode or False,
            "tracked": variant.is_storable,
            "requires_shipping": variant.type != "service",
            "weight": round(variant.weight * kilograms, 6),
            "hs_code": variant.hs_code or False,
            "origin_country_id": variant.country_of_origin.id,
        }

    # The file

    @api.model
    def _rows(self, instance, templates):
        """Rows of the preparation file, one for each variant, in the order of `COLUMNS`."""
        layer = self.env["shopify.product.variant"].search(
            [("instance_id", "=", instance.id), ("product_id", "in", templates.product_variant_ids.ids)]
        )
        by_product = {one.product_id.id: one for one in layer}
        rows = []
        for template in templates.with_context(lang=instance.lang_id.code):
            facts = self._prepare_product(instance, template)
            for variant in self._variants(template):
                one = by_product.get(variant.id, layer.browse())
                product = one.shopify_product_id
                rows.append(
                    (
                        template.id,
                        variant.id,
                        instance.id,
                        instance.name,
                        template.name,
                        self._name_of(variant),
                        variant.default_code or "",
                        product.title or facts["title"],
                        one.sku or variant.default_code or "",
                        one.barcode or variant.barcode or "",
                        product.description or facts["description"] or "",
                        product.product_type or facts["product_type"] or "",
                        product.vendor or "",
                        product.tags or facts["tags"] or "",
                        product.shopify_id or "",
                        one.shopify_id or "",
                    )
                )
        return rows
