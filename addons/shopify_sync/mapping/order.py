"""One Shopify order as what Odoo should hold: Shopify's JSON in, one typed value out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .addresses import Address, read_address
from .customers import Company, Customer, read_buyer, read_company, read_customer
from .errors import Refusal
from .fulfillments import Fulfillment, read_cancelled, read_fulfillments
from .line import Line, Quantities
from .lines import read_lines
from .money import MoneyPair, Side, amount, digits, pair
from .payments import Gateways, Payment, nameless_code, read_gateways, read_payments
from .reading import legacy_id, nodes, text, when
from .refunds import Refund, read_refunds, refunded_shipping, refunded_units, removed_without_money
from .return_fees import less_fees_left, with_return_fees
from .returns import Return, are_known, read_returns
from .reversals import read_reversals, settled
from .risk import Risk, read_risk
from .routing import assigned_location, line_locations, open_units, standing
from .statuses import financial_status, order_status
from .taxes import TaxContext, TaxKey
from .totals import Difference, Totals, cash_rounding, contradictions, expected_totals
from .whole import check_whole
from .wording import _lt


@dataclass(frozen=True, slots=True)
class Options:
    """What changes the mapping. `fee_names` are tax names that are fees, in lower case. `cancelled_as_ordered`: a
    cancelled order is shown as it was ordered; off: as what is left of it, to settle what was invoiced before."""

    side: Side = Side.SHOP
    fee_names: frozenset[str] = frozenset()
    cancelled_as_ordered: bool = True


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """Terms of a B2B order."""

    name: str
    days: int | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """An order of Shopify. Times are naive UTC; amounts are in `currency` unless they are pairs.

    `customer` is the store's own record of the customer; `buyer` is the same, filled up from the order.
    `refunds` begin with what processed returns took off where that is credited (`Refund.is_reversal`).
    `returns_known`: off when the order has returns that could not be read.
    """

    shopify_id: str
    name: str
    confirmation_number: str
    source: str
    channel: str
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    staff_note: str
    test: bool
    note: str
    tags: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    po_number: str
    locale: str
    discount_codes: tuple[str, ...]
    checkout_ref: str
    currency: str
    total_pair: MoneyPair
    taxes_included: bool
    tax_exempt: bool
    financial_status: str
    order_status: str
    fulfillment_status: str
    is_pos: bool
    is_pickup: bool
    pickup_name: str
    location_id: str
    fulfillment_location_ids: tuple[str, ...]
    line_locations: tuple[tuple[str, str], ...]
    open_units: tuple[tuple[str, str, int], ...]
    buyer: Customer
    customer: Customer | None
    company: Company | None
    billing: Address | None
    shipping: Address | None
    terms: PaymentTerms | None
    lines: tuple[Line, ...]
    gateways: Gateways
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    returns: tuple[Return, ...]
    returns_known: bool
    fulfillments: tuple[Fulfillment, ...]
    cancelled_fulfillment_ids: frozenset[str]
    risk: Risk
    totals: Totals
    differences: tuple[Difference, ...]
    edited: bool

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def tax_keys(self) -> frozenset[TaxKey]:
        """Every tax on the order's lines."""
        return frozenset(tax.key for line in self.lines for tax in line.taxes)


def read_order(data: Mapping[str, Any], options: Options) -> Order:
    """Map one `Order` of Shopify, as the document `orders/OrderFields` asks for it.

    :raises Refusal: the record is not a whole order (a field every order has is missing, only a part of the lines
        was read), or mixes currencies
    """
    try:
        check_whole(data)
        return _read(data, options)
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        name = data.get("name") if isinstance(data, Mapping) else None
        raise Refusal(
            "unreadable",
            _lt(
                "The stored data of order %(order)s are incomplete (%(fault)s). Use 'Get again' to read the order from "
                "Shopify anew.",
                order=name or "?",
                fault=f"{type(error).__name__}: {error}",
            ),
        ) from error


def _read(data: Mapping[str, Any], options: Options) -> Order:
    side = options.side
    total_pair = pair(data["totalPriceSet"])
    currency = (total_pair.shop if side is Side.SHOP else total_pair.customer).currency
    places = digits(currency)
    billing, shipping = read_address(data.get("billingAddress")), read_address(data.get("shippingAddress"))
    is_pos = text(data.get("sourceName")) == "pos"
    # what is sold at the till is taxed where the till is, wherever the customer lives
    destination = shipping or (None if is_pos else billing)
    context = TaxContext(
        included=data["taxesIncluded"],
        country=destination.country if destination else "",
        side=side,
        fee_names=options.fee_names,
    )
    nameless = nameless_code(data)
    refunds = with_return_fees(data, read_refunds(data["refunds"], side, nameless), side)
    returns = read_returns(data)
    reversals = less_fees_left(data, read_reversals(data, returns, refunds, side, places), refunds, side)
    credited = settled(returns, reversals, refunds, data)
    taken = (*refunds, *reversals)
    as_ordered = bool(data.get("cancelledAt")) and options.cancelled_as_ordered
    quantities = Quantities(
        refunded_units(taken), refunded_shipping(refunds), removed_without_money(refunds), as_ordered=as_ordered
    )
    lines = read_lines(data, context, quantities, refunds, places)
    rounding = cash_rounding(data, side)
    if rounding:
        lines.append(Line("rounding", "rounding", "Cash rounding", 1, rounding, rounding, ()))
    expected = expected_totals(data, lines, refunds, side, as_ordered=as_ordered)
    stated = amount(data["totalPriceSet"], side)
    fulfilment_orders = standing(nodes(data.get("fulfillmentOrders")))
    pickup = next((fo for fo in fulfilment_orders if _method(fo) == "PICK_UP"), None)
    return Order(
        shopify_id=legacy_id(data["id"]),
        name=text(data["name"]),
        confirmation_number=text(data.get("confirmationNumber")),
        source=text(data.get("sourceName")),
        channel=_channel(data),
        created_at=when(data["createdAt"]),
        processed_at=when(data.get("processedAt") or data["createdAt"]),
        updated_at=when(data["updatedAt"]),
        closed_at=when(data.get("closedAt")),
        cancelled_at=when(data.get("cancelledAt")),
        cancel_reason=text(data.get("cancelReason")).lower(),
        staff_note=text((data.get("cancellation") or {}).get("staffNote")),
        test=bool(data.get("test")),
        note=text(data.get("note")),
        tags=tuple(dict.fromkeys(filter(None, (text(tag) for tag in data.get("tags") or ())))),
        attributes=tuple((item["key"], text(item.get("value"))) for item in data.get("customAttributes") or []),
        po_number=text(data.get("poNumber")),
        locale=text(data.get("customerLocale")),
        discount_codes=tuple(data.get("discountCodes") or ()),
        checkout_ref=text(data.get("checkoutToken")),
        currency=currency,
        total_pair=total_pair,
        taxes_included=context.included,
        tax_exempt=bool(data.get("taxExempt")),
        financial_status=financial_status(data.get("displayFinancialStatus"), stated),
        order_status=order_status(data.get("displayFulfillmentStatus")),
        fulfillment_status=text(data.get("displayFulfillmentStatus")).lower(),
        is_pos=is_pos,
        is_pickup=pickup is not None,
        pickup_name=text((pickup.get("assignedLocation") or {}).get("name")) if pickup else "",
        location_id=legacy_id((data.get("retailLocation") or {}).get("id")),
        fulfillment_location_ids=tuple(
            dict.fromkeys(filter(None, (assigned_location(fo) for fo in fulfilment_orders)))
        ),
        line_locations=line_locations(fulfilment_orders),
        open_units=open_units(fulfilment_orders),
        buyer=read_buyer(data, billing, shipping),
        customer=read_customer(data["customer"]) if data.get("customer") else None,
        company=read_company(data),
        billing=billing,
        shipping=shipping,
        terms=_terms(data.get("paymentTerms")),
        lines=tuple(lines),
        gateways=read_gateways(data, stated, side),
        payments=read_payments(data["transactions"], side, nameless),
        refunds=(*credited, *refunds),
        returns=returns,
        returns_known=are_known(data),
        fulfillments=read_fulfillments(data.get("fulfillments")),
        cancelled_fulfillment_ids=read_cancelled(data.get("fulfillments")),
        risk=read_risk(data.get("risk")),
        totals=expected,
        differences=contradictions(data, lines, taken, expected, side),
        edited=bool(data.get("edited")),
    )


def _channel(data: Mapping[str, Any]) -> str:
    attribution, app = data.get("attribution") or {}, data.get("app") or {}
    return text(attribution.get("displayName")) or text(app.get("name")) or text(data.get("sourceName"))


def _method(fulfillment_order: Mapping[str, Any]) -> str:
    return text((fulfillment_order.get("deliveryMethod") or {}).get("methodType"))


def _terms(data: Mapping[str, Any] | None) -> PaymentTerms | None:
    if not data:
        return None
    schedules = nodes(data.get("paymentSchedules"))
    due = when(schedules[0].get("dueAt")) if schedules else None
    return PaymentTerms(text(data.get("paymentTermsName")), data.get("dueInDays"), due)
