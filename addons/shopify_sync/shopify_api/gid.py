"""Shopify's ids: `gid://shopify/Order/123` and the number in it, and what people type to name orders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

_GID = re.compile(r"gid://shopify/([A-Za-z]+)/([0-9]+)(?:\?[^\s]*)?", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_ADMIN_ORDER = re.compile(r"(?:https?://)?[^/\s]+/(?:store/[^/]+|admin)/orders/([0-9]+)(?:[./?#].*)?", re.ASCII)
_PRODUCT_LINK = re.compile(
    r"(?:https?://)?[^/\s]+(?:/store/[^/]+|/admin|/collections/[^/]+)?/products/([^/?#\s]+)(?:[/?#].*)?", re.ASCII
)

_ADMIN_CUSTOMER = re.compile(r"(?:https?://)?[^/\s]+/(?:store/[^/]+|admin)/customers/([0-9]+)(?:[./?#].*)?", re.ASCII)

# Shopify's order ids have 12 digits or more, those of its first years 8 or 9; order numbers stay far below.
_SHORTEST_ID = 10


def parse_gid(gid: str) -> tuple[str, str]:
    """Return ('Order', '123') for 'gid://shopify/Order/123'. Raises ValueError for anything else."""
    match = _GID.fullmatch(gid)
    if not match:
        raise ValueError(f"not an id of Shopify: {gid!r}")
    return match[1], match[2]


def legacy_id(gid: str) -> str:
    """Return the number of an id as text: '123' for 'gid://shopify/Order/123' and for '123'. Raises ValueError."""
    return gid if _DIGITS.fullmatch(gid) else parse_gid(gid)[1]


def gid(kind: str, number: str | int) -> str:
    """Return 'gid://shopify/Order/123' for ('Order', 123). Raises ValueError when there is no number."""
    if not _DIGITS.fullmatch(str(number)):
        raise ValueError(f"not the number of an id of Shopify: {number!r}")
    return f"gid://shopify/{kind}/{number}"


@dataclass(frozen=True)
class ProductToken:
    """One product as a person named it.

    kind 'id': `value` is the number of the id. kind 'handle': the last part of its address in the store. kind 'unknown':
    it names no product. `text` is what was typed.
    """

    kind: Literal["id", "handle", "unknown"]
    value: str
    text: str


def parse_product_tokens(text: str) -> list[ProductToken]:
    """Read product ids, gids, links of the admin or the store, and handles, separated by comma, semicolon, space or line.

    Each product is returned once, at its first place.
    """
    tokens = (_product_token(word) for word in re.split(r"[\s,;]+", text) if word)
    return list(_first_of_each(tokens))


def _product_token(word: str) -> ProductToken:
    if _DIGITS.fullmatch(word):
        return ProductToken("id", word, word)
    if match := _GID.fullmatch(word):
        return ProductToken("id", match[2], word) if match[1] == "Product" else ProductToken("unknown", "", word)
    if match := _PRODUCT_LINK.fullmatch(word):
        kind = "id" if _DIGITS.fullmatch(match[1]) else "handle"
        return ProductToken(kind, match[1], word)
    return ProductToken("unknown", "", word) if "/" in word else ProductToken("handle", word.lower(), word)


@dataclass(frozen=True)
class OrderToken:
    """One order as a person named it.

    kind 'id': `value` is the number of the id. kind 'name': `value` is the order's name with its prefix, '#1001'.
    kind 'unknown': it names no order (a link to a product, say). `text` is what was typed.
    """

    kind: Literal["id", "name", "unknown"]
    value: str
    text: str


@dataclass(frozen=True)
class CustomerToken:
    """One customer as a person named him: by id, by e-mail, or by what names no customer; `text` is what was typed."""

    kind: Literal["id", "email", "unknown"]
    value: str
    text: str


Token = TypeVar("Token", OrderToken, CustomerToken, ProductToken)


def parse_order_tokens(text: str, prefix: str = "#", suffix: str = "") -> list[OrderToken]:
    """Read order ids, gids, admin links and names, separated by comma, semicolon, space or line.

    A bare number with 10 digits or more is an id, a shorter one an order number, which becomes a name with the
    store's prefix and suffix (`Shop.orderNumberFormatPrefix`, `...Suffix`). Anything else that is not a link is a name
    as it stands. An order named twice in the same way is returned once, at its first place.
    """
    tokens = (_order_token(word, prefix, suffix) for word in re.split(r"[\s,;]+", text) if word)
    return list(_first_of_each(tokens))


def parse_customer_tokens(text: str) -> list[CustomerToken]:
    """Read customer ids, gids, admin links and e-mail addresses, separated by comma, semicolon, space or line, each once."""
    return list(_first_of_each(_customer_token(word) for word in re.split(r"[\s,;]+", text) if word))


def _customer_token(word: str) -> CustomerToken:
    if _DIGITS.fullmatch(word):
        return CustomerToken("id", word, word)
    if match := _GID.fullmatch(word):
        return CustomerToken("id", match[2], word) if match[1] == "Customer" else CustomerToken("unknown", "", word)
    if match := _ADMIN_CUSTOMER.fullmatch(word):
        return CustomerToken("id", match[1], word)
    if "@" in word and "/" not in word:
        return CustomerToken("email", word.lower(), word)
    return CustomerToken("unknown", "", word)


def _order_token(word: str, prefix: str, suffix: str) -> OrderToken:
    if _DIGITS.fullmatch(word):
        if len(word) >= _SHORTEST_ID:
            return OrderToken("id", word, word)
        return OrderToken("name", f"{prefix}{word}{suffix}", word)
    if match := _GID.fullmatch(word):
        return OrderToken("id", match[2], word) if match[1] == "Order" else OrderToken("unknown", "", word)
    if match := _ADMIN_ORDER.fullmatch(word):
        return OrderToken("id", match[1], word)
    if "/" in word:
        return OrderToken("unknown", "", word)
    return OrderToken("name", word, word)


def _first_of_each(tokens: Iterable[Token]) -> Iterable[Token]:
    seen = set()
    for token in tokens:
        key = (token.kind, token.value or token.text)
        if key not in seen:
            seen.add(key)
            yield token
