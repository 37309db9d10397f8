"""Units told to Shopify: whole, never negative, never more than the rule allows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.stock import MOST_UNITS, Rule, StockRule, quantity_to_send

UNITS = st.floats(-1e6, 1e6, allow_nan=False)
HELD = st.floats(0, 1e5, allow_nan=False)
BUFFERS = st.integers(0, 1000).map(float)
RULES = st.builds(StockRule, st.sampled_from(Rule), st.floats(0, 1000), BUFFERS)


@pytest.mark.parametrize(
    ("units", "waiting", "rule", "sent"),
    [
        (10, 0, StockRule(), 10),
        (10, 3, StockRule(), 7),
        (2.9, 0, StockRule(), 2),
        (2.9999999999996, 0, StockRule(), 3),  # sums of floats: three units, not two
        (-4, 0, StockRule(), 0),
        (2, 5, StockRule(), 0),
        (10, 0, StockRule(buffer=3), 7),
        (2, 0, StockRule(buffer=3), 0),
        (15, 0, StockRule(Rule.PERCENTAGE, 50), 7),
        (15, 1, StockRule(Rule.PERCENTAGE, 50, buffer=2), 5),
        (7, 0, StockRule(Rule.PERCENTAGE, 29), 2),
        (100, 0, StockRule(Rule.MAXIMUM, 20), 20),
        (5, 0, StockRule(Rule.MAXIMUM, 20), 5),
        (100, 0, StockRule(Rule.MAXIMUM, 20, buffer=5), 15),
        (0, 0, StockRule(Rule.FIXED, 8, buffer=5), 8),
        (0, 50, StockRule(Rule.FIXED, 8), 8),
        (5e9, 0, StockRule(), MOST_UNITS),
    ],
)
def test_each_rule_gives_the_quantity_of_its_definition(units, waiting, rule, sent):
    assert quantity_to_send(units, waiting, rule) == sent


@given(UNITS, HELD, RULES)
def test_what_is_sent_is_a_whole_number_that_shopify_takes(units, waiting, rule):
    sent = quantity_to_send(units, waiting, rule)
    assert isinstance(sent, int)
    assert 0 <= sent <= MOST_UNITS


@given(UNITS, HELD, RULES.filter(lambda rule: rule.rule is not Rule.FIXED and rule.value <= 100))
def test_no_rule_but_fixed_sends_more_than_there_is(units, waiting, rule):
    assert quantity_to_send(units, waiting, rule) <= max(0, math.floor(units - waiting - rule.buffer + 2e-6))


@given(UNITS, HELD, RULES, st.floats(0, 1000))
def test_more_stock_never_sends_less(units, waiting, rule, more):
    assert quantity_to_send(units + more, waiting, rule) >= quantity_to_send(units, waiting, rule)


@given(st.integers(0, 10**6), st.integers(1, 9))
def test_thirds_and_tenths_that_add_up_to_a_unit_are_a_unit(units, parts):
    assert quantity_to_send(sum([units / parts] * parts), 0, StockRule()) == units
