"""What processed returns took off an order before a refund says so.

Shopify books a return when it is processed: its units leave the order then, and no refund may tell of it for weeks, or ever
(an exchange). The units stay on the Odoo order, as those of a refund do; what is gone is written here as a refund without
money. It is credited only when the customer got something for it: an exchange, or money that names no items.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, amount, spread, stated, total, unit
from .reading import filled, legacy_id, nodes
from .refunds import Refund, RefundLine
from .returns import Return, are_known


def read_reversals(
    order: Mapping[str, Any], returns: Iterable[Return], refunds: Iterable[Refund], side: Side, places: int
) -> tuple[Refund, ...]:
    """One `Refund` (`is_reversal`, id `return/<id of the return>`) for each return with units that left the order and that
    no refund tells of. Units of returns that may not be read are under the id `return/`."""
    refunds = list(refunds)
    returns = [one for one in returns if one.stands]
    found: dict[str, list[RefundLine]] = {}
    for data in nodes(order["lineItems"]):
        told = [line for refund in refunds for line in refund.lines if line.line_id == legacy_id(data["id"])]
        for ident, line in _lines_of(order, data, told, returns, side, places):
            found.setdefault(ident, []).append(line)
    known = {one.shopify_id: one for one in returns}
    made = [_reversal(known.get(ident), tuple(lines)) for ident, lines in found.items()]
    return _as_stated(order, refunds, made, side, places)


def settled(
    returns: Iterable[Return], reversals: Iterable[Refund], refunds: Iterable[Refund], order: Mapping[str, Any]
) -> tuple[Refund, ...]:
    """The reversals to credit: the customer got something for the units, or the order is cancelled."""
    refunds, included = list(refunds), bool(order.get("taxesIncluded"))
    known = {f"return/{one.shopify_id}": one for one in returns}
    bare = {refund.shopify_id for refund in refunds if refund.moves_money and not refund.lines}
    beyond = total(
        max(refund.refunded - refund.value(included), ZERO) if refund.moves_money else -refund.value(included)
        for refund in refunds
    )
    return tuple(
        one
        for one in reversals
        if one.shopify_id in known
        and (
            order.get("cancelledAt")
            or beyond > 0
            or known[one.shopify_id].exchanged
            or bare.intersection(known[one.shopify_id].refund_ids)
        )
    )


def _lines_of(
    order: Mapping[str, Any],
    data: Mapping[str, Any],
    told: list[RefundLine],
    returns: list[Return],
    side: Side,
    places: int,
) -> list[tuple[str, RefundLine]]:
    """(return id, line) for the units of a line that left the order by returns."""
    ident, current = legacy_id(filled(data, "id")), data["currentQuantity"]
    missing = data["quantity"] - current - sum(line.quantity for line in told)
    if missing <= 0:
        return []
    shares: list[tuple[str, int]] = []
    if are_known(order):
        for one in returns:
            units = min(missing, sum(part.quantity for part in one.lines if part.line_id == ident))
            if units:
                shares.append((one.shopify_id, units))
                missing -= units
        rest = missing
    else:
        shares, rest = [("", missing)], 0
    if not shares:
        return []
    discounts = total(stated(item, "allocatedAmountSet", side) for item in data["discountAllocations"])
    after = stated(data, "originalUnitPriceSet", side) * data["quantity"] - discounts
    taxed = total(stated(item, "priceSet", side) for item in data["taxLines"])
    weights = [*(Decimal(units) for _ident, units in shares), Decimal(current + rest)]
    subtotals = spread(after - total(line.subtotal for line in told), weights, places)
    taxes = spread(taxed - total(line.tax for line in told), weights, places)
    return [
        (of_return, RefundLine(ident, units, "no_restock", "", subtotals[index], taxes[index]))
        for index, (of_return, units) in enumerate(shares)
    ]


def _reversal(one: Return | None, lines: tuple[RefundLine, ...]) -> Refund:
    return Refund(
        shopify_id=f"return/{one.shopify_id if one else ''}",
        created_at=one.created_at if one else None,
        processed_at=(one.closed_at or one.created_at) if one else None,
        note=one.name if one else "",
        refunded=ZERO,
        lines=lines,
        shipping=(),
        adjustments=(),
        duties=ZERO,
        transactions=(),
        is_reversal=True,
    )


def _as_stated(
    order: Mapping[str, Any], refunds: list[Refund], reversals: list[Refund], side: Side, places: int
) -> tuple[Refund, ...]:
    """Shopify rounds each unit in its own order: a cent that its current total says otherwise goes to the last line."""
    if not reversals or not order.get("currentTotalPriceSet"):
        return tuple(reversals)
    included = bool(order.get("taxesIncluded"))
    left = amount(order.get("totalPriceSet"), side) - amount(order["currentTotalPriceSet"], side)
    off = left - total(one.value(included) for one in [*refunds, *reversals])
    units = sum(line.quantity for one in reversals for line in one.lines)
    if not off or abs(off) > unit(places) * 2 * units:
        return tuple(reversals)
    last = reversals[-1]
    line = replace(last.lines[-1], subtotal=last.lines[-1].subtotal + off)
    return (*reversals[:-1], replace(last, lines=(*last.lines[:-1], line)))
