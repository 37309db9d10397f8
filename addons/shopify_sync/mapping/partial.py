"""Shares of a line's stated amounts for an invoice or credit note of a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .money import round_half_up

_AMOUNTS = frozenset({"tax_amount_currency", "tax_amount", "base_amount_currency", "base_amount"})


def partial_amounts(
    given: Mapping[str, Any], before: float, quantity: float, places: int, company_places: int | None = None
) -> dict[str, Any]:
    """Tax amounts of `quantity` units of a line, after `before` units were invoiced.

    Each amount is the difference of two rounded running totals, so all parts together make the whole to the cent and
    the last part takes the rest.

    :param given: the line's `extra_tax_data` for its whole quantity, as Odoo's tax engine keeps it
    :param before: units invoiced already
    :param quantity: units of this part, not zero
    :param places: decimals of the order's currency
    :param company_places: decimals of the company's currency, in which the amounts without `_currency` are; None: as
        many as the order's currency has
    :return: `extra_tax_data` of the part
    """
    whole = Decimal(str(given["quantity"]))
    start, end = Decimal(str(before)), Decimal(str(before)) + Decimal(str(quantity))

    def share(key: str, value: float) -> float:
        amount = Decimal(str(value))
        decimals = places if key.endswith("_currency") or company_places is None else company_places

        def until(units: Decimal) -> Decimal:
            return amount if units == whole else round_half_up(amount * units / whole, decimals)

        return float(until(end) - until(start))

    part = {**given, "quantity": quantity}
    for key in ("manual_total_excluded_currency", "manual_total_excluded"):
        if key in given:
            part[key] = share(key, given[key])
    part["manual_tax_amounts"] = {
        tax: {key: share(key, value) if key in _AMOUNTS else value for key, value in amounts.items()}
        for tax, amounts in given["manual_tax_amounts"].items()
    }
    return part
