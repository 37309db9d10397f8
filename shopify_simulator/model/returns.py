"""Returns of shipped units: what a customer sends back, what came in, what is sent instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ..money import Bag
from .fulfilment import FulfillmentLine
from .money_flow import Refund, RefundLine
from .order import Line, Order
from .product import Location


@dataclass(slots=True)
class RestockingFee:
    """A part of what the units of a return line are worth that the shop keeps. ``percentage`` in percent."""

    id: int
    percentage: Decimal
    amount_set: Bag

    typename = "RestockingFee"


@dataclass(slots=True)
class ReturnShippingFee:
    """What the shop keeps for the way back."""

    id: int
    amount_set: Bag

    typename = "ReturnShippingFee"


@dataclass(slots=True)
class ReturnLine:
    """Shipped units that come back. ``reversals`` are the processed units with what they take off the order; ``beside`` are
    units that a refund gave back which was not made from this return."""

    id: int
    fulfillment_line_item: FulfillmentLine
    quantity: int
    reason: str = "UNKNOWN"
    return_reason_note: str = ""
    customer_note: str | None = None
    reversals: list[RefundLine] = field(default_factory=list)
    refunded_quantity: int = 0
    beside: int = 0
    restocking_fee: RestockingFee | None = None

    typename = "ReturnLineItem"

    @property
    def processed_quantity(self) -> int:
        return sum(part.quantity for part in self.reversals)

    @property
    def open_quantity(self) -> int:
        """Units that can still be processed."""
        return self.quantity - self.processed_quantity - self.beside


@dataclass(slots=True)
class Disposition:
    """What became of units that came in. ``type``: RESTOCKED, NOT_RESTOCKED, MISSING or PROCESSING_REQUIRED."""

    id: int
    type: str
    quantity: int
    created_at: datetime
    location: Location | None = field(default=None, repr=False)

    typename = "ReverseFulfillmentOrderDisposition"


@dataclass(slots=True)
class ReverseLine:
    """Units of a return that someone has to receive."""

    id: int
    fulfillment_line_item: FulfillmentLine
    total_quantity: int
    dispositions: list[Disposition] = field(default_factory=list)

    typename = "ReverseFulfillmentOrderLineItem"

    @property
    def open_quantity(self) -> int:
        return self.total_quantity - sum(
            part.quantity for part in self.dispositions if part.type != "PROCESSING_REQUIRED"
        )


@dataclass(slots=True)
class ReverseOrder:
    """The work of receiving a return. ``status``: OPEN, CLOSED or CANCELED."""

    id: int
    order: Order = field(repr=False)
    lines: list[ReverseLine] = field(default_factory=list)
    status: str = "OPEN"

    typename = "ReverseFulfillmentOrder"


@dataclass(slots=True)
class ExchangeLine:
    """A product sent instead. ``spec`` describes the line as in `events.lines.add_line`; ``lines`` are those on the order,
    there once the exchange is processed."""

    id: int
    spec: dict
    quantity: int
    variant_id: str | None = None
    lines: list[Line] = field(default_factory=list)

    typename = "ExchangeLineItem"

    @property
    def processed_quantity(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(slots=True)
class Return:
    """``status``: REQUESTED, OPEN, CLOSED, DECLINED or CANCELED. ``refunds`` are those made from this return."""

    id: int
    order: Order = field(repr=False)
    name: str
    created_at: datetime
    status: str = "OPEN"
    request_approved_at: datetime | None = None
    closed_at: datetime | None = None
    decline_reason: str | None = None
    decline_note: str | None = None
    lines: list[ReturnLine] = field(default_factory=list)
    exchanges: list[ExchangeLine] = field(default_factory=list)
    reverse_orders: list[ReverseOrder] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    return_shipping_fees: list[ReturnShippingFee] = field(default_factory=list)

    typename = "Return"

    @property
    def stands(self) -> bool:
        """Whether its units are on their way back, or are back."""
        return self.status in ("OPEN", "CLOSED")

    @property
    def total_quantity(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def kept(self) -> list[tuple[RestockingFee | ReturnShippingFee, Bag]]:
        """The fees with what is kept of each so far: return shipping with the first processed unit, restocking by units."""
        processed = [line for line in self.lines if line.processed_quantity]
        found = [(fee, fee.amount_set) for fee in self.return_shipping_fees if processed]
        for line in processed:
            if fee := line.restocking_fee:
                found.append((fee, fee.amount_set.share(line.processed_quantity, line.quantity)))
        return found

    @property
    def open_reversals(self) -> list[RefundLine]:
        """What processed units took off the order and no refund has given back yet."""
        told = {id(part) for refund in self.refunds for part in refund.lines}
        return [part for line in self.lines for part in line.reversals if id(part) not in told]
