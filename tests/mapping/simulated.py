"""Orders of a simulated store, read over HTTP with the document and the client the app uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from made_orders import assert_adds_up, total_of

from mapping import Options, Order, Refund, Side, digits, read_order
from mapping.refunds import read_refunds
from mapping.reversals import read_reversals
from shopify_api import Client, load, pages
from shopify_simulator import Simulator

SIDES = list(Side)
NOW = "2026-03-01T12:00:00Z"
SWITCHES = dict.fromkeys(["withProducts", "withLocations", "withPaymentTerms", "withFulfillmentOrders"], True)


@contextmanager
def store(seed: int = 1, orders: int = 0) -> Iterator[Simulator]:
    """A store with a request budget that no test uses up."""
    simulator = Simulator(seed=seed, orders=orders, reference=NOW, now=NOW, bucket_size=10**9).start()
    try:
        yield simulator
    finally:
        simulator.stop()


def orders_of(simulator: Simulator) -> list[dict[str, Any]]:
    """All orders of a store, whole, as our documents read them."""
    client, document = Client(simulator.domain, "shpat_simulator"), load("orders/OrdersPage")
    variables = {**SWITCHES, **document.largest, "query": "", "sortKey": "CREATED_AT"}
    found = [order for page in pages(client.execute, document, variables, "orders") for order in page.nodes]
    for order in found:
        _read_on(client, order, "lineItems", "order", "orders/OrderLines")
        for refund in order["refunds"]:
            _read_on(client, refund, "refundLineItems", "refund", "orders/RefundLines")
        for fulfillment in order["fulfillments"]:
            _read_on(client, fulfillment, "fulfillmentLineItems", "fulfillment", "orders/FulfillmentLines")
    _add_returns(client, found)
    return found


def _add_returns(client: Client, orders: list[dict[str, Any]]) -> None:
    """Read the returns of the orders that have any."""
    document = load("orders/OrderReturns")
    having = {order["id"]: order for order in orders if order["returnStatus"] != "NO_RETURN"}
    idents, size = list(having), document.largest["ids"]
    for start in range(0, len(idents), size):
        part = idents[start : start + size]
        answer = client.execute(document, {**document.largest, "withLocations": True, "ids": part})
        for node in answer.data["nodes"]:
            having[node["id"]]["returns"] = node["returns"]


def _read_on(client: Client, record: dict[str, Any], field: str, kind: str, name: str) -> None:
    """Read what did not fit on the page of orders."""
    part, document = record[field], load(name)
    if not part["pageInfo"]["hasNextPage"]:
        return
    asked = {switch: True for switch in SWITCHES if f"${switch}" in document.text}
    variables = {**asked, **document.largest, "id": record["id"], "after": part["pageInfo"]["endCursor"]}
    for page in pages(client.execute, document, variables, (kind, field)):
        part["nodes"] += page.nodes
    part["pageInfo"] = {"hasNextPage": False, "endCursor": None}


def waiting_reversals(data: dict[str, Any], found: Order, side: Side) -> list[Refund]:
    """What processed returns took off and is not credited yet."""
    real, places = read_refunds(data["refunds"], side), digits(found.currency)
    made = read_reversals(data, found.returns, real, side, places)
    credited = {one.shopify_id for one in found.refunds}
    return [one for one in made if one.shopify_id not in credited]


def stated(data: dict[str, Any], field: str, side: Side) -> Decimal:
    return Decimal(data[field][side.value]["amount"])


def assert_reproduces_shopify(data: dict[str, Any], side: Side) -> Order:
    """The mapped order comes to every figure that Shopify states of it."""
    found = read_order(data, Options(side=side))
    assert_adds_up(found)
    rounding = sum((one.net for one in found.lines if one.kind == "rounding"), Decimal(0))
    moved = sum((one.value(found.taxes_included) for one in found.refunds if one.moves_money), Decimal(0))
    moved += sum((one.value(found.taxes_included) for one in waiting_reversals(data, found, side)), Decimal(0))
    if not found.is_cancelled:
        assert total_of(found) - rounding - moved == stated(data, "currentTotalPriceSet", side)
    assert sum(one.amount for one in found.payments) - rounding == stated(data, "totalReceivedSet", side)
    assert sum(one.refunded for one in found.refunds) == stated(data, "totalRefundedSet", side)
    assert {one.gateway for one in found.payments} <= set(found.gateways.codes)
    ordered = {item["id"].rsplit("/", 1)[1]: item for item in data["lineItems"]["nodes"]}
    for one in found.lines:
        if one.line_id:
            assert ordered[one.line_id]["currentQuantity"] <= one.quantity <= ordered[one.line_id]["quantity"]
    return found
