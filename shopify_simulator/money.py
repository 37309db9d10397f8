"""Money as Shopify keeps it: every amount in the shop's and in the customer's (presentment) currency.

Amounts are `Decimal`. Rounding is half up, as seen in Shopify's documents. In an order of two currencies an amount is
rounded in the customer's currency, converted, and rounded again; each column adds up by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)

_NO_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_STEPS = {0: Decimal(1), 2: Decimal("0.01"), 3: Decimal("0.001")}


def step(currency: str) -> Decimal:
    """Smallest amount of a currency: 1 for JPY, 0.001 for KWD, else 0.01."""
    if currency in _NO_DECIMALS:
        return _STEPS[0]
    return _STEPS[3] if currency in _THREE_DECIMALS else _STEPS[2]


def rounded(amount: Decimal, currency: str) -> Decimal:
    """``amount`` to the currency's decimals, half up (away from zero)."""
    return amount.quantize(step(currency), ROUND_HALF_UP)


def cut(amount: Decimal, currency: str) -> Decimal:
    """``amount`` cut down to the currency's decimals."""
    return amount.quantize(step(currency), ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class CurrencyPair:
    """The two currencies of an order. ``rate``: units of shop currency for one unit of the customer's currency."""

    shop: str
    presentment: str
    rate: Decimal = Decimal(1)

    def bag(self, presentment: Decimal) -> "Bag":
        """The bag of an amount in the customer's currency, rounded there first, then converted and rounded again."""
        amount = rounded(presentment, self.presentment)
        if self.shop == self.presentment:
            return Bag(amount, amount, self)
        return Bag(rounded(amount * self.rate, self.shop), amount, self)

    def zero(self) -> "Bag":
        """Nothing, in both currencies."""
        return Bag(ZERO, ZERO, self)

    def from_shop(self, amount: Decimal) -> Decimal:
        """An amount of the shop (a product's price) in the customer's currency, rounded."""
        return amount if self.shop == self.presentment else rounded(amount / self.rate, self.presentment)

    def total(self, bags: Iterable["Bag"]) -> "Bag":
        """Sum of bags, column by column."""
        shop = presentment = ZERO
        for bag in bags:
            shop += bag.shop
            presentment += bag.presentment
        return Bag(shop, presentment, self)


class Bag:
    """One amount in both currencies (Shopify's ``MoneyBag``). Never mixed with a bag of another order's currencies."""

    __slots__ = ("pair", "presentment", "shop")

    def __init__(self, shop: Decimal, presentment: Decimal, pair: CurrencyPair):
        self.shop = shop
        self.presentment = presentment
        self.pair = pair

    def __add__(self, other: "Bag") -> "Bag":
        return Bag(self.shop + other.shop, self.presentment + other.presentment, self.pair)

    def __sub__(self, other: "Bag") -> "Bag":
        return Bag(self.shop - other.shop, self.presentment - other.presentment, self.pair)

    def __neg__(self) -> "Bag":
        return Bag(-self.shop, -self.presentment, self.pair)

    def __mul__(self, count: int) -> "Bag":
        return Bag(self.shop * count, self.presentment * count, self.pair)

    def __bool__(self) -> bool:
        return bool(self.shop) or bool(self.presentment)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bag) and (self.shop, self.presentment) == (other.shop, other.presentment)

    def __hash__(self) -> int:
        return hash((self.shop, self.presentment))

    def __repr__(self) -> str:
        if self.pair.shop == self.pair.presentment:
            return f"{self.shop} {self.pair.shop}"
        return f"{self.shop} {self.pair.shop} ({self.presentment} {self.pair.presentment})"

    def share(self, part: int, whole: int) -> "Bag":
        """``part / whole`` of the amount, each column rounded by itself."""
        if part == whole:
            return self
        return Bag(
            rounded(self.shop * part / whole, self.pair.shop),
            rounded(self.presentment * part / whole, self.pair.presentment),
            self.pair,
        )


def spread(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Spread an order discount over lines by their amounts, as Shopify does.

    Each share is cut down to the cent; the cents left over go one each to the lines, from the first.
    20.00 over 94, 100, 100, 100 gives 4.78, 5.08, 5.07, 5.07. Lines without amount get nothing.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [ZERO for _ in weights]
    shares = [cut(amount * weight / whole, currency) for weight in weights]
    left, cent = amount - sum(shares, ZERO), step(currency)
    for index, weight in enumerate(weights):
        if left < cent:
            break
        if weight:
            shares[index] += cent
            left -= cent
    return shares
