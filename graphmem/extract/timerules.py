"""The rules of time expressions: each has a pattern, and says which period of the calendar a match means.

A numeric date is read with the month first where it can be ("3/4/2022" is 4 March), with the day first where only that
is a date ("31/12/2022") and between full stops ("3.4.2022"). A fiscal year is taken as the calendar year of that name,
a season or academic year as twelve months from July or August. Years before Christ are found, but have no interval: no
`datetime` holds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from graphmem.extract import periods
from graphmem.extract.periods import Period, moment
from graphmem.extract.timewords import (
    ABOUT,
    AT,
    CLOCK,
    COUNTED,
    DAY,
    DAYPART,
    DAYPARTS,
    DECADES,
    DOM,
    FREE,
    HOLIDAY,
    HOUR,
    LOOSE_MONTH,
    MEASURED,
    MONTH,
    NAMES,
    NUMERAL,
    ORDINAL,
    ORDINALS,
    SEASON,
    SHORT_DAY,
    UNIT,
    YEAR,
    clock,
    day_of_month,
    holiday,
    month,
    number,
    ordinal,
    short_year,
    unit,
    weekday,
)
from graphmem.model import Anchor

Relation: TypeAlias = Literal["at", "since", "until", "duration", "frequency"]


class Context(NamedTuple):
    """Against what a time is resolved."""

    now: datetime
    before: Period | None = None
    """The last time that the text itself stated, near by."""
    future: bool = False
    """Whether the sentence speaks of the future."""
    past: bool = False
    """Whether the sentence speaks of the past."""
    cued: bool = False
    """Whether a word such as "in" or "since" stands before it, so that a bare number may be a year."""
    text: str = ""
    deep: int = 0
    """How many times lead up to this one, as in "the end of the week before 9 June"."""

    def lead(self, at: int, length: int) -> str:
        """The text before a place, in lower case."""
        return self.text[max(0, at - length) : at].lower()


class Point(NamedTuple):
    """What one rule read."""

    period: Period | None
    anchor: Anchor = "explicit"
    in_year: Callable[[int], Period] | None = None
    """How to resolve it again in a given year, when no year was written."""
    relation: Relation = "at"
    end: int = 0
    start: int = 0


Handler: TypeAlias = Callable[[re.Match[str], Context], Point | None]
_RULES: list[tuple[re.Pattern[str], Handler, bool]] = []


def _rule(pattern: str, *, leads: bool = False) -> Callable[[Handler], None]:
    """Add a rule; one that `leads` up to another time does not end where its pattern ends."""

    def add(handler: Handler) -> None:
        _RULES.append((re.compile(pattern), handler, leads))

    return add


def point(text: str, at: int, context: Context) -> Point | None:
    """The longest single time that begins here."""
    best: Point | None = None
    for pattern, handler, leads in _RULES:
        if (match := pattern.match(text, at)) and (leads or best is None or match.end() > best.end):
            try:
                found = handler(match, context)
            except (ValueError, OverflowError):  # no such day, or outside the years that a datetime can hold
                continue
            if found and (best is None or (found.end or match.end()) > best.end):
                best = found._replace(end=found.end or match.end(), start=at)
    return best


def _inner(match: re.Match[str], context: Context) -> Point | None:
    """The time that a match leads up to, if it has an interval."""
    if context.deep == 3:
        return None
    found = point(context.text, match.end(), context._replace(cued=True, deep=context.deep + 1))
    return found if found and found.period and found.relation == "at" else None


def _clocked(period: Period, match: re.Match[str]) -> Period:
    """The hour, the minute, or the span of a day that the clock times of a match (pattern `AT`) name."""
    stated, until, bare = match["clock"], match["until"], match["hour"]
    if bare:  # "Monday at 3" is in the afternoon
        hour = int(bare) + 12 * (int(bare) < 8)
        return periods.hours(period.start, hour, hour + 1)
    if not stated:
        return period
    first = _at_clock(period.start, stated)
    if not until:
        return first
    last = _at_clock(period.start, until)
    return Period(first.start, last.end if last.end > first.start else last.end + timedelta(days=1), last.granularity)


def _at_clock(day: datetime, words: str) -> Period:
    hour, minute, exact = clock(words)
    start = periods.day(day).start + timedelta(hours=hour, minutes=minute)
    return Period(
        start, start + timedelta(minutes=1) if exact else start + timedelta(hours=1), "minute" if exact else "hour"
    )


def _yearless(context: Context, in_year: Callable[[int], Period]) -> Point:
    """Choose the year that was not written: that of the time stated before, else the nearest that fits the tense."""
    now, before = context.now, context.before
    if (
        before
        and before.start < now
        and before.start.year != now.year
        and before.end - before.start <= timedelta(days=366)
    ):
        return Point(in_year(before.start.year), "inherited", in_year)
    if context.future:
        coming = in_year(now.year)
        return Point(coming if coming.end > now else in_year(now.year + 1), "relative", in_year)
    past = in_year(now.year)
    if past.start > now and (context.past or past.start - now > timedelta(days=183)):
        past = in_year(now.year - 1)
    elif past.end <= now - timedelta(days=183) and not context.past:
        past = in_year(now.year + 1)
    return Point(past, "relative", in_year)


def _dated(context: Context, year: str | None, in_year: Callable[[int], Period]) -> Point:
    return Point(in_year(int(year))) if year else _yearless(context, in_year)


def _away(word: str) -> int:
    return ("last", "this", "next").index(word.lower()) - 1


# Dates in figures.


@_rule(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?(?![\w-])"
)
def _iso(match: re.Match[str], context: Context) -> Point:
    year, number, dom, hour, minute = (int(part) if part else 0 for part in match.group(1, 3, 4, 5, 6))
    if match[5] is None:
        return Point(periods.day(moment(year, number, dom)))
    start = moment(year, number, dom, hour, minute)
    if (zone := match[8]) and zone != "Z":
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        start = start - away if zone[0] == "+" else start + away
    if match[7] is None:
        return Point(Period(start, start + timedelta(minutes=1), "minute"))
    start += timedelta(seconds=int(match[7]))
    return Point(Period(start, start + timedelta(seconds=1), "second"))


@_rule(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){AT}(?![\w/-])")
def _numeric(match: re.Match[str], context: Context) -> Point | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] != "/" and (
        len(match[4]) == 2 or re.search(r"\b(?:v|ver|version|release|build)\.? ?$", context.lead(match.start(), 9))
    ):
        return None
    year = year if len(match[4]) == 4 else short_year(match[4], now=context.now.year)
    day_first = match[2] == "." or first > 12
    when = moment(year, second, first) if day_first else moment(year, first, second)
    return Point(_clocked(periods.day(when), match))


@_rule(rf"({DOM})-({MONTH})-(\d{{4}}|\d{{2}})\b")
def _dashed(match: re.Match[str], context: Context) -> Point:
    """ "8-May-2023"."""
    year = int(match[3]) if len(match[3]) == 4 else short_year(match[3], now=context.now.year)
    return Point(periods.day(moment(year, month(match[2]), day_of_month(match[1]))))


@_rule(r"(0[1-9]|1[0-2])/((?:19|20)\d{2})(?![\w/])")
def _month_slash_year(match: re.Match[str], context: Context) -> Point:
    return Point(periods.month(int(match[2]), int(match[1])))


# Dates in words.


@_rule(rf"(?i:the )?(?:{SHORT_DAY},? )?(?i:the )?({DOM})(?: (?i:of))? ({MONTH})(?:,? ({YEAR}))?{AT}")
def _day_month(match: re.Match[str], context: Context) -> Point:
    dom, name = day_of_month(match[1]), month(match[2])
    return _dated(context, match[3], lambda year: _clocked(periods.day(moment(year, name, dom)), match))


@_rule(rf"(?:{SHORT_DAY},? )?({LOOSE_MONTH}) (?:the )?({DOM})(?:,? ({YEAR}))?{AT}")
def _month_day(match: re.Match[str], context: Context) -> Point | None:
    if match[1].islower() and not context.cued:
        return None
    dom, name = day_of_month(match[2]), month(match[1])
    return _dated(context, match[3], lambda year: _clocked(periods.day(moment(year, name, dom)), match))


@_rule(rf"(?i:between )?({DOM})\s?(?:[-–—]|to|and)\s?({DOM})(?: of)? ({MONTH})(?:,? ({YEAR}))?")
def _days_month(match: re.Match[str], context: Context) -> Point:
    return _days(context, match[1], match[2], match[3], match[4])


@_rule(
    rf"(?i:from |between )?({MONTH}) ({DOM})\s?(?:[-–—]|to|and|through|until|till)\s?(?:the )?({DOM})(?:,? ({YEAR}))?"
)
def _month_days(match: re.Match[str], context: Context) -> Point:
    return _days(context, match[2], match[3], match[1], match[4])


def _days(context: Context, first: str, last: str, name: str, year: str | None) -> Point:
    begin, end = day_of_month(first), day_of_month(last)
    if end <= begin:
        raise ValueError("a range that runs backwards")
    return _dated(context, year, lambda y: periods.days(moment(y, month(name), begin), end - begin + 1))


@_rule(rf"(?i:the )(\d{{1,2}}(?:st|nd|rd|th))(?: (?i:of (last|this|next) month)\b{AT}|{FREE})")
def _dom(match: re.Match[str], context: Context) -> Point | None:
    """ "On the 5th", "the 30th of last month"."""
    now, dom = context.now, ordinal(match[1])
    if match[2]:
        away = _away(match[2])
        first = periods.shifted(now, "month", away).start
        return Point(_clocked(periods.day(moment(first.year, first.month, dom)), match), "relative")
    if not context.cued and not context.lead(match.start(), 3).endswith("on "):
        return None
    when = moment(now.year, now.month, dom)
    if context.future and when.date() < now.date():
        when = moment(now.year + now.month // 12, now.month % 12 + 1, dom)
    elif not context.future and when > now:
        when = periods.back(when, "month", 1)
    return Point(periods.day(when), "relative")


@_rule(rf"(?i:the )({DAYPART}) (?i:of) ", leads=True)
def _daypart_of(match: re.Match[str], context: Context) -> Point | None:
    """ "The night of 5 June 2020"."""
    inner = _inner(match, context)
    if inner is None or inner.period is None or inner.period.granularity != "day":
        return None
    return inner._replace(period=periods.hours(inner.period.start, *DAYPARTS[match[1].lower()]), in_year=None)


@_rule(
    rf"(?:(?i:from |between )?({CLOCK}|{HOUR})\s?(?:[-–—]|to|until|till|and)\s?)?({CLOCK})(?:,? on| of)? ", leads=True
)
def _clock_first(match: re.Match[str], context: Context) -> Point | None:
    """ "1:56 pm on 8 May, 2023", "9 am to 5 pm on Friday"."""
    inner = _inner(match, context)
    if inner is None or inner.period is None or inner.period.granularity != "day":
        return None
    last = _at_clock(inner.period.start, match[2])
    first = _at_clock(inner.period.start, match[1] + match[2].lstrip("0123456789:")) if match[1] else last
    if first.start > last.start:  # "11 to 1 pm"
        first = _at_clock(inner.period.start, match[1])
    return inner._replace(period=Period(first.start, last.end, last.granularity), in_year=None)


@_rule(rf"({CLOCK})")
def _clock_alone(match: re.Match[str], context: Context) -> Point | None:
    """ "At 5 pm": of the day that the text stated or, where it looks ahead, of today; else of a day not known."""
    if not re.search(
        r"\b(?:at|by|around|about|until|till|before|after|from|since|between) $", context.lead(match.start(), 8)
    ):
        return None
    before = context.before
    if before and before.granularity in ("day", "hour", "minute"):
        return Point(_at_clock(before.start, match[1]), "inherited")
    return Point(_at_clock(context.now, match[1]) if context.future else None, "relative")


# Months, years and longer.


@_rule(rf"(?:(?i:the month of) )?({LOOSE_MONTH})(?:,| (?i:of))? ({YEAR})")
def _month_year(match: re.Match[str], context: Context) -> Point:
    return Point(periods.month(int(match[2]), month(match[1])))


_JOINED = re.compile(rf"(?:(?:,? (?:and|or)|,) {MONTH})+,?(?: of)? ({YEAR})")
"""What follows the first of "May, June and July of 2020"."""


@_rule(rf"({LOOSE_MONTH})(?! \d)")
def _month_alone(match: re.Match[str], context: Context) -> Point | None:
    if not context.cued and (len(match[1].rstrip(".")) < 5 or match[1].lower() in NAMES):
        return None
    if joined := _JOINED.match(context.text, match.end()):
        return Point(periods.month(int(joined[1]), month(match[1])))
    return _yearless(context, lambda year: periods.month(year, month(match[1])))


@_rule(rf"(?:(?i:the (?:year|summer|winter) )?)({YEAR})(?![-–/:]\d| [AaPp]\.?[Mm]\b)(?P<counted> (?:{COUNTED})\b)?")
def _year(match: re.Match[str], context: Context) -> Point | None:
    if not (context.cued or match[0] != match[1]):
        return None
    lead = context.lead(match.start(), 30)
    if match["counted"] and not lead.endswith(("since ", "until ", "prior to ")):
        return None
    if lead.endswith((" at ", " on ")) or re.search(rf"\b(?:{MEASURED}) of (?:about |around |some |over )?$", lead):
        return None
    return Point(periods.years(int(match[1])), end=match.end(1))


@_rule(rf"(?i:the )({YEAR})(?= [a-z])(?! (?:{COUNTED})\b)")
def _the_year(match: re.Match[str], context: Context) -> Point:
    """ "The 2008 crisis", but not "the 2000 soldiers"."""
    return Point(periods.years(int(match[1])))


@_rule(r"['’](\d{2})(?![\ds'’])\b")
def _short_year(match: re.Match[str], context: Context) -> Point | None:
    """ "In '98"."""
    return Point(periods.years(short_year(match[1], now=context.now.year))) if context.cued else None


_ERA = r"(?:BCE?|B\.C\.(?:E\.)?)(?!\w)"
_AFTER = r"(?:AD|A\.D\.|CE|C\.E\.)(?!\w)"


@_rule(
    rf"(?:(?:(?:\d{{1,2}} )?{MONTH} )?\d{{1,4}}(?: ?{_ERA})?\s?(?:[-–—]|to|and|until)\s?(?:c\. ?)?)?(?:\d{{1,2}} )?"
    rf"(?:{MONTH} )?(?:\d{{1,4}}|(?i:the )?{ORDINAL}[- ]century|(?i:the )?{ORDINAL}[- ]millennium) ?{_ERA}"
    rf"(?:\s?(?:[-–—]|to|and|until)\s?(?:{_AFTER} ?\d{{1,4}}|\d{{1,4}} ?{_AFTER}))?"
)
def _before_christ(match: re.Match[str], context: Context) -> Point:
    return Point(None)


@_rule(rf"(?:{_AFTER} (\d{{1,4}})|(\d{{1,4}}) {_AFTER})(?![\d%])")
def _of_our_era(match: re.Match[str], context: Context) -> Point:
    return Point(periods.years(int(match[1] or match[2])))


@_rule(r"(?i:the )?(?:((?i:early|mid|late))[- ])?(?i:the )?(?:((?:1\d|20)\d)0['’]?s|['’](\d)0s)\b")
def _decade(match: re.Match[str], context: Context) -> Point:
    """ "The early 1990s", "the '90s"; "the 1800s" are all of a century."""
    tens = int(match[2]) if match[2] else 190 + int(match[3]) if int(match[3]) > 2 else 200 + int(match[3])
    whole = (
        periods.years(10 * tens, 100, "century")
        if tens % 10 == 0 and tens < 200
        else periods.years(10 * tens, 10, "decade")
    )
    return Point(_third(whole, match[1]))


@_rule(rf"(?i:the )(?:((?i:early|mid|late))[- ])?(?:(?:\w+ing |gay )?((?i:{'|'.join(DECADES)}))|([2-9])0s)\b")
def _decade_word(match: re.Match[str], context: Context) -> Point | None:
    """ "The roaring twenties", "the 60s"; no temperatures."""
    if match[3] and re.search(
        r"temperature|degree|weather|\b(?:highs?|lows?|mph|score|percent)", context.lead(match.start(), 40)
    ):
        return None
    tens = int(match[3]) if match[3] else DECADES[match[2].lower()]
    return Point(_third(periods.years(1900 + 10 * tens, 10, "decade"), match[1]))


@_rule(
    rf"(?i:(the) )?(?:(?i:(early|mid|late)|(turn of))[- ])?(?i:(the) )?"
    rf"(?:({ORDINAL})(?: (?i:century))?\s?(?:to|and|through|[-–—])\s?(?i:the )?)?"
    rf"({ORDINAL})[- ](?i:centur(?:y|ies))\b(?! (?:B\.?C|Fox\b|Studios\b))"
)
def _century(match: re.Match[str], context: Context) -> Point | None:
    """ "The late 18th century", "the 15th to 18th centuries"; but not "his second century"."""
    last = ordinal(match[6])
    if not (match[1] or match[2] or match[4] or match[6][0].isdigit() or last > 10):
        return None
    first = ordinal(match[5]) if match[5] else last
    if not first <= last:
        raise ValueError("a range that runs backwards")
    if match[3]:
        return Point(periods.years(100 * last - 109, 20, "decade"))
    return Point(_third(periods.years(100 * first - 99, 100 * (last - first + 1), "century"), match[2]))


def _third(period: Period, which: str | None) -> Period:
    return periods.part(period, which.lower()) if which else period


@_rule(
    rf"(?i:the )?(?:Q([1-4])|(?i:(first|second|third|fourth|last|final) quarter))(?:,? (?i:of )?(?:({YEAR})"
    r"|(?i:(last|this|next) year)))?\b"
)
def _quarter(match: re.Match[str], context: Context) -> Point | None:
    if not (match[1] or match[3] or match[4]):
        return None
    first = 3 * (int(match[1]) if match[1] else ORDINALS.get(match[2].lower(), 4)) - 2

    def resolve(year: int) -> Period:
        return periods.month(year, first, 3)._replace(granularity="season")

    if match[4]:
        return Point(resolve(context.now.year + _away(match[4])), "relative")
    return _dated(context, match[3], resolve)


@_rule(rf"H([12]),? (?:of )?({YEAR})")
def _half_year(match: re.Match[str], context: Context) -> Point:
    return Point(periods.half(periods.years(int(match[2])), int(match[1])))


@_rule(r"(?i:the )?(?i:(first|second|latter|last) half of )", leads=True)
def _half(match: re.Match[str], context: Context) -> Point | None:
    """ "The first half of 2020", "of the 19th century"."""
    inner = _inner(match, context)
    if inner is None or inner.period is None or inner.period.granularity in ("day", "hour", "minute"):
        return None
    which, again = 1 if match[1].lower() == "first" else 2, inner.in_year
    return inner._replace(
        period=periods.half(inner.period, which),
        in_year=(lambda year: periods.half(again(year), which)) if again else None,
    )


@_rule(r"(?:FY ?|(?i:(?:the )?fiscal (?:year )?))(?:(\d{4})|['’]?(\d{2}))\b")
def _fiscal(match: re.Match[str], context: Context) -> Point:
    return Point(periods.years(int(match[1]) if match[1] else short_year(match[2], now=context.now.year)))


@_rule(
    r"(?i:the )?((?i:academic|school) year )?((?:1[5-9]|20)\d{2})([-–/])(\d{4}|\d{2})(?: ((?i:season"
    r"|academic year|school year)))?(?![\w/-])"
)
def _years(match: re.Match[str], context: Context) -> Point | None:
    """ "1914-18", "the 2010–11 season"; "2021-05", which is no such span, is a month."""
    first, short, named = int(match[2]), len(match[4]) == 2, (match[1] or match[5] or "").lower()
    last = first // 100 * 100 + int(match[4]) if short else int(match[4])
    if match[4] == "00" and match[2].endswith("99"):
        last += 100
    if not first < last <= first + 200:
        return (
            Point(periods.month(first, int(match[4])))
            if short and match[3] == "-" and 1 <= int(match[4]) <= 12
            else None
        )
    if last == first + 1 and (short or named):
        return Point(periods.month(first, 8 if "year" in named else 7, 12)._replace(granularity="year"))
    return Point(periods.years(first, last - first + 1))


@_rule(rf"(?i:the )?({SEASON}) (?i:semester|term)(?:,? (?:of )?({YEAR}))?\b")
def _semester(match: re.Match[str], context: Context) -> Point:
    return _dated(context, match[2], lambda year: periods.semester(year, match[1].lower()))


@_rule(rf"(?i:the )?({SEASON})(?:(?: (?:of )?({YEAR})| (?:of )?['’](\d{{2}}))\b|\b(?! (?:line|break|of)\b))")
def _season(match: re.Match[str], context: Context) -> Point | None:
    name, year = match[1].lower(), match[2]
    if match[3]:
        year = str(short_year(match[3], now=context.now.year))
    if not year and not (
        context.cued and re.match(rf"(?! \w+ed\b){FREE}", context.text[match.end() : match.end() + 20])
    ):
        return None
    return _dated(context, year, lambda year: periods.season(year, name))


@_rule(rf"({HOLIDAY})(?: ({DAYPART})\b)?(?:,? (?:of |in )?({YEAR})|{FREE})")
def _feast(match: re.Match[str], context: Context) -> Point | None:
    """ "On Christmas Eve", but not "a Christmas tree"."""
    if not match[3] and context.lead(match.start(), 8).endswith(("chinese ", "lunar ", " a ")):
        return None

    def resolve(year: int) -> Period:
        when = periods.holiday(year, holiday(match[1]))
        return periods.hours(when.start, *DAYPARTS[match[2].lower()]) if match[2] else when

    return _dated(context, match[3], resolve)


@_rule(
    rf"(?i:the )((?i:first|second|third|fourth|last)) (?:((?i:week|weekend|day))|({DAY})) (?i:of|in) (?:({MONTH})"
    rf"(?:,? ({YEAR}))?|({YEAR}))"
)
def _of_month(match: re.Match[str], context: Context) -> Point:
    """ "The first Monday of October 2021", "the last day of 2019"."""

    def resolve(year: int) -> Period:
        whole = periods.month(year, month(match[4])) if match[4] else periods.years(year)
        count = 0 if match[1].lower() == "last" else ORDINALS[match[1].lower()]
        if (match[2] or "").lower() == "week":
            return periods.days(
                whole.start + timedelta(days=7 * count - 7) if count else whole.end - timedelta(days=7), 7
            )._replace(granularity="week")
        if (match[2] or "").lower() == "day":
            return periods.day(whole.start + timedelta(days=count - 1) if count else whole.end - timedelta(days=1))
        number = weekday(match[3]) if match[3] else 5
        first = periods.weekday_after(whole.start - timedelta(days=1), number)
        when = first + timedelta(days=7 * count - 7) if count else periods.weekday_before(whole.end, number)
        return periods.day(when) if match[3] else periods.weekend(when)

    return _dated(context, match[5] or match[6], resolve)


@_rule(rf"(?i:the )(?i:(week|weekend) of )(?=(?:the )?(?:{MONTH} \d|\d))", leads=True)
def _week_of(match: re.Match[str], context: Context) -> Point | None:
    inner = _inner(match, context)
    if inner is None or inner.period is None or inner.period.granularity != "day":
        return None
    when = inner.period.start
    return inner._replace(
        period=periods.week(when) if match[1].lower() == "week" else periods.weekend(when), in_year=None
    )


@_rule(
    r"(?:((?i:early|mid|late)|(?i:(?:the )?(?:(?:very )?beginning|start|middle|end) of))(?: |-(?=\w))|(?i:earlier in"
    r"|later in) )",
    leads=True,
)
def _part(match: re.Match[str], context: Context) -> Point | None:
    """ "Early 2019", "the end of last year", "mid-May"."""
    inner = _inner(match, context)
    if inner is None or inner.period is None or inner.period.granularity in ("day", "hour", "minute"):
        return None
    if match[1] is None:
        return inner
    word = match[1].lower()
    which = "early" if "early" in word or "beginning" in word or "start" in word else "mid" if "mid" in word else "late"
    again = inner.in_year
    return inner._replace(
        period=periods.part(inner.period, which),
        in_year=(lambda year: periods.part(again(year), which)) if again else None,
    )


# Times relative to when it was said.


@_rule(rf"(?i:(the day before )?(yesterday)|(today)|(tonight)|(the day after )?(tomorrow))\b(?: ({DAYPART})\b)?{AT}")
def _near(match: re.Match[str], context: Context) -> Point:
    away = -1 - bool(match[1]) if match[2] else 1 + bool(match[5]) if match[6] else 0
    return _part_of_day(periods.day(context.now + timedelta(days=away)), "night" if match[4] else match[7], match)


@_rule(
    rf"(?:({CLOCK})|({HOUR})) (?i:this (morning|afternoon|evening)|(last night|tonight)"
    r"|yesterday (morning|afternoon|evening))\b"
)
def _clock_part(match: re.Match[str], context: Context) -> Point:
    """ "At 8 this morning"."""
    low = match[0].lower()
    day = periods.day(context.now - timedelta(days=low.endswith("last night") or "yesterday" in low))
    early = low.endswith("morning") or (match[2] == "12")
    hour = int(match[2]) + 12 * (not early) if match[2] else 0
    return Point(_at_clock(day.start, match[1]) if match[1] else periods.hours(day.start, hour, hour + 1), "relative")


@_rule(r"(?i:(?:later |earlier )?this (morning|afternoon|evening)|(last) night)\b")
def _this_part(match: re.Match[str], context: Context) -> Point:
    when = periods.day(context.now - timedelta(days=bool(match[2])))
    return _part_of_day(when, "night" if match[2] else match[1], None)


def _part_of_day(period: Period, daypart: str | None, match: re.Match[str] | None) -> Point:
    if match is not None and (match["clock"] or match["hour"]):
        return Point(_clocked(period, match), "relative")
    return Point(periods.hours(period.start, *DAYPARTS[daypart.lower()]) if daypart else period, "relative")


@_rule(rf"({DAY})(?! week\b)(?: ({DAYPART})\b)?{AT}")
def _weekday_alone(match: re.Match[str], context: Context) -> Point | None:
    """ "On Friday": the last one where the sentence tells of the past, else the one that comes; "a Friday" is none."""
    if re.search(
        r"\b(?:an?|the|any|some|one|most|my|our|his|her|their|your) (?:\w+ )?$", context.lead(match.start(), 14)
    ):
        return None
    if match[2] and match[2][0].isupper():  # "Saturday Night Live"
        return None
    number, now = weekday(match[1]), context.now
    if context.past and not context.future:
        when: date = periods.weekday_before(now + timedelta(days=1), number)
    else:
        when = periods.weekday_after(now - timedelta(days=1), number)
    return _part_of_day(periods.day(when), match[2], match)


_LAST = r"(?P<which>(?i:(?:this )?(?:last|past)|this (?:coming|upcoming)|next|coming|upcoming|this))"


@_rule(rf"(?i:the )?{_LAST} ({SHORT_DAY})(?: ({DAYPART})\b)?{AT}")
def _last_weekday(match: re.Match[str], context: Context) -> Point:
    which, number = match["which"].lower(), weekday(match[2])
    if which == "this" and not context.future:
        when: date = periods.week(context.now).start + timedelta(days=number)
    elif "last" in which or "past" in which:
        when = periods.weekday_before(context.now, number)
    else:
        when = periods.weekday_after(context.now, number)
    return _part_of_day(periods.day(when), match[3], match)


@_rule(rf"({DAY})(?: (?i:of))? (?i:(last|this|next)) (?i:week)\b")
def _weekday_of_week(match: re.Match[str], context: Context) -> Point:
    """ "Tuesday of last week"."""
    start = periods.shifted(context.now, "week", _away(match[2])).start
    return Point(periods.day(start + timedelta(days=weekday(match[1]))), "relative")


@_rule(rf"(?:({LOOSE_MONTH})|({SEASON})|({HOLIDAY}))(?: (?i:of))? (?i:(last|this|next)) (?i:year)\b")
def _named_of_year(match: re.Match[str], context: Context) -> Point:
    """ "October last year"."""
    year = context.now.year + _away(match[4])
    if match[1]:
        return Point(periods.month(year, month(match[1])), "relative")
    return Point(
        periods.season(year, match[2].lower()) if match[2] else periods.holiday(year, holiday(match[3])), "relative"
    )


@_rule(rf"(?:(?P<side>(?i:earlier|later)) )?(?i:the )?{_LAST} ({UNIT})\b(?! (?i:of|or two|and a half))")
def _last_unit(match: re.Match[str], context: Context) -> Point | None:
    which, what, now = match["which"].lower(), unit(match[3]), context.now
    lead = context.text[match.start() : match.start(3)].lower()
    gone = "last" in which or "past" in which
    if what in ("second", "minute", "hour") or (not gone and ("the " in lead or (what == "day" and which != "this"))):
        return _following(match, context, what) if which == "next" else None
    if "the " in lead and what != "weekend":  # "in the past year" runs up to now
        return Point(Period(periods.back(now, what, 1), now, periods.shifted(now, what, 0).granularity), "relative")
    away = 0 if which == "this" or (which == "this past" and what != "weekend") else -1 if gone else 1
    if what == "weekend" and away > 0 and now.weekday() < 5:
        away = 0
    period, today = periods.shifted(now, what, away), periods.day(now)
    if what == "week" and away < 0 and now.weekday() == 6:  # on a Sunday, the week that has just passed
        period = Period(today.start - timedelta(days=7), today.start, "week")
    if (match["side"] or "").lower() == "earlier":
        period = period._replace(end=max(today.end, period.start + timedelta(days=1)))
    elif match["side"]:
        period = period._replace(start=today.start)
    return Point(period, "relative")


@_rule(rf"{_LAST} (?:(?:({SEASON}) )?((?i:semester|term))|({SEASON})|({LOOSE_MONTH})|({HOLIDAY}))\b(?! \d)")
def _last_named(match: re.Match[str], context: Context) -> Point:
    def in_year(year: int) -> list[Period]:
        if match[3]:
            return [periods.semester(year, name) for name in ([match[2].lower()] if match[2] else ["spring", "fall"])]
        if match[4]:
            return [periods.season(year, match[4].lower())]
        return [periods.month(year, month(match[5])) if match[5] else periods.holiday(year, holiday(match[6]))]

    which, now = match["which"].lower(), context.now
    choices = [period for away in (-2, -1, 0, 1, 2) for period in in_year(now.year + away)]
    if "last" in which or "past" in which:
        return Point([period for period in choices if period.end <= now][-1], "relative")
    if which == "this":
        ahead = (p for p in choices if p.end > now and (p.start <= now or p.start.year == now.year))
        return Point(next(ahead, in_year(now.year)[-1]), "relative")  # "this spring", said in autumn, is over
    return Point(next(period for period in choices if period.start > now), "relative")


@_rule(rf"(?i:the )(?:({UNIT})|({SEASON})|({DAY})) (?i:(before last|after next))\b")
def _before_last(match: re.Match[str], context: Context) -> Point:
    """ "The week before last", "the summer before last"."""
    now, sign = context.now, -1 if match[4].lower().startswith("before") else 1
    if match[1]:
        return Point(periods.shifted(now, unit(match[1]), 2 * sign), "relative")
    if match[3]:
        day = (periods.weekday_after if sign > 0 else periods.weekday_before)(now, weekday(match[3]))
        return Point(periods.day(day + timedelta(days=7 * sign)), "relative")
    choices = [periods.season(now.year + away, match[2].lower()) for away in range(-3, 4)]
    past, ahead = [p for p in choices if p.end <= now], [p for p in choices if p.start > now]
    return Point(past[-2] if sign < 0 else ahead[1], "relative")


@_rule(
    rf"{ABOUT}({NUMERAL})(?: (?:and a half|or (?:so|two|three)))? (?:more )?({UNIT})(?:s|(?<=centurie)s)?"
    r"( and a half)? (?i:(ago|back|earlier|from now|from today|later|hence|after that|before that))\b"
)
def _ago(match: re.Match[str], context: Context) -> Point | None:
    what, word = unit(match[2]), match[4].lower()
    if match[2][0].isupper():  # "28 Days Later" is a film
        return None
    forward = word in ("from now", "from today", "later", "hence", "after that")
    from_text = word in ("earlier", "later", "after that", "before that")
    if from_text and context.before is None:
        return None
    origin = context.before.start if from_text and context.before else context.now
    count, what = _counted(match[1], what, half=" and a half" in match[0].lower())
    if (count, what) == (1, "year") and not from_text:  # of a time so near the month is still known
        count, what = 12, "month"
    vague = match[1].lower().removeprefix("a ") in ("few", "several")
    if vague and what in ("day", "week", "month", "year"):
        outer, inner = (2, 5) if forward else (-5, -2)
        first, last = periods.shifted(origin, what, outer), periods.shifted(origin, what, inner)
        period = Period(first.start, last.end, first.granularity)
    elif from_text and context.before and what in _OF_THE_CLOCK and context.before.granularity not in _OF_THE_CLOCK:
        period = context.before  # minutes after something of that day or year
    else:
        period = periods.shifted(origin, what, count if forward else -count)
    return Point(period, "inherited" if from_text else "relative")


_OF_THE_CLOCK = ("second", "minute", "hour")


_FINER = {"century": ("year", 100), "decade": ("year", 10), "year": ("month", 12), "quarter": ("month", 3)} | {
    "month": ("day", 30),
    "fortnight": ("day", 14),
    "week": ("day", 7),
    "day": ("hour", 24),
    "hour": ("minute", 60),
}


def _counted(words: str, what: str, *, half: bool) -> tuple[int, str]:
    """How many of which unit; with a half, or for decades, which nobody counts by the calendar, in a finer one.

    >>> _counted("a", "year", half=True), _counted("half an", "hour", half=False), _counted("two", "decade", half=False)
    ((18, 'month'), (30, 'minute'), (20, 'year'))
    """
    half = half or words.lower().startswith("half")
    if not half and what != "decade":
        return number(words), what
    finer, many = _FINER.get(what, (what, 1))
    return number(words) * many + half * many // 2, finer


@_rule(
    rf"{ABOUT}({NUMERAL}) (?i:(day|week|month|year)s? (ago|from))"
    rf" (?:(?i:(yesterday|today|tomorrow))|(?i:last |next )?({DAY}))\b(?! to\b)"
)
def _ago_today(match: re.Match[str], context: Context) -> Point:
    """ "A week ago today", "two weeks from Friday"."""
    sign = -1 if match[3].lower() == "ago" else 1
    if match[5]:
        base = (periods.weekday_after if sign > 0 else periods.weekday_before)(context.now, weekday(match[5]))
    else:
        base = context.now + timedelta(days=("yesterday", "today", "tomorrow").index(match[4].lower()) - 1)
    when = periods.back(periods.day(base).start, match[2].lower(), -sign * number(match[1]))
    exact = match[2].lower() in ("day", "week") or sign < 0
    return Point(periods.day(when) if exact else periods.shifted(when, match[2].lower(), 0), "relative")


@_rule(
    rf"({NUMERAL}) (?:({SEASON})s|((?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day))s|(Christmas|Easter"
    rf"|Halloween|Thanksgiving)(?:e?s)) (?i:ago)\b"
)
def _seasons_ago(match: re.Match[str], context: Context) -> Point:
    count, now = number(match[1]), context.now
    if match[3]:
        last = periods.weekday_before(now, weekday(match[3]))
        return Point(periods.day(last - timedelta(days=7 * count - 7)), "relative")

    def in_year(year: int) -> Period:
        return periods.season(year, match[2].lower()) if match[2] else periods.holiday(year, holiday(match[4]))

    past = next(year for year in (now.year, now.year - 1, now.year - 2) if in_year(year).end <= now)
    return Point(in_year(past - count + 1), "relative")


@_rule(rf"(?i:in|within) (?:(?i:about|around|just|the next) )?({NUMERAL}) ({UNIT})s?\b(?:['’] time)?")
def _in_units(match: re.Match[str], context: Context) -> Point:
    """ "In two weeks" is a time only where the sentence looks ahead; else it is how long something took."""
    if not (context.future or match[0].endswith("time")):
        return Point(None, relation="duration")
    count, what = _counted(match[1], unit(match[2]), half=False)
    then = periods.shifted(context.now, what, count)
    return Point(then._replace(start=periods.day(context.now).start) if "the next" in match[0] else then, "relative")


@_rule(rf"(?P<lead>(?i:for|over|during|in|within) )?(?i:the )(?i:last|past|previous) ({NUMERAL}) ({UNIT})s?\b")
def _past_units(match: re.Match[str], context: Context) -> Point:
    """ "Over the last two weeks" is that time; "for the last two weeks" tells since when."""
    what, count = unit(match[3]), number(match[2])
    if (match["lead"] or "").lower().startswith("for"):
        return Point(periods.shifted(context.now, what, -count), "relative", relation="since")
    granularity = periods.shifted(context.now, what, 0).granularity
    return Point(Period(periods.back(context.now, what, count), context.now, granularity), "relative")


@_rule(
    rf"(?i:for )?{ABOUT}({NUMERAL})(?: (?:and a half|or so))? ({UNIT})s?( and a half)? now(?=\s*(?:[^\w\s'’-]|$)|"
    r" (?:and|but|because|so)\b)"
)
def _by_now(match: re.Match[str], context: Context) -> Point:
    """ "For five years now" tells since when."""
    count, what = _counted(match[1], unit(match[2]), half=" and a half" in match[0])
    return Point(periods.shifted(context.now, what, -count), "relative", relation="since")


@_rule(r"(?i:(?:the )?(beginning|start|middle|end) of the (week|month|year|quarter))\b")
def _part_of_unit(match: re.Match[str], context: Context) -> Point | None:
    """ "By the end of the week" is of this one, where the sentence looks ahead."""
    if not context.future:
        return None
    which = {"middle": "mid", "end": "late"}.get(match[1].lower(), "early")
    return Point(periods.part(periods.shifted(context.now, match[2].lower(), 0), which), "relative")


@_rule(r"(?i:the other day)\b")
def _the_other_day(match: re.Match[str], context: Context) -> Point:
    first, last = periods.shifted(context.now, "day", -5), periods.shifted(context.now, "day", -2)
    return Point(Period(first.start, last.end, "day"), "relative")


@_rule(r"(?i:the weekend)\b")
def _the_weekend(match: re.Match[str], context: Context) -> Point | None:
    if not context.cued and not context.lead(match.start(), 6).endswith("over "):
        return None
    away = 0 if context.future or context.now.weekday() >= 5 else -1
    return Point(periods.shifted(context.now, "weekend", away), "relative")


# Times relative to another time of the text.


@_rule(
    rf"(?i:the|that|the very) (?i:(same|following|next|previous|preceding|day|week|month|year|summer|winter"
    rf"|spring|autumn|fall)\b)(?: ({UNIT}|{SEASON}|{DAYPART}|{MONTH})\b)?"
)
def _in_context(match: re.Match[str], context: Context) -> Point | None:
    """ "The following year", "that summer": only after a time that the text stated."""
    word, what = match[1].lower(), (match[2] or "").lower()
    if word in ("same", "following", "next", "previous", "preceding"):
        return _following(match, context, what) if what else None
    if not match[0].lower().startswith("that") or what:
        return None
    return _following(match, context, word)


def _following(match: re.Match[str], context: Context, what: str) -> Point | None:
    before, words = context.before, match[0].lower()
    if before is None or what in ("second", "minute", "hour", "weekend"):
        return None
    away = 1 if "following" in words or "next" in words else -1 if "prev" in words or "preced" in words else 0
    if what in periods.SEASONS:
        return Point(periods.season(before.start.year + away, what), "inherited")
    if what in DAYPARTS:
        return Point(periods.hours(before.start + timedelta(days=away), *DAYPARTS[what]), "inherited")
    if what in periods.MONTHS:
        name = periods.MONTHS[what]
        later = away > 0 and name > before.start.month
        return Point(periods.month(before.start.year + (away if not later else 0), name), "inherited")
    if what in ("day", "week") and before.granularity not in ("day", "week", "hour", "minute"):
        return None
    return Point(periods.shifted(before.start, what, away), "inherited")


@_rule(
    rf"(?:(?i:the )(?:({UNIT})|({DAY})|({DAYPART})|({SEASON}))|({NUMERAL}) ({UNIT})s?) (?i:(before|after)) (?i:the )?",
    leads=True,
)
def _beside(match: re.Match[str], context: Context) -> Point | None:
    """ "The week before 9 June", "two days after Christmas", "the Friday before 9 June"."""
    inner = _inner(match, context)
    if inner is None or inner.period is None:
        return None
    sign = 1 if match[7].lower() == "after" else -1
    origin = inner.period.start
    if match[2]:
        day = (periods.weekday_after if sign > 0 else periods.weekday_before)(origin, weekday(match[2]))
        return inner._replace(period=periods.day(day), in_year=None)
    if match[3]:
        period = periods.hours(origin + timedelta(days=sign), *DAYPARTS[match[3].lower()])
        return inner._replace(period=period, in_year=None)
    if match[4]:
        seasons = [periods.season(origin.year + away, match[4].lower()) for away in (-2, -1, 0, 1, 2)]
        fitting = [s for s in seasons if (s.start >= inner.period.end if sign > 0 else s.end <= origin)]
        return inner._replace(period=fitting[0 if sign > 0 else -1], in_year=None)
    what, count = unit(match[1] or match[6]), number(match[5] or "one")
    if what == "weekend":
        last = (
            periods.weekday_before(origin, 5)
            if sign < 0
            else periods.weekday_after(inner.period.end - timedelta(days=1), 5)
        )
        period = periods.weekend(last + sign * timedelta(days=7 * count - 7))
    elif what == "week" and match[1]:
        start = origin - timedelta(days=7) if sign < 0 else inner.period.end
        period = Period(start, start + timedelta(days=7), "week")
    else:
        period = periods.shifted(origin, what, sign * count)
    return inner._replace(period=period, in_year=None)


# What is no point in time.


@_rule(
    rf"(?i:for )?{ABOUT}({NUMERAL})(?: (?:and a half|or two))?[- ]"
    rf"(?:more )?({UNIT})(?:s|(?<=centurie)s)?\b(?: and a half\b)?(?:[- ](?:long|old)\b)?"
)
def _duration(match: re.Match[str], context: Context) -> Point | None:
    if match[2].lower() in ("second", "quarter") and match[1].lower() in ("a", "one", "the"):
        return None
    return Point(None, relation="duration")


@_rule(
    rf"(?i:(?:every|each) (?:other |single |{NUMERAL} )?(?:{UNIT}s?|{DAY}s?|{SEASON}|{LOOSE_MONTH}|{DAYPART}"
    rf"|{HOLIDAY})\b"
    rf"|(?:the )?(?:(?:first|second|third|fourth|last) (?:{DAY}|weekend|day|week)|\d{{1,2}}(?:st|nd|rd|th)) (?:of|in)"
    rf" (?:every|each|the) (?:month|year|quarter|week)\b|daily\b|weekly\b|monthly\b|yearly\b|annually\b"
    rf"|nightly\b|(?:once|twice|{NUMERAL} times) (?:a|an|per|every|each) {UNIT}\b|(?:on )?(?:(?:mon|tues|wednes"
    rf"|thurs|fri|satur|sun)days|weekends|weekdays)\b"
    rf"|(?:in|on) (?:the )?(?:mornings|afternoons|evenings))"
)
def _frequency(match: re.Match[str], context: Context) -> Point:
    return Point(None, relation="frequency")
