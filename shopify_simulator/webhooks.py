"""Webhooks of a simulated store: subscriptions, and signed deliveries of everything that happens in it.

Deliveries are HTTP POSTs with Shopify's headers, sent one after the other by a thread of their own. One that is not
answered with 2xx within 5 seconds is repeated up to 8 times within 4 hours of the store's clock; after 8 failures in a row
the subscription is gone. What shall go wrong is planned with `Webhooks.fault`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from .auth import Access
from .ids import gid
from .model.order import Order
from .model.people import Customer
from .model.product import Location, Product
from .store import Store
from .values import BadRequest, one_of
from .webhook_bodies import customer_body, location_body, merge_body, privacy_body, product_body, shop_body
from .webhook_topics import Seen, fired_by, header_name

ANSWER_SECONDS = 5
RETRIES = (10, 30, 120, 300, 900, 1800, 3600, 7200)
"""Seconds before each repetition; together a little under 4 hours."""
KEPT = 2_000
KINDS = ("late", "twice", "out_of_order", "lost", "wrong_signature")
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(slots=True)
class Subscription:
    """A topic that is sent to an address. ``failures``: deliveries in a row that failed."""

    id: int
    topic: str
    uri: str
    created_at: datetime
    updated_at: datetime
    include_fields: list[str] = field(default_factory=list)
    filter: str | None = None
    format: str = "JSON"
    metafield_namespaces: list[str] = field(default_factory=list)
    name: str | None = None
    failures: int = 0

    typename = "WebhookSubscription"


@dataclass(slots=True)
class Delivery:
    """One delivery with every attempt to send it. ``due`` is a time of the store's clock; ``statuses`` hold HTTP statuses
    and 0 for no answer."""

    topic: str
    uri: str
    body: bytes
    headers: dict[str, str]
    due: float
    subscription_id: int | None = None
    forged: bool = False
    statuses: list[int] = field(default_factory=list)

    @property
    def arrived(self) -> bool:
        return bool(self.statuses) and 200 <= self.statuses[-1] < 300


@dataclass(slots=True)
class Fault:
    """``late`` (by ``seconds``), ``twice``, ``out_of_order`` (after the one that follows), ``lost``, ``wrong_signature``;
    for deliveries of a topic (None: of any), so many times (None: always)."""

    kind: str
    topic: str | None = None
    times: int | None = 1
    seconds: float = 60.0


class Webhooks:
    """Subscriptions of the one app of a store, and the deliveries to it.

    ``automatic`` False keeps deliveries back until `send` is called. ``compliance_uri`` is the address of the privacy
    topics, which the app configures beside the API. While ``muted``, what happens is not delivered, now or later.
    ``on_given_up`` is told the number of a subscription that is gone because its deliveries failed.
    """

    def __init__(self, store: Store, access: Access, on_given_up: Callable[[int], None]):
        self.store = store
        self.on_given_up = on_given_up
        self.muted = False
        self.access = access
        self.subscriptions: dict[int, Subscription] = {}
        self.automatic = True
        self.compliance_uri: str | None = None
        self.log: deque[Delivery] = deque(maxlen=KEPT)
        self._pending: list[Delivery] = []
        self._held: Delivery | None = None
        self._faults: list[Fault] = []
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        store.watchers.append(self.order_changed)
        store.customer_watchers.append(self.customer_changed)
        store.product_watchers.append(self.product_changed)

    # -- subscriptions -------------------------------------------------------------------------------------------------

    def subscribe(self, topic: str, uri: str, **more) -> Subscription:
        """Add a subscription; `BadRequest` in Shopify's words for an address that it does not take."""
        self._check(uri, topic)
        now = self.store.clock.now()
        number = 1_400_000_000_000 + self.store.new_serial("WebhookSubscription")
        made = self.subscriptions[number] = Subscription(number, topic, uri, now, now, **more)
        return made

    def change(self, number: int, **changes) -> Subscription:
        """Change a subscription's address, fields or filter; KeyError when it is gone."""
        known = self.subscriptions[number]
        if "uri" in changes:
            self._check(changes["uri"], known.topic, known)
        for name, value in changes.items():
            setattr(known, name, value)
        known.updated_at = self.store.clock.now()
        return known

    def _check(self, uri: str, topic: str, own: Subscription | None = None) -> None:
        parts = urlsplit(uri or "")
        if not parts.hostname:
            raise BadRequest("Address is invalid")
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise BadRequest(f"Address protocol {parts.scheme}:// is not supported")
        if any(one.uri == uri and one.topic == topic and one is not own for one in self.subscriptions.values()):
            raise BadRequest("Address for this topic has already been taken")

    # -- what happens --------------------------------------------------------------------------------------------------

    def order_changed(self, order: Order, before: Seen | None) -> None:
        """An order was placed or changed."""
        if self.subscriptions and not self.muted:
            for topic, body in fired_by(order, before):
                self.fire(topic, body())

    def customer_changed(self, topic: str, customer: Customer, gone: Customer | None) -> None:
        """A customer was added, changed, deleted, or kept when ``gone`` was merged into him."""
        if topic == "CUSTOMERS_DELETE":
            self.fire(topic, {"id": customer.id})
        elif gone is not None:
            self.fire(topic, merge_body(customer, gone))
            self.fire("CUSTOMERS_UPDATE", customer_body(customer))
        else:
            self.fire(topic, customer_body(customer))

    def product_changed(self, product: Product, event: str) -> None:
        """A product was created, updated or deleted (CREATE, UPDATE, DELETE)."""
        if self.subscriptions and not self.muted:
            body = {"id": product.id} if event == "DELETE" else product_body(product)
            self.fire(f"PRODUCTS_{event}", body)

    def delete_order(self, given: object) -> None:
        """Delete an order for good."""
        with self.store.lock:
            order = self.store.order(given)
            self.store.orders.remove(order.serial)
            self.fire("ORDERS_DELETE", {"id": order.id})

    def change_location(self, given: object, **changes) -> Location:
        """Change name, city, is_active ... of a location."""
        with self.store.lock:
            location = self.store.location(given)
            active = location.is_active
            for name, value in changes.items():
                setattr(location, name, value)
            location.updated_at = self.store.clock.now()
            topic = "UPDATE" if location.is_active == active else "ACTIVATE" if location.is_active else "DEACTIVATE"
            self.fire(f"LOCATIONS_{topic}", location_body(location))
            return location

    def uninstall(self) -> None:
        """The merchant removes the app: tokens die, the last delivery goes out, the subscriptions are gone."""
        self.access.installed = False
        self.access.revoke_tokens()
        self.fire("APP_UNINSTALLED", shop_body(self.store.shop))
        self.subscriptions.clear()

    def privacy(self, topic: str, customer: int | None = None) -> None:
        """A privacy request: customers/data_request, customers/redact (both of a customer) or shop/redact."""
        one_of(topic, ("customers/data_request", "customers/redact", "shop/redact"), "topic")
        if not self.compliance_uri:
            raise BadRequest("the app has no address for privacy requests (compliance_uri)")
        person = self.store.people.by_id(customer) if customer is not None else None
        if topic != "shop/redact" and person is None:
            raise BadRequest(f"the store has no customer {customer!r}")
        orders = [header.id for header in self.store.orders.of_customer(person.id)] if person else []
        key = "orders_requested" if topic == "customers/data_request" else "orders_to_redact"
        self._queue(topic, self.compliance_uri, privacy_body(self.store.shop, person, orders, key), None)

    def fire(self, topic: str, body: dict) -> None:
        """Send a body to every subscriber of a topic."""
        if self.muted:
            return
        for one in list(self.subscriptions.values()):
            if one.topic == topic:
                kept = {
                    key: value for key, value in body.items() if not one.include_fields or key in one.include_fields
                }
                self._queue(header_name(topic), one.uri, kept, one)

    # -- faults --------------------------------------------------------------------------------------------------------

    def fault(self, kind: str, topic: str | None = None, times: int | None = 1, seconds: float = 60.0) -> None:
        """Plan what goes wrong with the next deliveries; ``topic`` as in the header."""
        self._faults.append(Fault(one_of(kind, KINDS, "fault"), topic, times, seconds))

    def clear_faults(self) -> None:
        """Nothing goes wrong any more; what was held back is sent."""
        self._faults.clear()
        self._release()

    def _strike(self, topic: str) -> Fault | None:
        for one in self._faults:
            if one.topic in (None, topic):
                if one.times is not None:
                    one.times -= 1
                    if one.times <= 0:
                        self._faults.remove(one)
                return one
        return None

    # -- sending -------------------------------------------------------------------------------------------------------

    def _queue(self, topic: str, uri: str, body: dict, subscription: Subscription | None) -> None:
        struck = self._strike(topic)
        kind = struck.kind if struck else None
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        made = Delivery(topic, uri, raw, self._headers(topic, subscription), self.store.clock.timestamp())
        made.subscription_id = subscription.id if subscription else None
        made.forged = kind == "wrong_signature"
        if kind == "late":
            made.due += struck.seconds
        with self._wake:
            if kind == "lost":
                made.statuses.append(0)
                self.log.append(made)
                return
            if kind == "out_of_order" and self._held is None:
                self._held = made
                return
            self._pending.append(made)
            if kind == "twice":
                self._pending.append(Delivery(topic, uri, raw, made.headers, made.due, made.subscription_id))
        self._release()

    def _release(self) -> None:
        with self._wake:
            if self._held is not None:
                self._pending.append(self._held)
                self._held = None
            self._wake.notify_all()

    def _headers(self, topic: str, subscription: Subscription | None) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": self.store.shop.domain,
            "X-Shopify-API-Version": "2026-07",
            "X-Shopify-Webhook-Id": str(uuid.uuid4()),
            "X-Shopify-Event-Id": str(uuid.uuid4()),
            "X-Shopify-Triggered-At": self.store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000000000Z"),
        }
        if subscription is not None and subscription.name:
            headers["X-Shopify-Name"] = subscription.name
        return headers

    def pending(self) -> list[Delivery]:
        """Deliveries that wait to be sent, or to be sent again."""
        with self._wake:
            return list(self._pending)

    def send(self, everything: bool = False) -> list[Delivery]:
        """Send what is due by the store's clock (``everything``: what waits) in this thread; returns what was sent."""
        self._release()
        sent = []
        while (one := self._take(everything, sent)) is not None:
            self._attempt(one)
            sent.append(one)
        return sent

    def _take(self, everything: bool, sent: list[Delivery]) -> Delivery | None:
        now = self.store.clock.timestamp()
        with self._wake:
            for one in self._pending:
                if (everything or one.due <= now) and not any(one is other for other in sent):
                    self._pending.remove(one)
                    return one
        return None

    def _attempt(self, one: Delivery) -> None:
        status = _post(one, self.signature(one.body, forged=one.forged))
        one.statuses.append(status)
        subscription = self.subscriptions.get(one.subscription_id)
        if len(one.statuses) == 1:
            self.log.append(one)
        if one.arrived:
            if subscription is not None:
                subscription.failures = 0
            return
        retries = len(one.statuses)
        if retries <= len(RETRIES) and (subscription is not None or one.subscription_id is None):
            one.due = self.store.clock.timestamp() + RETRIES[retries - 1]
            with self._wake:
                self._pending.append(one)
        if subscription is not None:
            subscription.failures += 1
            if retries > len(RETRIES):
                with self.store.lock:
                    if self.subscriptions.pop(subscription.id, None):
                        self.on_given_up(subscription.id)

    def signature(self, body: bytes, forged: bool = False) -> str:
        """The header X-Shopify-Hmac-Sha256 of a body."""
        secret = "somebody else's secret" if forged else self.access.client_secret
        return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()

    # -- the thread ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Send deliveries by themselves from now on, unless ``automatic`` is off."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; what waits is kept."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join(ANSWER_SECONDS + 1)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping:
            one = self._take(False, []) if self.automatic else None
            if one is not None:
                self._attempt(one)
                continue
            with self._wake:
                if not self._stopping:
                    self._wake.wait(0.2 if self._pending else None)

    def state(self) -> dict:
        """Subscriptions, what waits, and the last deliveries, as plain values."""
        return {
            "automatic": self.automatic,
            "compliance_uri": self.compliance_uri,
            "subscriptions": [
                {"id": gid(one.typename, one.id), "topic": one.topic, "uri": one.uri, "failures": one.failures}
                for one in self.subscriptions.values()
            ],
            "pending": [{"topic": one.topic, "uri": one.uri, "statuses": one.statuses} for one in self.pending()],
            "deliveries": [
                {"topic": one.topic, "webhook_id": one.headers["X-Shopify-Webhook-Id"], "statuses": one.statuses}
                for one in list(self.log)[-100:]
            ],
            "faults": [{"kind": one.kind, "topic": one.topic, "times": one.times} for one in self._faults],
        }


def _post(one: Delivery, signature: str) -> int:
    """The HTTP status of the answer; 0 without one in time. Redirects are not followed."""
    parts = urlsplit(one.uri)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    if parts.hostname not in _LOOPBACK:
        return 0  # the simulator stays on this machine
    connection = kind(parts.hostname, parts.port, timeout=ANSWER_SECONDS)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path or "/", one.body, {**one.headers, "X-Shopify-Hmac-Sha256": signature})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
