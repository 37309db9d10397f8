"""Webhooks: the topics in use, the signature of a delivery, and which record a delivery is about.

A delivery means "look again", so nothing of its body is used but the id and the time of change. Topics, headers and
shapes: shopify.dev/docs/apps/build/webhooks; enum `WebhookSubscriptionTopic`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from .wording import Words, _lt

HEADER_TOPIC = "X-Shopify-Topic"
HEADER_SIGNATURE = "X-Shopify-Hmac-Sha256"
HEADER_SHOP = "X-Shopify-Shop-Domain"
HEADER_ID = "X-Shopify-Webhook-Id"
HEADER_EVENT = "X-Shopify-Event-Id"
HEADER_TRIGGERED = "X-Shopify-Triggered-At"

_GID = re.compile(r"gid://shopify/[A-Za-z]+/([0-9]+)")
_LEADING_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*([0-9]+)')


@dataclass(frozen=True)
class Topic:
    """A topic. `name` is as in the header (orders/create), `enum` as in GraphQL; '' for topics that no API subscribes.

    `group` is orders, customers, products, always or privacy. `fields` are asked for when subscribing (all without). `record` and
    `changed` are the paths, in the body, of the id of the record to look at and of its time of change; `also` is another
    place of that id. Bodies that name no order at all name the record `through` (its type) by which it is found, in the
    object `inside` when it does not stand at the root.
    """

    name: str
    enum: str
    group: str
    fields: tuple[str, ...] = ()
    record: tuple[str, ...] = ("id",)
    changed: tuple[str, ...] = ("updated_at",)
    also: tuple[str, ...] = ()
    through: str = ""
    inside: str = ""


_ORDER = ("id", "updated_at")
_PART = {"fields": ("id", "order_id", "created_at"), "record": ("order_id",), "changed": ("created_at",)}
_RETURN = {"record": ("order", "id"), "changed": (), "also": ("order_id",), "through": "Return"}
_TO_SHIP = {"record": ("order_id",), "changed": (), "through": "FulfillmentOrder", "inside": "fulfillment_order"}
_SHIPMENT = {"fields": ("id", "order_id", "updated_at"), "record": ("order_id",)}

_ALL = (
    Topic("orders/create", "ORDERS_CREATE", "orders", _ORDER),
    Topic("orders/updated", "ORDERS_UPDATED", "orders", _ORDER),
    Topic("orders/cancelled", "ORDERS_CANCELLED", "orders", _ORDER),
    Topic("orders/delete", "ORDERS_DELETE", "orders"),
    Topic(
        "orders/edited",
        "ORDERS_EDITED",
        "orders",
        record=("order_edit", "order_id"),
        changed=("order_edit", "committed_at"),
    ),
    Topic(
        "orders/risk_assessment_changed",
        "ORDERS_RISK_ASSESSMENT_CHANGED",
        "orders",
        record=("order_id",),
        changed=("created_at",),
    ),
    Topic("order_transactions/create", "ORDER_TRANSACTIONS_CREATE", "orders", **_PART),
    Topic("refunds/create", "REFUNDS_CREATE", "orders", **_PART),
    Topic("returns/request", "RETURNS_REQUEST", "orders", **_RETURN),
    Topic("returns/approve", "RETURNS_APPROVE", "orders", **_RETURN),
    Topic("returns/update", "RETURNS_UPDATE", "orders", **_RETURN),
    Topic("returns/process", "RETURNS_PROCESS", "orders", **_RETURN),
    Topic("returns/close", "RETURNS_CLOSE", "orders", **_RETURN),
    Topic("returns/reopen", "RETURNS_REOPEN", "orders", **_RETURN),
    Topic("returns/cancel", "RETURNS_CANCEL", "orders", **_RETURN),
    Topic("returns/decline", "RETURNS_DECLINE", "orders", **_RETURN),
    Topic(
        "reverse_fulfillment_orders/dispose",
        "REVERSE_FULFILLMENT_ORDERS_DISPOSE",
        "orders",
        **{**_RETURN, "through": "ReverseFulfillmentOrder"},
    ),
    Topic("fulfillments/create", "FULFILLMENTS_CREATE", "orders", **_SHIPMENT),
    Topic("fulfillments/update", "FULFILLMENTS_UPDATE", "orders", **_SHIPMENT),
    Topic("fulfillment_orders/hold_released", "FULFILLMENT_ORDERS_HOLD_RELEASED", "orders", **_TO_SHIP),
    Topic(
        "fulfillment_orders/scheduled_fulfillment_order_ready",
        "FULFILLMENT_ORDERS_SCHEDULED_FULFILLMENT_ORDER_READY",
        "orders",
        **_TO_SHIP,
    ),
    Topic(
        "fulfillment_orders/moved",
        "FULFILLMENT_ORDERS_MOVED",
        "orders",
        **{**_TO_SHIP, "inside": "moved_fulfillment_order"},
    ),
    Topic("customers/create", "CUSTOMERS_CREATE", "customers", ("id", "updated_at")),
    Topic("customers/update", "CUSTOMERS_UPDATE", "customers", ("id", "updated_at")),
    Topic("customers/delete", "CUSTOMERS_DELETE", "customers"),
    Topic(
        "customers/merge", "CUSTOMERS_MERGE", "customers", record=("admin_graphql_api_customer_kept_id",), changed=()
    ),
    Topic("products/create", "PRODUCTS_CREATE", "products", ("id", "updated_at")),
    Topic("products/update", "PRODUCTS_UPDATE", "products", ("id", "updated_at")),
    Topic("products/delete", "PRODUCTS_DELETE", "products"),
    Topic("app/uninstalled", "APP_UNINSTALLED", "always", ("id", "updated_at")),
    Topic("locations/create", "LOCATIONS_CREATE", "always", ("id", "updated_at")),
    Topic("locations/update", "LOCATIONS_UPDATE", "always", ("id", "updated_at")),
    Topic("locations/activate", "LOCATIONS_ACTIVATE", "always", ("id", "updated_at")),
    Topic("locations/deactivate", "LOCATIONS_DEACTIVATE", "always", ("id", "updated_at")),
    Topic("locations/delete", "LOCATIONS_DELETE", "always"),
    Topic("customers/data_request", "", "privacy", record=("customer", "id"), changed=()),
    Topic("customers/redact", "", "privacy", record=("customer", "id"), changed=()),
    Topic("shop/redact", "", "privacy", record=("shop_id",), changed=()),
)

#: Of these, what waits to be shipped in Shopify may have become free.
OPENS_SHIPMENTS = frozenset(topic.name for topic in _ALL if topic.through == "FulfillmentOrder")
TOPICS: Mapping[str, Topic] = {topic.name: topic for topic in _ALL}


def sign(secret: str, body: bytes) -> str:
    """Return the signature of a raw body as the header carries it: base64 of HMAC-SHA256."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(body: bytes, signature: str, secrets: Iterable[str | None]) -> bool:
    """Say whether one of the secrets made the signature; in constant time, and never for an empty secret."""
    try:
        given = base64.b64decode(signature.strip().encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    found = False
    for secret in secrets:
        if secret:
            found |= hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).digest(), given)
    return found


def read_body(topic: Topic, body: bytes) -> tuple[str | None, datetime | None]:
    """Return the id of the record that a delivery is about, and when it changed (naive UTC); None for what is missing.

    An order that is not named is found through another record: then its type stands before the id, as in `Return/9`. A body that is no JSON object gives nothing: it was signed, so it is kept and shown.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None, None
    ident, moment = _at(found, topic.record), _at(found, topic.changed) if topic.changed else None
    ident = _number(ident) or (_number(_at(found, topic.also)) if topic.also else None)
    return ident or _through(topic, found), read_time(moment)


def _through(topic: Topic, found: Any) -> str | None:
    """The record by which the order is found; some bodies hold its id as Shopify's global id only."""
    found = _at(found, (topic.inside,)) if topic.inside else found
    ident = str(_at(found, ("id",)) or _at(found, ("admin_graphql_api_id",)) or "").rpartition("/")[2]
    return f"{topic.through}/{ident}" if topic.through and ident.isdigit() else None


def merged_away(body: str) -> str | None:
    """Return the id of the customer who is gone after a merge that was completed; None when nothing was merged."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    if not isinstance(found, Mapping) or found.get("status") == "failed":
        return None
    return _number(found.get("admin_graphql_api_customer_deleted_id"))


def leading_id(body: bytes) -> str | None:
    """Return the id that stands first in a body too big to be read; None when something else does."""
    match = _LEADING_ID.match(body[:200])
    return match[1].decode() if match else None


def read_time(text: Any) -> datetime | None:
    """Return a time as Shopify writes it, in naive UTC; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        # fractions of a second may have nine digits
        moment = datetime.fromisoformat(re.sub(r"\.[0-9]+", "", text.strip()).replace("Z", "+00:00"))
        return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # the second: a time zone leads out of the years that there are
        return None


def address_problem(address: str, store_is_local: bool) -> Words | None:
    """Say why Shopify could not deliver to an address; None when it can, as far as the address tells.

    :param store_is_local: the store is simulated on this machine, where http on loopback is fine
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        return _lt("“%(address)s” is no web address.", address=address)
    local = _is_private(host)
    if store_is_local and local:
        return None
    if local:
        return _lt("%(host)s is an address inside your own network; Shopify cannot reach it.", host=host)
    if parts.scheme != "https":
        return _lt(
            "Shopify delivers to https addresses only, and this one is %(scheme)s: %(address)s",
            scheme=parts.scheme,
            address=address,
        )
    return None


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".localhost", ".internal"))


def _number(ident: Any) -> str | None:
    if isinstance(ident, int):
        return str(ident)
    match = _GID.fullmatch(ident) if isinstance(ident, str) else None
    return match[1] if match else None


def _at(found: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
