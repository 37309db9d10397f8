"""Refunds: lines, shipping, duties, amounts only; with or without money."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ..ledger import next_id, record_refund
from ..model.money_flow import Adjustment, Refund, RefundLine, RefundShipping, Transaction
from ..model.order import Line, Order
from ..money import Bag
from ..taxes import TaxLine
from ..totals import refundable, refunded_share, totals
from ..values import BadRequest, decimal
from .fulfilments import take_off_route
from .lines import cash_rounding
from .payments import CASH_STEPS

STORE_CREDIT = "shopify_store_credit"


def take_back(order: Order, refund: Refund, line: Line, quantity: int, restock_type: str, at: datetime) -> RefundLine:
    """Put units of a line on a refund; units never shipped leave the fulfilment orders."""
    if quantity < 1 or quantity > line.current_quantity:
        raise BadRequest(
            f"order {order.name}: {quantity} of {line.title!r} cannot be taken back, {line.current_quantity} left"
        )
    subtotal, tax, discount, taxes = refunded_share(order, line, quantity)
    unshipped = (
        min(quantity, line.unfulfilled_quantity) if restock_type != "RETURN" else max(0, quantity - line.fulfilled)
    )
    made = RefundLine(
        next_id(order, "RefundLineItem"),
        line,
        quantity,
        subtotal,
        tax,
        discount,
        taxes,
        restock_type,
        restocked=restock_type in ("RETURN", "CANCEL"),
        location=order.retail_location,
    )
    take_off_route(order, line, unshipped, at)
    line.gone += quantity
    line.unshipped += unshipped
    refund.lines.append(made)
    return made


def take_back_shipping(order: Order, made: Refund, amount: Decimal | None = None) -> None:
    """Put shipping on a refund: all that is left of it, or an amount before tax."""
    for line in order.shipping:
        left = line.current_discounted_price_set
        if line.is_removed or not left:
            continue
        part = left if amount is None else order.pair.bag(min(amount, left.presentment))
        whole = line.discounted_price_set
        taxes = [_tax_share(order, tax, part, whole) for tax in line.tax_lines]
        tax_sum = order.pair.total(tax.price_set for tax in taxes)
        made.shipping.append(RefundShipping(next_id(order, "RefundShippingLine"), line, part, tax_sum, taxes))
        line.refunded = part if line.refunded is None else line.refunded + part
        if amount is not None:
            amount -= part.presentment
            if amount <= 0:
                break


def refund(
    store,
    order: Order,
    at: datetime,
    lines: dict[int, int] | str | None = None,
    shipping: object = None,
    amount: object = None,
    gateway: str | None = None,
    note: str | None = None,
    restock: bool = True,
    duties: bool = False,
    pending: bool = False,
) -> Refund:
    """Refund an order.

    ``lines``: line id -> units, or "all". ``shipping``: True (what is left of it) or an amount before tax. ``amount``:
    money paid back, in the customer's currency; None means what the lines and the shipping are worth, as far as it was
    paid. A different amount books a refund discrepancy. ``gateway``: where it goes; None means the order's own payments,
    newest first; ``shopify_store_credit`` pays store credit. ``pending``: the money is on its way and not yet there.
    """
    before = totals(order)
    made = Refund(next_id(order, "Refund"), order, at, at, at, note=note)
    if lines == "all":
        lines = {line.id: line.current_quantity for line in order.lines if line.current_quantity and not line.is_tip}
    for line_id, quantity in (lines or {}).items():
        line = order.line(line_id)
        shipped = quantity <= line.fulfilled - (line.gone - line.unshipped)
        kind = "NO_RESTOCK" if not restock else "RETURN" if shipped else "CANCEL"
        take_back(order, made, line, quantity, kind, at)
    if shipping:
        take_back_shipping(order, made, None if shipping is True else decimal(shipping, "shipping"))
    if duties:
        made.duties = [(duty, duty.price) for line in order.lines for duty in line.duties]
    value = _value(order, made)
    due = before["due"]
    most = _not_below_zero(value - due)
    least = _not_below_zero(value - _not_below_zero(due))
    money = most if amount is None else order.pair.bag(decimal(amount, "amount"))
    if money.presentment == most.presentment:
        money = most
    _pay_back(store, order, made, money, at, gateway, pending)
    _book_discrepancy(order, made, money, most, least, pending)
    order.refunds.append(made)
    order.version += 1
    record_refund(order, made, at)
    return made


def settle_pending(order: Order, at: datetime) -> None:
    """Money on its way has arrived: pending refund transactions succeed and the discrepancy that stood for them goes."""
    for one in order.refunds:
        for transaction in one.transactions:
            if transaction.status == "PENDING":
                transaction.status = "SUCCESS"
                transaction.processed_at = one.updated_at = at
        one.adjustments = [part for part in one.adjustments if part.reason != "PENDING_REFUND_DISCREPANCY"]
    order.version += 1


def _value(order: Order, made: Refund) -> Bag:
    value = order.pair.zero()
    for line in made.lines:
        value += line.subtotal_set if order.taxes_included else line.subtotal_set + line.total_tax_set
    for line in made.shipping:
        value += line.subtotal_amount_set if order.taxes_included else line.subtotal_amount_set + line.tax_amount_set
    return value + order.pair.total(amount for _duty, amount in made.duties)


def _tax_share(order: Order, tax: TaxLine, part: Bag, whole: Bag) -> TaxLine:
    if part == whole:
        price = tax.price_set
    else:
        price = order.pair.bag(tax.price_set.presentment * part.presentment / whole.presentment)
    return TaxLine(tax.title, tax.rate, price, tax.channel_liable, tax.source)


def _pay_back(store, order: Order, made: Refund, money: Bag, at: datetime, gateway: str | None, pending: bool) -> None:
    left = money
    payments = [one for one in order.transactions if one.success and one.kind in ("SALE", "CAPTURE")]
    for payment in reversed(payments):
        if not left.presentment > 0:
            break
        if gateway not in (None, STORE_CREDIT, payment.gateway):
            continue
        free = refundable(order, payment)
        part = left if left.presentment <= free.presentment else free
        if part.presentment > 0:
            _add(order, made, payment, part, at, gateway or payment.gateway, pending)
            left -= part
    if left.presentment > 0:
        raise BadRequest(f"order {order.name}: {money} cannot be refunded, {left} is more than was paid")


def _add(
    order: Order, made: Refund, payment: Transaction, part: Bag, at: datetime, gateway: str, pending: bool
) -> None:
    transaction = Transaction(
        next_id(order, "OrderTransaction"),
        order,
        "REFUND",
        "PENDING" if pending else "SUCCESS",
        gateway,
        part,
        at,
        at,
        parent_transaction=payment,
        test=order.test,
    )
    if gateway == "cash" and order.pair.presentment in CASH_STEPS:
        smallest = Decimal(CASH_STEPS[order.pair.presentment])
        transaction.amount_rounding_set = order.pair.bag(cash_rounding(part.presentment, smallest))
    order.transactions.append(transaction)
    made.transactions.append(transaction)


def _book_discrepancy(order: Order, made: Refund, money: Bag, most: Bag, least: Bag, pending: bool) -> None:
    """Money that is more or less than what was calculated; money still on its way counts as not there."""
    if pending:
        difference, reason = money, "PENDING_REFUND_DISCREPANCY"
    elif money.presentment > most.presentment:
        difference, reason = most - money, "REFUND_DISCREPANCY"
    else:
        difference, reason = least - money, "REFUND_DISCREPANCY"
        if difference.presentment <= 0:
            return
    number = next_id(order, "OrderAdjustment")
    made.adjustments.append(Adjustment(number, difference, order.pair.zero(), reason))


def _not_below_zero(bag: Bag) -> Bag:
    return bag if bag.presentment > 0 else bag.pair.zero()
