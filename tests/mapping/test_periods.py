"""The dashboard's periods: edges in the store's zone, weeks from Monday, comparison with as much of the period before."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.periods import PERIODS, period

ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")
MOMENTS = st.integers(1_000_000_000, 3_700_000_000).map(lambda second: datetime.fromtimestamp(second, timezone.utc))


def at(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def test_a_month_begins_at_midnight_of_the_store():
    found = period("month", at(2026, 11, 15, 12), "Europe/Berlin")
    assert (found.since, found.until) == (at(2026, 10, 31, 23), at(2026, 11, 30, 23))
    assert found.buckets()[0] == date(2026, 11, 1) and len(found.buckets()) == 30


def test_it_is_a_new_month_in_auckland_before_it_is_one_in_london():
    now = at(2026, 10, 31, 18)
    assert period("month", now, "Pacific/Auckland").first == date(2026, 11, 1)
    assert period("month", now, "UTC").first == date(2026, 10, 1)


def test_weeks_start_on_monday():
    assert period("week", at(2026, 11, 29, 12), "UTC").first == date(2026, 11, 23)


def test_three_days_of_a_month_are_compared_with_three_days():
    found = period("month", at(2026, 11, 4), "UTC")
    assert (found.before_since, found.before_until) == (at(2026, 10, 1), at(2026, 10, 4))


def test_the_end_of_a_long_month_is_compared_with_all_of_the_short_one_before():
    found = period("month", at(2026, 3, 31, 20), "UTC")
    assert (found.before_since, found.before_until) == (at(2026, 2, 1), at(2026, 3, 1))


def test_all_has_no_comparison_and_shows_months_from_the_first_order():
    found = period("all", at(2026, 2, 10), "UTC")
    assert found.before_since is None and found.since is None
    assert found.buckets(date(2025, 11, 20)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert found.buckets() == []


def test_an_unknown_zone_counts_as_utc_and_an_unknown_period_is_refused():
    assert period("week", at(2026, 11, 29), "Mars/Olympus") == period("week", at(2026, 11, 29), None)
    with pytest.raises(ValueError):
        period("decade", at(2026, 1, 1), "UTC")


@given(MOMENTS, st.sampled_from(PERIODS[:-1]), st.sampled_from(ZONES))
def test_now_is_in_its_period_and_the_comparison_lies_right_before_and_is_no_longer(now, key, zone):
    found = period(key, now, zone)
    assert found.since <= now < found.until
    assert found.before_since < found.since
    assert found.before_since <= found.before_until <= found.since
    assert found.before_until - found.before_since <= now - found.since
    assert found.today >= found.buckets()[0]
    assert found.buckets() == sorted(set(found.buckets()))
    assert found.until - found.since > timedelta(days=6)
