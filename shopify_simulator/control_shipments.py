"""Control calls for fulfilment orders and fulfilments."""

from __future__ import annotations


class ShipmentControl:
    """What can be done about shipping over HTTP; a part of `control.Control`."""

    def do_fulfil(self, order: object, **options) -> dict:
        """Ship: lines, tracking, location."""
        self.store.fulfil(order, **options)
        return self.do_order(order)

    def do_cancel_fulfilment(self, order: object, fulfillment: object) -> dict:
        """Cancel a fulfilment."""
        self.store.cancel_fulfilment(order, fulfillment)
        return self.do_order(order)

    def do_hold(self, order: object, **options) -> dict:
        """Put fulfilment orders on hold: reason, notes, fulfillment_order."""
        return self._told(self.store.hold(order, **options))

    def do_schedule(self, order: object, until: str) -> dict:
        """Let open fulfilment orders wait until a time."""
        return self._told(self.store.schedule(order, until))

    def do_split(self, order: object, lines: dict, **options) -> dict:
        """Split an open fulfilment order: lines (SKU -> units), fulfillment_order."""
        self.store.split(order, lines, **options)
        return self.do_order(order)

    def do_move(self, order: object, location: object, **options) -> dict:
        """Move an open fulfilment order to another location: lines (SKU -> units), fulfillment_order."""
        self.store.move(order, location, **options)
        return self.do_order(order)

    def do_release_hold(self, order: object) -> dict:
        """Take holds away."""
        return self._told(self.store.release_hold(order))
