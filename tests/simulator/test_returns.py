"""Returns and exchanges go as at Shopify: booked when processed, received apart from it, refunded apart from both."""

from decimal import Decimal

import pytest
import requests

from shopify_simulator import Simulator
from shopify_simulator.totals import totals
from shopify_simulator.values import BadRequest
from shopify_simulator.webhook_topics import fired_by, look

RETURNS = """returnStatus currentTotalPriceSet { shopMoney { amount } }
lineItems(first: 9) { nodes { id currentQuantity refundableQuantity unfulfilledQuantity } }
returns(first: 9) { nodes { id name status totalQuantity closedAt decline { reason note }
  returnLineItems(first: 9) { nodes { __typename quantity processedQuantity refundedQuantity refundableQuantity
    returnReasonNote returnReasonDefinition { name }
    ... on ReturnLineItem { fulfillmentLineItem { lineItem { id } } } } }
  exchangeLineItems(first: 9) { nodes { quantity processedQuantity lineItems { id } } }
  refunds(first: 9) { nodes { id return { id } } }
  reverseFulfillmentOrders(first: 9) { nodes { id status lineItems(first: 9) { nodes { totalQuantity
    dispositions { type quantity location { id } } } } } } } }"""


def shipped(sim, **options):
    """3 pieces of 10.00 and 1 of 5.00, with 10 % tax, with the customer."""
    first, second = sim.store.skus()[:2]
    lines = [{"sku": first, "quantity": 3, "price": "10.00"}, {"sku": second, "price": "5.00"}]
    return sim.store.place_order(lines=lines, taxes=[("VAT", "0.1")], fulfillment="fulfilled", **options)


def due(order):
    return str(totals(order)["due"].shop)


def test_a_request_changes_nothing_until_it_is_approved_received_and_processed(client, sim):
    order, sku = shipped(sim), sim.store.skus()[0]
    sim.store.request_return(order, {sku: 2}, reason="SIZE_TOO_SMALL", note="pinches")
    found = client.order(order, RETURNS)
    (ret,) = found["returns"]["nodes"]
    assert (found["returnStatus"], ret["status"], ret["totalQuantity"]) == ("RETURN_REQUESTED", "REQUESTED", 2)
    (line,) = ret["returnLineItems"]["nodes"]
    assert (line["returnReasonNote"], line["returnReasonDefinition"]["name"]) == ("pinches", "Size too small")
    assert line["fulfillmentLineItem"]["lineItem"]["id"] == found["lineItems"]["nodes"][0]["id"]
    assert ret["reverseFulfillmentOrders"]["nodes"] == []

    sim.store.approve_return(order)
    assert client.order(order, RETURNS)["returnStatus"] == "IN_PROGRESS"
    sim.store.receive_return(order, lines={sku: 1}, location=sim.store.locations[1].id)
    sim.store.receive_return(order, lines={sku: 1}, disposition="MISSING")
    found = client.order(order, RETURNS)
    (work,) = found["returns"]["nodes"][0]["reverseFulfillmentOrders"]["nodes"]
    told = [(one["type"], one["quantity"], one["location"]) for one in work["lineItems"]["nodes"][0]["dispositions"]]
    place = f"gid://shopify/Location/{sim.store.locations[1].id}"
    assert told == [("RESTOCKED", 1, {"id": place}), ("MISSING", 1, None)]
    assert (found["returnStatus"], found["lineItems"]["nodes"][0]["currentQuantity"]) == ("INSPECTION_COMPLETE", 3)

    sim.store.process_return(order)
    found = client.order(order, RETURNS)
    line = found["lineItems"]["nodes"][0]
    assert (line["currentQuantity"], line["refundableQuantity"], line["unfulfilledQuantity"]) == (1, 3, 0)
    assert (found["currentTotalPriceSet"]["shopMoney"]["amount"], due(order)) == ("16.5", "-22.00")
    sim.store.close_return(order)
    assert client.order(order, RETURNS)["returnStatus"] == "RETURNED"


def test_the_refund_of_a_return_gives_back_what_it_took_off_and_nothing_leaves_twice(client, sim):
    order, sku = shipped(sim), sim.store.skus()[0]
    sim.store.open_return(order, {sku: 2})
    sim.store.process_return(order)
    refund = sim.store.refund_return(order)
    found = client.order(order, RETURNS)
    (ret,) = found["returns"]["nodes"]
    assert ret["refunds"]["nodes"] == [{"id": f"gid://shopify/Refund/{refund.id}", "return": {"id": ret["id"]}}]
    assert ret["returnLineItems"]["nodes"][0]["refundedQuantity"] == 2
    assert found["lineItems"]["nodes"][0]["currentQuantity"] == 1
    assert found["lineItems"]["nodes"][0]["refundableQuantity"] == 1
    assert str(sum(one.amount_set.shop for one in refund.transactions)) == "22.00"
    assert due(order) == "0.00"
    assert not refund.adjustments


def test_processing_with_a_refund_is_one_step_and_one_that_fails_leaves_all_as_it_was(sim):
    order, sku = shipped(sim), sim.store.skus()[0]
    sim.store.open_return(order, {sku: 2})
    with pytest.raises(BadRequest, match="more than was paid"):
        sim.store.process_return(order, amount="9999")
    assert (order.lines[0].current_quantity, due(order)) == (3, "0.00")
    sim.store.process_return(order, refunded=True)
    assert (order.lines[0].current_quantity, due(order), len(order.refunds)) == (1, "0.00", 1)


def test_an_exchange_joins_the_order_when_it_is_processed(client, sim):
    order = shipped(sim)
    first, _second, other = sim.store.skus()[:3]
    sim.store.open_return(order, {first: 1}, exchange=[{"sku": other, "price": "12.00"}])
    assert len(order.lines) == 2
    sim.store.process_return(order)
    found = client.order(order, RETURNS)
    new = found["lineItems"]["nodes"][2]
    (swap,) = found["returns"]["nodes"][0]["exchangeLineItems"]["nodes"]
    assert (swap["processedQuantity"], swap["lineItems"]) == (1, [{"id": new["id"]}])
    assert (new["unfulfilledQuantity"], due(order)) == (1, "2.20")
    kinds = client.order(
        order, "agreements(first: 9) { nodes { __typename sales(first: 9) { nodes { actionType } } } }"
    )
    assert kinds["agreements"]["nodes"][-1]["__typename"] == "ReturnAgreement"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda store, order, sku: store.open_return(order, {sku: 4}), "not with the customer"),
        (lambda store, order, sku: store.open_return(order, {}), "at least one line"),
        (lambda store, order, sku: store.open_return(order, {sku: 1}, exchange=["NONE"]), "no product with SKU"),
        (lambda store, order, sku: store.open_return(order, {sku: 1}, reason="BORED"), "reason"),
        (lambda store, order, sku: store.close_return(order), "no return"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(sim, wrong, reason):
    order = shipped(sim)
    with pytest.raises(BadRequest, match=reason):
        wrong(sim.store, order, sim.store.skus()[0])
    assert order.returns == []


def test_units_are_returned_once_and_a_cancelled_return_frees_them(sim):
    order, sku = shipped(sim), sim.store.skus()[0]
    sim.store.open_return(order, {sku: 2})
    with pytest.raises(BadRequest, match="not with the customer"):
        sim.store.open_return(order, {sku: 2})
    sim.store.cancel_return(order)
    second = sim.store.open_return(order, {sku: 3})
    sim.store.receive_return(order)
    with pytest.raises(BadRequest, match="worked on"):
        sim.store.cancel_return(order, second.name)
    with pytest.raises(BadRequest, match="not expected"):
        sim.store.receive_return(order)


def topics(order, change):
    before = look(order)
    change()
    return {topic: body() for topic, body in fired_by(order, before)}


def test_each_step_of_a_return_fires_its_topic_and_some_do_not_name_the_order(sim):
    order, sku, store = shipped(sim), sim.store.skus()[0], sim.store
    fired = [
        topics(order, lambda: store.request_return(order, {sku: 1})),
        topics(order, lambda: store.approve_return(order)),
        topics(order, lambda: store.receive_return(order)),
        topics(order, lambda: store.process_return(order)),
        topics(order, lambda: store.close_return(order)),
        topics(order, lambda: store.reopen_return(order)),
    ]
    names = [
        "RETURNS_REQUEST",
        "RETURNS_APPROVE",
        "REVERSE_FULFILLMENT_ORDERS_DISPOSE",
        "RETURNS_PROCESS",
        "RETURNS_CLOSE",
        "RETURNS_REOPEN",
    ]
    assert [set(one) - {"ORDERS_UPDATED"} for one in fired] == [{name} for name in names]
    assert fired[0]["RETURNS_REQUEST"]["order"]["id"] == fired[4]["RETURNS_CLOSE"]["order_id"] == order.id
    assert not {"order", "order_id"} & set(fired[2][names[2]])
    assert "RETURNS_DECLINE" in topics(
        order, lambda: (store.request_return(order, {sku: 1}), store.decline_return(order, reason="FINAL_SALE"))
    )


def test_without_the_permission_returns_are_refused_and_their_status_is_told(sim, client):
    order = shipped(sim)
    sim.store.open_return(order, {sim.store.skus()[0]: 1})
    sim.access.scopes = [scope for scope in sim.access.scopes if "returns" not in scope]
    assert client.order(order, "returnStatus") == {"returnStatus": "IN_PROGRESS"}
    gid = f"gid://shopify/Order/{order.id}"
    assert client.codes(f'{{ order(id: "{gid}") {{ returns(first: 1) {{ nodes {{ id }} }} }} }}') == ["ACCESS_DENIED"]


def test_returns_can_be_played_over_http_and_are_there_after_a_restart(tmp_path):
    journal = tmp_path / "store.jsonl"
    options = {"orders": 0, "products": 12, "reference": "2026-11-20T00:00:00Z", "journal": journal}

    with Simulator(**options) as sim:

        def play(call, **body):
            answer = requests.post(f"{sim.url}/_control/{call}", json=body, timeout=5)
            assert answer.status_code == 200, answer.text
            return answer.json()

        sku = sim.store.skus()[0]
        name = play("place_order", lines=[{"sku": sku, "quantity": 2}], fulfillment="fulfilled")["name"]
        play("open_return", order=name, lines={sku: 2}, exchange=[sku])
        play("receive_return", order=name, lines={sku: 1})
        play("process_return", order=name, refunded=True)
        play("close_return", order=name)
        before = requests.post(f"{sim.url}/_control/returns", json={"order": name}, timeout=5).json()
    with Simulator(**options) as sim:
        after = requests.post(f"{sim.url}/_control/returns", json={"order": name}, timeout=5).json()
    assert after == before
    assert before["returns"][0]["status"] == "CLOSED"


FEES = """currentTotalPriceSet { shopMoney { amount } }
returns(first: 9) { nodes { returnShippingFees { id amountSet { shopMoney { amount } } }
  returnLineItems(first: 9) { nodes { ... on ReturnLineItem {
    restockingFee { id percentage amountSet { shopMoney { amount } } } } } } } }
agreements(first: 9) { nodes { __typename sales(first: 9) { nodes { __typename lineType totalAmount { shopMoney { amount } }
  ... on FeeSale { fee { __typename id } } } } } }"""


def test_fees_of_a_return_are_kept_with_the_units_that_are_processed(client, sim):
    order, sku = shipped(sim), sim.store.skus()[0]
    sim.store.open_return(order, {sku: 2}, restocking_percent=10, return_shipping="3.00")
    (ret,) = client.order(order, FEES)["returns"]["nodes"]
    assert ret["returnShippingFees"][0]["amountSet"]["shopMoney"]["amount"] == "3.0"
    fee = ret["returnLineItems"]["nodes"][0]["restockingFee"]
    assert (fee["percentage"], fee["amountSet"]["shopMoney"]["amount"]) == (10.0, "2.2")  # of 2 x 11.00
    assert due(order) == "0.00", "nothing is kept before anything is processed"

    sim.store.process_return(order, lines={sku: 1})
    assert due(order) == str(-11 + 3 + Decimal("1.10"))
    first = sim.store.refund_return(order)
    assert (due(order), first.adjustments) == ("0.00", [])
    sim.store.process_return(order, refunded=True)
    second = order.refunds[-1]
    money = [str(part.transactions[0].amount_set.shop) for part in (first, second)]
    assert (money, second.adjustments, due(order)) == (["6.90", "9.90"], [], "0.00")

    found = client.order(order, FEES)
    assert found["currentTotalPriceSet"]["shopMoney"]["amount"] == "21.7"  # 38.50 - 22.00 + 5.20
    kept = [
        (sale["fee"]["__typename"], sale["totalAmount"]["shopMoney"]["amount"])
        for one in found["agreements"]["nodes"]
        for sale in one["sales"]["nodes"]
        if sale["__typename"] == "FeeSale"
    ]
    assert sorted(kept) == [("RestockingFee", "1.1"), ("RestockingFee", "1.1"), ("ReturnShippingFee", "3.0")]
