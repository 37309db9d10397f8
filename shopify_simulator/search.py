"""Shopify's search syntax: ``updated_at:>='2026-10-21T23:39:20Z' AND (tag:vip OR -status:cancelled)``.

Terms side by side mean AND; AND binds tighter than OR; NOT and a minus negate; values may be quoted; ``*`` at the end of a
value matches any ending. A field that does not exist is left out of the search and reported, as Shopify does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .clock import UTC

Test = Callable[[object], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<minus>-)(?=[\w"'(])
      | (?:(?P<field>[A-Za-z_][\w.\-]*?)\s*:\s*)?(?P<compare><=|>=|<|>)?\s*
        (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)' | (?P<word>[^\s()"']+) )
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: field (None: free text), comparison (":", "<", "<=", ">", ">=") and value."""

    field: str | None
    compare: str
    value: str
    quoted: bool


class Fields:
    """What can be searched in one kind of record: name -> function of a `Term` that gives a test of a record."""

    def __init__(self, tests: dict[str, Callable[[Term], Test]], free_text: Callable[[Term], Test]):
        self.tests = tests
        self.free_text = free_text


def compiled(query: str | None, fields: Fields) -> tuple[Test, list[dict]]:
    """A test of records for a query, and Shopify's warnings about it."""
    parser = _Parser(query or "", fields)
    return parser.parse(), parser.warnings


class _Parser:
    def __init__(self, text: str, fields: Fields):
        self.fields = fields
        self.warnings: list[dict] = []
        self.tokens = list(_tokens(text))
        self.at = 0

    def parse(self) -> Test:
        tests = []
        while self.at < len(self.tokens):
            tests.append(self._or())
            if self._peek() == ")":
                self.at += 1
        return _all(tests)

    def _or(self) -> Test:
        tests = [self._and()]
        while self._peek() == "OR":
            self.at += 1
            tests.append(self._and())
        return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)

    def _and(self) -> Test:
        tests = []
        while self.at < len(self.tokens) and self._peek() not in ("OR", ")"):
            if self._peek() == "AND":
                self.at += 1
                continue
            tests.append(self._one())
        return _all(tests)

    def _one(self) -> Test:
        token = self.tokens[self.at]
        self.at += 1
        if token in ("NOT", "-"):
            if self.at >= len(self.tokens):
                return _everything
            test = self._one()
            return lambda record: not test(record)
        if token == "(":
            test = self._or()
            if self._peek() == ")":
                self.at += 1
            return test
        return self._term(token)

    def _term(self, term: Term) -> Test:
        if not isinstance(term, Term):
            return _everything
        if term.field is None:
            return self.fields.free_text(term)
        make = self.fields.tests.get(term.field)
        if make is None:
            self._warn(term, "Invalid search field for this query.", "invalid_field")
            return _everything
        try:
            return make(term)
        except ValueError:
            self._warn(term, f"Input `{term.value}` is not an accepted value.", "invalid_value")
            return lambda record: False

    def _warn(self, term: Term, message: str, code: str) -> None:
        self.warnings.append({"field": term.field, "message": message, "code": code})

    def _peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None


def _tokens(text: str):
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        if match["paren"] or match["minus"]:
            yield match["paren"] or "-"
            continue
        quoted = match["double"] is not None or match["single"] is not None
        value = next(value for value in (match["double"], match["single"], match["word"]) if value is not None)
        if quoted:
            value = re.sub(r"\\(.)", r"\1", value)
        if match["field"] is None and not quoted and value in ("AND", "OR", "NOT"):
            yield value
        else:
            yield Term(match["field"], match["compare"] or ":", value, quoted)


def _all(tests: list[Test]) -> Test:
    if not tests:
        return _everything
    return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)


def _everything(_record: object) -> bool:
    return True


# -- kinds of fields ---------------------------------------------------------------------------------------------------


def text_field(read: Callable[[object], object]) -> Callable[[Term], Test]:
    """Equal text without regard to case; ``*`` at the end matches any ending. ``read`` may give a list: any of it."""

    def make(term: Term) -> Test:
        wanted = term.value.casefold()
        start = wanted[:-1] if wanted.endswith("*") and not term.quoted else None

        def test(record: object) -> bool:
            found = read(record)
            values = found if isinstance(found, (list, tuple)) else (found,)
            for value in values:
                if value is not None:
                    value = str(value).casefold()
                    if value == wanted or (start is not None and value.startswith(start)):
                        return True
            return False

        return test

    return make


def listed_field(read: Callable[[object], object]) -> Callable[[Term], Test]:
    """Equal text, where the value may be a list with commas."""

    def make(term: Term) -> Test:
        wanted = {value.strip().casefold() for value in term.value.split(",")}
        return lambda record: str(read(record) or "").casefold() in wanted

    return make


def choice_field(choices: dict[str, Callable[[object], bool]]) -> Callable[[Term], Test]:
    """One of fixed words, each with its own test; any other word is an invalid value."""

    def make(term: Term) -> Test:
        word = term.value.casefold()
        if word not in choices:
            raise ValueError(word)
        return choices[word]

    return make


def boolean_field(read: Callable[[object], bool]) -> Callable[[Term], Test]:
    """``true`` or ``false``."""
    return choice_field({"true": lambda record: bool(read(record)), "false": lambda record: not read(record)})


def number_field(read: Callable[[object], float | None]) -> Callable[[Term], Test]:
    """Numbers with comparison; ids as digits."""

    def make(term: Term) -> Test:
        wanted = float(term.value) if "." in term.value else int(term.value)
        compare = _COMPARE[term.compare]

        def test(record: object) -> bool:
            value = read(record)
            return value is not None and compare(value, wanted)

        return test

    return make


def time_field(read: Callable[[object], datetime | None], timezone: str, now: Callable[[], datetime]):
    """Times with comparison. A date alone means that whole day, a time without zone is the shop's time."""

    def make(term: Term) -> Test:
        start, end = _span(term.value, ZoneInfo(timezone), now)
        compare = {
            ":": lambda value: start <= value < end,
            ">=": lambda value: value >= start,
            ">": lambda value: value >= end,
            "<=": lambda value: value < end,
            "<": lambda value: value < start,
        }[term.compare]

        def test(record: object) -> bool:
            value = read(record)
            return value is not None and compare(value)

        return test

    return make


_COMPARE = {
    ":": lambda value, wanted: value == wanted,
    ">=": lambda value, wanted: value >= wanted,
    ">": lambda value, wanted: value > wanted,
    "<=": lambda value, wanted: value <= wanted,
    "<": lambda value, wanted: value < wanted,
}


def _span(text: str, zone: ZoneInfo, now: Callable[[], datetime]) -> tuple[datetime, datetime]:
    """The moments that a written time covers: [start, end)."""
    if text == "now":
        return now(), now() + timedelta(seconds=1)
    for pattern, step in (("%Y", "year"), ("%Y-%m", "month"), ("%Y-%m-%d", "day")):
        try:
            start = datetime.strptime(text, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
        return start.astimezone(UTC), _next(start, step).astimezone(UTC)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    moment = moment.astimezone(UTC)
    return moment, moment + timedelta(seconds=1)


def _next(start: datetime, step: str) -> datetime:
    if step == "year":
        return start.replace(year=start.year + 1)
    if step == "month":
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=1)
