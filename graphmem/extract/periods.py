"""Periods of the calendar as half-open intervals in UTC: days, weeks from Monday, months, seasons, years and longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from graphmem.model import Granularity

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of each season on the northern half of the earth; winter ends in the next year."""
MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
}
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


def semester(year: int, name: str) -> Period:
    """A half of a school's year, as most colleges of North America cut it: spring to May, fall from August."""
    first, count = {"spring": (1, 5), "summer": (6, 2), "winter": (1, 3)}.get(name, (8, 5))
    return month(year, first, count)._replace(granularity="season")


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
        if unit == "hour":
            return Period(start, start + timedelta(hours=1), "hour")
        return Period(start, start + timedelta(minutes=1), "minute")
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


def half(period: Period, number: int) -> Period:
    """The first or the second half of a period, in whole years, months or days."""
    first, length = period.start, period.end.year - period.start.year
    if length > 1:
        middle = moment(first.year + length // 2)
    elif length == 1 and (period.end - first).days > 300:
        middle = _month_start(first.year, first.month + 6)
    else:
        middle = first + timedelta(days=((period.end - first).days + 1) // 2)
    finer: dict[Granularity, Granularity] = {"year": "season", "month": "week", "week": "day"}
    granularity = finer.get(period.granularity, period.granularity)
    return Period(first, middle, granularity) if number == 1 else Period(middle, period.end, granularity)


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
    """A feast day of one year, by its plain name as in `HOLIDAYS`.

    >>> holiday(2022, "thanksgiving").start.date().isoformat()
    '2022-11-24'
    """
    rule = HOLIDAYS[name]
    if isinstance(rule, int):
        return day(easter(year) + timedelta(days=rule))
    if len(rule) == 2:
        return day(date(year, *rule))
    number, weekday, which, beyond = rule
    if which < 0:
        return day(weekday_before(_month_start(year, number + 1), weekday))
    first = weekday_after(_month_start(year, number) - timedelta(days=1), weekday)
    return day(first + timedelta(days=7 * which - 7 + beyond))


HOLIDAYS: dict[str, int | tuple[int, int] | tuple[int, int, int, int]] = {
    "new years day": (1, 1),
    "martin luther king day": (1, 0, 3, 0),
    "valentines day": (2, 14),
    "presidents day": (2, 0, 3, 0),
    "mardi gras": -47,
    "ash wednesday": -46,
    "st patricks day": (3, 17),
    "april fools day": (4, 1),
    "palm sunday": -7,
    "good friday": -2,
    "easter": 0,
    "easter monday": 1,
    "earth day": (4, 22),
    "may day": (5, 1),
    "cinco de mayo": (5, 5),
    "mothers day": (5, 6, 2, 0),
    "memorial day": (5, 0, -1, 0),
    "pentecost": 49,
    "juneteenth": (6, 19),
    "fathers day": (6, 6, 3, 0),
    "fourth of july": (7, 4),
    "bastille day": (7, 14),
    "labor day": (9, 0, 1, 0),
    "columbus day": (10, 0, 2, 0),
    "halloween": (10, 31),
    "all saints day": (11, 1),
    "bonfire night": (11, 5),
    "veterans day": (11, 11),
    "armistice day": (11, 11),
    "remembrance day": (11, 11),
    "thanksgiving": (11, 3, 4, 0),
    "black friday": (11, 3, 4, 1),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new years eve": (12, 31),
}
"""Month and day; days after Easter; or month, weekday, its number in the month (-1 for the last), and days later. Where
countries differ, the day is that of the United States."""


def _month_start(year: int, number: int) -> datetime:
    return moment(year + (number - 1) // 12, (number - 1) % 12 + 1)
