"""Fulfilment orders (what is to be shipped, from where) and fulfilments (what was shipped)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .order import Line, Order
from .product import Location


@dataclass(slots=True)
class FulfillmentOrderLine:
    id: int
    fulfillment_order: FulfillmentOrder = field(repr=False)
    line_item: Line = field(repr=False)
    total_quantity: int
    remaining_quantity: int

    typename = "FulfillmentOrderLineItem"


@dataclass(slots=True)
class Hold:
    id: int
    reason: str
    reason_notes: str | None = None
    handle: str | None = None

    typename = "FulfillmentHold"


@dataclass(slots=True)
class FulfillmentOrder:
    """``status``: OPEN, IN_PROGRESS, SCHEDULED, ON_HOLD, INCOMPLETE, CANCELLED or CLOSED."""

    id: int
    order: Order = field(repr=False)
    location: Location = field(repr=False)
    created_at: datetime
    updated_at: datetime
    status: str = "OPEN"
    request_status: str = "UNSUBMITTED"
    method_type: str = "SHIPPING"
    presented_name: str | None = None
    fulfill_at: datetime | None = None
    lines: list[FulfillmentOrderLine] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    prepared_at: datetime | None = None
    """When a pickup was marked ready."""
    moved_from: FulfillmentOrder | None = field(default=None, repr=False)
    """The one, at another location, that its units were taken from."""

    typename = "FulfillmentOrder"

    @property
    def open(self) -> bool:
        return self.status not in ("CANCELLED", "CLOSED")


@dataclass(slots=True)
class Tracking:
    company: str | None = None
    number: str | None = None
    url: str | None = None


@dataclass(slots=True)
class FulfillmentLine:
    id: int
    line_item: Line = field(repr=False)
    quantity: int

    typename = "FulfillmentLineItem"


@dataclass(slots=True)
class Fulfillment:
    """``status``: SUCCESS or CANCELLED (older: ERROR, FAILURE)."""

    id: int
    order: Order = field(repr=False)
    name: str
    created_at: datetime
    updated_at: datetime
    location: Location | None = field(default=None, repr=False)
    status: str = "SUCCESS"
    display_status: str | None = "FULFILLED"
    tracking: list[Tracking] = field(default_factory=list)
    lines: list[FulfillmentLine] = field(default_factory=list)
    fulfillment_orders: list[FulfillmentOrder] = field(default_factory=list, repr=False)
    delivered_at: datetime | None = None
    in_transit_at: datetime | None = None
    service: str = "manual"
    notified: int = 0
    """How often the customer was told."""

    typename = "Fulfillment"
