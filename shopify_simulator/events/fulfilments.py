"""Fulfilment of an order: routing to locations, holds, shipping, cancelling a fulfilment."""

from __future__ import annotations

from datetime import datetime

from ..ledger import next_id
from ..model.fulfilment import Fulfillment, FulfillmentLine, FulfillmentOrder, FulfillmentOrderLine, Hold, Tracking
from ..model.order import Line, Order
from ..model.product import Location
from ..values import BadRequest, known_keys

TRACKING_KEYS = frozenset({"company", "number", "url"})


def route(store, order: Order, at: datetime, method: str | None = None) -> None:
    """Make fulfilment orders: one per location and delivery method, with all lines that can be fulfilled."""
    for line in order.lines:
        if line.can_be_fulfilled and line.unfulfilled_quantity:
            add_to_route(store, order, line, line.unfulfilled_quantity, at, method)


def add_to_route(
    store,
    order: Order,
    line: Line,
    quantity: int,
    at: datetime,
    method: str | None = None,
    location: Location | None = None,
) -> None:
    """Put units of a line on the open fulfilment order of their location, or on a new one."""
    wanted = "NONE" if not line.requires_shipping else method or _method_of(order)
    location = location or line.location or order.retail_location or store.default_location
    for group in order.fulfillment_orders:
        if group.open and group.location is location and group.method_type == wanted:
            break
    else:
        group = FulfillmentOrder(next_id(order, "FulfillmentOrder"), order, location, at, at, method_type=wanted)
        group.presented_name = order.shipping[0].title if order.shipping else None
        order.fulfillment_orders.append(group)
    group.updated_at = at
    for part in group.lines:
        if part.line_item is line:
            part.total_quantity += quantity
            part.remaining_quantity += quantity
            return
    number = next_id(order, "FulfillmentOrderLineItem")
    group.lines.append(FulfillmentOrderLine(number, group, line, quantity, quantity))


def take_off_route(order: Order, line: Line, quantity: int, at: datetime) -> None:
    """Take unshipped units of a line off its fulfilment orders; those left empty are closed."""
    for group in order.fulfillment_orders:
        for part in group.lines:
            if part.line_item is line and group.open and quantity:
                units = min(quantity, part.remaining_quantity)
                part.remaining_quantity -= units
                part.total_quantity -= units
                quantity -= units
                group.updated_at = at
        if group.open and not any(part.remaining_quantity for part in group.lines):
            group.status = "CLOSED" if any(part.total_quantity for part in group.lines) else "CANCELLED"


def fulfil(
    store,
    order: Order,
    at: datetime,
    lines: dict[int, int] | None = None,
    tracking: dict | list | None = None,
    location: object = None,
) -> list[Fulfillment]:
    """Ship units: ``lines`` is line id -> units, None means all that is left. One fulfilment per location."""
    if order.cancelled_at is not None:
        raise BadRequest(f"order {order.name} is cancelled and cannot be fulfilled")
    place = store.location(location) if location is not None else None
    return fulfil_now(order, at, lines, "manual", place, tracking)


def fulfil_now(
    order: Order,
    at: datetime,
    lines: dict[int, int] | None,
    service: str = "manual",
    place: Location | None = None,
    tracking: dict | list | None = None,
) -> list[Fulfillment]:
    """`fulfil` without looking at the order's state, by any service."""
    wanted = dict(lines) if lines is not None else {line.id: line.unfulfilled_quantity for line in order.lines}
    plan = []
    for group in order.fulfillment_orders:
        if not group.open or group.status == "ON_HOLD" or (place is not None and group.location is not place):
            continue
        taken = []
        for part in group.lines:
            units = min(wanted.get(part.line_item.id, 0), part.remaining_quantity)
            if units > 0:
                taken.append((part, units))
                wanted[part.line_item.id] -= units
        if taken:
            plan.append((group, taken))
    if lines is not None and any(wanted.values()):
        raise BadRequest(f"order {order.name}: more units than are open and not on hold: {wanted}")
    if not plan:
        raise BadRequest(f"order {order.name} has nothing left to fulfil")
    shown = _trackings(tracking)
    order.version += 1
    return [ship(order, [(group, taken)], at, shown, service) for group, taken in plan]


def cancel_fulfilment(store, order: Order, fulfillment_id: int, at: datetime) -> Fulfillment:
    """Cancel a fulfilment: its units can be shipped again from a new fulfilment order."""
    done = next((one for one in order.fulfillments if one.id == fulfillment_id), None)
    if done is None or done.status != "SUCCESS":
        raise BadRequest(f"order {order.name} has no fulfilment {fulfillment_id} that could be cancelled")
    done.status, done.display_status, done.updated_at = "CANCELLED", "CANCELED", at
    for part in done.lines:
        part.line_item.fulfilled -= part.quantity
    for part in done.lines:
        add_to_route(store, order, part.line_item, part.quantity, at, location=done.location)
    order.closed_at = None
    order.version += 1
    return done


def hold(
    order: Order, at: datetime, reason: str = "OTHER", notes: str | None = None, only: FulfillmentOrder | None = None
) -> None:
    """Put all open fulfilment orders, or one, on hold."""
    for group in _open_groups(order, only):
        group.holds.append(Hold(next_id(order, "FulfillmentHold"), reason, notes))
        group.status, group.updated_at = "ON_HOLD", at
    order.version += 1


def release_hold(order: Order, at: datetime) -> None:
    """Take all holds away."""
    for group in _open_groups(order):
        if group.status == "ON_HOLD":
            group.holds.clear()
            group.status, group.updated_at = "OPEN", at
    order.version += 1


def schedule(order: Order, at: datetime, until: datetime) -> None:
    """Fulfil later: all open fulfilment orders wait until a time."""
    for group in _open_groups(order):
        group.status, group.fulfill_at, group.updated_at = "SCHEDULED", until, at
    order.version += 1


def split(order: Order, at: datetime, units: dict[int, int], group: FulfillmentOrder | None = None) -> FulfillmentOrder:
    """Put units (line id -> units) of an open fulfilment order into a new one at the same location."""
    group = _open_groups(order, group)[0]
    return _take_out(order, group, at, units, group.location)


def move(
    order: Order,
    at: datetime,
    place: Location,
    units: dict[int, int] | None = None,
    group: FulfillmentOrder | None = None,
) -> FulfillmentOrder:
    """Assign an open fulfilment order, or units of it (line id -> units), to another location."""
    group = _open_groups(order, group)[0]
    if group.location is place:
        raise BadRequest(f"order {order.name}: the fulfilment order is at {place.name} already")
    if units is None:
        units = {part.line_item.id: part.remaining_quantity for part in group.lines if part.remaining_quantity}
    return _take_out(order, group, at, units, place)


def _take_out(
    order: Order, group: FulfillmentOrder, at: datetime, units: dict[int, int], place: Location
) -> FulfillmentOrder:
    if group.status not in ("OPEN", "ON_HOLD", "SCHEDULED"):
        raise BadRequest(f"order {order.name}: a fulfilment order that is {group.status} cannot be split or moved")
    parts = {part.line_item.id: part for part in group.lines}
    for line_id, wanted in units.items():
        left = parts[line_id].remaining_quantity if line_id in parts else 0
        if not 0 < wanted <= left:
            raise BadRequest(f"order {order.name}: {wanted} units of line {line_id}, but {left} are open")
    new = FulfillmentOrder(
        next_id(order, "FulfillmentOrder"),
        order,
        place,
        at,
        at,
        method_type=group.method_type,
        presented_name=group.presented_name,
        moved_from=None if place is group.location else group,
    )
    for line_id, wanted in units.items():
        part = parts[line_id]
        part.remaining_quantity -= wanted
        part.total_quantity -= wanted
        number = next_id(order, "FulfillmentOrderLineItem")
        new.lines.append(FulfillmentOrderLine(number, new, part.line_item, wanted, wanted))
    order.fulfillment_orders.append(new)
    group.updated_at = at
    if not any(part.remaining_quantity for part in group.lines):
        group.status = "CLOSED"
    order.version += 1
    return new


def prepare(order: Order, at: datetime, groups: list[FulfillmentOrder]) -> None:
    """Mark pickups as ready."""
    for group in groups:
        group.status, group.prepared_at, group.updated_at = "IN_PROGRESS", at, at
    order.version += 1


def track(done: Fulfillment, at: datetime, tracking: list[Tracking]) -> None:
    """Replace what is known of the parcels."""
    done.tracking, done.updated_at = tracking, at
    done.order.version += 1


def _open_groups(order: Order, only: FulfillmentOrder | None = None) -> list[FulfillmentOrder]:
    groups = [group for group in order.fulfillment_orders if group.open and only in (None, group)]
    if not groups:
        raise BadRequest(f"order {order.name} has no open fulfilment order")
    return groups


def _trackings(given: dict | list | None) -> list[Tracking]:
    rows = [given] if isinstance(given, dict) else given or []
    for one in rows:
        known_keys(one, TRACKING_KEYS, "tracking")
    return [Tracking(one.get("company"), one.get("number"), one.get("url")) for one in rows]


def ship(order: Order, plan: list, at: datetime, tracking: list[Tracking], service: str = "manual") -> Fulfillment:
    """One fulfilment of units of fulfilment orders at one location: [(fulfilment order, [(its line, units)])]."""
    done = Fulfillment(
        next_id(order, "Fulfillment"),
        order,
        f"{order.name}.{len(order.fulfillments) + 1}",
        at,
        at,
        location=plan[0][0].location,
        service=service,
        fulfillment_orders=[group for group, _taken in plan],
        tracking=list(tracking),
    )
    for group, taken in plan:
        for part, units in taken:
            part.remaining_quantity -= units
            part.line_item.fulfilled += units
            done.lines.append(FulfillmentLine(next_id(order, "FulfillmentLineItem"), part.line_item, units))
        group.updated_at = at
        if not any(part.remaining_quantity for part in group.lines):
            group.status = "CLOSED"
        elif group.status == "SCHEDULED":
            group.status = "OPEN"
    order.fulfillments.append(done)
    return done


def _method_of(order: Order) -> str:
    if order.source_name == "pos" and not order.shipping:
        return "RETAIL"
    return "PICK_UP" if order.shipping and order.shipping[0].delivery_category == "pickup" else "SHIPPING"
