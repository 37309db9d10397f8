"""Spreading what Odoo delivered over what Shopify still wants to be shipped.

Shopify keeps what is to be shipped in fulfilment orders, each at one location. One request ships from one location.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .fulfillments import Fulfillment, read_fulfillments
from .reading import filled, legacy_id, nodes, text, when

#: Units by Shopify's line id.
Units = dict[str, int]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a fulfilment order: `units` are still to be shipped."""

    shopify_id: str
    line_id: str
    units: int


@dataclass(frozen=True, slots=True)
class FulfillmentOrder:
    """What is to be shipped from one location. `reason` says why it is on hold, in Shopify's words."""

    shopify_id: str
    status: str
    method: str
    location_id: str
    location_name: str
    is_service: bool
    reason: str
    fulfill_at: datetime | None
    lines: tuple[OpenLine, ...]

    @property
    def can_ship(self) -> bool:
        """Whether the merchant may ship from it now."""
        return self.status in ("OPEN", "IN_PROGRESS") and not self.is_service

    @property
    def waits(self) -> bool:
        """Whether it opens later: on hold, or scheduled."""
        return self.status in ("ON_HOLD", "SCHEDULED", "INCOMPLETE") and not self.is_service


@dataclass(frozen=True, slots=True)
class OrderToShip:
    """An order as the document `fulfillments/OrderToShipFields` reads it. `unfulfilled`: all open units by line."""

    shopify_id: str
    name: str
    created_at: datetime | None
    cancelled_at: datetime | None
    unfulfilled: Units
    fulfillment_orders: tuple[FulfillmentOrder, ...]
    fulfillments: tuple[Fulfillment, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes together under tracking numbers; none is allowed."""

    units: tuple[tuple[str, int], ...]
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallLine:
    """Units of a line of a fulfilment order."""

    order_id: str
    order_line_id: str
    line_id: str
    units: int


@dataclass(frozen=True, slots=True)
class Call:
    """One `fulfillmentCreate`: lines of fulfilment orders at one location, with the numbers of their parcels."""

    location_id: str
    lines: tuple[CallLine, ...]
    numbers: tuple[str, ...]

    @property
    def units(self) -> Units:
        """Units by line."""
        found: Counter[str] = Counter()
        for line in self.lines:
            found[line.line_id] += line.units
        return dict(found)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every delivered unit goes; each is in exactly one place.

    `waiting`: on hold or scheduled in Shopify; `service`: with a fulfilment service; `hidden`: unfulfilled, but in no
    fulfilment order that the app sees; `known`: shipped there already; `excess`: not open at all.
    """

    calls: tuple[Call, ...] = ()
    waiting: Units = field(default_factory=dict)
    service: Units = field(default_factory=dict)
    hidden: Units = field(default_factory=dict)
    known: Units = field(default_factory=dict)
    excess: Units = field(default_factory=dict)


def read_order_to_ship(data: Mapping[str, Any]) -> OrderToShip:
    """Map an order read with `fulfillments/OrderToShipFields`, all its pages in it.

    :raises KeyError: a field that Shopify always fills is missing
    """
    return OrderToShip(
        shopify_id=legacy_id(data["id"]),
        name=text(data["name"]),
        created_at=when(data.get("createdAt")),
        cancelled_at=when(data.get("cancelledAt")),
        unfulfilled={legacy_id(line["id"]): line["unfulfilledQuantity"] for line in nodes(data["lineItems"])},
        fulfillment_orders=tuple(_fulfillment_order(one) for one in nodes(data["fulfillmentOrders"])),
        fulfillments=read_fulfillments(data["fulfillments"]),
    )


def _fulfillment_order(data: Mapping[str, Any]) -> FulfillmentOrder:
    place = data.get("assignedLocation") or {}
    location = place.get("location") or {}
    reasons = (
        text(hold.get("reasonNotes")) or _words(hold.get("reason")) for hold in data.get("fulfillmentHolds") or ()
    )
    return FulfillmentOrder(
        shopify_id=legacy_id(data["id"]),
        status=filled(data, "status"),
        method=text((data.get("deliveryMethod") or {}).get("methodType")),
        location_id=legacy_id(location.get("id")),
        location_name=text(place.get("name")),
        is_service=bool(location.get("isFulfillmentService")),
        reason=", ".join(dict.fromkeys(filter(None, reasons))),
        fulfill_at=when(data.get("fulfillAt")),
        lines=tuple(
            OpenLine(legacy_id(line["id"]), legacy_id(filled(line["lineItem"], "id")), line["remainingQuantity"])
            for line in nodes(data["lineItems"])
            if line["remainingQuantity"] > 0
        ),
    )


def _words(code: Any) -> str:
    return text(code).replace("_", " ").capitalize()


def units_of(parcels: Iterable[Parcel]) -> Units:
    """All units of parcels, by line."""
    found: Counter[str] = Counter()
    for parcel in parcels:
        found.update(dict(parcel.units))
    return {line: units for line, units in found.items() if units > 0}


def spread_units(wanted: Units, available: Units) -> tuple[Units, Units]:
    """(what of `wanted` is available, what is not)."""
    taken = {line: min(units, available.get(line, 0)) for line, units in wanted.items()}
    left = {line: units - taken[line] for line, units in wanted.items()}
    return {line: units for line, units in taken.items() if units > 0}, {k: v for k, v in left.items() if v > 0}


def plan_shipment(
    parcels: Iterable[Parcel],
    order: OrderToShip,
    prefer: Collection[str] = (),
    along: Collection[str] = (),
    known: Units | None = None,
) -> Plan:
    """Spread a delivery over an order's fulfilment orders, with as few requests as the preferred locations allow.

    :param prefer: ids of the locations that the delivery left from: used first
    :param along: line ids of services: all their open units go with the delivery, without being counted
    :param known: units that Shopify has shipped and no delivery of Odoo stands for; used last
    """
    parcels = list(parcels)
    wanted = units_of(parcels)
    open_groups = [one for one in order.fulfillment_orders if one.can_ship]
    lines_at: dict[str, list[CallLine]] = {}
    left = dict(wanted)
    for location_id in _locations(open_groups, left, prefer):
        for group in open_groups:
            if group.location_id != location_id:
                continue
            for line in group.lines:
                units = min(left.get(line.line_id, 0), line.units)
                if units > 0:
                    left[line.line_id] -= units
                    call_line = CallLine(group.shopify_id, line.shopify_id, line.line_id, units)
                    lines_at.setdefault(location_id, []).append(call_line)
    left = {line: units for line, units in left.items() if units > 0}
    waiting, left = spread_units(left, _open_units(one for one in order.fulfillment_orders if one.waits))
    service, left = spread_units(left, _open_units(one for one in order.fulfillment_orders if one.is_service))
    hidden, left = spread_units(left, _hidden(order))
    shipped, excess = spread_units(left, known or {})
    if along and (lines_at or not wanted):
        _add_services(lines_at, open_groups, set(along) - set(wanted))
    calls = [
        Call(location_id, tuple(lines), _numbers(parcels, lines, len(lines_at) == 1))
        for location_id, lines in lines_at.items()
    ]
    return Plan(tuple(calls), waiting, service, hidden, shipped, excess)


def _locations(groups: list[FulfillmentOrder], wanted: Units, prefer: Collection[str]) -> list[str]:
    """Locations in the order of use: preferred ones, then those that hold the most of what is wanted."""
    found = dict.fromkeys(group.location_id for group in groups)

    def covered(location_id: str) -> int:
        taken, _left = spread_units(wanted, _open_units(one for one in groups if one.location_id == location_id))
        return sum(taken.values())

    return sorted(found, key=lambda location_id: (location_id not in prefer, -covered(location_id)))


def _open_units(groups: Iterable[FulfillmentOrder]) -> Units:
    found: Counter[str] = Counter()
    for group in groups:
        if group.status not in ("CLOSED", "CANCELLED"):
            for line in group.lines:
                found[line.line_id] += line.units
    return dict(found)


def _hidden(order: OrderToShip) -> Units:
    """Unfulfilled units that are in no fulfilment order which the app may see."""
    seen = _open_units(order.fulfillment_orders)
    return {line: units - seen.get(line, 0) for line, units in order.unfulfilled.items() if units > seen.get(line, 0)}


def _add_services(lines_at: dict[str, list[CallLine]], groups: list[FulfillmentOrder], services: set[str]) -> None:
    for group in groups:
        for line in group.lines:
            if line.line_id in services:
                call_line = CallLine(group.shopify_id, line.shopify_id, line.line_id, line.units)
                lines_at.setdefault(group.location_id, []).append(call_line)


def _numbers(parcels: list[Parcel], lines: Iterable[CallLine], alone: bool) -> tuple[str, ...]:
    """The numbers of the parcels that hold something of these lines; all of them when it is the only request."""
    shipped = {line.line_id for line in lines}
    chosen = [parcel for parcel in parcels if alone or shipped & {line for line, _units in parcel.units}]
    return tuple(dict.fromkeys(number for parcel in chosen for number in parcel.numbers))


def recognise(wanted: Units, candidates: Iterable[Fulfillment], numbers: Collection[str]) -> list[Fulfillment]:
    """Of Shopify's fulfilments that no delivery stands for, those that a request with a lost answer has made: they fit
    into what was to be shipped, and their tracking numbers are ours."""
    left, found = dict(wanted), []
    for one in candidates:
        theirs = {parcel.number for parcel in one.tracking if parcel.number}
        units = dict(one.units)
        if units and theirs <= set(numbers) and all(left.get(line, 0) >= count for line, count in units.items()):
            for line, count in units.items():
                left[line] -= count
            found.append(one)
    return found
