"""Amounts: decimals with their currency, split without losing a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import money

from mapping import Side, digits, spread
from mapping.money import decimal, pair, round_half_up, stated

PLACES = st.sampled_from([0, 2, 3])
CENTS = st.integers(-(10**9), 10**9)
WEIGHTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=12)


@given(PLACES, CENTS, WEIGHTS)
def test_shares_add_up_and_lie_within_one_unit_of_exact(places, cents, weights):
    unit = Decimal(1).scaleb(-places)
    total, whole = cents * unit, sum(weights)
    shares = spread(total, [weight * unit for weight in weights], places)
    assert sum(shares) == total
    assert len(shares) == len(weights)
    if whole:
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share * whole - total * weight) < unit * whole
            assert share == share.quantize(unit)


@given(PLACES, CENTS, WEIGHTS)
def test_no_share_has_the_opposite_sign_and_nothing_falls_on_a_share_without_weight(places, cents, weights):
    unit = Decimal(1).scaleb(-places)
    if not sum(weights):
        weights = [*weights, 1]
    for share, weight in zip(spread(cents * unit, [Decimal(w) for w in weights], places), weights, strict=True):
        assert share * cents >= 0
        assert weight or not share


@given(PLACES, CENTS, st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8))
def test_shares_add_up_for_weights_of_both_signs(places, cents, weights):
    total = cents * Decimal(1).scaleb(-places)
    assert sum(spread(total, [Decimal(weight) for weight in weights], places)) == total


@given(st.decimals(-(10**6), 10**6, places=4), WEIGHTS, PLACES)
def test_an_amount_finer_than_the_currency_is_not_lost(total, weights, places):
    assert sum(spread(total, [Decimal(weight) for weight in weights], places)) == total


def test_the_left_over_goes_to_the_shares_that_lost_most_the_first_of_equals():
    assert spread(Decimal("10.00"), [Decimal(1)] * 3, 2) == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]
    assert spread(Decimal("0.01"), [Decimal(1), Decimal(2)], 2) == [0, Decimal("0.01")]
    assert spread(Decimal("-0.01"), [Decimal(1), Decimal(2)], 2) == [0, Decimal("-0.01")]


def test_dust_finer_than_the_currency_falls_on_a_share_that_has_a_weight():
    assert spread(Decimal("0.5"), [Decimal(0), Decimal(1)], 0) == [0, Decimal("0.5")]


def test_weights_without_a_sum_give_everything_to_the_first():
    assert spread(Decimal(5), [Decimal(0), Decimal(0)], 2) == [5, 0]
    assert spread(Decimal(5), [], 2) == []


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("8.325", 2, "8.33"), ("1.955", 2, "1.96"), ("6.9825", 2, "6.98"), ("-8.325", 2, "-8.33"), ("228.5", 0, "229")],
)
def test_taxes_are_rounded_half_up_as_shopify_does(value, places, rounded):
    assert round_half_up(Decimal(value), places) == Decimal(rounded)


@pytest.mark.parametrize(
    ("currency", "places"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("TND", 3), ("COP", 2)]
)
def test_every_currency_has_its_decimals(currency, places):
    assert digits(currency) == places


def test_an_amount_is_read_from_text_without_passing_a_float():
    assert decimal("0.1") + decimal("0.2") == Decimal("0.3")
    assert decimal(0.07) == Decimal("0.07")
    assert decimal(None) == decimal("") == 0


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "ten", "1,50"])
def test_what_is_no_number_is_no_amount(value):
    with pytest.raises((ValueError, ArithmeticError)):
        decimal(value)


def test_both_amounts_stay_a_pair_and_each_keeps_its_currency():
    both = pair(money("10.00", "USD", "GBP"))
    assert (both.on(Side.SHOP), both.shop.currency) == (Decimal("10.00"), "USD")
    assert (both.on(Side.CUSTOMER), both.customer.currency) == (Decimal("20.00"), "GBP")
    assert pair(None) is None


@pytest.mark.parametrize("record", [{}, {"price": None}, {"price": {}}])
def test_a_lost_amount_never_counts_as_zero(record):
    with pytest.raises(KeyError):
        stated(record, "price", Side.SHOP)
