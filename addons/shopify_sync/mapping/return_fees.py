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
    left = {data["id"]: _fees(data, side) for data in nodes(order.get("returns"))}
    owner = {
        legacy_id(item["id"]): data["id"] for data in nodes(order.get("returns")) for item in nodes(data.get("refunds"))
    }
    result = []
    for refund in refunds:
        of_return = owner.get(refund.shopify_id)
        kept = min(left.get(of_return, ZERO), refund.value(included) - _money(refund))
        if kept > 0 and refund.moves_money:
            left[of_return] -= kept
            fee = Adjustment(reason=FEE, amount=kept, tax=ZERO)
            refund = replace(refund, adjustments=(*refund.adjustments, fee))
        result.append(refund)
    return tuple(result)


def _fees(data: Mapping[str, Any], side: Side) -> Decimal:
    """The fees of one return."""
    lines = [line.get("restockingFee") for line in nodes(data.get("returnLineItems"))]
    return total(amount(fee["amountSet"], side) for fee in (*lines, *(data.get("returnShippingFees") or ())) if fee)


def _money(refund: Refund) -> Decimal:
    """What was given back, or is on its way."""
    return max(refund.refunded, total(item.amount for item in refund.transactions if item.status in ALIVE))
