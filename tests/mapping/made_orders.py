"""Orders made by hand, in the shape of our document `orders/OrderFields`, with totals that add up as Shopify's do.

Amounts are given in the shop's currency; the customer's currency is the same times `FACTOR` of the currency, so that
both columns add up and no amount is the same in both.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mapping import Options, Order, Side, read_order

FACTOR = {"USD": 1, "EUR": 1, "KWD": 1, "JPY": 1, "GBP": 2}
SHOP = Options()
CUSTOMER = Options(side=Side.CUSTOMER)
_SERIAL = itertools.count(1)


def at(text: str) -> datetime:
    """A time without a zone, as Odoo stores UTC."""
    return datetime.fromisoformat(text)


def gid(kind: str, ident: str | int) -> str:
    return f"gid://shopify/{kind}/{ident}"


def money(value: Any, currency: str = "USD", customer: str = "") -> dict[str, Any]:
    """A `MoneyBag`."""
    customer = customer or currency
    factor = 1 if customer == currency else FACTOR[customer]
    value = Decimal(str(value))
    return {
        "shopMoney": {"amount": str(value), "currencyCode": currency},
        "presentmentMoney": {"amount": str(value * factor), "currencyCode": customer},
    }


def tax(title: str, rate: Any, value: Any, liable: bool | None = None) -> dict[str, Any]:
    return {"title": title, "rate": rate, "channelLiable": liable, "priceSet": money(value)}


def discount(value: Any, index: int = 0) -> dict[str, Any]:
    return {"allocatedAmountSet": money(value), "discountApplication": {"index": index}}


def line(price: Any, quantity: int = 1, ident: str = "", discounts: Iterable = (), taxes: Iterable = (), **fields: Any):
    """A line item with a product; `discounts` are amounts or made by `discount`."""
    ident = ident or str(next(_SERIAL))
    return {
        "id": gid("LineItem", ident),
        "title": "Mug",
        "name": "Mug - blue",
        "variantTitle": "blue",
        "sku": f"MUG-{ident}",
        "vendor": "Potter",
        "quantity": quantity,
        "currentQuantity": quantity,
        "isGiftCard": False,
        "requiresShipping": True,
        "customAttributes": [],
        "product": {"id": gid("Product", 7)},
        "variant": {"id": gid("ProductVariant", 8), "barcode": "4006381333931"},
        "originalUnitPriceSet": money(price),
        "discountAllocations": [item if isinstance(item, dict) else discount(item) for item in discounts],
        "taxLines": list(taxes),
        "duties": [],
        "lineItemGroup": None,
        **fields,
    }


def loose_line(price: Any, title: str, **fields: Any) -> dict[str, Any]:
    """A custom item that is not shipped: a service, or a tip given at the till."""
    return line(price, title=title, sku="", product=None, variant=None, requiresShipping=False, **fields)


def shipping(price: Any, ident: str | None = "55", discounts: Iterable = (), taxes: Iterable = (), **fields: Any):
    return {
        "id": gid("ShippingLine", ident) if ident else None,
        "title": "Standard",
        "code": "STD",
        "source": "shopify",
        "isRemoved": False,
        "originalPriceSet": money(price),
        "discountAllocations": [item if isinstance(item, dict) else discount(item) for item in discounts],
        "taxLines": list(taxes),
        **fields,
    }


def duty(price: Any, ident: str = "9", taxes: Iterable = ()) -> dict[str, Any]:
    return {
        "id": gid("Duty", ident),
        "harmonizedSystemCode": "691110",
        "countryCodeOfOrigin": "CN",
        "price": money(price),
        "taxLines": list(taxes),
    }


def fee(price: Any, name: str = "Deposit", ident: str = "7", taxes: Iterable = ()) -> dict[str, Any]:
    return {"id": gid("AdditionalFee", ident), "name": name, "price": money(price), "taxLines": list(taxes)}


def transaction(
    value: Any, kind: str = "SALE", status: str = "SUCCESS", gateway: str | None = "shopify_payments", **fields
):
    return {
        "id": gid("OrderTransaction", next(_SERIAL)),
        "kind": kind,
        "status": status,
        "gateway": gateway,
        "processedAt": "2026-03-02T10:00:00Z",
        "createdAt": "2026-03-02T09:59:59Z",
        "test": False,
        "paymentId": "pay-1",
        "amountSet": money(value),
        "amountRoundingSet": None,
        "parentTransaction": None,
        **fields,
    }


def child(parent: Mapping[str, Any], value: Any, kind: str, **fields: Any) -> dict[str, Any]:
    """A transaction that follows another."""
    return transaction(
        value, kind, **{"gateway": parent["gateway"], "parentTransaction": {"id": parent["id"]}, **fields}
    )


def taken_back(item: Mapping[str, Any], quantity: int, subtotal: Any, tax: Any = 0, restock: str = "NO_RESTOCK"):
    """A line of a refund."""
    return {
        "quantity": quantity,
        "restockType": restock,
        "lineItem": {"id": item["id"]},
        "location": {"id": gid("Location", 3)},
        "priceSet": item["originalUnitPriceSet"],
        "subtotalSet": money(subtotal),
        "totalTaxSet": money(tax),
    }


def shipping_back(item: Mapping[str, Any], subtotal: Any, tax: Any = 0) -> dict[str, Any]:
    return {
        "shippingLine": {"id": item["id"]},
        "subtotalAmountSet": money(subtotal),
        "taxAmountSet": money(tax),
    }


def adjustment(value: Any, tax: Any = 0, reason: str = "REFUND_DISCREPANCY") -> dict[str, Any]:
    """Negative when more is given back than the lines are worth."""
    return {"id": gid("OrderAdjustment", 1), "reason": reason, "amountSet": money(value), "taxAmountSet": money(tax)}


def refund(
    *lines: Mapping[str, Any],
    money_back: Any = 0,
    status: str = "SUCCESS",
    ships: Iterable = (),
    adjustments: Iterable = (),
    duties: Iterable = (),
    gateway: str | None = "shopify_payments",
    **fields: Any,
) -> dict[str, Any]:
    """A refund; with `money_back` it has a transaction of that amount, without it only took items off the order."""
    transactions = [transaction(money_back, "REFUND", status, gateway)] if Decimal(str(money_back)) else []
    return {
        "id": gid("Refund", next(_SERIAL)),
        "createdAt": "2026-03-03T10:00:00Z",
        "processedAt": "2026-03-03T10:00:00Z",
        "note": "",
        "totalRefundedSet": money(money_back if status == "SUCCESS" else 0),
        "refundLineItems": {"nodes": list(lines)},
        "refundShippingLines": {"nodes": list(ships)},
        "orderAdjustments": {"nodes": list(adjustments)},
        "duties": list(duties),
        "transactions": {"nodes": transactions},
        **fields,
    }


def fulfillment(*units, status="SUCCESS", **fields):
    return {
        "id": gid("Fulfillment", 60),
        "name": "#1001-F1",
        "status": status,
        "createdAt": "2026-03-03T09:00:00Z",
        "trackingInfo": [{"company": "DHL", "number": "JD01", "url": "https://example.com/JD01"}],
        "location": {"id": gid("Location", 3)},
        "fulfillmentLineItems": {
            "nodes": [{"quantity": count, "lineItem": {"id": item["id"]}} for item, count in units]
        },
        **fields,
    }


def _value(bag: Mapping[str, Any] | None) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"]) if bag else Decimal(0)


def _charged(item: Mapping[str, Any], price: str) -> Decimal:
    off = sum((_value(part["allocatedAmountSet"]) for part in item["discountAllocations"]), Decimal(0))
    return _value(item[price]) * item.get("quantity", 1) - off


def _taxed(items: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((_value(part["priceSet"]) for item in items for part in item["taxLines"]), Decimal(0))


def _given_back(data: Mapping[str, Any], included: bool) -> Decimal:
    """What a refund takes off the order's total."""
    lines, ships = data["refundLineItems"]["nodes"], data["refundShippingLines"]["nodes"]
    adjustments = data["orderAdjustments"]["nodes"]
    value = sum((_value(item["subtotalSet"]) for item in lines), Decimal(0))
    value += sum((_value(item["subtotalAmountSet"]) for item in ships), Decimal(0))
    value += sum((_value(item["amountSet"]) for item in data["duties"]), Decimal(0))
    value -= sum((_value(item["amountSet"]) for item in adjustments), Decimal(0))
    if not included:
        value += sum((_value(item["totalTaxSet"]) for item in lines), Decimal(0))
        value += sum((_value(item["taxAmountSet"]) for item in ships), Decimal(0))
        value -= sum((_value(item["taxAmountSet"]) for item in adjustments), Decimal(0))
    return value


def order(
    *lines: dict[str, Any],
    ships: Iterable[dict[str, Any]] = (),
    fees: Iterable[dict[str, Any]] = (),
    refunds: Iterable[dict[str, Any]] = (),
    transactions: Iterable[dict[str, Any]] = (),
    included: bool = False,
    tip: Any = 0,
    tip_in_lines: bool = False,
    duties_inside: bool = False,
    rounding: Any = 0,
    currency: str = "USD",
    customer_currency: str = "",
    **fields: Any,
) -> dict[str, Any]:
    """A whole order. Its totals are counted from its parts as Shopify counts them, before returns."""
    ships, fees, refunds = list(ships), list(fees), list(refunds)
    duties = [item for data in lines for item in data["duties"]]
    subtotal = sum((_charged(item, "originalUnitPriceSet") for item in lines), Decimal(0))
    shipped = sum((_charged(item, "originalPriceSet") for item in ships), Decimal(0))
    beside = sum((_value(item["price"]) for item in [*fees, *([] if duties_inside else duties)]), Decimal(0))
    taxed = _taxed([*lines, *ships, *fees, *duties])
    total = subtotal + shipped + beside
    total += (Decimal(0) if included else taxed) + (Decimal(0) if tip_in_lines else Decimal(str(tip)))
    for data in refunds:
        for item in data["refundLineItems"]["nodes"]:
            back = next(one for one in lines if one["id"] == item["lineItem"]["id"])
            back["currentQuantity"] -= item["quantity"]
    current = total - sum((_given_back(data, included) for data in refunds), Decimal(0))
    made = {
        "id": gid("Order", 1001),
        "name": "#1001",
        "number": 1001,
        "confirmationNumber": "ABC123",
        "sourceName": "web",
        "app": {"id": gid("App", 1), "name": "Online Store"},
        "attribution": None,
        "retailLocation": None,
        "test": False,
        "edited": False,
        "createdAt": "2026-03-01T23:30:00Z",
        "processedAt": "2026-03-02T00:15:00+01:00",
        "updatedAt": "2026-03-04T08:00:00Z",
        "closedAt": None,
        "cancelledAt": None,
        "cancelReason": None,
        "cancellation": None,
        "note": None,
        "tags": [],
        "customAttributes": [],
        "poNumber": None,
        "email": "Jane@Example.com ",
        "phone": None,
        "customerLocale": "en-US",
        "discountCodes": [],
        "checkoutToken": None,
        "taxesIncluded": included,
        "taxExempt": False,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "paymentGatewayNames": [],
        "totalPriceSet": money(total),
        "subtotalPriceSet": money(subtotal - (Decimal(str(tip)) if tip_in_lines else 0)),
        "totalTaxSet": money(taxed),
        "totalTipReceivedSet": money(tip),
        "currentTotalPriceSet": money(current),
        "originalTotalDutiesSet": money(sum((_value(item["price"]) for item in duties), Decimal(0)))
        if duties
        else None,
        "totalCashRoundingAdjustment": {"paymentSet": money(rounding), "refundSet": money(0)},
        "additionalFees": fees,
        "customer": None,
        "billingAddress": None,
        "shippingAddress": None,
        "purchasingEntity": None,
        "paymentTerms": None,
        "shippingLines": {"nodes": ships},
        "discountApplications": {"nodes": []},
        "lineItems": {"nodes": list(lines), "pageInfo": {"hasNextPage": False, "endCursor": None}},
        "transactions": list(transactions),
        "refunds": refunds,
        "fulfillments": [],
        "fulfillmentOrders": {"nodes": []},
        "risk": {"recommendation": "NONE", "assessments": []},
        **fields,
    }
    return in_currencies(made, currency, customer_currency or currency)


def in_currencies(value: Any, currency: str, customer: str) -> Any:
    """The same data with every `MoneyBag` in these two currencies."""
    if isinstance(value, list):
        return [in_currencies(item, currency, customer) for item in value]
    if not isinstance(value, dict):
        return value
    if "shopMoney" in value:
        return money(value["shopMoney"]["amount"], currency, customer)
    return {key: in_currencies(item, currency, customer) for key, item in value.items()}


def mapped(*lines: dict[str, Any], options: Options = SHOP, **fields: Any) -> Order:
    """The mapped order, made as by `order`."""
    return read_order(order(*lines, **fields), options)


def total_of(found: Order) -> Decimal:
    """What the mapped lines come to, with taxes."""
    return sum((item.gross for item in found.lines), Decimal(0))


def kinds(found: Order) -> list[str]:
    return [item.kind for item in found.lines]


def only(found: Order, kind: str):
    """The one line of a kind."""
    (item,) = [item for item in found.lines if item.kind == kind]
    return item


def tax_of(found: Order) -> Decimal:
    return sum((part.amount for item in found.lines for part in item.taxes), Decimal(0))


def assert_adds_up(found: Order) -> None:
    """The lines come to the totals, the document does not contradict itself, and every line has a key of its own."""
    assert found.differences == ()
    assert total_of(found) == found.totals.total
    assert tax_of(found) == found.totals.tax
    assert found.totals.untaxed + found.totals.tax == found.totals.total
    keys = [item.key for item in found.lines]
    assert len(keys) == len(set(keys))
