"""Shopify ids. Every record has a number of its own; parts of an order carry the order's serial in theirs.

So any part of a generated order is found by its id without keeping an index of all parts in memory.
"""

import re

_GID = re.compile(r"^gid://shopify/([A-Za-z]+)/(\d+)(?:\?.*)?$")

_BASES = {
    "Order": 5_900_000_000_000,
    "Customer": 7_100_000_000_000,
    "Company": 1_300_000_000,
    "CompanyLocation": 1_400_000_000,
    "CompanyContact": 1_500_000_000,
    "Product": 8_100_000_000_000,
    "ProductVariant": 44_000_000_000_000,
    "InventoryItem": 46_000_000_000_000,
    "InventoryLevel": 110_000_000_000,
    "Location": 71_000_000_000,
    "MailingAddress": 9_000_000_000_000,
    "Metafield": 25_000_000_000_000,
    "MediaImage": 33_000_000_000_000,
    "Collection": 440_000_000_000,
    "Publication": 160_000_000_000,
    "Channel": 165_000_000_000,
    "PriceList": 18_000_000_000,
    "ShopifyPaymentsPayout": 95_000_000_000,
    "ShopifyPaymentsBalanceTransaction": 2_100_000_000_000,
    "ShopifyPaymentsDispute": 96_000_000_000,
    "BalanceTransfer": 2_300_000_000_000,
}

_PARTS = {
    "LineItem": 14_000_000_000_000,
    "ShippingLine": 4_800_000_000_000,
    "OrderTransaction": 7_400_000_000_000,
    "TransactionFee": 1_900_000_000_000,
    "Refund": 930_000_000_000,
    "RefundLineItem": 620_000_000_000,
    "RefundShippingLine": 650_000_000_000,
    "OrderAdjustment": 350_000_000_000,
    "Fulfillment": 5_300_000_000_000,
    "FulfillmentLineItem": 13_500_000_000_000,
    "FulfillmentOrder": 6_900_000_000_000,
    "FulfillmentOrderLineItem": 15_700_000_000_000,
    "FulfillmentHold": 2_400_000_000_000,
    "DeliveryMethod": 880_000_000_000,
    "PaymentTerms": 980_000_000_000,
    "Duty": 760_000_000_000,
    "AdditionalFee": 540_000_000_000,
    "LineItemGroup": 470_000_000_000,
    "SalesAgreement": 17_000_000_000_000,
    "Sale": 19_000_000_000_000,
    "Metafield": 27_000_000_000_000,
    "Return": 3_100_000_000_000,
    "ReturnLineItem": 3_200_000_000_000,
    "ExchangeLineItem": 3_300_000_000_000,
    "ReverseFulfillmentOrder": 3_400_000_000_000,
    "ReverseFulfillmentOrderLineItem": 3_500_000_000_000,
    "ReverseFulfillmentOrderDisposition": 3_600_000_000_000,
    "RestockingFee": 3_700_000_000_000,
    "ReturnShippingFee": 3_800_000_000_000,
}

_ROOM = 1_000
"""Parts of one type that an order can have."""


def gid(typename: str, number: int) -> str:
    """``gid://shopify/Order/123``."""
    return f"gid://shopify/{typename}/{number}"


def parse_gid(text: str) -> tuple[str, int] | None:
    """Type and number of a gid, None when it is none."""
    match = _GID.match(text or "")
    return (match.group(1), int(match.group(2))) if match else None


def number_for(typename: str, serial: int) -> int:
    """Number of the ``serial``-th record of a type."""
    return _BASES[typename] + serial


def serial_of(typename: str, number: int) -> int:
    """The reverse of `number_for`."""
    return number - _BASES[typename]


def part_number(typename: str, order_serial: int, count: int) -> int:
    """Number of the ``count``-th part of a type on an order."""
    return _PARTS[typename] + order_serial * _ROOM + count


def order_serial_of(typename: str, number: int) -> int | None:
    """Serial of the order that a part belongs to, None for types that are no parts of orders."""
    base = _PARTS.get(typename)
    return None if base is None else (number - base) // _ROOM


def number_in(given: object) -> int | None:
    """The number of an id given as number, digits or gid; None for anything else."""
    if isinstance(given, int):
        return given
    if isinstance(given, str):
        if given.isdigit():
            return int(given)
        parsed = parse_gid(given)
        return parsed[1] if parsed else None
    return None
