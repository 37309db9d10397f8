"""Returns: asked for, approved, received, processed with refund or exchange, closed, cancelled, declined.

A return is booked only when it is processed: its units leave the order then (a sale reversal), its exchange items join it.
Receiving (dispositions) is apart from it: goods may be restocked before, with or long after the money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from ..ledger import line_sale, next_id, record_return
from ..model.fulfilment import FulfillmentLine
from ..model.money_flow import Refund
from ..model.order import Line, Order
from ..model.product import Location
from ..model.returns import (
    Disposition,
    ExchangeLine,
    RestockingFee,
    Return,
    ReturnLine,
    ReturnShippingFee,
    ReverseLine,
    ReverseOrder,
)
from ..money import Bag
from ..totals import refunded_share
from ..values import BadRequest, decimal, known_keys, one_of
from .fulfilments import add_to_route
from .lines import add_line, tax_line_item
from .refunds import refund, take_back

DISPOSITIONS = ("RESTOCKED", "NOT_RESTOCKED", "MISSING", "PROCESSING_REQUIRED")
REASONS = (
    "COLOR",
    "DEFECTIVE",
    "NOT_AS_DESCRIBED",
    "OTHER",
    "SIZE_TOO_LARGE",
    "SIZE_TOO_SMALL",
    "STYLE",
    "UNKNOWN",
    "UNWANTED",
    "WRONG_ITEM",
)
EXCHANGE_KEYS = frozenset({"sku", "quantity", "price"})
DECLINE_REASONS = ("FINAL_SALE", "OTHER", "RETURN_PERIOD_ENDED")


def start(
    store,
    order: Order,
    at: datetime,
    lines: Mapping[int, int],
    exchange: Sequence[object] = (),
    reason: str = "UNKNOWN",
    note: str = "",
    customer_note: str | None = None,
    requested: bool = False,
    restocking_percent: object = 0,
    return_shipping: object = 0,
) -> Return:
    """Start a return of shipped units (line id -> units): approved at once, or ``requested`` by the customer.

    ``exchange``: what is sent instead, lines as in `add_line`. Fees that the shop keeps when the return is processed:
    ``restocking_percent`` of what the units are worth, and ``return_shipping`` in the customer's currency.
    """
    one_of(reason, REASONS, "reason")
    plan = [
        (part, units)
        for line_id, quantity in lines.items()
        for part, units in _shipped(order, order.line(line_id), quantity)
    ]
    if not plan:
        raise BadRequest(f"order {order.name}: a return needs units of at least one line")
    swaps = [_exchange_spec(store, spec) for spec in exchange]
    made = Return(next_id(order, "Return"), order, f"{order.name}-R{len(order.returns) + 1}", at, status="REQUESTED")
    made.lines = [
        ReturnLine(next_id(order, "ReturnLineItem"), part, units, reason, note, customer_note) for part, units in plan
    ]
    _charge(order, made, decimal(restocking_percent, "restocking_percent"), decimal(return_shipping, "return_shipping"))
    made.exchanges = [
        ExchangeLine(next_id(order, "ExchangeLineItem"), spec, spec["quantity"], variant) for spec, variant in swaps
    ]
    order.returns.append(made)
    order.closed_at = None
    order.version += 1
    if not requested:
        approve(order, made, at)
    return made


def approve(order: Order, ret: Return, at: datetime) -> None:
    """Approve a request: somebody has to receive the units from now on."""
    _in_status(ret, "REQUESTED")
    ret.status, ret.request_approved_at = "OPEN", at
    work = ReverseOrder(next_id(order, "ReverseFulfillmentOrder"), order)
    work.lines = [
        ReverseLine(next_id(order, "ReverseFulfillmentOrderLineItem"), line.fulfillment_line_item, line.quantity)
        for line in ret.lines
    ]
    ret.reverse_orders.append(work)


def decline(ret: Return, reason: str = "OTHER", note: str | None = None) -> None:
    """Decline a request."""
    _in_status(ret, "REQUESTED")
    ret.status, ret.decline_reason, ret.decline_note = "DECLINED", one_of(reason, DECLINE_REASONS, "reason"), note


def cancel(ret: Return, worked_on: bool = False) -> None:
    """Cancel an open return. Shopify allows it before any work was done on it; ``worked_on`` does it all the same, as
    happens when units were received by mistake."""
    _in_status(ret, "OPEN", "REQUESTED")
    done = any(part.dispositions for work in ret.reverse_orders for part in work.lines)
    if any(line.reversals for line in ret.lines) or (done and not worked_on):
        raise BadRequest(f"return {ret.name} was worked on and cannot be cancelled")
    ret.status = "CANCELED"
    for work in ret.reverse_orders:
        work.status = "CANCELED"


def close(ret: Return, at: datetime) -> None:
    """A return is complete."""
    _in_status(ret, "OPEN")
    ret.status, ret.closed_at = "CLOSED", at
    for work in ret.reverse_orders:
        work.status = "CLOSED"


def reopen(ret: Return) -> None:
    """Open a closed return again."""
    _in_status(ret, "CLOSED")
    ret.status, ret.closed_at = "OPEN", None
    for work in ret.reverse_orders:
        work.status = "OPEN"


def receive(
    order: Order,
    ret: Return,
    at: datetime,
    lines: Mapping[int, int] | None = None,
    disposition: str = "RESTOCKED",
    location: Location | None = None,
) -> list[Disposition]:
    """Say what became of units that came in: line id -> units, None means all that is still expected."""
    if not ret.stands:
        raise BadRequest(f"return {ret.name} is {ret.status.lower()}; nothing can be received for it")
    one_of(disposition, DISPOSITIONS, "disposition")
    parts = [part for work in ret.reverse_orders for part in work.lines]
    wanted = dict(lines) if lines is not None else None
    made = []
    for part in parts:
        asked = part.open_quantity if wanted is None else wanted.get(part.fulfillment_line_item.line_item.id, 0)
        units = min(asked, part.open_quantity)
        if units < 1:
            continue
        if wanted is not None:
            wanted[part.fulfillment_line_item.line_item.id] -= units
        place = location or order.retail_location
        number = next_id(order, "ReverseFulfillmentOrderDisposition")
        part.dispositions.append(
            Disposition(number, disposition, units, at, place if disposition == "RESTOCKED" else None)
        )
        made.append(part.dispositions[-1])
    if not made or any((wanted or {}).values()):
        raise BadRequest(f"return {ret.name}: so many units are not expected any more")
    for work in ret.reverse_orders:
        if not any(part.open_quantity for part in work.lines):
            work.status = "CLOSED"
    order.version += 1
    return made


def process(
    store,
    order: Order,
    ret: Return,
    at: datetime,
    lines: Mapping[int, int] | None = None,
    exchange: bool = True,
    **payment,
) -> Refund | None:
    """Book a return: its units (line id -> units, None means all) leave the order, its exchange items join it.

    ``amount``, ``gateway``, ``shipping``, ``note``, ``pending``, ``restocks`` as in `refunds.refund`: with any of them, or
    ``refunded=True``, the processed units are refunded in the same step.
    """
    _in_status(ret, "OPEN")
    refunded = payment.pop("refunded", bool(payment))
    wanted = dict(lines) if lines is not None else None
    plan = []
    for line in ret.lines:
        left = line.open_quantity
        part_of = line.fulfillment_line_item.line_item
        units = left if wanted is None else min(wanted.get(part_of.id, 0), left)
        units = min(units, part_of.current_quantity - sum(count for one, count in plan if one is part_of))
        if units > 0:
            plan.append((line, units))
            if wanted is not None:
                wanted[part_of.id] -= units
    swaps = [swap for swap in ret.exchanges if not swap.lines] if exchange else []
    if not plan and not swaps and not (refunded and ret.open_reversals):
        raise BadRequest(f"return {ret.name} has nothing left to process")
    if any((wanted or {}).values()):
        raise BadRequest(f"return {ret.name}: more units than are left to process")
    kept_before = {(fee.typename, fee.id): part for fee, part in ret.kept}
    for line, units in plan:
        _reverse(order, line, units)
    order.version += 1
    try:
        made = give_back(store, order, ret, at, **payment) if refunded else None
    except BadRequest:
        for line, _units in plan:
            line.fulfillment_line_item.line_item.gone -= line.reversals.pop().quantity
        order.version += 1
        raise
    added = [_send_instead(store, order, swap, at) for swap in swaps]
    if plan or added:
        reversals = [line.reversals[-1] for line, _units in plan]
        sent = [line_sale(order, line, "ORDER") for line in added]
        record_return(order, ret, at, reversals, sent, _newly_kept(order, ret, kept_before))
    order.version += 1
    return made


def give_back(store, order: Order, ret: Return, at: datetime, **payment) -> Refund:
    """Refund what was processed of a return and not refunded yet."""
    parts = ret.open_reversals
    restock = payment.pop("restock_type", "NO_RESTOCK")
    made = refund(store, order, at, taken=parts, **payment)
    ret.refunds.append(made)
    for line in ret.lines:
        for part in line.reversals:
            if any(part is one for one in parts):
                line.refunded_quantity += part.quantity
                part.restock_type, part.restocked = restock, restock == "RETURN"
    return made


def status_of(order: Order) -> str:
    """`Order.returnStatus`."""
    states = {one.status for one in order.returns}
    open_work = [
        part for one in order.returns if one.status == "OPEN" for work in one.reverse_orders for part in work.lines
    ]
    if "OPEN" in states:
        return "IN_PROGRESS" if any(part.open_quantity for part in open_work) else "INSPECTION_COMPLETE"
    if "REQUESTED" in states:
        return "RETURN_REQUESTED"
    return "RETURNED" if "CLOSED" in states else "NO_RETURN"


def _charge(order: Order, ret: Return, percent: Decimal, shipping: Decimal) -> None:
    """Put the fees on a return. The restocking fee is a part of what its units are worth, with their taxes."""
    for line in ret.lines if percent else ():
        subtotal, tax, *_more = refunded_share(order, line.fulfillment_line_item.line_item, line.quantity)
        worth = subtotal if order.taxes_included else subtotal + tax
        amount = order.pair.bag(worth.presentment * percent / 100)
        line.restocking_fee = RestockingFee(next_id(order, "RestockingFee"), percent, amount)
    if shipping:
        fee = ReturnShippingFee(next_id(order, "ReturnShippingFee"), order.pair.bag(shipping))
        ret.return_shipping_fees.append(fee)


def _newly_kept(order: Order, ret: Return, before: Mapping[tuple[str, int], Bag]) -> list[tuple[object, Bag]]:
    """What is kept of each fee since ``before``."""
    more = [(fee, part - before.get((fee.typename, fee.id), order.pair.zero())) for fee, part in ret.kept]
    return [(fee, part) for fee, part in more if part]


def _in_status(ret: Return, *allowed: str) -> None:
    if ret.status not in allowed:
        raise BadRequest(f"return {ret.name} is {ret.status.lower()}")


def _shipped(order: Order, line: Line, quantity: int) -> list[tuple[FulfillmentLine, int]]:
    """The fulfilment lines from which units come back; `BadRequest` when not so many are with the customer."""
    taken = {}
    for ret in order.returns:
        if ret.status not in ("CANCELED", "DECLINED"):
            for part in ret.lines:
                taken[part.fulfillment_line_item.id] = taken.get(part.fulfillment_line_item.id, 0) + part.quantity
    left = min(quantity, line.current_quantity)
    found = []
    for shipped in order.fulfillments:
        for part in shipped.lines:
            if shipped.status != "SUCCESS" or part.line_item is not line:
                continue
            units = min(left, part.quantity - taken.get(part.id, 0))
            if units > 0:
                found.append((part, units))
                left -= units
    if quantity < 1 or sum(units for _part, units in found) < quantity:
        raise BadRequest(f"order {order.name}: {quantity} of {line.title!r} are not with the customer")
    return found


def _exchange_spec(store, spec: object) -> tuple[dict, str | None]:
    if isinstance(spec, str):
        spec = {"sku": spec}
    elif isinstance(spec, (tuple, list)):
        spec = {"sku": spec[0], "quantity": int(spec[1])}
    known_keys(spec, EXCHANGE_KEYS, "exchange")
    if int(spec.get("quantity", 1)) < 1:
        raise BadRequest("exchange: a quantity is 1 or more")
    variant = store.variant_by_sku(spec.get("sku"))
    if variant is None:
        raise BadRequest(f"exchange: the store has no product with SKU {spec.get('sku')!r}")
    return {"quantity": 1, **spec}, f"gid://shopify/ProductVariant/{variant.id}"


def _reverse(order: Order, line: ReturnLine, units: int) -> None:
    """Units leave the order; the line that a refund may take up later says what they were worth."""
    item = line.fulfillment_line_item.line_item
    part = take_back(order, item, units, "NO_RESTOCK")
    item.gone += units
    order.version += 1
    line.reversals.append(part)


def _send_instead(store, order: Order, swap: ExchangeLine, at: datetime) -> Line:
    rates = next((line.rates for line in order.lines if line.rates), [])
    line = add_line(store, order, swap.spec, rates)
    tax_line_item(order, line)
    add_to_route(store, order, line, line.quantity, at)
    swap.lines.append(line)
    return line
