"""Statuses that Shopify derives from payments and fulfilments."""

from .model.order import Order
from .totals import capturable, totals


def financial_status(order: Order) -> str | None:
    """`displayFinancialStatus`: PENDING, AUTHORIZED, PARTIALLY_PAID, PAID, PARTIALLY_REFUNDED, REFUNDED, VOIDED, EXPIRED."""
    if order.stated_financial is not None:
        return order.stated_financial or None
    sums = totals(order)
    received, refunded = sums["total_received"].presentment, sums["total_refunded"].presentment
    if received > 0:
        if refunded >= received:
            return "REFUNDED"
        if refunded > 0:
            return "PARTIALLY_REFUNDED"
        return "PAID" if sums["due"].presentment <= 0 else "PARTIALLY_PAID"
    if order.authorization_expired:
        return "EXPIRED"
    if capturable(order):
        return "AUTHORIZED"
    if any(transaction.kind == "VOID" and transaction.success for transaction in order.transactions):
        return "VOIDED"
    if order.cancelled_at is not None and sums["total_price"].presentment > 0:
        return "VOIDED"
    return "PAID" if sums["total_price"].presentment == 0 else "PENDING"


def fulfillment_status(order: Order) -> str:
    """`displayFulfillmentStatus` of the order."""
    if order.stated_fulfillment is not None:
        return order.stated_fulfillment
    wanted = sum(line.current_quantity for line in order.lines if line.can_be_fulfilled)
    shipped = sum(line.fulfilled for line in order.lines)
    if shipped:
        return "FULFILLED" if not sum(line.unfulfilled_quantity for line in order.lines) else "PARTIALLY_FULFILLED"
    if not wanted:
        return "UNFULFILLED"
    states = {group.status for group in order.fulfillment_orders if group.open}
    for status in ("ON_HOLD", "SCHEDULED", "IN_PROGRESS"):
        if states == {status}:
            return status
    if any(group.request_status == "REJECTED" for group in order.fulfillment_orders if group.open):
        return "REQUEST_DECLINED"
    return "UNFULFILLED"


def open_state(order: Order) -> str:
    """`open`, `closed` or `cancelled`, as the search filter ``status`` means it."""
    if order.cancelled_at is not None:
        return "cancelled"
    return "closed" if order.closed_at is not None else "open"
