"""Cancelling an order."""

from __future__ import annotations

from datetime import datetime

from ..ledger import next_id, record_refund
from ..model.money_flow import Adjustment, Refund
from ..model.order import Order
from ..totals import capturable, totals
from ..values import BadRequest, one_of
from .payments import void
from .refunds import open_duties, put_on, refund, take_back, take_back_shipping

REASONS = ("CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF")


def cancel(
    store,
    order: Order,
    at: datetime,
    reason: str = "CUSTOMER",
    refunded: bool = True,
    restock: bool = True,
    note: str | None = None,
    gateway: str | None = None,
) -> None:
    """Cancel an order: authorisations are voided, what was paid is refunded unless told otherwise, lines are taken off.

    ``gateway``: where the money goes back to, None for the order's own payments.
    """
    if order.cancelled_at is not None:
        raise BadRequest(f"order {order.name} is cancelled already")
    one_of(reason, REASONS, "reason")
    if capturable(order):
        void(store, order, at)
    for transaction in order.transactions:
        if transaction.status == "PENDING" and transaction.kind == "SALE":
            transaction.status = "FAILURE"
    if refunded and totals(order)["net_payment"].presentment > 0:
        refund(store, order, at, lines="all", shipping=True, duties=True, restock=restock, amount=_all_paid(order),
               gateway=gateway)  # fmt: skip
    else:
        _take_off(order, restock, at)
    for group in order.fulfillment_orders:
        if group.open:
            group.status, group.updated_at = "CANCELLED", at
    order.cancelled_at = order.closed_at = at
    order.cancel_reason = reason
    order.cancel_staff_note = note
    order.version += 1


def _all_paid(order: Order) -> str:
    return str(totals(order)["net_payment"].presentment)


def _take_off(order: Order, restock: bool, at: datetime) -> None:
    """What was ordered and is not paid back becomes a refund without money, so that nothing is left to pay."""
    made = Refund(next_id(order, "Refund"), order, at, at, at)
    kind = "CANCEL" if restock else "NO_RESTOCK"
    left = [line for line in order.lines if line.current_quantity and not line.is_tip]
    made.lines = [take_back(order, line, line.current_quantity, kind) for line in left]
    made.shipping = take_back_shipping(order)
    made.duties = open_duties(order)
    put_on(order, made, at)
    rest = totals(order)["current_total_price"]
    if rest:
        made.adjustments.append(Adjustment(next_id(order, "OrderAdjustment"), -rest, order.pair.zero()))
    record_refund(order, made, at)
