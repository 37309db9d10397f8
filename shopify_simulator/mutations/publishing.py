"""publishablePublish, publishableUnpublish, metafieldsSet and priceListFixedPricesAdd."""

from __future__ import annotations

import hashlib

from ..errors import ShopifyError
from ..events import product_input as events
from ..ids import parse_gid
from ..resolvers.common import app_namespace, number_of
from ..resolvers.lookup import find_node
from ..resolvers.products import product_by_number
from ..resolvers.registry import aliases, resolver
from ..resolvers.storefront import price_of
from ..values import decimal
from .metafield_values import check
from .problems import Wrong, answering

MAX_METAFIELDS = 25
_OWNERS = {"Product": "PRODUCT", "ProductVariant": "PRODUCTVARIANT", "Customer": "CUSTOMER", "Order": "ORDER"}


def _channels(info, id, input):  # noqa: A002 - argument names are Shopify's
    store = info.context.store
    product = product_by_number(store, number_of(id, "Product"))
    if product is None:
        raise Wrong("Publishable does not exist", "id")
    numbers = []
    for index, one in enumerate(input):
        number = number_of(one["publicationId"], "Publication")
        if store.storefront.publication(number) is None:
            raise Wrong("Publication does not exist or is not publishable", "input", index, "publicationId")
        numbers.append(number)
    return product, numbers, store.clock.now()


@resolver("Mutation.publishablePublish")
@answering("publishable")
def publish(_root, info, id, input):  # noqa: A002 - argument names are Shopify's
    """Put a product into sales channels."""
    product, numbers, at = _channels(info, id, input)
    for number in numbers:
        info.context.store.storefront.show(product, number, True, at)
    return {"publishable": product, "shop": info.context.store.shop}


@resolver("Mutation.publishableUnpublish")
@answering("publishable")
def unpublish(_root, info, id, input):  # noqa: A002 - argument names are Shopify's
    """Take a product out of sales channels."""
    product, numbers, at = _channels(info, id, input)
    for number in numbers:
        info.context.store.storefront.show(product, number, False, at)
    return {"publishable": product, "shop": info.context.store.shop}


def digest_of(one) -> str:
    """What changes with a metafield's value: its compare digest."""
    return hashlib.sha256(f"{one.type}\0{one.value}".encode()).hexdigest()


aliases({"Metafield.compareDigest": digest_of})


@resolver("Mutation.metafieldsSet")
@answering("metafields")
def metafields_set(_root, info, metafields):
    """Set up to 25 metafields of any owners: all or none. A stale compare digest refuses all."""
    if len(metafields) > MAX_METAFIELDS:
        text = f"Exceeded the maximum metafields input limit of {MAX_METAFIELDS}."
        raise Wrong(text, "metafields", code="LESS_THAN_OR_EQUAL_TO")
    store, planned = info.context.store, []
    for index, one in enumerate(metafields):
        parsed = parse_gid(one["ownerId"])
        if parsed is None or parsed[0] not in _OWNERS:
            raise ShopifyError(f"Invalid global id '{one['ownerId']}'", "INVALID_ID")
        where = ("metafields", index)
        owner = find_node(info.context, *parsed)
        if owner is None:
            raise Wrong("Owner does not exist.", *where, "ownerId", code="INVALID")
        namespace, kind = app_namespace(one.get("namespace")), _OWNERS[parsed[0]]
        present = next(
            (have for have in owner.metafields if (have.namespace, have.key) == (namespace, one["key"])), None
        )
        defined = store.storefront.definitions.get((kind, namespace, one["key"]))
        type_name = one.get("type") or defined or (present.type if present else None)
        check(type_name, defined, one["value"], where)
        if "compareDigest" in one and one["compareDigest"] != (digest_of(present) if present else None):
            text = "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."
            raise Wrong(text, *where, code="STALE_OBJECT")
        planned.append((owner, kind, namespace, one["key"], type_name, one["value"]))
    return {"metafields": [events.set_metafield(store, *values, store.clock.now()) for values in planned]}


@resolver("Mutation.priceListFixedPricesAdd")
@answering("prices")
def fixed_prices(_root, info, priceListId, prices):
    """Fix prices of a market: all or none."""
    store = info.context.store
    one = store.storefront.price_list(number_of(priceListId, "PriceList"))
    if one is None:
        raise Wrong("Price list does not exist.", "priceListId", code="PRICE_LIST_NOT_FOUND")
    planned = []
    for index, given in enumerate(prices):
        where = ("prices", index)
        variant = store.variant_by_id(number_of(given["variantId"], "ProductVariant"))
        if variant is None:
            raise Wrong("The product variant is not found.", *where, "variantId", code="VARIANT_NOT_FOUND")
        amounts = [given["price"], given.get("compareAtPrice")]
        if any(money and money["currencyCode"] != one.currency for money in amounts):
            text = "The specified currency does not match the price list's currency."
            raise Wrong(text, *where, "price", "currencyCode", code="PRICE_LIST_CURRENCY_MISMATCH")
        planned.append((variant, *(decimal(money["amount"]) if money else None for money in amounts)))
    for variant, price, compare in planned:
        one.fixed[variant.id] = (price, compare)
    return {"prices": [price_of(one, variant) for variant, _price, _compare in planned]}
