"""Payments of an order: sale, authorisation, capture, void, expiry, marking as paid."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from ..ledger import next_id
from ..model.money_flow import Transaction, TransactionFee
from ..model.order import Order
from ..money import Bag, rounded
from ..totals import capturable, totals, uncaptured
from ..values import BadRequest, decimal, known_keys
from .lines import cash_rounding

CASH_STEPS = {"AUD": "0.05", "CAD": "0.05", "CHF": "0.05", "NZD": "0.10", "DKK": "0.50", "SEK": "1", "NOK": "1"}
"""Smallest coin by currency, where Shopify POS rounds cash payments."""

AUTHORIZATION_DAYS = 7
PAYMENT_KEYS = frozenset(["gateway", "amount", "kind", "status", "tendered", "at", "error_code"])
STATES = ("paid", "pending", "authorized", "partially_paid", "voided", "expired", "partially_refunded", "refunded")


def pay(
    store,
    order: Order,
    gateway: str,
    amount: Bag,
    at: datetime,
    kind: str = "SALE",
    status: str = "SUCCESS",
    parent: Transaction | None = None,
    tendered: Decimal | None = None,
    error_code: str | None = None,
) -> Transaction:
    """Add one transaction. ``tendered``: cash given, in the customer's currency; the change becomes a transaction."""
    transaction = Transaction(
        next_id(order, "OrderTransaction"),
        order,
        kind,
        status,
        gateway,
        amount,
        at,
        at,
        parent_transaction=parent,
        test=order.test,
        error_code=error_code,
        location=order.retail_location,
    )
    transaction.payment_id = f"{order.name}.{len(order.transactions) + 1}"
    if gateway == "shopify_payments" and kind in ("SALE", "CAPTURE") and status == "SUCCESS":
        transaction.fees.append(_processing_fee(store, order, amount))
    if gateway in ("shopify_payments", "bogus"):
        transaction.card = {"company": "Visa", "number": "•••• •••• •••• 4242"}
    if kind == "AUTHORIZATION":
        transaction.expires_at = at + timedelta(days=AUTHORIZATION_DAYS)
    order.transactions.append(transaction)
    if gateway == "cash" and kind == "SALE":
        _settle_cash(store, order, transaction, tendered)
    order.version += 1
    return transaction


def settle_as(
    store, order: Order, state: str, gateway: str, at: datetime, paid: object = None, tendered: object = None
) -> None:
    """Bring a newly placed order to a payment state. ``paid``: what a partial payment pays (default: half)."""
    due = totals(order)["due"]
    if not due.presentment > 0:
        return
    if state == "pending":
        pay(store, order, gateway, due, at, status="PENDING")
    elif state in ("authorized", "voided", "expired"):
        pay(store, order, gateway, due, at, kind="AUTHORIZATION")
        if state == "voided":
            void(store, order, at)
        elif state == "expired":
            order.authorization_expired = True
    elif state == "partially_paid":
        part = decimal(paid, "paid") if paid is not None else rounded(due.presentment / 2, order.pair.presentment)
        pay(store, order, gateway, order.pair.bag(part), at)
    else:
        cash = decimal(tendered, "tendered") if tendered is not None else None
        pay(store, order, gateway, due, at, tendered=cash)


def pay_as_listed(store, order: Order, payments: list[dict], at: datetime) -> None:
    """Payments one by one; an amount left out means what is still due."""
    for one in payments:
        known_keys(one, PAYMENT_KEYS, "payment")
        due = totals(order)["due"]
        amount = order.pair.bag(decimal(one["amount"], "payment")) if "amount" in one else due
        if order.pair.shop != order.pair.presentment and amount.presentment == due.presentment:
            amount = due
        tendered = decimal(one["tendered"], "tendered") if "tendered" in one else None
        pay(
            store,
            order,
            one.get("gateway", "manual"),
            amount,
            one.get("at", at),
            one.get("kind", "SALE").upper(),
            one.get("status", "SUCCESS").upper(),
            tendered=tendered,
            error_code=one.get("error_code"),
        )


def capture(store, order: Order, at: datetime, amount: object = None) -> Transaction:
    """Capture what was authorised, or ``amount`` of it (customer's currency)."""
    authorization = open_authorization(order)
    left = uncaptured(order, authorization)
    money = left if amount is None else order.pair.bag(decimal(amount, "amount"))
    if money.presentment > left.presentment or money.presentment <= 0:
        raise BadRequest(f"order {order.name}: {money} cannot be captured, {left} is authorised")
    if money.presentment == left.presentment:
        money = left
    return pay(store, order, authorization.gateway, money, at, kind="CAPTURE", parent=authorization)


def void(store, order: Order, at: datetime) -> Transaction:
    """Release an authorisation."""
    authorization = open_authorization(order)
    left = uncaptured(order, authorization)
    return pay(store, order, authorization.gateway, left, at, kind="VOID", parent=authorization)


def expire(order: Order) -> None:
    """Let the authorisation lapse: nothing can be captured any more."""
    open_authorization(order)
    order.authorization_expired = True
    order.version += 1


def mark_paid(store, order: Order, at: datetime, gateway: str | None = None) -> Transaction:
    """Record that the outstanding amount was paid: the pending payment succeeds, or a new one is added by hand."""
    due = totals(order)["due"]
    if order.cancelled_at is not None or not due.presentment > 0:
        raise BadRequest(f"order {order.name} cannot be marked as paid: cancelled, or nothing is due")
    if capturable(order):
        return capture(store, order, at)
    pending = next((one for one in order.transactions if one.kind == "SALE" and one.status == "PENDING"), None)
    if pending is not None and gateway is None:
        return pay(store, order, pending.gateway, due, at, parent=pending)
    return pay(store, order, gateway or "manual", due, at)


def open_authorization(order: Order) -> Transaction:
    """The authorisation that can still be captured; `BadRequest` when there is none."""
    if not order.authorization_expired:
        for transaction in order.transactions:
            if transaction.kind == "AUTHORIZATION" and transaction.success and uncaptured(order, transaction):
                return transaction
    raise BadRequest(f"order {order.name} has no open authorisation")


def _processing_fee(store, order: Order, amount: Bag) -> TransactionFee:
    currency = store.shop.currency_code
    flat = rounded(Decimal("0.30"), currency)
    fee = rounded(amount.shop * Decimal("0.029"), currency) + flat
    return TransactionFee(next_id(order, "TransactionFee"), fee, flat, Decimal("2.9"), Decimal(0), currency)


def _settle_cash(store, order: Order, sale: Transaction, tendered: Decimal | None) -> None:
    currency = order.pair.presentment
    rounding = Decimal(0)
    if currency in CASH_STEPS:
        rounding = cash_rounding(sale.amount_set.presentment, Decimal(CASH_STEPS[currency]))
        sale.amount_rounding_set = order.pair.bag(rounding)
    if tendered is None:
        return
    change = order.pair.bag(tendered - sale.amount_set.presentment - rounding)
    if change.presentment < 0:
        raise BadRequest(f"order {order.name}: {tendered} in cash does not pay {sale.amount_set}")
    if change:
        sale.amount_set += change
        pay(store, order, "cash", change, sale.created_at, kind="CHANGE", parent=sale)
