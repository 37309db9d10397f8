import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopify_api import Bucket, Throttled, ThrottleStatus, TooCostly
from shopify_api.budget import RESERVES

POINTS = st.floats(1, 40_000)
RATES = st.floats(1, 4000)
NOW = st.floats(1_600_000_000, 2_000_000_000)
BUCKETS = st.builds(
    lambda maximum, part, rate, at: Bucket(maximum, maximum * part, rate, at), POINTS, st.floats(0, 1), RATES, NOW
)


def test_a_new_store_has_the_budget_of_the_standard_plan():
    assert (Bucket().maximum, Bucket().available, Bucket().restore_rate) == (2000, 2000, 100)


def test_points_come_back_with_time_but_never_above_the_maximum():
    bucket = Bucket(2000, 500, 100, at=1000.0)
    assert bucket.at_time(1005.0).available == 1000
    assert bucket.at_time(9999.0).available == 2000


def test_spending_more_than_there_is_says_how_long_to_wait():
    with pytest.raises(Throttled) as throttled:
        Bucket(2000, 100, 100, at=1000.0).spend(600, 1000.0)
    assert throttled.value.retry_after == pytest.approx(5, abs=0.01)
    assert throttled.value.heals


def test_what_the_bucket_can_never_hold_is_not_waited_for():
    with pytest.raises(TooCostly) as costly:
        Bucket(1000, 1000, 50, at=0.0).spend(1001, 0.0)
    assert costly.value.max_cost == 1000
    assert not costly.value.heals


def test_shopifys_own_word_on_the_bucket_wins():
    status = {"maximumAvailable": 20000.0, "currentlyAvailable": 19000, "restoreRate": 1000.0}
    assert Bucket().corrected(status, 50.0) == Bucket(20000, 19000, 1000, 50.0)
    assert Bucket().corrected(ThrottleStatus(20000, 19000, 1000), 50.0, in_flight=500).available == 18500


def test_a_bucket_without_room_or_refill_is_refused():
    for wrong in ({"maximum": 0}, {"restore_rate": 0}):
        with pytest.raises(ValueError, match="holds points"):
            Bucket(**wrong)
    with pytest.raises(ValueError, match="less than nothing"):
        Bucket().spend(-1, 0.0)


@given(BUCKETS, st.lists(st.tuples(st.floats(0, 2000), st.floats(-30, 30)), max_size=20))
def test_whatever_is_spent_and_whenever_the_bucket_stays_between_nothing_and_its_maximum(bucket, spendings):
    now = bucket.at
    for cost, step in spendings:
        now += step  # workers' clocks differ: time may seem to go back
        try:
            bucket = bucket.spend(cost, now)
        except (Throttled, TooCostly):
            continue
        assert 0 <= bucket.available <= bucket.maximum


@given(BUCKETS, st.floats(0, 1), st.floats(-30, 30))
@example(Bucket(2000, 0, 50, 1_700_000_511.554), 0.915, 0.0)  # where the clock rounds the wait down
def test_waiting_as_long_as_told_always_suffices(bucket, part, step):
    cost, now = bucket.maximum * part, bucket.at + step
    try:
        bucket.spend(cost, now)
    except Throttled as throttled:
        assert throttled.retry_after > 0
        bucket.spend(cost, now + throttled.retry_after)


@given(BUCKETS, st.floats(0.5, 100))
def test_a_clock_that_is_behind_makes_no_points(bucket, seconds):
    assert bucket.at_time(bucket.at - seconds) == bucket


@given(POINTS, st.floats(-50_000, 50_000), RATES, st.floats(0, 5000))
def test_a_strange_word_of_shopify_still_gives_a_sound_bucket(maximum, available, rate, in_flight):
    bucket = Bucket().corrected(ThrottleStatus(maximum, available, rate), 1.0, in_flight)
    assert 0 <= bucket.available <= bucket.maximum


def test_a_later_lane_leaves_the_points_of_the_lanes_before_it():
    bucket = Bucket(2000, 2000, 100, at=0.0)
    with pytest.raises(Throttled) as throttled:
        Bucket(2000, 1100, 100, at=0.0).spend(40, 0.0, RESERVES["stock"])
    assert throttled.value.retry_after == pytest.approx(0.4, abs=0.01)
    while bucket.available >= RESERVES["stock"] + 40:
        bucket = bucket.spend(40, 0.0, RESERVES["stock"])
    assert bucket.spend(1000, 0.0).available >= 100, "the costliest request of an order finds its points"


def test_the_lanes_stand_in_the_order_of_the_work():
    assert list(RESERVES) == ["orders", "shipments", "stock", "catalogue"]
    assert list(RESERVES.values()) == sorted(RESERVES.values())


def test_a_bucket_too_small_for_the_reserve_serves_every_lane_when_it_is_full():
    assert Bucket(500, 500, 50, at=0.0).spend(400, 0.0, RESERVES["catalogue"]).available == 100
    with pytest.raises(Throttled):
        Bucket(500, 499, 50, at=0.0).spend(400, 0.0, RESERVES["catalogue"])
