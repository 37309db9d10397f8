"""The time of each stage counts once: for the innermost stage that it was spent in."""

import pytest

from bench import stages as module
from bench.stages import Stages


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when told."""
    moment = [100.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: moment[0])

    def wait(seconds):
        moment[0] += seconds

    return wait


def test_a_stage_inside_another_counts_for_itself_alone(clock):
    stages = Stages()
    with stages.stage("write"):
        clock(1)
        with stages.stage("commit"):
            clock(2)
        clock(4)
    clock(8)
    assert stages.seconds == {"write": 5, "commit": 2}


def test_time_until_a_failure_counts_and_the_stage_is_left(clock):
    stages = Stages()
    with stages.stage("import"):
        with pytest.raises(KeyError), stages.stage("map"):
            clock(3)
            raise KeyError("broken")
        assert stages.current == "import"
    assert stages.seconds["map"] == 3


def test_a_wrapped_method_is_timed_only_while_something_is_measured(clock):
    class Work:
        def step(self, seconds):
            clock(seconds)
            return seconds

    stages = Stages()
    stages.wrap(Work, "step", "step")
    assert Work().step(5) == 5
    assert stages.seconds == {}
    with stages.stage("other"):
        assert Work().step(2) == 2
    assert stages.seconds == {"other": 0, "step": 2}


def test_a_call_can_name_its_stage_or_stay_part_of_the_one_around(clock):
    class Work:
        def step(self, name):
            clock(1)

    stages = Stages()
    stages.wrap(Work, "step", lambda _self, name: name)
    with stages.stage("other"):
        Work().step("confirm")
        Work().step(None)
    assert stages.seconds == {"other": 1, "confirm": 1}
