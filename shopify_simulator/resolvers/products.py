"""Products, variants, inventory items and levels."""

from __future__ import annotations

from .. import search
from ..errors import ShopifyError
from .common import Box, Count, MoneyV2, Weight, number_of
from .registry import aliases, constants, resolver

QUANTITY_NAMES = (
    "available",
    "on_hand",
    "committed",
    "incoming",
    "reserved",
    "damaged",
    "safety_stock",
    "quality_control",
)


def _product_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "title": search.text_field(lambda one: one.title),
            "handle": search.listed_field(lambda one: one.handle),
            "product_type": search.listed_field(lambda one: one.product_type),
            "vendor": search.listed_field(lambda one: one.vendor),
            "status": search.listed_field(lambda one: one.status),
            "tag": search.text_field(lambda one: one.tags),
            "tag_not": _without(lambda one: one.tags),
            "sku": search.text_field(lambda one: [variant.sku for variant in one.variants]),
            "barcode": search.text_field(lambda one: [variant.barcode for variant in one.variants]),
            "variant_id": _any_number(lambda one: [variant.id for variant in one.variants]),
            "gift_card": search.boolean_field(lambda one: one.is_gift_card),
            "tracks_inventory": search.boolean_field(_tracks),
            "inventory_total": search.number_field(_total),
            "created_at": search.time_field(lambda one: one.created_at, **times),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
            "published_at": search.time_field(lambda one: one.published_at, **times),
        },
        search.text_field(lambda one: [one.title, one.vendor, one.product_type, *one.title.split()]),
    )


def _variant_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "sku": search.text_field(lambda one: one.sku),
            "barcode": search.text_field(lambda one: one.barcode),
            "title": search.text_field(lambda one: one.title),
            "product_id": search.number_field(lambda one: one.product.id),
            "product_ids": search.listed_field(lambda one: one.product.id),
            "product_status": search.listed_field(lambda one: one.product.status),
            "product_type": search.listed_field(lambda one: one.product.product_type),
            "vendor": search.listed_field(lambda one: one.product.vendor),
            "gift_card": search.boolean_field(lambda one: one.product.is_gift_card),
            "tag": search.text_field(lambda one: one.product.tags),
            "taxable": search.boolean_field(lambda one: one.taxable),
            "location_id": _any_number(lambda one: [level.location.id for level in one.inventory_item.levels]),
            "inventory_quantity": search.number_field(lambda one: available(one.inventory_item)),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
        },
        search.text_field(lambda one: [one.sku, one.title, one.product.title]),
    )


def _item_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "sku": search.text_field(lambda one: one.sku),
            "created_at": search.time_field(lambda one: one.created_at, **times),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
        },
        search.text_field(lambda one: one.sku),
    )


def _without(read):
    has = search.text_field(read)

    def make(term):
        test = has(term)
        return lambda record: not test(record)

    return make


def _any_number(read):
    def make(term):
        wanted = int(term.value)
        return lambda record: wanted in read(record)

    return make


def found(info, items, fields: search.Fields, query: str | None) -> list:
    """Records that a query matches; warnings go into the answer."""
    if not query:
        return list(items)
    test, warnings = search.compiled(query, fields)
    info.context.search_warnings += warnings
    return [one for one in items if test(one)]


_PRODUCT_SORT = {
    "CREATED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
    "PUBLISHED_AT": lambda one: (one.published_at is None, one.published_at or one.created_at),
    "TITLE": lambda one: one.title,
    "VENDOR": lambda one: one.vendor,
    "PRODUCT_TYPE": lambda one: one.product_type,
    "INVENTORY_TOTAL": lambda one: _total(one),
}
_VARIANT_SORT = {
    "SKU": lambda one: one.sku or "",
    "TITLE": lambda one: one.title,
    "NAME": lambda one: one.title,
    "FULL_TITLE": lambda one: f"{one.product.title} {one.title}",
    "POSITION": lambda one: one.position,
    "INVENTORY_QUANTITY": lambda one: available(one.inventory_item),
}


def sorted_by(items: list, keys: dict, key: str | None) -> list:
    """Records by a sort key and then their id."""
    read = keys.get(key)
    return sorted(items, key=(lambda one: (read(one), one.id)) if read else lambda one: one.id)


@resolver("QueryRoot.products")
def products(_root, info, query=None, sortKey="ID", **_args):
    store = info.context.store
    return sorted_by(found(info, store.products, _product_fields(store), query), _PRODUCT_SORT, sortKey)


@resolver("QueryRoot.productsCount")
def products_count(_root, info, query=None, limit=10_000, **_args):
    store = info.context.store
    return Count(len(found(info, store.products, _product_fields(store), query)), limit)


@resolver("QueryRoot.product")
def product(_root, info, id):  # noqa: A002
    return product_by_number(info.context.store, number_of(id, "Product"))


@resolver("QueryRoot.productByIdentifier")
def product_by_identifier(_root, info, identifier):
    store = info.context.store
    if "id" in identifier:
        return product_by_number(store, number_of(identifier["id"], "Product"))
    return next((one for one in store.products if one.handle == identifier.get("handle")), None)


@resolver("QueryRoot.productVariants")
def variants(_root, info, query=None, sortKey="ID", **_args):
    store = info.context.store
    every = [variant for one in store.products for variant in one.variants]
    return sorted_by(found(info, every, _variant_fields(store), query), _VARIANT_SORT, sortKey)


@resolver("QueryRoot.productVariantsCount")
def variants_count(_root, info, query=None, limit=10_000):
    store = info.context.store
    every = [variant for one in store.products for variant in one.variants]
    return Count(len(found(info, every, _variant_fields(store), query)), limit)


@resolver("QueryRoot.productVariant")
def variant(_root, info, id):  # noqa: A002
    return info.context.store.variant_by_id(number_of(id, "ProductVariant"))


@resolver("QueryRoot.inventoryItems")
def inventory_items(_root, info, query=None, **_args):
    store = info.context.store
    every = [variant.inventory_item for one in store.products for variant in one.variants]
    return found(info, every, _item_fields(store), query)


@resolver("QueryRoot.inventoryItem")
def inventory_item(_root, info, id):  # noqa: A002
    return info.context.store.item_by_id(number_of(id, "InventoryItem"))


def product_by_number(store, number: int):
    """The product of an id, or None."""
    return next((one for one in store.products if one.id == number), None)


def available(item) -> int:
    """What can be sold of an item, over all locations."""
    return sum(level.quantities["available"] for level in item.levels if level.is_active)


def _total(one) -> int:
    return sum(available(variant.inventory_item) for variant in one.variants)


def _tracks(one) -> bool:
    return any(variant.inventory_item.tracked for variant in one.variants)


def _options(one) -> list[Box]:
    return [
        Box(
            "ProductOption",
            id=one.id * 10 + position,
            name=name,
            position=position,
            values=values,
            linked_metafield=None,
            option_values=[
                _option_value((one.id * 10 + position) * 100 + index, value) for index, value in enumerate(values)
            ],
        )
        for position, (name, values) in enumerate(one.options or [("Title", ["Default Title"])], start=1)
    ]


def _option_value(number: int, name: str) -> Box:
    return Box("ProductOptionValue", id=number, name=name, has_variants=True, swatch=None, linked_metafield_value=None)


def _selected(one) -> list[Box]:
    pairs = one.selected or [("Title", "Default Title")]
    return [Box(name=name, value=value, option_value=_option_value(one.id, value)) for name, value in pairs]


def _price_range(info, one) -> Box:
    currency = info.context.store.shop.currency_code
    prices = [variant.price for variant in one.variants]
    return Box(min_variant_price=MoneyV2(min(prices), currency), max_variant_price=MoneyV2(max(prices), currency))


@resolver("Product.priceRangeV2")
def price_range(one, info):
    return _price_range(info, one)


@resolver("Product.options")
def options(one, _info, first=None):
    return _options(one)[:first]


@resolver("Product.description")
def description(one, _info, truncateAt=None):
    text = one.description_html.replace("<p>", "").replace("</p>", "")
    return text[:truncateAt] if truncateAt else text


aliases(
    {
        "Product.hasOnlyDefaultVariant": lambda one: (
            len(one.variants) == 1 and one.variants[0].title == "Default Title"
        ),
        "Product.tracksInventory": _tracks,
        "Product.totalInventory": _total,
        "Product.variantsCount": lambda one: Count(len(one.variants)),
        "Product.hasOutOfStockVariants": lambda one: any(
            available(variant.inventory_item) <= 0 for variant in one.variants
        ),
        "Product.onlineStoreUrl": lambda one: None,
        "Product.defaultCursor": lambda one: str(one.id),
        "ProductVariant.displayName": lambda one: f"{one.product.title} - {one.title}",
        "ProductVariant.inventoryQuantity": lambda one: available(one.inventory_item),
        "ProductVariant.sellableOnlineQuantity": lambda one: max(0, available(one.inventory_item)),
        "ProductVariant.availableForSale": lambda one: (
            not one.inventory_item.tracked or one.inventory_policy == "CONTINUE" or available(one.inventory_item) > 0
        ),
        "ProductVariant.selectedOptions": _selected,
        "ProductVariant.defaultCursor": lambda one: str(one.id),
        "InventoryItem.measurement": lambda one: Box(
            "InventoryItemMeasurement", id=one.id, weight=Weight(one.weight_grams)
        ),
        "InventoryItem.locationsCount": lambda one: Count(len(one.levels)),
        "InventoryItem.variants": lambda one: [one.variant],
        "InventoryItem.trackedEditable": lambda one: Box(locked=False, reason=None),
    }
)
constants(
    {
        "Product.compareAtPriceRange": None,
        "Product.combinedListing": None,
        "Product.combinedListingRole": None,
        "Product.giftCardSettings": None,
        "Product.events": [],
        "Product.bundleComponents": [],
        "Product.onlineStorePreviewUrl": None,
        "ProductVariant.deliveryProfile": None,
        "ProductVariant.events": [],
        "ProductVariant.productVariantComponents": [],
        "Product.giftCardTemplateSuffix": None,
        "Product.requiresSellingPlan": False,
        "Product.hasVariantsThatRequiresComponents": False,
        "ProductVariant.requiresComponents": False,
        "ProductVariant.showUnitPrice": False,
        "ProductVariant.unitPrice": None,
        "ProductVariant.unitPriceMeasurement": None,
        "InventoryItem.duplicateSkuCount": 0,
        "InventoryItem.countryHarmonizedSystemCodes": [],
        "InventoryItem.inventoryHistoryUrl": None,
        "InventoryLevel.canDeactivate": True,
        "InventoryLevel.deactivationAlert": None,
    }
)


@resolver("InventoryItem.unitCost")
def unit_cost(one, info):
    cost = one.unit_cost
    return None if cost is None else MoneyV2(cost, info.context.store.shop.currency_code)


@resolver("InventoryItem.inventoryLevel")
def inventory_level(one, _info, locationId, includeInactive=False):
    number = number_of(locationId, "Location")
    return next((level for level in _levels(one, includeInactive) if level.location.id == number), None)


@resolver("InventoryItem.inventoryLevels")
def levels_of_item(one, _info, includeInactive=False, **_args):
    return _levels(one, includeInactive)


@resolver("Location.inventoryLevels")
def levels_of_location(one, info, includeInactive=False, **_args):
    items = (variant.inventory_item for made in info.context.store.products for variant in made.variants)
    return [level for item in items for level in _levels(item, includeInactive) if level.location is one]


def _levels(item, inactive: bool) -> list:
    """Levels that are active, at locations that are."""
    return [level for level in item.levels if inactive or (level.is_active and level.location.is_active)]


@resolver("InventoryLevel.quantities")
def quantities(one, _info, names):
    unknown = [name for name in names if name not in QUANTITY_NAMES]
    if unknown:
        raise ShopifyError(f"The specified quantity name is invalid: {', '.join(unknown)}", "INVALID_NAME")
    return [
        Box("InventoryQuantity", id=one.id * 10 + QUANTITY_NAMES.index(name), name=name, quantity=one.quantities[name],
            updated_at=one.updated_at)
        for name in names
    ]  # fmt: skip
