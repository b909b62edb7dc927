"""A line of time to draw on: where a moment lies, and which moments are written below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_MONTH: Final = 30.44
_STEPS: Final[tuple[tuple[str, int, float], ...]] = (
    *(("hour", count, count / 24) for count in (1, 3, 6, 12)),
    *(("day", count, count) for count in (1, 2, 7, 14)),
    *(("month", count, count * _MONTH) for count in (1, 3, 6)),
    *(("year", count * power, count * power * 12 * _MONTH) for power in (1, 10, 100, 1000) for count in (1, 2, 5)),
)
"""A unit, how many of it, and about how many days they are."""


@dataclass(frozen=True)
class Axis:
    """A span of time over some pixels.

    >>> axis = Axis(datetime(2020, 1, 1), datetime(2024, 1, 1), left=0, right=400)
    >>> axis.x(datetime(2021, 12, 31)), [label for _, label in axis.ticks(most=3)]
    (199.9, ['2020', '2022', '2024'])
    """

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, moment: datetime) -> float:
        """Return where a moment lies, within the span."""
        share = (moment - self.start) / (self.end - self.start)
        return round(self.left + max(0.0, min(1.0, share)) * (self.right - self.left), 1)

    def ticks(self, *, most: int = 8) -> Iterator[tuple[datetime, str]]:
        """Yield at most about `most` round moments within the span, and what is written there."""
        days = (self.end - self.start) / timedelta(days=1)
        unit, count, _ = next((step for step in _STEPS if days / step[2] <= most), _STEPS[-1])
        moment: datetime | None = _floor(self.start, unit, count)
        while moment is not None and moment <= self.end:
            if moment >= self.start:
                yield moment, _label(moment, unit)
            moment = _later(moment, unit, count)


def around(moments: list[datetime], *, left: float, right: float) -> Axis:
    """Return an axis over all moments, of which there is at least one, with a day where they are but one.

    >>> around([datetime(2023, 5, 8)], left=0, right=1).end
    datetime.datetime(2023, 5, 9, 0, 0)
    """
    start, end = min(moments), max(moments)
    if end - start < timedelta(hours=6):
        day = timedelta(days=1)
        end = start + day if start.year < 9999 else start
        start = start if end > start else start - day
    return Axis(start, end, left, right)


def _floor(moment: datetime, unit: str, count: int) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    match unit:
        case "hour":
            return whole.replace(hour=whole.hour // count * count)
        case "day":
            return whole.replace(hour=0)
        case "month":
            return whole.replace(hour=0, day=1, month=(whole.month - 1) // count * count + 1)
        case _:
            return whole.replace(hour=0, day=1, month=1, year=max(1, whole.year // count * count))


def _later(moment: datetime, unit: str, count: int) -> datetime | None:
    try:
        match unit:
            case "hour":
                return moment + timedelta(hours=count)
            case "day":
                return moment + timedelta(days=count)
            case "month":
                months = moment.year * 12 + moment.month - 1 + count
                return moment.replace(year=months // 12, month=months % 12 + 1)
            case _:
                return moment.replace(year=moment.year // count * count + count)
    except (OverflowError, ValueError):
        return None


def _label(moment: datetime, unit: str) -> str:
    match unit:
        case "hour":
            return f"{moment.day} {moment:%b %H:%M}"
        case "day":
            return f"{moment.day} {moment:%b %Y}"
        case "month":
            return f"{moment:%b} {moment.year}"
        case _:
            return str(moment.year)
