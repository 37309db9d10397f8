"""Reading Odoo's log during a test run: which tests ran and failed, and what it warned about."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>\S+): (?P<message>.*)$",
    re.DOTALL,
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_VERDICT = re.compile(r"^(?:FAIL|ERROR): (?P<test>.*)$", re.MULTILINE)
_SUBTEST = re.compile(r"^Subtest (?P<test>\S+)")
_REPEATED = re.compile(r"^(?:Module \w+: \d+ failures, \d+ errors of \d+ tests|At least one test failed when loading )")
_SUMMARY = re.compile(r"^\d+ failed, \d+ error\(s\) of (?P<tests>\d+) tests when loading database")


@dataclass
class Record:
    """One entry of the log; `message` may have several lines."""

    level: str
    logger: str
    message: str

    def __str__(self) -> str:
        return f"{self.level} {self.logger}: {self.message}"


@dataclass(frozen=True)
class Noise:
    """A warning that Odoo gives by itself, whatever our addons do."""

    logger: str
    text: str
    reason: str

    def covers(self, record: Record) -> bool:
        return record.logger == self.logger and re.search(self.text, record.message) is not None


ODOO_NOISE: tuple[Noise, ...] = ()


@dataclass
class TestLog:
    """Feed it the lines of the log; ask it for the outcome when the log is at its end."""

    __test__ = False  # this is no test for pytest

    noise: Iterable[Noise] = ODOO_NOISE
    started: list[tuple[str, str]] = field(default_factory=list)
    failed: dict[tuple[str, str], Record] = field(default_factory=dict)
    skipped: list[Record] = field(default_factory=list)
    problems: list[Record] = field(default_factory=list)
    finished: bool = False
    _open: Record | None = None

    def feed(self, line: str) -> Record | None:
        """Take the next line.

        :return: the record that this line completes, when it is bad news.
        """
        line = _COLOUR.sub("", line.rstrip("\n"))
        match = _RECORD.match(line)
        if match is None:
            if self._open:
                self._open.message += f"\n{line}"
            return None
        news = self.close()
        self._open = Record(match["level"], match["logger"], match["message"])
        return news

    def close(self) -> Record | None:
        """The log is at its end: take in the record that is still open."""
        record, self._open = self._open, None
        if record:
            record.message = record.message.rstrip()
        return record if record and self._take(record) else None

    @property
    def passed(self) -> int:
        """How many tests ran without a failure and were not skipped."""
        skipped = {(record.logger, _skipped_test(record)) for record in self.skipped}
        return sum(1 for test in self.started if test not in self.failed and test not in skipped)

    @property
    def bad(self) -> int:
        """Failed tests, skipped tests, and warnings or errors in the log that no test expected."""
        return len(self.failed) + len(self.skipped) + len(self.problems)

    def _take(self, record: Record) -> bool:
        message = record.message
        if message.startswith("Starting ") and message.endswith(" ..."):
            self.started.append((record.logger, message[len("Starting ") : -len(" ...")]))
        elif record.level == "INFO" and message.startswith("skipped "):
            self.skipped.append(record)
            return True
        elif _SUMMARY.match(message):
            self.finished = True
        elif record.level in ("WARNING", "ERROR", "CRITICAL"):
            return self._take_problem(record)
        return False

    def _take_problem(self, record: Record) -> bool:
        if verdict := _VERDICT.match(record.message):
            subtest = _SUBTEST.match(verdict["test"])
            test = subtest["test"] if subtest else verdict["test"]
            self.failed.setdefault((record.logger, test), record)
            return True
        if self.failed and _REPEATED.match(record.message):
            return False
        if any(noise.covers(record) for noise in self.noise):
            return False
        self.problems.append(record)
        return True


def _skipped_test(record: Record) -> str:
    return record.message.removeprefix("skipped ").split(" : ", 1)[0]
