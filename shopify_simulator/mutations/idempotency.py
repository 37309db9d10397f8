"""The `@idempotent` directive: a mutation sent again with its key is answered as before and not done again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from graphql import GraphQLResolveInfo, get_directive_values

from ..errors import ShopifyError


@dataclass(slots=True)
class Attempt:
    """What a key was used for. ``answer``: the payload, None when the attempt failed."""

    parameters: str
    answer: object


def idempotent(resolve: Callable) -> Callable:
    """A mutation that must carry the directive (from 2026-04 on)."""

    @wraps(resolve)
    def once(root: object, info: GraphQLResolveInfo, **args: object) -> object:
        key = _key(info)
        known = info.context.store.attempts
        parameters = json.dumps([info.field_name, args], sort_keys=True, default=str)
        before = known.get(key)
        if before is not None:
            return _again(before, parameters)
        answer = resolve(root, info, **args)
        known[key] = Attempt(parameters, None if answer.user_errors else answer)
        return answer

    return once


def _key(info: GraphQLResolveInfo) -> str:
    directive = info.schema.get_directive("idempotent")
    given = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    if given is None:
        raise ShopifyError(f"The @idempotent directive is required for {info.field_name}.", "BAD_REQUEST")
    key = given["key"].strip()
    if not key:
        raise ShopifyError("The key of the @idempotent directive must not be blank.", "BAD_REQUEST")
    return key


def _again(before: Attempt, parameters: str) -> object:
    if before.parameters != parameters:
        raise ShopifyError("The idempotency key was used with other parameters.", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
    if before.answer is None:
        raise ShopifyError(
            "The previous attempt with this idempotency key failed. Use a new key.",
            "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED",
        )
    return before.answer
