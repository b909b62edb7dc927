"""Events: who did what to whom, where and when."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graphmem.extract.english import EnglishExtractor
from graphmem.model import Episode, Happening

NOW = datetime(2023, 6, 14, 15, tzinfo=timezone.utc)
EXTRACTOR = EnglishExtractor()


def events(text: str, speaker: str | None = None) -> list[str]:
    episode = Episode(group_id="g", text=text, speaker=speaker, reference_time=NOW, created_at=NOW)
    return [written(event) for event in EXTRACTOR.extract([episode])[0].events]


def written(event: Happening) -> str:
    roles = ", ".join(f"{role} {argument.name or argument.text}" for role, argument in event.participants)
    line = f"{event.predicate}: {roles}"
    line += f" @ {event.place.name}" if event.place else ""
    if event.valid_at and event.invalid_at:
        line += f" {event.valid_at.date()}..{event.invalid_at.date()} {event.anchor}"
    line += " (not)" if event.negated else ""
    return line + (f" ({event.modality})" if event.modality != "asserted" else "")


TOLD = [
    (
        "Ann founded a bakery in Lyon in 2011.",
        "found: agent Ann, patient bakery @ Lyon 2011-01-01..2012-01-01 explicit",
    ),
    (
        "Clara met Paul Weber in 1998.",
        "meet: agent Clara, patient Paul Weber 1998-01-01..1999-01-01 explicit",
    ),
    ("Bernard was born in Ghent on 4 July 1970.", "be born: patient Bernard @ Ghent 1970-07-04..1970-07-05 explicit"),
    ("Globex was bought by Nokia.", "buy: patient Globex, agent Nokia"),
    ("Rosa gave Hugo a watch.", "give: agent Rosa, patient watch, recipient Hugo"),
    ("Lucy moved to Canada last month.", "move: agent Lucy, goal Canada 2023-05-01..2023-06-01 relative"),
    ("Kim did not sign the contract.", "sign: agent Kim, patient contract (not)"),
    ("Lena might move to Madrid.", "move: agent Lena, goal Madrid (possible)"),
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_what_happened_is_an_event(text: str, expected: str) -> None:
    assert expected in events(text)


SPOKEN = [
    ("I adopted a puppy two weeks ago!", "adopt: agent Dana, patient puppy 2023-05-29..2023-06-05 relative"),
    (
        "My sister and I visited Rome in May.",
        "visit: agent Dana's sister, agent Dana, patient Rome 2023-05-01..2023-06-01 relative",
    ),
    ("I'm painting the kitchen.", "paint: agent Dana, patient kitchen 2023-06-14..2023-06-15 episode"),
]


@pytest.mark.parametrize(("text", "expected"), SPOKEN)
def test_a_speaker_tells_of_herself(text: str, expected: str) -> None:
    assert expected in events(text, speaker="Dana")


STATES = [
    "Anna is a nurse.",
    "Tom lives in Oslo.",
    "Victor loves playing chess.",
    "Bees make honey.",
    "Ingrid has worked at Volvo since 2012.",
    "The river flows through Basel.",
]


@pytest.mark.parametrize("text", STATES)
def test_states_and_habits_are_no_events(text: str) -> None:
    assert events(text) == []


def test_joined_verbs_share_their_time_and_say_so() -> None:
    assert events("In 1941 Clara retired and moved to Ontario.") == [
        "retire: agent Clara 1941-01-01..1942-01-01 explicit",
        "move: agent Clara, goal Ontario 1941-01-01..1942-01-01 inherited",
    ]


def test_the_years_of_a_life_are_its_first_and_last_event() -> None:
    assert events("Clara Benson (3 March 1888 – 12 June 1961) was a chemist.") == [
        "be born: patient Clara Benson 1888-03-03..1888-03-04 explicit",
        "die: patient Clara Benson 1961-06-12..1961-06-13 explicit",
    ]
    assert events("Nora Ibsen (born 1951) is a producer.") == [
        "be born: patient Nora Ibsen 1951-01-01..1952-01-01 explicit"
    ]


def test_a_time_inside_a_noun_does_not_date_the_verb() -> None:
    assert events("Ann wrote a book about 1968.") == ["write: agent Ann, patient book"]
