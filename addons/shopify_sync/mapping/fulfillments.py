"""Shipments that Shopify knows of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .reading import filled, legacy_id, nodes, text, when


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel."""

    company: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """A successful fulfilment: units by line id. Cancelled and failed ones count as not shipped."""

    shopify_id: str
    name: str
    created_at: datetime | None
    location_id: str
    tracking: tuple[Tracking, ...]
    units: tuple[tuple[str, int], ...]


def read_cancelled(fulfillments: Iterable[Mapping[str, Any]] | None) -> frozenset[str]:
    """Ids of the fulfilments that were cancelled."""
    return frozenset(legacy_id(data["id"]) for data in fulfillments or [] if filled(data, "status") == "CANCELLED")


def read_fulfillments(fulfillments: Iterable[Mapping[str, Any]] | None) -> tuple[Fulfillment, ...]:
    """The fulfilments of an order that shipped something, oldest first."""
    found = []
    for data in fulfillments or []:
        if filled(data, "status") not in ("SUCCESS", "OPEN", "PENDING"):
            continue
        units = tuple(
            (legacy_id(filled(line["lineItem"], "id")), line["quantity"])
            for line in nodes(filled(data, "fulfillmentLineItems"))
            if filled(line, "quantity")
        )
        found.append(
            Fulfillment(
                shopify_id=legacy_id(data["id"]),
                name=text(data.get("name")),
                created_at=when(data.get("createdAt")),
                location_id=legacy_id((data.get("location") or {}).get("id")),
                tracking=tuple(
                    Tracking(text(item.get("company")), text(item.get("number")), text(item.get("url")))
                    for item in data.get("trackingInfo") or []
                ),
                units=units,
            )
        )
    return tuple(sorted(found, key=lambda item: (item.created_at is not None, item.created_at)))
