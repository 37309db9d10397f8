"""Which Odoo variants the variants of many Shopify products are, found in a handful of queries (rules, 16.1)."""

from dataclasses import dataclass, field

from odoo import api, models


@dataclass
class Match:
    """What one Shopify product means in Odoo, by Shopify variant id.

    `found`: (Odoo variant, how it was found). `ambiguous`: the candidates. `taken`: the layer variant that has the Odoo
    variant already. `missing`: the variants that Odoo does not know.
    """

    found: dict = field(default_factory=dict)
    ambiguous: dict = field(default_factory=dict)
    taken: dict = field(default_factory=dict)
    missing: list = field(default_factory=list)


class ShopifyProductMatcher(models.AbstractModel):
    """Matches by link, then by SKU and barcode as the store is set."""

    _name = "shopify.product.matcher"
    _description = "Shopify Product Matcher"

    @api.model
    def _match(self, instance, products):
        """Match all variants of many products.

        :param products: `mapping.Product` values
        :return: {Shopify product id: Match}
        """
        variants = [(product, variant) for product in products for variant in product.variants]
        linked = self._linked(instance, variants)
        rest = [variant for _product, variant in variants if variant.shopify_id not in linked]
        by_sku, by_barcode = self._candidates(instance, rest)
        owners = self._owners(instance, by_sku, by_barcode)
        claimed, seen_skus = {}, {}
        result = {product.shopify_id: Match() for product in products}
        for product, variant in variants:
            match = result[product.shopify_id]
            if variant.shopify_id in linked:
                match.found[variant.shopify_id] = (linked[variant.shopify_id], "")
                continue
            candidates, how = self._candidates_of(instance, variant, by_sku, by_barcode)
            owner = owners.get(candidates.id) or claimed.get(candidates.id) if len(candidates) == 1 else None
            if len(candidates) > 1:
                match.ambiguous[variant.shopify_id] = candidates
            elif owner:
                match.taken[variant.shopify_id] = owner
            elif candidates:
                match.found[variant.shopify_id] = (candidates, how)
                claimed[candidates.id] = (product.title, variant.title)
            elif variant.sku and variant.sku in seen_skus:
                match.taken[variant.shopify_id] = seen_skus[variant.sku]
            else:
                match.missing.append(variant)
                seen_skus[variant.sku] = (product.title, variant.title)
        return result

    @api.model
    def _linked(self, instance, variants):
        """{Shopify variant id: Odoo variant} of variants linked already."""
        layer = self.env["shopify.product.variant"].with_context(active_test=False)
        found = layer.search_fetch(
            [
                ("instance_id", "=", instance.id),
                ("shopify_id", "in", [variant.shopify_id for _product, variant in variants]),
                ("product_id", "!=", False),
            ],
            ["shopify_id", "product_id"],
        )
        return {variant.shopify_id: variant.product_id for variant in found}

    @api.model
    def _candidates(self, instance, variants):
        """{SKU: products} and {barcode: products} of the store's company, as far as the store matches by them."""
        skus = [one.sku for one in variants if one.sku] if instance.product_match != "barcode" else []
        barcodes = [one.barcode for one in variants if one.barcode] if instance.product_match != "sku" else []
        if not skus and not barcodes:
            return {}, {}
        products = self.env["product.product"].search_fetch(
            [
                ("company_id", "in", (False, instance.company_id.id)),
                "|",
                ("default_code", "in", skus),
                ("barcode", "in", barcodes),
            ],
            ["default_code", "barcode", "product_tmpl_id"],
        )
        by_sku = products.grouped("default_code") if skus else {}
        return by_sku, products.grouped("barcode") if barcodes else {}

    @api.model
    def _candidates_of(self, instance, variant, by_sku, by_barcode):
        empty = self.env["product.product"]
        if variant.sku and by_sku.get(variant.sku):
            return by_sku[variant.sku], "sku"
        if variant.barcode and by_barcode.get(variant.barcode):
            return by_barcode[variant.barcode], "barcode"
        return empty, ""

    @api.model
    def _owners(self, instance, by_sku, by_barcode):
        """{Odoo variant id: (product title, variant title)} of those that another variant in Shopify is linked with."""
        products = self.env["product.product"].union(*by_sku.values(), *by_barcode.values())
        if not products:
            return {}
        found = self.env["shopify.product.variant"].search_fetch(
            [("instance_id", "=", instance.id), ("product_id", "in", products.ids), ("shopify_id", "!=", False)],
            ["product_id", "title", "shopify_product_id"],
        )
        return {
            variant.product_id.id: (variant.shopify_product_id.title, variant.title)
            for variant in found
            if variant.shopify_product_id.active and not variant.shopify_product_id.gone_at
        }
