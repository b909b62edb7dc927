"""Time expressions in English text, resolved by rules against the time when the text was said or written.

`find` is the one entry. Where a trigger word stands and a word of time is near behind it, every rule (`timerules`) is
tried and the longest match wins, so that the work is linear in the text. What only its context could resolve ("two
weeks later" with nothing before it) is left out; durations and frequencies are found, but carry no interval.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from graphmem.extract.periods import Period, moment
from graphmem.extract.timerules import Context, Point, point
from graphmem.extract.timewords import HOLIDAY, MONTH, NUMERAL, ORDINAL
from graphmem.extract.verbs import IRREGULAR
from graphmem.model import TimeExpression, utc

_CORE = re.compile(
    r"(?<![^\W\d_])(?:\d|['’]\d0s|(?:seconds?|minutes?|hours?|days?|weeks?|week-?ends?|fortnights?|months?|quarters?"
    r"|years?|decades?|centur(?:y|ies)|springs?|summers?|autumns?|falls?|winters?|semesters?|terms?|mornings?|afternoons?|evenings?"
    r"|nights?|yesterday|today|tonight|tomorrow|noon|midnight|o['’]clock|\w+ties|daily|weekly|monthly|yearly|annually"
    rf"|nightly|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun|weekdays)\b|{MONTH}"
    rf"|{HOLIDAY}|Q[1-4]\b|H[12]\b|FY ?\d)",
    re.IGNORECASE,
)
"""Without one of these there is no time."""
_NEAR = 60
"""So many characters may stand between the start of a time and its first such word."""
_TRIGGER = re.compile(
    r"(?<![\w$£€#./-])(?:(?:the|last|next|this|past|previous|coming|following|early|earlier|mid|middle|late"
    r"|later|beginning|start|starting|effective|end|on|in|of|at|by|before|after|since|until|till|up to|through|from"
    r"|between|for|during|over|within|around|circa|every|each|as of|no later than|prior to|about|roughly|approximately"
    r"|almost|nearly|some|shortly|just|right|soon|immediately"
    r"|more than|at least|daily|weekly|monthly|yearly|annually|nightly|twice|once"
    r"|three times|yesterday|today|tonight|tomorrow|one|that|half|several|few|couple|fiscal|academic|school|spring"
    r"|summer|autumn|winter|noon|midnight|ad|ce|a\.d\.|an?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends"
    rf"|weekdays|{NUMERAL}|{ORDINAL})\b|mid-|\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|{MONTH}|{HOLIDAY}|Q[1-4]\b|H[12]\b"
    rf"|FY ?\d|['’]\d)",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|won['’]t|going to|gonna|plan(?:s|ning)?|upcoming|hop(?:es?|ing)|soon|expects?"
    r"|looking forward|can['’]t wait|want(?:s)? to|must(?! have)|needs? to|ha(?:s|ve) to|please|see you"
    r"|would like|intends?|due|scheduled|deadline|let['’]s|about to)\b|['’]ll\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    rf"\b(?:was|were|been|found|(?:did|was|were|had|have|has)n['’]t|\w{{2,}}ed|{'|'.join(IRREGULAR)})\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_CUE = re.compile(
    r"(?:(?:back )?in|on|at|during|of|around|circa|over|within|for|towards?|(?:shortly|just|right|soon|immediately)"
    r" (?:before|after))\s+(?:(?:about|around|year)\s+)?",
    re.I,
)
_CUED = re.compile(
    r"(?:\(|\bca?\. ?|\b(?:born|b\.|died|d\.|founded|established|est\.|built|opened|released|published|dated) )$", re.I
)
_COORDINATED = re.compile(r",?\s*(?:,|and|or|&)\s*")
_RELATION = re.compile(
    r"(?P<word>since|(?:up )?until|till|through|up to|by|no later than|before|prior to|after|from|as of|effective"
    r"|starting(?: in| on)?|beginning(?: in| on))\s+(?:about\s+|around\s+)?",
    re.I,
)
_RANGE = re.compile(r"(?:from|between|(?:in |during )?the years)\s+(?:the\s+)?", re.I)
_JOIN = re.compile(r"\s*(?:[-–—]|\b(?:to|until|till|through|and)\b)\s*(?:the\s+)?", re.I)
_PRESENT = re.compile(r"(?:present|today|now|date)\b", re.I)
_ON = re.compile(r"\s+(?:on|onwards?|forward)\b", re.I)
_OPEN = moment(1)
"""Stands for no limit inside a period that is open on one side ("after 2019")."""


def find(text: str, reference_time: datetime | date | str, *, ahead: bool = False) -> list[TimeExpression]:
    """Find the times named in `text`, in order and without overlap, as intervals in UTC.

    `ahead` says that they lie in the future, whatever the text looks like: "Monday" is the next one.

    >>> [(t.text, t.valid_at.date().isoformat(), t.granularity) for t in find("We met last Friday.", "2023-05-09")]
    [('last Friday', '2023-05-05', 'day')]
    """
    now = utc(reference_time)
    found: list[TimeExpression] = []
    before: Period | None = None
    position = stated = sentence_end = 0
    future = past = False
    core = _CORE.search(text)
    while core:
        position = max(position, core.start() - _NEAR)
        trigger = _TRIGGER.search(text, position)
        if trigger is None:
            break
        start = trigger.start()
        if core.end() <= start:
            core = _CORE.search(text, start)
            continue
        if start >= sentence_end:
            stop = _SENTENCE_END.search(text, start)
            sentence_start = max(sentence_end, start - 300)
            for end in _SENTENCE_END.finditer(text, sentence_start, start):
                sentence_start = end.end()
            sentence_end = stop.end() if stop else len(text)
            around = (sentence_start, min(sentence_end, start + 300))
            future = ahead or bool(_FUTURE.search(text, *around))
            past = not ahead and bool(_PAST.search(text, *around))
        near = before if start - stated < 400 and "\n" not in text[stated:start] else None
        cued = _CUED.search(text, max(0, start - 14), start) is not None
        cued = cued or (found != [] and _COORDINATED.fullmatch(text, found[-1].end, start) is not None)
        best = _read(text, start, Context(now, near, future, past, cued, text))
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


def _read(text: str, at: int, context: Context) -> Point | None:
    """The longest time that begins here: a range, a time with a preposition, or a time alone."""
    options = [_range(text, at, context), _related(text, at, context), point(text, at, context)]
    if cue := _CUE.match(text, at):
        options.append(_range(text, cue.end(), context._replace(cued=True)))
        options.append(point(text, cue.end(), context._replace(cued=True)))
    return max((option for option in options if option), key=lambda option: option.end, default=None)


def _range(text: str, at: int, context: Context) -> Point | None:
    """ "From 2010 to 2014", "between May and July 2019", "May–July 2019": the first takes the year of the second."""
    lead = _RANGE.match(text, at)
    opening = lead is not None or text[at : at + 1].isalpha() or not text[max(0, at - 2) : at].strip(" ")
    inner = context._replace(cued=context.cued or opening)
    first = point(text, lead.end() if lead else at, inner)
    if first is None or first.period is None or first.relation != "at":
        return None
    join = _JOIN.match(text, first.end)
    if join is None or (join.group().strip().lower() == "and") != (lead is not None and lead.group()[0] in "bB"):
        return None
    if present := _PRESENT.match(text, join.end()):
        return first._replace(relation="since", start=at, end=present.end())
    second = point(text, join.end(), inner._replace(cued=True))
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
    return Point(Period(begin.start, end.end, end.granularity), anchor, end=second.end, start=at)


def _related(text: str, at: int, context: Context) -> Point | None:
    """ "Since 2019", "until last year", "before May", "after the summer of 2020": a time that is open on one side."""
    match = _RELATION.match(text, at)
    if match is None:
        return None
    word = match["word"].lower().removeprefix("up ")
    ahead = not context.past and word in ("until", "till", "through", "by", "no later than", "effective")
    gone = word == "since"
    found = point(
        text,
        match.end(),
        context._replace(
            cued=True, future=(context.future or ahead) and not gone, past=(context.past and not ahead) or gone
        ),
    )
    if not found or found.period is None or found.relation != "at":
        return None
    period, end = found.period, found.end
    if word in ("before", "prior to"):
        return found._replace(period=period._replace(start=_OPEN, end=period.start), relation="until", start=at)
    if word == "after":
        return found._replace(period=period._replace(start=period.end, end=_OPEN), relation="since", start=at)
    if word == "from":
        onward = _ON.match(text, end)
        return found._replace(relation="since", start=at, end=onward.end()) if onward else None
    begins = word in ("since", "as of", "effective") or word.startswith(("start", "begin"))
    return found._replace(relation="since" if begins else "until", start=at)
