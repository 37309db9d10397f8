"""Which texts a metafield of a type may hold, with Shopify's words for those it may not."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from .problems import Wrong

MAX_BYTES = 65_536
_INTEGER = re.compile(r"-?\d+")


def check(kind: str | None, defined: str | None, value: str, where: tuple) -> None:
    """Raise `Wrong` for a type that is missing or not the defined one, or a value that the type refuses."""
    if not kind:
        raise Wrong("Type can't be blank", *where, "type", code="BLANK")
    if defined and kind != defined:
        text = f"Type must be consistent with the definition's type: '{defined}'."
        raise Wrong(text, *where, "type", code="INVALID_TYPE")
    if value == "":
        raise Wrong("Value can't be blank.", *where, "value", code="BLANK")
    if len(value.encode()) > MAX_BYTES:
        raise Wrong("Value is too long.", *where, "value", code="TOO_LONG")
    problem = _problem(kind, value)
    if problem:
        raise Wrong(problem, *where, "value", code="INVALID_VALUE")


def _problem(kind: str, value: str) -> str | None:
    if kind.startswith("list."):
        return _list_problem(kind.removeprefix("list."), value)
    test = _TESTS.get(kind)
    if test is None:
        return None if kind in _FREE or kind.endswith("_reference") else f"Type '{kind}' is not included in the list"
    try:
        right = test(value)
    except (ValueError, InvalidOperation, TypeError, KeyError):
        right = False
    return None if right else _TEXTS[kind]


def _list_problem(kind: str, value: str) -> str | None:
    try:
        items = json.loads(value)
    except ValueError:
        items = None
    if not isinstance(items, list):
        return "Value must be a list."
    texts = (item if isinstance(item, str) else json.dumps(item) for item in items)
    return next((problem for problem in (_problem(kind, text) for text in texts) if problem), None)


def _measured(value: str) -> bool:
    found = json.loads(value)
    return isinstance(found["unit"], str) and Decimal(str(found["value"])).is_finite()


_FREE = frozenset(["multi_line_text_field", "rich_text_field", "id"])
_TESTS = {
    "single_line_text_field": lambda value: "\n" not in value,
    "number_integer": lambda value: bool(_INTEGER.fullmatch(value)) and abs(int(value)) <= 9_007_199_254_740_991,
    "number_decimal": lambda value: Decimal(value).is_finite(),
    "boolean": lambda value: value in ("true", "false"),
    "date": lambda value: bool(date.fromisoformat(value)),
    "date_time": lambda value: bool(datetime.fromisoformat(value.replace("Z", "+00:00"))),
    "url": lambda value: value.startswith(("http://", "https://", "mailto:", "sms:", "tel:")),
    "color": lambda value: bool(re.fullmatch(r"#[0-9a-fA-F]{6}", value)),
    "json": lambda value: json.loads(value) is not None,
    "money": lambda value: Decimal(json.loads(value)["amount"]).is_finite(),
    "weight": _measured,
    "volume": _measured,
    "dimension": _measured,
    "rating": lambda value: Decimal(json.loads(value)["value"]).is_finite(),
}
_TEXTS = {
    "single_line_text_field": "Value must be a single line text string.",
    "number_integer": "Value must be an integer.",
    "number_decimal": "Value must be a decimal.",
    "boolean": "Value must be true or false.",
    "date": "Value must be in YYYY-MM-DD format.",
    "date_time": "Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00",
    "url": "Value must start with http://, https://, mailto:, sms:, or tel:.",
    "color": "Value must be a color code.",
    "json": "Value is invalid JSON.",
    "money": "Value must be a JSON string with an amount and a currency code.",
    "weight": "Value must be a JSON string with a value and a unit.",
    "volume": "Value must be a JSON string with a value and a unit.",
    "dimension": "Value must be a JSON string with a value and a unit.",
    "rating": "Value must be a JSON string with a value.",
}
