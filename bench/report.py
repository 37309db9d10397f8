"""What a benchmark of the three ways found: sums, ratios, a table and JSON. Pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

ONE, CONNECTOR, FLOOR = "one_at_a_time", "connector", "floor"
TITLES = {ONE: "One order at a time", CONNECTOR: "Connector, with fetching", FLOOR: "Odoo's batch calls alone"}
GOALS = {ONE: 2.5, FLOOR: 0.8}  # what the connector's speed is to reach, as a multiple of the other way's
NOISY = 1.3  # rounds whose ratios lie further apart than this factor were disturbed
SMALLEST_SHARE = 0.002  # stages below this share of the time are not shown


@dataclass(frozen=True)
class Measure:
    """One round of one way: orders, seconds by the wall, seconds of processors (Odoo's and PostgreSQL's), queries."""

    orders: int
    wall: float
    cpu: float
    queries: int
    stages: dict[str, float] = field(default_factory=dict)


def total(rounds: Sequence[Measure]) -> Measure:
    """The sum over rounds.

    :raises ValueError: there are none
    """
    if not rounds:
        raise ValueError("nothing was measured")
    stages: dict[str, float] = {}
    for one in rounds:
        for name, seconds in one.stages.items():
            stages[name] = stages.get(name, 0.0) + seconds
    return Measure(
        sum(one.orders for one in rounds),
        sum(one.wall for one in rounds),
        sum(one.cpu for one in rounds),
        sum(one.queries for one in rounds),
        stages,
    )


@dataclass(frozen=True)
class Report:
    """The rounds of each way in the order they ran, and the most memory each way's process held (MiB)."""

    rounds: dict[str, Sequence[Measure]]
    peak_rss_mb: dict[str, float]
    lines: int

    def of(self, way: str) -> Measure:
        return total(self.rounds[way])

    def per_second(self, way: str) -> float:
        """Orders a second by the wall."""
        measure = self.of(way)
        return measure.orders / measure.wall

    def ratio(self, other: str) -> float:
        """The connector's speed by the wall, as a multiple of another way's."""
        return self.per_second(CONNECTOR) / self.per_second(other)

    def cpu_ratio(self, other: str) -> float:
        """The same by processor time: it does not see other work on the machine, nor waiting."""
        return (self.of(other).cpu / self.of(other).orders) / (self.of(CONNECTOR).cpu / self.of(CONNECTOR).orders)

    def ratio_by_round(self, other: str) -> list[float]:
        """The ratio of each round by the wall: how far they lie apart tells how quiet the machine was."""
        pairs = zip(self.rounds[CONNECTOR], self.rounds[other], strict=True)
        return [(theirs.wall / theirs.orders) / (ours.wall / ours.orders) for ours, theirs in pairs]

    def stages(self) -> dict[str, float]:
        """Seconds of each stage of the connector over all rounds, the dearest first."""
        return dict(sorted(self.of(CONNECTOR).stages.items(), key=lambda item: -item[1]))

    def as_json(self) -> dict:
        ways = {
            way: {
                "per_s": round(self.per_second(way), 3),
                "wall_s": round(self.of(way).wall, 3),
                "cpu_s": round(self.of(way).cpu, 3),
                "queries_per_order": round(self.of(way).queries / self.of(way).orders, 2),
                "peak_rss_mb": round(self.peak_rss_mb[way], 1),
            }
            for way in self.rounds
        }
        return {
            "orders": self.of(CONNECTOR).orders,
            "lines": self.lines,
            "one_at_a_time_per_s": ways[ONE]["per_s"],
            "connector_per_s": ways[CONNECTOR]["per_s"],
            "floor_per_s": ways[FLOOR]["per_s"],
            "ratio_to_one_at_a_time": round(self.ratio(ONE), 3),
            "ratio_to_floor": round(self.ratio(FLOOR), 3),
            "cpu_ratio_to_one_at_a_time": round(self.cpu_ratio(ONE), 3),
            "cpu_ratio_to_floor": round(self.cpu_ratio(FLOOR), 3),
            "queries_per_order": {way: figures["queries_per_order"] for way, figures in ways.items()},
            "stages": {name: round(seconds, 4) for name, seconds in self.stages().items()},
            "peak_rss_mb": ways[CONNECTOR]["peak_rss_mb"],
            "ways": ways,
        }

    def as_text(self) -> str:
        return "\n".join([*self._ways_text(), "", *self._ratios_text(), "", *self._stages_text()])

    def _ways_text(self) -> list[str]:
        heads = ("orders/s", "seconds", "processor s", "queries/order", "peak MiB")
        rows = [f"{'':26}" + "".join(f"{head:>15}" for head in heads)]
        for way in self.rounds:
            measure = self.of(way)
            figures = (
                f"{self.per_second(way):.2f}",
                f"{measure.wall:.2f}",
                f"{measure.cpu:.2f}",
                f"{measure.queries / measure.orders:.1f}",
                f"{self.peak_rss_mb[way]:.0f}",
            )
            rows.append(f"{TITLES[way]:26}" + "".join(f"{figure:>15}" for figure in figures))
        return rows

    def _ratios_text(self) -> list[str]:
        rows = []
        for other, goal in GOALS.items():
            by_round = self.ratio_by_round(other)
            verdict = "reached" if self.ratio(other) >= goal else "not reached"
            rows.append(
                f"Connector / {TITLES[other].lower()}: {self.ratio(other):.2f} (to reach: {goal}, {verdict}); by "
                f"processor time {self.cpu_ratio(other):.2f}; by round {min(by_round):.2f} to {max(by_round):.2f}, "
                f"median {median(by_round):.2f}"
            )
        if any(max(ratios) > NOISY * min(ratios) for ratios in map(self.ratio_by_round, GOALS)):
            rows.append("The rounds lie far apart: other work disturbed them. Trust the ratios by processor time.")
        return rows

    def _stages_text(self) -> list[str]:
        stages, measure = self.stages(), self.of(CONNECTOR)
        rows = ["Stages of the connector" + f"{'seconds':>11}{'ms/order':>11}{'share':>9}"]
        for name, seconds in stages.items():
            share = seconds / measure.wall
            if share >= SMALLEST_SHARE:
                rows.append(f"  {name:21}{seconds:>11.2f}{1000 * seconds / measure.orders:>11.1f}{100 * share:>8.1f}%")
        return rows
