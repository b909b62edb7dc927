"""What happened: roles, times and how they were anchored, nouns that tell of events, and mentions of one event.

Read on Wednesday 14 June 2023.
"""

from __future__ import annotations

import pytest
from reading import read_events

ROLES = [
    (
        "Ann Berg founded a bakery in Lyon in 2011.",
        "found: agent Ann Berg, patient bakery @ Lyon 2011-01-01..2012-01-01 year explicit",
    ),
    (
        "Globex was acquired by Nokia in May 2012.",
        "acquire: patient Globex, agent Nokia 2012-05-01..2012-06-01 month explicit",
    ),
    (
        "Tom Lund won the Nobel Prize in 2003.",
        "win: agent Tom Lund, patient Nobel Prize 2003-01-01..2004-01-01 year explicit",
    ),
    (
        "Tom Lund was awarded the Nobel Prize in 2003.",
        "award: recipient Tom Lund, patient Nobel Prize 2003-01-01..2004-01-01 year explicit",
    ),
    (
        "Tom Lund was appointed director of the museum in 2003.",
        "appoint: patient Tom Lund, role director of the museum 2003-01-01..2004-01-01 year explicit",
    ),
    (
        "Tom Lund became mayor of Oslo in 2001.",
        "become: agent Tom Lund, role mayor of Oslo 2001-01-01..2002-01-01 year explicit",
    ),
    (
        "Rosa gave Hugo a watch in May 2020.",
        "give: agent Rosa, patient watch, recipient Hugo 2020-05-01..2020-06-01 month explicit",
    ),
    (
        "Tom Lund married Ann Berg in Rome in 1985.",
        "marry: agent Tom Lund, patient Ann Berg @ Rome 1985-01-01..1986-01-01 year explicit",
    ),
    (
        "Ann Berg arrived in London from Oslo on Monday.",
        "arrive: agent Ann Berg, source Oslo @ London 2023-06-12..2023-06-13 day relative",
    ),
    ("Ann Berg resigned last week.", "resign: agent Ann Berg 2023-06-05..2023-06-12 week relative"),
    (
        "Ann Berg published her first novel in 1999.",
        "publish: agent Ann Berg, patient Ann Berg's first novel 1999-01-01..2000-01-01 year explicit",
    ),
    (
        "On Tuesday, police arrested Tom Lund in Bergen.",
        "arrest: agent police, patient Tom Lund @ Bergen 2023-06-13..2023-06-14 day relative",
    ),
]
THINGS = [
    ("The bridge collapsed on 5 May 2010.", "collapse: agent bridge 2010-05-05..2010-05-06 day explicit"),
    ("The war broke out in 1914.", "break out: agent war 1914-01-01..1915-01-01 year explicit"),
    (
        "A fire destroyed the town hall in 1901.",
        "destroy: agent fire, patient town hall 1901-01-01..1902-01-01 year explicit",
    ),
    ("The Berlin Wall fell in 1989.", "fall: agent Berlin Wall 1989-01-01..1990-01-01 year explicit"),
    (
        "On 3 May 2021 the board approved the budget.",
        "approve: agent board, patient budget 2021-05-03..2021-05-04 day explicit",
    ),
]
MOOD = [
    (
        "Ann Berg did not attend the meeting on Monday.",
        "attend: agent Ann Berg, patient meeting 2023-06-12..2023-06-13 day relative (not)",
    ),
    (
        "Ann Berg said that Tom Lund sold the farm in 1990.",
        "sell: agent Tom Lund, patient farm 1990-01-01..1991-01-01 year explicit (reported)",
    ),
    (
        "Ann Berg will meet Tom Lund in Berlin on Friday.",
        "meet: agent Ann Berg, patient Tom Lund @ Berlin 2023-06-16..2023-06-17 day relative (intended)",
    ),
    (
        "Ann Berg is going to open a café in Bergen next month.",
        "open: agent Ann Berg, patient café @ Bergen 2023-07-01..2023-08-01 month relative (intended)",
    ),
    ("If Ann Berg wins, she will move to Paris.", "move: agent Ann Berg, goal Paris (conditional)"),
    (
        "Ann Berg could have won the race in 2010.",
        "win: agent Ann Berg, patient race 2010-01-01..2011-01-01 year explicit (possible)",
    ),
]
SPOKEN = [
    (
        "I lost my job at Ikea yesterday.",
        "lose: agent Dana, patient Dana's job @ Ikea 2023-06-13..2023-06-14 day relative",
    ),
    ("Yesterday I met Paul at the gym.", "meet: agent Dana, patient Paul 2023-06-13..2023-06-14 day relative"),
    ("I just adopted a puppy!", "adopt: agent Dana, patient puppy 2023-06-14..2023-06-15 day episode"),
    ("I'm painting the kitchen.", "paint: agent Dana, patient kitchen 2023-06-14..2023-06-15 day episode"),
    (
        "I went to Rome with my sister last summer.",
        "go: agent Dana, goal Rome, companion Dana's sister 2022-06-01..2022-09-01 season relative",
    ),
    ("My car broke down last Friday.", "break down: agent Dana's car 2023-06-09..2023-06-10 day relative"),
    ("Last week I ran a charity race.", "run: agent Dana, patient charity race 2023-06-05..2023-06-12 week relative"),
    ("I'm going camping next month.", "camp: agent Dana 2023-07-01..2023-08-01 month relative (intended)"),
    (
        "Paul might visit me in August.",
        "visit: agent Paul, patient Dana 2023-08-01..2023-09-01 month relative (possible)",
    ),
    (
        "I had an interview at Siemens this morning.",
        "have: agent Dana, patient interview @ Siemens 2023-06-14..2023-06-14 hour relative",
    ),
    ("I didn't go to Rome on Monday.", "go: agent Dana, goal Rome 2023-06-12..2023-06-13 day relative (not)"),
]
NOUNS = [
    (
        "The acquisition of Globex by Nokia in 2012 made headlines.",
        "buy: patient Globex, agent Nokia 2012-01-01..2013-01-01 year explicit",
    ),
    (
        "After the death of Ann Berg in 1990, Tom Lund moved to Oslo.",
        "die: agent Ann Berg 1990-01-01..1991-01-01 year explicit",
    ),
    (
        "Tom Lund's resignation in March 2010 surprised everyone.",
        "resign: agent Tom Lund 2010-03-01..2010-04-01 month explicit",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [*ROLES, *THINGS, *MOOD, *NOUNS])
def test_an_event_has_roles_a_time_and_a_mood(text: str, expected: str) -> None:
    assert expected in read_events(text)


@pytest.mark.parametrize(("text", "expected"), SPOKEN)
def test_a_turn_tells_of_its_speaker_and_its_day(text: str, expected: str) -> None:
    assert expected in read_events(text, "Dana")


NO_EVENT = [
    "Ann Berg was married to Tom Lund until 2008.",
    "Ann Berg has been married to Tom Lund for two decades.",
    "Ann Berg used to play the cello.",
    "Ann Berg no longer plays the cello.",
    "The wedding was wonderful.",
    "It rained.",
]


@pytest.mark.parametrize("text", NO_EVENT)
def test_what_lasts_is_no_event(text: str) -> None:
    assert read_events(text) == []


def test_what_follows_a_dated_event_is_not_dated_by_it() -> None:
    assert "move: agent Tom Lund, goal Oslo" in read_events(
        "After the death of Ann Berg in 1990, Tom Lund moved to Oslo."
    )


ONE = [
    (
        "Ann Berg moved to Oslo. Ann Berg moved to Oslo with Tom Lund in May 2010.",
        ["move: agent Ann Berg, goal Oslo, companion Tom Lund 2010-05-01..2010-06-01 month explicit"],
    ),
    (
        "Nokia bought Globex. Globex was acquired by Nokia in May 2012.",
        ["acquire: agent Nokia, patient Globex 2012-05-01..2012-06-01 month explicit"],
    ),
    (
        "Nokia bought Globex in 2012. The acquisition of Globex in May 2012 was its largest.",
        ["buy: agent Nokia, patient Globex 2012-05-01..2012-06-01 month explicit"],
    ),
    (
        "Tom Lund died on 3 May 1990. After Lund's death in 1990, his widow left Oslo.",
        ["die: agent Tom Lund 1990-05-03..1990-05-04 day explicit"],
    ),
    (
        "Tom Lund married Ann Berg in 1985. Ann Berg and Tom Lund married in Rome.",
        ["marry: agent Tom Lund, patient Ann Berg @ Rome 1985-01-01..1986-01-01 year explicit"],
    ),
    (
        "Ann Berg resigned in 2010. Nobody knew why Ann Berg resigned.",
        ["resign: agent Ann Berg 2010-01-01..2011-01-01 year explicit"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ONE)
def test_mentions_of_one_event_are_one(text: str, expected: list[str]) -> None:
    kinds = {line.split(":")[0] for line in expected} | {"buy", "die", "marry"}
    assert [line for line in read_events(text) if line.split(":")[0] in kinds] == expected


SEVERAL = [
    ("Ann Berg visited Rome in 2010. Ann Berg visited Rome in 2015. Ann Berg visited Rome.", 3),
    ("Ann Berg visited Rome in 2010. Tom Lund visited Rome in 2010.", 2),
    ("Ann Berg won a race in 2010. Ann Berg won a race.", 2),
    ("Ann Berg visited Rome in 2010. Ann Berg did not visit Rome.", 2),
    ("Ann Berg met Tom Lund in Rome. Ann Berg met Tom Lund in Oslo.", 2),
    ("Ann Berg visited Rome in 2010. Ann Berg will visit Rome.", 2),
]


@pytest.mark.parametrize(("text", "count"), SEVERAL)
def test_what_differs_in_anything_stays_apart(text: str, count: int) -> None:
    assert len(read_events(text)) == count


def test_many_mentions_are_folded_in_one_pass() -> None:
    assert len(read_events("Ann Berg visited Rome in 2010. " * 300)) == 1
