"""The control interface: sales channels, price lists, metafields, and what a product is like now."""

from __future__ import annotations


class ProductControl:
    """Calls about products; mixed into `Control`."""

    def do_product(self, product: object) -> dict:
        """One product by id or SKU: texts, channels, collections, metafields, pictures, variants."""
        store = self.store
        with store.lock:
            one = store.product(product)
            return {
                "id": one.id, "title": one.title, "handle": one.handle, "status": one.status, "tags": one.tags,
                "product_type": one.product_type, "vendor": one.vendor, "description_html": one.description_html,
                "updated_at": one.updated_at.isoformat(),
                "published": [row.handle for row in store.storefront.publications if row.id in one.publications],
                "collections": [row.title for row in one.collections],
                "metafields": {f"{row.namespace}.{row.key}": row.value for row in one.metafields},
                "media": [{"id": row.id, "alt": row.alt, "status": row.status} for row in one.media],
                "variants": [
                    {
                        "id": row.id, "title": row.title, "sku": row.sku, "barcode": row.barcode, "price": str(row.price),
                        "compare_at_price": str(row.compare_at_price) if row.compare_at_price is not None else None,
                    }
                    for row in one.variants
                ],
            }  # fmt: skip

    def do_publish_product(self, product: object, channels: list) -> dict:
        """Put a product into exactly these sales channels: online_store, pos, shop."""
        self.store.storefront.publish(product, *channels)
        return self.do_product(product)

    def do_add_price_list(self, name: str, currency: str, market: str = "") -> dict:
        """Add the price list of a market in its currency."""
        return {"id": self.store.storefront.add_price_list(name, currency, market).id}

    def do_define_metafield(self, owner: str, namespace: str, key: str, type: str) -> None:  # noqa: A002
        """Fix the type of a metafield of PRODUCT, PRODUCTVARIANT, CUSTOMER or ORDER."""
        self.store.storefront.define_metafield(owner, namespace, key, type)
