"""Safe building of Shopify's search strings, the `query:` argument of connections.

Only what this module made can be joined, so a value can never turn into syntax. A clause is a `str` and can be sent as
it is. Syntax: https://shopify.dev/docs/api/usage/search-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from .gid import legacy_id

Value = str | int | bool | Decimal | datetime

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]*(?:\.[A-Za-z0-9_$-]+)*", re.ASCII)
_OPERATORS = ("", ">", ">=", "<", "<=")


class Clause(str):
    """A piece of search syntax. The empty clause finds everything."""

    __slots__ = ()


def term(key: str, value: Value, operator: str = "") -> Clause:
    """Return `key:value`, or `key:>=value` with an operator of >, >=, <, <=.

    Texts and times are quoted; times must know their zone and are sent in UTC, whole seconds.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a search key of Shopify: {key!r}")
    if operator not in _OPERATORS:
        raise ValueError(f"not a comparison of Shopify: {operator!r}")
    return Clause(f"{key}:{operator}{_value(value)}")


def since(key: str, moment: datetime) -> Clause:
    """Return "from this moment on", the moment included (a part of a second is cut off)."""
    return term(key, _utc(moment).replace(microsecond=0), ">=")


def until(key: str, moment: datetime) -> Clause:
    """Return "up to this moment", the moment included (a part of a second counts as a whole one)."""
    moment = _utc(moment)
    if moment.microsecond:
        moment = moment.replace(microsecond=0) + timedelta(seconds=1)
    return term(key, moment, "<=")


def between(key: str, start: datetime | None, end: datetime | None) -> Clause:
    """Return the range with both ends included; None leaves an end open. Raises ValueError if start is after end."""
    if start is not None and end is not None and _utc(start) > _utc(end):
        raise ValueError("the start of the range lies after its end")
    return and_(
        since(key, start) if start is not None else Clause(),
        until(key, end) if end is not None else Clause(),
    )


def any_of(key: str, values: Iterable[Value]) -> Clause:
    """Return "one of these values". Raises ValueError when there are none, since that would find everything."""
    return or_(*(term(key, value) for value in values))


def ids(gids: Iterable[str | int], key: str = "id") -> Clause:
    """Return "one of these records", from numbers or gids."""
    return any_of(key, (int(legacy_id(str(one))) for one in gids))


def and_(*clauses: Clause) -> Clause:
    """Return "all of these"; empty clauses fall out."""
    return _join("AND", [clause for clause in _checked(clauses) if clause])


def or_(*clauses: Clause) -> Clause:
    """Return "one of these". Raises ValueError for none, or when one of them is empty and so finds everything."""
    if not clauses or not all(_checked(clauses)):
        raise ValueError("a search for one of several things needs each of them")
    return _join("OR", list(clauses))


def quote(text: str) -> str:
    """Return the text as one quoted value, with whichever quotation mark it does not hold itself."""
    mark = '"' if "'" in text and '"' not in text else "'"
    escaped = text.replace("\\", "\\\\").replace(mark, "\\" + mark)
    return f"{mark}{escaped}{mark}"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return quote(_utc(value).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return quote(value)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone cannot be sent to Shopify")
    return moment.astimezone(timezone.utc)


def _checked(clauses: Iterable[Clause]) -> list[Clause]:
    clauses = list(clauses)
    for clause in clauses:
        if not isinstance(clause, Clause):
            raise TypeError(f"not made by this module: {clause!r}")
    return clauses


def _join(word: str, clauses: list[Clause]) -> Clause:
    if len(clauses) < 2:
        return clauses[0] if clauses else Clause()
    return Clause("(" + f" {word} ".join(clauses) + ")")
