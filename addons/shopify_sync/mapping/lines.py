"""The lines of an order: products, their discounts, and every other charge (rules, section 7).

Every amount is what Shopify states for the quantity that is imported; nothing is recomputed from rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from .charges import (
    adjustment_lines,
    beside_lines,
    duty_lines,
    fee_lines,
    order_duty_lines,
    shipping_lines,
    with_tip,
)
from .line import Line, Quantities, add, discount_labels, discount_lines, read_allocations, take_off_tax
from .money import amount, spread, stated, total
from .reading import filled, legacy_id, nodes, text
from .refunds import Refund, Removed
from .taxes import TaxContext, read_taxes, split


def read_lines(
    order: Mapping[str, Any], context: TaxContext, quantities: Quantities, refunds: Iterable[Refund], places: int
) -> list[Line]:
    """All lines of an order but cash rounding, in Shopify's order; discounts and duties follow their line."""
    labels = discount_labels(order)
    beside = beside_lines(order, context)
    lines: list[Line] = []
    fees: dict[str, Decimal] = {}
    for data in nodes(order["lineItems"]):
        product = _product_lines(data, context, quantities, labels, places, fees)
        lines += product
        if beside.duties:
            main = product[0] if product else None
            lines += duty_lines(data, main, context, quantities, places, fees)
    for index, data in enumerate(nodes(order["shippingLines"])):
        if quantities.keeps_shipping(data):
            lines += shipping_lines(data, index, context, quantities, labels, places, fees)
    lines = with_tip(lines, amount(order.get("totalTipReceivedSet"), context.side), beside.tip)
    if beside.duties:
        lines += order_duty_lines(order, context)
    lines += fee_lines(order, context, places, fees)
    if not quantities.as_ordered:
        lines += adjustment_lines(order, refunds, context, places)
    return lines


def _product_lines(
    data: Mapping[str, Any],
    context: TaxContext,
    quantities: Quantities,
    labels: Mapping[int, str],
    places: int,
    fees: dict[str, Decimal],
) -> list[Line]:
    ident, quantity = legacy_id(filled(data, "id")), quantities.of(data)
    if quantity <= 0:
        return []
    unit_price = stated(data, "originalUnitPriceSet", context.side)
    allocations = read_allocations(data, context.side)
    discounts = [value for _index, value in allocations]
    taxes, named = read_taxes(data["taxLines"], context)
    if quantity < data["quantity"]:
        removed = quantities.removed.lines.get(ident, Removed())
        after, tax = unit_price * data["quantity"] - total(discounts), total([*taxes.values(), *named.values()])
        off, tax_off = _worth(data["quantity"], quantity, after, tax, removed, places)
        discounts = _kept_discounts(data["quantity"], quantity, unit_price, discounts, off, places)
        taxes, named = take_off_tax(taxes, named, tax_off, places)
    add(fees, named)
    parts = split(unit_price * quantity, discounts, taxes, places)
    return [
        _main_line(data, quantity, unit_price, parts[0].net, parts[0].taxes),
        *discount_lines(ident, allocations, parts[1:], labels),
    ]


def _main_line(data: Mapping[str, Any], quantity: int, unit_price: Decimal, net: Decimal, taxes: tuple) -> Line:
    ident = legacy_id(data["id"])
    variant = data.get("variant") or {}
    return Line(
        key=ident,
        kind=_kind(data),
        title=text(data.get("title")) or text(data.get("name")) or ident,
        quantity=quantity,
        unit_price=unit_price,
        net=net,
        taxes=taxes,
        line_id=ident,
        product_id=legacy_id((data.get("product") or {}).get("id")),
        variant_id=legacy_id(variant.get("id")),
        sku=text(data.get("sku")),
        barcode=text(variant.get("barcode")),
        variant_title=text(data.get("variantTitle")),
        vendor=text(data.get("vendor")),
        group=text((data.get("lineItemGroup") or {}).get("title")),
        requires_shipping=bool(data.get("requiresShipping")),
        unfulfilled=int(data.get("unfulfilledQuantity") or 0),
        properties=tuple(
            (item["key"], text(item.get("value")))
            for item in data.get("customAttributes") or []
            if item.get("key") and not item["key"].startswith("_")
        ),
    )


def _worth(
    ordered: int, kept: int, after: Decimal, tax: Decimal, removed: Removed, places: int
) -> tuple[Decimal, Decimal]:
    """What the units that are gone were worth, after discounts, and their tax: as the refunds say; what no refund
    tells goes by share."""
    untold = max(ordered - kept - removed.quantity, 0)
    weights = [Decimal(untold), Decimal(kept)]
    return (
        removed.subtotal + spread(after - removed.subtotal, weights, places)[0],
        removed.tax + spread(tax - removed.tax, weights, places)[0],
    )


def _kept_discounts(
    ordered: int, kept: int, unit_price: Decimal, discounts: list[Decimal], off: Decimal, places: int
) -> list[Decimal]:
    """The discounts of the units that are left, when units worth `off` after discounts are gone."""
    left = unit_price * kept - (unit_price * ordered - total(discounts) - off)
    if not 0 <= left <= unit_price * kept:
        left = spread(total(discounts), [Decimal(kept), Decimal(ordered - kept)], places)[0]
    return spread(left, discounts, places)


def _kind(data: Mapping[str, Any]) -> str:
    if data.get("isGiftCard"):
        return "gift_card"
    return "product" if data.get("variant") or text(data.get("sku")) else "custom"
