"""Refunds of an order as Shopify states them. Amounts in the currency of the import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, amount, total
from .payments import gateway_code
from .reading import legacy_id, nodes, text, when


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
    """Money given back, or about to be."""

    transaction_id: str
    parent_id: str
    gateway: str
    status: str
    amount: Decimal
    processed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund of Shopify; `refunded` is the money that Shopify says was given back."""

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

    @property
    def moves_money(self) -> bool:
        """Whether money was given back or is on its way; else the refund only took items off the order."""
        alive = (item for item in self.transactions if item.status in ("success", "pending", "awaiting_response"))
        return bool(self.refunded) or any(item.amount for item in alive)

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
    def tax(self) -> Decimal:
        """The tax in the value taken off."""
        parts = [*self.lines, *self.shipping]
        return total(part.tax for part in parts) - total(item.tax for item in self.adjustments)


def read_refunds(refunds: Iterable[Mapping[str, Any]] | None, side: Side) -> tuple[Refund, ...]:
    """The refunds of an order, oldest first."""
    read = [_read(refund, side) for refund in refunds or []]
    return tuple(sorted(read, key=lambda refund: (refund.created_at is not None, refund.created_at)))


def _read(data: Mapping[str, Any], side: Side) -> Refund:
    return Refund(
        shopify_id=legacy_id(data["id"]),
        created_at=when(data.get("createdAt")),
        processed_at=when(data.get("processedAt") or data.get("createdAt")),
        note=text(data.get("note")),
        refunded=amount(data.get("totalRefundedSet"), side),
        lines=tuple(
            RefundLine(
                line_id=legacy_id((line.get("lineItem") or {}).get("id")),
                quantity=line["quantity"],
                restock=text(line.get("restockType")).lower() or "no_restock",
                location_id=legacy_id((line.get("location") or {}).get("id")),
                subtotal=amount(line.get("subtotalSet"), side),
                tax=amount(line.get("totalTaxSet"), side),
            )
            for line in nodes(data.get("refundLineItems"))
        ),
        shipping=tuple(
            RefundShipping(
                shipping_line_id=legacy_id((line.get("shippingLine") or {}).get("id")),
                subtotal=amount(line.get("subtotalAmountSet"), side),
                tax=amount(line.get("taxAmountSet"), side),
            )
            for line in nodes(data.get("refundShippingLines"))
        ),
        adjustments=tuple(
            Adjustment(
                reason=text(item.get("reason")).lower(),
                amount=amount(item.get("amountSet"), side),
                tax=amount(item.get("taxAmountSet"), side),
            )
            for item in nodes(data.get("orderAdjustments"))
        ),
        duties=total(amount(duty.get("amountSet"), side) for duty in data.get("duties") or []),
        transactions=tuple(
            RefundTransaction(
                transaction_id=legacy_id(item["id"]),
                parent_id=legacy_id((item.get("parentTransaction") or {}).get("id")),
                gateway=gateway_code(item),
                status=text(item.get("status")).lower(),
                amount=amount(item.get("amountSet"), side),
                processed_at=when(item.get("processedAt")),
            )
            for item in nodes(data.get("transactions"))
            if item.get("kind") == "REFUND"
        ),
    )


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken off a line (or shipping line) without money, by refunds."""

    quantity: int = 0
    subtotal: Decimal = ZERO
    tax: Decimal = ZERO


def removed_without_money(refunds: Iterable[Refund]) -> tuple[dict[str, Removed], dict[str, Removed]]:
    """Per line id and per shipping line id, what refunds that moved no money took off."""
    lines: dict[str, Removed] = {}
    shipping: dict[str, Removed] = {}
    for refund in refunds:
        if refund.moves_money:
            continue
        for line in refund.lines:
            old = lines.get(line.line_id, Removed())
            lines[line.line_id] = Removed(
                old.quantity + line.quantity, old.subtotal + line.subtotal, old.tax + line.tax
            )
        for ship in refund.shipping:
            old = shipping.get(ship.shipping_line_id, Removed())
            shipping[ship.shipping_line_id] = Removed(0, old.subtotal + ship.subtotal, old.tax + ship.tax)
    return lines, shipping


def refunded_units(refunds: Iterable[Refund]) -> dict[str, int]:
    """Per line id, the units in refunds that moved money."""
    units: dict[str, int] = {}
    for refund in refunds:
        if refund.moves_money:
            for line in refund.lines:
                units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return units
