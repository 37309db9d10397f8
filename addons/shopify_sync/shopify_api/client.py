"""The client of one store: sends one document, returns the answer or raises an error that says what to do.

It never sleeps and never waits for budget: the caller spends the document's declared cost before (`budget`), and plans
the work anew for `retry_after` seconds later when throttled. A client belongs to one worker; it keeps one connection.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, Protocol, final

import requests

from .address import base_url, is_loopback
from .answer import Answer, Cost, access_denied, classify, read_cost, read_errors, user_errors, user_problems
from .documents import Document
from .errors import QueryRefused, ShopifyError, ShopUnavailable, SignInRefused, UnreadableAnswer
from .transport import (
    TIMEOUT,
    USER_AGENT,
    is_worth_repeating_at_once,
    new_session,
    once_more,
    post,
    refusal,
    request_id,
    retry_after,
)
from .version import API_VERSION
from .wording import _lt

_logger = logging.getLogger(__name__)


class TokenSource(Protocol):
    """Gives the token to use now, and makes a new one when Shopify refused the one it gave."""

    def __call__(self) -> str:
        """Return the access token."""

    def renew(self, refused: str) -> None:
        """Make the next call return another token than `refused`, unless another worker has done so already."""


@dataclass(frozen=True)
class Exchange:
    """One HTTP request and its end, for whoever keeps budget, version and statistics of the store.

    `seconds` is the time it took, `at` when it ended (seconds since 1970, UTC). `error` is what was raised, if
    anything; without an answer `status` is None.
    """

    operation: str
    at: float
    seconds: float
    status: int | None = None
    request_id: str | None = None
    cost: Cost | None = None
    api_version: str | None = None
    deprecated: tuple[str, ...] = ()
    error: ShopifyError | None = None


@final
class Client:
    """Talks to one store.

    `domain` is an address as `address.normalise` returns it. `token` is a text, or something to call for it; if that
    has `renew(refused)`, one answer of 401 renews it and repeats the request. `on_answer` gets an Exchange after each
    HTTP request, also after failed ones. `timeout` is (connect, read) in seconds.
    """

    def __init__(
        self,
        domain: str,
        token: str | Callable[[], str] | TokenSource,
        *,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.time,
        on_answer: Callable[[Exchange], None] | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        user_agent: str = USER_AGENT,
    ):
        self.domain = domain
        self.url = f"{base_url(domain)}/admin/api/{API_VERSION}/graphql.json"
        self._token = token
        self._owns_session = session is None
        self._session = session or new_session(is_loopback(domain))
        self._clock = clock
        self._on_answer = on_answer
        self._timeout = timeout
        self._user_agent = user_agent

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.domain!r})"

    def close(self) -> None:
        """Close the connection, if it is the client's own."""
        if self._owns_session:
            self._session.close()

    def execute(
        self,
        document: Document,
        variables: Mapping[str, Any] | None = None,
        idempotent: bool = False,
        *,
        allow_partial: bool = False,
        allow_user_errors: bool = False,
    ) -> Answer:
        """Send the document and return Shopify's answer.

        `idempotent` promises that sending a mutation twice has the effect of sending it once (an `@idempotent` key in
        it, or a full new state). A failure that may be repeated safely is repeated once, at once. With
        `allow_partial` data that came with errors is returned (`Answer.errors`), with `allow_user_errors` the same
        for `userErrors` (`Answer.user_errors`).

        Variables may hold Decimal (sent as text), aware datetimes (sent in UTC) and dates.
        Raises the errors of `errors`; ValueError for variables beyond the limits of the document.
        """
        document.check(variables or {})
        body = json.dumps(
            {"query": document.text, "operationName": document.operation_name, "variables": dict(variables or {})},
            default=_json_value,
            allow_nan=False,
        ).encode()
        repeatable = idempotent or not document.is_mutation

        def attempt() -> Answer:
            return self._signed_in(document, body, allow_partial, allow_user_errors)

        return once_more(attempt, lambda error: is_worth_repeating_at_once(error, repeatable))

    def _signed_in(self, document: Document, body: bytes, *allowed: bool) -> Answer:
        token = self._current_token()
        try:
            return self._send(document, body, token, *allowed)
        except SignInRefused:
            renew = getattr(self._token, "renew", None)
            if renew is None:
                raise
            renew(token)
            renewed = self._current_token()
            if renewed == token:
                raise
        return self._send(document, body, renewed, *allowed)

    def _current_token(self) -> str:
        token = (self._token if isinstance(self._token, str) else self._token()).strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise SignInRefused(_lt("The access token is empty or holds characters that no token has. Enter it anew."))
        return token

    def _send(self, document: Document, body: bytes, token: str, *allowed: bool) -> Answer:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
            "X-Shopify-Access-Token": token,
        }
        started, response, answer, failure = self._clock(), None, None, None
        try:
            response = post(
                self._session,
                self.url,
                timeout=self._timeout,
                changes_something=document.is_mutation,
                data=body,
                headers=headers,
            )
            answer = _read(response, document.is_mutation)
            _raise_errors(answer, response, document.is_mutation, *allowed)
        except ShopifyError as error:
            failure = error
            raise
        finally:
            self._tell(document, started, response, answer, failure)
        return answer

    def _tell(
        self,
        document: Document,
        started: float,
        response: requests.Response | None,
        answer: Answer | None,
        failure: ShopifyError | None,
    ) -> None:
        now = self._clock()
        exchange = Exchange(
            operation=document.operation_name,
            at=now,
            seconds=max(now - started, 0.0),
            status=response.status_code if response is not None else failure.status if failure else None,
            request_id=request_id(response) if response is not None else failure.request_id if failure else None,
            cost=answer.cost if answer else None,
            api_version=_version(response) if response is not None else None,
            deprecated=answer.deprecated if answer else (),
            error=failure,
        )
        cost = exchange.cost
        _logger.info(
            "%s %s: %s, status %s, %.3f s, points %s/%s, request %s",
            self.domain,
            exchange.operation,
            type(failure).__name__ if failure else "ok",
            exchange.status,
            exchange.seconds,
            cost.actual if cost else None,
            cost.requested if cost else None,
            exchange.request_id,
        )
        if self._on_answer:
            self._on_answer(exchange)


def _read(response: requests.Response, is_mutation: bool) -> Answer:
    """Return the answer as it stands, its errors unjudged; raise for an HTTP status or a body that is no answer."""
    refused = refusal(response, changes_something=is_mutation)
    body = _json_object(response)
    if refused is not None:
        raise _better(refused, body) if body else refused
    data = body.get("data") if body else None
    if body is None or not (isinstance(data, dict) or body.get("errors")):
        raise UnreadableAnswer(
            _lt(
                "Something answered in the store's place with what is no answer of Shopify's API (HTTP %(status)s). Look "
                "at the address of the store and at proxies on the way.",
                status=response.status_code,
            ),
            may_have_been_done=is_mutation and response.ok,
            status=response.status_code,
            request_id=request_id(response),
        )
    extensions = body.get("extensions")
    deprecated = response.headers.get("X-Shopify-API-Deprecated-Reason", "")
    return Answer(
        data=data if isinstance(data, dict) else {},
        request_id=request_id(response),
        cost=read_cost(extensions),
        api_version=_version(response),
        deprecated=tuple(part.strip() for part in deprecated.split(",") if part.strip()),
        extensions=extensions if isinstance(extensions, dict) else None,
        errors=read_errors(body),
        user_errors=user_problems(data if isinstance(data, dict) else None),
    )


def _raise_errors(
    answer: Answer, response: requests.Response, is_mutation: bool, allow_partial: bool, allow_user_errors: bool
) -> None:
    details = {"status": response.status_code, "request_id": answer.request_id}
    if answer.errors and not (allow_partial and any(value is not None for value in answer.data.values())):
        raise classify(
            answer.errors,
            is_mutation=is_mutation,
            cost=answer.cost,
            details={**details, "retry_after": retry_after(response.headers)},
        )
    if response.status_code >= 400 and not answer.errors:
        raise QueryRefused(
            _lt("Shopify refuses the request (HTTP %(status)s).", status=response.status_code), **details
        )
    if answer.user_errors and not allow_user_errors:
        raise user_errors(answer.user_errors, answer.data, **details)


def _better(refused: ShopifyError, body: dict[str, Any]) -> ShopifyError:
    """Prefer what the body says where the status is the lesser half of the truth."""
    errors = read_errors(body)
    details = {"status": refused.status, "request_id": refused.request_id}
    if isinstance(refused, ShopUnavailable) and refused.status == 403:
        denied = access_denied(errors, errors, details) if errors else None
        if denied is not None and denied.scopes:
            return denied
    cost = read_cost(body.get("extensions"))
    if refused.status == 429 and cost and cost.throttle:
        return classify(
            [{"message": "Throttled"}],
            is_mutation=False,
            cost=cost,
            details={**details, "retry_after": refused.retry_after},
        )
    return refused


def _json_object(response: requests.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _version(response: requests.Response) -> str | None:
    return response.headers.get("X-Shopify-API-Version")


def _json_value(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be sent to Shopify")
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot be sent to Shopify: {type(value).__name__}")
