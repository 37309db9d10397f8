"""Webhook subscriptions."""

from __future__ import annotations

from ..errors import ShopifyError
from ..values import BadRequest
from ..webhook_topics import header_name, needed_scope
from .common import Box, count_of, number_of
from .registry import aliases, constants, resolver

_GONE = "Webhook subscription does not exist"

aliases({"WebhookSubscription.endpoint": lambda one: Box("WebhookHttpEndpoint", callback_url=one.uri)})
aliases({"WebhookSubscription.callbackUrl": lambda one: one.uri})
constants({"WebhookSubscription.metafields": []})


@resolver("WebhookSubscription.apiVersion")
def api_version(_one, info):
    version = info.context.app.api_version
    return Box(handle=version, display_name=version, supported=True)


@resolver("QueryRoot.webhookSubscriptions")
def subscriptions(_root, info, topics=None, uri=None, callbackUrl=None, format=None, **_args):  # noqa: A002 - Shopify's name
    """Those of this app, by topic, address or format; oldest first."""
    address = uri or callbackUrl
    return [
        one
        for one in info.context.app.webhooks.subscriptions.values()
        if (not topics or one.topic in topics)
        and (address is None or one.uri == address)
        and (format is None or one.format == format)
    ]


@resolver("QueryRoot.webhookSubscriptionsCount")
def subscriptions_count(_root, info, limit=10_000, **_args):
    return count_of(len(info.context.app.webhooks.subscriptions), limit)


@resolver("QueryRoot.webhookSubscription")
def subscription(_root, info, id):  # noqa: A002 - Shopify's name
    return info.context.app.webhooks.subscriptions.get(number_of(id, "WebhookSubscription"))


@resolver("Mutation.webhookSubscriptionCreate")
def create(_root, info, topic, webhookSubscription):
    """Subscribe; refused without the topic's scope and for addresses that are taken or cannot be used."""
    scope = needed_scope(topic)
    if scope is not None and scope not in info.context.granted:
        return _refused(
            ["topic"],
            f"You do not have permission to create or update webhooks with {header_name(topic)} topic. "
            f"Required access: `{scope}` access scope.",
        )
    given = _given(webhookSubscription)
    try:
        made = info.context.app.webhooks.subscribe(topic, given.pop("uri", ""), **given)
    except BadRequest as error:
        return _refused(["webhookSubscription", "uri"], str(error))
    return Box(webhook_subscription=made, user_errors=[])


@resolver("Mutation.webhookSubscriptionUpdate")
def update(_root, info, id, webhookSubscription):  # noqa: A002 - Shopify's name
    number = number_of(id, "WebhookSubscription")
    if number not in info.context.app.webhooks.subscriptions:
        return _refused(["id"], _GONE)
    try:
        changed = info.context.app.webhooks.change(number, **_given(webhookSubscription))
    except BadRequest as error:
        return _refused(["webhookSubscription", "uri"], str(error))
    return Box(webhook_subscription=changed, user_errors=[])


@resolver("Mutation.webhookSubscriptionDelete")
def delete(_root, info, id):  # noqa: A002 - Shopify's name
    number = number_of(id, "WebhookSubscription")
    if info.context.app.webhooks.subscriptions.pop(number, None) is None:
        return Box(deleted_webhook_subscription_id=None, user_errors=[Box(field=["id"], message=_GONE)])
    return Box(deleted_webhook_subscription_id=id, user_errors=[])


def _given(options: dict) -> dict:
    """Input fields by the names of `Subscription`."""
    if options.get("format") not in (None, "JSON"):
        raise ShopifyError("The simulated store sends JSON only", "NOT_SIMULATED")
    names = {
        "uri": "uri",
        "callbackUrl": "uri",
        "includeFields": "include_fields",
        "filter": "filter",
        "metafieldNamespaces": "metafield_namespaces",
        "name": "name",
    }
    return {ours: options[theirs] for theirs, ours in names.items() if options.get(theirs) is not None}


def _refused(field: list[str], message: str) -> Box:
    return Box(webhook_subscription=None, user_errors=[Box(field=field, message=message)])
