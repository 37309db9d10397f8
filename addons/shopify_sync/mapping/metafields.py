"""Metafields: Shopify's typed text to and from the values of Odoo's fields.

Types: https://shopify.dev/docs/apps/build/metafields/list-of-data-types. Values are text in the API whatever their type.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import Refusal
from .reading import when
from .wording import _lt

#: Shopify's types that can be kept in a field of Odoo, with the kinds of field that hold them.
TYPES: dict[str, tuple[str, ...]] = {
    "single_line_text_field": ("char", "text", "selection"),
    "multi_line_text_field": ("text", "char"),
    "rich_text_field": ("text",),
    "html": ("html", "text"),
    "url": ("char", "text"),
    "color": ("char",),
    "id": ("char",),
    "number_integer": ("integer", "float", "monetary", "char"),
    "number_decimal": ("float", "monetary", "char"),
    "boolean": ("boolean",),
    "date": ("date", "char"),
    "date_time": ("datetime", "char"),
    "json": ("text", "json"),
    "money": ("float", "monetary", "char"),
    "weight": ("float", "char"),
    "volume": ("float", "char"),
    "dimension": ("float", "char"),
    "rating": ("float", "char"),
    "list.single_line_text_field": ("char", "text"),
}

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_NUMBERS = ("integer", "float", "monetary")
_OF_JSON = {"money": "amount", "weight": "value", "volume": "value", "dimension": "value", "rating": "value"}


def read_metafield(kind: str, value: str, field: str) -> Any:
    """Return the value of a metafield for an Odoo field.

    :param kind: Shopify's type, for example number_integer
    :param value: Shopify's text
    :param field: the type of the Odoo field, for example integer
    :raises Refusal: the value is not of its type, or the field cannot hold it; the reason is in words
    """
    if field not in TYPES.get(kind, ()):
        raise Refusal(
            "metafield_type",
            _lt("a metafield of type %(kind)s cannot be kept in a field of type %(field)s", kind=kind, field=field),
        )
    try:
        return _read(kind, value, field)
    except (ValueError, InvalidOperation, KeyError, TypeError) as error:
        raise _no_value(kind, value) from error


def _no_value(kind: str, value: str) -> Refusal:
    return Refusal("metafield_value", _lt("“%(value)s” is no value of type %(kind)s", value=value[:80], kind=kind))


def _read(kind: str, value: str, field: str) -> Any:
    plain = value.strip()
    if kind == "boolean":
        return {"true": True, "false": False}[plain.lower()]
    if kind == "date":
        day = date.fromisoformat(plain)
        return day if field == "date" else plain
    if kind == "date_time":
        moment = datetime.fromisoformat(plain.replace("Z", "+00:00"))
        return when(plain) if field == "datetime" else moment.isoformat()
    if kind in ("number_integer", "number_decimal"):
        if kind == "number_integer" and not _INTEGER.fullmatch(plain):
            raise ValueError(value)
        number = _number(plain, field)
        return number if field in _NUMBERS else plain
    if kind in _OF_JSON or kind in ("list.single_line_text_field", "json"):
        return _read_json(kind, json.loads(value), value, field)
    return value


def _read_json(kind: str, found: Any, value: str, field: str) -> Any:
    if kind in _OF_JSON:
        if field in _NUMBERS:
            return _number(str(found[_OF_JSON[kind]]), field)
        return " ".join(str(part) for part in found.values())
    if kind == "json":
        return found if field == "json" else value
    if not isinstance(found, list):
        raise TypeError(value)
    return ", ".join(str(one) for one in found)


def _number(value: str, field: str) -> int | float:
    number = Decimal(value.strip())
    if not number.is_finite():
        raise ValueError(value)
    return int(number) if field == "integer" else float(number)


def write_metafield(kind: str, value: Any, unit: str = "") -> str | None:
    """Return Shopify's text for the value of an Odoo field; None when there is nothing to send.

    :param unit: currency of money, unit of weights and dimensions
    :raises Refusal: the value is not of the type
    """
    if kind not in TYPES:
        raise Refusal("metafield_type", _lt("metafields of type %(kind)s cannot be sent", kind=kind))
    if value is None or (value is False and kind != "boolean") or value == "":
        return None
    try:
        return _write(kind, value, unit)
    except (ValueError, InvalidOperation, AttributeError, TypeError) as error:
        raise _no_value(kind, str(value)) from error


def _write(kind: str, value: Any, unit: str) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "number_integer":
        number = Decimal(str(value))
        if number != number.to_integral_value():
            raise ValueError(value)
        return str(int(number))
    if kind == "number_decimal":
        return f"{Decimal(str(value)):f}"
    if kind == "date":
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    if kind == "date_time":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return moment.replace(tzinfo=moment.tzinfo or timezone.utc).isoformat()
    if kind == "money":
        return json.dumps({"amount": f"{Decimal(str(value)):f}", "currency_code": unit})
    if kind in ("weight", "volume", "dimension"):
        return json.dumps({"value": float(value), "unit": unit})
    if kind == "list.single_line_text_field":
        return json.dumps([part.strip() for part in str(value).split(",") if part.strip()])
    if kind == "json":
        text = value if isinstance(value, str) else json.dumps(value)
        json.loads(text)
        return text
    return str(value)
