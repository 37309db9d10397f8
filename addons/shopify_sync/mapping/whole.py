"""Whether the stored data of an order are whole, before any money is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import Refusal
from .money import decimal
from .reading import filled, nodes
from .wording import _lt

#: Lists from which quantities and money come: missing ones must not count as empty.
_LISTS = ("lineItems", "shippingLines", "additionalFees", "transactions", "refunds", "fulfillments")


def check_whole(order: Mapping[str, Any]) -> None:
    """Nothing an amount or a quantity is read from is missing, cut off or in a foreign currency.

    :raises Refusal: naming the order
    :raises KeyError: a field that every order has is missing
    """
    for name in _LISTS:
        filled(order, name)
    for transaction in order["transactions"]:
        filled(transaction, "kind")
        filled(transaction, "status")
    cut = [
        order["lineItems"],
        *(refund.get("refundLineItems") for refund in order["refunds"]),
        *(fulfillment.get("fulfillmentLineItems") for fulfillment in order["fulfillments"]),
    ]
    for returned in nodes(order.get("returns")):
        cut += [returned[name] for name in ("returnLineItems", "exchangeLineItems", "refunds")]
        cut += [work["lineItems"] for work in nodes(returned["reverseFulfillmentOrders"])]
        cut.append(returned["reverseFulfillmentOrders"])
    cut.append(order.get("returns"))
    if any(_more_follows(connection) for connection in cut):
        raise Refusal(
            "incomplete",
            _lt(
                "Only a part of the lines of order %(order)s was read from Shopify. Use 'Get again' to read the order "
                "anew.",
                order=order["name"],
            ),
        )
    _check_currencies(order)


def _more_follows(connection: Any) -> bool:
    """Whether a connection was read up to a page that is not its last."""
    info = connection.get("pageInfo") if isinstance(connection, Mapping) else None
    return bool(info and info.get("hasNextPage"))


def _check_currencies(order: Mapping[str, Any]) -> None:
    """Every amount is in the shop's or the customer's currency of the order; amounts of zero are not looked at."""
    expected = {side: order["totalPriceSet"][side]["currencyCode"] for side in ("shopMoney", "presentmentMoney")}
    waiting: list[Any] = [order]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            if "shopMoney" not in value:
                waiting.extend(item for item in value.values() if isinstance(item, (Mapping, list)))
                continue
            for side, currency in expected.items():
                money = value[side]
                if money["currencyCode"] != currency and decimal(money["amount"]):
                    raise Refusal(
                        "currency",
                        _lt(
                            "Order %(order)s is in %(currency)s but states an amount of %(amount)s %(other)s; amounts of "
                            "two currencies cannot be added.",
                            order=order["name"],
                            currency=currency,
                            amount=money["amount"],
                            other=money["currencyCode"],
                        ),
                    )
        else:
            waiting.extend(item for item in value if isinstance(item, (Mapping, list)))
