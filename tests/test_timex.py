"""Time expressions: one table for each form, read on Wednesday 14 June 2023 at 15:00."""

from __future__ import annotations

import pytest
from reading import NOW, read_times

from graphmem.extract.timex import find

ABSOLUTE = [
    ("She was born on 10 December 1815.", "10 December 1815: 1815-12-10..1815-12-11 day"),
    ("On May 8, 2023 we met.", "May 8, 2023: 2023-05-08..2023-05-09 day"),
    ("It opened on Monday, 8 May 2023.", "Monday, 8 May 2023: 2023-05-08..2023-05-09 day"),
    ("Signed on the 8th of May, 2023.", "the 8th of May, 2023: 2023-05-08..2023-05-09 day"),
    ("Logged at 2023-05-08T13:56Z.", "2023-05-08T13:56Z: 2023-05-08T13:56..2023-05-08T13:57 minute"),
    ("Due 2023/05/08.", "2023/05/08: 2023-05-08..2023-05-09 day"),
    ("Am 08.05.2023 war es.", "08.05.2023: 2023-05-08..2023-05-09 day"),
    ("On 05/18/2023 at 3 pm.", "05/18/2023 at 3 pm: 2023-05-18T15:00..2023-05-18T16:00 hour"),
    ("At 1:56 pm on 8 May, 2023.", "1:56 pm on 8 May, 2023: 2023-05-08T13:56..2023-05-08T13:57 minute"),
    ("In June 2017 they left.", "June 2017: 2017-06-01..2017-07-01 month"),
    ("In 2019 she moved.", "2019: 2019-01-01..2020-01-01 year"),
    ("After the 2008 crisis, jobs came back.", "After the 2008: 2009-01-01.. year since"),
    ("The 1990s were loud.", "The 1990s: 1990-01-01..2000-01-01 decade"),
    ("In the early '90s it closed.", "the early '90s: 1990-01-01..1994-01-01 year"),
    ("In the late 18th century.", "the late 18th century: 1771-01-01..1801-01-01 decade"),
    ("In the nineteenth century.", "the nineteenth century: 1801-01-01..1901-01-01 century"),
    ("In Q3 2022 sales rose.", "Q3 2022: 2022-07-01..2022-10-01 season"),
    ("In the first half of 2020.", "the first half of 2020: 2020-01-01..2020-07-01 season"),
    ("In fiscal year 2022.", "fiscal year 2022: 2022-01-01..2023-01-01 year"),
    ("In the 2019–20 season.", "the 2019–20 season: 2019-07-01..2020-07-01 year"),
    ("In the summer of 2021.", "the summer of 2021: 2021-06-01..2021-09-01 season"),
    ("In winter 2021.", "winter 2021: 2021-12-01..2022-03-01 season"),
    ("On New Year's Eve 2020.", "New Year's Eve 2020: 2020-12-31..2021-01-01 day"),
    ("At Easter 2021.", "Easter 2021: 2021-04-04..2021-04-05 day"),
    ("On Thanksgiving 2022.", "Thanksgiving 2022: 2022-11-24..2022-11-25 day"),
    ("The last Friday of May 2021.", "The last Friday of May 2021: 2021-05-28..2021-05-29 day"),
    ("The first week of June 2022.", "The first week of June 2022: 2022-06-01..2022-06-08 week"),
    ("In mid-May 2021.", "mid-May 2021: 2021-05-11..2021-05-21 week"),
    ("In early 2019.", "early 2019: 2019-01-01..2019-05-01 season"),
]
RELATIVE = [
    ("We spoke yesterday.", "yesterday: 2023-06-13..2023-06-14 day"),
    ("It was the day before yesterday.", "the day before yesterday: 2023-06-12..2023-06-13 day"),
    ("I'll call tomorrow at 5:30 pm.", "tomorrow at 5:30 pm: 2023-06-15T17:30..2023-06-15T17:31 minute"),
    ("Last night it rained.", "Last night: 2023-06-13T18:00..2023-06-14T06:00 hour"),
    ("This morning I ran.", "This morning: 2023-06-14T06:00..2023-06-14T12:00 hour"),
    ("Three weeks ago he left.", "Three weeks ago: 2023-05-22..2023-05-29 week"),
    ("Ten years ago he left.", "Ten years ago: 2013-01-01..2014-01-01 year"),
    ("A couple of weeks ago.", "A couple of weeks ago: 2023-05-29..2023-06-05 week"),
    ("A few days ago.", "A few days ago: 2023-06-09..2023-06-13 day"),
    ("We met last Friday.", "last Friday: 2023-06-09..2023-06-10 day"),
    ("We meet next Tuesday.", "next Tuesday: 2023-06-20..2023-06-21 day"),
    ("We will meet on Friday.", "Friday: 2023-06-16..2023-06-17 day"),
    ("We met on Friday.", "Friday: 2023-06-09..2023-06-10 day"),
    ("Next spring we move.", "Next spring: 2024-03-01..2024-06-01 season"),
    ("Last summer we moved.", "Last summer: 2022-06-01..2022-09-01 season"),
    ("Two summers ago.", "Two summers ago: 2021-06-01..2021-09-01 season"),
    ("Last month I quit.", "Last month: 2023-05-01..2023-06-01 month"),
    ("Last weekend we hiked.", "Last weekend: 2023-06-10..2023-06-12 day"),
    ("Two weekends ago.", "Two weekends ago: 2023-06-03..2023-06-05 day"),
    ("I saw it last Christmas.", "last Christmas: 2022-12-25..2022-12-26 day"),
    ("He left in May.", "May: 2023-05-01..2023-06-01 month"),
    ("He will leave in May.", "May: 2024-05-01..2024-06-01 month"),
    ("He left in August.", "August: 2022-08-01..2022-09-01 month"),
    ("Earlier this year.", "Earlier this year: 2023-01-01..2023-06-15 year"),
    ("At the end of last year.", "the end of last year: 2022-09-01..2023-01-01 season"),
    ("The week before 9 June.", "The week before 9 June: 2023-06-02..2023-06-09 week"),
    ("The weekend before 9 June 2023.", "The weekend before 9 June 2023: 2023-06-03..2023-06-05 day"),
    ("Three days before Christmas.", "Three days before Christmas: 2022-12-22..2022-12-23 day"),
    ("In two weeks we will marry.", "In two weeks: 2023-06-26..2023-07-03 week"),
    ("Over the last two weeks.", "Over the last two weeks: 2023-05-31T15:00..2023-06-14T15:00 week"),
    ("Mei is away until 19 June.", "until 19 June: 2023-06-19..2023-06-20 day until"),
]
OPEN = [
    ("She has worked there since 2019.", "since 2019: 2019-01-01..2020-01-01 year since"),
    ("He stayed until last year.", "until last year: 2022-01-01..2023-01-01 year until"),
    ("It closed before 2014.", "before 2014: ..2014-01-01 year until"),
    ("After the summer of 2020 it closed.", "After the summer of 2020: 2020-09-01.. season since"),
    ("From 2018 on it grew.", "From 2018 on: 2018-01-01..2019-01-01 year since"),
    (
        "For the past three years.",
        "For the past three years: 2020-01-01..2021-01-01 year since",
    ),
]
RANGES = [
    ("From 2010 to 2014 he taught.", "From 2010 to 2014: 2010-01-01..2015-01-01 year"),
    ("Between May and July 2019.", "Between May and July 2019: 2019-05-01..2019-08-01 month"),
    ("May–July 2019 was dry.", "May–July 2019: 2019-05-01..2019-08-01 month"),
    ("8–10 May 2023 in Rome.", "8–10 May 2023: 2023-05-08..2023-05-11 day"),
    ("Ada (1815–1852) wrote.", "1815–1852: 1815-01-01..1853-01-01 year"),
    ("Ada (10 December 1815 – 27 November 1852).", "10 December 1815 – 27 November 1852: 1815-12-10..1852-11-28 day"),
    ("From 6 July until 15 July 1553.", "From 6 July until 15 July 1553: 1553-07-06..1553-07-16 day"),
]
NO_POINT = [
    ("Every Monday I swim.", "Every Monday: frequency"),
    ("On Fridays we eat fish.", "On Fridays: frequency"),
    ("It runs twice a week.", "twice a week: frequency"),
    ("He slept for three hours.", "for three hours: duration"),
    ("He finished it in two weeks.", "in two weeks: duration"),
    ("A three-week trip.", "three-week: duration"),
]


@pytest.mark.parametrize(("text", "expected"), [*ABSOLUTE, *RELATIVE, *OPEN, *RANGES, *NO_POINT])
def test_a_time_is_read_as_an_interval(text: str, expected: str) -> None:
    assert read_times(text) == expected


NO_TIME = [
    "May I ask? I may go. March on! He will march.",
    "He had 2019 people in 1500 houses.",
    "It cost $2019 and version 2.2019 failed.",
    "When she was nine, on the 20th floor, a second chance.",
    "The fall of Rome. He sat down. The sun rises.",
    "Call 713-853-3989 or 0049 30 123456.",
    "February 30 is no day, nor is 45/45/2020.",
    "",
]


@pytest.mark.parametrize("text", NO_TIME)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert ".." not in read_times(text)


def test_a_story_goes_on_from_the_time_it_named() -> None:
    text = "In 2010 she moved to Rome. The following year she married. Two years later she left. In May she was back."
    assert read_times(text).split(" | ") == [
        "2010: 2010-01-01..2011-01-01 year",
        "The following year: 2011-01-01..2012-01-01 year",
        "Two years later: 2013-01-01..2014-01-01 year",
        "May: 2013-05-01..2013-06-01 month",
    ]
    assert [time.anchor for time in find(text, NOW)] == ["explicit", "inherited", "inherited", "inherited"]


def test_what_only_its_context_could_resolve_is_left_out() -> None:
    assert read_times("Two weeks later he left. The next day it rained.") == "Two weeks: duration"


@pytest.mark.parametrize("text", ["in 9999", "31/12/9999", "the 99th century", "9999 years ago", "in 2100 decades"])
def test_times_beyond_the_calendar_are_no_error(text: str) -> None:
    assert isinstance(find(text, "9998-12-31"), list)
    assert isinstance(find(text, "0001-01-01"), list)


def test_a_very_long_text_is_read() -> None:
    assert len(find("in May 2020 or so, " * 5_000, NOW)) == 5_000
