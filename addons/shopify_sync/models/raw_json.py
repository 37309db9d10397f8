"""Stored JSON, shown to people."""

import json

from .. import shopify_api

#: What people wrote, and whole addresses; single keys as in logs are hidden by `shopify_api.mask`.
_PERSONAL = frozenset(
    {
        "addresses",
        "billingAddress",
        "checkoutToken",
        "contact",
        "customAttributes",
        "defaultAddress",
        "destination",
        "note",
        "receiptJson",
        "shippingAddress",
        "staffNote",
        "taxId",
        "taxRegistrationId",
    }
)


def pretty(text):
    """JSON text indented; text that is no JSON as it is."""
    try:
        return json.dumps(json.loads(text or "null"), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def masked(text):
    """JSON text indented, without secrets and personal data; '' for text that is no JSON: nobody knows what is in it."""
    try:
        data = json.loads(text or "null")
    except ValueError:
        return ""
    return json.dumps(shopify_api.mask(_without_personal(data)), indent=2, ensure_ascii=False)


def _without_personal(value):
    if isinstance(value, list):
        return [_without_personal(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: shopify_api.HIDDEN if one and key in _PERSONAL else _without_personal(one) for key, one in value.items()
    }
