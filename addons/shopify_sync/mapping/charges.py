"""What an order charges beside its products: shipping, tips, duties, fees, and what refunds without money leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .line import TAX_FEE, Line, Quantities, add, discount_lines, read_allocations, single, take_off_tax
from .money import ZERO, Side, amount, spread, stated, total
from .reading import legacy_id, nodes, text
from .refunds import Refund
from .taxes import Part, TaxAmount, TaxContext, TaxKey, read_taxes, split


@dataclass(frozen=True, slots=True)
class Beside:
    """What Shopify's total holds beside the lines. `tip` is None when the total does not tell."""

    tip: bool | None
    duties: bool


def beside_lines(order: Mapping[str, Any], context: TaxContext) -> Beside:
    """Whether the tip and the duties stand beside the lines or inside them, told from the order's own total.

    A tip given at the till is a line, one given at the checkout is not. Duties may be included in the prices.
    """
    side = context.side
    tip, duties = amount(order.get("totalTipReceivedSet"), side), _duties(order, side)
    rest = stated(order, "totalPriceSet", side) - _charged(order, context)
    included = order.get("dutiesIncluded")
    if included is not True and rest in (duties + tip, duties):
        return Beside(rest == duties + tip, True)
    if included is not False and rest in (tip, ZERO):
        return Beside(rest == tip, False)
    return Beside(None, not included)


def _charged(order: Mapping[str, Any], context: TaxContext) -> Decimal:
    """Lines, shipping, fees and taxes of the whole order, as ordered."""
    side = context.side
    charged = ZERO if context.included else amount(order.get("totalTaxSet"), side)
    for line in nodes(order["lineItems"]):
        charged += stated(line, "originalUnitPriceSet", side) * line["quantity"]
        charged -= total(value for _index, value in read_allocations(line, side))
    for line in nodes(order["shippingLines"]):
        charged += stated(line, "originalPriceSet", side)
        charged -= total(value for _index, value in read_allocations(line, side))
    return charged + total(stated(fee, "price", side) for fee in order["additionalFees"])


def _duties(order: Mapping[str, Any], side: Side) -> Decimal:
    lines = nodes(order["lineItems"])
    known = [stated(duty, "price", side) for line in lines for duty in line["duties"]]
    return total(known) if known else amount(order.get("originalTotalDutiesSet"), side)


def shipping_lines(
    data: Mapping[str, Any],
    index: int,
    context: TaxContext,
    quantities: Quantities,
    labels: Mapping[int, str],
    places: int,
    fees: dict[str, Decimal],
) -> list[Line]:
    """A shipping line and its discounts. `fees` takes what tax lines named as a fee charge."""
    ident = legacy_id(data.get("id"))
    price = stated(data, "originalPriceSet", context.side)
    allocations = read_allocations(data, context.side)
    taxes, named = read_taxes(data["taxLines"], context)
    removed = quantities.removed.shipping.get(ident)
    if removed and not quantities.as_ordered:
        price -= removed.subtotal
        taxes, named = take_off_tax(taxes, named, removed.tax, places)
    add(fees, named)
    parts = split(price, [value for _at, value in allocations], taxes, places)
    key = f"shipping/{ident or f'line{index}'}"
    main = replace(
        single(key, "shipping", text(data.get("title")) or "Shipping", parts[0]),
        shipping_code=text(data.get("code")),
        shipping_source=text(data.get("source")),
    )
    return [main, *discount_lines(key, allocations, parts[1:], labels)]


def with_tip(lines: list[Line], tip: Decimal, beside: bool | None) -> list[Line]:
    """The lines with the tip known as such: the line that carries it, else a line of its own.

    A tip's line has no product, no tax, and cannot be shipped; its title is in the shop's language.

    :param beside: whether Shopify's total holds the tip beside the lines; None when it does not tell
    """
    if not tip:
        return lines
    tips = set() if beside else _tip_keys(lines, tip)
    if tips:
        return [replace(line, kind="tip") if line.key in tips else line for line in lines]
    return lines if beside is False else [*lines, single("tip", "tip", "Tip", Part(tip, tip, ()))]


def _tip_keys(lines: list[Line], tip: Decimal) -> set[str]:
    loose = [line for line in lines if line.kind == "custom" and not line.requires_shipping and not line.taxes]
    named = [line for line in loose if "tip" in line.title.casefold().split()]
    for candidates in (named, loose):
        if candidates and total(line.gross for line in candidates) == tip:
            return {line.key for line in candidates}
        for line in candidates:
            if line.gross == tip:
                return {line.key}
    return set()


def duty_lines(
    data: Mapping[str, Any],
    main: Line | None,
    context: TaxContext,
    quantities: Quantities,
    places: int,
    fees: dict[str, Decimal],
) -> list[Line]:
    """The duties of a line; they stand although the line is gone, until a refund takes them off.

    :param data: Shopify's line
    :param main: what is left of it
    """
    lines = []
    for duty in data["duties"]:
        ident = legacy_id(duty["id"])
        price = stated(duty, "price", context.side)
        if not quantities.as_ordered:
            price -= quantities.removed.duties.get(ident, ZERO)
        if not price:
            continue
        taxes, named = read_taxes(duty["taxLines"], context)
        add(fees, named)
        code = " ".join(filter(None, (text(duty.get("harmonizedSystemCode")), text(duty.get("countryCodeOfOrigin")))))
        title = f"{text(data.get('title'))} ({code})" if code else text(data.get("title"))
        part = split(price, [], taxes, places)[0]
        lines.append(single(f"duty/{ident}", "duty", title, part, main_key=main.key if main else ""))
    return lines


def order_duty_lines(order: Mapping[str, Any], context: TaxContext) -> list[Line]:
    """Duties that the order states and no line carries."""
    price = amount(order.get("originalTotalDutiesSet"), context.side)
    if not price or any(line["duties"] for line in nodes(order["lineItems"])):
        return []
    return [single("duty", "duty", "Duties", Part(price, price, ()))]


def fee_lines(order: Mapping[str, Any], context: TaxContext, places: int, fees: dict[str, Decimal]) -> list[Line]:
    """The additional fees of an order, then those that Shopify lists among the taxes."""
    lines = []
    for fee in order["additionalFees"]:
        taxes, named = read_taxes(fee["taxLines"], context)
        add(fees, named)
        part = split(stated(fee, "price", context.side), [], taxes, places)[0]
        lines.append(single(f"fee/{legacy_id(fee['id'])}", "fee", text(fee.get("name")) or "Additional fee", part))
    charged = {name: value for name, value in fees.items() if value}
    return lines + [single(f"{TAX_FEE}{name}", "fee", name, Part(value, value, ())) for name, value in charged.items()]


def adjustment_lines(
    order: Mapping[str, Any], refunds: Iterable[Refund], context: TaxContext, places: int
) -> list[Line]:
    """What stays charged for items that were taken off without giving their money back, one line per refund.

    Shopify books the difference between what the items were worth and what was given back as order adjustments; the
    order's total keeps it. Refunds that moved money bring theirs with their credit note.
    """
    lines = []
    for refund in refunds:
        price = total(item.amount for item in refund.adjustments)
        tax = total(item.tax for item in refund.adjustments)
        if refund.moves_money or not (price or tax):
            continue
        refunded = {line.line_id for line in refund.lines}
        keys: dict[TaxKey, Decimal] = {}
        for data in nodes(order["lineItems"]):
            if legacy_id(data["id"]) in refunded:
                for key, value in read_taxes(data["taxLines"], context)[0].items():
                    keys[key] = keys.get(key, ZERO) + value
        shares = spread(tax, list(keys.values()), places) if tax else []
        taxes = tuple(TaxAmount(key, share) for key, share in zip(keys, shares, strict=False))
        gross = price if context.included else price + tax
        net = gross - total(item.amount for item in taxes)
        title = refund.adjustments[0].reason.replace("_", " ").capitalize() or "Refund adjustment"
        lines.append(single(f"adjustment/{refund.shopify_id}", "adjustment", title, Part(price, net, taxes)))
    return lines
