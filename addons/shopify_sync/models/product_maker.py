"""Products read from Shopify because an order line needs them ('Create by fetching')."""

from odoo import api, models
from odoo.fields import Command

from .. import shopify_api
from ..mapping.money import decimal
from ..mapping.reading import legacy_id

MAX_VARIANTS = 100
_KILOGRAMS = {"KILOGRAMS": 1.0, "GRAMS": 0.001, "POUNDS": 0.45359237, "OUNCES": 0.028349523125}


class ShopifyProductMaker(models.AbstractModel):
    """Makes Odoo products, with the variants that exist in Shopify and no others."""

    _name = "shopify.product.maker"
    _description = "Shopify Product Maker"

    @api.model
    def _fetch(self, instance, product_ids):
        """Read products with all their variants; called without an open transaction.

        :return: Shopify's records; ids that Shopify does not know are left out
        """
        found = []
        execute = self.env["shopify.connection"]._execute
        for start in range(0, len(product_ids), 10):
            ids = [shopify_api.gid("Product", ident) for ident in product_ids[start : start + 10]]
            answer = execute(instance, "products/ProductsByIds", {"ids": ids, "variants": MAX_VARIANTS})
            for product in filter(None, answer.data["nodes"]):
                info = product["variants"]["pageInfo"]
                while info["hasNextPage"]:
                    more = execute(
                        instance,
                        "products/ProductVariants",
                        {"id": product["id"], "first": MAX_VARIANTS, "after": info["endCursor"]},
                    ).data["product"]["variants"]
                    product["variants"]["nodes"] += more["nodes"]
                    info = more["pageInfo"]
                found.append(product)
        return found

    @api.model
    def _make(self, instance, records):
        """Create the Odoo products and the layer; what is linked already, or matches by SKU, is only linked.

        :param records: Shopify's products as `_fetch` returns them
        """
        layer = self.env["shopify.product"].with_context(active_test=False)
        known = {
            product.shopify_id: product
            for product in layer.search(
                [
                    ("instance_id", "=", instance.id),
                    ("shopify_id", "in", [legacy_id(record["id"]) for record in records]),
                ]
            )
        }
        skus = [variant["sku"] for record in records for variant in record["variants"]["nodes"] if variant["sku"]]
        taken = self.env["product.product"].search_fetch(
            [("default_code", "in", skus), ("company_id", "in", (False, instance.company_id.id))], ["default_code"]
        )
        by_sku = taken.grouped("default_code")
        for record in records:  # templates with attributes cannot be created together with their variants
            matched = {
                variant["id"]: by_sku[variant["sku"]][:1]
                for variant in record["variants"]["nodes"]
                if variant["sku"] in by_sku
            }
            variants = self._make_variants(instance, record, matched)
            self._make_layer(instance, record, variants, known.get(legacy_id(record["id"])))

    @api.model
    def _make_variants(self, instance, record, matched):
        """{Shopify variant id: product.product} of a product, made as far as nothing matches."""
        missing = [variant for variant in record["variants"]["nodes"] if variant["id"] not in matched]
        if not missing:
            return matched
        variants = dict(matched)
        template = self.env["product.template"].create(self._prepare_template(instance, record, missing[0]))
        if record["hasOnlyDefaultVariant"] or len(record["options"]) == 0:
            variants[missing[0]["id"]] = template.product_variant_id
            self._write_variant(template.product_variant_id, missing[0])
            return variants
        values = self._attribute_values(record)
        template.write(
            {
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set([value.id for value in by_name.values()])],
                        }
                    )
                    for attribute, by_name in values.values()
                ]
            }
        )
        combinations = {
            value.product_attribute_value_id.id: value
            for value in template.attribute_line_ids.product_template_value_ids
        }
        for variant in missing:
            combination = self.env["product.template.attribute.value"]
            for option in variant["selectedOptions"]:
                _attribute, by_name = values[option["name"]]
                combination += combinations[by_name[option["value"]].id]
            product = template._create_product_variant(combination)
            self._write_variant(product, variant)
            variants[variant["id"]] = product
        return variants

    @api.model
    def _attribute_values(self, record):
        """Options as attributes: {option name: (attribute, {value name: value})}, each made when missing."""
        result = {}
        for option in record["options"]:
            attributes = self.env["product.attribute"]
            attribute = attributes.search(
                [("name", "=", option["name"]), ("create_variant", "=", "dynamic")], limit=1
            ) or attributes.create({"name": option["name"], "create_variant": "dynamic"})
            names = [value["name"] for value in option["optionValues"]]
            by_name = {value.name: value for value in attribute.value_ids}
            created = self.env["product.attribute.value"].create(
                [{"name": name, "attribute_id": attribute.id} for name in names if name not in by_name]
            )
            by_name.update((value.name, value) for value in created)
            result[option["name"]] = (attribute, {name: by_name[name] for name in names})
        return result

    @api.model
    def _prepare_template(self, instance, record, variant):
        item = variant["inventoryItem"]
        ships = item["requiresShipping"]
        vals = {
            "name": record["title"],
            "type": "consu" if ships else "service",
            "is_storable": bool(ships and item["tracked"]),
            "list_price": float(decimal(variant["price"])),
            "company_id": False,
            "invoice_policy": "order",
            "taxes_id": [Command.clear()] if instance.tax_mode == "shopify" else False,
        }
        if not vals["taxes_id"]:
            del vals["taxes_id"]
        if instance.category_default_id:
            vals["categ_id"] = instance.category_default_id.id
        return vals

    @api.model
    def _write_variant(self, product, variant):
        measurement = (variant["inventoryItem"].get("measurement") or {}).get("weight") or {}
        vals = {
            "default_code": variant["sku"] or False,
            "weight": float(measurement.get("value") or 0) * _KILOGRAMS.get(measurement.get("unit"), 1.0),
        }
        barcode = variant["barcode"]
        if barcode and not self.env["product.product"].search_count([("barcode", "=", barcode)], limit=1):
            vals["barcode"] = barcode  # a barcode that belongs to another product stays there
        product.write(vals)

    @api.model
    def _make_layer(self, instance, record, variants, product):
        values = {
            "title": record["title"],
            "handle": record["handle"],
            "vendor": record["vendor"] or False,
            "product_type": record["productType"] or False,
            "tags": ", ".join(record["tags"]) or False,
            "shopify_status": record["status"].lower(),
            "shopify_updated_at": record["updatedAt"].replace("T", " ").rstrip("Z"),
        }
        first = next(iter(variants.values()))
        if product:
            product.write(values)
        else:
            product = self.env["shopify.product"].create(
                {
                    **values,
                    "instance_id": instance.id,
                    "shopify_id": legacy_id(record["id"]),
                    "product_tmpl_id": first.product_tmpl_id.id,
                }
            )
        known = {variant.shopify_id: variant for variant in product.with_context(active_test=False).variant_ids}
        to_create = []
        for data in record["variants"]["nodes"]:
            ident = legacy_id(data["id"])
            values = {
                "product_id": variants[data["id"]].id,
                "inventory_item_ref": legacy_id(data["inventoryItem"]["id"]),
                "title": data["title"],
                "sku": data["sku"] or False,
                "barcode": data["barcode"] or False,
                "position": data["position"],
                "taxable": data["taxable"],
                "tracked": data["inventoryItem"]["tracked"],
            }
            if ident in known:
                known[ident].write(values)
            else:
                to_create.append({**values, "shopify_product_id": product.id, "shopify_id": ident})
        self.env["shopify.product.variant"].create(to_create)
