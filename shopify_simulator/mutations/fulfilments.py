"""fulfillmentCreate, fulfillmentTrackingInfoUpdate, fulfillmentCancel, fulfillmentOrderLineItemsPreparedForPickup."""

from __future__ import annotations

from ..ids import parse_gid
from ..model.fulfilment import Fulfillment, FulfillmentOrder, Tracking
from ..resolvers.common import Box
from ..resolvers.fulfilments import visible_groups
from ..resolvers.lookup import part_of_order
from ..resolvers.registry import resolver
from ..scopes import with_implied
from ..values import BadRequest

_OWN = "write_merchant_managed_fulfillment_orders"
_SERVICE = "write_third_party_fulfillment_orders"
#: Carriers of which Shopify makes the link by itself, as far as the simulator knows them.
_LINKS = {
    "UPS": "https://www.ups.com/WebTracking?tracknum={}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "DHL Express": "https://www.dhl.com/en/express/tracking.html?AWB={}",
}


class _Wrong(ValueError):
    """A user error: the path of the field, and the message."""

    def __init__(self, message: str, *field: str):
        super().__init__(message)
        self.field = list(field) or None


@resolver("Mutation.fulfillmentCreate")
def fulfillment_create(_root, info, fulfillment, message=None):
    """Ship lines of fulfilment orders: of one order, at one location."""
    del message
    context = info.context
    try:
        plan = _plan(context, fulfillment["lineItemsByFulfillmentOrder"])
    except _Wrong as wrong:
        return _refused(wrong)
    tracking = _trackings(fulfillment.get("trackingInfo"))
    order = plan[0][0].order
    done = context.store.ship(order, plan, tracking, bool(fulfillment.get("notifyCustomer")))
    return Box(fulfillment=done, user_errors=[])


@resolver("Mutation.fulfillmentTrackingInfoUpdate")
def tracking_update(_root, info, fulfillmentId, trackingInfoInput, notifyCustomer=None):
    try:
        done = _fulfillment(info.context, fulfillmentId, "fulfillmentId")
        if done.status != "SUCCESS":
            raise _Wrong("Fulfillment is cancelled", "fulfillmentId")
    except _Wrong as wrong:
        return _refused(wrong)
    info.context.store.track(done, _trackings(trackingInfoInput), bool(notifyCustomer))
    return Box(fulfillment=done, user_errors=[])


@resolver("Mutation.fulfillmentCancel")
def fulfillment_cancel(_root, info, id):  # noqa: A002 - argument name is Shopify's
    try:
        done = _fulfillment(info.context, id, "id")
        info.context.store.cancel_fulfilment(done.order, done)
    except _Wrong as wrong:
        return _refused(wrong)
    except BadRequest:
        return _refused(_Wrong("Fulfillment can not be cancelled", "id"))
    return Box(fulfillment=done, user_errors=[])


@resolver("Mutation.fulfillmentOrderLineItemsPreparedForPickup")
def prepared_for_pickup(_root, info, input):  # noqa: A002 - argument name is Shopify's
    context = info.context
    groups = []
    for index, one in enumerate(input["lineItemsByFulfillmentOrder"]):
        where = ["input", "lineItemsByFulfillmentOrder", str(index), "fulfillmentOrderId"]
        try:
            group = _group(context, one["fulfillmentOrderId"], *where)
        except _Wrong as wrong:
            return _unprepared("FULFILLMENT_ORDER_INVALID", str(wrong), where)
        if group.method_type != "PICK_UP" or group.status not in ("OPEN", "IN_PROGRESS"):
            return _unprepared("FULFILLMENT_ORDER_INVALID", "The fulfillment order is not an open pickup", where)
        if not any(part.remaining_quantity for part in group.lines):
            text = "There are no line items to prepare for this fulfillment order"
            return _unprepared("NO_LINE_ITEMS_TO_PREPARE_FOR_FULFILLMENT_ORDER", text, where)
        groups.append(group)
    if groups:
        context.store.prepare(groups[0].order, groups)
    return Box(user_errors=[])


def _plan(context, given: list) -> list:
    """[(fulfilment order, [(its line, units)])]; `_Wrong` as Shopify words it."""
    plan = []
    for index, one in enumerate(given):
        where = ("fulfillment", "lineItemsByFulfillmentOrder", str(index))
        group = _group(context, one["fulfillmentOrderId"], *where, "fulfillmentOrderId")
        if group.status not in ("OPEN", "IN_PROGRESS"):
            raise _Wrong(
                f"Fulfillment order {group.id} has an unfulfillable status= {group.status.lower()}.",
                *where,
                "fulfillmentOrderId",
            )
        plan.append((group, _units(group, one.get("fulfillmentOrderLineItems"), where)))
    if not plan:
        raise _Wrong("No fulfillment order given", "fulfillment", "lineItemsByFulfillmentOrder")
    if len({group.order.id for group, _taken in plan}) > 1:
        raise _Wrong("All fulfillment orders must belong to the same order.", "fulfillment")
    if len({group.location.id for group, _taken in plan}) > 1:
        raise _Wrong("All fulfillment orders must be assigned to the same location.", "fulfillment")
    return plan


def _units(group: FulfillmentOrder, given: list | None, where: tuple) -> list:
    if not given:
        return [(part, part.remaining_quantity) for part in group.lines if part.remaining_quantity]
    parts = {part.id: part for part in group.lines}
    taken, left = [], {part.id: part.remaining_quantity for part in group.lines}
    for index, one in enumerate(given):
        here = (*where, "fulfillmentOrderLineItems", str(index))
        number = (parse_gid(one["id"]) or (None, None))[1]
        if number not in parts:
            raise _Wrong("Fulfillment order line item does not exist.", *here, "id")
        if not 0 < one["quantity"] <= left[number]:
            raise _Wrong("Invalid fulfillment order line item quantity requested.", *here, "quantity")
        left[number] -= one["quantity"]
        taken.append((parts[number], one["quantity"]))
    return taken


def _group(context, given: str, *where: str) -> FulfillmentOrder:
    kind, number = parse_gid(given) or (None, None)
    group = part_of_order(context, "FulfillmentOrder", number) if kind == "FulfillmentOrder" else None
    if group is None or group not in visible_groups(group.order, context):
        raise _Wrong("Fulfillment order does not exist.", *where)
    needed = _SERVICE if group.location.fulfillment_service else _OWN
    if needed not in with_implied(context.granted):
        raise _Wrong("The api client does not have access to the fulfillment order.", *where)
    return group


def _fulfillment(context, given: str, *where: str) -> Fulfillment:
    kind, number = parse_gid(given) or (None, None)
    done = part_of_order(context, "Fulfillment", number) if kind == "Fulfillment" else None
    if done is None:
        raise _Wrong("Fulfillment does not exist.", *where)
    return done


def _trackings(given: dict | None) -> list[Tracking]:
    """One parcel a number; a link by Shopify for carriers it knows, unless links are given."""
    given = given or {}
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    urls = given.get("urls") or ([given["url"]] if given.get("url") else [])
    company = given.get("company")
    if not numbers and not urls:
        return [Tracking(company)] if company else []
    rows = []
    for index in range(max(len(numbers), len(urls))):
        number = numbers[index] if index < len(numbers) else None
        pattern = _LINKS.get(company)
        made = pattern.format(number) if pattern and number and not urls else None
        rows.append(Tracking(company, number, urls[index] if index < len(urls) else made))
    return rows


def _refused(wrong: _Wrong) -> Box:
    problem = Box("UserError", field=wrong.field, message=str(wrong))
    return Box(fulfillment=None, user_errors=[problem])


def _unprepared(code: str, message: str, field: list[str]) -> Box:
    problem = Box("FulfillmentOrderLineItemsPreparedForPickupUserError", code=code, field=field, message=message)
    return Box(user_errors=[problem])
