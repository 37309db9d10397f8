"""What happens to a generated order after it was placed, by name; each at its own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from ..events import cancels, edits, fulfilments, payments, refunds, returns
from ..model.order import Order
from ..money import rounded
from ..totals import totals

CARRIERS = [
    ("UPS", "1Z999AA1{:010d}", "https://www.ups.com/track?tracknum={}"),
    ("DHL Express", "{:010d}", "https://www.dhl.com/track?id={}"),
    ("USPS", "9400{:018d}", "https://tools.usps.com/go/TrackConfirmAction?tLabels={}"),
    ("Other", "LOCAL-{:06d}", None),
]

Step = Callable[[object, Order, datetime, Random], object]


def run(name: str, store, order: Order, at: datetime, random: Random) -> None:
    """Let one step happen and mark the order as changed then."""
    _STEPS[name](store, order, at, random)
    order.version += 1
    order.updated_at = at


def _tracking(random: Random) -> list[dict]:
    if random.random() < 0.15:
        return []
    company, number, url = random.choice(CARRIERS)
    text = number.format(random.randint(1, 999_999))
    return [{"company": company, "number": text, "url": url and url.format(text)}]


def _fulfil(store, order, at, random):
    for done in fulfilments.fulfil(store, order, at, tracking=_tracking(random)):
        if done.tracking and random.random() < 0.5:
            done.display_status, done.in_transit_at = "IN_TRANSIT", at


def _fulfil_part(store, order, at, random):
    line = next(line for line in order.lines if line.unfulfilled_quantity)
    fulfilments.fulfil(store, order, at, {line.id: line.unfulfilled_quantity}, _tracking(random))


def _capture_part(store, order, at, random):
    amount = rounded(totals(order)["total_capturable"].presentment / 2, order.pair.presentment)
    payments.capture(store, order, at, amount)


def _refundable(order: Order):
    """The dearest line that is still there."""
    return max(
        (line for line in order.lines if line.current_quantity and not line.is_tip), key=lambda one: one.net.presentment
    )


def _refund_line(store, order, at, random, **more):
    refunds.refund(
        store, order, at, {_refundable(order).id: 1}, note=random.choice([None, "Wrong size", "Defekt"]), **more
    )


def _open_return(store, order, at, random, exchange=(), **more):
    line = _refundable(order)
    reason = random.choice(["SIZE_TOO_SMALL", "DEFECTIVE", "UNWANTED"])
    return returns.start(store, order, at, {line.id: 1}, exchange, reason=reason, **more)


def _return_back(store, order, at, random):
    """A unit came back and is on the shelf; the money has not moved yet."""
    ret = _open_return(store, order, at, random)
    returns.receive(order, ret, at)
    returns.process(store, order, ret, at)


def _return_refunded(store, order, at, random):
    ret = _open_return(store, order, at, random)
    returns.receive(order, ret, at)
    returns.process(store, order, ret, at, refunded=True, note="Returned")
    returns.close(ret, at)


def _exchange(store, order, at, random):
    """A unit is swapped for another of the same product; what that costs more is paid at once."""
    sku = _refundable(order).sku
    ret = _open_return(store, order, at, random, exchange=[sku])
    returns.receive(order, ret, at, disposition="NOT_RESTOCKED")
    returns.process(store, order, ret, at)
    returns.close(ret, at)
    if totals(order)["due"].presentment > 0:
        payments.mark_paid(store, order, at)


def _refund_all(store, order, at, random):
    refunds.refund(store, order, at, "all", shipping=True, amount=totals(order)["net_payment"].presentment)


def _refund_amount(store, order, at, random):
    amount = rounded(totals(order)["net_payment"].presentment * Decimal("0.1"), order.pair.presentment)
    refunds.refund(store, order, at, amount=amount, note="Goodwill")


def _edit_remove(store, order, at, random):
    line = min((line for line in order.lines if line.current_quantity), key=lambda one: one.net.presentment)
    edits.edit(store, order, at, remove=[line.id])


def _edit_less(store, order, at, random):
    line = next(line for line in order.lines if line.current_quantity > 1)
    edits.edit(store, order, at, {line.id: line.current_quantity - 1})


def _edit_more(store, order, at, random):
    line = _refundable(order)
    edits.edit(store, order, at, {line.id: line.current_quantity + 1})


def _edit_add(store, order, at, random):
    present = {line.sku for line in order.lines}
    sku = random.choice([sku for sku in store.seeded_skus() if sku not in present])
    edits.edit(store, order, at, add=[{"sku": sku}])


def _refund_owed(store, order, at, random):
    owed = -totals(order)["due"].presentment
    if owed > 0:
        refunds.refund(store, order, at, amount=owed)


def _address(store, order, at, random):
    edits.update(
        order, {"shipping_address": {"address1": f"{random.randint(1, 99)} New Street", "address2": "Rear building"}}
    )


def _close(store, order, at, random):
    order.closed_at = at


_STEPS: dict[str, Step] = {
    "fulfil": _fulfil,
    "fulfil_part": _fulfil_part,
    "hold": lambda store, order, at, random: fulfilments.hold(order, at, "INCORRECT_ADDRESS", "Street is missing"),
    "schedule": lambda store, order, at, random: fulfilments.schedule(order, at, at + timedelta(days=30)),
    "close": _close,
    "mark_paid": lambda store, order, at, random: payments.mark_paid(store, order, at),
    "capture": lambda store, order, at, random: payments.capture(store, order, at),
    "capture_part": _capture_part,
    "void": lambda store, order, at, random: payments.void(store, order, at),
    "expire": lambda store, order, at, random: payments.expire(order),
    "refund_line": _refund_line,
    "refund_all": _refund_all,
    "refund_amount": _refund_amount,
    "refund_shipping": lambda store, order, at, random: refunds.refund(
        store, order, at, shipping=True, note="Came late"
    ),
    "refund_pending": lambda store, order, at, random: _refund_line(store, order, at, random, pending=True),
    "refund_credit": lambda store, order, at, random: _refund_line(
        store, order, at, random, gateway=refunds.STORE_CREDIT
    ),
    "refund_owed": _refund_owed,
    "return_request": lambda store, order, at, random: _open_return(store, order, at, random, requested=True),
    "return_back": _return_back,
    "return_refunded": _return_refunded,
    "exchange": _exchange,
    "cancel": lambda store, order, at, random: cancels.cancel(
        store, order, at, random.choice(["CUSTOMER", "INVENTORY"])
    ),
    "cancel_fraud": lambda store, order, at, random: cancels.cancel(
        store, order, at, "FRAUD", note="Card reported stolen"
    ),
    "edit_add": _edit_add,
    "edit_more": _edit_more,
    "edit_less": _edit_less,
    "edit_remove": _edit_remove,
    "address": _address,
}
