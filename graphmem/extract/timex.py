"""Time expressions in English text, resolved by rules against the time when the text was said or written.

`find` is the one entry. A trigger word finds where a time may begin; there every rule is tried and the longest match
wins, so the work is linear in the text. What only its context could resolve ("two weeks later" with nothing before it)
is left out; durations and frequencies are found, but carry no interval.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from graphmem.extract import periods
from graphmem.extract.periods import HOLIDAYS, Period, moment
from graphmem.extract.verbs import IRREGULAR
from graphmem.model import Anchor, TimeExpression, utc

Relation: TypeAlias = Literal["at", "since", "until", "duration", "frequency"]


def _count(words: str, start: int = 0) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split(), start)}


_MONTHS = _count("jan feb mar apr may jun jul aug sep oct nov dec", 1)
_DAYS = _count("mon tue wed thu fri sat sun")
_NUMBERS = _count(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
) | {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
    "dozen": 12,
    "couple": 2,
    "few": 3,
    "several": 3,
}
_ORDINALS = _count(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth twenty-first",
    1,
)
_DECADES = _count("twenties thirties forties fifties sixties seventies eighties nineties", 2)
_DAYPARTS = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 30)}

# Pieces of the grammar. "May", "March" and short forms need their capital, so that verbs are not taken for months.
MONTH = (
    r"(?:(?i:january|february|april|june|july|august|september|october|november|december)\b|(?:March|MARCH|May|MAY)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
LOOSE_MONTH = rf"(?:{MONTH}|(?:may|march)\b)"
DAY = r"(?:(?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day)\b)"
SHORT_DAY = rf"(?:{DAY}|(?:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)\b\.?)"
NUMERAL = (
    r"(?:\d{1,4}|(?i:a hundred|a dozen|(?:a )?couple(?: of)?|(?:a )?few|several|half an?|(?:twenty|thirty|forty"
    r"|fifty|sixty)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen"
    r"|eighteen|nineteen|one|two|three|four|five|six|seven|eight|nine|an?)\b)"
)
UNIT = r"(?i:second|minute|hour|day|week(?:end)?|fortnight|month|quarter|year|decade|century|centurie)"
YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})(?![\d%]|[.,]\d)"
DOM = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)"
SEASON = r"(?i:spring|summer|autumn|fall|winter)"
DAYPART = r"(?i:morning|afternoon|evening|night)"
CLOCK = r"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?: ?[AaPp]\.?[Mm]\b)?|(?:1[0-2]|0?[1-9]) ?[AaPp]\.?[Mm]\b|noon|midnight)"
AT = rf"(?:,? (?:at )?(?P<clock>{CLOCK}))?"
HOLIDAY = (
    r"(?:Christmas(?: Eve| Day)?|New Year['’]s(?: Eve| Day)|Valentine['’]s Day|Easter(?: Sunday)?|Halloween"
    r"|Thanksgiving"
    r"|(?:Fourth|4th) of July|Boxing Day)\b"
)
ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?i:{'|'.join(reversed(_ORDINALS))}))"

_TRIGGER = re.compile(
    r"(?<![\w$£€#./-])(?:(?:the|last|next|this|past|previous|coming|following|early|earlier|mid|middle|late"
    r"|later|beginning|start|end|on"
    r"|in|of|at|by|before|after|since|until|till|from|between|for|during|over|within|around|circa|every|each"
    r"|daily|weekly|monthly|yearly"
    r"|annually|nightly|twice|once|three times|yesterday|today|tonight|tomorrow|one|that|half|several|few|couple"
    r"|fiscal|spring|summer"
    r"|autumn|winter|Christmas|New Year|Valentine|Easter|Halloween|Thanksgiving|Fourth|Boxing|an?|(?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)"
    rf"days?|weekends|prior to|{NUMERAL})\b|mid-|\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|{MONTH}|Q[1-4]\b|H[12]\b"
    rf"|FY ?\d|['’]\d0s)",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|won['’]t|going to|gonna|plan(?:s|ning)?|upcoming|hop(?:es?|ing)|soon|expects?"
    r"|looking forward|can['’]t wait|want(?:s)? to"
    r"|would like|intends?|due|scheduled|deadline|let['’]s|about to)\b|['’]ll\b",
    re.IGNORECASE,
)
_PAST = re.compile(rf"\b(?:was|were|found|\w{{2,}}ed|{'|'.join(IRREGULAR)})\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_CUE = re.compile(r"(?:in|on|at|during|of|around|circa|over|within|for)\s+(?:(?:about|around|year)\s+)?", re.I)
_RELATION = re.compile(
    r"(?P<word>since|until|till|through|by|before|prior to|after|from|as of|starting(?: in| on)?)\s+(?:about\s+"
    r"|around\s+)?",
    re.I,
)
_RANGE = re.compile(r"(?:from|between)\s+(?:the\s+)?", re.I)
_JOIN = re.compile(r"\s*(?:[-–—]|\b(?:to|until|till|through|and)\b)\s*(?:the\s+)?", re.I)
_ON = re.compile(r"\s+(?:on|onwards?|forward)\b", re.I)


class _Context(NamedTuple):
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


class _Point(NamedTuple):
    """What one rule read."""

    period: Period | None
    anchor: Anchor = "explicit"
    in_year: Callable[[int], Period] | None = None
    """How to resolve it again in a given year, when no year was written."""
    relation: Relation = "at"
    end: int = 0
    start: int = 0


_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], _Point | None]]] = []


def _rule(pattern: str) -> Callable[[Callable[[re.Match[str], _Context], _Point | None]], None]:
    def add(handler: Callable[[re.Match[str], _Context], _Point | None]) -> None:
        _RULES.append((re.compile(pattern), handler))

    return add


def find(text: str, reference_time: datetime | date | str) -> list[TimeExpression]:
    """Find the times named in `text`, in order and without overlap, as intervals in UTC.

    >>> [(t.text, t.valid_at.date().isoformat(), t.granularity) for t in find("We met last Friday.", "2023-05-09")]
    [('last Friday', '2023-05-05', 'day')]
    """
    now = utc(reference_time)
    found: list[TimeExpression] = []
    before: Period | None = None
    position = stated = sentence_end = 0
    future = past = False
    while trigger := _TRIGGER.search(text, position):
        start = trigger.start()
        if start >= sentence_end:
            stop = _SENTENCE_END.search(text, start)
            sentence_start, sentence_end = sentence_end, stop.end() if stop else len(text)
            around = (max(sentence_start, start - 300), min(sentence_end, start + 300))
            future, past = bool(_FUTURE.search(text, *around)), bool(_PAST.search(text, *around))
        near = before if start - stated < 400 and "\n" not in text[stated:start] else None
        cued = text[max(0, start - 6) : start].endswith(("(", "born ", " b. ", "died "))
        best = _read(text, start, _Context(now, near, future, past, cued, text))
        if best is None:
            position = start + 1
            continue
        period = best.period
        found.append(
            TimeExpression(
                start=best.start,
                end=best.end,
                text=text[best.start : best.end],
                valid_at=None if period is None or period.start == _OPEN else period.start,
                invalid_at=None if period is None or period.end == _OPEN else period.end,
                granularity=period.granularity if period else None,
                anchor=best.anchor if period else "unknown",
                relation=best.relation,
            )
        )
        if period and best.anchor != "relative" and _OPEN not in (period.start, period.end):
            before, stated = period, best.end
        position = best.end
    return found


_OPEN = moment(1)
"""Stands for no limit inside a period that is open on one side ("after 2019")."""


def _read(text: str, at: int, context: _Context) -> _Point | None:
    """The longest time that begins here: a range, a time with a preposition, or a time alone."""
    options = [_range(text, at, context), _related(text, at, context), _point(text, at, context)]
    if cue := _CUE.match(text, at):
        options.append(_range(text, cue.end(), context._replace(cued=True)))
        options.append(_point(text, cue.end(), context._replace(cued=True)))
    return max((option for option in options if option), key=lambda option: option.end, default=None)


def _point(text: str, at: int, context: _Context) -> _Point | None:
    """The longest single time that begins here."""
    best: _Point | None = None
    for pattern, handler in _RULES:
        if (match := pattern.match(text, at)) and (best is None or match.end() > best.end):
            try:
                point = handler(match, context)
            except (ValueError, OverflowError):  # no such day, or outside the years that a datetime can hold
                continue
            if point:
                best = point._replace(end=point.end or match.end(), start=at)
    return best


def _range(text: str, at: int, context: _Context) -> _Point | None:
    """ "From 2010 to 2014", "between May and July 2019", "May–July 2019": the first takes the year of the second."""
    lead = _RANGE.match(text, at)
    inner = context._replace(cued=context.cued or lead is not None or text[at : at + 1].isalpha())
    first = _point(text, lead.end() if lead else at, inner)
    if first is None or first.period is None or first.relation != "at":
        return None
    join = _JOIN.match(text, first.end)
    if join is None or (join.group().strip().lower() == "and") != (lead is not None and lead.group()[0] in "bB"):
        return None
    second = _point(text, join.end(), inner._replace(cued=True))
    if second is None or second.period is None or second.relation != "at":
        return None
    begin, end = first.period, second.period
    if first.in_year and not second.in_year:
        begin = first.in_year(end.start.year)
        if begin.start > end.start:
            begin = first.in_year(end.start.year - 1)
    elif second.in_year and end.end <= begin.start:
        end = second.in_year(begin.start.year + (second.in_year(begin.start.year).start < begin.start))
    if begin.start >= end.end:
        return None
    anchor = second.anchor if first.in_year else first.anchor
    return _Point(Period(begin.start, end.end, end.granularity), anchor, end=second.end, start=at)


def _related(text: str, at: int, context: _Context) -> _Point | None:
    """ "Since 2019", "until last year", "before May", "after the summer of 2020": a time that is open on one side."""
    match = _RELATION.match(text, at)
    ahead = match is not None and not context.past and match["word"].lower() in ("until", "till", "through", "by")
    inner = context._replace(cued=True, future=context.future or ahead)
    point = match and _point(text, match.end(), inner)
    if match is None or not point or point.period is None or point.relation != "at":
        return None
    word, period, end = match["word"].lower(), point.period, point.end
    if word in ("before", "prior to"):
        return point._replace(period=period._replace(start=_OPEN, end=period.start), relation="until", start=at)
    if word == "after":
        return point._replace(period=period._replace(start=period.end, end=_OPEN), relation="since", start=at)
    if word == "from":
        onward = _ON.match(text, end)
        return point._replace(relation="since", start=at, end=onward.end()) if onward else None
    return point._replace(
        relation="since" if word in ("since", "as of") or word.startswith("start") else "until", start=at
    )


# Reading words.


def _number(words: str) -> int:
    """ "twenty-five", "a couple of", "12" as a number."""
    words = words.lower()
    if words.isdigit():
        return int(words)
    return sum(_NUMBERS.get(word, 0) for word in re.split(r"[\s-]", words)) or 1


def _month(name: str) -> int:
    return _MONTHS[name[:3].lower()]


def _weekday(name: str) -> int:
    return _DAYS[name[:3].lower()]


def _ordinal(word: str) -> int:
    return int(word[:-2]) if word[0].isdigit() else _ORDINALS[word.lower()]


def _holiday(name: str) -> str:
    plain = name.lower().replace("’", "'").replace("4th", "fourth").replace("easter sunday", "easter")
    return plain if plain in HOLIDAYS else "new year's day"


def _unit(word: str) -> str:
    return word.lower().removesuffix("s").replace("centurie", "century")


def _clocked(period: Period, clock: str | None) -> Period:
    """The hour, or the minute, of a day that a clock time names."""
    if not clock:
        return period
    if clock in ("noon", "midnight"):
        hour, minute = (12, 0) if clock == "noon" else (0, 0)
    else:
        numbers = [int(number) for number in re.findall(r"\d+", clock)]
        hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
        if letter := re.search(r"[AaPp]", clock):
            hour = hour % 12 + 12 * (letter.group() in "Pp")
    start = period.start + timedelta(hours=hour, minutes=minute)
    if ":" in clock:
        return Period(start, start + timedelta(minutes=1), "minute")
    return Period(start, start + timedelta(hours=1), "hour")


def _yearless(context: _Context, in_year: Callable[[int], Period]) -> _Point:
    """Choose the year that was not written: that of the time stated before, else the nearest that fits the tense."""
    now, before = context.now, context.before
    if (
        before
        and before.start < now
        and before.start.year != now.year
        and before.end - before.start <= timedelta(days=366)
    ):
        return _Point(in_year(before.start.year), "inherited", in_year)
    if context.future:
        coming = in_year(now.year)
        return _Point(coming if coming.end > now else in_year(now.year + 1), "relative", in_year)
    past = in_year(now.year)
    if past.start > now and (context.past or past.start - now > timedelta(days=183)):
        past = in_year(now.year - 1)
    elif past.end <= now - timedelta(days=183) and not context.past:
        past = in_year(now.year + 1)
    return _Point(past, "relative", in_year)


def _dated(context: _Context, year: str | None, in_year: Callable[[int], Period]) -> _Point:
    return _Point(in_year(int(year))) if year else _yearless(context, in_year)


# Dates as they are written.


@_rule(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?(?![\w-])")
def _iso(match: re.Match[str], context: _Context) -> _Point:
    year, number, dom, hour, minute = (int(part) if part else 0 for part in match.group(1, 3, 4, 5, 6))
    if match[5] is None:
        return _Point(periods.day(moment(year, number, dom)))
    start = moment(year, number, dom, hour, minute)
    if (zone := match[7]) and zone != "Z":
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        start = start - away if zone[0] == "+" else start + away
    return _Point(Period(start, start + timedelta(minutes=1), "minute"))


@_rule(rf"(\d{{1,2}})([/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){AT}(?![\w/])")
def _numeric(match: re.Match[str], context: _Context) -> _Point:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 0 if len(match[4]) == 4 else 2000 if year < 50 else 1900
    day_first = match[2] == "." or first > 12
    when = moment(year, second, first) if day_first else moment(year, first, second)
    return _Point(_clocked(periods.day(when), match["clock"]))


@_rule(rf"(?i:the )?(?:{SHORT_DAY},? )?(?i:the )?({DOM})(?: (?i:of))? ({MONTH})(?:,? ({YEAR}))?{AT}")
def _day_month(match: re.Match[str], context: _Context) -> _Point:
    dom, number = int(re.sub(r"\D", "", match[1])), _month(match[2])
    return _dated(context, match[3], lambda year: _clocked(periods.day(moment(year, number, dom)), match["clock"]))


@_rule(rf"(?:{SHORT_DAY},? )?({LOOSE_MONTH}) (?:the )?({DOM})(?:,? ({YEAR}))?{AT}")
def _month_day(match: re.Match[str], context: _Context) -> _Point | None:
    if match[1].islower() and not context.cued:
        return None
    dom, number = int(re.sub(r"\D", "", match[2])), _month(match[1])
    return _dated(context, match[3], lambda year: _clocked(periods.day(moment(year, number, dom)), match["clock"]))


@_rule(rf"({DOM})\s?(?:[-–—]|to|and)\s?({DOM})(?: of)? ({MONTH})(?:,? ({YEAR}))?")
def _days_month(match: re.Match[str], context: _Context) -> _Point:
    return _days(context, match[1], match[2], match[3], match[4])


@_rule(rf"({MONTH}) ({DOM})\s?(?:[-–—]|to|and)\s?({DOM})(?:,? ({YEAR}))?")
def _month_days(match: re.Match[str], context: _Context) -> _Point:
    return _days(context, match[2], match[3], match[1], match[4])


def _days(context: _Context, first: str, last: str, name: str, year: str | None) -> _Point:
    begin, end = (int(re.sub(r"\D", "", word)) for word in (first, last))
    if end <= begin:
        raise ValueError("a range that runs backwards")
    return _dated(context, year, lambda y: periods.days(moment(y, _month(name), begin), end - begin + 1))


@_rule(rf"(?:(?i:the month of) )?({LOOSE_MONTH})(?:,| (?i:of))? ({YEAR})")
def _month_year(match: re.Match[str], context: _Context) -> _Point:
    return _Point(periods.month(int(match[2]), _month(match[1])))


@_rule(rf"({LOOSE_MONTH})(?! \d)")
def _month_alone(match: re.Match[str], context: _Context) -> _Point | None:
    also_a_name = match[1].lower() in ("march", "april", "may", "june", "august", "jan", "jun", "mar")
    if not context.cued and also_a_name:
        return None
    return _yearless(context, lambda year: periods.month(year, _month(match[1])))


@_rule(rf"(?:(?i:the year) )?({YEAR})(?![-–/]\d|:)")
def _year(match: re.Match[str], context: _Context) -> _Point | None:
    year = int(match[1])
    if not (context.cued or match[0] != match[1]) or re.match(
        rf" (?:{_COUNTED})\b", context.text[match.end() : match.end() + 20]
    ):
        return None
    return _Point(periods.years(year)) if year >= 1000 else None


_COUNTED = (
    "people|men|women|children|students|members|votes|soldiers|troops|houses|miles|km|kilometres|kilometers|metr"
    "es|meters|m|feet|ft|acres"
    "|dollars|euros|pounds|tons|tonnes|kg|words|pages|copies|times|points|workers|employees|units|square|seats|y"
    "ears|days|hours|yards|or"
)


@_rule(rf"(?i:the )({YEAR})(?= [a-z])")
def _the_year(match: re.Match[str], context: _Context) -> _Point | None:
    """ "The 2008 crisis", but not "the 2000 soldiers"."""
    counted = re.match(rf" (?:{_COUNTED})\b", context.text[match.end() : match.end() + 20])
    return None if counted else _Point(periods.years(int(match[1])))


@_rule(r"(?i:the )?(?:((?i:early|mid|late))[- ])?(?i:the )?(?:((?:1\d|20)\d)0['’]?s|['’](\d)0s)\b")
def _decade(match: re.Match[str], context: _Context) -> _Point:
    tens = int(match[2]) if match[2] else 190 + int(match[3]) if int(match[3]) > 2 else 200 + int(match[3])
    return _Point(_third(periods.years(10 * tens, 10, "decade"), match[1]))


@_rule(rf"(?i:the )(?:((?i:early|mid|late))[- ])?((?i:{'|'.join(_DECADES)}))\b")
def _decade_word(match: re.Match[str], context: _Context) -> _Point:
    return _Point(_third(periods.years(1900 + 10 * _DECADES[match[2].lower()], 10, "decade"), match[1]))


@_rule(rf"(?i:the )?(?:((?i:early|mid|late))[- ])?(?i:the )?({ORDINAL})[- ](?i:century)\b(?! (?i:bc))")
def _century(match: re.Match[str], context: _Context) -> _Point:
    return _Point(_third(periods.years(100 * _ordinal(match[2]) - 99, 100, "century"), match[1]))


def _third(period: Period, which: str | None) -> Period:
    return periods.part(period, which.lower()) if which else period


@_rule(rf"(?i:the )?(?:Q([1-4])|((?i:first|second|third|fourth)) (?i:quarter))(?:,? (?:of )?({YEAR}))?\b")
def _quarter(match: re.Match[str], context: _Context) -> _Point | None:
    if not match[1] and not match[3]:
        return None
    number = int(match[1]) if match[1] else _ORDINALS[match[2].lower()]
    return _dated(context, match[3], lambda year: periods.month(year, 3 * number - 2, 3)._replace(granularity="season"))


@_rule(rf"(?i:the )?(?:H([12])|((?i:first|second)) (?i:half)),? (?:of )?({YEAR})")
def _half(match: re.Match[str], context: _Context) -> _Point:
    number = int(match[1]) if match[1] else _ORDINALS[match[2].lower()]
    return _Point(periods.month(int(match[3]), 6 * number - 5, 6)._replace(granularity="season"))


@_rule(r"(?:FY ?|(?i:(?:the )?fiscal (?:year )?))(?:(\d{4})|(\d{2}))\b")
def _fiscal(match: re.Match[str], context: _Context) -> _Point:
    return _Point(periods.years(int(match[1]) if match[1] else 2000 + int(match[2])))


@_rule(
    r"(?i:the )?(?:(?i:academic|school) year )?((?:1[5-9]|20)\d{2})[-–/](\d{4}|\d{2})(?: ((?i:season"
    r"|academic year|school year)))?(?![\w/-])"
)
def _years(match: re.Match[str], context: _Context) -> _Point | None:
    first, short = int(match[1]), len(match[2]) == 2
    last = first // 100 * 100 + int(match[2]) if short else int(match[2])
    if not first < last <= first + 200:
        return None
    if last == first + 1 and (short or match[3]):
        return _Point(
            periods.month(first, 8 if match[3] and "year" in match[3].lower() else 7, 12)._replace(granularity="year")
        )
    return _Point(periods.years(first, last - first + 1))


@_rule(rf"(?i:the )?({SEASON})(?: (?:of )?({YEAR}))?\b")
def _season(match: re.Match[str], context: _Context) -> _Point | None:
    name = match[1].lower()
    if not match[2] and not (context.cued and re.match(r"[\s,.;!?)]|$", context.text[match.end() : match.end() + 1])):
        return None
    if not match[2] and (re.match(r" [a-z]+ed\b| (?:line|break|of)", context.text[match.end() : match.end() + 12])):
        return None
    return _dated(context, match[2], lambda year: periods.season(year, name))


@_rule(rf"({HOLIDAY})(?:,? (?:of |in )?({YEAR}))?")
def _feast(match: re.Match[str], context: _Context) -> _Point:
    return _dated(context, match[2], lambda year: periods.holiday(year, _holiday(match[1])))


@_rule(
    rf"(?i:the )((?i:first|second|third|fourth|last)) (?:((?i:week|weekend|day))|({DAY})) (?i:of|in) ({MONTH})"
    rf"(?:,? ({YEAR}))?"
)
def _of_month(match: re.Match[str], context: _Context) -> _Point:
    def resolve(year: int) -> Period:
        whole = periods.month(year, _month(match[4]))
        count = 0 if match[1].lower() == "last" else _ORDINALS[match[1].lower()]
        if (match[2] or "").lower() == "week":
            return periods.days(
                whole.start + timedelta(days=7 * count - 7) if count else whole.end - timedelta(days=7), 7
            )._replace(granularity="week")
        if (match[2] or "").lower() == "day":
            return periods.day(whole.start + timedelta(days=count - 1) if count else whole.end - timedelta(days=1))
        number = _weekday(match[3]) if match[3] else 5
        first = periods.weekday_after(whole.start - timedelta(days=1), number)
        when = first + timedelta(days=7 * count - 7) if count else periods.weekday_before(whole.end, number)
        return periods.day(when) if match[3] else periods.weekend(when)

    return _dated(context, match[5], resolve)


@_rule(rf"(?i:the )(?i:(week|weekend) of )(?=(?:the )?(?:{MONTH} \d|\d))")
def _week_of(match: re.Match[str], context: _Context) -> _Point | None:
    inner = _point(context.text, match.end(), context._replace(cued=True))
    if inner is None or inner.period is None or inner.period.granularity != "day":
        return None
    when = inner.period.start
    return inner._replace(
        period=periods.week(when) if match[1].lower() == "week" else periods.weekend(when), in_year=None
    )


@_rule(
    r"(?:((?i:early|mid|late)|(?i:(?:the )?(?:beginning|start|middle|end) of))(?: |-(?=\w))|(?i:earlier in"
    r"|later in) )"
)
def _part(match: re.Match[str], context: _Context) -> _Point | None:
    """ "Early 2019", "the end of last year", "mid-May"."""
    inner = _point(context.text, match.end(), context._replace(cued=True))
    if (
        inner is None
        or inner.period is None
        or inner.relation != "at"
        or inner.period.granularity in ("day", "hour", "minute")
    ):
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


@_rule(r"(?i:the )(\d{1,2}(?:st|nd|rd|th))(?=[.,;!?)]|$| (?i:and|at|but|because|for|with)\b)")
def _dom(match: re.Match[str], context: _Context) -> _Point | None:
    if not context.cued and not context.text[max(0, match.start() - 3) : match.start()].lower().endswith("on "):
        return None
    when = moment(context.now.year, context.now.month, _ordinal(match[1]))
    if context.future and when.date() < context.now.date():
        when = moment(context.now.year + context.now.month // 12, context.now.month % 12 + 1, _ordinal(match[1]))
    elif not context.future and when > context.now:
        when = periods.back(when, "month", 1)
    return _Point(periods.day(when), "relative")


@_rule(rf"({CLOCK})(?:,| on)? ")
def _clock_first(match: re.Match[str], context: _Context) -> _Point | None:
    """ "1:56 pm on 8 May, 2023"."""
    inner = _point(context.text, match.end(), context)
    if inner is None or inner.period is None or inner.period.granularity != "day" or inner.relation != "at":
        return None
    return inner._replace(period=_clocked(inner.period, match[1]), in_year=None)


# Times relative to when it was said.


@_rule(rf"(?i:(the day before )?(yesterday)|(today)|(tonight)|(the day after )?(tomorrow))\b(?: ({DAYPART})\b)?{AT}")
def _near(match: re.Match[str], context: _Context) -> _Point:
    away = -1 - bool(match[1]) if match[2] else 1 + bool(match[5]) if match[6] else 0
    return _part_of_day(
        periods.day(context.now + timedelta(days=away)), "night" if match[4] else match[7], match["clock"]
    )


@_rule(r"(?i:(?:later |earlier )?this (morning|afternoon|evening)|(last) night)\b")
def _this_part(match: re.Match[str], context: _Context) -> _Point:
    when = periods.day(context.now - timedelta(days=bool(match[2])))
    return _part_of_day(when, "night" if match[2] else match[1], None)


def _part_of_day(period: Period, daypart: str | None, clock: str | None) -> _Point:
    if clock:
        return _Point(_clocked(period, clock), "relative")
    return _Point(periods.hours(period.start, *_DAYPARTS[daypart.lower()]) if daypart else period, "relative")


@_rule(rf"({DAY})(?: ({DAYPART})\b)?{AT}")
def _weekday_alone(match: re.Match[str], context: _Context) -> _Point:
    number, now = _weekday(match[1]), context.now
    if context.future:
        when: date = periods.weekday_after(now - timedelta(days=1), number)
    else:
        when = periods.weekday_before(now + timedelta(days=1), number)
    return _part_of_day(periods.day(when), match[2], match["clock"])


_LAST = r"(?P<which>(?i:(?:this )?(?:last|past)|this (?:coming|upcoming)|next|coming|upcoming|this))"


@_rule(rf"(?i:the )?{_LAST} ({SHORT_DAY})(?: ({DAYPART})\b)?{AT}")
def _last_weekday(match: re.Match[str], context: _Context) -> _Point:
    which, number = match["which"].lower(), _weekday(match[2])
    if which == "this" and not context.future:
        when: date = periods.week(context.now).start + timedelta(days=number)
    elif "last" in which or "past" in which:
        when = periods.weekday_before(context.now, number)
    else:
        when = periods.weekday_after(context.now, number)
    return _part_of_day(periods.day(when), match[3], match["clock"])


@_rule(rf"(?:(?P<side>(?i:earlier|later)) )?(?i:the )?{_LAST} ({UNIT})\b(?! (?i:of|or two|and a half))")
def _last_unit(match: re.Match[str], context: _Context) -> _Point | None:
    which, unit, now = match["which"].lower(), _unit(match[3]), context.now
    lead = context.text[match.start() : match.start(3)].lower()
    gone = "last" in which or "past" in which
    if unit in ("second", "minute", "hour") or (not gone and ("the " in lead or (unit == "day" and which != "this"))):
        return _following(match, context, unit) if which == "next" else None
    if "the " in lead and unit != "weekend":  # "in the past year" runs up to now
        return _Point(Period(periods.back(now, unit, 1), now, periods.shifted(now, unit, 0).granularity), "relative")
    away = 0 if which == "this" or (which == "this past" and unit != "weekend") else -1 if gone else 1
    if unit == "weekend" and away > 0 and now.weekday() < 5:
        away = 0
    period = periods.shifted(now, unit, away)
    today = periods.day(now)
    if (match["side"] or "").lower() == "earlier":
        period = period._replace(end=max(today.end, period.start + timedelta(days=1)))
    elif match["side"]:
        period = period._replace(start=today.start)
    return _Point(period, "relative")


@_rule(rf"{_LAST} (?:({SEASON})|({LOOSE_MONTH})|({HOLIDAY}))\b(?! \d)")
def _last_named(match: re.Match[str], context: _Context) -> _Point:
    def in_year(year: int) -> Period:
        if match[2]:
            return periods.season(year, match[2].lower())
        return periods.month(year, _month(match[3])) if match[3] else periods.holiday(year, _holiday(match[4]))

    which, now = match["which"].lower(), context.now
    choices = [in_year(now.year + away) for away in (-2, -1, 0, 1, 2)]
    if "last" in which or "past" in which:
        return _Point([period for period in choices if period.end <= now][-1], "relative")
    if which == "this":
        ahead = (p for p in choices if p.end > now and (p.start <= now or p.start.year == now.year))
        return _Point(next(ahead, in_year(now.year)), "relative")  # "this spring", said in autumn, is over
    return _Point(next(period for period in choices if period.start > now), "relative")


@_rule(
    rf"(?:(?i:about|around|over|almost|nearly|some|more than) )?({NUMERAL})(?: (?:and a half|or (?:so|two"
    rf"|three)))? (?:more )?({UNIT})(?:s|(?<=centurie)s)? (?i:(ago|back|earlier|from now|from today|later|hence"
    rf"|after that|before that))\b"
)
def _ago(match: re.Match[str], context: _Context) -> _Point | None:
    count, unit, word = _number(match[1]), _unit(match[2]), match[3].lower()
    if match[1].lower().startswith("half") or match[2][0].isupper():  # "28 Days Later" is a film
        return None
    forward = word in ("from now", "from today", "later", "hence", "after that")
    from_text = word in ("earlier", "later", "after that", "before that")
    if from_text and context.before is None:
        return None
    origin = context.before.start if from_text and context.before else context.now
    vague = match[1].lower().removeprefix("a ") in ("few", "several", "couple of", "couple")
    if vague and unit in ("day", "week", "month", "year") and not match[1].lower().endswith(("couple of", "couple")):
        outer, inner = (2, 5) if forward else (-5, -2)
        first, last = periods.shifted(origin, unit, outer), periods.shifted(origin, unit, inner)
        period = Period(first.start, last.end, first.granularity)
    else:
        period = periods.shifted(origin, unit, count if forward else -count)
    return _Point(period, "inherited" if from_text else "relative")


@_rule(
    rf"({NUMERAL}) (?:({SEASON})s|((?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day))s|(Christmas|Easter"
    rf"|Halloween|Thanksgiving)(?:e?s)) (?i:ago)\b"
)
def _seasons_ago(match: re.Match[str], context: _Context) -> _Point:
    count, now = _number(match[1]), context.now
    if match[3]:
        last = periods.weekday_before(now, _weekday(match[3]))
        return _Point(periods.day(last - timedelta(days=7 * count - 7)), "relative")

    def in_year(year: int) -> Period:
        return periods.season(year, match[2].lower()) if match[2] else periods.holiday(year, _holiday(match[4]))

    past = next(year for year in (now.year, now.year - 1, now.year - 2) if in_year(year).end <= now)
    return _Point(in_year(past - count + 1), "relative")


@_rule(rf"(?i:in|within) (?:(?i:about|around|the next) )?({NUMERAL}) ({UNIT})s?\b(?:['’] time)?")
def _in_units(match: re.Match[str], context: _Context) -> _Point:
    """ "In two weeks" is a time only where the sentence looks ahead; else it is how long something took."""
    if not (context.future or match[0].endswith("time")):
        return _Point(None, relation="duration")
    return _Point(periods.shifted(context.now, _unit(match[2]), _number(match[1])), "relative")


@_rule(rf"(?P<lead>(?i:for|over|during|in|within) )?(?i:the )(?i:last|past|previous) ({NUMERAL}) ({UNIT})s?\b")
def _past_units(match: re.Match[str], context: _Context) -> _Point:
    unit = _unit(match[3])
    start = periods.back(context.now, unit, _number(match[2]))
    granularity = periods.shifted(context.now, unit, 0).granularity
    during = not (match["lead"] or "").lower().startswith("for")
    return _Point(Period(start, context.now, granularity), "relative", relation="at" if during else "since")


@_rule(r"(?i:the weekend)\b")
def _the_weekend(match: re.Match[str], context: _Context) -> _Point | None:
    if not context.cued and not re.search(r"(?i)\bover $", context.text[max(0, match.start() - 6) : match.start()]):
        return None
    away = 0 if context.future or context.now.weekday() >= 5 else -1
    return _Point(periods.shifted(context.now, "weekend", away), "relative")


# Times relative to another time of the text.


@_rule(
    rf"(?i:the|that|the very) (?i:(same|following|next|previous|preceding|day|week|month|year|summer|winter"
    rf"|spring|autumn|fall)\b)(?: ({UNIT}|{SEASON}|{DAYPART})\b)?"
)
def _in_context(match: re.Match[str], context: _Context) -> _Point | None:
    """ "The following year", "that summer": only after a time that the text stated."""
    word, unit = match[1].lower(), (match[2] or "").lower()
    if word in ("same", "following", "next", "previous", "preceding"):
        return _following(match, context, unit) if unit else None
    if not match[0].lower().startswith("that") or unit:
        return None
    return _following(match, context, word)


def _following(match: re.Match[str], context: _Context, unit: str) -> _Point | None:
    before, words = context.before, match[0].lower()
    if before is None or unit in ("second", "minute", "hour", "weekend"):
        return None
    away = 1 if "following" in words or "next" in words else -1 if "prev" in words or "preced" in words else 0
    if unit in periods.SEASONS:
        return _Point(periods.season(before.start.year + away, unit), "inherited")
    if unit in _DAYPARTS:
        return _Point(periods.hours(before.start + timedelta(days=away), *_DAYPARTS[unit]), "inherited")
    if unit in ("day", "week") and before.granularity not in ("day", "week", "hour", "minute"):
        return None
    return _Point(periods.shifted(before.start, unit, away), "inherited")


@_rule(rf"(?:(?i:the )(?:({UNIT})|({DAY})|({DAYPART}))|({NUMERAL}) ({UNIT})s?) (?i:(before|after)) (?i:the )?")
def _beside(match: re.Match[str], context: _Context) -> _Point | None:
    """ "The week before 9 June", "two days after Christmas", "the Friday before 9 June"."""
    inner = _point(context.text, match.end(), context._replace(cued=True))
    if inner is None or inner.period is None or inner.relation != "at":
        return None
    sign = 1 if match[6].lower() == "after" else -1
    origin = inner.period.start
    if match[2]:
        day = (periods.weekday_after if sign > 0 else periods.weekday_before)(origin, _weekday(match[2]))
        return inner._replace(period=periods.day(day), in_year=None)
    if match[3]:
        period = periods.hours(origin + timedelta(days=sign), *_DAYPARTS[match[3].lower()])
        return inner._replace(period=period, in_year=None)
    unit = _unit(match[1] or match[5])
    if unit == "weekend" and sign < 0:
        period = periods.weekend(periods.weekday_before(origin, 5))
    elif unit == "weekend":
        period = periods.weekend(periods.weekday_after(inner.period.end - timedelta(days=1), 5))
    elif unit == "week" and match[1]:
        start = origin - timedelta(days=7) if sign < 0 else inner.period.end
        period = Period(start, start + timedelta(days=7), "week")
    else:
        period = periods.shifted(origin, unit, sign * _number(match[4] or "one"))
    return inner._replace(period=period, in_year=None)


# What is no point in time.


@_rule(
    rf"(?:(?i:for|about|around|over|nearly|almost) )?({NUMERAL})(?: (?:and a half|or two))?[- ]"
    rf"(?:more )?({UNIT})(?:s|(?<=centurie)s)?\b(?:[- ](?:long|old))?"
)
def _duration(match: re.Match[str], context: _Context) -> _Point | None:
    if match[2].lower() in ("second", "quarter") and match[1].lower() in ("a", "one", "the"):
        return None
    return _Point(None, relation="duration")


@_rule(
    rf"(?i:(?:every|each) (?:other |single |{NUMERAL} )?(?:{UNIT}s?|{DAY}s?|{SEASON}|{LOOSE_MONTH}|{DAYPART})\b"
    rf"|daily\b|weekly\b|monthly\b|yearly\b|annually\b"
    rf"|nightly\b|(?:once|twice|{NUMERAL} times) (?:a|an|per|every|each) {UNIT}\b|(?:on )?(?:(?:mon|tues|wednes"
    rf"|thurs|fri|satur|sun)days|weekends)\b"
    rf"|(?:in|on) (?:the )?(?:mornings|afternoons|evenings))"
)
def _frequency(match: re.Match[str], context: _Context) -> _Point:
    return _Point(None, relation="frequency")
