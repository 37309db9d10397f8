"""What can be done to the returns of a store's orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .events import returns
from .model.money_flow import Refund
from .model.order import Order
from .model.returns import Disposition, Return
from .values import BadRequest


class StoreReturns:
    """Events of returns, mixed into `store.Store`. A return is given as the `Return`, its id, gid or name; None is the
    order's last one. Lines are given by id, gid or SKU."""

    def request_return(self, order: object, lines: dict, exchange: tuple | list = (), **words) -> Return:
        """The customer asks for a return of shipped units; ``reason``, ``note``, ``customer_note``, and the fees that the
        shop keeps, ``restocking_percent`` and ``return_shipping``."""
        return self._start_return(order, lines, exchange, requested=True, **words)

    def open_return(self, order: object, lines: dict, exchange: tuple | list = (), **words) -> Return:
        """Create a return that needs no approval; ``exchange``: what is sent instead, once it is processed; words as in
        `request_return`."""
        return self._start_return(order, lines, exchange, **words)

    def _start_return(self, order: object, lines: dict, exchange: tuple | list, **more) -> Return:
        def change(one: Order, at: datetime) -> Return:
            return returns.start(self, one, at, self._units(one, lines), exchange, **more)

        return self._event(order, change)

    def approve_return(self, order: object, return_: object = None) -> Return:
        """Approve a request."""
        return self._return_event(order, return_, returns.approve)

    def decline_return(
        self, order: object, return_: object = None, reason: str = "OTHER", note: str | None = None
    ) -> Return:
        """Decline a request: FINAL_SALE, RETURN_PERIOD_ENDED or OTHER."""
        return self._return_event(order, return_, lambda _one, ret, _at: returns.decline(ret, reason, note))

    def receive_return(self, order: object, return_: object = None, lines: dict | None = None,
                       disposition: str = "RESTOCKED", location: object = None) -> list[Disposition]:  # fmt: skip
        """Units came in (None: all that is expected): RESTOCKED, NOT_RESTOCKED, MISSING or PROCESSING_REQUIRED."""
        place = self.location(location) if location is not None else None
        return self._return_event(
            order,
            return_,
            lambda one, ret, at: returns.receive(one, ret, at, self._units(one, lines), disposition, place),
        )

    def process_return(self, order: object, return_: object = None, lines: dict | None = None, **options) -> Return:
        """Book a return: units leave the order, exchange items join it (``exchange=False``: not yet). With ``refunded``,
        ``amount``, ``gateway``, ``shipping``, ``note`` or ``pending`` its refund is made in the same step."""
        return self._return_event(
            order,
            return_,
            lambda one, ret, at: returns.process(self, one, ret, at, self._units(one, lines), **options) and None,
        )

    def refund_return(self, order: object, return_: object = None, **options) -> Refund:
        """Refund what was processed and not refunded yet; ``restock_type`` RETURN or NO_RESTOCK (default: goods have
        their own way), and options of `refund`."""
        return self._return_event(order, return_, lambda one, ret, at: returns.give_back(self, one, ret, at, **options))

    def close_return(self, order: object, return_: object = None) -> Return:
        """A return is complete."""
        return self._return_event(order, return_, lambda _one, ret, at: returns.close(ret, at))

    def reopen_return(self, order: object, return_: object = None) -> Return:
        """Open a closed return again."""
        return self._return_event(order, return_, lambda _one, ret, _at: returns.reopen(ret))

    def cancel_return(self, order: object, return_: object = None, worked_on: bool = False) -> Return:
        """Cancel a return; see `events.returns.cancel`."""
        return self._return_event(order, return_, lambda _one, ret, _at: returns.cancel(ret, worked_on))

    def _return_event(self, order: object, given: object, change: Callable) -> object:
        def work(one: Order, at: datetime) -> object:
            ret = self._return(one, given)
            found = change(one, ret, at)
            return ret if found is None else found

        return self._event(order, work)

    def _return(self, order: Order, given: object) -> Return:
        for ret in reversed(order.returns):
            known = (None, ret.name, ret.id, str(ret.id), f"gid://shopify/Return/{ret.id}")
            if given is ret or (not isinstance(given, Return) and given in known):
                return ret
        raise BadRequest(f"order {order.name} has no return {given!r}")

    def _units(self, order: Order, lines: dict | None) -> dict[int, int] | None:
        if lines is None:
            return None
        return {self._line_id(order, line): int(units) for line, units in lines.items()}
