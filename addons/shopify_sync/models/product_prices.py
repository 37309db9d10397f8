"""Prices of Shopify in Odoo's pricelists."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import float_compare


class ShopifyProductPrices(models.AbstractModel):
    """The price of a variant is a fixed price of its own in the store's pricelist; compare-at prices have a pricelist of
    theirs. Rules for quantities, dates, templates or categories are a person's and stay."""

    _name = "shopify.product.prices"
    _description = "Shopify Product Prices"

    @api.model
    def _items(self, instances, products):
        """The plain fixed prices of variants in the pricelists of stores.

        :return: {(pricelist id, product id): pricelist item}; an empty item where there is none
        """
        empty = self.env["product.pricelist.item"]
        found = defaultdict(lambda: empty)
        pricelists = instances.pricelist_id | instances.compare_pricelist_id
        if not pricelists or not products:
            return found
        items = empty.search(
            [
                ("pricelist_id", "in", pricelists.ids),
                ("product_id", "in", products.ids),
                ("applied_on", "=", "0_product_variant"),
                ("compute_price", "=", "fixed"),
                ("min_quantity", "=", 0),
                ("date_start", "=", False),
                ("date_end", "=", False),
            ],
            order="id desc",
        )
        for item in items:
            found[item.pricelist_id.id, item.product_id.id] = item
        return found

    @api.model
    def _bring(self, instance, pairs):
        """Write the prices of variants into the store's pricelists; a price that a person changed in Odoo stays.

        :param pairs: (layer variant, mapping.Variant) with a linked Odoo variant
        :return: [(layer variant, text)] about prices that were left, and why
        """
        notes = []
        pairs = [(variant, data) for variant, data in pairs if variant.product_id]
        products = self.env["product.product"].union(*(variant.product_id for variant, _data in pairs))
        items = self._items(instance, products)
        to_create = []
        for pricelist, name in ((instance.pricelist_id, "price"), (instance.compare_pricelist_id, "compare_at_price")):
            if not pricelist:
                continue
            if pricelist.currency_id != instance.shop_currency_id:
                notes += [(variant, self._wrong_currency(instance, pricelist)) for variant, _data in pairs[:1]]
                continue
            given = self._given(instance, pairs, items) if name == "price" else {}
            for variant, data in pairs:
                item, amount = items[pricelist.id, variant.product_id.id], getattr(data, name)
                if not item and amount is not None and given.get(variant.id) == amount:
                    continue
                text = self._bring_one(variant, pricelist, name, amount, item, to_create)
                notes += [(variant, text)] if text else []
        # prices of a store may be brought by whoever may run its imports
        self.env["product.pricelist.item"].sudo().create(to_create)
        return notes

    @api.model
    def _given(self, instance, pairs, items):
        """{variant id: price} that Odoo gives without a fixed price, or gave when Shopify's was the same: such a price is
        not fixed, so that it follows the product. Products that the import made have the fixed price of their store."""
        pricelist = instance.pricelist_id
        free = [
            (variant, data)
            for variant, data in pairs
            if not items[pricelist.id, variant.product_id.id] and not variant.shopify_product_id.made_product
        ]
        products = self.env["product.product"].union(*(variant.product_id for variant, _data in free))
        prices, _why = self.env["shopify.product.out"]._pricelist_prices(pricelist, products, instance.shop_currency_id)
        given = {}
        for variant, data in free:
            agreed = (variant.written or {}).get("given")
            if prices.get(variant.product_id.id) == data.price:
                given[variant.id] = data.price
                if agreed != str(data.price):
                    variant.written = {**(variant.written or {}), "given": str(data.price)}
            elif agreed == str(data.price):  # Shopify's is the former one; Odoo's new one waits to be sent
                given[variant.id] = data.price
        return given

    @api.model
    def _bring_one(self, variant, pricelist, name, amount, item, to_create):
        """Write one price, or say why it stays."""
        written = dict(variant.written or {})
        digits = pricelist.currency_id.decimal_places
        if amount is None:
            if item and self._is_ours(item, written.get(name), digits):
                item.sudo().unlink()
                variant.written = {**written, name: None}
            return ""
        price = float(amount)
        if item and float_compare(item.fixed_price, price, precision_digits=digits):
            if not self._is_ours(item, written.get(name), digits):
                return self.env._(
                    "%(product)s: Shopify's price is %(shopify)s; %(odoo)s in pricelist %(pricelist)s was entered in Odoo "
                    "and stays.",
                    product=variant.product_id.display_name,
                    shopify=pricelist.currency_id.format(price),
                    odoo=pricelist.currency_id.format(item.fixed_price),
                    pricelist=pricelist.name,
                )
            item.sudo().fixed_price = price
        elif not item:
            to_create.append(
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "0_product_variant",
                    "product_tmpl_id": variant.product_id.product_tmpl_id.id,
                    "product_id": variant.product_id.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                }
            )
        if written.get(name) != str(amount):
            variant.written = {**written, name: str(amount)}
        return ""

    @api.model
    def _is_ours(self, item, written, digits):
        """The import wrote this price last."""
        return written is not None and not float_compare(item.fixed_price, float(written), precision_digits=digits)

    @api.model
    def _wrong_currency(self, instance, pricelist):
        return self.env._(
            "Prices were not brought: pricelist %(pricelist)s is in %(its)s, the store's prices are in %(theirs)s.",
            pricelist=pricelist.name,
            its=pricelist.currency_id.name,
            theirs=instance.shop_currency_id.name,
        )
