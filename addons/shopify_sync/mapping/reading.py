"""Reading Shopify's JSON: ids, dates, connections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any


def legacy_id(gid: str | None) -> str:
    """The number at the end of a Shopify id (`gid://shopify/Order/123` gives '123'); '' for none."""
    return gid.rsplit("/", 1)[-1].split("?", 1)[0] if gid else ""


def nodes(connection: Any) -> list[Mapping[str, Any]]:
    """The records of a connection or of a plain list; none gives an empty list."""
    if not connection:
        return []
    found = connection.get("nodes", []) if isinstance(connection, Mapping) else connection
    return [node for node in found if node]


def when(text: str | None) -> datetime | None:
    """A time of Shopify as naive UTC, the form in which Odoo stores times."""
    if not text:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).replace(tzinfo=None)


def text(value: Any) -> str:
    """A trimmed text; nothing gives ''."""
    return str(value).strip() if value is not None else ""
