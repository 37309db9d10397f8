"""Orders as Shopify made them are served with their totals exactly as stated, also where they do not add up."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from shopify_simulator.cli import load_folder
from shopify_simulator.totals import totals
from shopify_simulator.values import BadRequest

DATA = Path(__file__).parents[1] / "data/orders"
NAMES = sorted(path.stem for path in DATA.glob("*/*.json"))
STATED = {
    "total_price": "totalPriceSet",
    "subtotal_price": "subtotalPriceSet",
    "total_tax": "totalTaxSet",
    "total_discounts": "totalDiscountsSet",
    "total_shipping_price": "totalShippingPriceSet",
    "current_total_price": "currentTotalPriceSet",
    "current_subtotal_price": "currentSubtotalPriceSet",
    "current_total_tax": "currentTotalTaxSet",
    "current_total_discounts": "currentTotalDiscountsSet",
    "total_outstanding": "totalOutstandingSet",
}
BAG = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
TAXES = f"taxLines {{ title rate priceSet {BAG} }}"
FIELDS = f"""id name createdAt taxesIncluded test displayFinancialStatus displayFulfillmentStatus currencyCode presentmentCurrencyCode
  cancelledAt cancelReason paymentGatewayNames {" ".join(f"{name} {BAG}" for name in STATED.values())} {TAXES}
  customer {{ id }} billingAddress {{ city countryCodeV2 }} shippingAddress {{ city countryCodeV2 }}
  transactions {{ kind status gateway amountSet {BAG} parentTransaction {{ id }} }}
  lineItems(first: 20) {{ nodes {{ id title name sku quantity currentQuantity variant {{ id sku }} originalUnitPriceSet {BAG} {TAXES}
    discountAllocations {{ allocatedAmountSet {BAG} discountApplication {{ index }} }} }} }}
  shippingLines(first: 5, includeRemovals: true) {{ nodes {{ title originalPriceSet {BAG} discountedPriceSet {BAG} {TAXES} isRemoved
    discountAllocations {{ allocatedAmountSet {BAG} }} }} }}
  refunds {{ totalRefundedSet {BAG} refundLineItems(first: 20) {{ nodes {{ quantity subtotalSet {BAG} totalTaxSet {BAG} }} }}
    refundShippingLines(first: 5) {{ nodes {{ subtotalAmountSet {BAG} }} }}
    orderAdjustments(first: 5) {{ nodes {{ reason amountSet {BAG} taxAmountSet {BAG} }} }} }}"""


@pytest.fixture
def loaded(sim, client, documents):
    """Loads a document into the store and gives what the API serves."""

    def load(name):
        return client.order(sim.store.load_rest_order(documents[name]), FIELDS)

    return load


def stated(document, name):
    """What a document states, in both currencies where it states both."""
    given = document.get(f"{name}_set")
    if given:
        return {side: Decimal(given[f"{side}_money"]["amount"]) for side in ("shop", "presentment")}
    if document.get(name) in (None, ""):
        return None
    return {"shop": Decimal(str(document[name]))}


def served(found, name, side):
    return Decimal(found[STATED[name]][f"{side}Money"]["amount"])


@pytest.mark.parametrize("name", NAMES)
def test_totals_are_served_as_stated(loaded, documents, name):
    document, found = documents[name], loaded(name)
    if "lineItems" in document:
        names = {theirs: theirs for theirs in STATED.values() if theirs in document}
        for theirs in names:
            assert Decimal(found[theirs]["shopMoney"]["amount"]) == Decimal(document[theirs]["shopMoney"]["amount"])
        return
    for total in STATED:
        for side, amount in (stated(document, total) or {}).items():
            assert served(found, total, side) == amount, total


@pytest.mark.parametrize("name", NAMES)
def test_what_is_served_passes_or_fails_the_check_as_the_document_does(loaded, documents, check_totals, name):
    of_document, _shape = check_totals.check(documents[name])
    of_answer, _shape = check_totals.check(loaded(name))
    for key in "ASTD":
        if of_document[key] is not None:
            assert of_answer[key] == of_document[key], key


@pytest.mark.parametrize("name", NAMES)
def test_identity_header_and_lines_are_kept(loaded, documents, name):
    document, found = documents[name], loaded(name)
    if "lineItems" in document:
        assert found["lineItems"]["nodes"][0]["sku"] == "CALC40A"
        return
    assert found["id"] == f"gid://shopify/Order/{document['id']}"
    assert found["name"] == document["name"]
    assert found["currencyCode"] == document["currency"]
    assert found["presentmentCurrencyCode"] == document.get("presentment_currency", document["currency"])
    assert found["taxesIncluded"] == document["taxes_included"]
    status = document.get("financial_status")
    if status:
        assert found["displayFinancialStatus"] == status.upper()
    assert [line["quantity"] for line in found["lineItems"]["nodes"]] == [
        line["quantity"] for line in document["line_items"]
    ]
    for line, given in zip(found["lineItems"]["nodes"], document["line_items"], strict=True):
        assert Decimal(line["originalUnitPriceSet"]["shopMoney"]["amount"]) == Decimal(str(given["price"]))
        assert line["sku"] == (given["sku"] or None)
        assert len(line["taxLines"]) == len(given.get("tax_lines") or [])
        assert (line["variant"] is not None) == bool(given.get("product_exists"))
    assert (found["customer"] is not None) == bool(document.get("customer"))


@pytest.mark.parametrize("name", NAMES)
def test_a_paid_order_has_a_payment_of_what_it_says_is_paid(sim, documents, name):
    document = documents[name]
    order = sim.store.load_rest_order(document)
    if document.get("financial_status") in ("paid", "partially_paid", "refunded") and totals(order)["total_price"]:
        assert totals(order)["total_received"].shop > 0
    refunded = sum(
        Decimal(one["amount"])
        for refund in document.get("refunds") or []
        for one in refund.get("transactions") or []
        if one["status"] == "success"
    )
    assert totals(order)["total_refunded"].shop == refunded


def test_what_was_authorised_before_an_edit_is_told_from_what_is_outstanding(sim, documents):
    order = sim.store.load_rest_order(documents["ca-gst-taxed-shipping-edited-twice-same-tax-authorized"])
    (authorization,) = order.transactions
    assert (authorization.kind, str(authorization.amount_set.shop)) == ("AUTHORIZATION", "59.71")
    assert order.corrections == {}


def test_a_deposit_in_two_currencies_is_what_is_not_outstanding(loaded):
    found = loaded("cad-shop-usd-customer-three-us-taxes-taxed-shipping")
    (deposit,) = found["transactions"]
    assert deposit["amountSet"] == {
        "shopMoney": {"amount": "1326.61", "currencyCode": "CAD"},
        "presentmentMoney": {"amount": "991.88", "currencyCode": "USD"},
    }


def test_shipping_refunded_three_times_in_one_refund(loaded):
    (refund,) = loaded("gb-cancelled-automatic-25-percent-shipping-adjusted-three-times")["refunds"]
    amounts = [one["subtotalAmountSet"]["shopMoney"]["amount"] for one in refund["refundShippingLines"]["nodes"]]
    assert amounts == ["3.95", "-3.95", "3.95"]


def test_a_refund_by_amount_only_is_a_discrepancy(loaded):
    (refund,) = loaded("il-vat17-refunded-by-amount-only-discrepancy")["refunds"]
    assert refund["refundLineItems"]["nodes"] == []
    (part,) = refund["orderAdjustments"]["nodes"]
    assert (part["reason"], part["amountSet"]["shopMoney"]["amount"]) == ("REFUND_DISCREPANCY", "-5.85")


def test_a_cancelled_shipment_leaves_its_units_to_be_shipped(sim, documents):
    document = documents["eur-2017-partial-refund-one-of-three-pieces-zero-price-line"]
    rows = [{**row, "status": "cancelled"} for row in document["fulfillments"]]
    order = sim.store.load_rest_order({**document, "fulfillments": rows, "refunds": []})
    assert {one.status for one in order.fulfillments} == {"CANCELLED"}
    assert sum(line.unfulfilled_quantity for line in order.lines) == sum(line.quantity for line in order.lines)


def test_documents_of_all_shapes_load_into_one_store(sim, client):
    assert load_folder(sim, DATA) == 45
    assert len(sim.store.orders) == 45
    assert len(client.found("")) == 45
    assert sim.store.shop.currency_code == "BRL"


def test_the_same_order_loaded_again_replaces_itself(sim, client, documents):
    document = documents["docs-plain-order-no-tax"]
    sim.store.load_rest_order(document)
    sim.store.load_rest_order({**document, "note": "changed", "updated_at": "2026-11-20T10:00:00Z"})
    assert len(sim.store.orders) == 1
    assert client.found("updated_at:>=2026-11-20") == [document["name"]]


def test_things_can_happen_to_a_loaded_order(sim, client, documents):
    order = sim.store.load_rest_order(documents["ca-gst-qst-line-taxes-listed-twice"])
    sim.store.refund(order, amount="10.00")
    sums = totals(order)
    assert (sums["total_price"].shop, sums["current_total_price"].shop) == (Decimal("155.22"), Decimal("145.22"))
    assert client.order(order, "displayFinancialStatus")["displayFinancialStatus"] == "PARTIALLY_REFUNDED"


def test_parts_of_a_loaded_order_are_found_by_their_ids(sim, client, documents):
    document = documents["eur-2017-partial-refund-one-of-three-pieces-zero-price-line"]
    sim.store.load_rest_order(document)
    ids = [
        f"gid://shopify/LineItem/{document['line_items'][0]['id']}",
        f"gid://shopify/Refund/{document['refunds'][0]['id']}",
    ]
    assert client.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)["nodes"] == [
        {"id": one} for one in ids
    ]


@pytest.mark.parametrize("document", [{}, {"line_items": "none", "created_at": "2026-01-01"}, {"line_items": []}])
def test_what_is_no_order_is_refused(sim, document):
    with pytest.raises(BadRequest, match="no order document"):
        sim.store.load_rest_order(document)


def test_a_folder_names_the_file_that_cannot_be_read(sim, tmp_path):
    (tmp_path / "broken.json").write_text(json.dumps({"line_items": []}))
    with pytest.raises(BadRequest, match="broken"):
        load_folder(sim, tmp_path)
    with pytest.raises(BadRequest, match="no order documents"):
        load_folder(sim, tmp_path / "empty")
