"""The `@idempotent` directive: a mutation sent again with its key is answered as before and not done again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from graphql import GraphQLResolveInfo, get_directive_values, get_named_type

from ..errors import ShopifyError
from ..resolvers.common import Box


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
            return _again(info, before, parameters)
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


def _again(info: GraphQLResolveInfo, before: Attempt, parameters: str) -> object:
    if before.parameters != parameters:
        text = "The idempotency key was used with other parameters."
        return _refused(info, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", text)
    if before.answer is None:
        text = "The previous attempt with this idempotency key failed. Use a new key."
        return _refused(info, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", text)
    return before.answer


def _refused(info: GraphQLResolveInfo, code: str, text: str) -> Box:
    """A user error where the payload's have this code, as those of quantities do; else an error of the request."""
    payload = get_named_type(info.return_type)
    kind = get_named_type(payload.fields["userErrors"].type)
    if "code" not in kind.fields or code not in get_named_type(kind.fields["code"].type).values:
        raise ShopifyError(text, code)
    return Box(inventory_adjustment_group=None, user_errors=[Box(kind.name, code=code, field=None, message=text)])
