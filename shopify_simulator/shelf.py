"""The part of a store that a merchant fills with products, pictures and collections."""

from __future__ import annotations

from .events import products as product_events
from .generate import catalogue
from .ids import number_in
from .model.product import Collection, MediaImage, Product
from .values import BadRequest, decimal


class Shelf:
    """What can be done with products; a part of `store.Store`. A product is given as itself, its id or one of its SKUs."""

    def add_product(self, title: str, sku: str | None, price: object, **more) -> Product:
        """Add a product of one variant. ``more``: barcode, tracked, requires_shipping, taxable, status, cost, stock."""
        with self.lock:
            at = self.clock.now()
            product = catalogue.make_single(self, title, sku, decimal(price, "price"), at, **more)
            return self._added(product)

    def add_variants(self, title: str, options: list, variants: list[dict], **more) -> Product:
        """Add a product with options; see `events.products.make`."""
        with self.lock:
            return self._added(product_events.make(self, title, options, variants, self.clock.now(), more))

    def _added(self, product: Product) -> Product:
        self.products.append(product)
        self._index_products()
        self._tell_product(product, "CREATE")
        return product

    def change_product(self, product: object, variants: dict | None = None, add: tuple | list = (),
                       remove: tuple | list = (), **changes) -> Product:  # fmt: skip
        """Change fields of a product, of variants ({SKU: changes}), add variants and remove some by SKU."""
        with self.lock:
            one, at = self.product(product), self.clock.now()
            product_events.change(self, one, changes)
            by_sku = {variant.sku: variant for variant in one.variants}
            for sku, values in (variants or {}).items():
                product_events.change_variant(self, by_sku[sku], values)
                by_sku[sku].updated_at = by_sku[sku].inventory_item.updated_at = at
            for sku in remove:
                one.variants.remove(by_sku[sku])
            for values in add:
                product_events.add_variant(self, one, values, at)
            one.updated_at = at
            self._index_products()
            self._tell_product(one, "UPDATE")
            return one

    def delete_product(self, product: object) -> None:
        """Delete a product for good."""
        with self.lock:
            one = self.product(product)
            self.products.remove(one)
            for collection in list(one.collections):
                collection.products.remove(one)
            self._index_products()
            self._tell_product(one, "DELETE")

    def add_picture(self, product: object, **more) -> MediaImage:
        """Add a picture to a product; see `events.products.add_picture`."""
        with self.lock:
            one, at = self.product(product), self.clock.now()
            picture = product_events.add_picture(self, one, at, more)
            one.updated_at = at
            self._tell_product(one, "UPDATE")
            return picture

    def add_collection(self, title: str, products: list | tuple = (), automated: bool = False) -> Collection:
        """Add a collection of products."""
        with self.lock:
            members = [self.product(product) for product in products]
            return product_events.add_collection(self, title, members, automated, self.clock.now())

    def product(self, given: object) -> Product:
        """A product by itself, its id or the SKU of one of its variants; `BadRequest` when there is none."""
        if isinstance(given, Product):
            return given
        number = number_in(given)
        for one in self.products:
            if one.id == number or any(variant.sku == given for variant in one.variants):
                return one
        raise BadRequest(f"the store has no product {given!r}")

    def _tell_product(self, product: Product, event: str) -> None:
        for watcher in self.product_watchers:
            watcher(product, event)
