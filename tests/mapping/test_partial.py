"""Invoices of a part of a line: all parts together are the line, to the last unit of both currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.partial import partial_amounts

IN_ORDER = ("tax_amount_currency", "base_amount_currency")
IN_COMPANY = ("tax_amount", "base_amount")


def amounts_of(part):
    """Every amount of a part, by name, as decimals."""
    found = {key: part[key] for key in ("manual_total_excluded_currency", "manual_total_excluded")}
    for tax, amounts in part["manual_tax_amounts"].items():
        found |= {f"{tax}.{key}": value for key, value in amounts.items()}
    return {key: Decimal(str(value)) for key, value in found.items()}


@st.composite
def lines(draw):
    """A line's given amounts, and the parts in which it is invoiced."""
    places, company_places = draw(st.sampled_from([0, 2, 3])), draw(st.sampled_from([0, 2, 3]))

    def amount(decimals):
        return float(Decimal(draw(st.integers(-(10**6), 10**6))).scaleb(-decimals))

    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    line = {
        "currency_id": 1,
        "price_unit": 9.99,
        "discount": 0.0,
        "rate": 1.5,
        "quantity": float(sum(parts)),
        "manual_total_excluded_currency": amount(places),
        "manual_total_excluded": amount(company_places),
        "manual_tax_amounts": {
            str(tax): {
                **{key: amount(places) for key in IN_ORDER},
                **{key: amount(company_places) for key in IN_COMPANY},
            }
            for tax in range(draw(st.integers(0, 2)))
        },
    }
    return line, parts, places, company_places


@given(lines())
def test_all_parts_together_are_the_whole_line(case):
    line, parts, places, company_places = case
    sums, before = {}, 0.0
    for quantity in parts:
        part = partial_amounts(line, before, quantity, places, company_places)
        assert part["quantity"] == quantity
        for key, value in amounts_of(part).items():
            sums[key] = sums.get(key, Decimal(0)) + value
            decimals = places if key.endswith("_currency") else company_places
            assert value == round(value, decimals)
        before += quantity
    assert sums == amounts_of(line)


@given(lines())
def test_a_part_is_within_one_unit_of_its_share(case):
    line, parts, places, company_places = case
    part = amounts_of(partial_amounts(line, 0, parts[0], places, company_places))
    for key, value in amounts_of(line).items():
        unit = Decimal(1).scaleb(-(places if key.endswith("_currency") else company_places))
        assert abs(part[key] - value * parts[0] / sum(parts)) <= unit


def test_a_yen_order_of_a_euro_company_keeps_the_cents_of_the_euros():
    given = {
        "quantity": 2.0,
        "manual_total_excluded_currency": 2001.0,
        "manual_total_excluded": 12.34,
        "manual_tax_amounts": {
            "7": {
                "tax_amount_currency": 200.0,
                "tax_amount": 1.23,
                "base_amount_currency": 2001.0,
                "base_amount": 12.34,
            }
        },
    }
    part = partial_amounts(given, 0, 1, 0, 2)
    assert (part["manual_total_excluded_currency"], part["manual_total_excluded"]) == (1001.0, 6.17)
    assert part["manual_tax_amounts"]["7"] == {
        "tax_amount_currency": 100.0,
        "tax_amount": 0.62,
        "base_amount_currency": 1001.0,
        "base_amount": 6.17,
    }


def test_what_is_taken_back_is_what_was_invoiced():
    given = {"quantity": 3.0, "manual_total_excluded_currency": 10.0, "manual_tax_amounts": {}}
    first = partial_amounts(given, 0, 2, 2)["manual_total_excluded_currency"]
    back = partial_amounts(given, 2, -2, 2)["manual_total_excluded_currency"]
    assert (first, back) == (6.67, -6.67)


def test_one_currency_needs_its_decimals_once():
    given = {"quantity": 3.0, "manual_total_excluded": 10.0, "manual_tax_amounts": {}}
    assert partial_amounts(given, 0, 1, 2)["manual_total_excluded"] == 3.33


@pytest.mark.parametrize("quantity", [0.5, 1.25])
def test_fractions_of_a_unit_have_their_share(quantity):
    given = {"quantity": 2.5, "manual_total_excluded_currency": 25.0, "manual_tax_amounts": {}}
    assert partial_amounts(given, 0, quantity, 2)["manual_total_excluded_currency"] == quantity * 10
