"""The ledger of an order (Shopify's ``agreements``): what was sold, added, and taken back, as separate movements."""

from collections.abc import Iterable
from datetime import datetime

from .ids import part_number
from .model.money_flow import Adjustment, Agreement, Refund, RefundLine, Sale
from .model.order import AdditionalFee, Duty, Line, Order, ShippingLine
from .model.returns import RestockingFee, Return, ReturnShippingFee
from .money import Bag
from .taxes import TaxLine


def next_id(order: Order, typename: str) -> int:
    """Number for the next part of a type on the order."""
    count = order.counters.get(typename, 0) + 1
    order.counters[typename] = count
    return part_number(typename, order.serial, count)


def record_order(order: Order, at: datetime) -> None:
    """The first agreement: all that was ordered."""
    agreement = _agreement(order, "ORDER", at)
    for line in order.lines:
        agreement.sales.append(line_sale(order, line, "ORDER"))
        agreement.sales += [duty_sale(order, duty) for duty in line.duties]
    agreement.sales += [shipping_sale(order, line, "ORDER") for line in order.shipping]
    if order.tip and not any(line.is_tip for line in order.lines):
        agreement.sales.append(_sale(order, "TIP", "ORDER", order.tip, order.pair.zero(), quantity=1))
    agreement.sales += [fee_sale(order, fee) for fee in order.additional_fees]


def record_edit(order: Order, at: datetime, sales: Iterable[Sale]) -> None:
    """An agreement for one edit."""
    _agreement(order, "ORDER_EDIT", at).sales.extend(sales)


def record_refund(
    order: Order, refund: Refund, at: datetime, reason: str = "REFUND", without: Iterable[RefundLine] = ()
) -> None:
    """An agreement for what a refund (or a removal by edit) takes back; ``without`` those lines that a return took."""
    booked = {id(part) for part in without}
    agreement = _agreement(order, reason, at)
    agreement.refund = refund if reason == "REFUND" else None
    agreement.sales += [_back(order, line) for line in refund.lines if id(line) not in booked]
    for line in refund.shipping:
        total = line.subtotal_amount_set if order.taxes_included else line.subtotal_amount_set + line.tax_amount_set
        agreement.sales.append(
            _sale(order, "SHIPPING", "RETURN", -total, -line.tax_amount_set, taxes=_negative(line.taxes),
                  shipping_line=line.shipping_line)
        )  # fmt: skip
    for duty, amount in refund.duties:
        agreement.sales.append(_sale(order, "DUTY", "RETURN", -amount, order.pair.zero(), duty=duty))
    for adjustment in refund.adjustments:
        total = adjustment.amount_set if order.taxes_included else adjustment.amount_set + adjustment.tax_amount_set
        agreement.sales.append(_sale(order, "ADJUSTMENT", "RETURN", total, adjustment.tax_amount_set))


def record_return(
    order: Order,
    ret: Return,
    at: datetime,
    back: Iterable[RefundLine],
    sent: Iterable[Sale],
    kept: Iterable[tuple[RestockingFee | ReturnShippingFee, Bag]] = (),
) -> None:
    """An agreement for a processed return: what came back, what is sent instead, and the fees ``kept`` of it."""
    agreement = _agreement(order, "RETURN", at)
    agreement.return_ = ret
    agreement.sales += [*(_back(order, line) for line in back), *sent]
    agreement.sales += [_sale(order, "FEE", "RETURN", part, order.pair.zero(), fee=fee) for fee, part in kept]


def _back(order: Order, line: RefundLine) -> Sale:
    total = line.subtotal_set if order.taxes_included else line.subtotal_set + line.total_tax_set
    kind = "GIFT_CARD" if line.line_item.is_gift_card else "PRODUCT"
    return _sale(order, kind, "RETURN", -total, -line.total_tax_set, -line.discount_set, -line.quantity,
                 _negative(line.taxes), line_item=line.line_item)  # fmt: skip


def record_settled(order: Order, refund: Refund, gone: list[Adjustment], at: datetime) -> None:
    """An agreement for adjustments of a refund that stood for money on its way and are taken back."""
    agreement = _agreement(order, "REFUND", at)
    agreement.refund = refund
    for one in gone:
        agreement.sales.append(_sale(order, "ADJUSTMENT", "RETURN", -one.amount_set, -one.tax_amount_set))


def line_sale(order: Order, line: Line, action: str) -> Sale:
    """Movement of a whole line."""
    return _line_sale(order, line, action, line.net, line.discount, line.quantity, line.tax_lines)


def more_of_line_sale(order: Order, line: Line, units: int, taxes: list[TaxLine]) -> Sale:
    """Movement of further units of a line at its price, with their taxes and without discount."""
    net = line.original_unit_price_set * units
    return _line_sale(order, line, "UPDATE", net, order.pair.zero(), units, taxes)


def _line_sale(
    order: Order, line: Line, action: str, net: Bag, discount: Bag, units: int, taxes: list[TaxLine]
) -> Sale:
    tax = order.pair.total(one.price_set for one in taxes)
    kind = "TIP" if line.is_tip else "GIFT_CARD" if line.is_gift_card else "PRODUCT"
    total = net if order.taxes_included else net + tax
    return _sale(order, kind, action, total, tax, discount, units, list(taxes), line_item=line)


def shipping_sale(order: Order, line: ShippingLine, action: str) -> Sale:
    """Movement of a whole shipping line."""
    tax = order.pair.total(one.price_set for one in line.tax_lines)
    net = line.discounted_price_set
    total = net if order.taxes_included else net + tax
    return _sale(order, "SHIPPING", action, total, tax, line.original_price_set - net, 1, list(line.tax_lines),
                 shipping_line=line)  # fmt: skip


def duty_sale(order: Order, duty: Duty) -> Sale:
    """Movement of a duty with its taxes."""
    tax = order.pair.total(one.price_set for one in duty.tax_lines)
    return _sale(order, "DUTY", "ORDER", duty.price + tax, tax, taxes=list(duty.tax_lines), duty=duty)


def fee_sale(order: Order, fee: AdditionalFee) -> Sale:
    """Movement of an additional fee with its taxes."""
    tax = order.pair.total(one.price_set for one in fee.tax_lines)
    total = fee.price if order.taxes_included else fee.price + tax
    return _sale(order, "ADDITIONAL_FEE", "ORDER", total, tax, taxes=list(fee.tax_lines), fee=fee)


def _agreement(order: Order, reason: str, at: datetime) -> Agreement:
    agreement = Agreement(next_id(order, "SalesAgreement"), order, reason, at)
    order.agreements.append(agreement)
    return agreement


def _negative(taxes: Iterable[TaxLine]) -> list[TaxLine]:
    return [TaxLine(tax.title, tax.rate, -tax.price_set, tax.channel_liable, tax.source) for tax in taxes]


def _sale(
    order: Order,
    line_type: str,
    action: str,
    total: Bag,
    tax: Bag,
    discount: Bag | None = None,
    quantity: int | None = None,
    taxes: list[TaxLine] | None = None,
    **about: Line | ShippingLine | Duty | AdditionalFee | RestockingFee | ReturnShippingFee,
) -> Sale:
    return Sale(
        next_id(order, "Sale"),
        line_type,
        action,
        total,
        tax,
        discount or order.pair.zero(),
        quantity,
        taxes or [],
        **about,
    )
