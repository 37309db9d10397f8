"""The control interface: what a person does with products in Shopify's admin."""

from __future__ import annotations


class ProductControl:
    """Calls about products; mixed into `Control`."""

    def do_add_product(self, **options) -> dict:
        """Add a product: title, sku, price, barcode, tracked, requires_shipping, stock."""
        product = self.store.add_product(**options)
        return {"id": product.id, "title": product.title, "sku": product.variants[0].sku}

    def do_products(self, limit: int = 100) -> dict:
        """The last products: id, title, handle, SKUs."""
        return {
            "products": [
                {"id": one.id, "title": one.title, "handle": one.handle, "skus": [row.sku for row in one.variants]}
                for one in self.store.products[-limit:]
            ]
        }

    def do_product(self, product: object) -> dict:
        """One product by id, handle or title."""
        store = self.store
        with store.lock:
            one = store.product(product)
            return {
                "id": one.id, "title": one.title, "handle": one.handle, "status": one.status, "tags": one.tags,
                "product_type": one.product_type, "vendor": one.vendor, "description_html": one.description_html,
                "updated_at": one.updated_at.isoformat(),
                "published": [row.handle for row in store.shelf.publications if row.id in one.publications],
                "collections": [row.title for row in store.shelf.collections if one.id in row.product_ids],
                "metafields": {f"{row.namespace}.{row.key}": row.value for row in one.metafields},
                "media": [
                    {"id": row.id, "alt": row.alt, "status": store.shelf.status(row), "source": row.source}
                    for row in one.media
                ],
                "variants": [
                    {
                        "id": row.id, "title": row.title, "sku": row.sku, "barcode": row.barcode, "price": str(row.price),
                        "compare_at_price": str(row.compare_at_price) if row.compare_at_price is not None else None,
                    }
                    for row in one.variants
                ],
            }  # fmt: skip

    def do_change_product(self, product: object, **changes) -> dict:
        """Edit a product: title, tags, status, ..., variants {SKU: {price, sku, ...}}, metafields, published."""
        self.store.change_product(product, **changes)
        return self.do_product(product if not {"title", "handle"} & set(changes) else self.store.product(
            changes.get("handle") or changes.get("title")))  # fmt: skip

    def do_delete_product(self, product: object) -> None:
        """Delete a product."""
        self.store.delete_product(product)

    def do_add_picture(self, product: object, source: str, alt: str = "") -> dict:
        """Add a picture to a product by its address."""
        return {"id": self.store.add_picture(product, source, alt).id}

    def do_add_collection(self, title: str, products: list = (), automated: bool = False) -> dict:
        """Add a collection of products, chosen ones or (automated) by rules."""
        return {"id": self.store.shelf.add_collection(title, products, automated).id}

    def do_add_price_list(self, name: str, currency: str, market: str = "") -> dict:
        """Add the price list of a market in its currency."""
        return {"id": self.store.shelf.add_price_list(name, currency, market).id}

    def do_define_metafield(self, owner: str, namespace: str, key: str, type: str) -> None:  # noqa: A002
        """Fix the type of a metafield of PRODUCT, PRODUCTVARIANT, CUSTOMER or ORDER."""
        self.store.shelf.define_metafield(owner, namespace, key, type)

    def do_bulk(self, rate: float | None = None, delay: float | None = None, enabled: bool | None = None) -> dict:
        """Bulk operations: rows a second (0: at once), delay in seconds, whether the app may use them."""
        bulk = self.app.bulk
        bulk.rate = bulk.rate if rate is None else float(rate)
        bulk.delay = bulk.delay if delay is None else float(delay)
        bulk.enabled = bulk.enabled if enabled is None else bool(enabled)
        return {"rate": bulk.rate, "delay": bulk.delay, "enabled": bulk.enabled, "operations": len(bulk.operations)}
