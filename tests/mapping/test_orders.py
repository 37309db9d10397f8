"""The head of an order: times, channel, pickup, shipments, what its lines sell."""

import pytest
from made_orders import (
    assert_adds_up,
    at,
    fulfillment,
    gid,
    kinds,
    line,
    mapped,
    only,
    tax,
)


def fulfillment_order(method="SHIPPING", location=3, status="OPEN"):
    return {
        "id": gid("FulfillmentOrder", 70),
        "status": status,
        "deliveryMethod": {"methodType": method},
        "assignedLocation": {"name": "Shop Berlin", "location": {"id": gid("Location", location)}},
    }


def test_the_head_of_an_order_is_read_with_times_in_utc():
    found = mapped(
        line(10),
        cancelledAt="2026-03-05T01:00:00+09:00",
        cancelReason="FRAUD",
        cancellation={"staffNote": " Known card "},
        closedAt="2026-03-06T00:00:00Z",
        note=" Ring twice ",
        tags=["vip", "b2c"],
        customAttributes=[{"key": "gift", "value": None}],
        discountCodes=["SPRING"],
        checkoutToken="tok",
        attribution={"displayName": "Instagram"},
        test=True,
        edited=True,
    )
    assert (found.shopify_id, found.name, found.confirmation_number) == ("1001", "#1001", "ABC123")
    assert (found.created_at, found.processed_at) == (at("2026-03-01T23:30"), at("2026-03-01T23:15"))
    assert (found.cancelled_at, found.closed_at) == (at("2026-03-04T16:00"), at("2026-03-06T00:00"))
    assert (found.cancel_reason, found.staff_note, found.note) == ("fraud", "Known card", "Ring twice")
    assert (found.tags, found.attributes, found.discount_codes) == (("vip", "b2c"), (("gift", ""),), ("SPRING",))
    assert (found.checkout_ref, found.channel, found.source, found.locale) == ("tok", "Instagram", "web", "en-US")
    assert found.test
    assert found.edited


def test_a_time_without_a_zone_is_utc():
    assert mapped(line(10), createdAt="2026-03-01T10:00:00").created_at == at("2026-03-01T10:00")


def test_an_order_of_the_till_names_its_location_and_needs_no_customer():
    found = mapped(line(10), sourceName="pos", retailLocation={"id": gid("Location", 9)}, email=None)
    assert (found.is_pos, found.location_id, found.buyer.is_anonymous) == (True, "9", True)


@pytest.mark.parametrize(
    ("source", "shipping", "country"),
    [("web", "AT", "AT"), ("web", None, "FR"), ("pos", None, ""), ("pos", "AT", "AT")],
)
def test_a_tax_belongs_to_the_country_the_goods_go_to(source, shipping, country):
    """A tourist's home address does not make the shop's own tax one of the tourist's country."""
    found = mapped(
        line(10, taxes=[tax("VAT", 0.2, 2)]),
        sourceName=source,
        billingAddress={"name": "Ana", "countryCodeV2": "FR"},
        shippingAddress=shipping and {"name": "Ana", "countryCodeV2": shipping},
    )
    assert {one.country for one in found.tax_keys} == {country}


def test_pickup_names_its_place():
    found = mapped(line(10), fulfillmentOrders={"nodes": [fulfillment_order("PICK_UP")]})
    assert (found.is_pickup, found.pickup_name, found.fulfillment_location_ids) == (True, "Shop Berlin", ("3",))


def test_an_order_that_was_changed_from_pickup_to_shipping_is_shipped():
    parts = [fulfillment_order("PICK_UP", 3, "CANCELLED"), fulfillment_order("SHIPPING", 4)]
    found = mapped(line(10), fulfillmentOrders={"nodes": parts})
    assert (found.is_pickup, found.fulfillment_location_ids) == (False, ("4",))


def test_a_cancelled_pickup_order_is_still_one_of_pickup():
    parts = [fulfillment_order("PICK_UP", 3, "CANCELLED")]
    assert mapped(line(10), fulfillmentOrders={"nodes": parts}).is_pickup


@pytest.mark.parametrize("method", ["SHIPPING", "LOCAL", "PICKUP_POINT", "RETAIL", "NONE"])
def test_no_other_delivery_method_is_pickup(method):
    assert not mapped(line(10), fulfillmentOrders={"nodes": [fulfillment_order(method)]}).is_pickup


def test_an_order_read_without_the_parts_that_need_a_permission_is_read():
    found = mapped(line(10), fulfillmentOrders=None, discountApplications=None, paymentTerms=None, risk=None)
    assert (found.is_pickup, found.fulfillment_location_ids, found.terms) == (False, (), None)
    assert_adds_up(found)


def test_a_fulfilment_order_without_a_method_or_location_is_no_pickup():
    part = {"id": gid("FulfillmentOrder", 1), "status": "OPEN", "deliveryMethod": None, "assignedLocation": None}
    found = mapped(line(10), fulfillmentOrders={"nodes": [part]})
    assert (found.is_pickup, found.fulfillment_location_ids) == (False, ())


def test_line_properties_are_kept_but_those_of_the_shop_itself():
    item = line(
        10, customAttributes=[{"key": "Text", "value": "Ana"}, {"key": "_id", "value": "1"}, {"key": "", "value": "2"}]
    )
    assert only(mapped(item), "product").properties == (("Text", "Ana"),)


def test_a_component_of_a_bundle_names_its_bundle():
    item = line(10, lineItemGroup={"id": gid("LineItemGroup", 1), "title": "Starter set", "quantity": 1})
    assert only(mapped(item), "product").group == "Starter set"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"variant": None, "product": None}, "product"),  # deleted in Shopify, its SKU tells what it was
        ({"variant": None, "product": None, "sku": None}, "custom"),
        ({"sku": None}, "product"),
        ({"isGiftCard": True}, "gift_card"),
    ],
)
def test_what_a_line_sells_is_told_by_variant_and_sku(fields, kind):
    assert kinds(mapped(line(10, **fields))) == [kind]


def test_shipped_units_are_those_of_fulfilments_that_were_not_cancelled_or_failed():
    item = line(10, 3)
    parts = [
        fulfillment((item, 1)),
        *(fulfillment((item, 1), status=status) for status in ("CANCELLED", "ERROR", "FAILURE")),
    ]
    (one,) = mapped(item, fulfillments=parts).fulfillments
    assert one.units == ((item["id"].rsplit("/", 1)[1], 1),)
    assert (one.location_id, one.tracking[0].number, one.created_at) == ("3", "JD01", at("2026-03-03T09:00"))


def test_shipments_come_oldest_first():
    item = line(10, 2)
    parts = [
        fulfillment((item, 1), id=gid("Fulfillment", number), createdAt=at_)
        for number, at_ in [(3, "2026-03-09T00:00:00Z"), (2, "2026-03-08T00:00:00Z"), (1, None)]
    ]
    assert [one.shopify_id for one in mapped(item, fulfillments=parts).fulfillments] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("fields", "channel"),
    [
        ({}, "Online Store"),
        ({"app": None}, "web"),
        ({"app": None, "sourceName": None}, ""),
        ({"attribution": {"displayName": "Shop"}}, "Shop"),
    ],
)
def test_the_channel_is_the_best_name_shopify_has(fields, channel):
    assert mapped(line(10), **fields).channel == channel
