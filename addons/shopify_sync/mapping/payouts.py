"""Payouts of Shopify Payments, their balance transactions and disputes, read from Shopify's JSON; and their arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .money import ZERO, decimal, unit
from .payout_types import COME_BACK, TRANSFER
from .reading import filled, legacy_id, text, when

#: Shopify's statuses of payouts, in our words.
STATUSES = {
    "SCHEDULED": "scheduled",
    "IN_TRANSIT": "in_transit",
    "PAID": "paid",
    "FAILED": "failed",
    "CANCELED": "cancelled",
}
DISPUTE_STATUSES = frozenset(
    ["needs_response", "under_review", "won", "lost", "accepted", "prevented", "charge_refunded"]
)


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout. `net` is negative for a withdrawal, whichever sign Shopify states it with; `issued_at` is naive UTC."""

    shopify_id: str
    issued_at: datetime
    status: str
    is_withdrawal: bool
    net: Decimal
    currency: str
    trace_ref: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """A balance transaction; net = amount - fee. Ids are '' where Shopify has none."""

    shopify_id: str
    kind: str
    date: datetime
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    source_type: str
    source_id: str
    order_id: str
    order_name: str
    order_transaction_id: str
    reason: str
    test: bool

    @property
    def dispute_id(self) -> str:
        """The dispute that it belongs to."""
        return self.source_id if self.source_type == "DISPUTE" else ""

    @property
    def returned_payout_id(self) -> str:
        """The payout that did not arrive, whose money it is."""
        return self.source_id if self.kind in COME_BACK else ""

    @property
    def counts(self) -> bool:
        """Whether it is money that a payout pays: test ones move nothing, and the transfer is the payout itself."""
        return not self.test and self.kind != TRANSFER


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute; times are naive UTC or None."""

    shopify_id: str
    kind: str
    status: str
    amount: Decimal
    currency: str
    order_id: str
    order_name: str
    reason: str
    network_code: str
    initiated_at: datetime | None
    evidence_due: datetime | None
    evidence_sent_at: datetime | None
    finalized_at: datetime | None


def read_payout(record: Mapping[str, Any]) -> Payout:
    """A `ShopifyPaymentsPayout`.

    :raises KeyError: what Shopify always fills is missing, or a status that we do not know
    """
    net, is_withdrawal = decimal(filled(record["net"], "amount")), record["transactionType"] == "WITHDRAWAL"
    return Payout(
        shopify_id=legacy_id(filled(record, "id")),
        issued_at=when(filled(record, "issuedAt")),
        status=STATUSES[filled(record, "status")],
        is_withdrawal=is_withdrawal,
        net=-abs(net) if is_withdrawal else net,
        currency=filled(record["net"], "currencyCode"),
        trace_ref=text(record.get("externalTraceId")),
    )


def read_transaction(record: Mapping[str, Any]) -> Transaction:
    """A `ShopifyPaymentsBalanceTransaction` of any type.

    :raises KeyError: what Shopify always fills is missing
    :raises ValueError: its own figures do not agree
    """
    amount, fee, net = (decimal(filled(record[name], "amount")) for name in ("amount", "fee", "net"))
    if amount - fee != net:
        raise ValueError(f"balance transaction {record['id']}: {amount} less {fee} is not {net}")
    order = record.get("associatedOrder") or {}
    return Transaction(
        shopify_id=legacy_id(filled(record, "id")),
        kind=filled(record, "type"),
        date=when(filled(record, "transactionDate")),
        amount=amount,
        fee=fee,
        net=net,
        currency=filled(record["net"], "currencyCode"),
        source_type=text(record.get("sourceType")),
        source_id=text(record.get("sourceId")),
        order_id=legacy_id(order.get("id")),
        order_name=text(order.get("name")),
        order_transaction_id=text(record.get("sourceOrderTransactionId")),
        reason=text(record.get("adjustmentReason")),
        test=bool(record.get("test")),
    )


def read_dispute(record: Mapping[str, Any]) -> Dispute:
    """A `ShopifyPaymentsDispute`; a status that we do not know is one that is still looked at.

    :raises KeyError: what Shopify always fills is missing
    """
    order = record.get("order") or {}
    details = record.get("reasonDetails") or {}
    status = filled(record, "status").lower()
    return Dispute(
        shopify_id=legacy_id(filled(record, "id")),
        kind="inquiry" if record["type"] == "INQUIRY" else "chargeback",
        status=status if status in DISPUTE_STATUSES else "under_review",
        amount=decimal(filled(record["amount"], "amount")),
        currency=filled(record["amount"], "currencyCode"),
        order_id=legacy_id(order.get("id")),
        order_name=text(order.get("name")),
        reason=text(details.get("reason")),
        network_code=text(details.get("networkReasonCode")),
        initiated_at=when(record.get("initiatedAt")),
        evidence_due=when(record.get("evidenceDueBy")),
        evidence_sent_at=when(record.get("evidenceSentOn")),
        finalized_at=when(record.get("finalizedOn")),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount of a statement in the payout's currency, and the same in the journal's currency."""

    amount: Decimal
    converted: Decimal


def convert(amount: Decimal, rate: Decimal, places: int) -> Decimal:
    """An amount at a rate, rounded half away from zero to so many decimals."""
    return (amount * rate).quantize(unit(places), ROUND_HALF_UP)


def close_statement(
    gross: Iterable[tuple[Decimal, Decimal]], fee: Decimal, net: Decimal, rate: Decimal, places: int
) -> tuple[Entry, Entry]:
    """The fee line and the transfer line that end a statement.

    The transfer takes minus the net. In the journal's currency the statement moves exactly nothing, so the transfer takes
    minus the sum of all other lines there; roundings of single lines never stay behind.

    :param gross: (amount, converted amount) of each transaction, or sums of them
    :return: (fee line, transfer line); the fee line may be zero
    """
    taken = Entry(-fee, convert(-fee, rate, places))
    converted = sum((part[1] for part in gross), ZERO) + taken.converted
    return taken, Entry(-net, -converted)
