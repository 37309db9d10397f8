"""What belongs to products beside their variants: pictures, publications, collections, price lists, uploads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class Upload:
    """Bytes that were sent to a staged target. ``key`` names them; None as body: announced, not sent yet."""

    key: str
    mime_type: str
    resource: str
    body: bytes | None = None


@dataclass(slots=True)
class Media:
    """A picture. It is PROCESSING until ``due_at`` (seconds of the store's clock), then READY, or FAILED with ``problem``.

    ``problem``: code and text of Shopify's media error. ``upload``: the key of its bytes, None for a picture by address.
    """

    id: int
    alt: str
    source: str
    created_at: datetime
    updated_at: datetime
    due_at: float
    problem: tuple[str, str] | None = None
    upload: str | None = None
    mime_type: str = "image/png"

    typename = "MediaImage"


@dataclass(slots=True)
class Publication:
    """Where products can be published: a sales channel. ``handle``: online_store, point_of_sale ..."""

    id: int
    name: str
    handle: str

    typename = "Publication"


@dataclass(slots=True)
class Collection:
    """``automated``: its products follow rules and cannot be chosen one by one."""

    id: int
    title: str
    handle: str
    automated: bool
    updated_at: datetime
    product_ids: list[int] = field(default_factory=list)
    description_html: str = ""

    typename = "Collection"


@dataclass(slots=True)
class PriceList:
    """Prices of a market in its own currency. ``fixed``: price and compare-at price by the number of the variant."""

    id: int
    name: str
    currency: str
    market: str
    fixed: dict[int, tuple[Decimal, Decimal | None]] = field(default_factory=dict)

    typename = "PriceList"
