"""Where Shopify ships an order from: its fulfilment orders, each at one location."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .reading import legacy_id, nodes


def standing(fulfillment_orders: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The fulfilment orders that are not cancelled (one that was moved or changed to pickup leaves a cancelled one);
    all of them when none stands."""
    groups = list(fulfillment_orders)
    return [group for group in groups if group.get("status") != "CANCELLED"] or groups


def assigned_location(fulfillment_order: Mapping[str, Any]) -> str:
    """Shopify's id of the location that ships a fulfilment order; empty when the app may not see locations."""
    assigned = fulfillment_order.get("assignedLocation") or {}
    return legacy_id((assigned.get("location") or {}).get("id"))


def open_units(fulfillment_orders: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str, int], ...]:
    """(line id, id of its location, units) of what is still to be shipped, of fulfilment orders whose lines were read."""
    found: Counter[tuple[str, str]] = Counter()
    for group in fulfillment_orders:
        location = assigned_location(group)
        if location and group.get("lineItems") and group.get("status") not in ("CANCELLED", "CLOSED"):
            for line in nodes(group["lineItems"]):
                found[legacy_id(line["lineItem"]["id"]), location] += line.get("remainingQuantity") or 0
    return tuple((*key, units) for key, units in found.items() if units)


def line_locations(fulfillment_orders: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """(line id, id of its location) of the lines that were read with the fulfilment orders. A line whose units are
    spread over several locations counts for the one with most of them, the first of equals."""
    units: dict[str, Counter[str]] = {}
    for group in standing(fulfillment_orders):
        location = assigned_location(group)
        for line in nodes(group["lineItems"]) if location and group.get("lineItems") else ():
            of_line = units.setdefault(legacy_id(line["lineItem"]["id"]), Counter())
            of_line[location] += line["totalQuantity"]
    return tuple((line, found.most_common(1)[0][0]) for line, found in units.items() if any(found.values()))
