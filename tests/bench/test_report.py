"""The benchmark's figures follow from what was measured: sums over rounds, ratios, a table that a person can read."""

import pytest

from bench.report import CONNECTOR, FLOOR, ONE, Measure, Report, total


def report(one=(10.0,), connector=(4.0,), floor=(3.6,), orders=50, stages=None):
    def rounds(walls, queries):
        return [Measure(orders, wall, wall / 2, queries, dict(stages or {})) for wall in walls]

    rounds_of = {ONE: rounds(one, 20000), CONNECTOR: rounds(connector, 6000), FLOOR: rounds(floor, 5000)}
    return Report(rounds_of, {ONE: 150.0, CONNECTOR: 180.25, FLOOR: 160.0}, lines=3)


def test_speed_counts_all_orders_over_the_time_of_all_rounds():
    made = report(one=(10.0, 30.0), connector=(4.0, 6.0), floor=(3.0, 5.0))
    assert made.per_second(ONE) == pytest.approx(100 / 40)
    assert made.per_second(CONNECTOR) == pytest.approx(100 / 10)


def test_rounds_of_different_size_are_weighted_by_their_orders():
    small, large = Measure(10, 10.0, 5.0, 100), Measure(90, 10.0, 5.0, 900)
    both = total([small, large])
    assert (both.orders, both.wall, both.cpu, both.queries) == (100, 20.0, 10.0, 1000)


def test_a_quicker_connector_has_ratios_above_one():
    made = report(one=(10.0,), connector=(4.0,), floor=(3.0,))
    assert made.ratio(ONE) == pytest.approx(2.5)
    assert made.ratio(FLOOR) == pytest.approx(0.75)


def test_ratios_by_processor_time_do_not_see_waiting():
    waiting = {
        ONE: [Measure(10, 100.0, 5.0, 1)],
        CONNECTOR: [Measure(10, 10.0, 2.0, 1)],
        FLOOR: [Measure(10, 9.0, 1.0, 1)],
    }
    made = Report(waiting, dict.fromkeys(waiting, 1.0), lines=3)
    assert made.ratio(ONE) == pytest.approx(10)
    assert made.cpu_ratio(ONE) == pytest.approx(2.5)
    assert made.cpu_ratio(FLOOR) == pytest.approx(0.5)


def test_each_round_is_compared_with_the_round_of_the_same_orders():
    made = report(one=(10.0, 30.0), connector=(5.0, 10.0))
    assert made.ratio_by_round(ONE) == pytest.approx([2.0, 3.0])


def test_stages_add_up_over_rounds_with_the_dearest_first():
    made = report(connector=(4.0, 4.0), stages={"map": 0.5, "confirm": 1.5})
    assert list(made.stages().items()) == [("confirm", 3.0), ("map", 1.0)]


def test_nothing_measured_is_an_error_and_not_a_speed():
    with pytest.raises(ValueError, match="nothing was measured"):
        total([])


def test_the_json_has_what_a_reader_of_results_looks_for():
    told = report(stages={"confirm": 1.5}).as_json()
    assert told["one_at_a_time_per_s"] == 5.0
    assert told["connector_per_s"] == 12.5
    assert told["floor_per_s"] == pytest.approx(13.889)
    assert told["queries_per_order"] == {ONE: 400.0, CONNECTOR: 120.0, FLOOR: 100.0}
    assert told["stages"] == {"confirm": 1.5}
    assert told["peak_rss_mb"] == 180.2
    assert (told["ratio_to_one_at_a_time"], told["ratio_to_floor"]) == (2.5, 0.9)


def test_the_table_says_whether_each_goal_is_reached():
    reached = report(one=(10.0,), connector=(4.0,), floor=(3.6,)).as_text()
    assert "2.50 (to reach: 2.5, reached)" in reached
    assert "0.90 (to reach: 0.8, reached)" in reached
    missed = report(one=(8.0,), connector=(4.0,), floor=(2.0,)).as_text()
    assert "2.00 (to reach: 2.5, not reached)" in missed
    assert "0.50 (to reach: 0.8, not reached)" in missed


def test_a_reader_is_told_when_other_work_disturbed_the_rounds():
    assert "far apart" not in report(one=(10.0, 11.0), connector=(4.0, 4.1), floor=(3.6, 3.6)).as_text()
    assert "far apart" in report(one=(10.0, 20.0), connector=(4.0, 4.0), floor=(3.6, 3.6)).as_text()


def test_the_table_leaves_out_stages_that_take_next_to_nothing():
    text = report(stages={"confirm": 2.0, "claim": 0.001}).as_text()
    assert "confirm" in text
    assert "claim" not in text
