"""Control of totals: what Shopify states against what its lines add up to (rules, section 8.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .line import TAX_FEE, Line
from .money import ZERO, Side, amount, total
from .reading import nodes
from .refunds import Refund


@dataclass(frozen=True, slots=True)
class Totals:
    """What the imported order must come to, in the currency of the import, after items taken off without money and
    with cash rounding. `untaxed` + `tax` = `total`."""

    untaxed: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure on which Shopify's document contradicts itself. `name` is total, subtotal, tax or current_total."""

    name: str
    stated: Decimal
    counted: Decimal

    @property
    def amount(self) -> Decimal:
        """Shopify's figure less what its lines add up to."""
        return self.stated - self.counted


def expected_totals(
    order: Mapping[str, Any], lines: Iterable[Line], refunds: Iterable[Refund], side: Side, as_ordered: bool
) -> Totals:
    """The totals that the imported lines must reach.

    `totalPriceSet` is before returns, so what refunds without money took off is deducted, unless the order is imported
    as it was ordered. Shopify keeps cash rounding beside the total; in Odoo it is a line.
    """
    included = bool(order.get("taxesIncluded"))
    stated = amount(order.get("totalPriceSet"), side)
    tax = amount(order.get("totalTaxSet"), side)
    if not as_ordered:
        silent = [refund for refund in refunds if not refund.moves_money]
        stated -= total(refund.value(included) for refund in silent)
        tax -= total(refund.tax for refund in silent)
    stated += cash_rounding(order, side)
    tax -= total(line.net for line in lines if line.key.startswith(TAX_FEE))
    return Totals(stated - tax, tax, stated)


def cash_rounding(order: Mapping[str, Any], side: Side) -> Decimal:
    """The rounding of cash payments that Shopify keeps beside the order's total."""
    return amount((order.get("totalCashRoundingAdjustment") or {}).get("paymentSet"), side)


def contradictions(
    order: Mapping[str, Any], lines: Iterable[Line], refunds: Iterable[Refund], expected: Totals, side: Side
) -> tuple[Difference, ...]:
    """Where the document does not add up; empty for a sound one."""
    lines = list(lines)
    counted = total(line.gross for line in lines)
    counted_tax = total(tax.amount for line in lines for tax in line.taxes)
    found = [Difference("total", expected.total, counted), Difference("tax", expected.tax, counted_tax)]
    found.append(_subtotal(order, side))
    found.append(_current_total(order, refunds, side))
    return tuple(item for item in found if item and item.amount)


def _subtotal(order: Mapping[str, Any], side: Side) -> Difference | None:
    if not order.get("subtotalPriceSet"):
        return None
    stated = amount(order["subtotalPriceSet"], side)
    counted = ZERO
    for line in nodes(order.get("lineItems")):
        counted += amount(line.get("originalUnitPriceSet"), side) * line["quantity"]
        counted -= total(amount(item.get("allocatedAmountSet"), side) for item in line.get("discountAllocations") or [])
    if stated == counted - amount(order.get("totalTipReceivedSet"), side):  # a tip sold as a line is no goods
        return None
    return Difference("subtotal", stated, counted)


def _current_total(order: Mapping[str, Any], refunds: Iterable[Refund], side: Side) -> Difference | None:
    if not order.get("currentTotalPriceSet"):
        return None
    included = bool(order.get("taxesIncluded"))
    counted = amount(order.get("totalPriceSet"), side) - total(refund.value(included) for refund in refunds)
    return Difference("current_total", amount(order["currentTotalPriceSet"], side), counted)
