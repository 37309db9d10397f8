"""Search filters, sorting and cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_simulator import search


@pytest.fixture
def store(sim):
    """Six orders that differ in everything that can be searched."""
    place = sim.store.place_order
    place(created_at="2026-11-01T10:00:00Z", tags=["VIP", "x y"], email="ann@example.com", note="call first")
    place(created_at="2026-11-02T10:00:00Z", financial="pending", gateway="Bank Deposit", source="shopify_draft_order")
    place(created_at="2026-11-03T10:00:00Z", fulfillment="fulfilled", gateway="paypal", po_number="PO-7")
    place(created_at="2026-11-04T10:00:00Z", processed_at="2026-11-10T10:00:00Z", test=True)
    place(created_at="2026-11-05T10:00:00Z", fulfillment="on_hold", discounts=[{"code": "SAVE10", "percentage": 10}])
    place(created_at="2026-11-06T10:00:00Z", financial="authorized")
    return sim.store


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "123456"),
        ("name:#1003", "3"),
        ("name:1003", "3"),
        ("name:100*", "123456"),
        ("financial_status:paid", "1345"),
        ("financial_status:pending", "2"),
        ("financial_status:paid,pending", "12345"),
        ("fulfillment_status:fulfilled", "3"),
        ("fulfillment_status:shipped", "3"),
        ("fulfillment_status:unshipped", "12456"),
        ("fulfillment_status:on_hold", "5"),
        ("created_at:>='2026-11-03T10:00:00Z'", "3456"),
        ("created_at:>'2026-11-03T10:00:00Z'", "456"),
        ("created_at:<='2026-11-03T10:00:00Z'", "123"),
        ("created_at:<2026-11-03T10:00:00Z", "12"),
        ('created_at:"2026-11-03T10:00:00+00:00"', "3"),
        ("created_at:2026-11-03", "3"),
        ("created_at:>2026-11-03", "456"),
        ("created_at:>=2026-11-03 created_at:<2026-11-05", "34"),
        ("created_at:>=2026", "123456"),
        ("created_at:<now", "123456"),
        ("processed_at:>=2026-11-10", "4"),
        ("updated_at:>='2026-11-10T00:00:00Z'", "4"),
        ("tag:vip", "1"),
        ("tag:'x y'", "1"),
        ("tag_not:vip", "23456"),
        ("test:true", "4"),
        ("test:false", "12356"),
        ("source_name:shopify_draft_order", "2"),
        ("gateway:paypal", "3"),
        ("email:ANN@example.com", "1"),
        ("po_number:PO-7", "3"),
        ("discount_code:save10", "5"),
        ("status:open", "123456"),
        ("-financial_status:paid", "26"),
        ("NOT financial_status:paid", "26"),
        ("financial_status:paid AND fulfillment_status:on_hold", "5"),
        ("financial_status:pending OR test:true", "24"),
        ("(financial_status:pending OR test:true) created_at:>2026-11-02", "4"),
        ("financial_status:pending OR test:true created_at:>2026-11-02", "24"),
        ("-(financial_status:paid OR financial_status:pending)", "6"),
        ("1005", "5"),
        ("call", "1"),
        ("ann@example.com OR #1006", "16"),
        ("financial_status:nonsense", ""),
    ],
)
def test_orders_are_found(client, store, query, numbers):
    assert client.found(query) == [f"#100{number}" for number in numbers]


def test_an_id_filter_takes_ranges(client, store):
    ids = [header.id for header in store.orders.headers()]
    assert client.found(f"id:{ids[2]}") == ["#1003"]
    assert client.found(f"id:>={ids[4]}") == ["#1005", "#1006"]
    assert client.found(f"id:>{ids[4]} OR id:<{ids[1]}") == ["#1001", "#1006"]


def test_cancelled_and_closed_orders_are_told_apart(client, store):
    store.cancel("#1001")
    store.close("#1003")
    assert client.found("status:cancelled") == ["#1001"]
    assert client.found("status:closed") == ["#1003"]
    assert client.found("status:not_closed") == ["#1002", "#1004", "#1005", "#1006"]


@pytest.mark.parametrize(
    ("query", "field"), [("color:red", "color"), ("status:maybe", "status"), ("created_at:soon", "created_at")]
)
def test_a_filter_that_means_nothing_is_reported(client, store, query, field):
    answer = client.body("query($q: String) { orders(first: 9, query: $q) { nodes { name } } }", {"q": query})
    assert answer["extensions"]["search"][0]["warnings"][0]["field"] == field
    assert "search" not in client.body('{ orders(first: 9, query: "test:true") { nodes { name } } }')["extensions"]


def test_days_are_those_of_the_shop(client, sim):
    late = sim.store.place_order(created_at="2026-11-02T03:30:00Z")
    assert client.found("created_at:2026-11-01") == [late.name]
    sim.store.shop.iana_timezone = "Europe/Berlin"
    assert client.found("created_at:2026-11-01") == []


def test_counts_stop_at_their_limit(client, store):
    text = '{ a: ordersCount(limit: 4) { count precision } b: ordersCount(query: "test:true") { count precision } }'
    assert client.data(text) == {"a": {"count": 4, "precision": "AT_LEAST"}, "b": {"count": 1, "precision": "EXACT"}}


@pytest.mark.parametrize("text", ["products", "productVariants", "customers", "locations"])
def test_other_lists_are_searched_and_sorted_too(client, store, text):
    wanted = {
        "products": "title:'Gift Card'",
        "productVariants": "sku:SRV-WRAP",
        "customers": "email:*",
        "locations": "name:Main*",
    }[text]
    nodes = client.data(f"query($q: String) {{ {text}(first: 5, query: $q) {{ nodes {{ id }} }} }}", q=wanted)[text][
        "nodes"
    ]
    assert len(nodes) == (5 if text == "customers" else 1)


@given(st.text(max_size=60))
def test_no_search_text_breaks_the_search(text):
    fields = search.Fields({"tag": search.text_field(lambda record: record)}, search.text_field(lambda record: record))
    test, _warnings = search.compiled(text, fields)
    assert test(["a"]) in (True, False)


@given(st.text(min_size=1, max_size=20), st.sampled_from(["'", '"']))
def test_a_quoted_value_is_taken_as_it_is(value, quote):
    fields = search.Fields({"tag": search.text_field(lambda record: record)}, search.text_field(lambda record: None))
    escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    test, warnings = search.compiled(f"tag:{quote}{escaped}{quote}", fields)
    assert test([value])
    assert not test([value + "x"])
    assert warnings == []


PAGE = """query Page($first: Int, $last: Int, $after: String, $before: String, $key: OrderSortKeys, $reverse: Boolean) {
  orders(first: $first, last: $last, after: $after, before: $before, sortKey: $key, reverse: $reverse) {
    edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def walk(client, between=lambda: None, **variables):
    """All names, page by page; ``between`` happens after each page."""
    names, after = [], None
    for _page in range(50):
        found = client.data(PAGE, after=after, **variables)["orders"]
        names += [edge["node"]["name"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            return names
        between()
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("key", ["ID", "CREATED_AT", "UPDATED_AT", "PROCESSED_AT", "ORDER_NUMBER"])
@pytest.mark.parametrize("reverse", [False, True])
def test_pages_hold_every_order_once_in_order(client, store, key, reverse):
    everything = walk(client, first=100, key=key, reverse=reverse)
    assert sorted(everything) == [f"#100{number}" for number in "123456"]
    assert walk(client, first=2, key=key, reverse=reverse) == everything


def test_equal_times_do_not_lose_orders_between_pages(client, sim):
    for _ in range(7):
        sim.store.place_order(created_at="2026-11-01T10:00:00Z")
    assert len(set(walk(client, first=3, key="UPDATED_AT"))) == 7


def test_cursors_stay_good_while_orders_come_and_change(client, store):
    def disturb():
        store.place_order(created_at="2026-10-01T10:00:00Z")

    names = walk(client, disturb, first=2, key="CREATED_AT")
    assert names[:6] == [f"#100{number}" for number in "123456"]


def test_an_order_changed_between_pages_is_seen_again_later(client, store):
    changed = []

    def change():
        if not changed:
            changed.append(store.update("#1001", note="changed"))

    names = walk(client, change, first=2, key="UPDATED_AT")
    assert names.count("#1001") == 2
    assert set(names) == {f"#100{number}" for number in "123456"}


def test_a_list_can_be_read_from_its_end(client, store):
    last = client.data(PAGE, last=2, key="ID")["orders"]
    assert [edge["node"]["name"] for edge in last["edges"]] == ["#1005", "#1006"]
    assert last["pageInfo"]["hasPreviousPage"] and not last["pageInfo"]["hasNextPage"]
    before = client.data(PAGE, last=2, before=last["pageInfo"]["startCursor"], key="ID")["orders"]
    assert [edge["node"]["name"] for edge in before["edges"]] == ["#1003", "#1004"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "you must provide one of first or last"),
        ({"first": 1, "last": 1}, "providing both first and last is not supported"),
        ({"first": 251}, "first cannot exceed 250"),
        ({"last": 251}, "last cannot exceed 250"),
        ({"first": -1}, "first cannot be negative"),
        ({"first": 1, "after": "nonsense"}, "Invalid cursor for current pagination sort."),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(client, store, variables, message):
    assert client.body(PAGE, variables)["errors"][0]["message"] == message


def test_a_cursor_of_another_sorting_is_refused(client, store):
    cursor = client.data(PAGE, first=1, key="ID")["orders"]["pageInfo"]["endCursor"]
    assert client.codes(PAGE, {"first": 1, "after": cursor, "key": "UPDATED_AT"}) == ["BAD_REQUEST"]


def test_lines_of_an_order_are_paged(client, sim):
    order = sim.store.place_order(lines=[(sku, 1) for sku in sim.store.skus()[:5]])
    text = """query($id: ID!, $after: String) { order(id: $id) { lineItems(first: 2, after: $after) {
        nodes { sku } pageInfo { hasNextPage endCursor } } } }"""
    skus, after = [], None
    for _page in range(5):
        page = client.data(text, id=f"gid://shopify/Order/{order.id}", after=after)["order"]["lineItems"]
        skus += [node["sku"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert skus == sim.store.skus()[:5]
