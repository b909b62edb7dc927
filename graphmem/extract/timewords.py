"""The words of time expressions: what they are written with, as pieces of patterns, and what they mean, as tables."""

from __future__ import annotations

import re

from graphmem.extract.periods import HOLIDAYS


def _count(words: str, start: int = 0) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split(), start)}


# What words mean.

MONTHS = _count("jan feb mar apr may jun jul aug sep oct nov dec", 1)
DAYS = _count("mon tue wed thu fri sat sun")
NUMBERS = _count(
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
ORDINALS = _count(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first",
    1,
)
DECADES = _count("twenties thirties forties fifties sixties seventies eighties nineties", 2)
DAYPARTS = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 30)}
"""First and last hour; the night runs into the next day."""
NAMES = frozenset("march april may june august".split())  # noqa: SIM905
"""Months that are names of people or verbs as well."""

# How they are written. "May", "March" and short forms need their capital, so that verbs are not taken for months.

MONTH = (
    r"(?:(?i:january|february|april|june|july|august|september|october|november|december)\b|(?:March|MARCH|May|MAY)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
LOOSE_MONTH = rf"(?:{MONTH}|(?:may|march)\b)"
DAY = r"(?:(?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day)\b)"
SHORT_DAY = rf"(?:{DAY}|(?:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)\b\.?)"
NUMERAL = (
    r"(?:\d{1,4}|(?i:a hundred|a dozen|(?:a )?couple(?: of)?|(?:a )?few|several|half an?|(?:twenty|thirty|forty"
    r"|fifty|sixty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|one|two|three|four|five|six|seven|eight|nine|an?)\b)"
)
ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?i:{'|'.join(reversed(ORDINALS))}))"
UNIT = r"(?i:second|minute|hour|day|week(?:end)?|fortnight|month|quarter|year|decade|century|centurie)"
YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})(?![\d%]|[.,]\d)"
DOM = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)"
SEASON = r"(?i:spring|summer|autumn|fall|winter)"
DAYPART = r"(?i:morning|afternoon|evening|night)"
ABOUT = r"(?:(?i:about|around|roughly|approximately|over|almost|nearly|some|just over|more than|at least) )?"
HOUR = r"(?:1[0-2]|0?[1-9])"
CLOCK = (
    rf"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?[AaPp](?:\.\s?[Mm]\.?|[Mm]\b))?|{HOUR}(?:\.[0-5]\d)?\s?[AaPp](?:\.\s?[Mm]\.?|[Mm]\b)|(?i:noon|midnight)\b"
    rf"|(?:{HOUR}|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)) o['’]clock\b)"
    r"(?: (?i:in the (?:morning|afternoon|evening)|at night)\b)?(?: (?:[A-Z]{1,3}T|GMT|UTC)\b)?"
)
_FOLLOWING = (
    "the|a|an|and|or|but|at|in|on|by|to|from|for|with|after|before|until|till|since|because|so|then|when|while|where"
    "|as|if|that|which|is|was|are|were|will|would|has|have|had|did|my|our|his|her|their|your|its|i|we|he|she|they|it"
    "|you|this|these|there|not|also|about|during|of|due|through|over|this|last|next|again|instead|too|together|only"
)
FREE = rf"(?=['’]?(?:\s*(?:[^\w\s'’-]|$)|\s+(?:(?i:{_FOLLOWING})\b|\d|\w+ed\b)))"
"""Nothing follows that it could describe: "on the 5th we", but not "on the 5th floor"."""
AT = (
    rf"(?:,? (?:(?:at|from|between|around|about) )?(?P<clock>{CLOCK})"
    rf"(?:\s?(?:[-–—]|to|until|till|and)\s?(?P<until>{CLOCK}))?"
    rf"| at (?P<hour>{HOUR})(?![\d:]){FREE})?"
)
HOLIDAY = (
    r"(?:Christmas(?: Eve| Day)?|New Year['’]s(?: Eve| Day)?|(?:St\.? )?Valentine['’]?s(?: Day)?|Ash Wednesday"
    r"|Palm Sunday"
    r"|Good Friday|Easter(?: Sunday| Monday)?|Pentecost|Mardi Gras|Halloween|Thanksgiving(?: Day)?|Black Friday"
    r"|(?:Fourth|4th) of July|Boxing Day|St\.? Patrick['’]?s Day|April Fool(?:['’]?s)?['’]? Day|Earth Day|May Day"
    r"|Cinco de Mayo|Juneteenth|Bastille Day|All Saints['’]? Day|Bonfire Night|(?:Veterans|Armistice|Remembrance) Day"
    r"|Labou?r Day|Memorial Day|Mother['’]?s['’]? Day|Father['’]?s['’]? Day|(?:Martin Luther King|MLK) (?:Jr\.? )?Day"
    r"|President['’]?s['’]? Day|Columbus Day)(?!\w)"
)
COUNTED = (
    "people|men|women|children|students|members|votes|soldiers|troops|houses|miles|km|kilomet(?:re|er)s|met(?:re|er)s|m"
    "|feet|ft|acres|dollars|euros|pounds|tons|tonnes|kg|words|pages|copies|times|points|workers|employees|units|square"
    "|seats|years|days|hours|yards|rpm|calories|followers|or|percent|per cent|gallons|lit(?:re|er)s|volts|watts|mph|psi"
    "|a (?:month|week|day|year)"
)
"""After a number, these say that it is no year."""
MEASURED = (
    "population|total|height|length|depth|weight|speed|number|capacity|crowd|salary|distance|average|sum|price|cost"
    "|maximum|minimum|elevation|altitude|area|attendance|force|army|fleet|number|score|rating|budget|value|power"
)
"""Before "of" and a number, these say that it is no year."""


def number(words: str) -> int:
    """Read "twenty-five", "a couple of", "12" as a number; "a" is one, "half a" none and a half.

    >>> number("twenty-five"), number("a couple of"), number("an"), number("half a")
    (25, 2, 1, 0)
    """
    words = words.lower()
    if words.isdigit():
        return int(words)
    return 0 if words.startswith("half") else sum(NUMBERS.get(word, 0) for word in re.split(r"[\s-]", words)) or 1


def month(name: str) -> int:
    """Read the name of a month, whole or short."""
    return MONTHS[name[:3].lower()]


def weekday(name: str) -> int:
    """Read the name of a weekday, whole or short; 0 is Monday."""
    return DAYS[name[:3].lower()]


def ordinal(word: str) -> int:
    """Read "5th" or "fifth"."""
    return int(word[:-2]) if word[0].isdigit() else ORDINALS[word.lower()]


def day_of_month(word: str) -> int:
    """Read "8", "08" or "8th"."""
    return int(re.sub(r"\D", "", word))


def short_year(word: str, *, now: int) -> int:
    """Read the last two figures of a year, of which none lies further ahead than ten years.

    >>> short_year("98", now=2023), short_year("24", now=2023)
    (1998, 2024)
    """
    year = now // 100 * 100 + int(word)
    return year if year <= now + 10 else year - 100


def unit(word: str) -> str:
    """Read a unit, without its plural."""
    return word.lower().removesuffix("s").replace("centurie", "century")


def holiday(name: str) -> str:
    """Read a feast as `periods.HOLIDAYS` has it.

    >>> holiday("Valentine’s Day"), holiday("4th of July"), holiday("Easter Sunday")
    ('valentines day', 'fourth of july', 'easter')
    """
    plain = re.sub(r"[.'’]", "", name.lower()).replace("4th", "fourth").replace("labour", "labor")
    plain = plain.replace("mlk", "martin luther king").replace(" jr ", " ").replace("fool day", "fools day")
    for end in ("", " sunday", " day"):
        if (short := plain.removesuffix(end) if end else plain) in HOLIDAYS:
            return short
    for start, end in (("st ", ""), ("", " day"), ("st ", " day")):
        if (other := plain.removeprefix(start) + end) in HOLIDAYS:
            return other
    raise ValueError(f"{name!r} is no feast that is known")


def clock(words: str) -> tuple[int, int, bool]:
    """Read a clock time: hour, minute, and whether the minute was stated.

    >>> clock("9:15 a.m."), clock("seven o'clock in the evening"), clock("midnight")
    ((9, 15, True), (19, 0, False), (0, 0, False))
    """
    low = words.lower()
    if low.startswith(("noon", "midnight")):
        return (12 if low.startswith("noon") else 0), 0, False
    figures = [int(figure) for figure in re.findall(r"\d+", low)]
    hour = figures[0] if figures else NUMBERS[low.split()[0]]
    half = re.search(r"([ap])\.?m|(morning)|(?:afternoon|evening|night)", low)
    if half and hour <= 12:
        early = half[1] == "a" or half[2] is not None
        hour = hour % 12 + 12 * (not early)
    return hour, figures[1] if len(figures) > 1 else 0, len(figures) > 1
