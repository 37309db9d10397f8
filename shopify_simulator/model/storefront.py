"""Where products are sold and at which prices: publications, price lists; and files that an app has sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True)
class Upload:
    """Bytes that were sent to a staged target. ``key`` names them; None as body: announced, not sent yet."""

    key: str
    mime_type: str
    resource: str
    body: bytes | None = None


@dataclass(slots=True)
class Publication:
    """Where products can be published: a sales channel. ``handle``: online_store, pos ..."""

    id: int
    name: str
    handle: str

    typename = "Publication"


@dataclass(slots=True)
class PriceList:
    """Prices of a market in its own currency. ``fixed``: price and compare-at price by the number of the variant."""

    id: int
    name: str
    currency: str
    market: str
    fixed: dict[int, tuple[Decimal, Decimal | None]] = field(default_factory=dict)

    typename = "PriceList"
