"""Topics of webhooks: their two spellings, the scope each needs, and which ones a change of an order fires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .model.fulfilment import Fulfillment
from .model.order import Order
from .model.returns import Return
from .statuses import financial_status, fulfillment_status
from .webhook_bodies import (
    disposal_body,
    edit_body,
    fulfillment_body,
    group_body,
    moved_body,
    order_body,
    refund_body,
    return_body,
    risk_body,
    transaction_body,
)

#: Topics whose name in the header is not the enum's with its last word cut off.
_OTHER_CUT = {
    "ORDERS_RISK_ASSESSMENT_CHANGED": "orders/risk_assessment_changed",
    "ORDERS_PARTIALLY_FULFILLED": "orders/partially_fulfilled",
    "APP_SCOPES_UPDATE": "app/scopes_update",
}

#: Topics of fulfilment orders; what happened may be several words.
_GROUPS = "FULFILLMENT_ORDERS_"

_SCOPES = {
    "ORDERS": "read_orders",
    "ORDER_TRANSACTIONS": "read_orders",
    "REFUNDS": "read_orders",
    "RETURNS": "read_returns",
    "REVERSE_FULFILLMENT_ORDERS": "read_returns",
    "FULFILLMENTS": "read_fulfillments",
    "FULFILLMENT_ORDERS": "read_merchant_managed_fulfillment_orders",
    "PRODUCTS": "read_products",
    "COLLECTIONS": "read_products",
    "CUSTOMERS": "read_customers",
    "CUSTOMERS_MERGE": "read_customer_merge",
    "LOCATIONS": "read_locations",
    "INVENTORY_LEVELS": "read_inventory",
    "INVENTORY_ITEMS": "read_inventory",
    "DRAFT_ORDERS": "read_draft_orders",
}

#: What fires: topic and the function that gives its body.
Fired = tuple[str, Callable[[], dict]]


def header_name(topic: str) -> str:
    """``orders/create`` for ORDERS_CREATE, as the header X-Shopify-Topic spells it."""
    if topic in _OTHER_CUT:
        return _OTHER_CUT[topic]
    if topic.startswith(_GROUPS):
        return f"fulfillment_orders/{topic.removeprefix(_GROUPS).lower()}"
    resource, _, event = topic.rpartition("_")
    return f"{resource}/{event}".lower()


def needed_scope(topic: str) -> str | None:
    """The scope without which the app may not subscribe; None when none is needed."""
    words = topic.split("_")
    for size in range(len(words), 0, -1):
        scope = _SCOPES.get("_".join(words[:size]))
        if scope:
            return scope
    return None


@dataclass(frozen=True, slots=True)
class Seen:
    """What an order was like before a change, as far as topics depend on it."""

    transactions: frozenset[tuple[int, str]] = frozenset()
    refunds: frozenset[int] = frozenset()
    fulfillments: tuple[tuple[int, tuple], ...] = ()
    edits: int = 0
    returns: tuple[tuple[int, tuple], ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    cancelled: bool = False
    risk: tuple = ()
    financial: str | None = None
    fulfilled: str | None = None


def look(order: Order) -> Seen:
    """The parts of an order that topics depend on."""
    return Seen(
        transactions=frozenset((one.id, one.status) for one in order.transactions),
        refunds=frozenset(one.id for one in order.refunds),
        fulfillments=tuple((one.id, _shipment(one)) for one in order.fulfillments),
        edits=sum(agreement.reason == "ORDER_EDIT" for agreement in order.agreements),
        returns=tuple((one.id, _return(one)) for one in order.returns),
        groups=tuple((one.id, one.status) for one in order.fulfillment_orders),
        cancelled=order.cancelled_at is not None,
        risk=tuple((one.risk_level, one.provider) for one in order.risk_assessments),
        financial=financial_status(order),
        fulfilled=fulfillment_status(order),
    )


def fired_by(order: Order, before: Seen | None) -> list[Fired]:
    """Topics that a change fires, in Shopify's usual order; ``before`` is None for a new order."""
    now, old = look(order), before or Seen()
    found: list[Fired] = [("ORDERS_CREATE", lambda: order_body(order))] if before is None else []
    found += _money(order, now, old)
    if before is not None and now.edits > old.edits:
        found.append(("ORDERS_EDITED", lambda: edit_body(order)))
    found += _shipments(order, old) + _groups(order, old)
    found += _returns(order, old)
    if before is not None and now.risk != old.risk:
        found.append(("ORDERS_RISK_ASSESSMENT_CHANGED", lambda: risk_body(order)))
    reached = {
        "ORDERS_CANCELLED": now.cancelled and not old.cancelled,
        "ORDERS_PAID": now.financial == "PAID" != old.financial,
        "ORDERS_FULFILLED": now.fulfilled == "FULFILLED" != old.fulfilled,
        "ORDERS_PARTIALLY_FULFILLED": now.fulfilled == "PARTIALLY_FULFILLED" != old.fulfilled,
        "ORDERS_UPDATED": before is not None or len(found) > 1,
    }
    return found + [(topic, lambda: order_body(order)) for topic, is_so in reached.items() if is_so]


def _money(order: Order, now: Seen, old: Seen) -> list[Fired]:
    moved = now.transactions - old.transactions
    found: list[Fired] = [
        ("ORDER_TRANSACTIONS_CREATE", lambda one=one: transaction_body(one))
        for one in order.transactions
        if (one.id, one.status) in moved and one.status in ("SUCCESS", "FAILURE", "ERROR")
    ]
    new = (one for one in order.refunds if one.id not in old.refunds)
    return found + [("REFUNDS_CREATE", lambda one=one: refund_body(one)) for one in new]


def _shipments(order: Order, old: Seen) -> list[Fired]:
    known = dict(old.fulfillments)
    return [
        (f"FULFILLMENTS_{'UPDATE' if one.id in known else 'CREATE'}", lambda one=one: fulfillment_body(one))
        for one in order.fulfillments
        if known.get(one.id) != _shipment(one)
    ]


def _shipment(one: Fulfillment) -> tuple:
    return (one.status, one.updated_at, tuple((mark.company, mark.number, mark.url) for mark in one.tracking))


def _groups(order: Order, old: Seen) -> list[Fired]:
    """Holds that were set or released, and what was moved to another location."""
    known = dict(old.groups)
    found: list[Fired] = []
    for one in order.fulfillment_orders:
        was = known.get(one.id)
        if was == "ON_HOLD" and one.status == "OPEN":
            found.append(("FULFILLMENT_ORDERS_HOLD_RELEASED", lambda one=one: group_body(one)))
        elif was not in (None, "ON_HOLD") and one.status == "ON_HOLD":
            found.append(("FULFILLMENT_ORDERS_PLACED_ON_HOLD", lambda one=one: group_body(one)))
        elif was is None and one.moved_from is not None and known:
            found.append(("FULFILLMENT_ORDERS_MOVED", lambda one=one: moved_body(one)))
    return found


#: What a status that a return has come to is told as.
_RETURN_STATUSES = {
    "REQUESTED": "RETURNS_REQUEST",
    "OPEN": "RETURNS_APPROVE",
    "CLOSED": "RETURNS_CLOSE",
    "CANCELED": "RETURNS_CANCEL",
    "DECLINED": "RETURNS_DECLINE",
}


def _returns(order: Order, old: Seen) -> list[Fired]:
    known = dict(old.returns)
    found: list[Fired] = []
    for one in order.returns:
        status, processed, disposals = known.get(one.id, (None, 0, ()))
        _status, now_processed, now_disposals = _return(one)
        topics = []
        if one.status != status:
            topics.append("RETURNS_REOPEN" if status == "CLOSED" else _RETURN_STATUSES[one.status])
        if now_processed != processed:
            topics.append("RETURNS_PROCESS")
        found += [(topic, lambda one=one, topic=topic: return_body(one, topic)) for topic in topics]
        for work, count in now_disposals:
            if count != dict(disposals).get(work, 0):
                group = next(group for group in one.reverse_orders if group.id == work)
                found.append(("REVERSE_FULFILLMENT_ORDERS_DISPOSE", lambda group=group: disposal_body(group)))
    return found


def _return(one: Return) -> tuple:
    processed = sum(line.processed_quantity for line in one.lines) + sum(
        swap.processed_quantity for swap in one.exchanges
    )
    disposals = tuple((work.id, sum(len(line.dispositions) for line in work.lines)) for work in one.reverse_orders)
    return one.status, processed, disposals
