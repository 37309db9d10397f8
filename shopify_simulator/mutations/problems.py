"""Input that cannot be used, and how Shopify says so."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import wraps

from graphql import GraphQLResolveInfo, get_named_type

from ..resolvers.common import Box

_OTHER_NAMES = {
    "INVALID_VALUE": ("INVALID_METAFIELD",),
    "OPTION_DOES_NOT_EXIST": ("OPTION_VALUES_FOR_NUMBER_OF_UNKNOWN_OPTIONS",),
}
"""What mutations call a problem that others have another code for."""
_GENERAL = ("INVALID_INPUT", "INVALID", "GENERIC_ERROR")


class Wrong(Exception):
    """What is wrong: Shopify's text, its code (where the payload has one) and the path of the field."""

    def __init__(self, message: str, *field: object, code: str | None = None):
        super().__init__(message)
        self.field = [str(one) for one in field] or None
        self.code = code


def answering(*names: str) -> Callable:
    """A mutation whose `Wrong` becomes user errors beside fields that are null.

    :param names: attributes of the payload
    """

    def wrap(resolve: Callable) -> Callable:
        @wraps(resolve)
        def answer(root, info, **args):
            try:
                found = resolve(root, info, **args)
                problems = found.pop("problems", [])
            except Wrong as wrong:
                found, problems = dict.fromkeys(names), [wrong]
            codes = _codes(info) if problems else ()
            return Box(**found, user_errors=[_told(one, codes) for one in problems])

        return answer

    return wrap


def _told(wrong: Wrong, codes: Container[str]) -> Box:
    names = (wrong.code, *_OTHER_NAMES.get(wrong.code, ()), *_GENERAL)
    code = next((name for name in names if name in codes), None)
    return Box("UserError", field=wrong.field, message=str(wrong), code=code, element_index=None)


def _codes(info: GraphQLResolveInfo) -> Container[str]:
    """The codes that a mutation's user errors can have."""
    error = get_named_type(get_named_type(info.return_type).fields["userErrors"].type)
    return get_named_type(error.fields["code"].type).values if "code" in error.fields else ()
