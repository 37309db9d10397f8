"""All money totals of an order, derived from its lines, transactions and refunds.

Before returns (``total_price`` ...): everything ever ordered, edits that add included. Current (``current_total_price``
...): less what was removed or refunded. An order loaded from a document that does not add up carries corrections, so that
Shopify's stated figures stay as stated.
"""

from .model.order import Line, Order
from .money import Bag
from .taxes import TaxLine, merged


def totals(order: Order) -> dict[str, Bag]:
    """Totals by Shopify's field name in snake case without ``_set``; computed once per version of the order.

    ``due`` is ours: what is not received yet. Shopify's ``total_outstanding`` leaves out what is authorised.
    """
    if order.totals_cache is None or order.totals_cache[0] != order.version:
        found = computed_totals(order)
        for name, correction in order.corrections.items():
            found[name] = found[name] + correction
        order.totals_cache = (order.version, found)
    return order.totals_cache[1]


def computed_totals(order: Order) -> dict[str, Bag]:
    """The totals as they follow from the order's parts, without corrections."""
    pair = order.pair
    included = order.taxes_included
    lines = [line for line in order.lines if not line.is_tip]
    shipping = [line for line in order.shipping if not line.is_removed]

    gross = pair.total(line.gross for line in lines)
    line_discount = pair.total(line.discount for line in lines)
    shipping_gross = pair.total(line.original_price_set for line in shipping)
    shipping_net = pair.total(line.discounted_price_set for line in shipping)
    tip = order.tip or pair.zero()
    duties = pair.total(duty.price for line in lines for duty in line.duties)
    fees = pair.total(fee.price for fee in order.additional_fees)
    return_fees = pair.total(kept for one in order.returns for _fee, kept in one.kept)
    tax = pair.total(line.price_set for line in all_tax_lines(order))

    subtotal = gross - line_discount
    total = subtotal + shipping_net + tip + duties + fees
    if not included:
        total += tax
    discounts = line_discount + shipping_gross - shipping_net
    cart_discount = pair.total(
        part.allocated_amount_set
        for line in lines
        for part in line.discount_allocations
        if part.discount_application.order_level
    )

    back = _taken_back(order)
    received, refunded, rounding, refund_rounding = _payments(order)
    adjustments, adjustment_taxes = back["adjustments"], back["adjustment_taxes"]
    current_total = total - back["lines"] - back["shipping"] - back["duties"] + adjustments + return_fees
    if not included:
        current_total = current_total - back["line_taxes"] - back["shipping_taxes"] + adjustment_taxes
    net_payment = received - refunded
    due, open_authorization = current_total - net_payment, capturable(order)
    return {
        "subtotal_price": subtotal,
        "total_price": total,
        "total_tax": tax,
        "total_discounts": discounts,
        "total_shipping_price": shipping_gross,
        "total_tip_received": tip,
        "cart_discount_amount": cart_discount,
        "original_total_price": total if order.original_total is None else order.original_total,
        "original_total_duties": duties if order.original_duties is None else order.original_duties,
        "original_total_additional_fees": fees if order.original_fees is None else order.original_fees,
        "current_subtotal_price": subtotal - back["lines"],
        "current_total_price": current_total,
        "current_total_tax": tax - back["line_taxes"] - back["shipping_taxes"] + adjustment_taxes,
        "current_total_discounts": discounts - back["discounts"],
        "current_cart_discount_amount": cart_discount - back["cart_discounts"],
        "current_shipping_price": shipping_net - back["shipping"],
        "current_total_duties": duties - back["duties"],
        "current_total_additional_fees": fees,
        "total_received": received,
        "total_refunded": refunded,
        "total_refunded_shipping": back["shipping"],
        "net_payment": net_payment,
        "due": due,
        "total_outstanding": due - open_authorization,
        "total_capturable": open_authorization,
        "refund_discrepancy": adjustments,
        "payment_rounding": rounding,
        "refund_rounding": refund_rounding,
    }


def all_tax_lines(order: Order) -> list[TaxLine]:
    """Every tax line of lines, shipping, duties and fees."""
    found = [tax for line in order.lines for tax in line.tax_lines]
    found += [tax for line in order.shipping if not line.is_removed for tax in line.tax_lines]
    found += [tax for line in order.lines for duty in line.duties for tax in duty.tax_lines]
    found += [tax for fee in order.additional_fees for tax in fee.tax_lines]
    return found


def order_tax_lines(order: Order) -> list[TaxLine]:
    """The order's own tax lines, one for each title and rate, before returns; as stated where a document stated them."""
    if order.stated_tax_lines is not None:
        return order.stated_tax_lines
    return merged(all_tax_lines(order), order.pair)


def current_tax_lines(order: Order) -> list[TaxLine]:
    """The order's tax lines less what was refunded or removed."""
    taken = [tax for line in _lines_back(order) for tax in line.taxes]
    taken += [tax for refund in order.refunds for line in refund.shipping for tax in line.taxes]
    negative = [TaxLine(tax.title, tax.rate, -tax.price_set, tax.channel_liable, tax.source) for tax in taken]
    return merged([*order_tax_lines(order), *negative], order.pair)


def capturable(order: Order) -> Bag:
    """Authorised, not captured and not voided."""
    open_amount = order.pair.zero()
    if order.authorization_expired:
        return open_amount
    for transaction in order.transactions:
        if transaction.success and transaction.kind == "AUTHORIZATION":
            open_amount += uncaptured(order, transaction)
    return open_amount


def uncaptured(order: Order, authorization) -> Bag:
    """What is left of one authorisation."""
    left = authorization.amount_set
    for transaction in order.transactions:
        if transaction.parent_transaction is authorization and transaction.success:
            if transaction.kind == "VOID":
                return order.pair.zero()
            if transaction.kind == "CAPTURE":
                left -= transaction.amount_set
    return left


def refundable(order: Order, payment) -> Bag:
    """What is left of one payment (sale or capture) to be paid back, change given and refunds deducted."""
    left = payment.amount_set
    for transaction in order.transactions:
        taken = transaction.kind in ("REFUND", "CHANGE") and transaction.status in ("SUCCESS", "PENDING")
        if taken and transaction.parent_transaction is payment:
            left -= transaction.amount_set
    return left


def refunded_share(order: Order, line: Line, quantity: int) -> tuple[Bag, Bag, Bag, list[TaxLine]]:
    """Subtotal, tax, discount and taxes of the next ``quantity`` units taken back from a line.

    Rounded on the running total, so that all units together give exactly the line's amounts.
    """
    before, after, whole = line.gone, line.gone + quantity, line.quantity
    net, discount = line.net, line.discount
    subtotal = net.share(after, whole) - net.share(before, whole) if before else net.share(after, whole)
    off = discount.share(after, whole) - discount.share(before, whole) if before else discount.share(after, whole)
    taxes = []
    for tax in line.tax_lines:
        price = tax.price_set.share(after, whole)
        if before:
            price -= tax.price_set.share(before, whole)
        taxes.append(TaxLine(tax.title, tax.rate, price, tax.channel_liable, tax.source))
    return subtotal, order.pair.total(tax.price_set for tax in taxes), off, taxes


def _taken_back(order: Order) -> dict[str, Bag]:
    pair = order.pair
    names = ("lines", "line_taxes", "discounts", "cart_discounts", "shipping", "shipping_taxes", "duties")
    sums = dict.fromkeys((*names, "adjustments", "adjustment_taxes"), pair.zero())
    for line in _lines_back(order):
        sums["lines"] += line.subtotal_set
        sums["line_taxes"] += line.total_tax_set
        sums["discounts"] += line.discount_set
        sums["cart_discounts"] += _cart_share(order, line)
    for refund in order.refunds:
        for line in refund.shipping:
            sums["shipping"] += line.subtotal_amount_set
            sums["shipping_taxes"] += line.tax_amount_set
        for _duty, amount in refund.duties:
            sums["duties"] += amount
        for adjustment in refund.adjustments:
            sums["adjustments"] += adjustment.amount_set
            sums["adjustment_taxes"] += adjustment.tax_amount_set
    return sums


def _lines_back(order: Order) -> list:
    """Units that refunds and processed returns took off the order."""
    found = [line for refund in order.refunds for line in refund.lines]
    return found + [line for one in order.returns for line in one.open_reversals]


def _cart_share(order: Order, refund_line) -> Bag:
    line = refund_line.line_item
    cart = order.pair.total(
        part.allocated_amount_set for part in line.discount_allocations if part.discount_application.order_level
    )
    return cart.share(refund_line.quantity, line.quantity) if cart and line.quantity else order.pair.zero()


def _payments(order: Order) -> tuple[Bag, Bag, Bag, Bag]:
    received = refunded = rounding = refund_rounding = order.pair.zero()
    for transaction in order.transactions:
        if not transaction.success:
            continue
        if transaction.kind in ("SALE", "CAPTURE"):
            received += transaction.amount_set
            if transaction.amount_rounding_set is not None:
                rounding += transaction.amount_rounding_set
        elif transaction.kind == "CHANGE":
            received -= transaction.amount_set
        elif transaction.kind == "REFUND":
            refunded += transaction.amount_set
            if transaction.amount_rounding_set is not None:
                refund_rounding += transaction.amount_rounding_set
    return received, refunded, rounding, refund_rounding
