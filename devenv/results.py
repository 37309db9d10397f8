"""Counting the tests of all parts of a run to one closing line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

NOTHING_COLLECTED = 5  # pytest's exit code


@dataclass
class Part:
    """The outcome of one part of the tests; each fault is a failure that no test stands for."""

    name: str
    passed: int = 0
    failed: int = 0
    faults: list[str] = field(default_factory=list)

    def add_fault(self, text: str) -> None:
        self.faults.append(text)
        self.failed += 1

    def demand_tests(self, selecting: bool) -> None:
        """A part in which nothing ran is a failure, unless the caller asked for certain tests only."""
        if not selecting and not self.passed and not self.failed:
            self.add_fault("no test ran")


def closing_line(parts: Sequence[Part]) -> str:
    return f"{sum(part.passed for part in parts)} passed, {sum(part.failed for part in parts)} failed"


def successful(parts: Sequence[Part]) -> bool:
    return sum(part.passed for part in parts) > 0 and not any(part.failed for part in parts)


def from_pytest(name: str, report: Path, exit_code: int) -> Part:
    """Read pytest's JUnit report. A skipped test counts as a failure: it promises what nobody checked."""
    part = Part(name)
    if report.is_file():
        suites = ElementTree.parse(report).getroot().iter("testsuite")
        for suite in suites:
            broken = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            part.passed += max(int(suite.get("tests", 0)) - broken - skipped, 0)
            part.failed += broken + skipped
            if skipped:
                part.faults.append(f"{skipped} skipped: a skipped test counts as failed")
    if exit_code not in (0, 1, NOTHING_COLLECTED) or (exit_code == 1 and not part.failed):
        part.add_fault(f"pytest ended with code {exit_code}")
    return part
