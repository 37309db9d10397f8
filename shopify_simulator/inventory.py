"""Stock of the store: units by name at each location, and how they move with the life of an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from .ids import number_for
from .model.order import Order
from .model.product import InventoryItem, Level, Location

NAMES = ("available", "committed", "on_hand", "incoming", "reserved", "damaged", "safety_stock", "quality_control")


def level_at(item: InventoryItem, location: Location) -> Level | None:
    """The level of an item at a location, None where it never was stocked."""
    return next((level for level in item.levels if level.location is location), None)


def stock_at(store, item: InventoryItem, location: Location, at: datetime) -> Level:
    """The active level of an item at a location, made or activated with what it held before."""
    level = level_at(item, location)
    if level is None:
        serial = store.new_serial("InventoryLevel")
        level = Level(number_for("InventoryLevel", serial), item, location, dict.fromkeys(NAMES, 0), at, at)
        item.levels.append(level)
    level.is_active, level.updated_at = True, at
    return level


def change(level: Level, name: str, delta: int, at: datetime) -> None:
    """Change ``available`` or ``on_hand`` by so many units; the other one moves with it."""
    for one in {"available", "on_hand", name}:
        level.quantities[one] += delta
    level.updated_at = level.item.updated_at = at


def held_by(order: Order) -> Counter:
    """{(item, location, "committed" | "gone"): units} that an order has set aside or taken away."""
    held: Counter = Counter()
    for group in order.fulfillment_orders:
        if group.open:
            for part in group.lines:
                _count(held, part.line_item, group.location, "committed", part.remaining_quantity)
    for shipment in order.fulfillments:
        if shipment.status == "SUCCESS":
            for part in shipment.lines:
                _count(held, part.line_item, shipment.location, "gone", part.quantity)
    twice = _received(held, order)
    for refund in order.refunds:
        for part in refund.lines:
            if part.restock_type == "RETURN":
                known = min(twice[part.line_item.id], part.quantity)
                twice[part.line_item.id] -= known
                _count(held, part.line_item, part.location, "gone", known - part.quantity)
    return held


def _received(held: Counter, order: Order) -> Counter:
    """Count units of returns that were received and restocked; {line id: units that a refund puts on the shelf, too}."""
    twice: Counter = Counter()
    for ret in order.returns:
        back: Counter = Counter()
        for part in (line for work in ret.reverse_orders for line in work.lines):
            for one in part.dispositions:
                if one.type == "RESTOCKED":
                    back[part.fulfillment_line_item.id] += one.quantity
                    _count(held, part.fulfillment_line_item.line_item, one.location, "gone", -one.quantity)
        for line in ret.lines:
            refunded = sum(part.quantity for part in line.reversals if part.restock_type == "RETURN") + line.beside
            shipped = line.fulfillment_line_item
            twice[shipped.line_item.id] += min(back[shipped.id], refunded)
    return twice


def follow(store, before: Counter, order: Order, at: datetime) -> None:
    """Move the stock by what an event has changed in what the order holds."""
    after = held_by(order)
    for key in before.keys() | after.keys():
        number, place, kind = key
        delta = after[key] - before[key]
        item = store.item_by_id(number)
        level = level_at(item, store.location(place) if place else store.default_location) if item else None
        if not delta or level is None or not item.tracked:
            continue
        quantities = level.quantities
        quantities["available"] -= delta
        if kind == "committed":
            quantities["committed"] += delta
        else:
            quantities["on_hand"] -= delta
        level.updated_at = at


def counting(store, build: Callable[[int], Order]) -> Callable[[int], Order]:
    """`build`, and what a generated order holds is on the shelf and set aside from the first time that it is built.

    What is available is what the catalogue says: generated orders were placed before the store's first day.
    """
    counted: set[int] = set()

    def build_and_count(serial: int) -> Order:
        order = build(serial)
        if serial not in counted:
            counted.add(serial)
            _set_aside(store, order)
        return order

    return build_and_count


def _set_aside(store, order: Order) -> None:
    for (number, place, kind), units in held_by(order).items():
        item = store.item_by_id(number) if kind == "committed" else None
        level = level_at(item, store.location(place) if place else store.default_location) if item else None
        if level is not None and item.tracked:
            level.quantities["committed"] += units
            level.quantities["on_hand"] += units


def _count(held: Counter, line, location: Location | None, kind: str, units: int) -> None:
    if line.variant is not None and units:
        held[line.variant.inventory_item.id, location.id if location else None, kind] += units
