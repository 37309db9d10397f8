"""Shares of a line's stated amounts for an invoice or credit note of a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .money import round_half_up

_AMOUNTS = ("tax_amount_currency", "tax_amount", "base_amount_currency", "base_amount")


def partial_amounts(given: Mapping[str, Any], before: float, quantity: float, places: int) -> dict[str, Any]:
    """Tax amounts of `quantity` units of a line, after `before` units were invoiced.

    Each amount is the difference of two rounded running totals, so all parts together make the whole to the cent and
    the last part takes the rest.

    :param given: the line's `extra_tax_data` for its whole quantity, as Odoo's tax engine keeps it
    :param before: units invoiced already
    :param quantity: units of this part, not zero
    :return: `extra_tax_data` of the part
    """
    whole = Decimal(str(given["quantity"]))
    start, end = Decimal(str(before)), Decimal(str(before)) + Decimal(str(quantity))

    def share(value: float) -> float:
        amount = Decimal(str(value))
        return float(round_half_up(amount * end / whole, places) - round_half_up(amount * start / whole, places))

    part = {**given, "quantity": quantity}
    for key in ("manual_total_excluded_currency", "manual_total_excluded"):
        if key in given:
            part[key] = share(given[key])
    part["manual_tax_amounts"] = {
        tax: {key: share(value) if key in _AMOUNTS else value for key, value in amounts.items()}
        for tax, amounts in given["manual_tax_amounts"].items()
    }
    return part
