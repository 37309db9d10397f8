"""How fields get their values: a small table of own resolvers; all else is read from the record by the field's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from graphql import FieldNode, GraphQLResolveInfo, GraphQLSchema, get_named_type, is_object_type

from ..connections import Page, page_of_list
from ..errors import ShopifyError, access_denied
from ..ids import gid
from ..schema import snake
from ..store import Store

Resolver = Callable[..., object]
_TABLE: dict[str, Resolver] = {}


@dataclass(slots=True)
class Context:
    """One request: the store, what the token may see, and what was found on the way. ``bulk``: connections give all."""

    store: Store
    granted: frozenset[str]
    app: object
    denied: dict[tuple[str, str], str] = field(default_factory=dict)
    hidden: frozenset[tuple[str, str]] = frozenset()
    sizes: dict[FieldNode, int] = field(default_factory=dict)
    search_warnings: list[dict] = field(default_factory=list)
    bulk: bool = False


def resolver(*names: str) -> Callable[[Resolver], Resolver]:
    """Register a function ``(source, info, **args)`` for fields named "Type.field"."""

    def register(function: Resolver) -> Resolver:
        for name in names:
            _TABLE[name] = function
        return function

    return register


def constants(values: dict[str, object]) -> None:
    """Register fields that always have one value here."""
    for name, value in values.items():
        _TABLE[name] = lambda _source, _info, _value=value, **_args: _value


def aliases(values: dict[str, Callable[[object], object]]) -> None:
    """Register fields that are a function of the record alone."""
    for name, read in values.items():
        _TABLE[name] = lambda source, _info, _read=read, **_args: _read(source)


def install(schema: GraphQLSchema) -> None:
    """Hang the resolvers on the schema's fields; a name that the schema does not know is an error of ours."""
    for name, function in _TABLE.items():
        type_name, field_name = name.split(".")
        schema.type_map[type_name].fields[field_name].resolve = function
    for kind in schema.type_map.values():
        if is_object_type(kind) and not kind.name.startswith("__"):
            for one in kind.fields.values():
                if get_named_type(one.type).name.endswith("Connection"):
                    one.resolve = _paged(one.resolve or read)
    for name, serialize in _SCALARS.items():
        schema.type_map[name].serialize = serialize


def read(source: object, info: GraphQLResolveInfo, **_args: object) -> object:
    """The value of a field from its record: its attribute; ``id`` and ``legacyResourceId`` from the record's number."""
    name = info.field_name
    if name == "id":
        return gid(source.typename, source.id)
    if name == "legacyResourceId":
        return source.id
    try:
        return getattr(source, snake(name))
    except AttributeError as error:
        where = f"{info.parent_type.name}.{name}"
        raise ShopifyError(f"The simulated store does not know {where}", "NOT_SIMULATED") from error


def type_of(value: object, _info: GraphQLResolveInfo, _kind: object) -> str:
    """Concrete type of a record behind an interface or union."""
    return value.typename


def guard(next_: Resolver, source: object, info: GraphQLResolveInfo, **args: object) -> object:
    """Middleware for tokens that may not see everything: refuses fields whose scope is missing, hides personal data."""
    where = (info.parent_type.name, info.field_name)
    needed = info.context.denied.get(where)
    if needed is not None:
        raise access_denied(info.field_name, needed)
    if where in info.context.hidden:
        return None
    return next_(source, info, **args)


def _paged(function: Resolver) -> Resolver:
    """A resolver that may give a list for a connection, made to give a page of it."""

    def paged(source: object, info: GraphQLResolveInfo, **args: object) -> object:
        found = function(source, info, **args)
        if found is None:
            return None
        if info.context.bulk and not isinstance(found, Page):
            return Page(found, [{}] * len(found), False, False)
        page = found if isinstance(found, Page) else page_of_list(found, args)
        sizes = info.context.sizes
        for node in info.field_nodes:
            sizes[node] = max(sizes.get(node, 0), len(page.nodes))
        return page

    return paged


def _iso(value: datetime | str) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def _plain_decimal(value: Decimal | str | int) -> str:
    """Shopify's way of writing decimals: at least one digit after the point, no further zeros (``12.0``, ``9.99``)."""
    text = format(Decimal(value).normalize(), "f")
    return text if "." in text else f"{text}.0"


def _money(value: Decimal | str) -> str:
    """The old scalar ``Money``: always two digits or more after the point."""
    number = Decimal(value)
    return format(number if number.as_tuple().exponent <= -2 else number.quantize(Decimal("0.01")), "f")


_SCALARS = {
    "DateTime": _iso,
    "Decimal": _plain_decimal,
    "Money": _money,
    "UnsignedInt64": str,
    "BigInt": str,
    "Float": float,
    "ShopifyPaymentsTransactionType": str,
}
