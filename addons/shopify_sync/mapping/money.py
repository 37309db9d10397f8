"""Money as Shopify states it: decimals with their currency, in pairs that cannot be mixed.

Shopify gives every amount twice, in the shop's currency and in the currency the customer saw (`MoneyBag`). One order is
imported in one of the two; the choice is a `Side`, and every amount is read on that side only. Amounts are `Decimal`,
never float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any

ZERO = Decimal(0)

#: ISO 4217 currencies without decimals, then those with three.
_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


class Side(Enum):
    """Which of Shopify's two amounts an order is imported in."""

    SHOP = "shopMoney"
    CUSTOMER = "presentmentMoney"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO code)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class MoneyPair:
    """One amount as the shop and as the customer see it."""

    shop: Money
    customer: Money

    def on(self, side: Side) -> Decimal:
        """The amount on one side."""
        return (self.shop if side is Side.SHOP else self.customer).amount


def decimal(value: Any) -> Decimal:
    """A decimal from Shopify's text or number; nothing gives zero.

    :raises ValueError, ArithmeticError: no finite number
    """
    if value in (None, ""):
        return ZERO
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value} is no amount")
    return number


def pair(bag: Mapping[str, Any] | None) -> MoneyPair | None:
    """A `MoneyBag` of Shopify as a pair; None where Shopify has none."""
    if not bag:
        return None
    shop, customer = bag["shopMoney"], bag["presentmentMoney"]
    return MoneyPair(
        Money(decimal(shop["amount"]), shop["currencyCode"]),
        Money(decimal(customer["amount"]), customer["currencyCode"]),
    )


def amount(bag: Mapping[str, Any] | None, side: Side) -> Decimal:
    """The amount of a `MoneyBag` on one side; zero where Shopify has none."""
    return decimal(bag[side.value]["amount"]) if bag else ZERO


def stated(record: Mapping[str, Any], field: str, side: Side) -> Decimal:
    """The amount of a field that Shopify always fills.

    :raises KeyError: the field is missing or empty, so that a lost amount never counts as zero
    """
    bag = record[field]
    value = bag[side.value]["amount"] if bag else None
    if value in (None, ""):
        raise KeyError(field)
    return decimal(value)


def digits(currency: str) -> int:
    """How many decimals amounts of a currency have at Shopify."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def unit(places: int) -> Decimal:
    """The smallest amount with so many decimals: 2 gives 0.01."""
    return Decimal(1).scaleb(-places)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Rounded as Shopify rounds taxes: half goes up, away from zero."""
    return value.quantize(unit(places), ROUND_HALF_UP)


def spread(total: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
    """Split an amount by weights, exact to the last unit.

    Each share is cut down to the unit; what is left over goes, one unit each, to the shares that lost most (the first
    of equals). Weights may be negative as long as their sum is not zero; a sum of zero gives everything to the first.
    The shares always add up to `total`, which may have more decimals than `places` (the first share that has a weight
    takes the dust); a share without a weight gets nothing.
    """
    if not weights:
        return []
    whole = sum(weights, ZERO)
    if whole == 0:
        return [total, *[ZERO] * (len(weights) - 1)]
    step = unit(places)
    exact = [total * weight / whole for weight in weights]
    shares = [value.quantize(step, ROUND_DOWN) for value in exact]
    left = total - sum(shares, ZERO)
    sign = 1 if left >= 0 else -1
    order = sorted(range(len(shares)), key=lambda i: -sign * (exact[i] - shares[i]))
    for index in order:
        if abs(left) < step:
            break
        shares[index] += sign * step
        left -= sign * step
    shares[next(index for index, weight in enumerate(weights) if weight)] += left
    return shares


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts, a decimal also when there are none."""
    return sum(amounts, ZERO)
