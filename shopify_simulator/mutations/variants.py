"""productVariantsBulkCreate, -Update and -Delete, productVariantAppendMedia and -DetachMedia."""

from __future__ import annotations

from ..events import product_input as events
from ..resolvers.common import number_of
from ..resolvers.products import product_by_number
from ..resolvers.registry import resolver
from . import product_input as read
from .problems import Wrong, answering
from .products import add_media, stock

_PAYLOAD = ("product", "product_variants")


def _product(info, gid: str):
    found = product_by_number(info.context.store, number_of(gid, "Product"))
    if found is None:
        raise Wrong("Product does not exist", "productId", code="PRODUCT_DOES_NOT_EXIST")
    return found


@resolver("Mutation.productVariantsBulkCreate")
@answering(*_PAYLOAD)
def variants_create(_root, info, productId, variants, media=None, strategy="DEFAULT"):
    """Further variants; all or none."""
    store, at = info.context.store, info.context.store.clock.now()
    product = _product(info, productId)
    standalone = product.variants[0] if [one.title for one in product.variants] == ["Default Title"] else None
    drop = standalone is not None and strategy in ("DEFAULT", "REMOVE_STANDALONE_VARIANT")
    if len(product.variants) - drop + len(variants) > read.MAX_VARIANTS:
        raise Wrong(f"Variants cannot exceed {read.MAX_VARIANTS}", "variants", code="INVALID_INPUT")
    planned = []
    for index, one in enumerate(variants):
        where = ("variants", index)
        pairs = read.selected(product, one.get("optionValues"), where, create_values=True)
        read.free_combination(product, pairs, standalone if drop else None, where)
        if any(pairs == other for other, _changes in planned):
            raise Wrong("The variant already exists.", *where, code="VARIANT_ALREADY_EXISTS")
        read.set_metafields(info, "ProductVariant", one.get("metafields"), (*where, "metafields"), test_only=True)
        planned.append((pairs, read.variant_changes(one, where)))
    if drop:
        events.remove_variant(store, standalone, at)
    made = []
    for one, (pairs, changes) in zip(variants, planned, strict=True):
        variant = events.add_variant(store, product, pairs, at)
        events.change_variant(store, variant, at, **changes)
        read.set_metafields(info, variant, one.get("metafields"), ("variants",))
        stock(store, variant, one.get("inventoryQuantities") or [], at)
        made.append(variant)
    _pictures(store, product, variants, made, media, at)
    store.tell_product(product, "UPDATE")
    return {"product": product, "product_variants": made}


@resolver("Mutation.productVariantsBulkUpdate")
@answering(*_PAYLOAD)
def variants_update(_root, info, productId, variants, media=None, allowPartialUpdates=False):
    """Change variants of one product: all or none, unless partial updates are allowed."""
    store, at = info.context.store, info.context.store.clock.now()
    product = _product(info, productId)
    known = {one.id: one for one in product.variants}
    planned, problems = [], []
    for index, one in enumerate(variants):
        try:
            planned.append((one, *_planned(info, product, known, one, ("variants", index))))
        except Wrong as wrong:
            problems.append(wrong)
    if problems and not allowPartialUpdates:
        return {"product": product, "product_variants": None, "problems": problems}
    for one, variant, changes, pairs in planned:
        if pairs is not None:
            variant.selected = pairs
            variant.title = " / ".join(value for _name, value in pairs)
        events.change_variant(store, variant, at, **changes)
        read.set_metafields(info, variant, one.get("metafields"), ("variants",))
    changed = [variant for _one, variant, _changes, _pairs in planned]
    _pictures(store, product, [one for one, *_rest in planned], changed, media, at)
    store.tell_product(product, "UPDATE")
    return {"product": product, "product_variants": changed, "problems": problems}


def _planned(info, product, known: dict, one: dict, where: tuple) -> tuple:
    if not one.get("id"):
        raise Wrong("Product variant is missing ID attribute", *where, "id", code="PRODUCT_VARIANT_ID_MISSING")
    variant = known.get(number_of(one["id"], "ProductVariant"))
    if variant is None:
        raise Wrong("Product variant does not exist", *where, "id", code="PRODUCT_VARIANT_DOES_NOT_EXIST")
    if one.get("inventoryQuantities"):
        text = "Inventory quantities can only be provided during create."
        raise Wrong(text, *where, "inventoryQuantities", code="NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE")
    pairs = None
    if one.get("optionValues"):
        pairs = read.selected(product, one["optionValues"], where, create_values=True)
        read.free_combination(product, pairs, variant, where)
    read.set_metafields(info, variant, one.get("metafields"), (*where, "metafields"), test_only=True)
    return variant, read.variant_changes(one, where), pairs


def _pictures(store, product, given: list[dict], variants: list, media: list[dict] | None, at) -> None:
    added = {one.source: one for one in add_media(store, product, media, at)}
    for one, variant in zip(given, variants, strict=True):
        if one.get("mediaId"):
            variant.media = [store.storefront.files[number_of(one["mediaId"], "MediaImage")]]
        elif one.get("mediaSrc"):
            variant.media = [added[one["mediaSrc"][0]]]


@resolver("Mutation.productVariantsBulkDelete")
@answering("product")
def variants_delete(_root, info, productId, variantsIds):
    """Delete variants; a product keeps at least one."""
    store, product = info.context.store, _product(info, productId)
    numbers = {number_of(one, "ProductVariant") for one in variantsIds}
    gone = [one for one in product.variants if one.id in numbers]
    if len(gone) < len(numbers):
        text = "At least one variant does not belong to the product"
        raise Wrong(text, "variantsIds", code="AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT")
    if len(gone) == len(product.variants):
        raise Wrong("Can't delete the last variant of a product", "variantsIds", code="CANNOT_DELETE_LAST_VARIANT")
    for one in gone:
        events.remove_variant(store, one, store.clock.now())
    store.tell_product(product, "UPDATE")
    return {"product": product}


@resolver("Mutation.productVariantAppendMedia")
@answering(*_PAYLOAD)
def append_media(_root, info, productId, variantMedia):
    """Give variants one of their product's pictures."""
    product = _product(info, productId)
    known = {one.id: one for one in product.variants}
    changed = []
    for index, one in enumerate(variantMedia):
        where = ("variantMedia", index)
        variant = known.get(number_of(one["variantId"], "ProductVariant"))
        if variant is None:
            text = "Product variant does not exist on product"
            raise Wrong(text, *where, "variantId", code="PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT")
        if variant.media:
            raise Wrong("The variant already has media", *where, code="PRODUCT_VARIANT_ALREADY_HAS_MEDIA")
        number = number_of(one["mediaIds"][0], "MediaImage")
        media = next((picture for picture in product.media if picture.id == number), None)
        if media is None:
            raise Wrong("Media does not exist on product", *where, code="MEDIA_DOES_NOT_EXIST_ON_PRODUCT")
        if media.status != "READY":
            raise Wrong("Non-ready media cannot be attached to variants.", *where, code="NON_READY_MEDIA")
        variant.media = [media]
        changed.append(variant)
    return {"product": product, "product_variants": changed}


@resolver("Mutation.productVariantDetachMedia")
@answering(*_PAYLOAD)
def detach_media(_root, info, productId, variantMedia):
    """Take pictures off variants; they stay with the product."""
    product = _product(info, productId)
    known = {one.id: one for one in product.variants}
    planned = []
    for index, one in enumerate(variantMedia):
        where = ("variantMedia", index)
        variant = known.get(number_of(one["variantId"], "ProductVariant"))
        if variant is None:
            text = "Product variant does not exist on product"
            raise Wrong(text, *where, "variantId", code="PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT")
        numbers = {number_of(gid, "MediaImage") for gid in one["mediaIds"]}
        if numbers - {picture.id for picture in variant.media}:
            raise Wrong("The specified media is not attached to the specified variant", *where,
                        code="MEDIA_IS_NOT_ATTACHED_TO_VARIANT")  # fmt: skip
        planned.append((variant, numbers))
    for variant, numbers in planned:
        variant.media = [picture for picture in variant.media if picture.id not in numbers]
    return {"product": product, "product_variants": [variant for variant, _numbers in planned]}
