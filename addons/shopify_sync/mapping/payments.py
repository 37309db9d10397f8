"""Money that moved for an order, and the gateways it moved through (rules, sections 2 and 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, amount
from .reading import legacy_id, when

#: Gateways that only pay the rest: never the main gateway of an order that has another.
SECONDARY_GATEWAYS = frozenset({"gift_card", "shopify_store_credit"})
_MONEY_IN = frozenset({"SALE", "CAPTURE"})
_PROMISES = frozenset({"AUTHORIZATION", "EMV_AUTHORIZATION"})
_ALIVE = frozenset({"SUCCESS", "PENDING", "AWAITING_RESPONSE", "UNKNOWN"})


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received: a successful sale or capture, cash change taken off. `amount` in the currency of the import."""

    transaction_id: str
    gateway: str
    kind: str
    amount: Decimal
    processed_at: datetime | None
    test: bool
    payment_ref: str


@dataclass(frozen=True, slots=True)
class Gateways:
    """The gateways of an order. `main` decides the workflow; `codes` keeps the order of the amounts."""

    codes: tuple[str, ...]
    main: str


def read_payments(transactions: Iterable[Mapping[str, Any]], side: Side) -> tuple[Payment, ...]:
    """The payments of an order: only successful SALE and CAPTURE transactions are money.

    Change given back in cash is taken off the payment it belongs to, cash rounding is added.
    """
    transactions = list(transactions)
    change: dict[str, Decimal] = {}
    loose_change = ZERO
    for data in transactions:
        if data["kind"] == "CHANGE" and data["status"] == "SUCCESS":
            parent = legacy_id((data.get("parentTransaction") or {}).get("id"))
            value = abs(amount(data.get("amountSet"), side))
            if parent:
                change[parent] = change.get(parent, ZERO) + value
            else:
                loose_change += value
    payments = []
    for data in transactions:
        if data["kind"] not in _MONEY_IN or data["status"] != "SUCCESS":
            continue
        ident = legacy_id(data["id"])
        value = amount(data.get("amountSet"), side) + amount(data.get("amountRoundingSet"), side)
        value -= change.pop(ident, ZERO)
        off = min(loose_change, value)
        loose_change -= off
        payments.append(
            Payment(
                transaction_id=ident,
                gateway=gateway_code(data),
                kind=data["kind"].lower(),
                amount=value - off,
                processed_at=when(data.get("processedAt") or data.get("createdAt")),
                test=bool(data.get("test")),
                payment_ref=data.get("paymentId") or "",
            )
        )
    return tuple(payment for payment in payments if payment.amount)


def read_gateways(order: Mapping[str, Any], total: Decimal, side: Side) -> Gateways:
    """The gateway codes of an order, letter for letter as Shopify sends them, and the main one.

    Codes come from the order's live transactions, else from `paymentGatewayNames`. An order without any is `free` when
    its total is zero, else `manual` (draft orders, cash without a gateway name).
    """
    sums: dict[str, Decimal] = {}
    for kinds in (_MONEY_IN, _PROMISES):
        for data in order.get("transactions") or []:
            code = data.get("gateway")
            if code and data["kind"] in kinds and data["status"] in _ALIVE:
                if kinds is _PROMISES and code in sums:
                    continue
                sums[code] = sums.get(code, ZERO) + amount(data.get("amountSet"), side)
    if not sums:
        sums = {code: ZERO for code in order.get("paymentGatewayNames") or [] if code}
    if not sums:
        sums = {"free" if not total else "manual": total}
    ranked = sorted(sums, key=lambda code: (code in SECONDARY_GATEWAYS, -sums[code]))
    return Gateways(tuple(ranked), ranked[0])


def gateway_code(transaction: Mapping[str, Any]) -> str:
    """The code of a transaction's gateway; cash without a name is `manual`."""
    return transaction.get("gateway") or "manual"
