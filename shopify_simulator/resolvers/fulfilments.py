"""Fulfilment orders and fulfilments."""

from __future__ import annotations

from datetime import timedelta

from .common import Box, number_of
from .lookup import part_of_order
from .registry import aliases, constants, resolver
from .shop import manual_service

MERCHANT = frozenset({"read_merchant_managed_fulfillment_orders"})
THIRD_PARTY = frozenset({"read_third_party_fulfillment_orders"})


@resolver("Order.fulfillmentOrders")
def fulfillment_orders(one, info, **_args):
    """Those that the token may see; none as long as the order is being routed."""
    return visible_groups(one, info.context)


@resolver("QueryRoot.fulfillmentOrder")
def fulfillment_order(_root, info, id):  # noqa: A002
    found = part_of_order(info.context, "FulfillmentOrder", number_of(id, "FulfillmentOrder"))
    return found if found is not None and found in visible_groups(found.order, info.context) else None


@resolver("QueryRoot.fulfillment")
def fulfillment(_root, info, id):  # noqa: A002
    return part_of_order(info.context, "Fulfillment", number_of(id, "Fulfillment"))


@resolver("Order.fulfillments")
def fulfillments(one, _info, first=None, query=None):
    del query
    return one.fulfillments[:first]


@resolver("Fulfillment.trackingInfo")
def tracking(one, _info, first=None):
    return one.tracking[:first]


def visible_groups(order, context) -> list:
    """Fulfilment orders of an order by the scopes granted: own locations and fulfilment services have one each."""
    store = context.store
    if store.routing_delay and store.clock.now() < order.created_at + timedelta(seconds=store.routing_delay):
        return []
    return [
        group
        for group in order.fulfillment_orders
        if (THIRD_PARTY if group.location.fulfillment_service else MERCHANT) & context.granted
    ]


def _actions(group) -> list[Box]:
    names = {
        "OPEN": ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "SPLIT"],
        "IN_PROGRESS": ["CREATE_FULFILLMENT", "HOLD"],
        "ON_HOLD": ["RELEASE_HOLD", "HOLD", "MOVE"],
        "SCHEDULED": ["MARK_AS_OPEN"],
    }.get(group.status, [])
    if group.location.fulfillment_service and group.status == "OPEN":
        names = ["REQUEST_FULFILLMENT", "CREATE_FULFILLMENT", "HOLD", "MOVE"]
    return [Box(action=name, external_url=None) for name in names]


def _assigned(group) -> Box:
    place = group.location
    return Box(
        name=place.name, address1=place.address1, address2=None, city=place.city, zip=place.zip, province=place.province,
        country_code=place.country, phone=place.phone, location=place,
    )  # fmt: skip


def _destination(group):
    address = group.order.shipping_address
    if address is None or group.method_type not in ("SHIPPING", "PICK_UP"):
        return None
    return Box(
        "FulfillmentOrderDestination", id=group.id, address1=address.address1, address2=address.address2, city=address.city,
        company=address.company, country_code=address.country_code, email=group.order.email, first_name=address.first_name,
        last_name=address.last_name, phone=address.phone, province=address.province, zip=address.zip, location=None,
    )  # fmt: skip


def _method(group) -> Box:
    return Box(
        "DeliveryMethod", id=group.id, method_type=group.method_type, presented_name=group.presented_name, service_code=None,
        source_reference=None, min_delivery_date_time=None, max_delivery_date_time=None, additional_information=None,
        branded_promise=None,
    )  # fmt: skip


aliases(
    {
        "FulfillmentOrder.orderId": lambda group: f"gid://shopify/Order/{group.order.id}",
        "FulfillmentOrder.orderName": lambda group: group.order.name,
        "FulfillmentOrder.orderProcessedAt": lambda group: group.order.processed_at,
        "FulfillmentOrder.lineItems": lambda group: group.lines,
        "FulfillmentOrder.fulfillmentHolds": lambda group: group.holds,
        "FulfillmentOrder.supportedActions": _actions,
        "FulfillmentOrder.assignedLocation": _assigned,
        "FulfillmentOrder.destination": _destination,
        "FulfillmentOrder.deliveryMethod": _method,
        "FulfillmentOrder.fulfillments": lambda group: [
            one for one in group.order.fulfillments if group in one.fulfillment_orders
        ],
        "FulfillmentHold.displayReason": lambda hold: hold.reason.replace("_", " ").capitalize(),
        "FulfillmentOrderLineItem.sku": lambda part: part.line_item.sku,
        "FulfillmentOrderLineItem.variant": lambda part: part.line_item.variant,
        "FulfillmentOrderLineItem.variantTitle": lambda part: part.line_item.variant_title,
        "FulfillmentOrderLineItem.productTitle": lambda part: part.line_item.title,
        "FulfillmentOrderLineItem.vendor": lambda part: part.line_item.vendor,
        "FulfillmentOrderLineItem.requiresShipping": lambda part: part.line_item.requires_shipping,
        "FulfillmentOrderLineItem.inventoryItemId": lambda part: (
            part.line_item.variant and f"gid://shopify/InventoryItem/{part.line_item.variant.inventory_item.id}"
        ),
        "FulfillmentOrderLineItem.shippingLine": lambda part: next(iter(part.fulfillment_order.order.shipping), None),
        "Fulfillment.fulfillmentLineItems": lambda one: one.lines,
        "Fulfillment.totalQuantity": lambda one: sum(part.quantity for part in one.lines),
        "Fulfillment.requiresShipping": lambda one: any(part.line_item.requires_shipping for part in one.lines),
        "Fulfillment.service": lambda one: manual_service(),
        "Fulfillment.originAddress": lambda one: one.location
        and Box(
            address1=one.location.address1, address2=None, city=one.location.city, country_code=one.location.country,
            province_code=one.location.province_code, zip=one.location.zip,
        ),
        "FulfillmentLineItem.originalTotalSet": lambda part: part.line_item.original_unit_price_set * part.quantity,
        "FulfillmentLineItem.discountedTotalSet": lambda part: part.line_item.net.share(
            part.quantity, part.line_item.quantity
        ),
    }
)  # fmt: skip
constants(
    {
        "FulfillmentOrder.fulfillBy": None,
        "FulfillmentOrder.internationalDuties": None,
        "FulfillmentOrder.merchantRequests": [],
        "FulfillmentHold.heldByApp": None,
        "FulfillmentHold.heldByRequestingApp": False,
        "FulfillmentOrderLineItem.image": None,
        "FulfillmentOrderLineItem.warnings": [],
        "Fulfillment.estimatedDeliveryAt": None,
        "Fulfillment.events": [],
        "Location.hasActiveInventory": True,
    }
)


@resolver("QueryRoot.fulfillmentOrders")
def all_fulfillment_orders(_root, info, includeClosed=False, sortKey="ID", **_args):
    book = info.context.store.orders
    found = [
        group
        for header in book.headers()
        for group in visible_groups(book.get(header.serial), info.context)
        if includeClosed or group.open
    ]
    return sorted(found, key=lambda one: (one.updated_at, one.id) if sortKey == "UPDATED_AT" else one.id)
