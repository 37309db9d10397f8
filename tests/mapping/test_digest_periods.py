"""Periods of a digest: whole, one after the other, in the store's time zone."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.digest_periods import FREQUENCIES, last_period, period_before

#: Naive UTC, as Odoo has it.
at = datetime.fromisoformat

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/Berlin")


@pytest.mark.parametrize(
    ("frequency", "first", "last"),
    [
        ("daily", date(2026, 3, 10), date(2026, 3, 10)),
        ("weekly", date(2026, 3, 2), date(2026, 3, 8)),
        ("monthly", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarterly", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_period_that_is_over(frequency, first, last):
    period = last_period(frequency, at("2026-03-11 09:00"), "UTC")
    assert (period.first, period.last) == (first, last)


def test_a_day_of_the_store_is_not_a_day_of_utc():
    period = last_period("daily", at("2026-03-11 03:00"), "America/New_York")
    assert period.first == date(2026, 3, 9)  # it is still the tenth there
    assert period.start == at("2026-03-09 04:00")


def test_the_day_clocks_change_is_shorter():
    period = last_period("daily", at("2026-03-30 12:00"), "Europe/Berlin")
    assert period.end - period.start == timedelta(hours=23)


@given(
    st.sampled_from(FREQUENCIES),
    st.datetimes(at("2020-01-01"), at("2035-01-01")),
    st.sampled_from(ZONES),
)
def test_periods_meet_and_are_over(frequency, moment, zone):
    period = last_period(frequency, moment, zone)
    before = period_before(frequency, period, zone)
    assert period.end <= moment
    assert before.end == period.start
    assert before.start < before.end
    assert before.last == period.first - timedelta(days=1)
