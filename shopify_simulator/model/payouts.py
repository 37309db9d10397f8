"""Shopify Payments: what moves the balance, what is paid out of it, and disputes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

BACK = {"FAILED": "TRANSFER_FAILURE", "CANCELED": "TRANSFER_CANCEL"}
"""Types of the transactions by which the money of a payout comes back, by the status of that payout."""


@dataclass(slots=True)
class BalanceTransaction:
    """One movement of the balance, in the currency it is settled in: ``net`` = ``amount`` - ``fee``.

    ``type`` and ``source_type`` by Shopify's words. ``payout`` None while it waits for the next one. A ``test`` one moves no
    money: no payout counts it.
    """

    id: int
    type: str
    amount: Decimal
    currency: str
    transaction_date: datetime
    fee: Decimal = Decimal(0)
    source_type: str | None = None
    source_id: int | None = None
    source_order_transaction_id: int | None = None
    order_id: int | None = None
    order_name: str | None = None
    adjustment_reason: str | None = None
    test: bool = False
    payout: Payout | None = field(default=None, repr=False)

    typename = "ShopifyPaymentsBalanceTransaction"

    @property
    def net(self) -> Decimal:
        return self.amount - self.fee


@dataclass(slots=True)
class Payout:
    """Money sent to the bank (a deposit), or taken from it where ``net`` is negative (a withdrawal).

    ``transactions``: what it pays, without the transfer itself. ``stated``: a status that no longer follows the clock.
    """

    id: int
    issued_at: datetime
    currency: str
    transactions: list[BalanceTransaction]
    net: Decimal
    stated: str | None = None

    typename = "ShopifyPaymentsPayout"

    def status(self, now: datetime) -> str:
        """SCHEDULED until it is issued, IN_TRANSIT for a day, then PAID; or FAILED or CANCELED."""
        if self.stated:
            return self.stated
        if now < self.issued_at:
            return "SCHEDULED"
        return "IN_TRANSIT" if now < self.issued_at + timedelta(days=1) else "PAID"

    @property
    def transaction_type(self) -> str:
        return "WITHDRAWAL" if self.net < 0 else "DEPOSIT"

    def sums(self, group: str) -> tuple[Decimal, Decimal]:
        """Amounts and fees of the transactions of a group: charges, refunds, adjustments, reserved, retried, advance."""
        found = [one for one in self.transactions if not one.test and group_of(one.type) == group]
        return sum((one.amount for one in found), Decimal(0)), sum((one.fee for one in found), Decimal(0))


@dataclass(slots=True)
class Dispute:
    """A customer's bank asks for money back (CHARGEBACK), or only asks (INQUIRY, which moves no money)."""

    id: int
    order_id: int
    order_name: str
    transaction_id: int
    amount: Decimal
    currency: str
    type: str
    status: str
    reason: str
    network_reason_code: str
    initiated_at: datetime
    evidence_due_by: datetime
    evidence_sent_on: datetime | None = None
    finalized_on: datetime | None = None
    withdrawn: bool = False
    test: bool = False

    typename = "ShopifyPaymentsDispute"

    @property
    def open(self) -> bool:
        return self.finalized_on is None


def group_of(kind: str) -> str:
    """The part of a payout's summary that counts a type of transaction."""
    if kind == "CHARGE":
        return "charges"
    for start, group in _GROUPS:
        if kind.startswith(start):
            return group
    return "adjustments"


_GROUPS = (
    ("REFUND", "refunds"),
    ("RESERVED_FUNDS", "reserved"),
    ("TRANSFER_", "retried"),
    ("LENDING_", "advance"),
    ("ADVANCE", "advance"),
)
