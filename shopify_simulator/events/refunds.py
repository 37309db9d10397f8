"""Refunds: lines, shipping, duties, amounts only; with or without money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from ..ledger import next_id, record_refund, record_settled
from ..model.money_flow import Adjustment, Refund, RefundLine, RefundShipping, Transaction
from ..model.order import Duty, Line, Order
from ..model.product import Location
from ..money import Bag
from ..taxes import TaxLine
from ..totals import refundable, refunded_share, totals
from ..values import BadRequest, decimal
from .fulfilments import take_off_route
from .lines import cash_rounding
from .payments import CASH_STEPS

STORE_CREDIT = "shopify_store_credit"


def take_back(order: Order, line: Line, quantity: int, restock_type: str) -> RefundLine:
    """A refund line for units of a line; nothing happens to the order before `put_on` is called."""
    if quantity < 1 or quantity > line.current_quantity:
        raise BadRequest(
            f"order {order.name}: {quantity} of {line.title!r} cannot be taken back, {line.current_quantity} left"
        )
    subtotal, tax, discount, taxes = refunded_share(order, line, quantity)
    return RefundLine(
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


def take_back_shipping(order: Order, amount: Decimal | None = None) -> list[RefundShipping]:
    """Refund lines for shipping: all that is left of it, or an amount before tax."""
    made = []
    for line in order.shipping:
        left = line.current_discounted_price_set
        if line.is_removed or not left or (amount is not None and amount <= 0):
            continue
        part = left if amount is None else order.pair.bag(min(amount, left.presentment))
        whole = line.discounted_price_set
        taxes = [_tax_share(order, tax, part, whole) for tax in line.tax_lines]
        tax_sum = order.pair.total(tax.price_set for tax in taxes)
        made.append(RefundShipping(next_id(order, "RefundShippingLine"), line, part, tax_sum, taxes))
        if amount is not None:
            amount -= part.presentment
    return made


def open_duties(order: Order) -> list[tuple[Duty, Bag]]:
    """Duties with what was not refunded of them yet."""
    open_ones = [(duty, duty_left(order, duty)) for line in order.lines for duty in line.duties]
    return [(duty, left) for duty, left in open_ones if left.presentment > 0]


def duty_left(order: Order, duty: Duty) -> Bag:
    """What was not refunded of a duty."""
    gone = [amount for refund in order.refunds for one, amount in refund.duties if one is duty]
    return duty.price - order.pair.total(gone)


def duty_of_units(order: Order, line: Line, duty: Duty, units: int) -> Bag:
    """The share of a duty in the next ``units`` of its line, as far as it was not refunded."""
    left = duty_left(order, duty)
    if units >= line.current_quantity:
        return left
    share = duty.price.share(units, line.quantity)
    return share if share.presentment < left.presentment else left


def put_on(order: Order, made: Refund, at: datetime, taken: Sequence[RefundLine] = ()) -> None:
    """Let a refund take effect: units leave their lines and fulfilment orders, shipping counts as refunded.

    ``taken``: those of its lines whose units a return took off before.
    """
    for part in made.lines:
        if any(part is one for one in taken):
            continue
        line, quantity = part.line_item, part.quantity
        if part.restock_type == "RETURN":
            unshipped = max(0, quantity - line.fulfilled)
        else:
            unshipped = min(quantity, line.unfulfilled_quantity)
        take_off_route(order, line, unshipped, at)
        line.gone += quantity
        line.unshipped += unshipped
    for part in made.shipping:
        line = part.shipping_line
        line.refunded = part.subtotal_amount_set + (line.refunded or order.pair.zero())
    order.transactions += made.transactions
    order.refunds.append(made)
    order.version += 1


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
    duties: bool | list[tuple[Duty, Bag]] = False,
    pending: bool = False,
    restocks: dict[int, tuple[str, Location | None]] | None = None,
    payments: list[tuple[Transaction, Decimal]] | None = None,
    store_credit: Decimal | None = None,
    taken: Sequence[RefundLine] = (),
) -> Refund:
    """Refund an order.

    ``lines``: line id -> units, or "all". ``shipping``: True (what is left of it) or an amount before tax. ``amount``:
    money paid back, in the customer's currency; None means what the lines and the shipping are worth, as far as it was
    paid. A different amount books a refund discrepancy. ``gateway``: where it goes; None means the order's own payments,
    newest first; ``shopify_store_credit`` pays store credit. ``pending``: the money is on its way and not yet there.
    ``duties``: all that is left of them, or each with its amount. ``restocks``: line id -> restock type and location;
    ``payments``: what each payment gives back, instead of ``amount``, and ``store_credit`` what is given beside them.
    ``taken``: units that a return took off the order before.
    """
    before = totals(order)
    made = Refund(next_id(order, "Refund"), order, at, at, at, note=note, lines=list(taken))
    due = before["due"] + value_of(order, made)  # as if a return had not taken its units off yet
    if lines == "all":
        lines = {line.id: line.current_quantity for line in order.lines if line.current_quantity and not line.is_tip}
    for line_id, quantity in (lines or {}).items():
        line = order.line(line_id)
        shipped = quantity <= line.fulfilled - (line.gone - line.unshipped)
        kind = "NO_RESTOCK" if not restock else "RETURN" if shipped else "CANCEL"
        place = order.retail_location
        if restocks is not None:
            kind, place = restocks[line_id]
        made.lines.append(take_back(order, line, quantity, kind))
        made.lines[-1].location = place
    if shipping:
        made.shipping = take_back_shipping(order, None if shipping is True else decimal(shipping, "shipping"))
    if duties:
        made.duties = open_duties(order) if duties is True else duties
    value = value_of(order, made)
    most = _not_below_zero(value - due)
    least = _not_below_zero(value - _not_below_zero(due))
    money = most if amount is None else order.pair.bag(decimal(amount, "amount"))
    for known in (most, before["net_payment"]):
        if money.presentment == known.presentment:
            money = known
    if payments is not None:
        money = _pay_back_as_listed(order, made, payments, store_credit, at, pending)
    else:
        money = _pay_back(order, made, money, at, gateway, pending)
    _book_discrepancy(order, made, money, most, least, pending)
    put_on(order, made, at, taken)
    _tell_returns(order, made, taken)
    record_refund(order, made, at, without=taken)
    return made


def _tell_returns(order: Order, made: Refund, taken: Sequence[RefundLine]) -> None:
    """Shipped units that are refunded beside their open return count as refunded there; they cannot be processed any more."""
    for part in made.lines:
        units = 0 if any(part is one for one in taken) or part.restock_type == "CANCEL" else part.quantity
        for one in order.returns:
            for line in one.lines if one.stands else ():
                if line.fulfillment_line_item.line_item is part.line_item:
                    same = min(units, line.open_quantity)
                    line.beside += same
                    line.refunded_quantity += same
                    units -= same


def settle_pending(order: Order, at: datetime) -> None:
    """Money on its way has arrived: pending refund transactions succeed and the discrepancy that stood for them goes."""
    for one in order.refunds:
        for transaction in one.transactions:
            if transaction.status == "PENDING":
                transaction.status = "SUCCESS"
                transaction.processed_at = one.updated_at = at
        gone = [part for part in one.adjustments if part.reason == "PENDING_REFUND_DISCREPANCY"]
        one.adjustments = [part for part in one.adjustments if part not in gone]
        if gone:
            record_settled(order, one, gone, at)
    order.version += 1


def value_of(order: Order, made: Refund) -> Bag:
    """What a refund takes off the order's total: lines, shipping and duties with their taxes."""
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


def _pay_back(order: Order, made: Refund, money: Bag, at: datetime, gateway: str | None, pending: bool) -> Bag:
    """Spread money over the payments, newest first, and give what that is in both currencies.

    What empties a payment takes all that is left of it, so that rounding in the second currency never pays back more than came.
    """
    left = money
    payments = [one for one in order.transactions if one.success and one.kind in ("SALE", "CAPTURE")]
    for payment in reversed(payments):
        if not left.presentment > 0:
            break
        if gateway not in (None, STORE_CREDIT, payment.gateway):
            continue
        free = refundable(order, payment)
        if left.presentment >= free.presentment:
            part = free
        else:
            part = Bag(min(left.shop, free.shop), left.presentment, order.pair)
        if part.presentment > 0:
            _add(order, made, payment, part, at, gateway or payment.gateway, pending)
            left -= part
    if left.presentment > 0:
        raise BadRequest(f"order {order.name}: {money} cannot be refunded, {left} is more than was paid")
    return order.pair.total(part.amount_set for part in made.transactions)


def _pay_back_as_listed(
    order: Order,
    made: Refund,
    payments: list[tuple[Transaction, Decimal]],
    store_credit: Decimal | None,
    at: datetime,
    pending: bool,
) -> Bag:
    """Let each payment give back what it is told to; what empties one takes all that is left of it. Store credit comes
    from no payment."""
    for payment, amount in payments:
        free = refundable(order, payment)
        part = free if amount == free.presentment else order.pair.bag(amount)
        _add(order, made, payment, part, at, payment.gateway, pending)
    if store_credit:
        paid_back = order.pair.total(part.amount_set for part in made.transactions)
        rest = totals(order)["net_payment"] - paid_back
        part = rest if store_credit == rest.presentment else order.pair.bag(store_credit)
        _add(order, made, None, part, at, STORE_CREDIT, False)
    return order.pair.total(part.amount_set for part in made.transactions)


def _add(
    order: Order, made: Refund, payment: Transaction | None, part: Bag, at: datetime, gateway: str, pending: bool
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
    """Nothing instead of a negative amount; at nothing, a cent of rounding in the shop's currency is kept."""
    return bag if bag.presentment >= 0 else bag.pair.zero()
