"""Query cost and the leaky bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_simulator.bucket import Bucket, Throttled
from shopify_simulator.cost import query_cost, scaled
from shopify_simulator.execution import engine


def requested(text, **variables):
    """The requested cost of a document with one operation."""
    found = engine("2026-07")
    document = found.document(text)
    assert not document.errors, document.errors
    return query_cost(found.schema, document.ast, next(iter(document.operations.values())), variables)


VARIANTS = "query($id: ID!) { product(id: $id) { variants(first: 250) { nodes { inventoryItem { id tracked } } } } }"


def test_the_published_figure_comes_out():
    assert requested(VARIANTS) == 25


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ shop { name email } }", 1),
        ("{ shop { name plan { publicDisplayName } } }", 2),
        ("{ orders(first: 1) { nodes { name } } }", 3),
        ("{ orders(first: 1) { edges { node { name } cursor } pageInfo { endCursor } } }", 3),
        ("{ orders(first: 50) { nodes { totalPriceSet { shopMoney { amount } } } } }", 9),
        ("{ orders(first: 50) { nodes { name } } a: orders(first: 50) { nodes { name } } }", 18),
        ("{ orders(first: 10) { nodes { lineItems(first: 10) { nodes { id } } } } }", 30),
        ("{ ...A ...A } fragment A on QueryRoot { shop { name } }", 1),
        (
            "{ order(id: 1) { purchasingEntity { ... on Customer { id } ... on PurchasingCompany { company { id } } } } }",
            3,
        ),
        ("{ shop { name plan @skip(if: true) { publicDisplayName } } }", 1),
    ],
)
def test_costs_follow_the_documented_rules(text, cost):
    assert requested(text) == cost


def test_ids_count_like_a_page_or_each_by_itself(sim, client):
    text = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { customer { id } } } }"
    ids = [f"gid://shopify/Order/{number}" for number in range(1, 201)]
    assert client.body(text, {"ids": ids})["extensions"]["cost"]["requestedQueryCost"] == 2 * scaled(200)
    sim.app.each_id_counts = True
    assert client.body(text, {"ids": ids})["extensions"]["cost"]["requestedQueryCost"] == 400


def test_variables_decide_the_size_and_what_is_included():
    text = "query($n: Int = 250, $p: Boolean!) { orders(first: $n) { nodes { customer @include(if: $p) { id } } } }"
    assert requested(text, p=False) == 2 + scaled(250)
    assert requested(text, p=True, n=50) == 2 + 2 * scaled(50)


def test_a_mutation_costs_ten_points_whatever_it_returns():
    assert (
        requested('mutation { orderClose(input: {id: "1"}) { order { id lineItems(first: 9) { nodes { id } } } } }')
        == 10
    )


def test_what_was_not_found_is_not_charged(client, sim):
    answer = client.body(VARIANTS, {"id": "gid://shopify/Product/1"})
    cost = answer["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (25, 1)
    assert cost["throttleStatus"] == {"maximumAvailable": 2000.0, "currentlyAvailable": 1999, "restoreRate": 100.0}


def test_the_actual_cost_goes_by_what_was_found(client, sim):
    sim.store.place_order()
    cost = client.body("{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } }")["extensions"][
        "cost"
    ]
    assert cost["requestedQueryCost"] == 2 + 11 * (1 + 2 + 11)
    assert cost["actualQueryCost"] == 2 + 1 * (1 + 2 + 1)


def test_an_empty_bucket_throttles_and_fills_up_again(client, sim):
    text = "query Big { orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } }"
    sim.bucket.drain(100)
    answer = client.post(text)
    assert answer.status_code == 200
    body = answer.json()
    assert body["errors"][0]["message"] == "Throttled"
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in body
    cost = body["extensions"]["cost"]
    assert cost["actualQueryCost"] is None
    wait = (cost["requestedQueryCost"] - cost["throttleStatus"]["currentlyAvailable"]) / cost["throttleStatus"][
        "restoreRate"
    ]
    sim.clock.advance(wait)
    assert "data" in client.body(text)


def test_no_single_query_may_ask_for_more_than_1000_points(client, sim):
    inner = (
        "lineItems(first: 250) { nodes { taxLines { title } discountAllocations { discountApplication { index } } } }"
    )
    (error,) = client.body(f"{{ orders(first: 250) {{ nodes {{ a: {inner} b: {inner} c: {inner} }} }} }}")["errors"]
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["cost"] > error["extensions"]["maxCost"] == 1000
    assert sim.bucket.status()["currentlyAvailable"] == 2000


@given(st.lists(st.tuples(st.sampled_from(["take", "give_back", "wait", "drain"]), st.floats(0, 3000)), max_size=40))
def test_the_bucket_is_never_below_empty_nor_above_full(steps):
    now = [0.0]
    bucket = Bucket(lambda: now[0], 2000, 100)
    for what, amount in steps:
        if what == "wait":
            now[0] += amount / 100
        else:
            try:
                getattr(bucket, what)(amount)
            except Throttled:
                assert amount > bucket.status()["currentlyAvailable"]
        assert 0 <= bucket.status()["currentlyAvailable"] <= 2000
