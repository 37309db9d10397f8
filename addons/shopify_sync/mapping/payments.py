"""Money that moved for an order, and the gateways it moved through (rules, sections 2 and 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, amount, stated
from .reading import legacy_id, when

#: The gateway of money without a gateway name (draft orders, cash).
NAMELESS = "manual"
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


def read_payments(
    transactions: Iterable[Mapping[str, Any]], side: Side, nameless: str = NAMELESS
) -> tuple[Payment, ...]:
    """The payments of an order: only successful SALE and CAPTURE transactions are money, unless they were voided.

    Change given back in cash is taken off the payment it belongs to, cash rounding is added.

    :param nameless: the gateway of transactions that name none
    """
    transactions = list(transactions)
    voided = _voided(transactions)
    paid = [
        data
        for data in transactions
        if data["kind"] in _MONEY_IN and data["status"] == "SUCCESS" and data["id"] not in voided
    ]
    amounts = [stated(data, "amountSet", side) + amount(data.get("amountRoundingSet"), side) for data in paid]
    for data in transactions:
        if data["kind"] == "CHANGE" and data["status"] == "SUCCESS":
            _give_change(data, paid, amounts, side)
    return tuple(
        Payment(
            transaction_id=legacy_id(data["id"]),
            gateway=gateway_code(data, nameless),
            kind=data["kind"].lower(),
            amount=value,
            processed_at=when(data.get("processedAt") or data.get("createdAt")),
            test=bool(data.get("test")),
            payment_ref=data.get("paymentId") or "",
        )
        for data, value in zip(paid, amounts, strict=True)
        if value
    )


def count_transactions(transactions: Iterable[Mapping[str, Any]], side: Side) -> int:
    """How many transactions of an order moved money: payments as `read_payments` counts them, and money given back."""
    transactions = list(transactions)
    back = [
        data
        for data in transactions
        if data["kind"] == "REFUND" and data["status"] == "SUCCESS" and stated(data, "amountSet", side)
    ]
    return len(read_payments(transactions, side)) + len(back)


def _give_change(change: Mapping[str, Any], paid: list[Mapping[str, Any]], amounts: list[Decimal], side: Side) -> None:
    """Take change off its own payment first, then off those of its gateway, gift cards and store credit last."""
    left = abs(stated(change, "amountSet", side))

    def distance(index: int) -> tuple[bool, bool, bool]:
        gateway = paid[index].get("gateway")
        return (
            paid[index]["id"] != _parent(change),
            gateway != change.get("gateway"),
            gateway in SECONDARY_GATEWAYS,
        )

    for index in sorted(range(len(paid)), key=distance):
        off = min(left, amounts[index])
        amounts[index] -= off
        left -= off


def read_gateways(order: Mapping[str, Any], total: Decimal, side: Side) -> Gateways:
    """The gateway codes of an order, letter for letter as Shopify sends them, and the main one.

    Codes come from the order's live transactions, else from those that were authorized and voided since, else from
    `paymentGatewayNames`. An order without any is `free` when its total is zero, else `manual`.
    """
    transactions = order["transactions"]
    voided = _voided(transactions)
    live = [data for data in transactions if data["status"] in _ALIVE]
    code_of_rest = nameless_code(order)
    sums = _sums([data for data in live if data["id"] not in voided], side, code_of_rest)
    sums = sums or _sums(live, side, code_of_rest)
    if not sums:
        sums = {code: ZERO for code in order.get("paymentGatewayNames") or [] if code}
    if not sums:
        sums = {"free" if not total else NAMELESS: total}
    ranked = sorted(sums, key=lambda code: (code in SECONDARY_GATEWAYS, -sums[code]))
    return Gateways(tuple(ranked), ranked[0])


def _sums(live: list[Mapping[str, Any]], side: Side, nameless: str) -> dict[str, Decimal]:
    """What each gateway pays or promises to pay: the larger of both, as a capture follows its authorization."""
    followed = {_parent(data) for data in live if data["kind"] in _MONEY_IN and data["status"] == "SUCCESS"}
    money: dict[str, Decimal] = {}
    promised: dict[str, Decimal] = {}
    for data in live:
        kind, value = data["kind"], stated(data, "amountSet", side)
        if kind not in _MONEY_IN | _PROMISES or not (data.get("gateway") or value):
            continue
        code = gateway_code(data, nameless)
        pending = data["status"] != "SUCCESS"
        sums = money if kind in _MONEY_IN and not (pending and data["id"] in followed) else promised
        sums[code] = sums.get(code, ZERO) + value
    return {code: max(money.get(code, ZERO), promised.get(code, ZERO)) for code in [*money, *promised]}


def nameless_code(order: Mapping[str, Any]) -> str:
    """The gateway of the transactions that name none: the one name of the order that no transaction has."""
    used = {data.get("gateway") for data in order["transactions"]}
    taken = used | SECONDARY_GATEWAYS
    names = [name for name in order.get("paymentGatewayNames") or [] if name and name not in taken]
    return names[0] if len(names) == 1 else NAMELESS


def gateway_code(transaction: Mapping[str, Any], nameless: str = NAMELESS) -> str:
    """The code of a transaction's gateway; `nameless` where it has none."""
    return transaction.get("gateway") or nameless


def _parent(transaction: Mapping[str, Any]) -> str:
    return (transaction.get("parentTransaction") or {}).get("id") or ""


def _voided(transactions: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of transactions that a successful VOID took back."""
    return frozenset(_parent(data) for data in transactions if data["kind"] == "VOID" and data["status"] == "SUCCESS")
