"""The order book: every order of the store by its serial, generated ones built only when looked at.

A `Header` of each order is kept for searching and sorting. Orders that were placed, loaded or changed stay in memory;
generated and untouched ones are rebuilt from the seed when they are needed again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from .ids import number_for, order_serial_of, serial_of
from .model.order import Order
from .statuses import financial_status, fulfillment_status, open_state

CACHED = 600
"""Generated orders kept built."""


@dataclass(slots=True)
class Header:
    """What searching and sorting need of an order without building it."""

    serial: int
    id: int
    name: str
    number: int
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    financial_status: str | None
    fulfillment_status: str
    state: str
    test: bool
    source_name: str | None
    tags: tuple[str, ...]
    customer_id: int | None
    kind: str = ""


def header_of(order: Order, kind: str = "") -> Header:
    """The header of a built order."""
    return Header(
        order.serial,
        order.id,
        order.name,
        order.number,
        order.created_at,
        order.processed_at,
        order.updated_at,
        financial_status(order),
        fulfillment_status(order),
        open_state(order),
        order.test,
        order.source_name,
        tuple(order.tags),
        order.customer.id if order.customer else None,
        kind,
    )


class OrderBook:
    """All orders of a store. ``build`` makes a generated order of its serial."""

    def __init__(self, headers: Iterable[Header], build: Callable[[int], Order]):
        self._headers = {header.serial: header for header in headers}
        self._build = build
        self._live: dict[int, Order] = {}
        self._cache: OrderedDict[int, Order] = OrderedDict()
        self._by_id: dict[int, int] = {}
        self._parts: dict[tuple[str, int], int] = {}
        self._sorted: dict[str, list[tuple]] = {}
        self._by_customer: dict[int, list[Header]] | None = None
        self._next = max(self._headers, default=0) + 1

    def __len__(self) -> int:
        return len(self._headers)

    def headers(self) -> Iterable[Header]:
        """Headers in order of serial."""
        return self._headers.values()

    def header(self, serial: int) -> Header:
        return self._headers[serial]

    def knows(self, serial: int) -> bool:
        """Whether there is (still) an order of this serial."""
        return serial in self._headers

    def living(self) -> Iterable[Order]:
        """The orders that were placed, loaded or changed."""
        return self._live.values()

    def next_serial(self) -> int:
        """A serial that no order has yet."""
        serial = self._next
        self._next += 1
        return serial

    def get(self, serial: int) -> Order:
        """The order of a serial, built now if need be."""
        order = self._live.get(serial) or self._cache.get(serial)
        if order is None:
            order = self._build(serial)
            self._cache[serial] = order
            if len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        elif serial in self._cache:
            self._cache.move_to_end(serial)
        return order

    def pin(self, order: Order) -> Order:
        """The one living object of an order, kept in memory from now on. Call before changing it."""
        living = self._live.setdefault(order.serial, order)
        self._cache.pop(order.serial, None)
        return living

    def put(self, order: Order, kind: str = "") -> None:
        """Add or renew an order after it changed: header, indexes, sorted lists."""
        self._live[order.serial] = order
        self._cache.pop(order.serial, None)
        known = self._headers.get(order.serial)
        self._headers[order.serial] = header_of(order, kind or (known.kind if known else ""))
        if order.id != number_for("Order", order.serial):
            self._by_id[order.id] = order.serial
        self._sorted.clear()
        self._by_customer = None

    def remove(self, serial: int) -> None:
        """Forget an order for good."""
        header = self._headers.pop(serial)
        self._live.pop(serial, None)
        self._cache.pop(serial, None)
        self._by_id.pop(header.id, None)
        self._sorted.clear()
        self._by_customer = None

    def know_part(self, typename: str, number: int, serial: int) -> None:
        """Remember a part whose id does not tell its order (parts of loaded documents)."""
        self._parts[typename, number] = serial

    def serial_by_id(self, number: int) -> int | None:
        """Serial of the order with this id."""
        serial = self._by_id.get(number, serial_of("Order", number))
        header = self._headers.get(serial)
        return serial if header is not None and header.id == number else None

    def serial_of_part(self, typename: str, number: int) -> int | None:
        """Serial of the order that a line, refund, transaction ... belongs to."""
        serial = self._parts.get((typename, number))
        if serial is None:
            serial = order_serial_of(typename, number)
        return serial if serial in self._headers else None

    def of_customer(self, customer_id: int) -> list[Header]:
        """Headers of a customer's orders."""
        if self._by_customer is None:
            self._by_customer = {}
            for header in self._headers.values():
                if header.customer_id is not None:
                    self._by_customer.setdefault(header.customer_id, []).append(header)
        return self._by_customer.get(customer_id, [])

    def ordered(self, key: str) -> list[tuple]:
        """(value, id, serial) of all orders in ascending order of a header field; kept until an order changes."""
        if key not in self._sorted:
            rows = [(_sortable(getattr(header, key)), header.id, header.serial) for header in self._headers.values()]
            rows.sort()
            self._sorted[key] = rows
        return self._sorted[key]

    def after(self, key: str, value: object, number: int) -> int:
        """Position in ``ordered(key)`` right after the order with this value and id."""
        return bisect_right(self.ordered(key), (_sortable(value), number, float("inf")))


def _sortable(value: object) -> object:
    return "" if value is None else value
