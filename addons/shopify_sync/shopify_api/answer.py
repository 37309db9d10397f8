"""Reading what Shopify's GraphQL API answers: data, cost, errors, and which of our errors they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from .budget import ThrottleStatus, too_big, used_up, wait_for
from .errors import (
    AccessDenied,
    QueryRefused,
    ServerFault,
    ShopifyError,
    ShopUnavailable,
    Throttled,
    TooCostly,
    UserErrors,
    UserProblem,
)
from .transport import DEFAULT_WAIT
from .wording import Words, _lt

_SCOPE = re.compile(r"\b(?:unauthenticated_)?(?:read|write)_[a-z_]+\b")
_DENIED_FIELD = re.compile(r"Access denied for (\w+) field")


@dataclass(frozen=True)
class Cost:
    """Points of one request: asked for before, really used after (None when refused), and the bucket then."""

    requested: float | None
    actual: float | None
    throttle: ThrottleStatus | None


@dataclass(frozen=True)
class Answer:
    """What Shopify answered to one request.

    `errors` is filled only with `allow_partial`, `user_errors` only with `allow_user_errors`. `api_version` is the
    version that Shopify really used, `deprecated` its list of outdated parts of the request.
    """

    data: dict[str, Any]
    request_id: str | None = None
    cost: Cost | None = None
    api_version: str | None = None
    deprecated: tuple[str, ...] = ()
    extensions: Mapping[str, Any] | None = None
    errors: tuple[dict[str, Any], ...] = ()
    user_errors: tuple[UserProblem, ...] = ()


def read_cost(extensions: Any) -> Cost | None:
    """Return the cost part of the answer's extensions, or None when it has none."""
    cost = extensions.get("cost") if isinstance(extensions, dict) else None
    if not isinstance(cost, dict):
        return None
    try:
        throttle = ThrottleStatus.from_json(cost["throttleStatus"])
    except (KeyError, TypeError, ValueError):
        throttle = None
    return Cost(cost.get("requestedQueryCost"), cost.get("actualQueryCost"), throttle)


def read_errors(body: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the answer's errors as a list of objects, whichever form they came in."""
    errors = body.get("errors")
    if not errors:
        return ()
    if not isinstance(errors, list):
        errors = [errors]
    return tuple(one if isinstance(one, dict) else {"message": str(one)} for one in errors)


def user_problems(data: Mapping[str, Any] | None) -> tuple[UserProblem, ...]:
    """Collect the entries of `userErrors`, `orderCancelUserErrors`, `mediaUserErrors` ... of all payloads."""
    problems = []
    for payload in (data or {}).values():
        if not isinstance(payload, dict):
            continue
        for key, entries in payload.items():
            if key.endswith("serErrors") and isinstance(entries, list):
                problems += [_problem(entry) for entry in entries if isinstance(entry, dict)]
    return tuple(problems)


def user_errors(problems: Sequence[UserProblem], data: dict[str, Any], **details: Any) -> UserErrors:
    """Return the error that shows all problems in full."""
    words = _lt("Shopify refuses the data: %(problems)s", problems="; ".join(map(str, problems)))
    return UserErrors(words, problems=problems, data=data, **details)


def classify(
    errors: Sequence[dict[str, Any]], *, is_mutation: bool, cost: Cost | None, details: dict[str, Any]
) -> ShopifyError:
    """Return our error for Shopify's top-level errors; the one that decides what to do next goes first."""
    by_code = {_code(one): one for one in reversed(errors)}
    if "THROTTLED" in by_code:
        return _throttled(cost, details)
    done = is_mutation and any(_came_while_working(one) for one in errors)
    details = {**details, "may_have_been_done": done}
    if "MAX_COST_EXCEEDED" in by_code:
        return _too_costly(by_code["MAX_COST_EXCEEDED"], errors, details)
    if "SHOP_INACTIVE" in by_code:
        words = _lt("The store is closed or paused in Shopify. Its owner must activate it again.")
        return ShopUnavailable(words, **details)
    if "ACCESS_DENIED" in by_code:
        return access_denied([one for one in errors if _code(one) == "ACCESS_DENIED"], errors, details)
    if "INTERNAL_SERVER_ERROR" in by_code:
        fault = by_code["INTERNAL_SERVER_ERROR"]
        details["request_id"] = _extensions(fault).get("requestId") or details.get("request_id")
        details["may_have_been_done"] = is_mutation
        return ServerFault(_lt("Shopify has a fault of its own at the moment (internal error)."), **details)
    return QueryRefused(_lt("Shopify refuses the request: %(reason)s", reason=_said(errors)), errors=errors, **details)


def access_denied(
    denied: Sequence[dict[str, Any]], errors: Sequence[dict[str, Any]], details: dict[str, Any]
) -> AccessDenied:
    """Return the error with the scopes and fields that Shopify names."""
    texts = [f"{_message(one)} {_extensions(one).get('requiredAccess') or ''}" for one in denied]
    scopes = list(dict.fromkeys(scope for text in texts for scope in _SCOPE.findall(text)))
    fields = list(dict.fromkeys(filter(None, map(_denied_field, denied))))
    what = f" ({', '.join(fields)})" if fields else ""
    if scopes:
        words = lacks(reduce(lambda one, other: _lt("%(one)s or %(other)s", one=one, other=other), scopes), what)
    else:
        words = _lt("Shopify denies the app access%(fields)s: %(reason)s", fields=what, reason=_said(denied[:1]))
    return AccessDenied(words, scopes=scopes, fields=fields, errors=errors, **details)


def lacks(scopes: Words | str, fields: str = "") -> Words:
    """Say which permissions the app lacks, and what to do.

    `fields` are the parts of the request that Shopify refuses, written as it stands behind a word.
    """
    return _lt(
        "The app lacks a permission in Shopify%(fields)s: %(scopes)s. Add it to the app's version in Shopify's Dev "
        "Dashboard, release the version and update the app on the store.",
        fields=fields,
        scopes=scopes,
    )


def _throttled(cost: Cost | None, details: dict[str, Any]) -> ShopifyError:
    wait = DEFAULT_WAIT
    if cost and cost.throttle and cost.requested is not None and cost.throttle.restore_rate > 0:
        if cost.requested > cost.throttle.maximum:
            return TooCostly(
                too_big(cost.requested, cost.throttle.maximum),
                cost=cost.requested,
                max_cost=cost.throttle.maximum,
                **details,
            )
        # Another worker may have taken what was left between Shopify's refusal and its status: wait a little then.
        wait = wait_for(cost.requested, cost.throttle.available, cost.throttle.restore_rate) or 0.5
    return Throttled(used_up(wait), **{**details, "retry_after": max(wait, details.get("retry_after") or 0.0)})


def _too_costly(error: dict[str, Any], errors: Sequence[dict[str, Any]], details: dict[str, Any]) -> TooCostly:
    extensions = _extensions(error)
    cost, max_cost = extensions.get("cost"), extensions.get("maxCost")
    most = max_cost or 1000
    if cost:
        words = _lt("The request needs %(cost)s points; Shopify allows %(most)s in one request.", cost=cost, most=most)
    else:
        words = _lt("The request needs more points than the %(most)s that Shopify allows in one request.", most=most)
    return TooCostly(words, cost=cost, max_cost=max_cost, errors=errors, **details)


def _came_while_working(error: dict[str, Any]) -> bool:
    """Say whether the error arose below the mutation's own field, so that the mutation itself may have run.

    Errors of the checks before the work have no path, or one that begins with the operation ("mutation OrderCancel").
    """
    path = error.get("path")
    return isinstance(path, list) and len(path) > 1 and not str(path[0]).startswith(("query ", "mutation "))


def _problem(entry: dict[str, Any]) -> UserProblem:
    field = entry.get("field")
    if isinstance(field, str):
        field = [field]
    return UserProblem(tuple(map(str, field or ())), str(entry.get("message") or ""), entry.get("code"))


def _extensions(error: dict[str, Any]) -> dict[str, Any]:
    extensions = error.get("extensions")
    return extensions if isinstance(extensions, dict) else {}


def _code(error: dict[str, Any]) -> str | None:
    code = _extensions(error).get("code")
    if code is None and error.get("message") == "Throttled":
        return "THROTTLED"
    return code


def _message(error: dict[str, Any]) -> str:
    return str(error.get("message") or "")


def _said(errors: Sequence[dict[str, Any]]) -> Words | str:
    """Shopify's own words."""
    return "; ".join(dict.fromkeys(filter(None, map(_message, errors)))) or _lt("without a reason")


def _denied_field(error: dict[str, Any]) -> str | None:
    path = error.get("path")
    if isinstance(path, list) and path:
        return ".".join(str(part) for part in path if isinstance(part, str))
    match = _DENIED_FIELD.search(_message(error))
    return match[1] if match else None
