"""GraphQL errors in Shopify's words and with its codes."""

from __future__ import annotations

import re

from graphql import GraphQLError

_DOCS = "https://shopify.dev/api/usage"

_VALIDATION = [
    (re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"), "undefinedField",
     "Field '{0}' doesn't exist on type '{1}'"),
    (re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'"), "argumentNotAccepted",
     "Field '{2}' doesn't accept argument '{0}'"),
    (re.compile(r"Field '(\w+)' argument '(\w+)' of type '[^']+' is required"), "missingRequiredArguments",
     "Field '{0}' is missing required arguments: {1}"),
    (re.compile(r"Field '(\w+)' of type '([^']+)' must have a selection of subfields"), "selectionMismatch",
     "Field must have selections (field '{0}' returns {1} but has no selections. Did you mean '{0} {{ ... }}'?)"),
    (re.compile(r"Field '(\w+)' must not have a selection since type '([^']+)' has no subfields"), "selectionMismatch",
     "Selections can't be made on scalars (field '{0}' returns {1} but has selections)"),
    (re.compile(r"Unknown type '(\w+)'"), "undefinedType", "No such type {0}, so it can't be a fragment condition"),
    (re.compile(r"Variable '\$(\w+)' is not defined"), "variableNotDefined", "Variable ${0} is used but not declared"),
    (re.compile(r"Variable '\$(\w+)' is never used"), "variableNotUsed", "Variable ${0} is declared but not used"),
    (re.compile(r"Fragment '(\w+)' is never used"), "useAndDefineFragment", "Fragment {0} was defined, but not used"),
    (re.compile(r"Unknown fragment '(\w+)'"), "useAndDefineFragment", "Fragment {0} was used, but not defined"),
]  # fmt: skip

_VARIABLE = re.compile(r"Variable '\$(\w+)'.*?type '([^']+)'")


class ShopifyError(GraphQLError):
    """An error with a code, raised while a field is resolved; the field becomes null."""

    def __init__(self, message: str, code: str, **more: object):
        super().__init__(message, extensions={"code": code, **more})


def access_denied(field: str, needed: str) -> ShopifyError:
    """A scope is missing."""
    return ShopifyError(
        f"Access denied for {field} field. Required access: {needed}",
        "ACCESS_DENIED",
        documentation=f"{_DOCS}/access-scopes",
        requiredAccess=needed,
    )


def throttled() -> dict:
    """The bucket is empty."""
    return {"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": f"{_DOCS}/rate-limits"}}


def too_costly(cost: int, most: int) -> dict:
    """One query asks for more than any may."""
    return {
        "message": f"Query cost is {cost}, which exceeds the single query max cost limit ({most}).",
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": most,
            "documentation": f"{_DOCS}/rate-limits",
        },
    }


def too_many(size: int, most: int) -> dict:
    """A list in the input is longer than any may be."""
    return {
        "message": f"The input array size of {size} is greater than the maximum allowed of {most}.",
        "extensions": {"code": "MAX_INPUT_SIZE_EXCEEDED"},
    }


def internal(request_id: str) -> dict:
    """Something broke inside Shopify."""
    return {
        "message": f"Internal error. Looks like something went wrong on our end.\nRequest ID: {request_id} (include this in support requests).",
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
    }


def formatted(error: GraphQLError) -> dict:
    """An error as JSON, worded as Shopify words it where it is known."""
    made = error.formatted
    code, message = _worded(error.message)
    if code:
        made["message"] = message
        made["extensions"] = {**made.get("extensions", {}), "code": code}
    return made


def _worded(text: str) -> tuple[str | None, str]:
    for pattern, code, template in _VALIDATION:
        match = pattern.match(text)
        if match:
            return code, template.format(*match.groups())
    match = _VARIABLE.match(text)
    if match:
        return "INVALID_VARIABLE", f"Variable ${match.group(1)} of type {match.group(2)} was provided invalid value"
    return None, text
