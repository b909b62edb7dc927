"""Cutting text into passages, blocks and sentences."""

from __future__ import annotations

import pytest

from graphmem.extract.blocks import blocks
from graphmem.extract.segment import LONG, segment, sentences

SENTENCE = "Mr. J. Smith of Acme Inc. went home at 5 p.m. on Monday. "


def test_a_short_text_is_one_passage() -> None:
    assert segment("  Just one line.\n") == ["Just one line."]


def test_a_paragraph_below_the_limit_stays_whole() -> None:
    paragraph = ("word " * (LONG - 10)).strip()
    assert segment(paragraph) == [paragraph]


def test_short_paragraphs_are_joined_and_keep_their_gap() -> None:
    assert segment("One.\n\nTwo.\n\n\nThree.") == ["One.\n\nTwo.\n\n\nThree."]
    assert len(segment("\n\n".join(["word " * 90] * 4))) == 2


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = segment(SENTENCE * 200)
    assert len(passages) > 5
    assert all(passage.startswith("Mr. J. Smith") and passage.endswith("Monday.") for passage in passages)
    assert " ".join(passages) == (SENTENCE * 200).strip()


def test_nothing_is_lost() -> None:
    text = "Alpha beta.\n\n" + "Gamma delta. " * 300 + "\n\n\n" + "epsilon " * 1000
    assert "".join("".join(segment(text)).split()) == "".join(text.split())


HARBOUR = (
    "The harbour was full of boats that morning. Fishermen mended their nets along the quay. A trawler had brought in "
    "cod and herring, and gulls circled above the boats. The harbour master counted crates of herring. Ropes and nets "
    "lay in heaps, and the fishermen argued about the price of cod. At noon the quay was empty, the boats lay still. "
)
ORCHESTRA = (
    "The orchestra rehearsed in the old theatre. Violins tuned while the conductor turned the pages of the symphony. "
    "The second violin missed her entry, and the conductor tapped his baton. Oboes answered the violins in the slow "
    "movement. The theatre has a dry sound, which suits the symphony. The conductor praised the oboes and the horns. "
)
GLACIER = (
    "The glacier has lost a third of its ice. Geologists drill cores from the ice each summer and read the layers of "
    "ash. Meltwater runs below the glacier and carries gravel into the valley. The cores show when volcanoes erupted, "
    "for the ash lies in thin layers. In the valley the gravel forms long ridges. The glacier moves a metre a week. "
)


def test_a_passage_ends_where_the_subject_changes() -> None:
    text = (3 * HARBOUR + 3 * ORCHESTRA + 3 * GLACIER).strip()
    assert [passage[:25] for passage in segment(text)] == [HARBOUR[:25], ORCHESTRA[:25], GLACIER[:25]]


def test_the_end_of_a_paragraph_is_preferred_to_that_of_a_sentence() -> None:
    long = (HARBOUR * 7).strip()
    assert len(long.split()) > LONG
    passages = segment(f"{2 * ORCHESTRA}\n\n{long}\n\n{GLACIER}\n\n{GLACIER}")
    assert passages[0] == (2 * ORCHESTRA).strip()
    assert passages[-1] == f"{GLACIER}\n\n{GLACIER}".strip()


@pytest.mark.parametrize("mark", ["* * *", "---"])
def test_a_mark_between_scenes_ends_a_passage_early(mark: str) -> None:
    passages = segment(f"{HARBOUR}\n\n{mark}\n\n{HARBOUR}{2 * ORCHESTRA}\n\n{GLACIER}")
    assert passages[0] == f"{HARBOUR}\n\n{mark}"


@pytest.mark.parametrize("heading", ["# Next", "Chapter 2", "PART III"])
def test_a_heading_begins_a_passage(heading: str) -> None:
    passages = segment(f"{HARBOUR}\n\n{heading}\n\n{HARBOUR}{2 * ORCHESTRA}\n\n{GLACIER}")
    assert passages[0] == HARBOUR.strip()
    assert passages[1].startswith(heading)


def test_a_heading_stays_with_what_follows() -> None:
    paragraph = ("word " * (LONG - 20)).strip()
    assert segment(f"# Harbour\n\n{paragraph}") == [f"# Harbour\n\n{paragraph}"]


def test_a_passage_never_ends_inside_a_sentence() -> None:
    text = (HARBOUR + GLACIER + ORCHESTRA) * 8
    assert all(passage.endswith(".") and passage[0].isupper() for passage in segment(text))


def test_a_text_is_cut_the_same_way_each_time() -> None:
    text = (HARBOUR + GLACIER + ORCHESTRA) * 8
    assert segment(text) == segment(text)


@pytest.mark.parametrize("text", ["", " \n\n\t "])
def test_blank_text_has_no_passage(text: str) -> None:
    assert segment(text) == []


@pytest.mark.parametrize(
    "text", ["word " * 200_000, "x" * 1_000_000, "A b. " * 200_000, "\n" * 1_000_000, "a\n" * 500_000]
)
def test_a_huge_line_is_cut_into_passages_of_bearable_size(text: str) -> None:
    assert all(len(passage) <= 25_000 for passage in segment(text))


def test_sentences_end_at_marks_and_lines_but_not_after_abbreviations() -> None:
    text = 'Dr. Lee left at 5 p.m. sharp. "Why?" she asked. Nobody knew\nThe end'
    assert [text[start:end] for start, end in sentences(text)] == [
        "Dr. Lee left at 5 p.m. sharp.",
        '"Why?" she asked.',
        "Nobody knew",
        "The end",
    ]


def test_blocks_follow_lines_lists_and_speakers() -> None:
    wrapped = "this line is wrapped because it is longer than the window\nand ends here."
    text = f"# Notes\n- first  point\n2) second\nAnn: hello\n{wrapped}"
    found = blocks(text)
    assert [block.text for block in found] == [
        "Notes",
        "first point",
        "second",
        "hello",
        wrapped.replace("\n", " "),
    ]
    assert [block.speaker for block in found] == [None, None, None, "Ann", None]
    for block in found:
        assert all(
            text[place] == letter or letter == " " for letter, place in zip(block.text, block.places, strict=False)
        )


@pytest.mark.parametrize(
    "line",
    [
        "| a | b | c |",
        "BREAKING NEWS FROM THE CITY",
        "Ceci n'est pas une pipe mais bien une phrase française complète",
        "x = {1: [2, 3], 4: (5,)}; y += 0x1F",
    ],
)
def test_what_is_no_english_prose_is_marked(line: str) -> None:
    assert [block.prose for block in blocks(line)] == [False]
