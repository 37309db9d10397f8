"""Taxes of an order, exactly as Shopify states them.

A tax is known by its key: title, rate, included or not, country, collected by the marketplace. Two authorities of one
rate keep two taxes. Shopify may list the same tax twice on a line (after an edit); both amounts count, the control of
totals finds the orders where Shopify itself counted only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, decimal, round_half_up, spread, stated


@dataclass(frozen=True, slots=True)
class TaxKey:
    """What makes a tax of a store one tax. `rate` is a fraction (0.19), `country` an ISO code or ''."""

    title: str
    rate: Decimal
    included: bool
    country: str
    marketplace: bool

    @property
    def match(self) -> tuple[str, Decimal, bool, str, bool]:
        """The key compared without letter case and outer spaces of the title."""
        return (self.title.strip().casefold(), self.rate.normalize(), self.included, self.country, self.marketplace)

    @property
    def percent(self) -> str:
        """The rate as people write it: 8.875 % for 0.08875."""
        return f"{self.rate * 100:.4f}".rstrip("0").rstrip(".") + " %"


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """One tax on one line, in the currency of the import."""

    key: TaxKey
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TaxContext:
    """What of the order belongs to a tax's key, and which names are fees in truth (in lower case).

    A fee inside the price (taxes included) stays a tax: it cannot be taken out of a unit price.
    """

    included: bool
    country: str
    side: Side
    fee_names: frozenset[str] = frozenset()


def read_taxes(
    tax_lines: Iterable[Mapping[str, Any]] | None, context: TaxContext
) -> tuple[dict[TaxKey, Decimal], dict[str, Decimal]]:
    """The taxes of a line summed by key, and what tax lines named as a fee charge, by name.

    Titles that differ in letter case or outer spaces only are one tax, under the title that came first. A tax line of 0.00 with a rate means that Shopify did not tax the line (not taxable, customer exempt, free
    shipping): it is left out, so that the line does not count into the base of that tax. A rate of zero is a real,
    zero-rated tax and stays.
    """
    taxes: dict[TaxKey, Decimal] = {}
    fees: dict[str, Decimal] = {}
    first: dict[tuple[str, Decimal, bool, str, bool], TaxKey] = {}
    for line in tax_lines or []:
        value, rate = stated(line, "priceSet", context.side), decimal(line.get("rate"))
        title = (line.get("title") or "").strip() or "Tax"
        if not context.included and title.casefold() in context.fee_names:
            if value:
                fees[title] = fees.get(title, ZERO) + value
            continue
        if not value and rate:
            continue
        key = TaxKey(title, rate, context.included, context.country, line.get("channelLiable") is True)
        key = first.setdefault(key.match, key)
        taxes[key] = taxes.get(key, ZERO) + value
    return taxes, fees


@dataclass(frozen=True, slots=True)
class Part:
    """One Odoo line of a Shopify line: itself or one of its discounts. Amounts in the currency of the import.

    `price` is the amount as priced (with included taxes), `net` the amount without any tax.
    """

    price: Decimal
    net: Decimal
    taxes: tuple[TaxAmount, ...]

    @property
    def gross(self) -> Decimal:
        """The amount with all taxes."""
        return self.net + sum((tax.amount for tax in self.taxes), ZERO)


def split(gross: Decimal, discounts: list[Decimal], taxes: Mapping[TaxKey, Decimal], places: int) -> list[Part]:
    """A line and its discounts as parts that add up to what Shopify charges and taxes for it.

    Shopify states the tax of a line after all its discounts; Odoo shows the line and each discount on lines of their
    own. The line takes the tax of its full price at the tax's rate, the discounts take back the rest. A line that is
    not taxed at its rate (the tax stands twice, is compound, or only a part of the price is taxed) shares its tax by
    amounts. A discount never adds tax, and a discount of zero has none.

    :param gross: unit price times quantity
    :param discounts: amounts taken off, positive
    :param taxes: the line's taxes after discounts
    :return: the line's part, then one part per discount, in order
    """
    prices = [gross, *(-value for value in discounts)]
    after = sum(prices, ZERO)
    included_rates = sum((key.rate for key in taxes if key.included), ZERO)
    shares: dict[TaxKey, list[Decimal]] = {}
    for key, value in taxes.items():
        shares[key] = _tax_shares(prices, after, key, value, included_rates, places)
    parts = []
    for index, price in enumerate(prices):
        amounts = tuple(TaxAmount(key, values[index]) for key, values in shares.items())
        inside = sum((tax.amount for tax in amounts if tax.key.included), ZERO)
        parts.append(Part(price, price - inside, amounts))
    return parts


def _tax_shares(
    prices: list[Decimal], after: Decimal, key: TaxKey, value: Decimal, included_rates: Decimal, places: int
) -> list[Decimal]:
    if not any(prices[1:]) or not value or not after:
        return [value, *[ZERO] * (len(prices) - 1)]

    def at_rate(price: Decimal) -> Decimal:
        base = price / (1 + included_rates) if key.included else price
        return round_half_up(base * key.rate, places)

    if abs(at_rate(after) - value) > Decimal(2).scaleb(-places):  # not taxed at its rate: follow the amounts
        if abs(value) > abs(after):  # what is left is too small to tell a rate from
            return [value, *[ZERO] * (len(prices) - 1)]
        return spread(value, prices, places)
    main = max(at_rate(prices[0]), value)
    return [main, *spread(value - main, prices[1:], places)]
