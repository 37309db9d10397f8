"""Returns, what was received of them, and what is sent instead."""

from __future__ import annotations

from ..events.returns import status_of
from .common import Box, Weight, number_of
from .lookup import part_of_order
from .registry import aliases, constants, resolver

_REASON_NUMBERS = 4_100_000


@resolver("Order.returns")
def returns(one, _info, query=None, **_args):
    del query
    return one.returns


@resolver("QueryRoot.return")
def return_(_root, info, id):  # noqa: A002
    return part_of_order(info.context, "Return", number_of(id, "Return"))


@resolver("QueryRoot.reverseFulfillmentOrder")
def reverse_fulfillment_order(_root, info, id):  # noqa: A002
    return part_of_order(info.context, "ReverseFulfillmentOrder", number_of(id, "ReverseFulfillmentOrder"))


@resolver("Refund.return")
def return_of_refund(one, _info):
    return next((ret for ret in one.order.returns if one in ret.refunds), None)


@resolver("Return.returnLineItems")
def return_lines(one, _info, processingStatus=None, **_args):
    del processingStatus
    return one.lines


@resolver("Return.exchangeLineItems")
def exchange_lines(one, _info, processingStatus=None, includeRemovedItems=False, **_args):
    del processingStatus, includeRemovedItems
    return one.exchanges


def _reason(line) -> Box:
    name = line.reason.replace("_", " ").capitalize()
    return Box(
        "ReturnReasonDefinition",
        id=_REASON_NUMBERS + sum(map(ord, line.reason)),
        handle=line.reason.lower().replace("_", "-"),
        name=name,
        deleted=False,
    )


def _refundable(line) -> int:
    return line.quantity - line.refunded_quantity


def _unprocessed(line) -> int:
    return line.quantity - line.processed_quantity


def _processable(line) -> int:
    return line.open_quantity


aliases(
    {
        "Order.returnStatus": status_of,
        "Return.decline": lambda one: one.decline_reason and Box(reason=one.decline_reason, note=one.decline_note),
        "Return.reverseFulfillmentOrders": lambda one: one.reverse_orders,
        "Return.refunds": lambda one: one.refunds,
        "Return.transactions": lambda one: [part for refund in one.refunds for part in refund.transactions],
        "ReturnLineItem.returnReason": lambda line: line.reason,
        "ReturnLineItem.returnReasonDefinition": _reason,
        "ReturnLineItem.refundableQuantity": _refundable,
        "ReturnLineItem.unprocessedQuantity": _unprocessed,
        "ReturnLineItem.processableQuantity": _processable,
        "ReturnLineItem.totalWeight": lambda line: Weight(
            line.fulfillment_line_item.line_item.weight_grams * line.quantity
        ),
        "ReturnLineItem.withCodeDiscountedTotalPriceSet": lambda line: line.fulfillment_line_item.line_item.net.share(
            line.quantity, line.fulfillment_line_item.line_item.quantity
        ),
        "ExchangeLineItem.lineItems": lambda one: one.lines,
        "ExchangeLineItem.lineItem": lambda one: next(iter(one.lines), None),
        "ExchangeLineItem.unprocessedQuantity": _unprocessed,
        "ExchangeLineItem.processableQuantity": _unprocessed,
        "ReverseFulfillmentOrder.lineItems": lambda one: one.lines,
        "ReturnAgreement.id": lambda one: f"gid://shopify/SalesAgreement/{one.id}",
        "ReturnAgreement.return": lambda one: one.return_,
    }
)
constants(
    {
        "Return.staffMember": None,
        "ReverseFulfillmentOrder.reverseDeliveries": [],
        "ReverseFulfillmentOrder.thirdPartyConfirmation": None,
        "ReturnAgreement.app": None,
        "ReturnAgreement.user": None,
    }
)
