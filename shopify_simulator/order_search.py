"""Searching and paging orders by their headers; only fields that a header lacks make an order be built."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from . import search
from .book import Header
from .connections import Page, bad_cursor, page_size, parse_cursor
from .totals import totals

VISIBLE_DAYS = 60
"""Orders older than this are not there without the scope ``read_all_orders``."""

SORT_FIELDS = {
    "CREATED_AT": "created_at",
    "UPDATED_AT": "updated_at",
    "PROCESSED_AT": "processed_at",
    "ORDER_NUMBER": "number",
    "FINANCIAL_STATUS": "financial_status",
    "FULFILLMENT_STATUS": "fulfillment_status",
    "ID": "id",
    "RELEVANCE": "id",
}
"""Sort keys by header field; the others (amounts, names) are not simulated."""


def visible_since(store, granted: frozenset[str]) -> datetime | None:
    """Creation time from which orders are seen; None for all."""
    if "read_all_orders" in granted or "write_all_orders" in granted:
        return None
    return store.clock.now() - timedelta(days=VISIBLE_DAYS)


def order_fields(store) -> search.Fields:
    """Search fields of orders (a test gets a `Header`)."""
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    book = store.orders

    def built(read: Callable) -> Callable[[Header], object]:
        return lambda header: read(book.get(header.serial))

    def amount(name: str):
        return search.number_field(lambda header: float(totals(book.get(header.serial))[name].shop))

    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "name": _name_field(store),
            "status": search.choice_field(
                {
                    "open": lambda one: one.state == "open",
                    "closed": lambda one: one.state == "closed",
                    "cancelled": lambda one: one.state == "cancelled",
                    "not_closed": lambda one: one.state == "open",
                    "any": lambda one: True,
                }
            ),
            "financial_status": search.listed_field(lambda one: one.financial_status),
            "fulfillment_status": search.choice_field(_FULFILLMENT),
            "created_at": search.time_field(lambda one: one.created_at, **times),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
            "processed_at": search.time_field(lambda one: one.processed_at, **times),
            "tag": search.text_field(lambda one: one.tags),
            "tag_not": _negated(search.text_field(lambda one: one.tags)),
            "test": search.boolean_field(lambda one: one.test),
            "source_name": search.text_field(lambda one: one.source_name),
            "customer_id": search.number_field(lambda one: one.customer_id),
            "email": search.text_field(built(lambda order: order.email)),
            "gateway": search.text_field(built(lambda order: [one.gateway for one in order.transactions])),
            "sku": search.text_field(built(lambda order: [line.sku for line in order.lines])),
            "discount_code": search.text_field(
                built(lambda order: [one.title for one in order.discount_applications if one.kind == "code"])
            ),
            "po_number": search.text_field(built(lambda order: order.po_number)),
            "confirmation_number": search.text_field(built(lambda order: order.confirmation_number)),
            "source_identifier": search.text_field(built(lambda order: order.source_identifier)),
            "location_id": search.number_field(
                built(lambda order: order.retail_location.id if order.retail_location else None)
            ),
            "risk_level": search.text_field(built(lambda order: [one.risk_level for one in order.risk_assessments])),
            "current_total_price": amount("current_total_price"),
        },
        _free_text(store),
    )


_FULFILLMENT = {
    "unshipped": lambda one: one.fulfillment_status not in ("FULFILLED", "PARTIALLY_FULFILLED"),
    "unfulfilled": lambda one: one.fulfillment_status != "FULFILLED",
    "shipped": lambda one: one.fulfillment_status == "FULFILLED",
    "fulfilled": lambda one: one.fulfillment_status == "FULFILLED",
    "partial": lambda one: one.fulfillment_status == "PARTIALLY_FULFILLED",
    "scheduled": lambda one: one.fulfillment_status == "SCHEDULED",
    "on_hold": lambda one: one.fulfillment_status == "ON_HOLD",
    "request_declined": lambda one: one.fulfillment_status == "REQUEST_DECLINED",
}


def matching(context, query: str | None) -> Callable[[Header], bool]:
    """Test of headers for a query and for what the token may see; warnings go into the context."""
    test, warnings = search.compiled(query, order_fields(context.store))
    context.search_warnings += warnings
    since = visible_since(context.store, context.granted)
    if since is None:
        return test
    return lambda header: header.created_at >= since and test(header)


def page_of_orders(context, args: dict, extra: Callable[[Header], bool] | None = None) -> Page:
    """A page of orders. The cursor holds the sort value and the id: orders that come, go or move do not shift it."""
    book = context.store.orders
    size, from_end = page_size(args)
    key = SORT_FIELDS.get(args.get("sortKey") or "PROCESSED_AT", "id")
    test = matching(context, args.get("query"))
    rows = book.ordered(key)
    backwards = bool(args.get("reverse"))
    low, high = 0, len(rows)
    after, before = args.get("after"), args.get("before")
    if after:
        at, inside = _locate(book, key, after)
        low, high = (low, at - inside) if backwards else (at, high)
    if before:
        at, inside = _locate(book, key, before)
        low, high = (at, high) if backwards else (low, at - inside)
    downwards = backwards != from_end
    positions = range(high - 1, low - 1, -1) if downwards else range(low, high)
    chosen = []
    for position in positions:
        header = book.header(rows[position][2])
        if test(header) and (extra is None or extra(header)):
            chosen.append(position)
            if len(chosen) > size:
                break
    more = len(chosen) > size
    chosen = chosen[:size]
    if from_end:
        chosen.reverse()
    nodes = [book.get(rows[position][2]) for position in chosen]
    cursors = [{"last_id": rows[position][1], "last_value": _text(rows[position][0]), "by": key} for position in chosen]
    return Page(nodes, cursors, bool(before) if from_end else more, more if from_end else bool(after))


def _locate(book, key: str, text: str) -> tuple[int, int]:
    """Position right after a cursor's place, and 1 when its very row is still there."""
    found = parse_cursor(text)
    if found.get("by") != key or "last_id" not in found or "last_value" not in found:
        raise bad_cursor()
    value, number = _value(key, found["last_value"]), found["last_id"]
    at = book.after(key, value, number)
    rows = book.ordered(key)
    return at, int(at > 0 and rows[at - 1][:2] == (value, number))


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _value(key: str, value: object) -> object:
    return datetime.fromisoformat(value) if key.endswith("_at") else value


def _name_field(store):
    """Names with or without the shop's prefix and suffix."""
    prefix, suffix = store.shop.order_number_format_prefix, store.shop.order_number_format_suffix

    def bare(text: str) -> str:
        return text.removeprefix(prefix).removesuffix(suffix)

    def make(term: search.Term):
        wanted = search.Term(term.field, term.compare, bare(term.value), term.quoted)
        return search.text_field(lambda one: [one.name, bare(one.name)])(wanted)

    return make


def _negated(make):
    def made(term: search.Term):
        test = make(term)
        return lambda record: not test(record)

    return made


def _free_text(store):
    book, named = store.orders, _name_field(store)

    def make(term: search.Term):
        wanted, by_name = term.value.casefold(), named(term)

        def test(header: Header) -> bool:
            if by_name(header):
                return True
            order = book.get(header.serial)
            texts = [order.email, order.note, order.po_number]
            if order.customer is not None:
                texts += [order.customer.first_name, order.customer.last_name, order.customer.display_name]
            return any(text and wanted in text.casefold() for text in texts)

        return test

    return make
