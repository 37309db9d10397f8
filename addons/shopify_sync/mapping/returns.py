"""Returns of an order as Shopify states them: what is on its way back, what came in, what is sent instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .reading import filled, legacy_id, nodes, text, when
from .refunds import Refund

#: Of an order that never had a return, or none that stands.
NO_RETURN = "NO_RETURN"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units of a line that come back. `line_id` is '' for units that Shopify cannot trace to the order."""

    line_id: str
    quantity: int
    processed: int
    refunded: int
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """What became of units that came in. `kind` is restocked, not_restocked, missing or processing_required."""

    line_id: str
    kind: str
    quantity: int
    location_id: str


@dataclass(frozen=True, slots=True)
class Return:
    """One return. `status` is requested, open, closed, declined or canceled; `exchanged` are the units sent instead that
    are on the order, `exchanges` those agreed on; `refund_ids` the refunds made from this return."""

    shopify_id: str
    name: str
    status: str
    created_at: datetime | None
    closed_at: datetime | None
    decline: str
    lines: tuple[ReturnLine, ...]
    received: tuple[Received, ...]
    exchanges: int
    exchanged: int
    refund_ids: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether its units are on their way back or are back."""
        return self.status in ("open", "closed")

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.reason for line in self.lines if line.reason))

    def units_received(self, *kinds: str) -> int:
        """Units that came in, of these kinds; of all but what never came when none is named."""
        return sum(part.quantity for part in self.received if (part.kind in kinds if kinds else part.kind != "missing"))

    def restocked(self, refunds: Iterable[Refund]) -> dict[str, tuple[int, str]]:
        """{line id: (units on the shelf again, Shopify's location)}.

        Shopify books goods apart from money: what was received counts. A refund of this return that says it restocked
        counts where nothing was booked as received.
        """
        shelf: dict[str, int] = {}
        told: dict[str, int] = {}
        places: dict[str, str] = {}
        for part in self.received:
            if part.kind == "restocked":
                shelf[part.line_id] = shelf.get(part.line_id, 0) + part.quantity
                places.setdefault(part.line_id, part.location_id)
        for refund in refunds:
            for line in refund.lines if refund.shopify_id in self.refund_ids else ():
                if line.restock in RESTOCKED:
                    told[line.line_id] = told.get(line.line_id, 0) + line.quantity
                    places.setdefault(line.line_id, line.location_id)
        return {ident: (max(shelf.get(ident, 0), told.get(ident, 0)), places[ident]) for ident in places}


#: Refund lines whose units came back to the shelf.
RESTOCKED = ("return", "legacy_restock")


def are_known(order: Mapping[str, Any]) -> bool:
    """Whether the order's returns were read; without the permission only their status is told."""
    return order.get("returns") is not None or (order.get("returnStatus") or NO_RETURN) == NO_RETURN


def read_returns(order: Mapping[str, Any]) -> tuple[Return, ...]:
    """The returns of an order, oldest first."""
    found = [_read(data) for data in nodes(order.get("returns"))]
    return tuple(sorted(found, key=lambda one: (one.created_at is not None, one.created_at, one.shopify_id)))


def units_back(returns: Iterable[Return], refunds: Iterable[Refund]) -> dict[str, int]:
    """Per line id, the units that are on Shopify's shelf again, by returns and by refunds of their own.

    A refund made beside a return (not from it) gives back the same units when the return says that more of it was refunded
    than its own refunds account for; they are counted once.
    """
    refunds, returns = list(refunds), [one for one in returns if one.stands]
    own = {ident for one in returns for ident in one.refund_ids}
    by_refund: dict[str, int] = {}
    from_return: dict[str, int] = {}
    for refund in refunds:
        for line in () if refund.is_reversal else refund.lines:
            if refund.shopify_id in own:
                from_return[line.line_id] = from_return.get(line.line_id, 0) + line.quantity
            elif line.restock in RESTOCKED:
                by_refund[line.line_id] = by_refund.get(line.line_id, 0) + line.quantity
    by_return: dict[str, int] = {}
    refunded: dict[str, int] = {}
    for one in returns:
        for ident, (units, _place) in one.restocked(refunds).items():
            by_return[ident] = by_return.get(ident, 0) + units
        for part in one.lines:
            refunded[part.line_id] = refunded.get(part.line_id, 0) + part.refunded
    total = dict(by_refund)
    for ident, units in by_return.items():
        beside = max(refunded.get(ident, 0) - from_return.get(ident, 0), 0)
        twice = min(by_refund.get(ident, 0), beside, units)
        total[ident] = total.get(ident, 0) + units - twice
    return total


def _read(data: Mapping[str, Any]) -> Return:
    decline = data.get("decline") or {}
    return Return(
        shopify_id=legacy_id(data["id"]),
        name=text(data.get("name")),
        status=text(filled(data, "status")).lower(),
        created_at=when(data.get("createdAt")),
        closed_at=when(data.get("closedAt")),
        decline=": ".join(
            filter(None, (text(decline.get("reason")).replace("_", " ").capitalize(), text(decline.get("note"))))
        ),
        lines=tuple(_read_line(line) for line in nodes(filled(data, "returnLineItems"))),
        received=tuple(
            Received(
                line_id=_line_of(line),
                kind=text(part["type"]).lower(),
                quantity=part["quantity"],
                location_id=legacy_id((part.get("location") or {}).get("id")),
            )
            for work in nodes(data.get("reverseFulfillmentOrders"))
            for line in nodes(filled(work, "lineItems"))
            for part in line["dispositions"]
        ),
        exchanges=sum(item["quantity"] for item in nodes(data.get("exchangeLineItems"))),
        exchanged=sum(item["processedQuantity"] for item in nodes(data.get("exchangeLineItems"))),
        refund_ids=tuple(legacy_id(item["id"]) for item in nodes(data.get("refunds"))),
    )


def _read_line(line: Mapping[str, Any]) -> ReturnLine:
    words = (line.get("returnReasonDefinition") or {}).get("name"), line.get("returnReasonNote")
    return ReturnLine(
        line_id=_line_of(line),
        quantity=filled(line, "quantity"),
        processed=line["processedQuantity"],
        refunded=line["refundedQuantity"],
        reason=": ".join(filter(None, map(text, words))),
    )


def _line_of(record: Mapping[str, Any]) -> str:
    """The order's line; '' for units that are traced to no shipment."""
    return legacy_id(((record.get("fulfillmentLineItem") or {}).get("lineItem") or {}).get("id"))
