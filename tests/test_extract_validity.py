"""When facts held: since when and until when, read on Wednesday 14 June 2023."""

from __future__ import annotations

import pytest
from reading import read_facts

SINCE = [
    ("Volvo bought Globex for $3 billion in 2012.", "Volvo | buy | Globex 2012-01-01.."),
    ("Ingrid has worked at Volvo since 2012.", "Ingrid | work at | Volvo 2012-01-01.."),
    ("Ingrid has worked at Volvo since last summer.", "Ingrid | work at | Volvo 2022-06-01.."),
    ("Ingrid has been a member of Greenpeace since the 1990s.", "Ingrid | be member of | Greenpeace 1990-01-01.."),
    ("Ingrid has lived in Oslo for five years.", "Ingrid | live in | Oslo 2018-01-01.."),
    ("Ingrid has been living in Oslo for six months.", "Ingrid | live in | Oslo 2022-12-01.."),
    ("Ingrid has lived in Oslo for the last five years.", "Ingrid | live in | Oslo 2018-01-01.."),
    ("Ingrid has lived in Oslo for three years now.", "Ingrid | live in | Oslo 2020-01-01.."),
    ("Ingrid has been married to Victor for two decades.", "Ingrid | be married to | Victor 2003-01-01.."),
    ("Ingrid joined Nokia in 2015.", "Ingrid | join | Nokia 2015-01-01.."),
]
UNTIL = [
    ("Ingrid worked at Saab until last year.", "Ingrid | work at | Saab ..2023-01-01"),
    ("Karl was a pilot until 1999.", "Karl | be | pilot ..2000-01-01"),
    ("Karl was married to Ingrid until 2008.", "Karl | be married to | Ingrid ..2009-01-01"),
    ("Karl lived in Hamburg before 2014.", "Karl | live in | Hamburg ..2014-01-01"),
    ("Karl no longer works at Siemens.", "Karl | work at | Siemens ..2023-06-14"),
    ("Karl doesn't work at Siemens anymore.", "Karl | work at | Siemens ..2023-06-14"),
    ("Karl is no longer the mayor of Bonn.", "Karl | be mayor of | Bonn ..2023-06-14"),
    ("Julia used to live in Prague.", "Julia | live in | Prague ..2023-06-14"),
    ("Julia is the former mayor of Prague.", "Julia | be mayor of | Prague ..2023-06-14"),
]
DURING = [
    ("Ingrid worked at Saab from 2004 to 2012.", "Ingrid | work at | Saab 2004-01-01..2013-01-01"),
    ("From 2004 to 2012 Ingrid worked at Saab.", "Ingrid | work at | Saab 2004-01-01..2013-01-01"),
    ("Ingrid was the CEO of Saab between 2004 and 2012.", "Ingrid | be ceo of | Saab 2004-01-01..2013-01-01"),
    ("Ingrid lived in Rome in 2011.", "Ingrid | live in | Rome 2011-01-01..2012-01-01"),
]
NEITHER = [
    ("Karl visited Hamburg before 2014.", "Karl | visit | Hamburg"),
    ("Karl lived in Hamburg for three years.", "Karl | live in | Hamburg"),
    ("Karl will finish the report by Friday.", "Karl | finish | report (intended)"),
]


@pytest.mark.parametrize(("text", "expected"), [*SINCE, *UNTIL, *DURING])
def test_a_fact_holds_as_long_as_its_sentence_says(text: str, expected: str) -> None:
    assert expected in read_facts(text)


@pytest.mark.parametrize(("text", "expected"), NEITHER)
def test_a_deadline_or_a_past_duration_ends_nothing(text: str, expected: str) -> None:
    assert expected in read_facts(text)


def test_a_former_office_in_apposition_is_over() -> None:
    assert "Julia Novak | be mayor of | Prague ..2023-06-14" in read_facts(
        "Julia Novak, the former mayor of Prague, plays chess."
    )


def test_the_speaker_says_it_of_herself() -> None:
    assert read_facts("I've worked at Ikea for three years now.", "Dana") == ["Dana | work at | Ikea 2020-01-01.."]
    assert read_facts("I don't live in Oslo anymore.", "Dana") == ["Dana | live in | Oslo ..2023-06-14"]
