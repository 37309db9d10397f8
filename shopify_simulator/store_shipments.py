"""What can be done to a store's fulfilment orders and fulfilments."""

from __future__ import annotations

from datetime import datetime

from .events import fulfilments
from .ids import number_in
from .model.fulfilment import Fulfillment, FulfillmentOrder
from .model.order import Order
from .values import BadRequest, moment


class Shipments:
    """Events of shipping; a part of `store.Store`."""

    def fulfil(self, order: object, lines: dict | None = None, tracking: object = None,
               location: object = None) -> list[Fulfillment]:  # fmt: skip
        """Ship units by line (None: all that is left), with tracking ``{"company", "number", "url"}`` or a list of them."""

        def change(one: Order, at: datetime) -> list[Fulfillment]:
            wanted = None
            if lines is not None:
                wanted = {self._line_id(one, line): int(units) for line, units in lines.items()}
            return fulfilments.fulfil(self, one, at, wanted, tracking, location)

        return self._event(order, change)

    def cancel_fulfilment(self, order: object, fulfillment: object) -> Fulfillment:
        """Cancel a fulfilment by object, id or gid."""
        number = fulfillment.id if isinstance(fulfillment, Fulfillment) else number_in(fulfillment)
        return self._event(order, lambda one, at: fulfilments.cancel_fulfilment(self, one, number, at))

    def hold(self, order: object, reason: str = "OTHER", notes: str | None = None,
             fulfillment_order: object = None) -> Order:  # fmt: skip
        """Put the open fulfilment orders, or one (id, gid), on hold."""
        return self._event(
            order, lambda one, at: fulfilments.hold(one, at, reason, notes, self._group(one, fulfillment_order))
        )

    def schedule(self, order: object, until: object) -> Order:
        """Let the open fulfilment orders wait until a time."""
        return self._event(order, lambda one, at: fulfilments.schedule(one, at, moment(until, "until")))

    def split(self, order: object, lines: dict, fulfillment_order: object = None) -> FulfillmentOrder:
        """Put units (line -> units) of an open fulfilment order into one of their own; the new one."""
        return self._event(
            order,
            lambda one, at: fulfilments.split(one, at, self._units(one, lines), self._group(one, fulfillment_order)),
        )

    def move(self, order: object, location: object, lines: dict | None = None,
             fulfillment_order: object = None) -> FulfillmentOrder:  # fmt: skip
        """Assign an open fulfilment order, or units of it (line -> units), to another location; the new one."""

        def change(one: Order, at: datetime) -> FulfillmentOrder:
            units = None if lines is None else self._units(one, lines)
            return fulfilments.move(one, at, self.location(location), units, self._group(one, fulfillment_order))

        return self._event(order, change)

    def ship(self, order: object, plan: list, tracking: list, notify: bool = False) -> Fulfillment:
        """One fulfilment of chosen lines of fulfilment orders, see `events.fulfilments.ship`."""

        def change(one: Order, at: datetime) -> Fulfillment:
            done = fulfilments.ship(one, plan, at, tracking)
            done.notified += notify
            return done

        return self._event(order, change)

    def track(self, done: Fulfillment, tracking: list, notify: bool = False) -> Fulfillment:
        """Replace the tracking of a fulfilment."""

        def change(_one: Order, at: datetime) -> Fulfillment:
            fulfilments.track(done, at, tracking)
            done.notified += notify
            return done

        return self._event(done.order, change)

    def prepare(self, order: object, groups: list) -> Order:
        """Mark pickups as ready."""
        return self._event(order, lambda one, at: fulfilments.prepare(one, at, groups))

    def release_hold(self, order: object) -> Order:
        """Take the holds away."""
        return self._event(order, fulfilments.release_hold)

    def _units(self, order: Order, lines: dict) -> dict[int, int]:
        return {self._line_id(order, line): int(units) for line, units in lines.items()}

    def _group(self, order: Order, given: object) -> FulfillmentOrder | None:
        """An open fulfilment order by object, id or gid; None for None."""
        if given is None or isinstance(given, FulfillmentOrder):
            return given
        for group in order.fulfillment_orders:
            if group.id == number_in(given):
                return group
        raise BadRequest(f"order {order.name} has no fulfilment order {given!r}")
