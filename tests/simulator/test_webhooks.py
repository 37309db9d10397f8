"""The simulator sends webhooks as Shopify does: subscribed by API, signed, REST-shaped, repeated, and sometimes wrong."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shopify_simulator.webhook_topics import header_name

CREATE = """mutation($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
    webhookSubscription { id topic uri includeFields } userErrors { field message } } }"""
UPDATE = """mutation($id: ID!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $input) {
    webhookSubscription { id uri } userErrors { field message } } }"""
DELETE = """mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }"""
LIST = "{ webhookSubscriptions(first: 50) { nodes { id topic uri apiVersion { handle } } } }"


class Receiver:
    """A server on loopback that keeps what it is sent and answers as told."""

    def __init__(self):
        self.got = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args):
                """Keep the test's output clean."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self.http.server_address[1]}/hook"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def topics(self):
        return [headers["X-Shopify-Topic"] for headers, _body in self.got]

    def bodies(self, topic):
        return [json.loads(body) for headers, body in self.got if headers["X-Shopify-Topic"] == topic]


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def hooks(sim):
    sim.webhooks.automatic = False
    return sim.webhooks


def subscribe(client, receiver, *topics, **options):
    answers = [client.data(CREATE, topic=topic, input={"uri": receiver.uri, **options}) for topic in topics]
    for answer in answers:
        assert answer["webhookSubscriptionCreate"]["userErrors"] == []
    return [answer["webhookSubscriptionCreate"]["webhookSubscription"]["id"] for answer in answers]


def test_a_subscription_is_made_listed_moved_and_removed(client, receiver):
    (gid,) = subscribe(client, receiver, "ORDERS_CREATE")
    (listed,) = client.data(LIST)["webhookSubscriptions"]["nodes"]
    assert listed == {"id": gid, "topic": "ORDERS_CREATE", "uri": receiver.uri, "apiVersion": {"handle": "2026-07"}}
    moved = client.data(UPDATE, id=gid, input={"uri": "https://shop.example.com/hook"})["webhookSubscriptionUpdate"]
    assert moved == {"webhookSubscription": {"id": gid, "uri": "https://shop.example.com/hook"}, "userErrors": []}
    assert client.data(DELETE, id=gid)["webhookSubscriptionDelete"]["deletedWebhookSubscriptionId"] == gid
    assert client.data(LIST)["webhookSubscriptions"]["nodes"] == []
    assert client.data(DELETE, id=gid)["webhookSubscriptionDelete"]["userErrors"]
    assert client.data(UPDATE, id=gid, input={"uri": receiver.uri})["webhookSubscriptionUpdate"]["userErrors"]


@pytest.mark.parametrize("uri", ["http://shop.example.com/hook", "ftp://shop.example.com", "nonsense", ""])
def test_an_address_without_https_is_refused(client, uri):
    made = client.data(CREATE, topic="ORDERS_CREATE", input={"uri": uri})["webhookSubscriptionCreate"]
    assert made["webhookSubscription"] is None
    assert made["userErrors"][0]["field"] == ["webhookSubscription", "uri"]


def test_the_same_address_twice_for_a_topic_is_refused(client, receiver):
    subscribe(client, receiver, "ORDERS_CREATE")
    again = client.data(CREATE, topic="ORDERS_CREATE", input={"uri": receiver.uri})["webhookSubscriptionCreate"]
    assert "already been taken" in again["userErrors"][0]["message"]


def test_a_topic_needs_its_scope(client, sim, receiver):
    sim.access.scopes = ["read_products"]
    made = client.data(CREATE, topic="ORDERS_CREATE", input={"uri": receiver.uri})["webhookSubscriptionCreate"]
    assert "read_orders" in made["userErrors"][0]["message"]
    subscribe(client, receiver, "APP_UNINSTALLED")


def test_a_delivery_is_signed_over_its_raw_body_and_names_shop_topic_and_ids(client, sim, hooks, receiver):
    subscribe(client, receiver, "ORDERS_CREATE")
    order = sim.store.place_order(lines=[sim.store.any_sku()])
    hooks.send()
    ((headers, body),) = receiver.got
    digest = hmac.new(sim.access.client_secret.encode(), body, hashlib.sha256).digest()
    assert headers["X-Shopify-Hmac-Sha256"] == base64.b64encode(digest).decode()
    assert headers["X-Shopify-Shop-Domain"] == sim.domain
    assert headers["X-Shopify-Topic"] == "orders/create"
    assert headers["X-Shopify-Webhook-Id"] != headers["X-Shopify-Event-Id"]
    found = json.loads(body)
    assert (found["id"], found["name"], found["financial_status"]) == (order.id, order.name, "paid")
    assert found["line_items"][0]["sku"] == order.lines[0].sku


def test_only_the_fields_asked_for_are_sent(client, sim, hooks, receiver):
    subscribe(client, receiver, "ORDERS_CREATE", includeFields=["id", "updated_at"])
    sim.store.place_order()
    hooks.send()
    assert set(receiver.bodies("orders/create")[0]) == {"id", "updated_at"}


def test_each_event_of_an_order_fires_its_topics(client, sim, hooks, receiver):
    topics = [
        "ORDERS_CREATE",
        "ORDERS_UPDATED",
        "ORDERS_EDITED",
        "ORDERS_CANCELLED",
        "ORDERS_DELETE",
        "ORDERS_RISK_ASSESSMENT_CHANGED",
        "ORDER_TRANSACTIONS_CREATE",
        "REFUNDS_CREATE",
        "FULFILLMENTS_CREATE",
        "FULFILLMENTS_UPDATE",
        "ORDERS_PAID",
    ]
    subscribe(client, receiver, *topics)
    store = sim.store
    sku = store.any_sku()

    def fired(change):
        receiver.got.clear()
        change()
        hooks.send()
        return set(receiver.topics)

    order = store.place_order(lines=[(sku, 3)], financial="authorized")
    assert fired(lambda: None) == {"orders/create", "order_transactions/create", "orders/updated"}
    assert fired(lambda: store.capture(order)) == {"order_transactions/create", "orders/paid", "orders/updated"}
    assert fired(lambda: store.edit(order, {sku: 2})) >= {"orders/edited", "orders/updated"}
    assert receiver.bodies("orders/edited")[0]["order_edit"]["order_id"] == order.id
    assert fired(lambda: store.fulfil(order, {sku: 1})) == {"fulfillments/create", "orders/updated"}
    assert fired(lambda: store.cancel_fulfilment(order, order.fulfillments[0])) == {
        "fulfillments/update",
        "orders/updated",
    }
    assert fired(lambda: store.refund(order, {sku: 1})) >= {"refunds/create", "order_transactions/create"}
    assert receiver.bodies("refunds/create")[0]["order_id"] == order.id
    assert fired(lambda: store.change_risk(order, "HIGH")) == {"orders/risk_assessment_changed", "orders/updated"}
    assert fired(lambda: store.cancel(order)) >= {"orders/cancelled", "refunds/create"}
    assert fired(lambda: hooks.delete_order(order)) == {"orders/delete"}
    assert receiver.bodies("orders/delete") == [{"id": order.id}]
    assert client.data("query($id: ID!) { node(id: $id) { id } }", id=f"gid://shopify/Order/{order.id}")["node"] is None
    assert client.found("") == []


def test_locations_and_uninstalling_are_told(client, sim, hooks, receiver):
    subscribe(client, receiver, "LOCATIONS_UPDATE", "LOCATIONS_DEACTIVATE", "APP_UNINSTALLED")
    location = sim.store.locations[1]
    hooks.change_location(location.id, name="Annex")
    hooks.change_location(location.id, is_active=False)
    hooks.uninstall()
    hooks.send()
    assert receiver.topics == ["locations/update", "locations/deactivate", "app/uninstalled"]
    assert not hooks.subscriptions
    assert client.post("{ shop { name } }").status_code == 401


def test_privacy_requests_go_to_the_address_of_the_app(sim, hooks, receiver):
    order = sim.store.place_order(customer={"first_name": "Ada", "email": "ada@example.com", "address": "US"})
    hooks.compliance_uri = receiver.uri
    hooks.privacy("customers/redact", order.customer.id)
    hooks.privacy("shop/redact")
    hooks.send()
    (redact,) = receiver.bodies("customers/redact")
    assert redact["customer"]["email"] == "ada@example.com"
    assert redact["orders_to_redact"] == [order.id]
    assert receiver.bodies("shop/redact") == [{"shop_id": sim.store.shop.id, "shop_domain": sim.domain}]


def test_a_failed_delivery_is_repeated_8_times_in_4_hours_then_the_subscription_is_gone(client, sim, hooks, receiver):
    subscribe(client, receiver, "ORDERS_CREATE")
    receiver.status = 500
    sim.store.place_order()
    for _minute in range(4 * 60):
        hooks.send()
        sim.clock.advance(60)
    assert len(receiver.got) == 9
    assert len({headers["X-Shopify-Webhook-Id"] for headers, _body in receiver.got}) == 1
    assert client.data(LIST)["webhookSubscriptions"]["nodes"] == []
    assert not hooks.pending()


def test_a_delivery_that_comes_through_later_keeps_the_subscription(client, sim, hooks, receiver):
    subscribe(client, receiver, "ORDERS_CREATE")
    receiver.status = 503
    sim.store.place_order()
    hooks.send()
    receiver.status = 200
    assert hooks.send() == [], "not before its time"
    sim.clock.advance(11)
    hooks.send()
    assert [one.failures for one in hooks.subscriptions.values()] == [0]
    assert not hooks.pending()


def test_faults_make_deliveries_late_twice_out_of_order_lost_and_forged(client, sim, hooks, receiver):
    subscribe(client, receiver, "ORDERS_CREATE")
    for kind in ("lost", "late", "twice", "out_of_order"):
        hooks.fault(kind, seconds=600)
    placed = [sim.store.place_order() for _number in range(5)]
    hooks.send()
    third, fourth, fifth = placed[2:]
    assert [body["id"] for body in receiver.bodies("orders/create")] == [third.id, third.id, fifth.id, fourth.id]
    sim.clock.advance(601)
    hooks.send()
    assert receiver.bodies("orders/create")[-1]["id"] == placed[1].id
    receiver.got.clear()
    hooks.fault("wrong_signature", topic="orders/create")
    sim.store.place_order()
    hooks.send()
    ((headers, body),) = receiver.got
    assert headers["X-Shopify-Hmac-Sha256"] != hooks.signature(body)


def test_deliveries_go_out_by_themselves(client, sim, receiver):
    subscribe(client, receiver, "ORDERS_CREATE")
    sim.store.place_order()
    arrived = threading.Event()
    for _step in range(250):
        if receiver.got or arrived.wait(0.02):
            break
    assert receiver.topics == ["orders/create"]


def test_the_control_interface_shows_and_drives_webhooks(client, sim, hooks, receiver):
    subscribe(client, receiver, "ORDERS_CREATE", "ORDERS_DELETE")
    client.control("webhooks_fault", kind="twice")
    order = client.control("place_order").json()
    state = client.control("webhooks").json()
    assert [one["topic"] for one in state["pending"]] == ["orders/create", "orders/create"]
    client.control("delete_order", order=order["id"])
    assert [one["statuses"] for one in client.control("webhooks_send").json()["sent"]] == [[200], [200], [200]]
    assert client.control("webhooks_fault", kind="nonsense").status_code == 400
    client.control("uninstall")
    assert client.control("webhooks").json()["subscriptions"] == []


@pytest.mark.parametrize(
    ("topic", "header"),
    [
        ("ORDERS_CREATE", "orders/create"),
        ("ORDER_TRANSACTIONS_CREATE", "order_transactions/create"),
        ("ORDERS_RISK_ASSESSMENT_CHANGED", "orders/risk_assessment_changed"),
        ("APP_UNINSTALLED", "app/uninstalled"),
    ],
)
def test_topics_have_two_spellings(topic, header):
    assert header_name(topic) == header
