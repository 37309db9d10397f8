"""What an app ships by the API, and what Shopify refuses."""

import pytest

import shopify_api


@pytest.fixture
def order(sim):
    first, second = sim.store.skus()[:2]
    return sim.store.place_order(lines=[(first, 2), (second, 1)], shipping="4.90")


@pytest.fixture
def ask(client):
    """Ask with one of the connector's own documents."""

    def send(name, **variables):
        return client.body(shopify_api.load(name).text, variables)

    return send


def gid(one, kind=None):
    return f"gid://shopify/{kind or one.typename}/{one.id}"


def wanted(group, *units):
    lines = [{"id": gid(part), "quantity": count} for part, count in zip(group.lines, units, strict=False)]
    return {"fulfillmentOrderId": gid(group), "fulfillmentOrderLineItems": lines}


def ship(ask, *groups, **more):
    given = {"lineItemsByFulfillmentOrder": list(groups), **more}
    return ask("fulfillments/FulfillmentCreate", fulfillment=given)["data"]["fulfillmentCreate"]


def message(payload):
    assert payload["fulfillment"] is None
    return payload["userErrors"][0]["message"]


def test_units_are_shipped_with_numbers_and_links(ask, order):
    (group,) = order.fulfillment_orders
    tracking = {"company": "UPS", "numbers": ["1Z1", "1Z2"]}
    assert ship(ask, wanted(group, 1), trackingInfo=tracking, notifyCustomer=True)["userErrors"] == []
    (done,) = order.fulfillments
    assert [(part.line_item.sku, part.quantity) for part in done.lines] == [(order.lines[0].sku, 1)]
    assert [parcel.number for parcel in done.tracking] == ["1Z1", "1Z2"]
    assert all(parcel.number in parcel.url for parcel in done.tracking)
    assert (done.notified, group.status, group.lines[0].remaining_quantity) == (1, "OPEN", 1)


def test_no_lines_mean_everything_and_close_the_fulfilment_order(ask, order):
    (group,) = order.fulfillment_orders
    ship(ask, {"fulfillmentOrderId": gid(group)})
    assert (group.status, order.fulfillments[0].lines[1].quantity) == ("CLOSED", 1)
    assert "unfulfillable status= closed" in message(ship(ask, {"fulfillmentOrderId": gid(group)}))


def test_more_than_is_open_is_refused_and_nothing_is_shipped(ask, order):
    (group,) = order.fulfillment_orders
    assert "quantity" in message(ship(ask, wanted(group, 3)))
    assert order.fulfillments == []


def test_what_is_on_hold_is_refused(ask, sim, order):
    (group,) = order.fulfillment_orders
    sim.store.hold(order, "OTHER", fulfillment_order=group.id)
    assert "on_hold" in message(ship(ask, wanted(group, 1)))
    sim.store.release_hold(order)
    assert ship(ask, wanted(group, 1))["fulfillment"]


def test_one_request_ships_from_one_location(ask, sim, order):
    second = order.lines[1].sku
    moved = sim.store.move(order, "West Warehouse", lines={second: 1})
    groups = [one for one in order.fulfillment_orders if one.open]
    assert [one.location.name for one in groups] == ["Main Warehouse", "West Warehouse"]
    assert "same location" in message(ship(ask, *(wanted(one, 1) for one in groups)))
    assert ship(ask, wanted(moved, 1))["fulfillment"]


def test_two_fulfilment_orders_of_one_location_are_one_fulfilment(ask, sim, order):
    new = sim.store.split(order, lines={order.lines[0].sku: 1})
    ship(ask, *(wanted(one, 1) for one in order.fulfillment_orders))
    assert (len(order.fulfillments), len(order.fulfillments[0].lines), new.status) == (1, 2, "CLOSED")


def test_a_fulfilment_order_of_a_service_needs_its_own_permission(ask, sim, order):
    group = sim.store.move(order, "Parcel Partner")
    sim.access.scopes = [one for one in sim.access.scopes if "write_third_party" not in one]
    assert "does not have access" in message(ship(ask, wanted(group, 1)))


def test_tracking_is_replaced_and_a_cancelled_fulfilment_cannot_be_tracked(ask, sim, order):
    (done,) = sim.store.fulfil(order, tracking={"number": "OLD"})
    update = {"id": gid(done), "tracking": {"company": "Bike", "numbers": ["NEW"], "urls": ["https://b.example/NEW"]}}
    ask("fulfillments/FulfillmentTrackingInfoUpdate", **update)
    assert [(one.company, one.number, one.url) for one in done.tracking] == [("Bike", "NEW", "https://b.example/NEW")]
    assert ask("fulfillments/FulfillmentCancel", id=gid(done))["data"]["fulfillmentCancel"]["userErrors"] == []
    answer = ask("fulfillments/FulfillmentTrackingInfoUpdate", **update)["data"]["fulfillmentTrackingInfoUpdate"]
    assert "cancelled" in message(answer)
    again = ask("fulfillments/FulfillmentCancel", id=gid(done))["data"]["fulfillmentCancel"]
    assert "can not be cancelled" in message(again)


def test_cancelled_units_are_open_again_where_they_were_shipped_from(sim, order):
    sim.store.move(order, "West Warehouse")
    (done,) = sim.store.fulfil(order)
    sim.store.cancel_fulfilment(order, done)
    (group,) = [one for one in order.fulfillment_orders if one.open]
    assert (group.location.name, [part.remaining_quantity for part in group.lines]) == ("West Warehouse", [2, 1])


def test_a_pickup_is_marked_ready_and_then_shipped(ask, sim):
    order = sim.store.place_order(pickup=True)
    (group,) = order.fulfillment_orders
    given = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": gid(group)}]}
    answer = ask("fulfillments/PreparedForPickup", input=given)["data"]["fulfillmentOrderLineItemsPreparedForPickup"]
    assert (answer["userErrors"], group.status) == ([], "IN_PROGRESS")
    assert ship(ask, wanted(group, 1))["fulfillment"]


def test_what_is_no_pickup_cannot_be_marked_ready(ask, order):
    given = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": gid(order.fulfillment_orders[0])}]}
    answer = ask("fulfillments/PreparedForPickup", input=given)["data"]["fulfillmentOrderLineItemsPreparedForPickup"]
    assert answer["userErrors"][0]["code"] == "FULFILLMENT_ORDER_INVALID"


def test_holds_moves_and_splits_are_control_calls(client, sim, order):
    sku = order.lines[0].sku
    told = client.control("split", order=order.name, lines={sku: 1}).json()
    assert [one["lines"] for one in told["fulfillment_orders"]][1] == {sku: 1}
    assert client.control("move", order=order.name, location="Parcel Partner").status_code == 200
    assert client.control("hold", order=order.name, reason="OTHER").status_code == 200
    assert {one.status for one in order.fulfillment_orders if one.open} == {"ON_HOLD"}
    assert client.control("split", order=order.name, lines={sku: 9}).status_code == 400
    assert client.control("schedule", order=order.name, until="2030-01-01T00:00:00Z").status_code == 200
