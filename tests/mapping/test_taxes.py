"""Taxes: what Shopify states for a line, on the line and its discounts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import tax

from mapping import Side
from mapping.money import round_half_up
from mapping.taxes import TaxContext, TaxKey, read_taxes, split

CENT = Decimal("0.01")
EXCLUDED = TaxContext(included=False, country="US", side=Side.SHOP)
INCLUDED = TaxContext(included=True, country="DE", side=Side.SHOP)


def key(rate: str, title: str = "VAT", included: bool = False) -> TaxKey:
    return TaxKey(title, Decimal(rate), included, "DE", False)


@st.composite
def taxed_lines(draw):
    """A line as Shopify taxes it: (gross, discounts, taxes, included, places); also lines taxed in other ways."""
    places = draw(st.sampled_from([0, 2, 3]))
    unit = Decimal(1).scaleb(-places)
    included = draw(st.booleans())
    gross = draw(st.integers(0, 10**7)) * unit
    discounts, left = [], gross
    for _ in range(draw(st.integers(0, 4))):
        whole = draw(st.integers(0, 10))
        off = left if whole == 10 else (left * whole / 10).quantize(unit)
        discounts.append(off)
        left -= off
    rates = draw(st.lists(st.sampled_from(["0", "0.05", "0.07", "0.09975", "0.19", "0.2", "0.25", "1.5"]), max_size=3))
    whole_rate = sum(map(Decimal, rates), Decimal(0))
    kind = draw(st.sampled_from(["rate", "rate", "rate", "twice", "odd"]))
    taxes = {}
    for number, rate in enumerate(rates):
        base = left / (1 + whole_rate) if included else left
        value = round_half_up(base * Decimal(rate), places)
        if kind == "twice":
            value *= 2
        elif kind == "odd":
            value = draw(st.integers(0, 10**6)) * unit
        taxes[key(rate, f"Tax {number}", included)] = value
    return gross, discounts, taxes, places


@given(taxed_lines())
def test_a_line_and_its_discounts_add_up_to_what_shopify_charges_and_taxes(line):
    gross, discounts, taxes, places = line
    parts = split(gross, discounts, taxes, places)
    assert [part.price for part in parts] == [gross, *(-value for value in discounts)]
    for one, value in taxes.items():
        assert sum(amount.amount for part in parts for amount in part.taxes if amount.key == one) == value
    inside = sum(value for one, value in taxes.items() if one.included)
    assert sum(part.net for part in parts) == gross - sum(discounts) - inside
    beside = sum(value for one, value in taxes.items() if not one.included)
    assert sum(part.gross for part in parts) == gross - sum(discounts) + beside


@given(taxed_lines())
def test_a_discount_never_adds_tax_and_one_of_zero_has_none(line):
    gross, discounts, taxes, places = line
    for part in split(gross, discounts, taxes, places)[1:]:
        for one in part.taxes:
            assert one.amount <= 0
            assert part.price or not one.amount


@given(taxed_lines())
def test_every_part_names_every_tax_of_the_line(line):
    gross, discounts, taxes, places = line
    for part in split(gross, discounts, taxes, places):
        assert {one.key for one in part.taxes} == set(taxes)


@given(st.integers(1, 10**6), st.integers(0, 100), st.sampled_from(["0.07", "0.19", "0.2", "0.25"]), st.booleans())
def test_the_full_price_is_taxed_at_its_rate(cents, percent, rate, included):
    gross, one = cents * CENT, key(rate, included=included)
    off = (gross * percent / 100).quantize(CENT)
    base = (gross - off) / (1 + Decimal(rate)) if included else gross - off
    value = round_half_up(base * Decimal(rate), 2)
    main, less = split(gross, [off], {one: value}, 2)
    if off and value:
        full = Fraction(gross) / (1 + Fraction(rate)) if included else Fraction(gross)
        assert abs(Fraction(main.taxes[0].amount) - full * Fraction(rate)) <= Fraction(1, 200)
        # the tax base of the discount fits its tax as well: nobody's tax return is off by more than the rounding
        assert abs(less.net * Decimal(rate) - less.taxes[0].amount) <= 2 * CENT


def test_a_line_discounted_to_nothing_has_no_tax_and_still_its_price():
    parts = split(Decimal("10000.00"), [Decimal("10000.00")], {}, 2)
    assert [(part.price, part.net, part.taxes) for part in parts] == [(10000, 10000, ()), (-10000, -10000, ())]


def test_a_zero_rated_tax_stays_on_the_line_and_its_discounts():
    parts = split(Decimal(100), [Decimal(10)], {key("0"): Decimal(0)}, 2)
    assert [[one.amount for one in part.taxes] for part in parts] == [[0], [0]]


def test_the_tax_of_a_cent_left_over_is_not_blown_up():
    """10,000.00 less 9,999.99, taxed with 0.50 by an app: shared by amounts it would be 500,000.00 and -499,999.50."""
    main, less = split(Decimal("10000.00"), [Decimal("9999.99")], {key("0.2"): Decimal("0.50")}, 2)
    assert (main.taxes[0].amount, less.taxes[0].amount) == (Decimal("0.50"), 0)


def test_a_tax_listed_twice_counts_twice_and_is_shared_by_amounts():
    taxes, _fees = read_taxes([tax("GST", 0.05, "1.75"), tax("GST", 0.05, "1.75")], EXCLUDED)
    assert [(one.title, value) for one, value in taxes.items()] == [("GST", Decimal("3.50"))]
    main, less = split(Decimal(80), [Decimal(10)], taxes, 2)
    assert (main.taxes[0].amount, less.taxes[0].amount) == (Decimal("4.00"), Decimal("-0.50"))


def test_titles_that_differ_in_letter_case_only_are_one_tax_of_the_line():
    """Odoo keeps the given amounts by tax: two entries of one tax would overwrite each other."""
    taxes, _fees = read_taxes([tax("GST", 0.05, "1.00"), tax(" gst ", "0.050", "0.50")], EXCLUDED)
    assert [(one.title, value) for one, value in taxes.items()] == [("GST", Decimal("1.50"))]


def test_two_authorities_of_one_rate_stay_two_taxes():
    taxes, _fees = read_taxes([tax("State", 0.04, "4.00"), tax("City", 0.04, "4.00")], EXCLUDED)
    assert [one.title for one in taxes] == ["State", "City"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (tax("VAT", 0.2, 1), tax("VAT", 0.19, 1)),
        (tax("VAT", 0.2, 1), tax("VAT", 0.2, 1, liable=True)),
        (tax("VAT", 0.2, 1), tax("TVA", 0.2, 1)),
    ],
)
def test_rate_title_and_marketplace_make_another_tax(one, other):
    taxes, _fees = read_taxes([one, other], EXCLUDED)
    assert len({found.match for found in taxes}) == 2


def test_included_and_country_make_another_tax():
    (plain,), _ = read_taxes([tax("VAT", 0.2, 1)], EXCLUDED)
    (inside,), _ = read_taxes([tax("VAT", 0.2, 1)], INCLUDED)
    assert (plain.included, inside.included, plain.country, inside.country) == (False, True, "US", "DE")
    assert plain.match != inside.match


def test_unknown_whether_the_marketplace_collects_counts_as_no():
    (one,), _ = read_taxes([tax("VAT", 0.2, 1, liable=None)], EXCLUDED)
    (other,), _ = read_taxes([tax("VAT", 0.2, 1, liable=False)], EXCLUDED)
    assert one == other
    assert not one.marketplace


def test_a_tax_line_of_zero_with_a_rate_is_no_tax_of_the_line():
    assert read_taxes([tax("MwSt", 0.19, "0.00")], INCLUDED) == ({}, {})


def test_a_tax_without_title_or_rate_is_kept_with_its_amount():
    for title in (None, "", " "):
        taxes, _fees = read_taxes([tax(title, None, "1.00")], EXCLUDED)
        assert [(one.title, one.rate, value) for one, value in taxes.items()] == [("Tax", 0, 1)]


def test_a_tax_named_as_a_fee_is_a_fee_whatever_its_letter_case():
    context = TaxContext(False, "US", Side.SHOP, frozenset({"retail delivery fee"}))
    taxes, fees = read_taxes([tax("Retail Delivery Fee", 0, "0.28"), tax("State", 0.03, 3)], context)
    assert [one.title for one in taxes] == ["State"]
    assert fees == {"Retail Delivery Fee": Decimal("0.28")}


def test_a_fee_inside_the_price_stays_a_tax():
    context = TaxContext(True, "US", Side.SHOP, frozenset({"eco"}))
    taxes, fees = read_taxes([tax("Eco", 0, "0.28")], context)
    assert (len(taxes), fees) == (1, {})


@pytest.mark.parametrize(
    ("rate", "text"), [("0.08875", "8.875 %"), ("0.2", "20 %"), ("0.10", "10 %"), ("1", "100 %"), ("0", "0 %")]
)
def test_a_rate_reads_as_a_percentage(rate, text):
    assert key(rate).percent == text
