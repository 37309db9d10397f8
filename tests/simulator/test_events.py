"""What can happen to an order happens as at Shopify, and moves its ``updatedAt``."""

from decimal import Decimal

import pytest

from shopify_simulator.totals import totals
from shopify_simulator.values import BadRequest

STATUS = "displayFinancialStatus displayFulfillmentStatus"


def status(client, order):
    found = client.order(order, STATUS)
    return found["displayFinancialStatus"], found["displayFulfillmentStatus"]


def shop(order, name):
    return totals(order)[name].shop


def two(sim, **options):
    """An order of 2 pieces of 10.00 and 1 piece of 5.00."""
    first, second = sim.store.skus()[:2]
    lines = [{"sku": first, "quantity": 2, "price": "10.00"}, {"sku": second, "price": "5.00"}]
    return sim.store.place_order(lines=lines, **options)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("PAID", "UNFULFILLED")),
        ({"financial": "pending"}, ("PENDING", "UNFULFILLED")),
        ({"financial": "authorized"}, ("AUTHORIZED", "UNFULFILLED")),
        ({"financial": "partially_paid"}, ("PARTIALLY_PAID", "UNFULFILLED")),
        ({"financial": "voided"}, ("VOIDED", "UNFULFILLED")),
        ({"financial": "expired"}, ("EXPIRED", "UNFULFILLED")),
        ({"financial": "refunded"}, ("REFUNDED", "UNFULFILLED")),
        ({"financial": "partially_refunded", "fulfillment": "fulfilled"}, ("PARTIALLY_REFUNDED", "FULFILLED")),
        ({"fulfillment": "partial"}, ("PAID", "PARTIALLY_FULFILLED")),
        ({"fulfillment": "on_hold"}, ("PAID", "ON_HOLD")),
        ({"fulfillment": "scheduled"}, ("PAID", "SCHEDULED")),
        ({"discounts": [{"code": "ALL", "percentage": 100}]}, ("PAID", "UNFULFILLED")),
        ({"source": "pos"}, ("PAID", "FULFILLED")),
    ],
)
def test_an_order_is_placed_in_any_status(client, sim, options, expected):
    assert status(client, two(sim, **options)) == expected


def test_every_event_moves_the_change_date(sim):
    order = two(sim, financial="authorized", fulfillment="on_hold")
    events = [
        lambda: sim.store.release_hold(order),
        lambda: sim.store.capture(order),
        lambda: sim.store.change_risk(order, "HIGH"),
        lambda: sim.store.update(order, note="hello"),
        lambda: sim.store.edit(order, add=[sim.store.skus()[3]]),
        lambda: sim.store.mark_paid(order),
        lambda: sim.store.fulfil(order),
        lambda: sim.store.refund(order, {order.lines[0].id: 1}),
        lambda: sim.store.cancel_fulfilment(order, order.fulfillments[0]),
        lambda: sim.store.cancel(order),
    ]
    for event in events:
        sim.clock.advance(60)
        event()
        assert order.updated_at == sim.clock.now()


def test_a_capture_of_a_part_leaves_the_rest_to_be_captured(client, sim):
    order = two(sim, financial="authorized")
    sim.store.capture(order, "10.00")
    assert status(client, order)[0] == "PARTIALLY_PAID"
    assert shop(order, "total_capturable") == Decimal("15.00")
    sim.store.capture(order)
    assert status(client, order)[0] == "PAID"
    kinds = [(one["kind"], one["parentTransaction"] is not None) for one in transactions(client, order)]
    assert kinds == [("AUTHORIZATION", False), ("CAPTURE", True), ("CAPTURE", True)]


def transactions(client, order):
    fields = """transactions { id kind status gateway amountSet { shopMoney { amount } } amountRoundingSet { shopMoney { amount } }
        parentTransaction { id } fees { amount { amount } } }"""
    return client.order(order, fields)["transactions"]


def test_what_is_authorized_is_not_outstanding(sim):
    order = two(sim, financial="authorized")
    assert (shop(order, "total_outstanding"), shop(order, "due")) == (0, 25)
    sim.store.void(order)
    assert shop(order, "total_outstanding") == 25


def test_a_pending_order_is_marked_as_paid_by_a_further_transaction(client, sim):
    order = two(sim, financial="pending", gateway="Bank Deposit")
    sim.store.mark_paid(order)
    rows = [(one["kind"], one["status"], one["gateway"]) for one in transactions(client, order)]
    assert rows == [("SALE", "PENDING", "Bank Deposit"), ("SALE", "SUCCESS", "Bank Deposit")]
    assert status(client, order)[0] == "PAID"


def test_an_order_paid_by_two_gateways_names_both(client, sim):
    order = two(sim, payments=[{"gateway": "gift_card", "amount": "5.00"}, {"gateway": "paypal"}])
    found = client.order(order, "paymentGatewayNames fullyPaid")
    assert found == {"paymentGatewayNames": ["gift_card", "paypal"], "fullyPaid": True}
    assert [one["amountSet"]["shopMoney"]["amount"] for one in transactions(client, order)] == ["5.0", "20.0"]


def test_cash_comes_with_change(client, sim):
    order = two(sim, source="pos", gateway="cash", tendered="50.00")
    rows = [(one["kind"], one["amountSet"]["shopMoney"]["amount"]) for one in transactions(client, order)]
    assert rows == [("SALE", "50.0"), ("CHANGE", "25.0")]
    assert shop(order, "total_received") == 25


def test_cash_is_rounded_where_small_coins_are_gone(client, new_simulator):
    simulator, till = new_simulator(currency="CAD", products=12)
    order = simulator.store.place_order(
        source="pos", gateway="cash", tendered="20.00", lines=[{"sku": simulator.store.any_sku(), "price": "9.99"}]
    )
    sale, change = transactions(till, order)
    assert sale["amountRoundingSet"]["shopMoney"]["amount"] == "0.01"
    assert change["amountSet"]["shopMoney"]["amount"] == "10.0"
    found = till.order(order, "totalCashRoundingAdjustment { paymentSet { shopMoney { amount } } } fullyPaid")
    assert found == {
        "totalCashRoundingAdjustment": {"paymentSet": {"shopMoney": {"amount": "0.01"}}},
        "fullyPaid": True,
    }
    assert shop(order, "total_received") == Decimal("9.99")


def test_an_edit_that_adds_pieces_raises_the_total_and_repeats_the_tax(client, sim):
    order = two(sim, taxes=[("GST", "0.05")])
    before = shop(order, "total_price")
    sim.store.edit(order, {order.lines[0].id: 3})
    assert shop(order, "total_price") == before + Decimal("10.50")
    assert shop(order, "original_total_price") == before
    assert [str(tax.price_set.shop) for tax in order.lines[0].tax_lines] == ["1.00", "0.50"]
    assert status(client, order)[0] == "PARTIALLY_PAID"
    assert client.order(order, "edited taxLines { priceSet { shopMoney { amount } } }")["edited"]


def test_an_edit_that_takes_pieces_off_becomes_a_refund_without_money(client, sim):
    order = two(sim)
    sim.store.edit(order, remove=[order.lines[1].id])
    fields = """totalPriceSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount } } refunds {
        totalRefundedSet { shopMoney { amount } } refundLineItems(first: 5) { nodes { quantity restockType } } }
        lineItems(first: 5) { nodes { quantity currentQuantity } }"""
    found = client.order(order, fields)
    assert found["totalPriceSet"]["shopMoney"]["amount"] == "25.0"
    assert found["currentTotalPriceSet"]["shopMoney"]["amount"] == "20.0"
    assert found["refunds"] == [
        {
            "totalRefundedSet": {"shopMoney": {"amount": "0.0"}},
            "refundLineItems": {"nodes": [{"quantity": 1, "restockType": "CANCEL"}]},
        }
    ]
    assert [(line["quantity"], line["currentQuantity"]) for line in found["lineItems"]["nodes"]] == [(2, 2), (1, 0)]
    assert shop(order, "total_outstanding") == -5


def test_money_owed_after_an_edit_is_paid_back_without_a_discrepancy(client, sim):
    order = two(sim)
    sim.store.edit(order, remove=[order.lines[1].id])
    refund = sim.store.refund(order, amount="5.00")
    assert refund.adjustments == []
    assert shop(order, "due") == 0


def test_a_refund_gives_back_tax_and_shipping_and_restocks(client, sim):
    order = two(sim, taxes=[("VAT", "0.1")], shipping="5.00", fulfillment="fulfilled")
    sim.store.refund(order, {order.lines[0].id: 1}, shipping="2.00")
    fields = """refunds { refundLineItems(first: 5) { nodes { quantity restockType restocked subtotalSet { shopMoney { amount } }
        totalTaxSet { shopMoney { amount } } } } refundShippingLines(first: 5) { nodes { subtotalAmountSet { shopMoney { amount } }
        taxAmountSet { shopMoney { amount } } } } orderAdjustments(first: 5) { nodes { reason } }
        transactions(first: 5) { nodes { kind amountSet { shopMoney { amount } } parentTransaction { kind } } } }"""
    (refund,) = client.order(order, fields)["refunds"]
    (line,) = refund["refundLineItems"]["nodes"]
    assert (line["restockType"], line["restocked"]) == ("RETURN", True)
    assert (line["subtotalSet"]["shopMoney"]["amount"], line["totalTaxSet"]["shopMoney"]["amount"]) == ("10.0", "1.0")
    (shipping,) = refund["refundShippingLines"]["nodes"]
    assert (shipping["subtotalAmountSet"]["shopMoney"]["amount"], shipping["taxAmountSet"]["shopMoney"]["amount"]) == (
        "2.0",
        "0.2",
    )
    (money,) = refund["transactions"]["nodes"]
    assert (money["amountSet"]["shopMoney"]["amount"], money["parentTransaction"]["kind"]) == ("13.2", "SALE")
    assert refund["orderAdjustments"]["nodes"] == []


def test_a_refund_typed_as_an_amount_books_a_discrepancy(sim):
    order = two(sim)
    refund = sim.store.refund(order, amount="7.00")
    (part,) = refund.adjustments
    assert (part.reason, part.amount_set.shop, part.tax_amount_set.shop) == ("REFUND_DISCREPANCY", -7, 0)
    assert (shop(order, "current_total_price"), shop(order, "due")) == (18, 0)


def test_less_money_than_the_lines_are_worth_books_a_discrepancy_too(sim):
    order = two(sim)
    refund = sim.store.refund(order, {order.lines[0].id: 2}, amount="15.00")
    assert refund.adjustments[0].amount_set.shop == 5
    assert (shop(order, "current_total_price"), shop(order, "due")) == (10, 0)


def test_money_on_its_way_is_balanced_until_it_arrives(client, sim):
    order = two(sim)
    refund = sim.store.refund(order, {order.lines[1].id: 1}, pending=True)
    assert refund.adjustments[0].reason == "PENDING_REFUND_DISCREPANCY"
    assert (status(client, order)[0], shop(order, "total_refunded"), shop(order, "due")) == ("PAID", 0, 0)
    sim.store.settle_refunds(order)
    assert (status(client, order)[0], shop(order, "total_refunded"), shop(order, "due")) == ("PARTIALLY_REFUNDED", 5, 0)


def test_a_refund_goes_over_several_payments_newest_first(sim):
    order = two(sim, payments=[{"gateway": "gift_card", "amount": "5.00"}, {"gateway": "paypal"}])
    refund = sim.store.refund(order, "all")
    assert [(one.gateway, one.amount_set.shop) for one in refund.transactions] == [("paypal", 20), ("gift_card", 5)]


def test_no_more_is_refunded_than_was_paid(sim):
    order = two(sim)
    with pytest.raises(BadRequest, match="more than was paid"):
        sim.store.refund(order, amount="25.01")
    with pytest.raises(BadRequest, match="cannot be taken back"):
        sim.store.refund(order, {order.lines[1].id: 2})


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, "REFUNDED"), ({"financial": "pending"}, "VOIDED"), ({"financial": "authorized"}, "VOIDED")],
)
def test_a_cancelled_order_is_refunded_or_voided_and_worth_nothing(client, sim, options, expected):
    order = two(sim, shipping="5.00", taxes=[("VAT", "0.1")], **options)
    sim.store.cancel(order, "FRAUD", note="stolen card")
    found = client.order(order, f"{STATUS} cancelReason cancelledAt cancellation {{ staffNote }} closed fulfillable")
    assert found["displayFinancialStatus"] == expected
    assert (found["cancelReason"], found["cancellation"]) == ("FRAUD", {"staffNote": "stolen card"})
    assert (shop(order, "current_total_price"), shop(order, "total_outstanding")) == (0, 0)
    assert [group.status for group in order.fulfillment_orders] == ["CANCELLED"]
    with pytest.raises(BadRequest, match="cancelled already"):
        sim.store.cancel(order)


def test_parts_are_shipped_with_tracking(client, sim):
    order = two(sim)
    first = order.lines[0]
    sim.store.fulfil(
        order, {first.sku: 1}, tracking={"company": "UPS", "number": "1Z", "url": "https://ups.example/1Z"}
    )
    sim.store.fulfil(order, tracking=[{"number": "A"}, {"number": "B"}])
    fields = """fulfillments { name status trackingInfo { company number url } fulfillmentLineItems(first: 5) { nodes { quantity
        lineItem { sku } } } } fulfillmentOrders(first: 5) { nodes { status lineItems(first: 5) { nodes { remainingQuantity } } } }"""
    found = client.order(order, fields)
    assert [one["name"] for one in found["fulfillments"]] == [f"{order.name}.1", f"{order.name}.2"]
    assert found["fulfillments"][0]["trackingInfo"] == [
        {"company": "UPS", "number": "1Z", "url": "https://ups.example/1Z"}
    ]
    assert [one["number"] for one in found["fulfillments"][1]["trackingInfo"]] == ["A", "B"]
    assert found["fulfillmentOrders"]["nodes"][0]["status"] == "CLOSED"
    assert status(client, order)[1] == "FULFILLED"


def test_a_cancelled_fulfilment_can_be_shipped_again(client, sim):
    order = two(sim)
    (done,) = sim.store.fulfil(order)
    sim.store.cancel_fulfilment(order, done)
    assert status(client, order)[1] == "UNFULFILLED"
    sim.store.fulfil(order)
    assert status(client, order)[1] == "FULFILLED"
    assert [one.status for one in order.fulfillments] == ["CANCELLED", "SUCCESS"]


def test_an_order_from_two_locations_has_two_fulfilment_orders_and_two_shipments(sim):
    skus = sim.store.skus()
    order = sim.store.place_order(lines=[{"sku": skus[0]}, {"sku": skus[1], "location": "West Warehouse"}])
    assert [group.location.name for group in order.fulfillment_orders] == ["Main Warehouse", "West Warehouse"]
    assert len(sim.store.fulfil(order)) == 2


def test_what_is_on_hold_is_not_shipped(sim):
    order = two(sim, fulfillment="on_hold")
    with pytest.raises(BadRequest, match="nothing left"):
        sim.store.fulfil(order)
    sim.store.release_hold(order)
    assert sim.store.fulfil(order)


def test_gift_cards_are_sent_as_soon_as_they_are_paid(client, sim):
    order = sim.store.place_order(lines=["GIFT-25", sim.store.any_sku()])
    assert status(client, order) == ("PAID", "PARTIALLY_FULFILLED")
    assert client.order(order, "lineItems(first: 2) { nodes { isGiftCard } }")["lineItems"]["nodes"][0]["isGiftCard"]


def test_lines_of_a_bundle_share_their_group(client, sim):
    skus = sim.store.skus()
    lines = [{"sku": skus[0], "group": "Set"}, {"sku": skus[1], "group": "Set"}, {"sku": skus[2]}]
    found = client.order(
        sim.store.place_order(lines=lines), "lineItems(first: 5) { nodes { lineItemGroup { id title } } }"
    )
    one, other, alone = (line["lineItemGroup"] for line in found["lineItems"]["nodes"])
    assert one == other
    assert (one["title"], alone) == ("Set", None)


def test_a_company_order_carries_company_location_contact_and_terms(client, sim):
    order = two(
        sim, company={"name": "Fjord AS", "external_id": "C-9"}, terms="net30", po_number="PO-1", financial="pending"
    )
    fields = """poNumber purchasingEntity { __typename ... on PurchasingCompany { company { name externalId } location { name }
        contact { customer { displayName } } } } paymentTerms { paymentTermsName dueInDays paymentSchedules(first: 1) { nodes {
        dueAt balanceDue { amount } } } }"""
    found = client.order(order, fields)
    assert found["purchasingEntity"]["company"] == {"name": "Fjord AS", "externalId": "C-9"}
    assert found["paymentTerms"]["dueInDays"] == 30
    assert found["paymentTerms"]["paymentSchedules"]["nodes"] == [
        {"dueAt": "2026-12-20T12:00:00Z", "balanceDue": {"amount": "25.0"}}
    ]


def test_buyers_can_be_known_guests_or_nobody(client, sim):
    fields = "email customer { id } shippingAddress { name zip }"
    known = client.order(
        two(sim, customer={"first_name": "Ada", "last_name": "L", "email": "a@example.com", "address": "GB"}), fields
    )
    assert known["customer"] and known["shippingAddress"] == {"name": "Ada L", "zip": "SW1A 1AA"}
    guest = client.order(two(sim, customer="guest"), fields)
    assert guest["customer"] is None and guest["email"]
    nobody = client.order(two(sim, customer="anonymous"), fields)
    assert (nobody["customer"], nobody["email"], nobody["shippingAddress"]["name"]) == (None, None, None)
    till = client.order(two(sim, source="pos"), fields)
    assert till == {"email": None, "customer": None, "shippingAddress": None}


def test_risk_is_served_with_its_recommendation(client, sim):
    order = two(sim, risk="PENDING")
    fields = "risk { recommendation assessments { riskLevel facts { sentiment } } }"
    assert client.order(order, fields)["risk"] == {
        "recommendation": "NONE",
        "assessments": [{"riskLevel": "PENDING", "facts": []}],
    }
    sim.store.change_risk(order, "HIGH", ["CVV did not match"])
    assert client.order(order, fields)["risk"]["recommendation"] == "CANCEL"


def test_two_currencies_are_rounded_one_after_the_other(client, sim):
    order = sim.store.place_order(
        currency="EUR",
        rate="1.0931",
        taxes=[("VAT", "0.2")],
        lines=[{"sku": sim.store.any_sku(), "price": "9.99", "quantity": 3}],
    )
    bag = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
    found = client.order(order, f"presentmentCurrencyCode totalPriceSet {bag} totalTaxSet {bag}")
    assert found["totalTaxSet"]["presentmentMoney"] == {"amount": "5.99", "currencyCode": "EUR"}
    assert found["totalTaxSet"]["shopMoney"] == {"amount": "6.55", "currencyCode": "USD"}
    assert found["totalPriceSet"]["shopMoney"]["amount"] == str(Decimal("10.92") * 3 + Decimal("6.55"))


def test_line_level_and_order_level_discounts_are_told_apart(client, sim):
    order = two(sim, discounts=[{"automatic": "Sale", "percentage": 10, "on": [0]}, {"code": "FIVE", "amount": "5.00"}])
    fields = """discountCodes cartDiscountAmountSet { shopMoney { amount } } totalDiscountsSet { shopMoney { amount } }
        lineItems(first: 5) { nodes { discountedTotalSet { shopMoney { amount } } totalDiscountSet { shopMoney { amount } }
        discountAllocations { allocatedAmountSet { shopMoney { amount } } discountApplication { index allocationMethod } } } }"""
    found = client.order(order, fields)
    assert (found["discountCodes"], found["cartDiscountAmountSet"]["shopMoney"]["amount"]) == (["FIVE"], "5.0")
    assert found["totalDiscountsSet"]["shopMoney"]["amount"] == "7.0"
    first = found["lineItems"]["nodes"][0]
    assert (first["discountedTotalSet"]["shopMoney"]["amount"], first["totalDiscountSet"]["shopMoney"]["amount"]) == (
        "18.0",
        "2.0",
    )
    given = [
        (one["discountApplication"]["allocationMethod"], one["allocatedAmountSet"]["shopMoney"]["amount"])
        for one in first["discountAllocations"]
    ]
    assert given == [("EACH", "2.0"), ("ACROSS", "3.92")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"color": "red"}, "unknown color"),
        ({"lines": [{"sku": "NONE"}]}, "no product with SKU 'NONE'"),
        ({"lines": [{"title": "Custom", "custom": True}]}, "needs a price"),
        ({"lines": []}, "at least one line"),
        ({"lines": [{"sku": "STICK-SET", "quantity": 0}]}, "quantity 0"),
        ({"lines": [{"sku": "STICK-SET", "price": "cheap"}]}, "'cheap' is no number"),
        ({"taxes": "MARS"}, "no tax system 'MARS'"),
        ({"financial": "rich"}, "financial: 'rich' is none of"),
        ({"currency": "XXX"}, "no rate is known for XXX"),
        ({"created_at": "yesterday"}, "no ISO time"),
        ({"created_at": "2026-01-01T00:00:00"}, "lacks its time zone"),
        ({"discounts": [{"code": "A"}]}, "name one of code"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_leaves_nothing_behind(sim, options, words):
    with pytest.raises(BadRequest, match=words):
        sim.store.place_order(**options)
    assert len(sim.store.orders) == 0
