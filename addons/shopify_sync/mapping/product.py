"""A product of Shopify as Odoo should know it: texts, options, variants, pictures, collections, metafields."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from .errors import Refusal
from .money import decimal
from .reading import filled, legacy_id, nodes, text, when
from .wording import _lt

#: Kilograms in one of Shopify's units of weight (enum `WeightUnit`).
KILOGRAMS = {
    "KILOGRAMS": Decimal(1),
    "GRAMS": Decimal("0.001"),
    "POUNDS": Decimal("0.45359237"),
    "OUNCES": Decimal("0.028349523125"),
}
#: What Shopify calls the option and value of a product without options.
DEFAULT_TITLE = "Default Title"
#: Fields of an answer that change without anything of the product being different.
_TIMES = frozenset({"updatedAt"})


@dataclass(frozen=True, slots=True)
class Metafield:
    """A metafield as Shopify has it; `value` is text whatever the type."""

    shopify_id: str
    namespace: str
    key: str
    type: str
    value: str
    compare_digest: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; `url` is '' as long as Shopify has none. `status` is Shopify's: READY, PROCESSING, UPLOADED, FAILED."""

    shopify_id: str
    url: str
    alt: str
    status: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant. Prices and cost are in the store's currency; weight is in kilograms.

    `selected` holds an (option, value) pair for each option, nothing for a product without options.
    """

    shopify_id: str
    inventory_item_id: str
    title: str
    sku: str
    barcode: str
    position: int
    price: Decimal
    compare_at_price: Decimal | None
    unit_cost: Decimal | None
    taxable: bool
    tracked: bool
    ships: bool
    policy: str
    weight: Decimal
    hs_code: str
    country_code: str
    selected: tuple[tuple[str, str], ...]
    picture_ids: tuple[str, ...]
    metafields: tuple[Metafield, ...] | None
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection; Shopify fills an automated one by its conditions."""

    shopify_id: str
    title: str
    handle: str
    automated: bool
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Product:
    """A product with all its variants. `metafields` and `publications` (ids of its sales channels)
    are None when they were not asked for; times are naive UTC."""

    shopify_id: str
    title: str
    handle: str
    description: str
    product_type: str
    vendor: str
    tags: tuple[str, ...]
    status: str
    is_gift_card: bool
    template_suffix: str
    category_id: str
    category_name: str
    seo_title: str
    seo_description: str
    options: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[Variant, ...]
    pictures: tuple[Picture, ...]
    collections: tuple[Collection, ...]
    metafields: tuple[Metafield, ...] | None
    created_at: datetime | None
    updated_at: datetime
    published_at: datetime | None
    publications: tuple[str, ...] | None = None

    @property
    def options_text(self) -> str:
        """The options in words: “Size: S, M; Color: Black”."""
        return "; ".join(f"{name}: {', '.join(values)}" for name, values in self.options)


def read_product(payload: Mapping[str, Any] | None) -> Product:
    """Read a product as `ProductFields` asks for it.

    :raises Refusal: the record is no product, lacks what Shopify always fills, or has a SKU twice
    """
    if not isinstance(payload, Mapping):
        raise Refusal("unreadable", _lt("Shopify's data of the product are missing."))
    try:
        product = _product(payload)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        title = payload.get("title") or payload.get("id") or "?"
        fault = f"{type(error).__name__} {error}"
        raise Refusal("unreadable", _lt("Product %(title)s: %(fault)s", title=title, fault=fault)) from error
    twice = [sku for sku, count in Counter(one.sku for one in product.variants if one.sku).items() if count > 1]
    if twice:
        names = reduce(
            lambda one, other: _lt("%(one)s and %(other)s", one=one, other=other),
            [f"“{one.title}”" for one in product.variants if one.sku == twice[0]],
        )
        raise Refusal(
            "duplicate_sku",
            _lt(
                "Product %(title)s: SKU %(sku)s stands on %(names)s. Give each variant its own SKU in Shopify.",
                title=product.title,
                sku=twice[0],
                names=names,
            ),
        )
    return product


def payload_digest(payload: Mapping[str, Any]) -> str:
    """A digest of a product's data without its times: `updatedAt` changes with every sale, the product does not."""
    return hashlib.sha256(json.dumps(_without_times(payload), sort_keys=True).encode()).hexdigest()


def _without_times(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_times(item) for key, item in value.items() if key not in _TIMES}
    return [_without_times(item) for item in value] if isinstance(value, list) else value


def _product(payload: Mapping[str, Any]) -> Product:
    plain = _is_plain(payload)
    category, seo = payload.get("category") or {}, payload.get("seo") or {}
    variants = tuple(_variant(one, plain) for one in nodes(payload["variants"]))
    if not variants:
        raise ValueError("it has no variant")
    return Product(
        shopify_id=legacy_id(filled(payload, "id")),
        title=text(filled(payload, "title")),
        handle=text(payload.get("handle")),
        description=payload.get("descriptionHtml") or "",
        product_type=text(payload.get("productType")),
        vendor=text(payload.get("vendor")),
        tags=tuple(payload.get("tags") or ()),
        status=filled(payload, "status").lower(),
        is_gift_card=bool(payload.get("isGiftCard")),
        template_suffix=text(payload.get("templateSuffix")),
        category_id=(category.get("id") or "").rsplit("/", 1)[-1],
        category_name=text(category.get("fullName")),
        seo_title=text(seo.get("title")),
        seo_description=text(seo.get("description")),
        options=() if plain else tuple(_option(one) for one in payload.get("options") or ()),
        variants=variants,
        pictures=tuple(_picture(one) for one in nodes(payload.get("media"))),
        collections=tuple(read_collection(one) for one in nodes(payload.get("collections"))),
        metafields=_metafields(payload),
        created_at=when(payload.get("createdAt")),
        updated_at=when(filled(payload, "updatedAt")),
        published_at=when(payload.get("publishedAt")),
        publications=_publications(payload),
    )


def _is_plain(payload: Mapping[str, Any]) -> bool:
    """The product has no options: Shopify then shows one called Title with the value Default Title."""
    options = payload.get("options") or ()
    return not options or (
        len(options) == 1 and [value["name"] for value in options[0]["optionValues"]] == [DEFAULT_TITLE]
    )


def _option(option: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    return text(option["name"]), tuple(text(value["name"]) for value in option["optionValues"])


def _variant(variant: Mapping[str, Any], plain: bool) -> Variant:
    item = variant["inventoryItem"]
    weight = (item.get("measurement") or {}).get("weight") or {}
    cost = item.get("unitCost") or {}
    compare_at = variant.get("compareAtPrice")
    selected = () if plain else tuple((text(one["name"]), text(one["value"])) for one in variant["selectedOptions"])
    return Variant(
        shopify_id=legacy_id(filled(variant, "id")),
        inventory_item_id=legacy_id(filled(item, "id")),
        title=text(variant.get("title")),
        sku=text(variant.get("sku")),
        barcode=text(variant.get("barcode")),
        position=int(variant.get("position") or 0),
        price=decimal(variant.get("price")),
        compare_at_price=None if compare_at in (None, "") else decimal(compare_at),
        unit_cost=None if cost.get("amount") in (None, "") else decimal(cost["amount"]),
        taxable=bool(variant.get("taxable")),
        tracked=bool(item.get("tracked")),
        ships=bool(item.get("requiresShipping")),
        policy=(variant.get("inventoryPolicy") or "DENY").lower(),
        weight=decimal(weight.get("value")) * KILOGRAMS[weight.get("unit") or "KILOGRAMS"],
        hs_code=text(item.get("harmonizedSystemCode")),
        country_code=text(item.get("countryCodeOfOrigin")),
        selected=selected,
        picture_ids=tuple(legacy_id(one["id"]) for one in nodes(variant.get("media"))),
        metafields=_metafields(variant),
        created_at=when(variant.get("createdAt")),
        updated_at=when(variant.get("updatedAt")),
    )


def _picture(media: Mapping[str, Any]) -> Picture:
    image = media.get("image") or {}
    return Picture(
        shopify_id=legacy_id(filled(media, "id")),
        url=image.get("url") or "",
        alt=text(media.get("alt")),
        status=media.get("status") or "READY",
        width=int(image.get("width") or 0),
        height=int(image.get("height") or 0),
    )


def _metafields(owner: Mapping[str, Any]) -> tuple[Metafield, ...] | None:
    found = owner.get("metafields")
    return None if found is None else tuple(read_shopify_metafield(one) for one in nodes(found))


def _publications(payload: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = payload.get("resourcePublicationsV2")
    return None if found is None else tuple(legacy_id(one["publication"]["id"]) for one in nodes(found))


def read_collection(one: Mapping[str, Any]) -> Collection:
    """Read a collection as `CollectionFields` asks for it. Raises KeyError when a part is missing.

    What a person chose by hand is a source without conditions; sub-collections are filled by Shopify, too.
    """
    automated = any(
        source["__typename"] != "CollectionConditionsSource" or (source.get("inclusion") or {}).get("conditions")
        for source in one.get("sources") or ()
    )
    return Collection(
        legacy_id(filled(one, "id")), text(one["title"]), text(one.get("handle")), automated, when(one.get("updatedAt"))
    )


def read_shopify_metafield(one: Mapping[str, Any]) -> Metafield:
    """Read a metafield as `MetafieldFields` asks for it. Raises KeyError when a part is missing."""
    return Metafield(
        shopify_id=legacy_id(one["id"]),
        namespace=one["namespace"],
        key=one["key"],
        type=one["type"],
        value=one["value"],
        compare_digest=one.get("compareDigest") or "",
    )
