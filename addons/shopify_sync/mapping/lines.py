"""The lines of an order: products, their discounts, shipping, tips, duties, fees (rules, section 7).

Every amount is what Shopify states for the quantity that is imported; nothing is recomputed from rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .money import ZERO, amount, spread, total
from .reading import legacy_id, nodes, text
from .refunds import Removed
from .taxes import Part, TaxAmount, TaxContext, TaxKey, read_taxes, split

#: Start of the key of a fee that Shopify lists among the taxes.
TAX_FEE = "tax_fee/"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the Odoo order.

    `key` is the line's lasting name within the order (Shopify's line id, or made from it: `123/discount/0`,
    `shipping/55`, `duty/9`, `fee/7`, `tax_fee/Eco`, `tip`, `rounding`). `kind` is one of product, custom, gift_card, discount,
    shipping, tip, duty, fee, rounding. `unit_price` is as priced in Shopify (with included taxes), `net` the whole
    line without taxes, `taxes` the whole line's taxes; all in the currency of the import. `main_key` names the line a
    discount belongs to.
    """

    key: str
    kind: str
    title: str
    quantity: int
    unit_price: Decimal
    net: Decimal
    taxes: tuple[TaxAmount, ...]
    main_key: str = ""
    line_id: str = ""
    product_id: str = ""
    variant_id: str = ""
    sku: str = ""
    barcode: str = ""
    variant_title: str = ""
    vendor: str = ""
    group: str = ""
    requires_shipping: bool = False
    properties: tuple[tuple[str, str], ...] = ()
    shipping_code: str = ""
    shipping_source: str = ""

    @property
    def gross(self) -> Decimal:
        """The line with its taxes."""
        return self.net + total(tax.amount for tax in self.taxes)


@dataclass(frozen=True, slots=True)
class Quantities:
    """How many units of each line are imported, and what left the order without money.

    `as_ordered` keeps the quantity first ordered (a cancelled order is shown as it was ordered).
    """

    refunded: Mapping[str, int]
    removed: Mapping[str, Removed]
    removed_shipping: Mapping[str, Removed]
    as_ordered: bool = False

    def of(self, line: Mapping[str, Any]) -> int:
        """The quantity rule: present quantity plus the units of refunds that moved money."""
        if self.as_ordered:
            return line["quantity"]
        return min(line["quantity"], line["currentQuantity"] + self.refunded.get(legacy_id(line["id"]), 0))


def read_lines(order: Mapping[str, Any], context: TaxContext, quantities: Quantities, places: int) -> list[Line]:
    """All lines of an order but cash rounding, in Shopify's order; discounts follow the line they belong to."""
    labels = _discount_labels(order)
    lines: list[Line] = []
    fees: dict[str, Decimal] = {}
    for data in nodes(order.get("lineItems")):
        lines += _product_lines(data, context, quantities, labels, places, fees)
    for index, data in enumerate(nodes(order.get("shippingLines"))):
        if not data.get("isRemoved"):
            lines += _shipping_lines(data, index, context, quantities, labels, places, fees)
    lines = _with_tip(lines, amount(order.get("totalTipReceivedSet"), context.side))
    lines += _order_duties(order, lines, context)
    for fee in order.get("additionalFees") or []:
        taxes, named = read_taxes(fee.get("taxLines"), context)
        _add(fees, named)
        part = split(amount(fee.get("price"), context.side), [], taxes, places)[0]
        lines.append(_single(f"fee/{legacy_id(fee['id'])}", "fee", text(fee.get("name")), part))
    lines += [_single(f"{TAX_FEE}{name}", "fee", name, Part(value, value, ())) for name, value in fees.items()]
    return lines


def _product_lines(
    data: Mapping[str, Any],
    context: TaxContext,
    quantities: Quantities,
    labels: Mapping[int, str],
    places: int,
    fees: dict[str, Decimal],
) -> list[Line]:
    ident, quantity = legacy_id(data["id"]), quantities.of(data)
    if quantity <= 0:
        return []
    unit_price = amount(data.get("originalUnitPriceSet"), context.side)
    allocations = [
        (item["discountApplication"]["index"], amount(item.get("allocatedAmountSet"), context.side))
        for item in data.get("discountAllocations") or []
    ]
    allocations = [(index, value) for index, value in allocations if value]
    taxes, named = read_taxes(data.get("taxLines"), context)
    if quantity < data["quantity"]:
        removed = quantities.removed.get(ident, Removed())
        discounts, taxes = _reduced(data["quantity"], quantity, unit_price, allocations, taxes, removed, places)
    else:
        discounts = [value for _index, value in allocations]
    _add(fees, named)
    parts = split(unit_price * quantity, discounts, taxes, places)
    group = data.get("lineItemGroup") or {}
    main = Line(
        key=ident,
        kind=_kind(data),
        title=text(data.get("title")) or text(data.get("name")) or ident,
        quantity=quantity,
        unit_price=unit_price,
        net=parts[0].net,
        taxes=parts[0].taxes,
        line_id=ident,
        product_id=legacy_id((data.get("product") or {}).get("id")),
        variant_id=legacy_id((data.get("variant") or {}).get("id")),
        sku=text(data.get("sku")),
        barcode=text((data.get("variant") or {}).get("barcode")),
        variant_title=text(data.get("variantTitle")),
        vendor=text(data.get("vendor")),
        group=text(group.get("title")),
        requires_shipping=bool(data.get("requiresShipping")),
        properties=tuple(
            (item["key"], text(item.get("value")))
            for item in data.get("customAttributes") or []
            if item.get("key") and not item["key"].startswith("_")
        ),
    )
    lines = [main, *_discount_lines(ident, allocations, parts[1:], labels)]
    for duty in data.get("duties") or []:
        duty_taxes, named = read_taxes(duty.get("taxLines"), context)
        _add(fees, named)
        part = split(amount(duty.get("price"), context.side), [], duty_taxes, places)[0]
        code = " ".join(filter(None, (text(duty.get("harmonizedSystemCode")), text(duty.get("countryCodeOfOrigin")))))
        title = f"{main.title} ({code})" if code else main.title
        lines.append(_single(f"duty/{legacy_id(duty['id'])}", "duty", title, part, main_key=ident))
    return lines


def _reduced(
    ordered: int,
    kept: int,
    unit_price: Decimal,
    allocations: list[tuple[int, Decimal]],
    taxes: dict[TaxKey, Decimal],
    removed: Removed,
    places: int,
) -> tuple[list[Decimal], dict[TaxKey, Decimal]]:
    """Discounts and taxes of the units that are left, by what Shopify says the removed units were worth."""
    discounts = [value for _index, value in allocations]
    discount, tax = total(discounts), total(taxes.values())
    after, gone = unit_price * ordered - discount, ordered - kept
    if removed.quantity >= gone:
        off, tax_off = removed.subtotal, removed.tax
    else:  # taken off in a way that no refund tells: by share
        off, tax_off = (spread(value, [Decimal(gone), Decimal(kept)], places)[0] for value in (after, tax))
    left = unit_price * kept - (after - off)
    if not 0 <= left <= unit_price * kept:
        left = spread(discount, [Decimal(kept), Decimal(gone)], places)[0]
    kept_taxes = dict(zip(taxes, spread(tax - tax_off, list(taxes.values()), places), strict=True))
    return spread(left, discounts, places), kept_taxes


def _shipping_lines(
    data: Mapping[str, Any],
    index: int,
    context: TaxContext,
    quantities: Quantities,
    labels: Mapping[int, str],
    places: int,
    fees: dict[str, Decimal],
) -> list[Line]:
    ident = legacy_id(data.get("id")) or f"line{index}"
    price = amount(data.get("originalPriceSet"), context.side)
    allocations = [
        (item["discountApplication"]["index"], amount(item.get("allocatedAmountSet"), context.side))
        for item in data.get("discountAllocations") or []
    ]
    allocations = [(at, value) for at, value in allocations if value]
    taxes, named = read_taxes(data.get("taxLines"), context)
    _add(fees, named)
    removed = quantities.removed_shipping.get(ident)
    if removed and not quantities.as_ordered:
        price -= removed.subtotal
        tax = total(taxes.values()) - removed.tax
        taxes = dict(zip(taxes, spread(tax, list(taxes.values()), places), strict=True))
    parts = split(price, [value for _at, value in allocations], taxes, places)
    main = replace(
        _single(f"shipping/{ident}", "shipping", text(data.get("title")) or "Shipping", parts[0]),
        shipping_code=text(data.get("code")),
        shipping_source=text(data.get("source")),
    )
    return [main, *_discount_lines(main.key, allocations, parts[1:], labels)]


def _discount_lines(
    main_key: str, allocations: list[tuple[int, Decimal]], parts: Iterable[Part], labels: Mapping[int, str]
) -> list[Line]:
    lines, seen = [], {}
    for (index, _value), part in zip(allocations, parts, strict=True):
        if not part.price:
            continue
        seen[index] = seen.get(index, -1) + 1
        suffix = f"{index}" if not seen[index] else f"{index}.{seen[index]}"
        label = labels.get(index) or "Discount"
        lines.append(_single(f"{main_key}/discount/{suffix}", "discount", label, part, main_key=main_key))
    return lines


def _discount_labels(order: Mapping[str, Any]) -> dict[int, str]:
    labels = {}
    for data in nodes(order.get("discountApplications")):
        labels[data["index"]] = text(data.get("code")) or text(data.get("title")) or text(data.get("description"))
    return labels


def _kind(data: Mapping[str, Any]) -> str:
    if data.get("isGiftCard"):
        return "gift_card"
    return "product" if data.get("variant") or text(data.get("sku")) else "custom"


def _with_tip(lines: list[Line], tip: Decimal) -> list[Line]:
    """Tips are lines without product that cannot be shipped; a tip that no line carries gets a line of its own."""
    if not tip:
        return lines
    loose = [line for line in lines if line.kind == "custom" and not line.requires_shipping and not line.taxes]
    named = [line for line in loose if "tip" in line.title.casefold().split()]
    for candidates in (named, loose):
        if candidates and total(line.gross for line in candidates) == tip:
            tips = {line.key for line in candidates}
            return [replace(line, kind="tip") if line.key in tips else line for line in lines]
        for line in candidates:
            if line.gross == tip:
                return [replace(one, kind="tip") if one is line else one for one in lines]
    return [*lines, _single("tip", "tip", "Tip", Part(tip, tip, ()))]


def _order_duties(order: Mapping[str, Any], lines: list[Line], context: TaxContext) -> list[Line]:
    """Duties that the order states and no line carries."""
    stated = amount(order.get("originalTotalDutiesSet"), context.side)
    if not stated or any(line.kind == "duty" for line in lines):
        return []
    return [_single("duty", "duty", "Duties", Part(stated, stated, ()))]


def _single(key: str, kind: str, title: str, part: Part, main_key: str = "") -> Line:
    return Line(key, kind, title, 1, part.price, part.net, part.taxes, main_key=main_key)


def _add(sums: dict[str, Decimal], more: Mapping[str, Decimal]) -> None:
    for name, value in more.items():
        sums[name] = sums.get(name, ZERO) + value
