"""Lines of an order from their description: product or custom item, discounts, taxes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ..ledger import next_id
from ..model.order import (
    AdditionalFee,
    DiscountAllocation,
    DiscountApplication,
    Duty,
    Line,
    LineGroup,
    Order,
    ShippingLine,
)
from ..money import ZERO, rounded, spread
from ..taxes import TaxRate, tax_lines
from ..values import BadRequest, decimal, known_keys

LINE_KEYS = frozenset(
    [
        "sku",
        "variant",
        "quantity",
        "price",
        "title",
        "variant_title",
        "vendor",
        "custom",
        "deleted",
        "taxable",
        "taxes",
        "requires_shipping",
        "gift_card",
        "discount",
        "attributes",
        "group",
        "duty",
        "location",
        "tip",
        "weight_grams",
    ]
)
SHIPPING_KEYS = frozenset(
    [
        "price",
        "title",
        "code",
        "source",
        "taxes",
        "discount",
        "carrier_identifier",
        "delivery_category",
        "custom",
        "phone",
    ]
)
DISCOUNT_KEYS = frozenset(
    ["code", "automatic", "manual", "script", "percentage", "amount", "on", "each", "description"]
)


def tax_rates(spec: object) -> list[TaxRate]:
    """Rates of ``[("VAT", "0.2"), ("City", "0.01", True)]`` (title, rate, collected by the channel) or `TaxRate` objects."""
    rates = []
    for one in spec or ():
        if isinstance(one, TaxRate):
            rates.append(one)
        else:
            title, rate, *liable = one
            rates.append(TaxRate(title, decimal(rate, f"rate of {title}"), liable[0] if liable else False))
    return rates


def add_line(store, order: Order, spec: object, default_rates: Sequence[TaxRate]) -> Line:
    """Add a line. ``spec``: a SKU, (SKU, quantity) (JSON: a list), or a dict with the keys in `LINE_KEYS`."""
    if isinstance(spec, str):
        spec = {"sku": spec}
    elif isinstance(spec, (tuple, list)):
        if len(spec) != 2:
            raise BadRequest(f"line: {spec!r} is no pair of SKU and quantity")
        spec = {"sku": spec[0], "quantity": spec[1]}
    elif not isinstance(spec, dict):
        raise BadRequest(f"line: {spec!r} is neither a SKU, nor a pair of SKU and quantity, nor an object")
    known_keys(spec, LINE_KEYS, "line")
    quantity = int(spec.get("quantity", 1))
    if quantity < 1:
        raise BadRequest(f"line: quantity {quantity} is less than 1")
    variant = spec.get("variant")
    own = spec.get("custom") or spec.get("deleted") or spec.get("tip")
    if variant is None and spec.get("sku") and not own:
        variant = store.variant_by_sku(spec["sku"])
        if variant is None and "price" not in spec:
            raise BadRequest(f"line: the store has no product with SKU {spec['sku']!r} and no price was given")
    if "price" in spec:
        price = decimal(spec["price"], "line price")
    elif variant is not None:
        price = order.pair.from_shop(variant.price)
    else:
        raise BadRequest("line: a custom item needs a price")
    is_tip = bool(spec.get("tip"))
    gift = spec.get("gift_card", variant.product.is_gift_card if variant else False)
    shipped = spec.get(
        "requires_shipping", variant.inventory_item.requires_shipping if variant else not (gift or is_tip)
    )
    line = Line(
        next_id(order, "LineItem"),
        order,
        spec.get("title")
        or (variant.product.title if variant else "Tip" if is_tip else spec.get("sku") or "Custom item"),
        quantity,
        order.pair.bag(price),
        sku=spec.get("sku") or (variant.sku if variant else None),
        variant_title=spec.get("variant_title", _variant_title(variant)),
        vendor=spec.get("vendor", variant.product.vendor if variant else None),
        variant=variant,
        taxable=spec.get("taxable", variant.taxable if variant else not (gift or is_tip)),
        requires_shipping=shipped,
        is_gift_card=gift,
        is_tip=is_tip,
        weight_grams=spec.get("weight_grams", variant.inventory_item.weight_grams if variant else 0),
        rates=tax_rates(spec["taxes"]) if "taxes" in spec else ([] if is_tip or gift else list(default_rates)),
        custom_attributes=pairs(spec.get("attributes")),
        line_item_group=bundle_of(order, spec.get("group")),
        location=store.location(spec["location"]) if "location" in spec else None,
    )
    order.lines.append(line)
    if "discount" in spec:
        grant(
            order, {"manual": "Line discount", **_amount_or_percentage(spec["discount"]), "on": [len(order.lines) - 1]}
        )
    if "duty" in spec:
        duty = spec["duty"] if isinstance(spec["duty"], dict) else {"price": spec["duty"]}
        line.duties.append(
            Duty(
                next_id(order, "Duty"),
                order.pair.bag(decimal(duty["price"], "duty")),
                duty.get("code", "6109.10"),
                duty.get("country", "CN"),
            )
        )
    return line


def bundle_of(order: Order, title: str | None) -> LineGroup | None:
    """The bundle of this title on the order, made by the first line that names it."""
    if title is None:
        return None
    for line in order.lines:
        if line.line_item_group is not None and line.line_item_group.title == title:
            return line.line_item_group
    return LineGroup(next_id(order, "LineItemGroup"), title, 1)


def add_shipping(order: Order, spec: object, default_rates: Sequence[TaxRate]) -> ShippingLine:
    """Add a shipping line. ``spec``: the price, or a dict with the keys in `SHIPPING_KEYS`."""
    if not isinstance(spec, dict):
        spec = {"price": spec}
    known_keys(spec, SHIPPING_KEYS, "shipping")
    title = spec.get("title", "Standard")
    line = ShippingLine(
        next_id(order, "ShippingLine"),
        title,
        order.pair.bag(decimal(spec.get("price", 0), "shipping price")),
        code=spec.get("code", title),
        source=spec.get("source", "shopify"),
        carrier_identifier=spec.get("carrier_identifier"),
        custom=bool(spec.get("custom")),
        delivery_category=spec.get("delivery_category"),
        phone=spec.get("phone"),
        shipping_rate_handle=f"rate-{order.serial}-{len(order.shipping)}",
    )
    order.shipping.append(line)
    if "discount" in spec:
        grant(order, {"manual": "Shipping discount", **_amount_or_percentage(spec["discount"]), "on": "shipping"})
    tax_shipping_line(order, line, tax_rates(spec["taxes"]) if "taxes" in spec else default_rates)
    return line


def add_fee(order: Order, spec: dict, default_rates: Sequence[TaxRate]) -> AdditionalFee:
    """Add an additional fee: ``{"name": ..., "price": ..., "taxes": ...}``."""
    known_keys(spec, {"name", "price", "taxes"}, "fee")
    price = decimal(spec["price"], "fee")
    rates = tax_rates(spec["taxes"]) if "taxes" in spec else default_rates
    taxes = tax_lines(price, rates, order.taxes_included, order.pair, not order.tax_exempt)
    fee = AdditionalFee(next_id(order, "AdditionalFee"), spec.get("name", "Handling"), order.pair.bag(price), taxes)
    order.additional_fees.append(fee)
    return fee


def grant(order: Order, spec: dict) -> DiscountApplication:
    """Grant a discount and allocate it.

    ``spec``: one of code, automatic, manual or script (the text), percentage or amount, and ``on``: "order" (default),
    "shipping", or a list of line positions. An amount on several lines is spread over them, or with ``each`` given to
    each. Nothing is ever discounted below zero. Order discounts count on what line discounts left.
    """
    known_keys(spec, DISCOUNT_KEYS, "discount")
    kind = next((name for name in ("code", "automatic", "manual", "script") if name in spec), None)
    if kind is None or ("percentage" in spec) == ("amount" in spec):
        raise BadRequest("discount: name one of code, automatic, manual, script and one of percentage, amount")
    target = spec.get("on", "order")
    percentage = decimal(spec["percentage"], "percentage") if "percentage" in spec else None
    amount = decimal(spec["amount"], "discount") if "amount" in spec else None
    lines = _targets(order, target)
    single = isinstance(target, list)
    each = bool(spec.get("each")) or (single and (percentage is not None or len(target) == 1))
    application = DiscountApplication(
        len(order.discount_applications),
        kind,
        str(spec[kind]),
        target_type="SHIPPING_LINE" if target == "shipping" else "LINE_ITEM",
        allocation_method="EACH" if each else "ACROSS",
        target_selection=("EXPLICIT" if kind == "manual" else "ENTITLED") if single else "ALL",
        percentage=percentage,
        amount=amount,
        description=spec.get("description"),
        currency=order.pair.presentment,
    )
    order.discount_applications.append(application)
    currency = order.pair.presentment
    left = [_left(line) for line in lines]
    if each:
        shares = [min(rounded(net * percentage / 100, currency) if amount is None else amount, net) for net in left]
    else:
        whole = sum(left, ZERO)
        off = min(rounded(whole * percentage / 100, currency) if amount is None else amount, whole)
        shares = spread(off, left, currency)
    for line, share in zip(lines, shares, strict=True):
        if share or target == "shipping":
            line.discount_allocations.append(DiscountAllocation(application, order.pair.bag(share)))
    return application


def tax_line_item(order: Order, line: Line) -> None:
    """Compute the taxes of a line from its rates, after its discounts."""
    taxable = line.taxable and not order.tax_exempt
    line.tax_lines = tax_lines(line.net.presentment, line.rates, order.taxes_included, order.pair, taxable)


def tax_shipping_line(order: Order, line: ShippingLine, rates: Sequence[TaxRate]) -> None:
    """Compute the taxes of a shipping line, after its discounts."""
    net = line.discounted_price_set.presentment
    line.tax_lines = tax_lines(net, rates, order.taxes_included, order.pair, not order.tax_exempt)


def cash_rounding(amount: Decimal, smallest: Decimal) -> Decimal:
    """What is added to a cash amount so that it can be paid with coins of ``smallest``."""
    return (amount / smallest).quantize(Decimal(1), ROUND_HALF_UP) * smallest - amount


def pairs(given: object) -> list[tuple[str, str | None]]:
    """Key and value pairs of a dict or list of pairs."""
    return list(given.items()) if isinstance(given, dict) else [tuple(pair) for pair in given or ()]


def _variant_title(variant) -> str | None:
    return None if variant is None or variant.title == "Default Title" else variant.title


def _amount_or_percentage(value: object) -> dict:
    if isinstance(value, str) and value.endswith("%"):
        return {"percentage": value[:-1]}
    return {"amount": value}


def _targets(order: Order, target: object) -> list:
    if target == "order":
        return [line for line in order.lines if not line.is_tip and not line.is_gift_card]
    if target == "shipping":
        return list(order.shipping)
    if isinstance(target, list):
        return [order.lines[position] for position in target]
    raise BadRequest(f"discount: on {target!r} is none of order, shipping, or a list of line positions")


def _left(line: Line | ShippingLine) -> Decimal:
    return (line.net if isinstance(line, Line) else line.discounted_price_set).presentment
