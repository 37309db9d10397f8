"""productSet, productCreate, productUpdate and productOptionsCreate."""

from __future__ import annotations

from ..errors import ShopifyError
from ..events import product_input as events
from ..resolvers.common import number_of
from ..resolvers.media import collection_by_number
from ..resolvers.products import product_by_number
from ..resolvers.registry import resolver
from . import product_input as read
from .problems import Wrong, answering

_DEFAULT = [("Title", ["Default Title"])]


@resolver("Mutation.productSet")
@answering("product", "product_set_operation")
def product_set(_root, info, input, identifier=None, synchronous=True):  # noqa: A002 - argument name is Shopify's
    """Make a product as a whole. Lists of a known product are replaced: what is not listed is deleted."""
    if not synchronous:
        raise ShopifyError("The simulated store does not run productSet asynchronously", "NOT_SIMULATED")
    store, at = info.context.store, info.context.store.clock.now()
    product = _identified(store, input, identifier)
    changes = read.product_changes(store, input, product, ("input",))
    _check_alts(input.get("files"), "input", "files")
    options = read.options(input["productOptions"], ("input", "productOptions")) if "productOptions" in input else None
    if options is None and product is None and any(_names_options(one) for one in input.get("variants") or []):
        text = "Product options input is required when updating variants"
        raise Wrong(text, "input", "productOptions", code="PRODUCT_OPTIONS_INPUT_MISSING")
    if options and product is None and not input.get("variants"):
        raise Wrong("Variants input is required", "input", "variants", code="VARIANTS_INPUT_MISSING")
    _check_variants(info, input, options)
    read.set_metafields(info, "Product", input.get("metafields"), ("input", "metafields"), test_only=True)
    collections = _manual_collections(store, input.get("collections") or [], "collections")
    known = product is not None
    if product is None:
        product = events.make(store, changes["title"], at, changes.get("handle"))
        product.options = [(name, list(values)) for name, values in options or _DEFAULT]
    elif options is not None:
        product.options = [(name, list(values)) for name, values in options]
    events.change(product, at, **changes)
    _place_variants(info, product, input.get("variants"), at)
    _place_files(store, product, input.get("files"), at)
    read.set_metafields(info, product, input.get("metafields"), ("input", "metafields"))
    if "collections" in input:
        _set_collections(store, product, collections)
    store.tell_product(product, "UPDATE" if known else "CREATE")
    return {"product": product, "product_set_operation": None}


def _identified(store, given: dict, identifier: dict | None):
    wanted = identifier or ({"id": given["id"]} if given.get("id") else {})
    if "handle" in wanted:
        return next((one for one in store.products if one.handle == wanted["handle"]), None)
    if "id" not in wanted:
        return None
    found = product_by_number(store, number_of(wanted["id"], "Product"))
    if found is None:
        raise Wrong("Product does not exist", "input", "id", code="PRODUCT_DOES_NOT_EXIST")
    return found


def _check_alts(given: list[dict] | None, *where: str) -> None:
    for index, one in enumerate(given or []):
        read.alt_text(one, *where, index)


def _names_options(variant: dict) -> bool:
    return any(one.get("optionName") != "Title" for one in variant.get("optionValues") or [])


def _check_variants(info, given: dict, options) -> None:
    variants = given.get("variants") or []
    if len(variants) > read.MAX_VARIANTS:
        text = f"Variants cannot exceed {read.MAX_VARIANTS}"
        raise Wrong(text, "input", "variants", code="VARIANTS_OVER_LIMIT")
    names = [name for name, _values in options or _DEFAULT]
    seen = set()
    for index, one in enumerate(variants):
        where = ("input", "variants", index)
        read.variant_changes(one, where)
        read.set_metafields(info, "ProductVariant", one.get("metafields"), (*where, "metafields"), test_only=True)
        key = tuple(sorted((pair.get("optionName"), pair.get("name")) for pair in one["optionValues"]))
        if options is not None and {name for name, _value in key} != set(names):
            raise Wrong("Option does not exist", *where, "optionValues", code="OPTION_DOES_NOT_EXIST")
        if key in seen:
            title = " / ".join(value for _name, value in key)
            raise Wrong(f"The variant '{title}' already exists.", *where, code="INVALID_VARIANT")
        seen.add(key)


def _place_variants(info, product, given: list[dict] | None, at) -> None:
    store = info.context.store
    if given is None:
        if not product.variants:
            events.add_variant(store, product, [("Title", "Default Title")], at)
        return
    kept = []
    for index, one in enumerate(given):
        where = ("input", "variants", index)
        pairs = read.selected(product, one["optionValues"], where, create_values=True)
        number = number_of(one["id"], "ProductVariant") if one.get("id") else None
        variant = next((known for known in product.variants if known.id == number or known.selected == pairs), None)
        variant = variant or events.add_variant(store, product, pairs, at)
        events.change_variant(store, variant, at, **{"sku": variant.sku, **read.variant_changes(one, where)})
        read.set_metafields(info, variant, one.get("metafields"), (*where, "metafields"))
        if one.get("file"):
            media = _file(store, one["file"], at)
            events.attach(product, media, at)
            variant.media = [media]
        stock(store, variant, one.get("inventoryQuantities") or [], at)
        kept.append(variant)
    for variant in [one for one in product.variants if one not in kept]:
        events.remove_variant(store, variant, at)


def stock(store, variant, given: list[dict], at) -> None:
    """Stock of a new variant: at each location named."""
    from ..generate.catalogue import level_of

    for one in given:
        units = one.get("quantity", one.get("availableQuantity"))
        location = store.location(one["locationId"])
        variant.inventory_item.levels.append(level_of(store, variant.inventory_item, location, units, at))


def _place_files(store, product, given: list[dict] | None, at) -> None:
    if given is None:
        return
    variants = [media for variant in product.variants for media in variant.media]
    listed = [_file(store, one, at) for one in given]
    product.media = listed + [one for one in product.media if one in variants and one not in listed]


def _file(store, given: dict, at):
    if given.get("id"):
        media = store.storefront.files.get(number_of(given["id"], "MediaImage"))
        if media is None:
            raise Wrong("File does not exist", "input", "files", code="INVALID_INPUT")
        media.alt = given.get("alt", media.alt)
        return media
    source = given["originalSource"]
    return store.storefront.take_picture(source, given.get("alt") or "", at)


def _manual_collections(store, ids: list[str], field: str) -> list:
    found = []
    for one in ids:
        collection = collection_by_number(store, number_of(one, "Collection"))
        if collection is None:
            raise Wrong("Collection does not exist", "input", field, code="INVALID_INPUT")
        if collection.automated:
            raise Wrong(
                "Can't manually add or remove products of a smart collection", "input", field, code="INVALID_INPUT"
            )
        found.append(collection)
    return found


def _set_collections(store, product, wanted: list) -> None:
    for one in store.collections:
        if one in wanted:
            _join(product, one)
        elif not one.automated:
            _leave(product, one)


def _join(product, collection) -> None:
    if collection not in product.collections:
        product.collections.append(collection)
        collection.products.append(product)


def _leave(product, collection) -> None:
    if collection in product.collections:
        product.collections.remove(collection)
        collection.products.remove(product)


@resolver("Mutation.productCreate")
@answering("product")
def product_create(_root, info, product=None, input=None, media=None):  # noqa: A002 - argument name is Shopify's
    """Make a product with its first variant."""
    given, store, at = product or input, info.context.store, info.context.store.clock.now()
    changes = read.product_changes(store, given, None, ("product",))
    _check_alts(media, "media")
    options = read.options(given.get("productOptions") or [], ("product", "productOptions")) or _DEFAULT
    read.set_metafields(info, "Product", given.get("metafields"), ("product", "metafields"), test_only=True)
    join = _manual_collections(store, given.get("collectionsToJoin") or [], "collectionsToJoin")
    made = events.make(store, changes["title"], at, changes.get("handle"))
    made.options = [(name, list(values)) for name, values in options]
    events.change(made, at, **changes)
    events.add_variant(store, made, [(name, values[0]) for name, values in options], at)
    read.set_metafields(info, made, given.get("metafields"), ("product", "metafields"))
    for one in join:
        _join(made, one)
    add_media(store, made, media, at)
    store.tell_product(made, "CREATE")
    return {"product": made, "shop": store.shop}


@resolver("Mutation.productUpdate")
@answering("product")
def product_update(_root, info, product=None, input=None, identifier=None, media=None):  # noqa: A002
    """Change a product; fields that are left out stay as they are."""
    given, store, at = product or input or {}, info.context.store, info.context.store.clock.now()
    wanted = (identifier or {}).get("id") or given.get("id")
    found = product_by_number(store, number_of(wanted, "Product")) if wanted else None
    if found is None:
        raise Wrong("Product does not exist", "id")
    changes = read.product_changes(store, given, found, ("product",))
    _check_alts(media, "media")
    read.set_metafields(info, found, given.get("metafields"), ("product", "metafields"), test_only=True)
    join = _manual_collections(store, given.get("collectionsToJoin") or [], "collectionsToJoin")
    leave = _manual_collections(store, given.get("collectionsToLeave") or [], "collectionsToLeave")
    if given.get("redirectNewHandle") and changes.get("handle", found.handle) != found.handle:
        store.storefront.redirects[found.handle] = changes["handle"]
    events.change(found, at, **changes)
    read.set_metafields(info, found, given.get("metafields"), ("product", "metafields"))
    for one in join:
        _join(found, one)
    for one in leave:
        _leave(found, one)
    add_media(store, found, media, at)
    store.tell_product(found, "UPDATE")
    return {"product": found}


def add_media(store, product, given: list[dict] | None, at) -> list:
    """Pictures at the end of the gallery."""
    made = [store.storefront.take_picture(one["originalSource"], one.get("alt") or "", at) for one in given or []]
    for media in made:
        events.attach(product, media, at)
    return made


@resolver("Mutation.productOptionsCreate")
@answering("product")
def options_create(_root, info, productId, options, variantStrategy=None):
    """Further options; variants that exist take the first value."""
    store, at = info.context.store, info.context.store.clock.now()
    product = product_by_number(store, number_of(productId, "Product"))
    if product is None:
        raise Wrong("Product does not exist", "productId", code="PRODUCT_DOES_NOT_EXIST")
    known = [] if product.options == _DEFAULT else product.options
    if len(known) + len(options) > read.MAX_OPTIONS:
        raise Wrong(f"Can't have more than {read.MAX_OPTIONS} options", "options", code="OPTIONS_OVER_LIMIT")
    made = read.options(options, ("options",))
    if {name for name, _values in made} & {name for name, _values in known}:
        raise Wrong("Option already exists", "options", code="OPTION_ALREADY_EXISTS")
    product.options = [*known, *((name, list(values)) for name, values in made)]
    for variant in product.variants:
        kept = [pair for pair in variant.selected if pair[0] != "Title" or known]
        variant.selected = kept + [(name, values[0]) for name, values in made]
        variant.title = " / ".join(value for _name, value in variant.selected)
    events.change(product, at)
    return {"product": product}
