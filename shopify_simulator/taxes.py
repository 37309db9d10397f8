"""Taxes of a line as Shopify computes them: per line and tax, rounded half up once, included or on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import Bag, CurrencyPair


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax that applies to a line. ``rate`` as a proportion (0.2 for 20 %)."""

    title: str
    rate: Decimal
    channel_liable: bool | None = False
    source: str | None = "Shopify"


@dataclass(slots=True)
class TaxLine:
    """Tax of one rate on one line (Shopify's ``TaxLine``), after discounts, before returns."""

    title: str
    rate: Decimal | None
    price_set: Bag
    channel_liable: bool | None = False
    source: str | None = "Shopify"

    typename = "TaxLine"

    @property
    def rate_percentage(self) -> Decimal | None:
        """The rate as a percentage."""
        return None if self.rate is None else self.rate * 100


def tax_lines(
    net: Decimal, rates: Sequence[TaxRate], included: bool, pair: CurrencyPair, taxable: bool = True
) -> list[TaxLine]:
    """Tax lines of one line.

    ``net``: the line's amount after discounts in the customer's currency (with tax in it when ``included``).
    Several included taxes share one base: net x r / (1 + sum of rates). An untaxable line carries tax lines of 0.00.
    """
    base = net / (1 + sum((rate.rate for rate in rates), Decimal(0))) if included else net
    return [
        TaxLine(
            rate.title,
            rate.rate,
            pair.bag(base * rate.rate) if taxable else pair.zero(),
            rate.channel_liable,
            rate.source,
        )
        for rate in rates
    ]


def merged(lines: Sequence[TaxLine], pair: CurrencyPair) -> list[TaxLine]:
    """Tax lines of the whole order: one for each title and rate, in order of appearance."""
    found: dict[tuple, TaxLine] = {}
    for line in lines:
        key = (line.title, line.rate, line.channel_liable)
        if key in found:
            found[key].price_set += line.price_set
        else:
            found[key] = TaxLine(line.title, line.rate, line.price_set, line.channel_liable, line.source)
    return list(found.values())
