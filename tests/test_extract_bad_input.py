"""Text that is no English prose is no error: fewer facts, never a crash, and time that grows with the length."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graphmem import Memory
from graphmem.extract.blocks import blocks
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


NO_PROSE = {
    "code": "def f(x):\n    return {k: v for k, v in x.items() if v}",
    "code between fences": "~~~\nAnn lives in Rome\n~~~",
    "code that a passage begins in": "    Ann lives in Rome\n```",
    "a query": "SELECT name FROM people WHERE city = 'Rome'",
    "a stack trace": 'Traceback (most recent call last):\n  File "ann.py", line 3, in move',
    "a style sheet": "<style>p { color: red }</style>",
    "tabs": "Name\tAge\tCity\nAnn\t31\tRome\nBen\t29\tOslo",
    "commas": "Name,Age,City\nAnn,31,Rome\nBen,29,Oslo",
    "spaces": "Name   Age   City\nAnn    31    Rome\nBen    29    Oslo",
    "bars": "| Ann | lives | Rome |",
    "cells": "<table><tr><td>Ann</td><td>lives in Rome</td></tr></table>",
    "an address": "https://example.org/a?b=c&d=e#f",
    "signs": "+++ 12:30 *** 14:45 === 99.9% ///",
    "capitals": "MAYOR QUITS CITY HALL AFTER SECRET TALKS WITH ACME",
    "German": "Gestern ging Herr Müller mit seiner Frau nach Hause und aß ein großes Stück Kuchen.",
    "Spanish": "El hermano de Ana compró una casa en Sevilla porque le gusta el sol.",
    "Polish": "Mój brat mieszka w Krakowie, ale nie jest zadowolony i szuka pracy w Łodzi.",
    "Russian": "Анна живёт в Риме.",
    "Japanese": "アンはローマに住んでいます。",
    "a list": "apples pears onions bread butter cheese milk Ann",
}
REASONS = dict.fromkeys(NO_PROSE, "not English") | {
    **dict.fromkeys(list(NO_PROSE)[:6], "code"),
    **dict.fromkeys(list(NO_PROSE)[6:11], "table"),
    "an address": "web address",
    "signs": "numbers and signs",
    "capitals": "text in capitals",
    "a list": "list of words",
}


@pytest.mark.parametrize("name", NO_PROSE)
def test_what_is_no_prose_gives_no_facts_and_one_reason(name: str) -> None:
    extraction = read(NO_PROSE[name])
    assert (extraction.facts, extraction.events) == ((), ())
    assert [piece.reason for piece in extraction.left_out] == [REASONS[name]]


PROSE = {
    "chat with a foreign word": "ok merci!",
    "a foreign name": "He stayed at the Hotel de la Paix in the Rue de Rivoli.",
    "a dish": "We had pain au chocolat and crème brûlée at the station.",
    "an accent": "Zoë ordered a café crème.",
    "a call in a sentence": "I called foo.bar() and then Ann left for Rome.",
    "figures": "She earned $5,000 in May, 2,000 in June, and nothing after that.",
    "an arrow": "We took the train Rome -> Paris and it was a great trip.",
    "a smile": "I <3 Rome very much :)",
    "a shout": "WOW ANN",
    "commas": "We met Ann, Ben, and Carl, then everybody left.",
    "two spaces after a stop": "Ann left.  Ben stayed.  Nobody knew why.",
    "a heading": "# What Ann said",
    "an exam": "final exam (math) went well",
    "a request": "let Ann (my sister) know",
    "a class": "class Monday (history) was fun",
    "a tool": "using Zoom; it works for all of us",
    "a formula": "E = mc2 is what Einstein is known for.",
    "a semicolon": "Ann moved to Rome; Ben stayed (he had to);",
}


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE.keys())
def test_what_people_write_is_prose(text: str) -> None:
    assert [block.reason for block in blocks(text)] == [None] * len(blocks(text))


@pytest.mark.parametrize(
    "text",
    [
        "Ann moved to Rome in May 2021.",
        "**Ann** moved to *Rome* in _May_ 2021.",
        "Ann moved to [Rome](https://example.org/rome_(city)?a=b) in `May` 2021.[12]",
        "<p class='x'>Ann <b>moved</b> to <a href='/rome'>Rome</a> in May&nbsp;2021.</p>",
        "> Ann moved to Rome\u200b in\u00a0May 2021.",
        "- [x] Ann moved to Rome in May 2021.",
    ],
)
def test_markup_is_read_as_if_it_were_not_there(text: str) -> None:
    extraction = read(text)
    [fact] = extraction.facts
    assert (fact.subject.name, fact.predicate, fact.object.name) == ("Ann", "move to", "Rome")
    assert [text[argument.start : argument.end] for argument in (fact.subject, fact.object)] == ["Ann", "Rome"]
    assert fact.valid_at == datetime(2021, 5, 1, tzinfo=timezone.utc)


def test_code_and_tables_do_not_keep_the_sentences_around_them_out() -> None:
    text = (
        "Ann moved to Rome.\n\n```python\nx = f(y)\nx += 1\n```\n\n| a | b | c |\n|---|---|---|\n\nBen moved to Oslo."
    )
    extraction = read(text)
    assert [fact.predicate for fact in extraction.facts] == ["move to", "move to"]
    assert [(piece.reason, text[piece.start : piece.end]) for piece in extraction.left_out] == [
        ("code", "x = f(y)\nx += 1"),
        ("table", "| a | b | c |"),
    ]


def test_who_might_be_anybody_is_counted() -> None:
    extraction = read("She left him in Rome. I saw it.")
    assert extraction.facts == ()
    assert [piece.reason for piece in extraction.left_out] == ["unresolved pronoun"] * 2 + ["no speaker for I or we"]
    assert read("Ann lives in Rome. She works there.").left_out == ()


def test_a_sentence_without_a_verb_is_counted_if_it_is_more_than_an_exclamation() -> None:
    assert [piece.reason for piece in read("A small house near the old harbour of Harwick.").left_out] == ["no verb"]
    assert read("Happy birthday, Ann!").left_out == ()


def test_no_fact_is_read_out_of_a_sentence_without_an_end() -> None:
    extraction = read("Ann lives in Rome and " * 2_000)
    assert {(fact.subject.name, fact.predicate, fact.object.name) for fact in extraction.facts} <= {
        ("Ann", "live in", "Rome")
    }
    assert (len(extraction.facts) <= 1, extraction.events) == (True, ())
    assert {piece.reason for piece in extraction.left_out} == {"too long a sentence"}
    assert {mention.name for mention in extraction.mentions} == {"Ann", "Rome"}


def test_what_was_left_out_is_counted_when_a_text_is_added() -> None:
    with Memory(":memory:") as memory:
        added = memory.add_many(["x = f(y)", "She left.", "He left.", "Ann lives in Rome."])
    assert added.left_out == {"unresolved pronoun": 2, "code": 1}
    assert "left_out=3" in repr(added)


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
