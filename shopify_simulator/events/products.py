"""What a merchant does with products: adding, changing, deleting them, their pictures and collections."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ..ids import number_for
from ..model.product import Collection, InventoryItem, MediaImage, Product, Variant
from ..pictures import SIDE, png
from ..values import BadRequest, decimal, known_keys

if TYPE_CHECKING:
    from ..store import Store

PRODUCT_KEYS = frozenset(
    [
        "title",
        "handle",
        "description_html",
        "product_type",
        "vendor",
        "status",
        "tags",
        "is_gift_card",
        "published_at",
        "category",
        "seo_title",
        "seo_description",
        "template_suffix",
        "metafields",
    ]
)
VARIANT_KEYS = frozenset(
    ["price", "compare_at_price", "barcode", "taxable", "inventory_policy", "position", "metafields"]
)
ITEM_KEYS = frozenset(
    [
        "sku",
        "tracked",
        "requires_shipping",
        "unit_cost",
        "weight_grams",
        "country_code_of_origin",
        "harmonized_system_code",
    ]
)


def make(store: Store, title: str, options: list, variants: list[dict], at: datetime, more: dict) -> Product:
    """A product with options. ``options``: [name, [values]]; ``variants``: dicts with ``values`` (one for each option),
    sku, price and what `VARIANT_KEYS` and `ITEM_KEYS` name."""
    known_keys(more, PRODUCT_KEYS, "product")
    serial = store.new_serial("Product")
    handle = "-".join(title.lower().split())
    product = Product(number_for("Product", serial), title, f"{handle}-{serial}", at, at)
    product.published_at = at
    change(store, product, more)
    product.options = [(name, list(values)) for name, values in options]
    for given in variants:
        add_variant(store, product, given, at)
    return product


def add_variant(store: Store, product: Product, given: dict, at: datetime) -> Variant:
    """A further variant of a product; new option values are added to its options."""
    given = dict(given)
    values = [str(value) for value in given.pop("values", [])]
    if len(values) != len(product.options):
        raise BadRequest(f"variant: {product.title} has {len(product.options)} options, {len(values)} values are given")
    for (_name, known), value in zip(product.options, values, strict=True):
        if value not in known:
            known.append(value)
    serial = store.new_serial("ProductVariant")
    item = InventoryItem(number_for("InventoryItem", serial), None, True, True, at, at)
    title, price = " / ".join(values) or "Default Title", decimal(given.pop("price", "1.00"), "price")
    variant = Variant(
        number_for("ProductVariant", serial), product, title, price, item, len(product.variants) + 1, at, at
    )
    item.variant = variant
    variant.selected = [(name, value) for (name, _known), value in zip(product.options, values, strict=True)]
    product.variants.append(variant)
    change_variant(store, variant, given)
    return variant


def change(store: Store, product: Product, changes: dict) -> None:
    """Set fields of a product; ``metafields`` as of `Store.make_metafields`."""
    known_keys(changes, PRODUCT_KEYS, "product")
    for name, value in changes.items():
        setattr(product, name, store.make_metafields("PRODUCT", value) if name == "metafields" else value)
    if "status" in changes and changes["status"] != "ACTIVE":
        product.published_at = None


def change_variant(store: Store, variant: Variant, changes: dict) -> None:
    """Set fields of a variant and its inventory item."""
    known_keys(changes, VARIANT_KEYS | ITEM_KEYS, "variant")
    for name, value in changes.items():
        if name in ("price", "compare_at_price", "unit_cost") and value is not None:
            value = decimal(value, name) if not isinstance(value, Decimal) else value
        if name == "metafields":
            value = store.make_metafields("PRODUCTVARIANT", value)
        if name == "sku":
            variant.sku = variant.inventory_item.sku = value
        else:
            setattr(variant.inventory_item if name in ITEM_KEYS else variant, name, value)


def add_picture(store: Store, product: Product, at: datetime, more: dict) -> MediaImage:
    """A picture. ``number`` makes its colour, ``content`` gives its bytes (None: cannot be read), ``variants`` have it."""
    known_keys(more, {"number", "content", "mime_type", "alt", "name", "variants", "status"}, "picture")
    serial = store.new_serial("MediaImage")
    picture = MediaImage(
        number_for("MediaImage", serial),
        more.get("name") or f"{product.handle}-{len(product.media) + 1}.png",
        more.get("content", png(more.get("number", serial))),
        more.get("mime_type", "image/png"),
        at,
        at,
        alt=more.get("alt"),
        status=more.get("status", "READY"),
        width=SIDE,
        height=SIDE,
    )
    product.media.append(picture)
    for variant in more.get("variants", ()):
        variant.media.append(picture)
    return picture


def add_collection(store: Store, title: str, products: list[Product], automated: bool, at: datetime) -> Collection:
    """A collection of products."""
    number = number_for("Collection", store.new_serial("Collection"))
    collection = Collection(number, title, "-".join(title.lower().split()), at, at, automated)
    set_members(collection, products)
    store.collections.append(collection)
    return collection


def set_members(collection: Collection, products: list[Product]) -> None:
    """Put exactly these products into a collection."""
    for product in collection.products:
        product.collections.remove(collection)
    collection.products = list(products)
    for product in products:
        product.collections.append(collection)
