"""Hides secrets and personal data in whatever goes to a log.

`mask` works on texts and on values as read from JSON; `MaskingFilter` does the same to every record of a logger.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "***"

# Keys, in small letters without - and _, whose values are secret or personal wherever they appear.
_SECRET_KEYS = {
    "accesstoken",
    "apikey",
    "apisecret",
    "authorization",
    "clientassertion",
    "clientsecret",
    "hmac",
    "password",
    "refreshtoken",
    "secret",
    "token",
    "webhooksecret",
    "xshopifyaccesstoken",
    "xshopifyhmacsha256",
}
_PERSONAL_KEYS = {
    "address1",
    "address2",
    "city",
    "company",
    "contactemail",
    "displayname",
    "email",
    "emailaddress",
    "firstname",
    "lastname",
    "latitude",
    "longitude",
    "phone",
    "phonenumber",
    "zip",
}
_HIDDEN_KEYS = _SECRET_KEYS | _PERSONAL_KEYS

# shpat_, shpss_, shpca_, shprt_, shpua_ ...: all of Shopify's kinds of token and secret begin with shp or atkn.
_TOKEN = re.compile(r"\b(?:shp[a-z]{1,4}|atkn)_[A-Za-z0-9._~+/=-]+")
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_EMAIL = re.compile(r"[^\s@<>\"'(),:;\[\]\\/=&?]+(?:@|%40)[^\s@<>\"'(),:;\[\]\\/=&?]+\.[^\s@<>\"'(),:;\[\]\\/=&?]+")
_NAMED = re.compile(
    r"""(?P<name>(?:x-shopify-access-token|x-shopify-hmac-sha256|authorization|client[_-]secret|client[_-]assertion|
        access[_-]token|refresh[_-]token|webhook[_-]secret|api[_-]secret|password)(?:\\?["'])?\s*[:=]\s*)
        (?:(?P<mark>\\?["'])(?P<quoted>.*?)(?P=mark)|(?:bearer\s+|basic\s+)?[^\s"'&,;})\]]+)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def mask(value: Any) -> Any:
    """Return the value with secrets and e-mail addresses replaced by `***`.

    Texts and bytes become texts without them. In mappings and lists the values of secret and personal keys
    (`access_token`, `firstName`, `phone`, ...) are hidden whole. Numbers, booleans and None come back as they are;
    any other object as its masked text.
    """
    if isinstance(value, str):
        return _mask_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {_mask_key(key): HIDDEN if _is_hidden(key, one) else mask(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [mask(one) for one in value]
    if isinstance(value, bytes):
        return _mask_text(value.decode("utf-8", "replace"))
    return _mask_text(str(value))


class MaskingFilter(logging.Filter):
    """Masks the message, its arguments and the traceback of every record that passes."""

    _formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place and let it pass."""
        record.msg = _mask_text(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = self._formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _mask_text(record.exc_text)
        if record.stack_info:
            record.stack_info = _mask_text(record.stack_info)
        return True


def _mask_text(text: str) -> str:
    text = _NAMED.sub(_hide_named, text)
    for pattern in (_TOKEN, _JWT, _EMAIL):
        text = pattern.sub(HIDDEN, text)
    return text


def _hide_named(match: re.Match[str]) -> str:
    mark = match["mark"] or ""
    return f"{match['name']}{mark}{HIDDEN}{mark}"


def _mask_key(key: Any) -> Any:
    return _mask_text(key) if isinstance(key, str) else key


def _is_hidden(key: Any, value: Any) -> bool:
    if value is None or not isinstance(key, str):
        return False
    return key.lower().replace("-", "").replace("_", "") in _HIDDEN_KEYS
