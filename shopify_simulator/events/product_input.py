"""What the API does to products; what a person does is in `events.products`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ..ids import number_for
from ..model.product import InventoryItem, MediaImage, Metafield, Product, Variant
from .products import ITEM_KEYS


def handle_of(store, title: str) -> str:
    """A free handle made from a title."""
    plain = "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split()) or "product"
    taken = {one.handle for one in store.products}
    number, handle = 0, plain
    while handle in taken:
        number += 1
        handle = f"{plain}-{number}"
    return handle


def make(store, title: str, at: datetime, handle: str | None = None) -> Product:
    """A product without variants; the caller adds them."""
    number = number_for("Product", store.new_serial("Product"))
    product = Product(number, title, handle or handle_of(store, title), at, at, vendor=store.shop.name)
    store.products.append(product)
    return product


def change(product: Product, at: datetime, **changes: object) -> None:
    """Set fields of a product."""
    for name, value in changes.items():
        setattr(product, name, value)
    product.updated_at = at


def add_variant(store, product: Product, selected: list[tuple[str, str]], at: datetime) -> Variant:
    """A variant of option values; its values become known to the product's options."""
    serial = store.new_serial("ProductVariant")
    item = InventoryItem(number_for("InventoryItem", serial), None, False, True, at, at)
    title = " / ".join(value for _name, value in selected) or "Default Title"
    variant = Variant(
        number_for("ProductVariant", serial), product, title, Decimal("0.00"), item, len(product.variants) + 1, at, at
    )
    item.variant = variant
    variant.selected = list(selected)
    product.variants.append(variant)
    for name, value in selected:
        values = next((known for option, known in product.options if option == name), None)
        if values is not None and value not in values:
            values.append(value)
    store.index_variant(variant)
    return variant


def change_variant(store, variant: Variant, at: datetime, **changes: object) -> None:
    """Set fields of a variant and its inventory item."""
    item, former = variant.inventory_item, variant.sku
    for name, value in changes.items():
        if name == "sku":
            variant.sku = item.sku = value or None
        else:
            setattr(item if name in ITEM_KEYS | {"province_code_of_origin"} else variant, name, value)
    variant.updated_at = item.updated_at = variant.product.updated_at = at
    store.index_variant(variant, former)


def remove_variant(store, variant: Variant, at: datetime) -> None:
    """Delete a variant."""
    variant.product.variants.remove(variant)
    for position, one in enumerate(variant.product.variants, start=1):
        one.position = position
    variant.product.updated_at = at
    store.forget_variant(variant)


def attach(product: Product, media: MediaImage, at: datetime) -> None:
    """Put a picture at the end of a product's gallery."""
    if media not in product.media:
        product.media.append(media)
        product.updated_at = at


def set_metafield(store, owner, owner_type: str, namespace: str, key: str, kind: str, value: str, at) -> Metafield:
    """Set a value, new or in place of the former one."""
    for one in owner.metafields:
        if (one.namespace, one.key) == (namespace, key):
            one.value, one.type, one.updated_at = value, kind, at
            return one
    made = Metafield(store.new_number("Metafield"), namespace, key, kind, value, at, at, owner_type)
    owner.metafields.append(made)
    return made
