"""Times relative to when it was said, or to another time; what is no point in time has no interval behind its colon."""

from __future__ import annotations

import pytest
from reading import read_times

DEICTIC = [
    ("He left the day before yesterday.", "the day before yesterday: 2023-06-12..2023-06-13 day"),
    ("We arrive the day after tomorrow.", "the day after tomorrow: 2023-06-16..2023-06-17 day"),
    ("I finished it today.", "today: 2023-06-14..2023-06-15 day"),
    ("Tonight we will celebrate.", "Tonight: 2023-06-14T18:00..2023-06-15T06:00 hour"),
    ("He quit three weeks ago.", "three weeks ago: 2023-05-22..2023-05-29 week"),
    ("A couple of years back I ran a marathon.", "A couple of years back: 2021-01-01..2022-01-01 year"),
    ("About six months ago my aunt moved.", "About six months ago: 2022-12-01..2023-01-01 month"),
    ("A week ago today the shop opened.", "A week ago today: 2023-06-07..2023-06-08 day"),
    ("He proposed a year and a half ago.", "a year and a half ago: 2021-12-01..2022-01-01 month"),
    ("More than a decade ago the mill burnt down.", "More than a decade ago: 2013-01-01..2014-01-01 year"),
    ("Some 200 years ago it was a village.", "Some 200 years ago: 1823-01-01..1824-01-01 year"),
    ("We got the keys last Friday.", "last Friday: 2023-06-09..2023-06-10 day"),
    ("We got the keys Friday last week.", "Friday last week: 2023-06-09..2023-06-10 day"),
    ("On Tuesday of last week she sang.", "Tuesday of last week: 2023-06-06..2023-06-07 day"),
    ("The kids are back Monday week, I hope they will be well.", ""),
    ("See you next Friday!", "next Friday: 2023-06-16..2023-06-17 day"),
    ("See you this Friday!", "this Friday: 2023-06-16..2023-06-17 day"),
    ("Last week was rough.", "Last week: 2023-06-05..2023-06-12 week"),
    ("The week before last we camped.", "The week before last: 2023-05-29..2023-06-05 week"),
    ("They married the year before last.", "the year before last: 2021-01-01..2022-01-01 year"),
    ("The month after next I will retire.", "The month after next: 2023-08-01..2023-09-01 month"),
    ("This month has been wet.", "This month: 2023-06-01..2023-07-01 month"),
    ("Earlier this month we bought a van.", "Earlier this month: 2023-06-01..2023-06-15 month"),
    ("Later this year we will move.", "Later this year: 2023-06-14..2024-01-01 year"),
    ("Early next year it will open.", "Early next year: 2024-01-01..2024-05-01 season"),
    ("At the start of this week I had a cold.", "the start of this week: 2023-06-12..2023-06-14 week"),
    ("Late last month the river rose.", "Late last month: 2023-05-21..2023-06-01 week"),
    ("Next spring they will plant oaks.", "Next spring: 2024-03-01..2024-06-01 season"),
    ("This past winter was mild.", "This past winter: 2022-12-01..2023-03-01 season"),
    ("The summer before last we cycled.", "The summer before last: 2021-06-01..2021-09-01 season"),
    ("Last October my cat ran away.", "Last October: 2022-10-01..2022-11-01 month"),
    ("Next May she turns forty.", "Next May: 2024-05-01..2024-06-01 month"),
    ("In October last year he was hired.", "October last year: 2022-10-01..2022-11-01 month"),
    ("In May of next year we will sell.", "May of next year: 2024-05-01..2024-06-01 month"),
    ("In two weeks' time we will know.", "In two weeks' time: 2023-06-26..2023-07-03 week"),
    ("We will be back ten days from now.", "ten days from now: 2023-06-24..2023-06-25 day"),
    ("She will start a month from today.", "a month from today: 2023-07-01..2023-08-01 month"),
    ("I haven't slept in the last three days.", "in the last three days: 2023-06-11T15:00..2023-06-14T15:00 day"),
    ("Over the past decade rents doubled.", "the past decade: 2013-06-14T15:00..2023-06-14T15:00 decade"),
    ("I saw him the other day.", "the other day: 2023-06-09..2023-06-13 day"),
    ("We visited the museum over the weekend.", "the weekend: 2023-06-10..2023-06-12 day"),
    ("What will you do this weekend?", "this weekend: 2023-06-17..2023-06-19 day"),
    ("It was a weekend ago.", "a weekend ago: 2023-06-10..2023-06-12 day"),
    ("A few months ago he was broke.", "A few months ago: 2023-01-01..2023-05-01 month"),
    ("Some years ago there was a mill.", ""),
    ("Five Fridays ago it hailed.", "Five Fridays ago: 2023-05-12..2023-05-13 day"),
    ("Yesterday morning the post came.", "Yesterday morning: 2023-06-13T06:00..2023-06-13T12:00 hour"),
    ("The bakery closed this afternoon.", "this afternoon: 2023-06-14T12:00..2023-06-14T18:00 hour"),
    ("Last night's show was great.", "Last night: 2023-06-13T18:00..2023-06-14T06:00 hour"),
    ("The previous week I had been in Bonn.", ""),
    ("Let's meet the Thursday after next.", "the Thursday after next: 2023-06-22..2023-06-23 day"),
    ("She moved out two Sundays ago.", "two Sundays ago: 2023-06-04..2023-06-05 day"),
    ("Dad turned 60 the weekend before last.", "the weekend before last: 2023-06-03..2023-06-05 day"),
    ("Dad turned 60 last weekend.", "last weekend: 2023-06-10..2023-06-12 day"),
    ("The exam is a week from tomorrow.", "a week from tomorrow: 2023-06-22..2023-06-23 day"),
    ("He retired exactly one year ago today.", "one year ago today: 2022-06-14..2022-06-15 day"),
    ("Nearly three decades ago the wall fell.", "Nearly three decades ago: 1993-01-01..1994-01-01 year"),
]
BESIDE = [
    ("It was the week before 9 June.", "the week before 9 June: 2023-06-02..2023-06-09 week"),
    ("We flew home two days after Christmas.", "two days after Christmas: 2022-12-27..2022-12-28 day"),
    ("The Friday before 9 June 2023 we danced.", "The Friday before 9 June 2023: 2023-06-02..2023-06-03 day"),
    ("The day after Easter 2021 he woke up.", "The day after Easter 2021: 2021-04-05..2021-04-06 day"),
    ("She came a week before Halloween.", "a week before Halloween: 2022-10-24..2022-10-31 week"),
    ("Three months after March 2020 it reopened.", "Three months after March 2020: 2020-06-01..2020-07-01 month"),
    (
        "The night before Christmas Eve 2022 it froze.",
        "The night before Christmas Eve 2022: 2022-12-23T18:00..2022-12-24T06:00 hour",
    ),
    ("They met the summer after 2010.", "the summer after 2010: 2011-06-01..2011-09-01 season"),
    ("He died the year after 1990.", "the year after 1990: 1991-01-01..1992-01-01 year"),
    ("The Sunday after next Friday we will rest.", "The Sunday after next Friday: 2023-06-18..2023-06-19 day"),
]
STORY = [
    (
        "In 2010 she moved to Rome. The following year she married.",
        "2010: 2010-01-01..2011-01-01 year | The following year: 2011-01-01..2012-01-01 year",
    ),
    (
        "It left on 3 May 2020 and was back ten minutes later.",
        "3 May 2020: 2020-05-03..2020-05-04 day | ten minutes later: 2020-05-03..2020-05-04 day",
    ),
    (
        "In 1920 he went to sea. Three years later he drowned.",
        "1920: 1920-01-01..1921-01-01 year | Three years later: 1923-01-01..1924-01-01 year",
    ),
    (
        "On 3 May 1980 they met. The next day they left.",
        "3 May 1980: 1980-05-03..1980-05-04 day | The next day: 1980-05-04..1980-05-05 day",
    ),
    (
        "She was hired in March 2015. In June she was promoted.",
        "March 2015: 2015-03-01..2015-04-01 month | June: 2015-06-01..2015-07-01 month",
    ),
    (
        "The mill opened in 1850. It burnt down that same year.",
        "1850: 1850-01-01..1851-01-01 year | that same year: 1850-01-01..1851-01-01 year",
    ),
    (
        "On 1 March 1990 he left. A week earlier he had sold the car.",
        "1 March 1990: 1990-03-01..1990-03-02 day | A week earlier: 1990-02-19..1990-02-26 week",
    ),
    (
        "It began in November 1995 and ended the following March.",
        "November 1995: 1995-11-01..1995-12-01 month | the following March: 1996-03-01..1996-04-01 month",
    ),
    (
        "He was elected in 1998 and again four years after that.",
        "1998: 1998-01-01..1999-01-01 year | four years after that: 2002-01-01..2003-01-01 year",
    ),
    ("The previous year, 2004, was calmer.", ""),
]


@pytest.mark.parametrize(("text", "expected"), [*DEICTIC, *BESIDE, *STORY])
def test_a_relative_time_is_read_as_an_interval(text: str, expected: str) -> None:
    assert read_times(text) == expected
