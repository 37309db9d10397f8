"""What can go wrong between us and Shopify, one class a cause, in words that a shop manager understands.

The words are kept as template and values (`words`), so that whoever shows them can say them in another language.
Every error says whether trying later can help (`heals`), how long to wait (`retry_after`, seconds), and whether the
change that was asked for may have been made in Shopify although no proper answer says so (`may_have_been_done`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .wording import Words


class ShopifyError(Exception):
    """Base of all errors of this package.

    `words` is a whole sentence for people, Words or a text that is in their language already; it never holds a token or
    a secret. `message` is the same as text: English, until whoever shows it puts it into another language. `str()` is
    always the text it was raised with, for logs of the server. `request_id` is Shopify's own id of the request, which
    Shopify's support asks for. `status` is the HTTP status, when there was an answer.
    """

    heals = False

    def __init__(
        self,
        words: Words | str,
        *,
        request_id: str | None = None,
        retry_after: float | None = None,
        may_have_been_done: bool = False,
        status: int | None = None,
    ):
        super().__init__(str(words))
        self.words = words
        self.message = str(words)
        self.request_id = request_id
        self.retry_after = retry_after
        self.may_have_been_done = may_have_been_done
        self.status = status

    def __str__(self) -> str:
        return str(self.words)


class NotReachable(ShopifyError):
    """No connection was made, so nothing was sent and nothing was done."""

    heals = True


class AnswerLost(ShopifyError):
    """The request left, but no whole answer came back: it timed out (`timed_out`) or was cut."""

    heals = True

    def __init__(self, words: Words | str, *, timed_out: bool = False, **details: Any):
        super().__init__(words, **details)
        self.timed_out = timed_out


class Throttled(ShopifyError):
    """The budget of points is spent; `retry_after` seconds later it suffices. Nothing was done."""

    heals = True


class ServerFault(ShopifyError):
    """A fault inside Shopify: HTTP 5xx, or INTERNAL_SERVER_ERROR in the answer."""

    heals = True


class SignInRefused(ShopifyError):
    """The token or the app's id and secret are not accepted.

    `reason` is Shopify's own short word, such as `app_not_installed`, or None.
    """

    def __init__(self, words: Words | str, *, reason: str | None = None, **details: Any):
        super().__init__(words, **details)
        self.reason = reason


class ShopUnavailable(ShopifyError):
    """The store does not answer for a reason that a person must mend: no such store, frozen, locked, not allowed."""


class WrongAddress(ShopifyError):
    """The text is not the address of a Shopify store."""


class UnreadableAnswer(ShopifyError):
    """Something answered, but not with what Shopify's API sends."""


class QueryRefused(ShopifyError):
    """Shopify refuses the request itself. `errors` is the list of errors as Shopify sent them."""

    def __init__(self, words: Words | str, *, errors: Sequence[dict[str, Any]] = (), **details: Any):
        super().__init__(words, **details)
        self.errors = tuple(errors)


class AccessDenied(QueryRefused):
    """A permission is missing. `scopes` are those that Shopify names, `fields` the parts of the request it refuses."""

    def __init__(self, words: Words | str, *, scopes: Sequence[str] = (), fields: Sequence[str] = (), **details: Any):
        super().__init__(words, **details)
        self.scopes = tuple(scopes)
        self.fields = tuple(fields)


class TooCostly(QueryRefused):
    """The request asks for more points than Shopify allows in one request; a smaller page goes through."""

    def __init__(self, words: Words | str, *, cost: float | None = None, max_cost: float | None = None, **details: Any):
        super().__init__(words, **details)
        self.cost = cost
        self.max_cost = max_cost


@dataclass(frozen=True)
class UserProblem:
    """One entry of a payload's `userErrors`: path of the input field, Shopify's text, code (plain errors have none)."""

    field: tuple[str, ...]
    message: str
    code: str | None = None

    def __str__(self) -> str:
        where = ".".join(self.field)
        return f"{where}: {self.message}" if where else self.message


# Codes that say "not now" rather than "not like this".
HEALING_CODES = frozenset(
    {
        "IDEMPOTENCY_CONCURRENT_REQUEST",
        "INTERNAL_ERROR",
        "INTERNAL_SERVER_ERROR",
        "LIMIT_REACHED",
        "MARKET_UPDATE_CONCURRENT_MODIFICATION",
        "OPERATION_IN_PROGRESS",
        "PRODUCT_LOCK_ERROR",
        "THROTTLED",
        "TIMEOUT",
        "TOO_MANY_REQUESTS",
    }
)


class UserErrors(ShopifyError):
    """Shopify understood the request and says what is wrong in the data. `problems` lists all of it.

    `data` is the answer's data: some mutations do a part and complain about the rest.
    `heals` is True only when every problem has a code that time mends.
    """

    def __init__(
        self,
        words: Words | str,
        *,
        problems: Sequence[UserProblem] = (),
        data: dict[str, Any] | None = None,
        **details: Any,
    ):
        super().__init__(words, **details)
        self.problems = tuple(problems)
        self.data = data
        self.heals = bool(problems) and all(problem.code in HEALING_CODES for problem in problems)
