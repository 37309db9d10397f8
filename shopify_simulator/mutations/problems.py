"""Input that cannot be used, and how Shopify says so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from ..resolvers.common import Box


class Wrong(Exception):
    """What is wrong: Shopify's text, its code (where the payload has one) and the path of the field."""

    def __init__(self, message: str, *field: object, code: str | None = None):
        super().__init__(message)
        self.field = [str(one) for one in field] or None
        self.code = code


def answering(*names: str, errors: str = "userErrors") -> Callable:
    """A mutation whose `Wrong` becomes user errors beside fields that are null.

    :param names: attributes of the payload
    :param errors: the payload's field of errors
    """

    def wrap(resolve: Callable) -> Callable:
        @wraps(resolve)
        def answer(root, info, **args):
            try:
                found = resolve(root, info, **args)
                problems = found.pop("problems", [])
            except Wrong as wrong:
                found, problems = dict.fromkeys(names), [wrong]
            told = [Box("UserError", field=one.field, message=str(one), code=one.code, element_index=None)
                    for one in problems]  # fmt: skip
            return Box(**found, **{"user_errors": told, _snake(errors): told})

        return answer

    return wrap


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
