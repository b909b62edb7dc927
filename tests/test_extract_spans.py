"""Whatever the text, everything read out of it lies in it and is written there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphmem.extract.english import EnglishExtractor
from graphmem.model import Argument, Episode, Extraction, utc

EXTRACTOR = EnglishExtractor()
TEXTS = [
    "Dr. Emily Chen joined St. Mary's Hospital in 2015. Before that, Chen worked in Oslo for six years.",
    "Minutes of 12 March 2024\r\n\r\n1. Budget\r\nAnna presented it. It was approved.\r\nACTION: John to mail it.",
    "From: Anna Weber <anna@example.com>\nSubject: Re: Rome\n\nHi Tom,\n\nI moved to Rome last week.\n\nBest,\nAnna",
    "\ufeffA\u200bnna Be\u200brg lives in Os\u00adlo. Berg  is\ta vet.",
    "عاش محمد في القاهرة. He moved to Paris in 1999. \u202bTom\u202c met him there.",
    "東京 is the capital of Japan. Tom Hall was born in Kyoto.",
    "omg 😍😍 Priya met Dan in Lisbon ✈️🇵🇹 yesterday!!",
    "“Did you hear what Tom said? ‘I will never go back to “that place” again,’ he told Ann,” said Kate.",
    "# Anna Berg\n\n**Born:** 3 May 1970 in *Oslo*\n\nShe is married to [Lars Berg](https://example.com/lars).",
    "<p>Anna Berg &amp; Tom Hall live in <b>Oslo</b>. They met in 1999.</p>",
    'William "Bill" Gates wrote to the World Health Organization (WHO) on 3 May 1999.',
    "[2024-03-05 10:01] Ann: I moved to Bath last week\n[2024-03-05 10:02] Ben: my sister Zoe lives there",
    "https://example.com/a?b=c 😀 ... — ?",
    "Anna lives in " + "x" * 3000 + " since 2010.",
    "\u200b",
]


def _read(text: str) -> Extraction:
    now = utc("2024-03-06T09:00")
    return EXTRACTOR.extract([Episode(group_id="g", text=text, reference_time=now, created_at=now)])[0]


def _spans(found: Extraction) -> Iterator[tuple[int, int]]:
    yield from found.sentences
    for record in (*found.mentions, *found.facts, *found.events, *found.times, *found.left_out):
        yield record.start, record.end


def _arguments(found: Extraction) -> Iterator[Argument]:
    for fact in found.facts:
        yield from (fact.subject, fact.object, *(other for _, other in fact.others))
    for event in found.events:
        yield from (participant for _, participant in event.participants)
        if event.place:
            yield event.place


@pytest.mark.parametrize("text", TEXTS)
def test_every_span_lies_in_the_text(text: str) -> None:
    assert [span for span in _spans(_read(text)) if not 0 <= span[0] < span[1] <= len(text)] == []


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_told_is_written_at_its_place(text: str) -> None:
    found = _read(text)
    assert [time.text for time in found.times if text[time.start : time.end] != time.text] == []
    told = [(one.text, text[one.start : one.end]) for one in _arguments(found) if one.text != one.name]
    assert [pair for pair in told if pair[0].split() != pair[1].split()] == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_name_has_no_blank_at_its_edges_and_no_hidden_character(text: str) -> None:
    found = _read(text)
    for named in found.mentions:
        assert text[named.start : named.end].strip() == text[named.start : named.end]
        assert named.name.isprintable()
        assert named.name == " ".join(named.name.split())


@pytest.mark.parametrize("text", ["I broke my ankle last Wednesday.", "We went to Oslo last Friday. It rained."])
def test_no_sentence_ends_within_a_time(text: str) -> None:
    said = Episode(
        group_id="g", text=text, speaker="Ravi", reference_time=utc("2023-10-14"), created_at=utc("2023-10-14")
    )
    [read] = EXTRACTOR.extract([said])
    assert [text[start:end] for start, end in read.sentences] == [one + "." for one in text[:-1].split(". ")]
