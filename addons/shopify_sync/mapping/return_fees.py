"""What Shopify keeps of a return's refund for itself: restocking fees and return shipping.

The fees stand on the return, the refund gives back so much less than its items were worth. Where an adjustment of the refund
says so already, there is nothing left to explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, amount, total
from .reading import legacy_id, nodes
from .refunds import ALIVE, Adjustment, Refund

#: The reason of the adjustment that a fee is.
FEE = "return_fee"


def with_return_fees(order: Mapping[str, Any], refunds: Iterable[Refund], side: Side) -> tuple[Refund, ...]:
    """The refunds, less the fees of the returns that they were made from; each fee counts once, in the first refund that
    gives back less than its items."""
    included = bool(order.get("taxesIncluded"))
    left = _fees_of_returns(order, side)
    owner = _owners(order)
    result = []
    for refund in refunds:
        of_return = owner.get(refund.shopify_id)
        kept = min(left.get(of_return, ZERO), refund.value(included) - _money(refund))
        if kept > 0 and refund.moves_money:
            left[of_return] -= kept
            refund = _less(refund, kept)
        result.append(refund)
    return tuple(result)


def less_fees_left(
    order: Mapping[str, Any], reversals: Iterable[Refund], refunds: Iterable[Refund], side: Side
) -> tuple[Refund, ...]:
    """What returns took off before a refund says so, less the fees that no refund kept: as far as Shopify's current total
    counts them, for those of units that are not processed yet are not kept yet."""
    reversals, refunds, included = list(reversals), list(refunds), bool(order.get("taxesIncluded"))
    if not reversals or not order.get("currentTotalPriceSet"):
        return tuple(reversals)
    gone = amount(order.get("totalPriceSet"), side) - amount(order["currentTotalPriceSet"], side)
    counted = total(one.value(included) for one in (*refunds, *reversals)) - gone
    left, owner = _fees_of_returns(order, side), _owners(order)
    for refund in refunds:
        if refund.shopify_id in owner:
            left[owner[refund.shopify_id]] -= total(part.amount for part in refund.adjustments if part.reason == FEE)
    result = []
    for one in reversals:
        kept = min(left.get(one.shopify_id.removeprefix("return/"), ZERO), counted, one.value(included))
        if kept > 0:
            counted -= kept
            one = _less(one, kept)
        result.append(one)
    return tuple(result)


def _less(refund: Refund, kept: Decimal) -> Refund:
    return replace(refund, adjustments=(*refund.adjustments, Adjustment(reason=FEE, amount=kept, tax=ZERO)))


def _owners(order: Mapping[str, Any]) -> dict[str, str]:
    """The return that each refund was made from, by ids."""
    return {
        legacy_id(item["id"]): legacy_id(data["id"])
        for data in nodes(order.get("returns"))
        for item in nodes(data.get("refunds"))
    }


def _fees_of_returns(order: Mapping[str, Any], side: Side) -> dict[str, Decimal]:
    """The fees of each return."""
    found = {}
    for data in nodes(order.get("returns")):
        lines = [line.get("restockingFee") for line in nodes(data.get("returnLineItems"))]
        fees = (fee for fee in (*lines, *(data.get("returnShippingFees") or ())) if fee)
        found[legacy_id(data["id"])] = total(amount(fee["amountSet"], side) for fee in fees)
    return found


def _money(refund: Refund) -> Decimal:
    """What was given back, or is on its way."""
    return max(refund.refunded, total(item.amount for item in refund.transactions if item.status in ALIVE))
