"""The periods of the dashboard: from when to when, in the store's time zone, and what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PERIODS = ("week", "month", "year", "all")


@dataclass(frozen=True)
class Period:
    """A stretch of time, all moments aware and UTC: `since` is in it, `until` is not.

    `before_since` to `before_until` is the stretch it is compared with: as much of the period before as has passed of
    this one, so that the 3rd of a month is compared with three days, not with thirty. `all` has neither start nor
    comparison. `first` and `today` are days in the store's `zone`; `unit` is `day`
    or `month`.
    """

    key: str
    unit: str
    since: datetime | None
    until: datetime
    before_since: datetime | None
    before_until: datetime | None
    first: date | None
    today: date
    zone: str

    def buckets(self, earliest: date | None = None) -> list[date]:
        """First days of the parts a graph shows, the whole period through; `all` begins with `earliest`."""
        first = self.first or earliest
        if first is None:
            return []
        if self.unit == "day":
            end = _next(self.key, first)
            return [first + timedelta(days=number) for number in range((end - first).days)]
        first, last = first.replace(day=1), self.today.replace(day=1)
        if self.key == "year":
            last = last.replace(month=12)
        months = (last.year - first.year) * 12 + last.month - first.month
        return [_month(first, number) for number in range(months + 1)]


def period(key: str, now: datetime, zone_name: str | None) -> Period:
    """The period of a key that contains an aware moment. Weeks start on Monday; an unknown zone counts as UTC.

    :raises ValueError: no such period
    """
    if key not in PERIODS:
        raise ValueError(f"no such period: {key}")
    zone = _zone(zone_name)
    today = now.astimezone(zone).date()
    if key == "all":
        return Period(key, "month", None, _utc(today + timedelta(days=1), zone), None, None, None, today, zone.key)
    first = {
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[key]
    since = _utc(first, zone)
    before = _utc(_previous(key, first), zone)
    before_until = min(before + (now - since), since)
    until = _utc(_next(key, first), zone)
    return Period(key, "month" if key == "year" else "day", since, until, before, before_until, first, today, zone.key)


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _utc(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(timezone.utc)


def _month(first: date, number: int) -> date:
    months = first.year * 12 + first.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _next(key: str, first: date) -> date:
    return {
        "week": lambda: first + timedelta(days=7),
        "month": lambda: _month(first, 1),
        "year": lambda: first.replace(year=first.year + 1),
    }[key]()


def _previous(key: str, first: date) -> date:
    return {
        "week": lambda: first - timedelta(days=7),
        "month": lambda: _month(first, -1),
        "year": lambda: first.replace(year=first.year - 1),
    }[key]()
