"""Summaries cover most of what is told in few words, cite it, date it, and say of what is over that it is."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmem.errors import InvalidInput, ModelError
from graphmem.extract.segment import sentences
from graphmem.lifecycle.summaries import (
    Content,
    Line,
    Name,
    Told,
    above,
    happened,
    profile,
    rewritten,
    sayings,
    stated,
    summarize,
    written,
)
from graphmem.model import Entity, Episode, Event, Fact, utc

THEN = utc("2023-05-08T13:56")


def told(*texts: str) -> list[Told]:
    return [Told(text=text, episodes=(f"e{n}",), said_at=THEN, place=n) for n, text in enumerate(texts)]


def episode(text: str, speaker: str | None = "Ada", *, when: datetime = THEN, position: int = 0) -> Episode:
    return Episode(
        group_id="g",
        text=text,
        speaker=speaker,
        reference_time=when,
        created_at=when,
        position=position,
        sentences=tuple(sentences(text)),
    )


def fact(predicate: str, object: str, text: str, **more: object) -> Fact:
    return Fact.model_validate(
        {
            "group_id": "g",
            "subject": "Ada",
            "subject_uuid": Entity(group_id="g", name="Ada", created_at=THEN).uuid,
            "predicate": predicate,
            "object": object,
            "object_uuid": object,
            "fact": text,
            "episodes": ("e",),
            "created_at": THEN,
            **more,
        }
    )


HARBOUR = (
    "How are you?",
    "The harbour project needs a new crane.",
    "Oh wow!",
    "The crane for the harbour project costs two million.",
    "Ben repaired the lighthouse in Aberdeen last week.",
    "The harbour project really needs a crane.",
    "Nice to hear.",
)


def test_what_is_told_twice_comes_once_and_talk_that_says_nothing_not_at_all() -> None:
    lines = [line.text for line in summarize(told(*HARBOUR), words=30).lines]
    assert "Ben repaired the lighthouse in Aberdeen last week [1 to 7 May 2023]." in lines
    assert sum("needs a" in line for line in lines) <= 1
    assert not any(line in ("Oh wow!", "How are you?") for line in lines)


def test_every_sentence_cites_its_episode_and_the_summary_all_of_them() -> None:
    names = [
        Name(name="Ben", type="PERSON", episodes=("e4",)),
        Name(name="Aberdeen", type="LOC", episodes=("e4", "e9")),
    ]
    summary = summarize(told(*HARBOUR), names=names, words=25, counts={"episodes": 7})
    assert all(line.episodes for line in summary.lines)
    assert set(summary.episodes) == {"e4"}.union(*(line.episodes for line in summary.lines))
    assert (summary.people, summary.places, summary.counts) == (("Ben",), ("Aberdeen",), {"episodes": 7})


def test_the_title_has_what_is_characteristic_and_the_span_of_time() -> None:
    names = [
        Name(name="harbour", count=3, rarity=2.0),
        Name(name="Ben", type="PERSON", count=2, rarity=2.0),
        Name(name="Europe", type="LOC", count=4, rarity=0.1),
    ]
    summary = summarize(told("Ben sails."), names=names, predicates={"sail": 2, "be": 9})
    assert summary.title == "Ben, harbour and Europe: sail"
    assert summary.text.splitlines()[0] == "Ben, harbour and Europe: sail (8 May 2023)"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("I met Ben yesterday.", "Ada: I met Ben yesterday [7 May 2023]."),
        ("I moved here in 2019.", "Ada: I moved here in 2019."),
        ("We sail next month!", "Ada: We sail next month [June 2023]!"),
        ("I swim every day.", "Ada: I swim every day."),
        ("Last year I painted a lake", "Ada: Last year [2022] I painted a lake."),
    ],
)
def test_a_time_that_counts_from_when_it_was_said_is_told_with_its_date(said: str, text: str) -> None:
    [one] = sayings(episode(said))
    assert written(one) == text


def test_what_is_over_is_told_as_over() -> None:
    text = "I live in Rome with Ben. The cat is fine."
    rome, cat = sayings(episode(text), over={"Ada lives in Rome": "until May 2022"})
    assert written(rome) == "Ada: I live in Rome with Ben (until May 2022)."
    assert written(cat) == "Ada: The cat is fine."


def test_what_is_over_is_said_of_all_sentences_where_none_can_be_made_out() -> None:
    both = sayings(episode("I am. So am I."), over={"Xyz does zyx": "until 2020"})
    assert all("(until 2020)" in written(one) for one in both)


@pytest.mark.parametrize(
    "more",
    [{"negated": True}, {"modality": "possible"}, {"expired_at": utc("2023-06-01")}],
    ids=lambda m: next(iter(m)),
)
def test_a_fact_that_is_not_believed_is_not_told(more: dict[str, object]) -> None:
    assert stated(fact("live in", "Rome", "Ada lives in Rome", **more)) is None


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"valid_at": utc("2020-01-01")}, "Ada lives in Rome (since 2020)."),
        ({"invalid_at": utc("2021-05-01")}, "Ada lives in Rome (until May 2021)."),
        ({"tense": "past", "slot": "live in"}, "Ada lives in Rome (in the past)."),
        ({"tense": "past", "valid_at": utc("2023-05-07"), "granularity": "day"}, "Ada lives in Rome (7 May 2023)."),
        ({}, "Ada lives in Rome."),
    ],
)
def test_a_fact_is_told_with_when_it_holds(more: dict[str, object], text: str) -> None:
    one = stated(fact("live in", "Rome", "Ada lives in Rome", **more))
    assert one is not None
    assert written(one) == text
    assert one.facts


def test_an_event_is_told_with_its_date_and_what_became_of_it() -> None:
    event = Event(
        group_id="g",
        predicate="meet",
        text="the meeting of the board",
        valid_at=utc("2023-05-10"),
        invalid_at=utc("2023-05-11"),
        granularity="day",
        status="cancelled",
        episodes=("e",),
        created_at=THEN,
    )
    one = happened(event)
    assert one is not None
    assert written(one) == "the meeting of the board (10 May 2023; cancelled)."
    assert happened(event.model_copy(update={"negated": True})) is None


def test_a_month_tells_what_its_days_tell_and_when() -> None:
    days = [
        summarize(sayings(episode("I met Ben in Aberdeen yesterday.", when=utc(day))), words=20)
        for day in ("2023-05-08", "2023-05-21")
    ]
    month = summarize(above(days), words=40)
    assert [line.text for line in month.lines] == [
        "8 May 2023, Ada: I met Ben in Aberdeen yesterday [7 May 2023]."
    ] or [line.text for line in month.lines] == [
        "8 May 2023, Ada: I met Ben in Aberdeen yesterday [7 May 2023].",
        "21 May 2023, Ada: I met Ben in Aberdeen yesterday [20 May 2023].",
    ]
    year = summarize(above([month]), words=40)
    assert year.lines[0].text == month.lines[0].text
    assert set(year.episodes) <= set(month.episodes)


def test_an_entity_is_told_by_what_it_is_what_holds_and_what_held() -> None:
    ada = Entity(group_id="g", name="Ada", type="PERSON", created_at=THEN)
    facts = [
        fact("live in", "Oslo", "Ada lives in Oslo", valid_at=utc("2021-05-01")),
        fact("live in", "Rome", "Ada lives in Rome", invalid_at=utc("2021-05-01")),
        fact("be", "pilot", "Ada is pilot"),
        fact("own", "boat", "Ada owns boat", expired_at=utc("2022-01-01")),
    ]
    about = profile(ada, facts, now=utc("2023-01-01"))
    assert about.title == "Ada: pilot"
    assert [line.text for line in about.lines] == [
        "Ada is pilot.",
        "Ada lives in Oslo (since May 2021).",
        "Ada lives in Rome (until May 2021).",
    ]
    assert about.episodes == ("e",)


def test_nothing_to_tell_is_an_empty_summary() -> None:
    assert summarize([]) == Content()
    assert summarize(told("Oh!", "")).lines == ()


def test_less_than_a_word_is_refused() -> None:
    with pytest.raises(InvalidInput, match="words=0"):
        summarize([], words=0)


def test_a_sentence_without_end_is_cut() -> None:
    [line] = summarize(told(" ".join(f"word{n}" for n in range(5000))), words=30).lines
    assert len(line.text.split()) <= 50


WORDS = st.sampled_from("crane harbour boat Ben Ada yesterday repaired in Oslo the a was 2019 cheap?".split())  # noqa: SIM905
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), max_size=30)


@given(texts=TEXTS, words=st.integers(1, 60), seed=st.integers(0, 9))
def test_the_order_of_input_is_nothing_to_it_and_nothing_is_told_that_nobody_says(
    texts: list[str], words: int, seed: int
) -> None:
    given_ = told(*texts)
    summary = summarize(given_, words=words)
    mixed = list(given_)
    Random(seed).shuffle(mixed)
    assert summarize(mixed, words=words) == summary
    for line in summary.lines:
        [place] = [int(uuid.removeprefix("e")) for uuid in line.episodes]
        assert written(given_[place]) == line.text
    if len(summary.lines) > 1:
        assert sum(len(given_[int(line.episodes[0][1:])].text.split()) for line in summary.lines) <= words


# A model that rewrites

GIVEN = Content(
    title="Ada",
    lines=(Line("Ada: I met Ben in Aberdeen yesterday [7 May 2023].", ("e1",), ("f1",)), Line("Ada swims.", ("e2",))),
    episodes=("e1", "e2", "e3"),
)


class Says:
    def __init__(self, *lines: Line) -> None:
        self.lines = lines

    def rewrite(self, summary: Content) -> Sequence[Line]:
        return self.lines


def test_a_rewritten_summary_that_cites_takes_the_place_of_the_given_one() -> None:
    new = rewritten(GIVEN, Says(Line("On 7 May 2023 Ada met Ben in Aberdeen.", ("e1",), ("f1",))))
    assert [line.text for line in new.lines] == ["On 7 May 2023 Ada met Ben in Aberdeen."]
    assert new.episodes == ("e1", "e3")
    assert new.warnings == ()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (Line("Ada met Ben.", ()), "cites no episode"),
        (Line("Ada met Ben.", ("e9",)), "cites 'e9'"),
        (Line("Ada met Ben.", ("e1",), ("f9",)), "cites 'f9'"),
        (Line("Ada swims with Zoe.", ("e2",)), "names 'zoe'"),
        (Line("Ada swims since 2019.", ("e2",)), "names '2019'"),
        (Line("Ada met Ben.", ("e2",)), "names 'ben'"),
        (Line(" ".join(["swims"] * 40), ("e2",)), "has 40 words"),
        (Line(" ", ("e1",)), "is empty"),
    ],
)
def test_a_rewritten_summary_that_breaks_the_contract_is_left_aside_with_a_warning(line: Line, problem: str) -> None:
    new = rewritten(GIVEN, Says(line))
    assert (new.lines, new.episodes) == (GIVEN.lines, GIVEN.episodes)
    [warning] = new.warnings
    assert problem in warning


def test_a_model_that_fails_leaves_the_summary_as_it_was() -> None:
    class Fails:
        def rewrite(self, summary: Content) -> Sequence[Line]:
            raise ModelError("the server does not answer")

    new = rewritten(GIVEN, Fails())
    assert new.lines == GIVEN.lines
    assert new.warnings == ("the server does not answer; the summary stays as it was",)
