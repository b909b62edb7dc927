"""Periods of the calendar as half-open intervals in UTC: days, weeks from Monday, months, seasons, years and longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from graphmem.model import Granularity

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of each season on the northern half of the earth; winter ends in the next year."""
_TENTHS = (0, 4, 7, 10)
"""Where early, mid and late part within a decade."""


class Period(NamedTuple):
    """The interval `[start, end)` and how finely it was stated."""

    start: datetime
    end: datetime
    granularity: Granularity


def moment(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in UTC; ValueError if there is no such day."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.utc)


def day(when: date) -> Period:
    """The day that a date or moment falls on."""
    start = moment(when.year, when.month, when.day)
    return Period(start, start + timedelta(days=1), "day")


def days(first: date, count: int) -> Period:
    """Several days from a first one, as stated by the day."""
    start = day(first).start
    return Period(start, start + timedelta(days=count), "day")


def week(when: date) -> Period:
    """The week from Monday to Sunday that a date falls in."""
    start = day(when).start - timedelta(days=when.weekday())
    return Period(start, start + timedelta(days=7), "week")


def weekend(when: date) -> Period:
    """Saturday and Sunday of the week that a date falls in."""
    return days(week(when).start + timedelta(days=5), 2)


def month(year: int, number: int, count: int = 1) -> Period:
    """A calendar month, counted on from January of `year` (13 is the next January); or `count` months."""
    return Period(_month_start(year, number), _month_start(year, number + count), "month")


def season(year: int, name: str) -> Period:
    """A season by name; the winter of a year begins in its December."""
    return month(year, SEASONS[name], 3)._replace(granularity="season")


def years(first: int, count: int = 1, granularity: Granularity = "year") -> Period:
    """One year or several, for decades and centuries too."""
    return Period(moment(first), moment(first + count), granularity)


def hours(when: date, first: int, last: int) -> Period:
    """From one hour of a day to another; 24 and more run into the next day."""
    start = day(when).start
    return Period(start + timedelta(hours=first), start + timedelta(hours=last), "hour")


def shifted(when: datetime, unit: str, count: int) -> Period:
    """The calendar unit (hour, day, week, weekend, month, year, decade, century) `count` units away from a moment.

    >>> shifted(moment(2023, 5, 31), "month", -3).start.isoformat()
    '2023-02-01T00:00:00+00:00'
    """
    if unit in ("second", "minute", "hour"):
        at = when + timedelta(**{f"{unit}s": count})
        start = at.replace(minute=0 if unit == "hour" else at.minute, second=0, microsecond=0)
        return Period(start, start + timedelta(**{"hours" if unit == "hour" else "minutes": 1}), "hour")
    if unit == "day":
        return day(when + timedelta(days=count))
    if unit == "week":
        return week(when + timedelta(days=7 * count))
    if unit == "fortnight":
        return week(when + timedelta(days=14 * count))
    if unit == "weekend":
        return weekend(when + timedelta(days=7 * count))
    if unit == "month":
        return month(when.year, when.month + count)
    if unit == "quarter":
        return month(when.year, 3 * ((when.month - 1) // 3) + 1 + 3 * count, 3)._replace(granularity="season")
    if unit == "decade":
        return years(when.year // 10 * 10 + 10 * count, 10, "decade")
    if unit == "century":
        return years((when.year - 1) // 100 * 100 + 1 + 100 * count, 100, "century")
    return years(when.year + count)


def back(when: datetime, unit: str, count: int) -> datetime:
    """The moment `count` units before another; the day of the month is cut to what the month has."""
    if unit in ("second", "minute", "hour", "day", "week"):
        return when - timedelta(**{f"{unit}s": count})
    if unit in ("fortnight", "weekend"):
        return when - timedelta(days=(14 if unit == "fortnight" else 7) * count)
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    start = _month_start(when.year, when.month - months)
    last = (_month_start(start.year, start.month + 1) - timedelta(days=1)).day
    return when.replace(year=start.year, month=start.month, day=min(when.day, last))


def part(period: Period, which: str) -> Period:
    """The early, mid or late third of a period, in whole years, months or days.

    >>> part(month(2023, 5), "early").end.day
    11
    """
    number, year = ("early", "mid", "late").index(which), period.start.year
    if period.granularity in ("century", "decade"):
        length = period.end.year - year
        first, last = (length * bound // 10 for bound in _TENTHS[number : number + 2])
        return years(year + first, last - first, "decade" if length > 10 else "year")
    if period.granularity == "year" and period.end.year - year == 1:
        return month(year, period.start.month + 4 * number, 4)._replace(granularity="season")
    third = timedelta(days=(period.end - period.start).days // 3)
    start, end = period.start + number * third, period.start + (number + 1) * third if number < 2 else period.end
    return Period(start, end, "week" if period.granularity == "month" else period.granularity)


def weekday_before(when: date, number: int) -> date:
    """The last date strictly before another that is this weekday (0 is Monday)."""
    return when - timedelta(days=(when.weekday() - number - 1) % 7 + 1)


def weekday_after(when: date, number: int) -> date:
    """The first date strictly after another that is this weekday (0 is Monday)."""
    return when + timedelta(days=(number - when.weekday() - 1) % 7 + 1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def holiday(year: int, name: str) -> Period:
    """A feast day of one year, by its plain name as in `HOLIDAYS`."""
    if name == "easter":
        return day(easter(year))
    if name == "thanksgiving":
        return day(weekday_after(date(year, 10, 31), 3) + timedelta(days=21))
    return day(date(year, *HOLIDAYS[name]))


HOLIDAYS = {
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
    "easter": (0, 0),
    "fourth of july": (7, 4),
    "halloween": (10, 31),
    "thanksgiving": (0, 0),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
}


def _month_start(year: int, number: int) -> datetime:
    return moment(year + (number - 1) // 12, (number - 1) % 12 + 1)
