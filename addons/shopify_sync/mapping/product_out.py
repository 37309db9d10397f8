"""What a product of the layer is to be in Shopify, and the input that makes it there as a whole.

Prices and costs are in the shop's currency, weights in kilograms. Ids are Shopify's full ids (gid), '' for what is not in
Shopify yet.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .wording import Words, _lt

#: The parts of a product that can be sent by themselves.
PARTS = ("basics", "price", "compare_at", "image", "metafields", "collections", "publish")
#: Shopify's name for the option and the value of a product without options.
NO_OPTION = (("Title", "Default Title"),)
#: Where an export leaves the key it was sent with: the app's own namespace, which no other app can write.
MARKER = ("$app", "odoo_export")

#: Shopify takes no longer alt texts; a request with one is refused as a whole.
LONGEST_ALT = 512

_SPACES = re.compile(r"\s+")
_BETWEEN_TAGS = re.compile(r">\s+<")
_NOT_HANDLE = re.compile(r"[\W_]+")
_NOT_IN_HANDLE = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class LocalVariant:
    """A variant of the layer. `price` None: not to be sent; `compare_at` counts only where `has_compare_at`.

    `options` are names and values in the product's order; `cost` None: the cost is not sent.
    """

    layer_id: int
    shopify_id: str
    options: tuple[tuple[str, str], ...] = ()
    sku: str = ""
    barcode: str = ""
    price: Decimal | None = None
    compare_at: Decimal | None = None
    has_compare_at: bool = False
    taxable: bool = True
    tracked: bool = True
    inventory_policy: str = "DENY"
    requires_shipping: bool = True
    weight: Decimal = Decimal(0)
    hs_code: str = ""
    origin: str = ""
    cost: Decimal | None = None
    position: int = 0
    picture_edited: bool = False


@dataclass(frozen=True)
class LocalImage:
    """A picture of the layer. `digest` is of its bytes, `sent_digest` of those that Shopify has.

    `from_odoo`: Odoo sent it; others came from Shopify.
    """

    layer_id: int
    shopify_id: str = ""
    digest: str = ""
    sent_digest: str = ""
    alt: str = ""
    source: str = ""
    variants: tuple[int, ...] = ()
    from_odoo: bool = False


@dataclass(frozen=True)
class LocalMetafield:
    """A mapped value. `variant` is the layer's id of its owner, 0 for the product; `digest` that of the value read last.

    An empty `digest` means that no value has been read yet.
    """

    mapping_id: int
    variant: int
    namespace: str
    key: str
    type: str
    value: str
    digest: str = ""


@dataclass(frozen=True)
class Local:
    """A product of the layer with its parts. `handle` and `status` are '' where the layer does not know them."""

    layer_id: int
    shopify_id: str
    title: str
    handle: str = ""
    description: str = ""
    product_type: str = ""
    vendor: str = ""
    tags: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = ""
    category: str = ""
    status: str = ""
    gift_card: bool = False
    variants: tuple[LocalVariant, ...] = ()
    images: tuple[LocalImage, ...] = ()
    metafields: tuple[LocalMetafield, ...] = ()
    collections: tuple[str, ...] = ()
    reordered: bool = False

    @property
    def new_handle(self) -> str:
        """The handle with which the product is made."""
        return plain_handle(self.handle) or slug(self.title)

    def with_sources(self, sources: Mapping[int, str]) -> Local:
        """The product with the places that its pictures were sent to, by layer id of the picture."""
        return replace(self, images=tuple(replace(one, source=sources.get(one.layer_id, "")) for one in self.images))


def slug(title: str) -> str:
    """The handle that Shopify makes of a title: letters and digits with single hyphens, at most 200 characters."""
    return _NOT_HANDLE.sub("-", title.lower()).strip("-")[:200].rstrip("-") or "product"


def plain_handle(handle: str) -> str:
    """A handle as Shopify writes it: small letters, hyphens instead of spaces and signs."""
    return _NOT_IN_HANDLE.sub("-", handle.lower()).strip("-")


def split_tags(text: str | None) -> tuple[str, ...]:
    """Tags of a comma-separated text, each once whatever its capitals."""
    found: dict[str, str] = {}
    for one in (text or "").split(","):
        if one.strip():
            found.setdefault(one.strip().casefold(), one.strip())
    return tuple(found.values())


def price_pair(price: Decimal, compare_at: Decimal | None) -> tuple[Decimal, Decimal | None]:
    """A price with its compare-at price, which counts only when it is higher."""
    return price, compare_at if compare_at is not None and compare_at > price else None


def money_text(amount: Decimal | None) -> str | None:
    """An amount as Shopify takes it; None clears the field."""
    return None if amount is None else f"{amount:f}"


def plain_html(text: str) -> str:
    """HTML for comparison: white space between and inside words does not count, nor how characters are escaped."""
    return _BETWEEN_TAGS.sub("><", _SPACES.sub(" ", html.unescape(text or "")).strip()).replace("<p></p>", "")


def grams(kilograms: Decimal) -> int:
    """Whole grams, the finest that is compared."""
    return int((kilograms * 1000).to_integral_value(ROUND_HALF_UP))


def option_pairs(variant: LocalVariant) -> tuple[tuple[str, str], ...]:
    """Option names and values of a variant; those of a product without options when it has none."""
    return variant.options or NO_OPTION


def options_of(variants: Iterable[LocalVariant]) -> dict[str, list[str]]:
    """All values by option name, in the order in which variants use them."""
    found: dict[str, list[str]] = {}
    for variant in variants:
        for name, value in option_pairs(variant):
            values = found.setdefault(name, [])
            if value not in values:
                values.append(value)
    return found


def item_input(variant: LocalVariant) -> dict[str, Any]:
    """What belongs to the inventory item of a variant."""
    item: dict[str, Any] = {
        "tracked": variant.tracked,
        "requiresShipping": variant.requires_shipping,
        "measurement": {"weight": {"unit": "KILOGRAMS", "value": float(variant.weight)}},
        "harmonizedSystemCode": variant.hs_code or None,
        "countryCodeOfOrigin": variant.origin or None,
    }
    if variant.cost is not None:
        item["cost"] = money_text(variant.cost)
    return item


def option_values(variant: LocalVariant) -> list[dict[str, str]]:
    """The option values of a variant as input."""
    return [{"optionName": name, "name": value} for name, value in option_pairs(variant)]


def new_variant(variant: LocalVariant, parts: frozenset[str]) -> dict[str, Any]:
    """A variant that is to be made, for `productSet` and `productVariantsBulkCreate` alike (SKU on the item)."""
    made: dict[str, Any] = {
        "optionValues": option_values(variant),
        "barcode": variant.barcode or None,
        "taxable": variant.taxable,
        "inventoryPolicy": variant.inventory_policy,
        "inventoryItem": {"sku": variant.sku, **item_input(variant)},
    }
    made.update(prices(variant, parts))
    return made


def prices(variant: LocalVariant, parts: frozenset[str]) -> dict[str, Any]:
    """The price fields to send of a variant. A compare-at price that is not higher is cleared."""
    found: dict[str, Any] = {}
    if "price" in parts and variant.price is not None:
        found["price"] = money_text(variant.price)
    if "compare_at" in parts and variant.has_compare_at and variant.price is not None:
        found["compareAtPrice"] = money_text(price_pair(variant.price, variant.compare_at)[1])
    return found


def create_input(local: Local, parts: frozenset[str], marker: str, manual: frozenset[str]) -> dict[str, Any]:
    """The input of `productSet` for a product that is not in Shopify.

    :param marker: key of the export; it tells our product when the answer is lost
    :param manual: ids of the collections that may be joined (automated ones fill themselves)
    """
    namespace, key = MARKER
    metafields = [{"namespace": namespace, "key": key, "type": "single_line_text_field", "value": marker}]
    of_variants: dict[int, list[dict[str, str]]] = {}
    for one in local.metafields if "metafields" in parts else ():
        row = {"namespace": one.namespace, "key": one.key, "type": one.type, "value": one.value}
        (of_variants.setdefault(one.variant, []) if one.variant else metafields).append(row)
    variants = []
    for variant in local.variants:
        made = new_variant(variant, parts)
        if of_variants.get(variant.layer_id):
            made["metafields"] = of_variants[variant.layer_id]
        variants.append(made)
    product: dict[str, Any] = {
        "title": local.title,
        "handle": local.new_handle,
        "descriptionHtml": local.description,
        "productType": local.product_type,
        "vendor": local.vendor,
        "tags": list(local.tags),
        "status": local.status or "ACTIVE",
        "seo": {"title": local.seo_title or None, "description": local.seo_description or None},
        "templateSuffix": local.template_suffix or None,
        "metafields": metafields,
        "productOptions": [
            {"name": name, "values": [{"name": value} for value in values]}
            for name, values in options_of(local.variants).items()
        ],
        "variants": variants,
    }
    if local.vendor == "":
        del product["vendor"]  # Shopify then takes the shop's name
    if local.gift_card:
        product["giftCard"] = True
    if local.category:
        product["category"] = local.category
    join = [one for one in local.collections if one in manual]
    if join:
        product["collections"] = join
    files = [
        {"originalSource": one.source, "alt": one.alt, "contentType": "IMAGE"}
        for one in (local.images if "image" in parts else ())
        if one.source
    ]
    if files:
        product["files"] = files
        _place_files(variants, local)
    return product


def _place_files(variants: list[dict[str, Any]], local: Local) -> None:
    """Give each variant its own picture: the first one that names it."""
    for made, variant in zip(variants, local.variants, strict=True):
        mine = next((one for one in local.images if one.source and variant.layer_id in one.variants), None)
        if mine:
            made["file"] = {"originalSource": mine.source, "alt": mine.alt, "contentType": "IMAGE"}


def _mixed(local: Local, names: set[tuple[str, ...]]) -> dict[str, str]:
    """The options that not all variants have, and the SKUs of variants that lack one."""
    options = set().union(*names) - set.intersection(*(set(one) for one in names)) or set().union(*names)
    lacking = [one.sku or "-" for one in local.variants if not options <= {name for name, _ in option_pairs(one)}]
    options = options - {NO_OPTION[0][0]} or options
    return {"options": ", ".join(f"“{one}”" for one in sorted(options)), "skus": ", ".join(lacking[:5]) or "-"}


def problems(local: Local, parts: frozenset[str]) -> list[tuple[str, Words]]:
    """What Shopify would refuse, as codes with the reason in words, before anything is sent."""
    found: list[tuple[str, Words]] = []
    if not local.title.strip():
        found.append(("no_title", _lt("It has no title.")))
    if len(local.title) > 255:
        words = _lt("Its title has %(length)s characters; Shopify takes 255.", length=len(local.title))
        found.append(("long_title", words))
    if not local.variants:
        found.append(("no_variant", _lt("It has no variant.")))
    if len(local.variants) > 2048:
        words = _lt("It has %(count)s variants; Shopify takes 2,048.", count=len(local.variants))
        found.append(("many_variants", words))
    names = {tuple(name for name, _value in option_pairs(one)) for one in local.variants}
    if len(names) > 1:
        words = _lt(
            "Not all of its variants have the option %(options)s: %(skus)s lack it. Add the option in Shopify, where each "
            "variant gets a value, and get the product again; or prepare it anew with the same attributes for all variants. "
            "Nothing was sent.",
            **_mixed(local, names),
        )
        found.append(("mixed_options", words))
    if any(len(one) > 3 for one in names):
        words = _lt("It has %(count)s options; Shopify takes 3.", count=max(len(one) for one in names))
        found.append(("many_options", words))
    seen: dict[tuple[tuple[str, str], ...], LocalVariant] = {}
    for variant in local.variants:
        other = seen.setdefault(option_pairs(variant), variant)
        if other is not variant:
            words = _lt(
                "Variants %(one)s and %(other)s have the same option values.",
                one=variant.sku or "-",
                other=other.sku or "-",
            )
            found.append(("same_options", words))
        if "price" in parts and variant.price is not None and variant.price < 0:
            found.append(("negative_price", _lt("Variant %(sku)s has a negative price.", sku=variant.sku or "-")))
    return found
