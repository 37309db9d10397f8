"""Refunds of an order as Shopify states them. Amounts in the currency of the import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, amount, stated, total
from .payments import NAMELESS, gateway_code
from .reading import filled, legacy_id, nodes, text, when

#: Transactions whose money was given back, or is on its way.
ALIVE = ("success", "pending", "awaiting_response")


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Units of a line taken back. `subtotal` is after discounts, with included taxes in it; `tax` beside it."""

    line_id: str
    quantity: int
    restock: str
    location_id: str
    subtotal: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class RefundShipping:
    """Shipping taken back."""

    shipping_line_id: str
    subtotal: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What makes the refund's money differ from its lines; `amount` is negative when more is given back."""

    reason: str
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class RefundTransaction:
    """Money given back, or about to be. `rounding` is what cash rounding adds to `amount` in the customer's hand."""

    transaction_id: str
    parent_id: str
    gateway: str
    status: str
    amount: Decimal
    processed_at: datetime | None
    rounding: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund of Shopify; `refunded` is the money that Shopify says was given back.

    `duties` is the sum of duties taken back, `duty_amounts` the same by the id of the duty ('' where Shopify tells
    none). `is_reversal`: Shopify has no such refund; it is what a processed return took off (`reversals.py`).
    """

    shopify_id: str
    created_at: datetime | None
    processed_at: datetime | None
    note: str
    refunded: Decimal
    lines: tuple[RefundLine, ...]
    shipping: tuple[RefundShipping, ...]
    adjustments: tuple[Adjustment, ...]
    duties: Decimal
    transactions: tuple[RefundTransaction, ...]
    duty_amounts: tuple[tuple[str, Decimal], ...] = ()
    is_reversal: bool = False

    @property
    def moves_money(self) -> bool:
        """Whether money was given back or is on its way; else the refund only took items off the order. A return gave
        something for its units, or will."""
        alive = (item for item in self.transactions if item.status in ALIVE)
        return self.is_reversal or bool(self.refunded) or any(item.amount for item in alive)

    def value(self, included: bool) -> Decimal:
        """What the refund takes off the order's total.

        :param included: whether the order's prices include taxes
        """
        parts = [*self.lines, *self.shipping]
        value = total(part.subtotal for part in parts) - total(item.amount for item in self.adjustments) + self.duties
        if not included:
            value += total(part.tax for part in parts) - total(item.tax for item in self.adjustments)
        return value

    @property
    def rounding(self) -> Decimal:
        """What cash rounding adds to the money given back; Shopify keeps it beside the refund's value."""
        return total(item.rounding for item in self.transactions if item.status == "success")

    @property
    def tax(self) -> Decimal:
        """The tax in the value taken off."""
        parts = [*self.lines, *self.shipping]
        return total(part.tax for part in parts) - total(item.tax for item in self.adjustments)


def read_refunds(
    refunds: Iterable[Mapping[str, Any]] | None, side: Side, nameless: str = NAMELESS
) -> tuple[Refund, ...]:
    """The refunds of an order, oldest first. `nameless`: the gateway of transactions that name none."""
    read = [_read(refund, side, nameless) for refund in refunds or []]
    return tuple(sorted(read, key=lambda refund: (refund.created_at is not None, refund.created_at)))


def _read(data: Mapping[str, Any], side: Side, nameless: str) -> Refund:
    duties = tuple(
        (legacy_id((duty.get("originalDuty") or {}).get("id")), stated(duty, "amountSet", side))
        for duty in data.get("duties") or []
    )
    return Refund(
        shopify_id=legacy_id(data["id"]),
        created_at=when(data.get("createdAt")),
        processed_at=when(data.get("processedAt") or data.get("createdAt")),
        note=text(data.get("note")),
        refunded=stated(data, "totalRefundedSet", side),
        lines=tuple(
            RefundLine(
                line_id=legacy_id(filled(line["lineItem"], "id")),
                quantity=line["quantity"],
                restock=text(line.get("restockType")).lower() or "no_restock",
                location_id=legacy_id((line.get("location") or {}).get("id")),
                subtotal=stated(line, "subtotalSet", side),
                tax=stated(line, "totalTaxSet", side),
            )
            for line in nodes(filled(data, "refundLineItems"))
        ),
        shipping=tuple(
            RefundShipping(
                shipping_line_id=legacy_id(line["shippingLine"]["id"]),
                subtotal=stated(line, "subtotalAmountSet", side),
                tax=stated(line, "taxAmountSet", side),
            )
            for line in nodes(filled(data, "refundShippingLines"))
        ),
        adjustments=tuple(
            Adjustment(
                reason=text(item.get("reason")).lower(),
                amount=stated(item, "amountSet", side),
                tax=stated(item, "taxAmountSet", side),
            )
            for item in nodes(filled(data, "orderAdjustments"))
        ),
        duties=total(value for _ident, value in duties),
        transactions=tuple(
            RefundTransaction(
                transaction_id=legacy_id(item["id"]),
                parent_id=legacy_id((item.get("parentTransaction") or {}).get("id")),
                gateway=gateway_code(item, nameless),
                status=text(item.get("status")).lower(),
                amount=stated(item, "amountSet", side),
                processed_at=when(item.get("processedAt")),
                rounding=amount(item.get("amountRoundingSet"), side),
            )
            for item in nodes(filled(data, "transactions"))
            if filled(item, "kind") == "REFUND"
        ),
        duty_amounts=duties,
    )


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken off a line (or shipping line) without money, by refunds."""

    quantity: int = 0
    subtotal: Decimal = ZERO
    tax: Decimal = ZERO

    def __add__(self, other: Removed) -> Removed:
        return Removed(self.quantity + other.quantity, self.subtotal + other.subtotal, self.tax + other.tax)


@dataclass(frozen=True, slots=True)
class RemovedParts:
    """What refunds that moved no money took off an order: by line id, shipping line id and duty id."""

    lines: Mapping[str, Removed]
    shipping: Mapping[str, Removed]
    duties: Mapping[str, Decimal]


def removed_without_money(refunds: Iterable[Refund]) -> RemovedParts:
    """What refunds that moved no money took off."""
    lines: dict[str, Removed] = {}
    shipping: dict[str, Removed] = {}
    duties: dict[str, Decimal] = {}
    for refund in refunds:
        if refund.moves_money:
            continue
        for line in refund.lines:
            removed = Removed(line.quantity, line.subtotal, line.tax)
            lines[line.line_id] = lines.get(line.line_id, Removed()) + removed
        for ship in refund.shipping:
            removed = Removed(0, ship.subtotal, ship.tax)
            shipping[ship.shipping_line_id] = shipping.get(ship.shipping_line_id, Removed()) + removed
        for ident, value in refund.duty_amounts:
            duties[ident] = duties.get(ident, ZERO) + value
    return RemovedParts(lines, shipping, duties)


def refunded_shipping(refunds: Iterable[Refund]) -> frozenset[str]:
    """The ids of the shipping lines that refunds which moved money gave back."""
    return frozenset(ship.shipping_line_id for refund in refunds if refund.moves_money for ship in refund.shipping)


def refunded_units(refunds: Iterable[Refund]) -> dict[str, int]:
    """Per line id, the units in refunds that moved money."""
    units: dict[str, int] = {}
    for refund in refunds:
        if refund.moves_money:
            for line in refund.lines:
                units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return units
