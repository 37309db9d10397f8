"""Signing in with an app's id and secret (client credentials grant).

The way for an app that the merchant made in the Dev Dashboard: https://shopify.dev/docs/apps/build/
authentication-authorization/client-credentials-grant. The token lives 24 hours and is simply asked for anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import requests

from .address import base_url, is_loopback
from .errors import ShopifyError, ShopUnavailable, SignInRefused, UnreadableAnswer
from .masking import mask
from .transport import (
    TIMEOUT,
    USER_AGENT,
    is_worth_repeating_at_once,
    new_session,
    once_more,
    post,
    refusal,
    request_id,
)
from .wording import _lt

# Shopify's lifetime of a token, for an answer that does not state it.
_DEFAULT_LIFETIME = 86399

_OAUTH_TEXT = re.compile(r"oauth error (?:<[^>]*>)*\s*([a-z_]+)", re.IGNORECASE)

_WRONG_PAIR = _lt(
    "Shopify does not know this pair of client id and client secret. Copy both anew from the app's Settings in "
    "Shopify's Dev Dashboard."
)
_WRONG_KIND = _lt(
    "This kind of app may not sign in with id and secret alone. Create an app for your own store in Shopify's Dev "
    "Dashboard, or use a permanent token."
)
_REASONS = {
    "app_not_installed": _lt(
        "The app is not installed on this store. Open the app in Shopify's Dev Dashboard, release a version with the "
        "permissions, choose Install app and pick this store."
    ),
    "application_cannot_be_found": _WRONG_PAIR,
    "invalid_client": _WRONG_PAIR,
    "invalid_request": _WRONG_PAIR,
    "shop_not_permitted": _lt(
        "Shopify does not permit this app on this store, because app and store belong to different organizations. "
        "Create the app in the Dev Dashboard of the organization that owns the store."
    ),
    "unauthorized_client": _WRONG_KIND,
    "unsupported_grant_type": _WRONG_KIND,
}


@dataclass(frozen=True)
class Token:
    """An access token with the moment (UTC) it dies and the scopes it was granted."""

    value: str = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def request_token(
    domain: str,
    client_id: str,
    client_secret: str,
    session: requests.Session | None = None,
    now: Callable[[], datetime] = _utc_now,
    timeout: tuple[float, float] = TIMEOUT,
) -> Token:
    """Ask Shopify for an access token; `domain` as `address.normalise` returns it.

    Raises SignInRefused (with Shopify's reason), ShopUnavailable, Throttled, NotReachable, AnswerLost, ServerFault,
    UnreadableAnswer, WrongAddress. Asking twice does no harm, so one failure on the way is tried again at once.
    """
    client_id, client_secret = client_id.strip(), client_secret.strip()
    if not client_id or not client_secret:
        raise SignInRefused(_lt("Enter both the client id and the client secret of the app."))
    url = f"{base_url(domain)}/admin/oauth/access_token"
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
    own_session = session is None
    session = session or new_session(is_loopback(domain))
    asked_at = now()

    def ask() -> Token:
        response = post(session, url, timeout=timeout, changes_something=False, data=form, headers=headers)
        return _read_token(response, asked_at)

    try:
        return once_more(ask, lambda error: is_worth_repeating_at_once(error, repeatable=True))
    finally:
        if own_session:
            session.close()


def _read_token(response: requests.Response, asked_at: datetime) -> Token:
    body = _json_object(response)
    if not response.ok or "error" in body or 300 <= response.status_code < 400:
        raise _refused(response, body)
    value, lifetime = body.get("access_token"), body.get("expires_in", _DEFAULT_LIFETIME)
    if not isinstance(value, str) or not value or isinstance(lifetime, bool) or not isinstance(lifetime, (int, float)):
        raise UnreadableAnswer(
            _lt("The store's sign-in page answered without an access token. Check the address of the store."),
            status=response.status_code,
            request_id=request_id(response),
        )
    scopes = body.get("scope") or ""
    return Token(
        value=value,
        expires_at=asked_at.astimezone(timezone.utc) + timedelta(seconds=lifetime),
        scopes=frozenset(re.split(r"[\s,]+", scopes.strip())) - {""},
    )


def _refused(response: requests.Response, body: dict[str, Any]) -> ShopifyError:
    reason = body.get("error")
    if not isinstance(reason, str):
        match = _OAUTH_TEXT.search(response.text[:20_000]) if 400 <= response.status_code < 500 else None
        reason = match[1].lower() if match else None
    by_status = refusal(response, changes_something=False)
    details = {"status": response.status_code, "request_id": request_id(response)}
    if reason in _REASONS:
        return SignInRefused(_REASONS[reason], reason=reason, **details)
    if by_status is not None and not isinstance(by_status, SignInRefused):
        return by_status
    if reason is None and response.status_code == 401:
        return SignInRefused(_WRONG_PAIR, **details)
    said = mask(str(body.get("error_description") or reason or f"HTTP {response.status_code}"))
    if reason is None and response.status_code not in (400, 401):
        return ShopUnavailable(_lt("The store refuses to sign the app in: %(reason)s.", reason=said), **details)
    return SignInRefused(_lt("Shopify refuses to sign the app in: %(reason)s.", reason=said), reason=reason, **details)


def _json_object(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
