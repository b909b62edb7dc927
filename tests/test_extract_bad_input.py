"""Text that is no English prose is no error: fewer facts, never a crash, and time that grows with the length."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graphmem.extract.english import EnglishExtractor
from graphmem.model import Episode, Extraction

NOW = datetime(2023, 6, 14, tzinfo=timezone.utc)
EXTRACTOR = EnglishExtractor()


def read(text: str) -> Extraction:
    return EXTRACTOR.extract([Episode(group_id="g", text=text, reference_time=NOW, created_at=NOW)])[0]


ODD = {
    "empty": "",
    "blank": " \n\t\n ",
    "emoji": "🎉🎉 party 🥳 with 👨‍👩‍👧 at 5! 🇫🇷",
    "right to left": "\u202bשלום עולם\u202c and مرحبا بالعالم said Ann.",
    "nul bytes": "Ann\0lives\0in Rome.\0",
    "control characters": "Ann \x07\x1b[31mlives\x1b[0m in\u200b Rome\ufeff.",
    "code": "def f(x):\n    return {k: v for k, v in x.items() if v}\n\n#include <stdio.h>\nint main(){return 0;}",
    "urls": "see https://example.org/a?b=c&d=e#f and mailto:a@b.c or ftp://x.y/z",
    "table": "Name\tAge\tCity\nAnn\t31\tRome\nBen\t29\tOslo\n",
    "capitals": "MAYOR QUITS CITY HALL AFTER SECRET TALKS WITH ACME",
    "punctuation": "?!?! ... --- *** ;;; ((( ))) \"\" '' “” ,,,,",
    "another language": "Gestern ging Herr Müller mit seiner Frau nach Hause und aß ein großes Stück Kuchen.",
    "broken quotes": '"He said "I am \'here\' and "left',
    "nested brackets": "(" * 500 + "Ann" + ")" * 500,
    "markup": "<p class='x'>Ann <b>lives</b> in <i>Rome</i>.</p>",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_text_is_read_without_an_error(text: str) -> None:
    extraction = read(text)
    for start, end in extraction.sentences:
        assert 0 <= start < end <= len(text)
    for mention in extraction.mentions:
        assert 0 <= mention.start < mention.end <= len(text)


LONG = {
    "one sentence of 20,000 words": "and then the old man went on and on " * 2_200,
    "one sentence of names": "Ann and Ben and " * 4_000,
    "one word": "x" * 200_000,
    "many lines": "Ann met Ben.\n" * 2_000,
    "many commas": "a, b, c, " * 10_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_very_long_text_is_read_in_pieces(text: str) -> None:
    extraction = read(text)
    assert extraction.sentences
    assert extraction.sentences[-1][1] <= len(text)


def test_nothing_to_read_gives_nothing() -> None:
    assert EXTRACTOR.extract([]) == []
    assert read("") == Extraction()
