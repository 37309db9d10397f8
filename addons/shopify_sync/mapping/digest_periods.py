"""Whole days, weeks, months and quarters of a store, in its own time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

FREQUENCIES = ("daily", "weekly", "monthly", "quarterly")


@dataclass(frozen=True)
class Period:
    """`first` and `last` day, both included; `start` and `end` as naive UTC, the end not included."""

    first: date
    last: date
    start: datetime
    end: datetime


def last_period(frequency, moment, zone):
    """The last period that is over.

    :param frequency: one of FREQUENCIES
    :param moment: now, naive UTC
    :param zone: name of the store's time zone
    """
    tz = ZoneInfo(zone)
    today = moment.replace(tzinfo=timezone.utc).astimezone(tz).date()
    after = _first_day(frequency, today)
    return _period(_first_day(frequency, after - timedelta(days=1)), after, tz)


def period_before(frequency, period, zone):
    """The period before another one."""
    return _period(_first_day(frequency, period.first - timedelta(days=1)), period.first, ZoneInfo(zone))


def _first_day(frequency, day):
    """The first day of the period that a day is in."""
    if frequency == "daily":
        return day
    if frequency == "weekly":
        return day - timedelta(days=day.weekday())
    if frequency == "monthly":
        return day.replace(day=1)
    if frequency == "quarterly":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    raise ValueError(f"No such frequency: {frequency}")


def _period(first, after, tz):
    def utc(day):
        return datetime.combine(day, time.min, tz).astimezone(timezone.utc).replace(tzinfo=None)

    return Period(first, after - timedelta(days=1), utc(first), utc(after))
