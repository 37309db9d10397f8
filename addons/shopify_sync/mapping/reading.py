"""Reading Shopify's JSON: ids, dates, connections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any


def legacy_id(gid: str | None) -> str:
    """The number at the end of a Shopify id (`gid://shopify/Order/123` gives '123'); '' for none."""
    return gid.rsplit("/", 1)[-1].split("?", 1)[0] if gid else ""


def nodes(connection: Any) -> list[Mapping[str, Any]]:
    """The records of a connection or of a plain list; none gives an empty list.

    :raises KeyError: a connection that was read without its `nodes`
    """
    if connection is None:
        return []
    found = connection["nodes"] if isinstance(connection, Mapping) else connection
    return [node for node in found if node]


def filled(record: Mapping[str, Any], field: str) -> Any:
    """A field that Shopify always fills.

    :raises KeyError: it is missing or empty, so that what was lost never counts as nothing
    """
    value = record[field]
    if value is None or value == "":
        raise KeyError(field)
    return value


def when(text: str | None) -> datetime | None:
    """A time of Shopify as naive UTC, the form in which Odoo stores times. A time without a zone is UTC."""
    if not text:
        return None
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo is None else moment.astimezone(timezone.utc).replace(tzinfo=None)


def text(value: Any) -> str:
    """A trimmed text; nothing gives ''."""
    return str(value).strip() if value is not None else ""
