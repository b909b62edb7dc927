"""Days, months and years in UTC, by name as ISO 8601 writes it: "2023-05-08" is part of "2023-05", and that of "2023".

Pure functions of times. What is told finely belongs to its days, what is told by the month to its months, what is told
by the year to its years; where those are too many, to the next longer ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from graphmem.errors import InvalidInput

Level: TypeAlias = Literal["day", "month", "year"]

_NAME = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_INSTANT = timedelta(microseconds=1)


class _Scale(NamedTuple):
    """How the periods of one level are counted and named, and how many of them something may belong to."""

    number: Callable[[date], int]
    name: Callable[[int], str]
    most: int


_SCALES: Mapping[Level, _Scale] = {
    "day": _Scale(date.toordinal, lambda number: date.fromordinal(number).isoformat(), 31),
    "month": _Scale(
        lambda day: 12 * day.year + day.month - 1, lambda number: f"{number // 12:04}-{number % 12 + 1:02}", 12
    ),
    "year": _Scale(lambda day: day.year, lambda number: f"{number:04}", 12),
}
LEVELS: tuple[Level, ...] = tuple(_SCALES)
"""From the shortest to the longest."""
_COARSE: Mapping[str, tuple[Level, ...]] = {
    "month": ("month", "year"),
    "season": ("month", "year"),
    "year": ("year",),
    "decade": ("year",),
    "century": (),
}


def level(name: str) -> Level:
    """Return whether a name is one of a day, a month or a year; raises `InvalidInput` for one that is of none.

    >>> level("2023-05-08"), level("2023-05"), level("2023")
    ('day', 'month', 'year')
    """
    try:
        if _NAME.fullmatch(name):
            date.fromisoformat(_first_day(name))
            return LEVELS[-1 - name.count("-")]
    except ValueError:
        pass
    raise InvalidInput(f"{name!r} is no period: write a day as 2023-05-08, a month as 2023-05, a year as 2023")


def checked(name: str) -> str:
    """Return a name if it is one of a period; raises `InvalidInput`."""
    level(name)
    return name


def _first_day(name: str) -> str:
    return name + "-01-01"[len(name) - 4 :]


@lru_cache(maxsize=4096)
def interval(name: str) -> tuple[datetime, datetime | None]:
    """Return from when a period lasts, and until when; None if the calendar ends with it, in year 9999.

    >>> print(*interval("2023-12"))
    2023-12-01 00:00:00+00:00 2024-01-01 00:00:00+00:00
    """
    scale = _SCALES[level(name)]
    first = date.fromisoformat(_first_day(name))
    after = scale.number(first) + 1
    return _midnight(name), None if after > scale.number(date.max) else _midnight(scale.name(after))


def _midnight(name: str) -> datetime:
    return datetime.fromisoformat(_first_day(name)).replace(tzinfo=timezone.utc)


def longer(name: str) -> str | None:
    """Return the month of a day, or the year of a month; None for a year.

    >>> longer("2023-05-08"), longer("2023")
    ('2023-05', None)
    """
    return name.rpartition("-")[0] or None


@lru_cache(maxsize=65536)
def touched(start: datetime | None, end: datetime | None, granularity: str | None = None) -> tuple[str, ...]:
    """Return the names of the periods that `[start, end)` touches, as finely as it was stated; both times in UTC.

    Of an open interval only the end that is known counts. More than 31 days are told by the month, more than 12 months
    by the year; what takes more than 12 years, or was stated by the century, belongs to none.

    >>> touched(datetime(2023, 5, 31), datetime(2023, 6, 2), "day")
    ('2023-05-31', '2023-06-01')
    >>> touched(datetime(2023, 6, 1), datetime(2023, 9, 1), "season")
    ('2023-06', '2023-07', '2023-08')
    >>> touched(datetime(1990, 1, 1), datetime(2000, 1, 1), "decade")[::9], touched(datetime(2023, 5, 1), None, "month")
    (('1990', '1999'), ('2023-05',))
    """
    last = start if end is None else end - _INSTANT if end > datetime.min.replace(tzinfo=end.tzinfo) else end
    first = last if start is None else start
    if first is None or last is None:
        return ()
    for scale in map(_SCALES.__getitem__, _COARSE.get(granularity or "day", LEVELS)):
        numbers = range(scale.number(first), scale.number(max(first, last)) + 1)
        if len(numbers) <= scale.most:
            return tuple(map(scale.name, numbers))
    return ()
