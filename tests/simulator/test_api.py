"""The API answers and refuses as Shopify's does."""

import http.client
import json
import re
import threading
import time

import pytest

import shopify_api

SHOP = "query Shop { shop { name } }"


def test_an_unknown_field_is_refused_in_shopifys_words(client):
    (error,) = client.body("{ shop { nam } }")["errors"]
    assert error["message"] == "Field 'nam' doesn't exist on type 'Shop'"
    assert error["extensions"]["code"] == "undefinedField"


def test_an_unknown_argument_is_refused(client):
    assert client.codes("{ orders(first: 1, status: OPEN) { nodes { id } } }") == ["argumentNotAccepted"]


def test_a_missing_argument_is_refused(client):
    assert client.codes("{ order { id } }") == ["missingRequiredArguments"]


def test_a_missing_variable_is_refused_and_nothing_is_run(client, sim):
    answer = client.body("query One($id: ID!) { order(id: $id) { id } }")
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"
    assert "data" not in answer


def test_text_that_is_no_graphql_is_refused(client):
    assert "Syntax Error" in client.body("{ shop { name ")["errors"][0]["message"]


def test_a_field_that_the_simulator_does_not_know_says_so_instead_of_being_empty(client, sim):
    order = sim.store.place_order()
    answer = client.body(f'{{ order(id: "gid://shopify/Order/{order.id}") {{ channelInformation {{ id }} }} }}')
    assert answer["errors"][0]["extensions"]["code"] == "NOT_SIMULATED"


def test_a_mutation_that_the_simulator_does_not_know_says_so(client, sim):
    order = sim.store.place_order()
    text = f'mutation {{ orderClose(input: {{id: "gid://shopify/Order/{order.id}"}}) {{ order {{ id }} }} }}'
    assert client.codes(text) == ["NOT_SIMULATED"]


def test_a_broken_id_is_refused_and_an_unknown_one_is_null(client):
    assert client.codes('{ order(id: "12") { id } }') == ["INVALID_ID"]
    assert client.codes('{ order(id: "gid://shopify/Product/1") { id } }') == ["INVALID_ID"]
    assert client.data('{ order(id: "gid://shopify/Order/1") { id } }') == {"order": None}


@pytest.mark.parametrize("token", ["", "shpat_wrong"])
def test_a_wrong_token_is_refused_with_401(client, token):
    answer = client.post(SHOP, token=token)
    assert answer.status_code == 401
    assert "Invalid API key or access token" in answer.json()["errors"]
    assert answer.headers["X-Request-Id"]


def test_every_answer_names_its_version_and_request(client, sim):
    answer = client.post(SHOP)
    assert answer.headers["X-Shopify-API-Version"] == "2026-07"
    assert answer.headers["X-Request-Id"] == sim.requests[-1].request_id


def test_a_version_that_is_gone_falls_forward_to_the_oldest_there_is(client):
    answer = client.post(SHOP, version="2024-01")
    assert answer.headers["X-Shopify-API-Version"] == "2026-07"
    assert answer.json()["data"]["shop"]["name"] == "Simulated Store"


def test_deprecated_fields_are_named_in_a_header(client):
    answer = client.post("{ shop { name plan { displayName } } }")
    assert answer.headers["X-Shopify-API-Deprecated-Reason"] == "ShopPlan.displayName"
    assert "X-Shopify-API-Deprecated-Reason" not in client.post(SHOP).headers


def test_an_unknown_path_is_not_found(client, sim):
    assert client.session.get(f"{sim.url}/admin/orders.json", timeout=5).status_code == 404
    assert client.session.post(f"{sim.url}/admin/api/2026-07/orders.json", timeout=5).status_code == 404


def test_a_body_that_is_no_request_is_refused(client, sim):
    headers = {"X-Shopify-Access-Token": "shpat_simulator"}
    for body in (b"", b"nonsense", b"[1]", b'{"query": 5}'):
        assert client.session.post(sim.graphql_url, data=body, headers=headers, timeout=5).status_code == 400


def test_one_of_several_operations_is_run_by_its_name(client):
    text = "query A { shop { name } } query B { shop { email } }"
    assert client.body(text, operationName="B")["data"] == {"shop": {"email": "owner@example.com"}}
    assert client.codes(text) == ["BAD_REQUEST"]


def test_a_connection_is_kept_open_for_further_requests(sim):
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=5)
    body = json.dumps({"query": SHOP})
    for _ in range(3):
        connection.request(
            "POST", "/admin/api/2026-07/graphql.json", body, {"X-Shopify-Access-Token": "shpat_simulator"}
        )
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()


def test_a_slow_request_does_not_keep_others_waiting(sim, client, new_simulator):
    sim.faults.add("late", operation="Slow", seconds=1.5)
    waiting = threading.Thread(target=lambda: client.post("query Slow { shop { name } }"))
    waiting.start()
    began = time.monotonic()
    type(client)(sim).post(SHOP)
    assert time.monotonic() - began < 1
    waiting.join()


def test_requests_are_kept_with_their_name_cost_and_status(client, sim):
    client.post("query One($n: Int!) { products(first: $n) { nodes { id } } }", {"n": 3})
    request = sim.requests[-1]
    assert (request.operation, request.variables, request.status) == ("One", {"n": 3}, 200)
    assert request.requested >= request.actual > 0
    assert "products(first: $n)" in request.query


def test_the_stores_facts_can_be_read(client, sim):
    text = """{ shop { name currencyCode ianaTimezone plan { publicDisplayName } primaryDomain { host } taxesIncluded }
        currentAppInstallation { accessScopes { handle } } publicApiVersions { handle supported }
        locations(first: 10) { nodes { name isActive isFulfillmentService address { countryCode } } } }"""
    data = client.data(text)
    assert data["shop"]["primaryDomain"]["host"] == sim.domain
    assert {"handle": "read_orders"} in data["currentAppInstallation"]["accessScopes"]
    assert data["publicApiVersions"] == [{"handle": "2026-07", "supported": True}]
    assert [one["name"] for one in data["locations"]["nodes"]] == ["Downtown Store", "Main Warehouse", "West Warehouse"]


def test_inactive_and_service_locations_are_listed_only_when_asked_for(client):
    text = "{ locations(first: 10, includeInactive: true, includeLegacy: true, sortKey: ID) { nodes { name } } }"
    names = [one["name"] for one in client.data(text)["locations"]["nodes"]]
    assert names[3:] == ["Parcel Partner", "Closed Depot"]


def test_any_record_is_found_by_its_id(client, sim):
    order = sim.store.place_order(
        taxes="US-NY", shipping="5.00", fulfillment="fulfilled", financial="partially_refunded"
    )
    parts = {
        "LineItem": order.lines[0],
        "OrderTransaction": order.transactions[0],
        "Refund": order.refunds[0],
        "Fulfillment": order.fulfillments[0],
        "FulfillmentOrder": order.fulfillment_orders[0],
        "Customer": order.customer,
        "ProductVariant": order.lines[0].variant,
        "InventoryItem": order.lines[0].variant.inventory_item,
    }
    ids = [f"gid://shopify/{kind}/{part.id}" for kind, part in parts.items()]
    nodes = client.data("query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", ids=ids)["nodes"]
    assert nodes == [{"id": gid, "__typename": kind} for gid, kind in zip(ids, parts, strict=True)]


def test_a_list_of_more_than_250_entries_is_refused(client):
    text = """mutation($id: ID!, $ids: [ID!]!) {
      productVariantsBulkDelete(productId: $id, variantsIds: $ids) { userErrors { message } } }"""
    ids = [f"gid://shopify/ProductVariant/{number}" for number in range(1, 252)]
    assert client.codes(text, {"id": "gid://shopify/Product/1", "ids": ids}) == ["MAX_INPUT_SIZE_EXCEEDED"]


def test_more_than_250_ids_in_one_request_are_refused(client):
    ids = ["gid://shopify/Order/1"] * 251
    assert client.codes("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}) == ["MAX_INPUT_SIZE_EXCEEDED"]


def _variables(document, order):
    counted = ("first", "lines", "refundLines", "variants", "groups", "products", "metafields", "returns")
    sizes = {name: 5 for name in counted}
    known = {
        **sizes,
        "query": "",
        "handles": "handle:shirt",
        "skus": "sku:SHIRT",
        "namespace": "custom",
        "key": "made_by",
        "sortKey": "UPDATED_AT",
        "id": f"gid://shopify/Order/{order.id}",
        "orderId": f"gid://shopify/Order/{order.id}",
        "jobId": "gid://shopify/Job/0",
        "location": "gid://shopify/Location/1",
        "email": "ada@example.com",
        "phone": "+15550100",
        "ids": [f"gid://shopify/Order/{order.id}", f"gid://shopify/Product/{order.lines[0].variant.product.id}"],
    }
    return {name: value for name, value in known.items() if f"${name}:" in document.text}


@pytest.mark.parametrize("name", shopify_api.documents.LIBRARY.names())
def test_every_request_of_the_connector_is_answered_in_full(name, seeded, seeded_client):
    document = shopify_api.load(name)
    if document.is_mutation:
        return
    order = next(one for one in seeded.store.all_orders() if one.refunds and one.lines[0].variant)
    flags = dict.fromkeys(re.findall(r"\$(\w+): Boolean!", document.text), True)
    variables = {**_variables(document, order), **flags}
    shipped = next(one for one in seeded.store.all_orders() if one.fulfillments)
    of_their_own = {
        "bulkOperation": seeded.store.bulk.add("", seeded.clock.now()),
        "refund": order.refunds[0],
        "fulfillment": shipped.fulfillments[0],
        "fulfillmentOrder": shipped.fulfillment_orders[0],
        "product": order.lines[0].variant.product,
        "collection": seeded.store.add_collection("Any", [order.lines[0].variant.product]),
        "customer": next(one.customer for one in seeded.store.all_orders() if one.customer),
    }
    for field, record in of_their_own.items():
        if re.search(rf"\b{field}\(id: \$id\)", document.text):
            variables["id"] = f"gid://shopify/{record.typename}/{record.id}"
    answer = seeded_client.body(document.text, variables)
    assert "errors" not in answer, answer.get("errors")


def test_an_order_with_everything_an_order_query_can_ask_is_served(seeded, seeded_client):
    bag = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
    taxes = f"taxLines {{ title rate ratePercentage channelLiable source priceSet {bag} }}"
    text = f"""query Everything($after: String) {{ orders(first: 5, after: $after, sortKey: ID) {{
      pageInfo {{ hasNextPage endCursor }} nodes {{
        id name legacyResourceId statusPageUrl metafields(first: 5) {{ nodes {{ namespace key type value }} }}
        localizedFields(first: 5) {{ nodes {{ key value }} }} cartDiscountAmountSet {bag} currentTaxLines {{ title priceSet {bag} }}
        agreements(first: 5) {{ nodes {{ __typename reason happenedAt sales(first: 5) {{ nodes {{ __typename actionType lineType
          quantity totalAmount {bag} totalTaxAmount {bag} totalDiscountAmountAfterTaxes {bag} taxes {{ amount {bag} }}
          ... on ProductSale {{ lineItem {{ id }} }} ... on ShippingLineSale {{ shippingLine {{ id }} }}
          ... on DutySale {{ duty {{ id }} }} ... on AdditionalFeeSale {{ additionalFee {{ id name }} }} }} }} }} }}
        lineItems(first: 5) {{ nodes {{ id discountedTotalSet {bag} discountedUnitPriceAfterAllDiscountsSet {bag}
          priceAfterAllDiscountsBeforeTaxesSet {bag} weight {{ value unit }} lineItemGroup {{ id title }} {taxes}
          discountAllocations {{ discountApplication {{ index value {{ __typename ... on MoneyV2 {{ amount }}
            ... on PricingPercentageValue {{ percentage }} }} }} }} }} }}
        fulfillmentOrders(first: 3) {{ nodes {{ status requestStatus supportedActions {{ action }} fulfillmentHolds {{ reason }}
          destination {{ city countryCode }} lineItems(first: 3) {{ nodes {{ totalQuantity remainingQuantity sku inventoryItemId }} }} }} }}
        fulfillments {{ displayStatus trackingInfo {{ number url company }} }} risk {{ recommendation assessments {{ riskLevel }} }}
        transactions {{ kind fees {{ type amount {{ amount }} rate }} paymentDetails {{ __typename }} }} app {{ name icon {{ url }} }} }} }} }}"""
    after, seen = None, 0
    for _page in range(100):
        page = seeded_client.data(text, after=after)["orders"]
        seen += len(page["nodes"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == 400
