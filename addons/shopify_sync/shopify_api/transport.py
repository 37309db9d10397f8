"""One HTTP request to Shopify and what its failure means; shared by sign-in and client."""

from __future__ import annotations

import http.cookiejar
import math
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from .errors import (
    AnswerLost,
    NotReachable,
    ServerFault,
    ShopifyError,
    ShopUnavailable,
    SignInRefused,
    Throttled,
    WrongAddress,
)
from .wording import Words, _lt

USER_AGENT = "Shopify Connector for Odoo"

# Seconds to connect and to wait for the answer.
TIMEOUT = (10.0, 60.0)

# Seconds to wait after a refusal that does not say how long.
DEFAULT_WAIT = 2.0

_T = TypeVar("_T")


def new_session(domain_is_local: bool) -> requests.Session:
    """Return a session that keeps no cookies and, for a store on this machine, uses no proxy."""
    session = requests.Session()
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    if domain_is_local:
        session.trust_env = False
    return session


def post(
    session: requests.Session,
    url: str,
    *,
    timeout: tuple[float, float],
    changes_something: bool,
    **arguments: Any,
) -> requests.Response:
    """Send one POST and return the whole answer, whatever its status.

    Raises NotReachable or AnswerLost; the latter with `may_have_been_done` if the request `changes_something`.
    Redirects are not followed, so that a token never travels to another host.
    """
    host = urlsplit(url).netloc
    try:
        response = session.post(url, timeout=timeout, allow_redirects=False, **arguments)
    except requests.exceptions.ConnectTimeout as error:
        words = _lt(
            "%(host)s did not answer within %(seconds)s seconds. Nothing was sent.",
            host=host,
            seconds=f"{timeout[0]:g}",
        )
        raise NotReachable(words) from error
    except requests.exceptions.Timeout as error:
        raise AnswerLost(
            _lt(
                "%(host)s took the request but did not answer within %(seconds)s seconds.",
                host=host,
                seconds=f"{timeout[1]:g}",
            ),
            timed_out=True,
            may_have_been_done=changes_something,
        ) from error
    except requests.exceptions.RequestException as error:
        raise _broken(host, error, changes_something) from error
    if _is_cut(response):
        raise _lost(host, changes_something, response)
    return response


def refusal(response: requests.Response, *, changes_something: bool) -> ShopifyError | None:
    """Return the error that the HTTP status says, or None for one that says nothing by itself (2xx, other 4xx)."""
    status, host = response.status_code, urlsplit(response.url).netloc
    details: dict[str, Any] = {"status": status, "request_id": request_id(response)}
    if 300 <= status < 400:
        target = urlsplit(response.headers.get("Location", "")).netloc or _lt("another page")
        return WrongAddress(
            _lt(
                "%(host)s sends requests on to %(target)s, so it is not the store's own address. Enter the address that "
                "ends in .myshopify.com.",
                host=host,
                target=target,
            ),
            **details,
        )
    if status == 401:
        return SignInRefused(
            _lt(
                "Shopify does not accept the access token: it is wrong, has expired, or the app was uninstalled from the "
                "store. Enter new credentials with Reset credentials."
            ),
            **details,
        )
    if words := _unavailable(status, host):
        return ShopUnavailable(words, **details)
    if status == 429:
        wait = retry_after(response.headers) or DEFAULT_WAIT
        words = _lt("Shopify asks to wait %(seconds)s seconds before the next request.", seconds=f"{wait:g}")
        return Throttled(words, retry_after=wait, **details)
    if status >= 500:
        return ServerFault(
            _lt("Shopify has a fault of its own at the moment (HTTP %(status)s).", status=status),
            retry_after=retry_after(response.headers),
            may_have_been_done=changes_something,
            **details,
        )
    return None


def _unavailable(status: int, host: str) -> Words | None:
    """What a status says of a store that does not answer, which a person must mend; None for other statuses."""
    return {
        402: _lt(
            "Shopify has frozen the store %(host)s: its bill is not paid. It answers again when the store's owner has "
            "paid.",
            host=host,
        ),
        403: _lt(
            "Shopify forbids the app to reach the store %(host)s (403). If the app has a list of allowed IP addresses in "
            "Shopify's Dev Dashboard, add the address of this Odoo server.",
            host=host,
        ),
        404: _lt("There is no Shopify store at %(host)s. Check the address of the store.", host=host),
        423: _lt("Shopify has locked the store %(host)s. Its owner must ask Shopify's support.", host=host),
        430: _lt(
            "Shopify's security check refuses requests from this server to %(host)s (430). Ask Shopify's support.",
            host=host,
        ),
    }.get(status)


def once_more(attempt: Callable[[], _T], may_repeat: Callable[[ShopifyError], bool]) -> _T:
    """Call `attempt`, and at once a second time if it fails in a way that `may_repeat` allows."""
    try:
        return attempt()
    except ShopifyError as error:
        if not may_repeat(error):
            raise
    return attempt()


def is_worth_repeating_at_once(error: ShopifyError, repeatable: bool) -> bool:
    """Say whether the same request may go out again now.

    Always when no connection was made; after a lost answer or a fault of Shopify only if the request is `repeatable`.
    Never after a timeout of the answer, which has already held the worker for a minute, nor when told to wait.
    """
    if isinstance(error, NotReachable):
        return True
    if isinstance(error, AnswerLost):
        return repeatable and not error.timed_out
    return isinstance(error, ServerFault) and repeatable and error.retry_after is None


def request_id(response: requests.Response) -> str | None:
    """Return Shopify's id of the request, which its support asks for."""
    return response.headers.get("X-Request-Id")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` header (a number or an HTTP date), or None. Never less than 0."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        seconds = (moment - datetime.fromtimestamp(time.time(), timezone.utc)).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _broken(host: str, error: Exception, changes_something: bool) -> ShopifyError:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return NotReachable(
            _lt(
                "The certificate of %(host)s cannot be verified, so nothing was sent. Look at the clock, the proxy and "
                "the certificates of this server.",
                host=host,
            )
        )
    no_connection = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    if any(isinstance(cause, no_connection) for cause in causes):
        return NotReachable(
            _lt("No connection to %(host)s: look at this server's network. Nothing was sent.", host=host)
        )
    return _lost(host, changes_something)


def _lost(host: str, changes_something: bool, response: requests.Response | None = None) -> AnswerLost:
    return AnswerLost(
        _lt("The connection to %(host)s broke before the whole answer was here.", host=host),
        may_have_been_done=changes_something,
        status=response.status_code if response is not None else None,
        request_id=request_id(response) if response is not None else None,
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    """Return the error and all it was made from; requests and urllib3 hide causes in arguments and attributes."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, *one.args]
            waiting += [getattr(one, "reason", None), getattr(one, "original_error", None)]
    return found


def _is_cut(response: requests.Response) -> bool:
    """Say whether fewer bytes came than announced; older urllib3 keeps silent about it."""
    announced = response.headers.get("Content-Length", "")
    tell = getattr(response.raw, "tell", None)
    return announced.isdigit() and callable(tell) and tell() < int(announced)
