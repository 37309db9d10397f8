"""refundCreate and the suggestion that goes before it."""

from __future__ import annotations

from decimal import Decimal

from ..errors import ShopifyError
from ..events.refunds import duty_left, duty_of_units, open_duties, take_back, take_back_shipping, value_of
from ..ids import parse_gid
from ..model.money_flow import Refund
from ..money import Bag
from ..resolvers.common import Box, number_of
from ..resolvers.orders import order_by_number
from ..resolvers.registry import resolver
from ..totals import refundable, totals
from ..values import BadRequest, decimal, moment
from .idempotency import idempotent

RESTOCKING = ("CANCEL", "RETURN")


class _Wrong(Exception):
    """The input cannot be used: path of the field below ``input`` and Shopify's text."""

    def __init__(self, message: str, *field: object):
        super().__init__(message)
        self.field = ["input", *map(str, field)]


@resolver("Mutation.refundCreate")
@idempotent
def refund_create(_root, info, input):  # noqa: A002 - argument name is Shopify's
    order = order_by_number(info.context, number_of(input["orderId"], "Order"))
    try:
        if order is None:
            raise _Wrong("Order does not exist", "orderId")
        made = _refund(info.context.store, order, input)
    except _Wrong as wrong:
        problem = Box("UserError", field=wrong.field, message=str(wrong))
        return Box(order=None, refund=None, user_errors=[problem])
    return Box(order=order, refund=made, user_errors=[])


def _refund(store, order, given) -> Refund:
    if order.pair.shop != order.pair.presentment and given.get("currency") != order.pair.presentment:
        raise _Wrong(f"Currency must be {order.pair.presentment}", "currency")
    lines, restocks = _lines(store, order, given.get("refundLineItems") or [])
    over = given.get("allowOverRefunding", False)
    payments = _payments(order, given.get("transactions") or [], over)
    duties = _duties(order, given.get("refundDuties") or [], lines)
    shipping = _shipping(order, given.get("shipping"))
    credit = _store_credit(store, order, given.get("refundMethods") or [])
    most, asked = totals(order)["net_payment"].presentment, sum(amount for _one, amount in payments) + (credit or 0)
    if asked > most and not over:
        raise _Wrong(f"Refund amount {asked} is greater than the maximum refundable amount {most}")
    if not (lines or shipping or payments or duties or credit):
        raise _Wrong("Refund must have line items, shipping, duties or transactions")
    return store.refund(
        order,
        lines,
        shipping=shipping,
        note=given.get("note"),
        duties=duties,
        restocks=restocks,
        payments=payments,
        store_credit=credit,
    )


def _duties(order, given, units: dict[int, int]) -> list:
    """Duties to take back: all that is left of each, or its share in the refunded units of its line."""
    duties = []
    for index, one in enumerate(given):
        number = (parse_gid(one["dutyId"]) or (None, None))[1]
        found = [(line, duty) for line in order.lines for duty in line.duties if duty.id == number]
        if not found:
            raise _Wrong("Duty does not exist", "refundDuties", index, "dutyId")
        line, duty = found[0]
        if one.get("refundType") == "PROPORTIONAL":
            amount = duty_of_units(order, line, duty, units.get(line.id, 0))
        else:
            amount = duty_left(order, duty)
        if amount.presentment <= 0:
            raise _Wrong("Duty has nothing left to refund", "refundDuties", index)
        duties.append((duty, amount))
    return duties


def _store_credit(store, order, given) -> Decimal | None:
    """The amount to give as store credit, None for none."""
    for index, one in enumerate(given):
        where = ("refundMethods", index, "storeCreditRefund")
        credit = one.get("storeCreditRefund")
        if credit is None:
            raise _Wrong("Refund method is missing", "refundMethods", index)
        if order.customer is None:
            raise _Wrong("Store credit needs an order with a customer", *where)
        if order.company is not None:
            raise _Wrong("Store credit is not supported for B2B orders", *where)
        if credit["amount"]["currencyCode"] != order.pair.presentment:
            raise _Wrong(f"Currency must be {order.pair.presentment}", *where, "amount", "currencyCode")
        if expired(store, credit):
            raise _Wrong("Expiration date must be in the future", *where, "expiresAt")
        amount = decimal(credit["amount"]["amount"], "amount")
        if amount <= 0:
            raise _Wrong("Amount must be greater than zero", *where, "amount")
        return amount
    return None


def expired(store, credit) -> bool:
    """Whether store credit that is asked for would have expired already."""
    return bool(credit.get("expiresAt")) and moment(credit["expiresAt"]) <= store.clock.now()


def _lines(store, order, given) -> tuple[dict, dict]:
    lines, restocks = {}, {}
    for index, one in enumerate(given):
        where = ("refundLineItems", index)
        number = (parse_gid(one["lineItemId"]) or (None, None))[1]
        line = next((line for line in order.lines if line.id == number), None)
        if line is None:
            raise _Wrong("Line item does not exist", *where, "lineItemId")
        if not 0 < one["quantity"] + lines.get(line.id, 0) <= line.current_quantity:
            raise _Wrong("Quantity cannot refund more items than were purchased", *where, "quantity")
        kind, location = one.get("restockType") or "NO_RESTOCK", one.get("locationId")
        if kind in RESTOCKING and not location:
            raise _Wrong("Location must be specified when restocking", *where, "locationId")
        try:
            place = store.location(location) if location else None
        except BadRequest as error:
            raise _Wrong("Location does not exist", *where, "locationId") from error
        lines[line.id] = lines.get(line.id, 0) + one["quantity"]
        restocks[line.id] = (kind, place)
    return lines, restocks


def _shipping(order, given):
    if not given:
        return None
    if given.get("fullRefund"):
        return True
    amount = decimal(given.get("amount") or 0, "shipping")
    if amount > totals(order)["current_shipping_price"].presentment:
        raise _Wrong("Shipping refund amount is greater than what was paid for shipping", "shipping", "amount")
    return amount or None


def _payments(order, given, over: bool) -> list:
    payments, left = [], {}
    for index, one in enumerate(given):
        where = ("transactions", index)
        number = (parse_gid(one.get("parentId") or "") or (None, None))[1]
        parent = next(
            (part for part in order.transactions if part.id == number and part.kind in ("SALE", "CAPTURE")), None
        )
        if parent is None or not parent.success:
            raise _Wrong("Parent transaction does not exist or cannot be refunded", *where, "parentId")
        if one["kind"] != "REFUND" or one["gateway"] != parent.gateway:
            raise _Wrong("Kind and gateway must fit the parent transaction", *where)
        amount = decimal(one["amount"], "amount")
        rest = left.get(parent.id, refundable(order, parent).presentment)
        if amount <= 0 or (amount > rest and not over):
            raise _Wrong(
                f"Refund amount {amount} is greater than the maximum refundable amount {rest}", *where, "amount"
            )
        left[parent.id] = rest - amount
        payments.append((parent, amount))
    return payments


@resolver("Order.suggestedRefund")
def suggested_refund(
    order,
    info,
    refundLineItems=None,
    refundShipping=None,
    shippingAmount=None,
    refundDuties=None,
    suggestFullRefund=False,
    refundMethodAllocation=None,
    **_args,
):
    """What these units and this shipping are worth, and which payments give it back, newest first."""
    at = info.context.store.clock.now()
    made = Refund(0, order, at, at, at)
    for one in refundLineItems or []:
        line = next((line for line in order.lines if line.id == number_of(one["lineItemId"], "LineItem")), None)
        if line is not None and 0 < one["quantity"] <= line.current_quantity:
            made.lines.append(take_back(order, line, one["quantity"], one.get("restockType") or "NO_RESTOCK"))
    if suggestFullRefund:
        left = [line for line in order.lines if line.current_quantity and not line.is_tip]
        made.lines = [take_back(order, line, line.current_quantity, "NO_RESTOCK") for line in left]
    if shippingAmount is not None and not suggestFullRefund:
        made.shipping = take_back_shipping(order, decimal(shippingAmount, "shippingAmount"))
    elif refundShipping or suggestFullRefund:
        made.shipping = take_back_shipping(order)
    if suggestFullRefund:
        made.duties = open_duties(order)
    elif refundDuties:
        units = {part.line_item.id: part.quantity for part in made.lines}
        try:
            made.duties = _duties(order, refundDuties, units)
        except _Wrong as wrong:
            raise ShopifyError(str(wrong), "BAD_REQUEST") from wrong
    return _suggestion(order, made, refundMethodAllocation == "STORE_CREDIT")


def _suggestion(order, made: Refund, as_credit: bool) -> Box:
    pair, paid = order.pair, totals(order)
    value = value_of(order, made)
    most = paid["net_payment"]
    money = most if value.presentment >= most.presentment else value
    money = money if money.presentment > 0 else pair.zero()
    subtotal = pair.total(line.subtotal_set for line in made.lines)
    line_tax = pair.total(line.total_tax_set for line in made.lines)
    shipping_tax = pair.total(line.tax_amount_set for line in made.shipping)
    return Box(
        "SuggestedRefund",
        amount_set=money,
        subtotal_set=subtotal,
        discounted_subtotal_set=subtotal,
        total_tax_set=line_tax + shipping_tax,
        total_cart_discount_amount_set=pair.zero(),
        total_duties_set=pair.total(amount for _duty, amount in made.duties),
        maximum_refundable_set=most,
        refund_line_items=made.lines,
        refund_duties=[Box(original_duty=duty, amount_set=amount) for duty, amount in made.duties],
        suggested_refund_methods=[
            Box("SuggestedStoreCreditRefund", amount=money, maximum_refundable=most, expires_at=None)
        ]
        if as_credit and money.presentment > 0
        else [],
        suggested_transactions=[] if as_credit else _spread(order, money),
        shipping=Box(
            "ShippingRefund",
            amount_set=pair.total(line.subtotal_amount_set for line in made.shipping),
            tax_set=shipping_tax,
            maximum_refundable_set=paid["current_shipping_price"],
        ),
    )


def _spread(order, money: Bag) -> list[Box]:
    found, left = [], money
    payments = [one for one in order.transactions if one.success and one.kind in ("SALE", "CAPTURE")]
    for payment in reversed(payments):
        free = refundable(order, payment)
        if not (left.presentment > 0 and free.presentment > 0):
            continue
        part = free if left.presentment >= free.presentment else left
        left -= part
        found.append(
            Box(
                "SuggestedOrderTransaction",
                kind="SUGGESTED_REFUND",
                gateway=payment.gateway,
                formatted_gateway=payment.formatted_gateway,
                account_number=None,
                payment_details=None,
                amount_set=part,
                maximum_refundable_set=free,
                parent_transaction=payment,
            )
        )
    return found
