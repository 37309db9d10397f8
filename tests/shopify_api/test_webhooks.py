"""A delivery is believed only when the app's secret signed it, and tells which record to look at."""

import json

import pytest

from shopify_api import API_VERSION
from shopify_api.webhooks import TOPICS, address_problem, is_signed, leading_id, merged_away, read_body, read_time, sign
from shopify_simulator.schema import load_schema
from shopify_simulator.webhook_topics import header_name

BODY = b'{"id":1,"updated_at":"2026-11-20T12:00:00-05:00"}'


def test_the_signature_is_shopifys():
    # computed with openssl dgst -sha256 -hmac hush -binary | base64
    assert sign("hush", b'{"id":1}') == "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY="


def test_a_body_signed_with_one_of_the_secrets_is_believed():
    assert is_signed(BODY, sign("new", BODY), ["new", "former"])
    assert is_signed(BODY, sign("former", BODY), ["new", "former"])


@pytest.mark.parametrize("signature", ["", "nonsense", "ünsigned", sign("other", BODY), sign("", BODY), "a" * 10_000])
def test_any_other_signature_is_refused(signature):
    assert not is_signed(BODY, signature, ["new", None, ""])


def test_a_changed_body_is_refused_and_without_a_secret_nothing_is_believed():
    assert not is_signed(BODY + b" ", sign("new", BODY), ["new"])
    assert not is_signed(BODY, sign("", BODY), [None, ""])


@pytest.mark.parametrize(
    ("topic", "body", "ident", "moment"),
    [
        ("orders/create", BODY, "1", "2026-11-20T17:00:00"),
        (
            "refunds/create",
            b'{"id":9,"order_id":1,"created_at":"2026-11-20T12:00:00Z"}',
            "1",
            "2026-11-20T12:00:00",
        ),
        ("orders/edited", b'{"order_edit":{"id":9,"order_id":1}}', "1", None),
        ("returns/update", b'{"id":9,"order":{"id":1}}', "1", None),
        ("returns/close", b'{"id":9,"order_id":1}', "1", None),
        ("returns/process", b'{"id":9}', "Return/9", None),
        ("returns/update", b'{"admin_graphql_api_id":"gid://shopify/Return/9"}', "Return/9", None),
        ("reverse_fulfillment_orders/dispose", b'{"id":9}', "ReverseFulfillmentOrder/9", None),
        (
            "fulfillment_orders/hold_released",
            b'{"fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/9","status":"open"}}',
            "FulfillmentOrder/9",
            None,
        ),
        (
            "fulfillment_orders/moved",
            b'{"original_fulfillment_order":{"id":8},"moved_fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/9"}}',
            "FulfillmentOrder/9",
            None,
        ),
        ("fulfillment_orders/moved", b"{}", None, None),
        ("customers/redact", b'{"shop_id":2,"customer":{"id":5}}', "5", None),
        ("orders/create", b'{"id":"1 OR 1=1"}', None, None),
        ("orders/create", b"[1]", None, None),
        ("orders/create", b"{", None, None),
        ("orders/create", b"\xff", None, None),
    ],
)
def test_a_delivery_names_the_record_to_look_at(topic, body, ident, moment):
    found, changed = read_body(TOPICS[topic], body)
    assert (found, changed and changed.isoformat()) == (ident, moment)


def test_the_fields_asked_for_hold_the_record_and_a_time_that_changes():
    for topic in TOPICS.values():
        if topic.fields:
            assert {topic.record[0], topic.changed[0]} <= set(topic.fields), topic


def test_topics_subscribed_by_api_are_in_shopifys_schema():
    enum = set(load_schema(API_VERSION).type_map["WebhookSubscriptionTopic"].values)
    assert {topic.enum for topic in TOPICS.values() if topic.enum} <= enum
    assert all(not topic.enum for topic in TOPICS.values() if topic.group == "privacy")


def test_the_id_that_leads_a_big_body_is_found():
    assert leading_id(b'{ "id": 12, "note": "' + b"x" * 1000) == "12"
    assert leading_id(b'{"name":"x","id":12}') is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T12:00:00.123456789Z", "2026-11-20T12:00:00"),
        ("2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00"),
        ("yesterday", None),
        (None, None),
    ],
)
def test_times_are_read_in_utc(text, moment):
    found = read_time(text)
    assert (found and found.isoformat()) == moment


@pytest.mark.parametrize(
    "address", ["https://erp.example.com/shopify", "https://erp.example.com:443/x", "https://8.8.8.8"]
)
def test_a_public_https_address_is_fine(address):
    assert address_problem(address, store_is_local=False) is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://erp.example.com", "https"),
        ("https://localhost:8069", "own network"),
        ("https://127.0.0.1", "own network"),
        ("https://192.168.1.5", "own network"),
        ("https://[::1]", "own network"),
        ("https://odoo", "own network"),
        ("erp.example.com", "no web address"),
        ("https://[broken", "no web address"),
        ("", "no web address"),
    ],
)
def test_an_address_that_shopify_cannot_use_is_refused_with_the_reason(address, said):
    assert said in str(address_problem(address, store_is_local=False))


def test_a_simulated_store_reaches_this_machine_without_https():
    assert address_problem("http://127.0.0.1:8069/shopify", store_is_local=True) is None
    assert "https" in str(address_problem("http://erp.example.com", store_is_local=True))


def test_every_topic_is_spelled_in_the_header_as_the_simulator_spells_it():
    for topic in TOPICS.values():
        if topic.enum:
            assert header_name(topic.enum) == topic.name


def test_a_merge_names_who_is_kept_and_who_is_gone():
    body = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/12",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/13",
        "status": "completed",
    }
    topic = TOPICS["customers/merge"]
    assert read_body(topic, json.dumps(body).encode()) == ("12", None)
    assert merged_away(json.dumps(body)) == "13"
    assert merged_away(json.dumps({**body, "status": "failed"})) is None
    assert merged_away("no json") is None
