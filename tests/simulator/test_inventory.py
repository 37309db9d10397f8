"""Stock by the API: compare-and-set, all or nothing, once per key; and how it moves with orders."""

import json

import pytest
import requests

import shopify_api
from shopify_simulator import Simulator

SKU = "MUG-0012"


@pytest.fixture
def ask(client):
    """The first payload that one of the connector's own documents answers."""

    def send(name, **variables):
        answer = client.body(shopify_api.load(name).text, variables)
        assert "errors" not in answer, answer["errors"]
        return next(iter(answer["data"].values()))

    return send


@pytest.fixture
def item(sim):
    sim.store.set_stock(SKU, 20)
    return sim.store.variant_by_sku(SKU).inventory_item


def gid(one):
    return f"gid://shopify/{one.typename}/{one.id}"


def row(sim, item, quantity, expected, place=0):
    return {
        "inventoryItemId": gid(item),
        "locationId": gid(sim.store.locations[place]),
        "quantity": quantity,
        "changeFromQuantity": expected,
    }


def set_stock(ask, rows, key="k1", reason="correction"):
    return ask("inventory/InventorySetQuantities", quantities=rows, reason=reason, document=None, key=key)


def codes(payload):
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


def test_a_quantity_is_set_from_the_value_it_was_read_with(sim, ask, item):
    assert codes(set_stock(ask, [row(sim, item, 15, 20)])) == []
    assert sim.store.stock(SKU) == 15
    assert sim.store.stock(SKU, name="on_hand") == 15


def test_a_stale_value_is_named_by_its_place_and_nothing_of_the_request_is_done(sim, ask, item):
    other = sim.store.variant_by_sku(sim.store.skus()[0]).inventory_item
    sim.store.set_stock(other.id, 7)
    found = set_stock(ask, [row(sim, other, 3, 7), row(sim, item, 15, 19)])
    assert codes(found) == [("CHANGE_FROM_QUANTITY_STALE", ["input", "quantities", "1", "changeFromQuantity"])]
    assert sim.store.stock(SKU) == 20
    assert sim.store.stock(sim.store.skus()[0]) == 7


def test_null_opts_out_of_the_check_and_a_missing_value_is_refused(sim, ask, client, item):
    assert codes(set_stock(ask, [row(sim, item, 1, None)])) == []
    wanted = row(sim, item, 1, 1)
    del wanted["changeFromQuantity"]
    text = shopify_api.load("inventory/InventorySetQuantities").text
    assert client.codes(text, {"quantities": [wanted], "reason": "correction", "key": "k2"}) == [
        "INVALID_FIELD_ARGUMENTS"
    ]


def test_the_same_key_sets_once_and_a_key_with_other_parameters_is_refused(sim, ask, client, item):
    set_stock(ask, [row(sim, item, 15, 20)])
    sim.store.set_stock(SKU, 14)  # sold meanwhile
    assert codes(set_stock(ask, [row(sim, item, 15, 20)])) == []
    assert sim.store.stock(SKU) == 14, "done once"
    text = shopify_api.load("inventory/InventorySetQuantities").text
    wanted = {"quantities": [row(sim, item, 9, 14)], "reason": "correction", "key": "k1"}
    assert codes(client.data(text, **wanted)["inventorySetQuantities"]) == [
        ("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", None)
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"inventoryItemId": "gid://shopify/InventoryItem/1"}, "INVALID_INVENTORY_ITEM"),
        ({"locationId": "gid://shopify/Location/1"}, "INVALID_LOCATION"),
        ({"quantity": -1}, "INVALID_QUANTITY_NEGATIVE"),
        ({"quantity": 1_000_000_001}, "INVALID_QUANTITY_TOO_HIGH"),
    ],
)
def test_wrong_rows_are_refused_in_shopifys_codes(sim, ask, item, change, code):
    assert code in [found for found, _field in codes(set_stock(ask, [{**row(sim, item, 3, 20), **change}]))]


def test_a_pair_twice_a_closed_location_and_an_unknown_reason_are_refused(sim, ask, item):
    twice = [row(sim, item, 3, 20), row(sim, item, 4, 20)]
    assert codes(set_stock(ask, twice))[0][0] == "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
    assert codes(set_stock(ask, [row(sim, item, 3, 20, place=4)], "k2"))[0][0] == "INVALID_LOCATION"
    assert codes(set_stock(ask, [row(sim, item, 3, 20)], "k3", reason="because"))[0][0] == "INVALID_REASON"


def test_an_item_is_activated_at_a_location_and_set_then(sim, ask):
    product = sim.store.add_product("Vase", "VASE", "9.00", stock=4)
    item, place = product.variants[0].inventory_item, sim.store.locations[1]
    assert codes(set_stock(ask, [row(sim, item, 3, 0, place=1)]))[0][0] == "ITEM_NOT_STOCKED_AT_LOCATION"
    found = ask("inventory/InventoryActivate", item=gid(item), location=gid(place), key="k2")
    assert found["inventoryLevel"]["isActive"]
    assert {one["name"]: one["quantity"] for one in found["inventoryLevel"]["quantities"]}["available"] == 0
    assert codes(set_stock(ask, [row(sim, item, 3, 0, place=1)], "k3")) == []
    assert sim.store.stock("VASE", place) == 3


def test_an_adjustment_adds_to_what_is_there(sim, client, item):
    text = """mutation($changes: [InventoryChangeInput!]!) {
      inventoryAdjustQuantities(input: {name: "available", reason: "received", changes: $changes}) @idempotent(key: "a1") {
        inventoryAdjustmentGroup { changes { delta quantityAfterChange } } userErrors { code } } }"""
    change = row(sim, item, 0, 20)
    change["delta"] = 5
    del change["quantity"]
    found = client.data(text, changes=[change])["inventoryAdjustQuantities"]
    assert found["inventoryAdjustmentGroup"]["changes"][0] == {"delta": 5, "quantityAfterChange": 25}


def test_an_order_commits_units_shipping_takes_them_away_and_a_return_brings_them_back(sim, item):
    def units():
        return tuple(sim.store.stock(SKU, name=name) for name in ("available", "committed", "on_hand"))

    order = sim.store.place_order(lines=[(SKU, 3)])
    assert units() == (17, 3, 20)
    sim.store.fulfil(order, lines={SKU: 2})
    assert units() == (17, 1, 18)
    sim.store.refund(order, {SKU: 1}, restock=True)
    assert units() == (18, 1, 19), "the returned unit is on hand again"
    other = sim.store.place_order(lines=[(SKU, 5)])
    before = units()
    sim.store.cancel(other)
    assert units() == (before[0] + 5, before[1] - 5, before[2])


def amounts(sim):
    """{level id: (available, committed, on hand)} of all tracked items."""
    return {
        level.id: tuple(level.quantities[name] for name in ("available", "committed", "on_hand"))
        for product in sim.store.products
        for variant in product.variants
        for level in variant.inventory_item.levels
    }


def assert_whole(sim):
    for available, committed, on_hand in amounts(sim).values():
        assert available == on_hand - committed
        assert committed >= 0


def open_units(sim):
    """Units of tracked products of the store in open fulfilment orders of stocked locations."""
    return sum(
        part.remaining_quantity
        for order in sim.store.all_orders()
        for group in order.fulfillment_orders
        if group.open
        for part in group.lines
        if part.line_item.variant is not None
        for item in [sim.store.item_by_id(part.line_item.variant.inventory_item.id)]
        if item is not None
        and item.tracked
        and any(level.location is (group.location or sim.store.default_location) for level in item.levels)
    )


def test_open_orders_of_the_seed_are_set_aside_from_the_start_and_leave_when_they_are_shipped_or_cancelled():
    with Simulator(seed=4, orders=150) as sim:
        assert_whole(sim)
        committed = sum(amount[1] for amount in amounts(sim).values())
        assert committed == open_units(sim) > 50
        assert sum(amount[1] for amount in amounts(sim).values()) == committed, "a look counts nothing twice"
        plain = [
            order
            for order in sim.store.all_orders()
            if order.cancelled_at is None
            and not order.fulfillments
            and order.fulfillment_orders
            and all(group.status == "OPEN" for group in order.fulfillment_orders)
            and all(part.line_item.variant for group in order.fulfillment_orders for part in group.lines)
        ]
        on_hand = sum(amount[2] for amount in amounts(sim).values())
        available = sum(amount[0] for amount in amounts(sim).values())
        for order in plain[:5]:
            sim.store.fulfil(order)
        assert_whole(sim)
        assert sum(amount[0] for amount in amounts(sim).values()) == available, "it was set aside before"
        assert sum(amount[2] for amount in amounts(sim).values()) < on_hand
        left = sum(amount[2] for amount in amounts(sim).values())
        for order in plain[5:10]:
            sim.store.cancel(order)
        assert_whole(sim)
        assert sum(amount[2] for amount in amounts(sim).values()) == left
        assert sum(amount[0] for amount in amounts(sim).values()) > available
        assert sum(amount[1] for amount in amounts(sim).values()) == open_units(sim)


def test_an_order_of_a_large_store_is_set_aside_when_it_is_first_built_and_once():
    with Simulator(seed=4, orders=1300) as sim:
        assert {amount[1] for amount in amounts(sim).values()} == {0}
        for header in sim.store.orders.headers():  # more than are kept in memory
            sim.store.orders.get(header.serial)
        assert_whole(sim)
        once = amounts(sim)
        for header in sim.store.orders.headers():
            sim.store.orders.get(header.serial)
        assert amounts(sim) == once


# -- bulk --------------------------------------------------------------------------------------------------------------


def run_bulk(ask):
    return ask("bulk/BulkOperationRunQuery", query=shopify_api.load("bulk/AllLevels").text)


def state(ask, operation):
    return ask("bulk/BulkOperationState", id=operation["id"])


def test_units_of_a_return_are_on_the_shelf_once_when_they_are_received_and_restocked(sim, item):
    def shelf():
        return [
            sim.store.stock(SKU, place, name) for place in sim.store.locations[:2] for name in ("available", "on_hand")
        ]

    sim.store.set_stock(SKU, 5, sim.store.locations[1])
    for place in range(2):
        item.levels[place].quantities.update(on_hand=item.levels[place].quantities["available"], committed=0)
    order = sim.store.place_order(lines=[(SKU, 4)], financial="paid")
    sim.store.fulfil(order)
    before = shelf()
    sim.store.open_return(order, {SKU: 3})
    sim.store.receive_return(order, lines={SKU: 1}, location=sim.store.locations[1].id)
    assert shelf() == [before[0], before[1], before[2] + 1, before[3] + 1]
    sim.store.receive_return(order, lines={SKU: 1}, disposition="NOT_RESTOCKED")
    sim.store.receive_return(order)
    back = [before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 1]
    assert shelf() == back
    sim.store.process_return(order)
    sim.store.refund_return(order, restock_type="NO_RESTOCK")
    sim.store.close_return(order)
    assert shelf() == back


def test_a_refund_that_says_restocked_again_brings_no_unit_twice(sim, item):
    order = sim.store.place_order(lines=[(SKU, 4)], financial="paid")
    sim.store.fulfil(order)
    before = sim.store.stock(SKU)
    sim.store.open_return(order, {SKU: 2})
    sim.store.receive_return(order, lines={SKU: 1})
    sim.store.process_return(order)
    sim.store.refund_return(order, restock_type="RETURN")
    assert sim.store.stock(SKU) == before + 2


def test_a_bulk_query_gives_a_line_for_each_object_with_its_parent(sim, ask, item):
    found = state(ask, run_bulk(ask)["bulkOperation"])
    assert found["status"] == "COMPLETED"
    rows = [json.loads(line) for line in requests.get(found["url"], timeout=10).text.splitlines()]
    assert len(rows) == int(found["objectCount"])
    mine = [row for row in rows if row.get("__parentId") == gid(item)]
    levels = {row["location"]["id"]: row["quantities"][0]["quantity"] for row in mine}
    assert levels[gid(sim.store.default_location)] == 20
    tail = requests.get(found["url"], headers={"Range": "bytes=100-"}, timeout=10)
    assert tail.status_code == 206
    assert tail.content == requests.get(found["url"], timeout=10).content[100:]


def test_a_bulk_query_runs_until_its_job_is_done_and_can_fail(sim, ask):
    sim.store.jobs.held = True
    operation = run_bulk(ask)["bulkOperation"]
    assert state(ask, operation)["status"] == "RUNNING"
    assert state(ask, operation)["url"] is None
    sim.store.jobs.held = False
    assert state(ask, operation)["status"] == "COMPLETED"
    sim.store.jobs.fail_next("no room")
    failed = run_bulk(ask)["bulkOperation"]
    assert (state(ask, failed)["status"], state(ask, failed)["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")


def test_more_than_five_bulk_queries_at_a_time_and_queries_without_a_connection_are_refused(sim, ask):
    sim.store.jobs.held = True
    for _number in range(5):
        assert run_bulk(ask)["userErrors"] == []
    assert [error["code"] for error in run_bulk(ask)["userErrors"]] == ["LIMIT_REACHED"]
    sim.store.jobs.held = False
    for query in ("{ shop { name } }", "{ nonsense }", "mutation { x }"):
        found = ask("bulk/BulkOperationRunQuery", query=query)
        assert [error["code"] for error in found["userErrors"]] == ["INVALID"], query


def test_a_bulk_query_without_the_permission_fails_with_shopifys_code():
    with Simulator(orders=0, bucket_size=100_000, scopes=["read_products", "read_orders"]) as sim:
        session = requests.Session()
        post = {
            "url": f"{sim.url}/admin/api/2026-07/graphql.json",
            "headers": {"X-Shopify-Access-Token": "shpat_simulator"},
            "timeout": 10,
        }
        query = shopify_api.load("bulk/BulkOperationRunQuery").text
        variables = {"query": shopify_api.load("bulk/AllLevels").text}
        made = session.post(json={"query": query, "variables": variables}, **post).json()
        operation = made["data"]["bulkOperationRunQuery"]["bulkOperation"]
        asked = {"query": shopify_api.load("bulk/BulkOperationState").text, "variables": {"id": operation["id"]}}
        found = session.post(json=asked, **post).json()["data"]["bulkOperation"]
        assert (found["status"], found["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_stock_is_read_and_changed_by_the_control_interface(client, sim, item):
    place = sim.store.locations[1].name
    assert client.control("set-stock", item=SKU, quantity=9, location=place).json()["available"] == 9
    assert client.control("stock", sku=SKU).json()["stock"][SKU][place]["available"] == 9
    assert client.control("set-stock", item="NO-SUCH", quantity=9).status_code == 400
