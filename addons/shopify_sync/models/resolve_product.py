"""Products of a batch of order lines, found in a handful of queries (rules, section 7)."""

from dataclasses import dataclass, field

from odoo import api, models


@dataclass
class Products:
    """What a batch's lines mean in Odoo.

    `found` maps a line's identity (`key_of`) to a product; `ambiguous` to the candidates. Lines of neither are unknown.
    """

    found: dict = field(default_factory=dict)
    ambiguous: dict = field(default_factory=dict)


def key_of(line):
    """What a line's product is known by."""
    return (line.variant_id, line.sku, line.barcode)


class ShopifyResolveProduct(models.AbstractModel):
    """Finds the Odoo variant of order lines: by link, then by SKU and barcode as the store is set."""

    _name = "shopify.resolve.product"
    _description = "Shopify Product Resolver"

    @api.model
    def _resolve(self, instance, orders):
        """The products of all catalogue lines of many orders.

        :param orders: `mapping.Order` values
        :return: Products
        """
        lines = {key_of(line): line for order in orders for line in order.lines if line.kind == "product"}
        result = Products()
        links = self._links(instance, [variant_id for variant_id, _sku, _barcode in lines if variant_id])
        rest = []
        for key in lines:
            if links.get(key[0]):
                result.found[key] = links[key[0]]
            else:
                rest.append(key)
        by_sku, by_barcode = self._candidates(instance, rest)
        to_link = {}
        for key in rest:
            variant_id, sku, barcode = key
            candidates = self.env["product.product"]
            if instance.product_match in ("sku", "sku_barcode") and sku:
                candidates = by_sku.get(sku, candidates)
            if not candidates and instance.product_match in ("barcode", "sku_barcode") and barcode:
                candidates = by_barcode.get(barcode, candidates)
            if len(candidates) > 1:
                result.ambiguous[key] = candidates
            elif candidates:
                result.found[key] = candidates
                if variant_id:
                    to_link[variant_id] = (lines[key], candidates)
        self._link(instance, to_link)
        return result

    @api.model
    def _links(self, instance, variant_ids):
        """{Shopify variant id: product} of variants linked already."""
        if not variant_ids:
            return {}
        variants = self.env["shopify.product.variant"].search_fetch(
            [("instance_id", "=", instance.id), ("shopify_id", "in", variant_ids), ("product_id", "!=", False)],
            ["shopify_id", "product_id"],
        )
        links = {variant.shopify_id: variant.product_id for variant in variants}
        # of products that were deleted in Shopify and made anew: their orders name the former variants
        former = self.env["shopify.product.variant"].with_context(active_test=False)
        for variant in former.search_fetch(
            [
                ("instance_id", "=", instance.id),
                ("former_shopify_id", "in", [ident for ident in variant_ids if ident not in links]),
                ("product_id", "!=", False),
            ],
            ["former_shopify_id", "product_id"],
        ):
            links.setdefault(variant.former_shopify_id, variant.product_id)
        return links

    @api.model
    def _candidates(self, instance, keys):
        """{SKU: products} and {barcode: products} of the store's company."""
        skus = {sku for _variant, sku, _barcode in keys if sku}
        barcodes = {barcode for _variant, _sku, barcode in keys if barcode}
        if not skus and not barcodes:
            return {}, {}
        products = self.env["product.product"].search_fetch(
            [
                ("company_id", "in", (False, instance.company_id.id)),
                "|",
                ("default_code", "in", list(skus)),
                ("barcode", "in", list(barcodes)),
            ],
            ["default_code", "barcode"],
        )
        return products.grouped("default_code"), products.grouped("barcode")

    @api.model
    def _link(self, instance, to_link):
        """Remember which Odoo variant a Shopify variant is: made once, exact from then on."""
        if not to_link:
            return
        layer = self.env["shopify.product"]
        products = {
            product.shopify_id: product
            for product in layer.with_context(active_test=False).search(
                [
                    ("instance_id", "=", instance.id),
                    ("shopify_id", "in", [line.product_id for line, _product in to_link.values()]),
                ]
            )
        }
        missing = {
            line.product_id: (line, product)
            for line, product in to_link.values()
            if line.product_id and line.product_id not in products
        }
        created = layer.create(
            [
                {
                    "instance_id": instance.id,
                    "shopify_id": shopify_id,
                    "title": line.title,
                    "vendor": line.vendor or False,
                    "product_tmpl_id": product.product_tmpl_id.id,
                }
                for shopify_id, (line, product) in missing.items()
            ]
        )
        products.update((product.shopify_id, product) for product in created)
        variants = self.env["shopify.product.variant"]
        known = {
            variant.shopify_id: variant
            for variant in variants.with_context(active_test=False).search(
                [("instance_id", "=", instance.id), ("shopify_id", "in", list(to_link))]
            )
        }
        variants.create(
            [
                {
                    "shopify_product_id": products[line.product_id].id,
                    "product_id": product.id,
                    "shopify_id": variant_id,
                    "title": line.variant_title or line.title,
                    "matched_by": "order",
                    "sku": line.sku or False,
                    "barcode": line.barcode or False,
                }
                for variant_id, (line, product) in to_link.items()
                if variant_id not in known and line.product_id in products
            ]
        )
        for variant_id, variant in known.items():
            variant.product_id = to_link[variant_id][1]
