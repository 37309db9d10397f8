"""What a person in Shopify's admin does with products."""

from __future__ import annotations

from .events import products as events
from .ids import parse_gid
from .model.product import Product, Variant
from .values import BadRequest, decimal, known_keys, metafield_parts

_PERSON_FIELDS = events.PRODUCT_FIELDS | {"variants", "metafields", "published", "remove_variants"}
_PERSON_VARIANT = events.VARIANT_FIELDS | events.ITEM_FIELDS | {"sku"}
_AMOUNTS = ("price", "compare_at_price", "unit_cost")


class StoreProducts:
    """The part of a store that changes products by hand."""

    def product(self, given: object) -> Product:
        """A product by object, id, gid, handle or title; `BadRequest` when there is none."""
        if isinstance(given, Product):
            return given
        parsed = parse_gid(given) if isinstance(given, str) else None
        wanted = parsed[1] if parsed else given
        for one in self.products:
            if wanted in (one.id, str(one.id), one.handle, one.title):
                return one
        raise BadRequest(f"the store has no product {given!r}")

    def change_product(self, product: object, **changes: object) -> Product:
        """A person edits a product.

        Options: title, handle, description_html, product_type, vendor, status, tags, seo_title, seo_description,
        template_suffix; ``variants``: {SKU: {price, compare_at_price, sku, barcode, taxable, tracked, weight_grams, ...}};
        ``remove_variants``: list of SKU; ``metafields``: {"custom.gift": "yes"}; ``published``: handles of the sales
        channels it is in from now on.
        """
        with self.lock:
            one, at = self.product(product), self.clock.now()
            known_keys(changes, _PERSON_FIELDS, "product")
            for sku, values in (changes.pop("variants", None) or {}).items():
                known_keys(values, _PERSON_VARIANT, "variant")
                read = {
                    name: decimal(value, name) if name in _AMOUNTS and value is not None else value
                    for name, value in values.items()
                }
                events.change_variant(self, self._variant(one, sku), at, **read)
            for sku in changes.pop("remove_variants", None) or ():
                events.remove_variant(self, self._variant(one, sku), at)
            for namespace, key, kind, value in metafield_parts(changes.pop("metafields", None)):
                events.set_metafield(self, one, "PRODUCT", namespace, key, kind, value, at)
            if "published" in changes:
                self._publish(one, changes.pop("published"), at)
            events.change(one, at, **changes)
            return one

    def delete_product(self, product: object) -> None:
        """A person deletes a product."""
        with self.lock:
            one = self.product(product)
            self.products.remove(one)
            for collection in self.shelf.collections:
                if one.id in collection.product_ids:
                    collection.product_ids.remove(one.id)
            for variant in one.variants:
                self.forget_variant(variant)

    def add_picture(self, product: object, source: str, alt: str = ""):
        """A person adds a picture by its address."""
        with self.lock:
            at = self.clock.now()
            media = self.shelf.add_media(source, alt, at)
            events.attach(self.product(product), media, at)
            return media

    def show_seeded_products(self) -> None:
        """Active products of a new store are in all its sales channels."""
        for one in self.products:
            if one.published_at is not None:
                one.publications = {channel.id: one.published_at for channel in self.shelf.publications}

    def index_variant(self, variant: Variant, former_sku: str | None = None) -> None:
        """Make a new or changed variant known."""
        self._variants_by_id[variant.id] = variant
        if former_sku and former_sku != variant.sku and self._variants_by_sku.get(former_sku) is variant:
            del self._variants_by_sku[former_sku]
            if former_sku in self._skus:
                self._skus.remove(former_sku)
        if variant.sku and self._variants_by_sku.get(variant.sku) is not variant:
            fresh = variant.sku not in self._variants_by_sku
            self._variants_by_sku[variant.sku] = variant
            if fresh and variant.inventory_item.tracked and variant.product.status == "ACTIVE":
                self._skus.append(variant.sku)

    def forget_variant(self, variant: Variant) -> None:
        """A variant is gone."""
        self._variants_by_id.pop(variant.id, None)
        if variant.sku and self._variants_by_sku.get(variant.sku) is variant:
            del self._variants_by_sku[variant.sku]
            if variant.sku in self._skus:
                self._skus.remove(variant.sku)

    def _variant(self, product: Product, sku: str) -> Variant:
        found = next((one for one in product.variants if one.sku == sku), None)
        if found is None:
            raise BadRequest(f"{product.title} has no variant with SKU {sku!r}")
        return found

    def _publish(self, product: Product, handles: list[str], at) -> None:
        for channel in self.shelf.publications:
            if channel.handle in handles and channel.id not in product.publications:
                events.publish(product, channel.id, at)
            elif channel.handle not in handles and channel.id in product.publications:
                events.unpublish(product, channel.id, at)
