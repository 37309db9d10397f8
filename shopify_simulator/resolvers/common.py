"""Fields that many records share: money, addresses, attributes, metafields, counts, nodes."""

from __future__ import annotations

from decimal import Decimal

from graphql import GraphQLResolveInfo

from ..errors import ShopifyError, access_denied
from ..ids import parse_gid
from ..scopes import access_table
from .registry import aliases, constants, resolver

MAX_IDS = 250


class MoneyV2:
    """An amount in one currency."""

    __slots__ = ("amount", "currency_code")
    typename = "MoneyV2"

    def __init__(self, amount: Decimal, currency_code: str):
        self.amount = amount
        self.currency_code = currency_code


class Count:
    """A count that may stop at a limit."""

    __slots__ = ("count", "precision")

    def __init__(self, count: int, limit: int | None = None):
        over = limit is not None and count > limit
        self.count = limit if over else count
        self.precision = "AT_LEAST" if over else "EXACT"


class Attribute:
    """A key with its value."""

    __slots__ = ("key", "value")

    def __init__(self, key: str, value: str | None):
        self.key = key
        self.value = value


class Weight:
    """A weight in the unit of the shop."""

    __slots__ = ("unit", "value")

    def __init__(self, grams: int, unit: str = "KILOGRAMS"):
        self.unit = unit
        self.value = grams / 1000 if unit == "KILOGRAMS" else float(grams)


class Box:
    """A record of a few values with no life of its own."""

    def __init__(self, typename: str = "", **values: object):
        self.typename = typename
        self.__dict__.update(values)


def image(name: str) -> Box:
    """A picture that exists nowhere."""
    url = f"https://cdn.example.com/{name.lower().replace(' ', '-')}.png"
    return Box("Image", id=None, url=url, alt_text=name, width=64, height=64, thumbhash=None)


def attributes(pairs) -> list[Attribute]:
    """Attributes of key and value pairs."""
    return [Attribute(key, value) for key, value in pairs]


def count_of(number: int, limit: int | None = 10_000) -> Count:
    """A count with Shopify's usual limit."""
    return Count(number, limit)


def require_type(info: GraphQLResolveInfo, typename: str) -> None:
    """Refuse a record of a type whose scope is missing, for fields that return any type (``node``)."""
    needed = access_table(info.context.app.api_version).types.get(typename)
    if needed is not None and not needed.met(info.context.granted):
        raise access_denied(info.field_name, needed.text)


def number_of(text: str, *typenames: str) -> int:
    """The number of a gid argument; Shopify's error for an id that is none, or of another type."""
    parsed = parse_gid(text)
    if parsed is None or parsed[0] not in typenames:
        raise ShopifyError(f"Invalid global id '{text}'", "INVALID_ID")
    return parsed[1]


aliases(
    {
        "MoneyBag.shopMoney": lambda bag: MoneyV2(bag.shop, bag.pair.shop),
        "MoneyBag.presentmentMoney": lambda bag: MoneyV2(bag.presentment, bag.pair.presentment),
        "MailingAddress.formattedArea": lambda one: ", ".join(part for part in (one.city, one.country) if part) or None,
        "MailingAddress.countryCode": lambda one: one.country_code,
        "Metafield.jsonValue": lambda one: one.value,
        "Metafield.sizeInBytes": lambda one: len(one.value.encode()),
    }
)
constants(
    {
        "MailingAddress.coordinatesValidated": False,
        "MailingAddress.latitude": None,
        "MailingAddress.longitude": None,
        "MailingAddress.timeZone": None,
        "MailingAddress.validationResultSummary": "NO_ISSUES",
        "Metafield.definition": None,
        "Metafield.reference": None,
        "Metafield.references": None,
    }
)


@resolver("MailingAddress.formatted")
def formatted_address(one, _info, withName=False, withCompany=True):
    lines = [one.name if withName else None, one.company if withCompany else None, one.address1, one.address2]
    lines += [" ".join(part for part in (one.zip, one.city, one.province_code) if part) or None, one.country]
    return [line for line in lines if line]


def app_namespace(namespace: str | None) -> str:
    """A namespace as it is stored: that of the app (``$app``, or none given) written out."""
    if namespace is None or namespace == "$app":
        return "app--210000000001"
    if namespace.startswith("$app:"):
        return f"app--210000000001--{namespace.removeprefix('$app:')}"
    return namespace


@resolver("Order.metafields", "Customer.metafields", "Product.metafields", "ProductVariant.metafields")
def metafields(source, _info, namespace=None, keys=None, **_args):
    """Metafields, of a namespace or of full keys ("custom.gift") only."""
    return [
        one
        for one in source.metafields
        if (namespace is None or one.namespace == app_namespace(namespace))
        and (not keys or f"{one.namespace}.{one.key}" in keys or one.key in keys)
    ]


@resolver("Order.metafield", "Customer.metafield", "Product.metafield", "ProductVariant.metafield")
def metafield(source, _info, key, namespace=None):
    """One metafield; ``key`` may hold the namespace ("custom.gift")."""
    wanted = key if namespace is None else f"{app_namespace(namespace)}.{key}"
    return next((one for one in source.metafields if f"{one.namespace}.{one.key}" == wanted), None)


@resolver("QueryRoot.nodes")
def nodes(_root, info, ids):
    if len(ids) > MAX_IDS:
        raise ShopifyError(
            f"The input array size of {len(ids)} is greater than the maximum allowed of {MAX_IDS}.",
            "MAX_INPUT_SIZE_EXCEEDED",
        )
    return [node(None, info, one) for one in ids]


@resolver("QueryRoot.node")
def node(_root, info, id):  # noqa: A002 - argument name is Shopify's
    """Any record by its gid; null when there is none."""
    from .lookup import find_node

    parsed = parse_gid(id)
    if parsed is None:
        raise ShopifyError(f"Invalid global id '{id}'", "INVALID_ID")
    require_type(info, parsed[0])
    return find_node(info.context, *parsed)
