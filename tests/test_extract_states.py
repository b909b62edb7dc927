"""States, offices and dates of appointments, how they are told, and corrections; read on Wednesday 14 June 2023."""

from __future__ import annotations

import pytest
from reading import NOW, read_events, read_facts

from graphmem.extract import explain
from graphmem.model import Statement

STATES = [
    ("The server is down.", "server | be | down"),
    ("The payment server is up again.", "payment server | be | up"),
    ("The server is back online.", "server | be | online"),
    ("The server went offline on Monday.", "server | become | offline 2023-06-12.."),
    ("The shop is closed.", "shop | be | closed"),
    ("The library on Main Street is open.", "library on Main Street | be | open"),
    ("Dock 3 is open.", "Dock 3 | be | open"),
    ("The Harbour Hotel is not closed.", "Harbour Hotel | be | closed (not)"),
    ("Project Atlas is on hold.", "Project Atlas | be | on hold"),
    ("The project was put on hold in March.", "project | become | on hold 2023-03-01.."),
    ("Update: the migration is on hold.", "migration | be | on hold"),
    ("The tram line was closed from 3 to 9 May 2023.", "tram line | be | closed 2023-05-03..2023-05-10"),
    ("The office is located in Berlin.", "office | be located in | Berlin"),
    ("The office moved to Hamburg in 2020.", "office | move to | Hamburg 2020-01-01.."),
    ("The house was sold to Tom Reed.", "house | be sold to | Tom Reed"),
    ("The house belongs to Tom Reed.", "house | belong to | Tom Reed"),
]


@pytest.mark.parametrize(("text", "expected"), STATES)
def test_a_thing_without_a_name_has_states(text: str, expected: str) -> None:
    assert expected in read_facts(text)


CHATTER = [
    "The thing is big.",
    "The man is happy.",
    "The food was great.",
    "The beer garden is closed when it rains.",
    "The teacher moved to the window.",
    "Tom is running.",
]


@pytest.mark.parametrize("text", CHATTER)
def test_what_is_no_state_gives_no_fact(text: str) -> None:
    assert read_facts(text) == []


DATES = [
    ("The dentist appointment is on Monday.", "dentist appointment | be on | 2023-06-19"),
    ("The dentist appointment is on Monday at 3 pm.", "dentist appointment | be on | 2023-06-19T15:00"),
    ("The board meeting is scheduled for 3 July.", "board meeting | be on | 2023-07-03"),
    ("The trial is set for September 4, 2023.", "trial | be on | 2023-09-04"),
    ("The report is due on Friday.", "report | be on | 2023-06-16"),
    ("The meeting takes place on 12 July 2023.", "meeting | be on | 2023-07-12"),
    ("The wedding will be on 5 August.", "wedding | be on | 2023-08-05"),
    ("The wedding is going to be on 5 August.", "wedding | be on | 2023-08-05"),
    ("The meeting on Friday was moved to Monday.", "meeting | be moved to | 2023-06-19"),
    ("The review was pushed back to Thursday.", "review | be pushed back to | 2023-06-15"),
    ("The trial was brought forward to 4 July 2023.", "trial | be brought forward to | 2023-07-04"),
    ("The exam was postponed from 1 July to 8 July.", "exam | be postponed to | 2023-07-08"),
    ("The exam is on 1 July. It was moved to 8 July.", "exam | be moved to | 2023-07-08"),
    ("The exam is no longer on 1 July.", "exam | be on | 2023-07-01 (not)"),
    ("The exam might be moved to 8 July.", "exam | be moved to | 2023-07-08 (possible)"),
    ("If it rains, the party will be moved to 8 July.", "party | be moved to | 2023-07-08 (conditional)"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_an_appointment_has_a_date(text: str, expected: str) -> None:
    assert expected in read_facts(text)


OWN = [
    ("My dentist appointment is on 3 July.", "dentist appointment | be on | 2023-07-03"),
    ("They moved my dentist appointment to 5 July.", "dentist appointment | be moved to | 2023-07-05"),
    ("I have a dentist appointment on Monday.", "dentist appointment | be on | 2023-06-19"),
    ("We have a meeting with Bob on Friday.", "meeting with Bob | be on | 2023-06-16"),
    ("My flight leaves on 3 July.", "flight | be on | 2023-07-03"),
]


@pytest.mark.parametrize(("text", "expected"), OWN)
def test_ones_own_appointment_has_the_same_name_whoever_speaks_of_it(text: str, expected: str) -> None:
    assert expected in read_facts(text, speaker="Ada")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dentist appointment was called off.", "call off: patient dentist appointment"),
        ("They cancelled my dentist appointment.", "cancel: patient dentist appointment"),
        ("The shop reopened.", "reopen: agent shop"),
        ("The meeting on Friday was moved to Monday.", "move: patient meeting"),
    ],
)
def test_what_happens_to_a_thing_without_a_name_is_an_event(text: str, expected: str) -> None:
    assert read_events(text, speaker="Ada") == [expected]


OFFICES = [
    ("Jane Doe stepped down as CEO of Acme Corp.", "Jane Doe | step down as ceo of | Acme Corp"),
    ("Ben Lee took over as CEO of Acme from Jane Doe.", "Ben Lee | take over as ceo of | Acme"),
    ("Ben Lee took over as CEO of Acme from Jane Doe.", "Jane Doe | step down as ceo of | Acme"),
    ("Ben Lee replaced Jane Doe as CEO of Acme.", "Ben Lee | become ceo of | Acme"),
    ("Ben Lee replaced Jane Doe as CEO of Acme.", "Jane Doe | step down as ceo of | Acme"),
    ("Jane Doe was succeeded by Ben Lee as mayor of Oslo.", "Ben Lee | become mayor of | Oslo"),
    ("Ben Lee was elected mayor of Oslo.", "Ben Lee | be elected mayor of | Oslo"),
    ("Ben Lee was appointed as director of the City Museum.", "Ben Lee | be appointed director of | City Museum"),
    (
        "Solaris Energie has named Ben Lee as its new chief executive.",
        "Ben Lee | be named chief executive of | Solaris Energie",
    ),
    ("The Daily Courier: Peter Lang is the CEO of Alpina Foods.", "Peter Lang | be ceo of | Alpina Foods"),
    ("Novelist Harriet Dunn works for Acme Corp.", "Harriet Dunn | work for | Acme Corp"),
    ("The new mayor of Oslo is Ann Berg.", "Ann Berg | be mayor of | Oslo"),
    ("Acme has a new CEO, Jane Doe.", "Jane Doe | be ceo of | Acme"),
    ("Omar Farouk is the head of the sales department.", "Omar Farouk | be head of | sales department"),
    ("Ann Berg is a member of the parents' council.", "Ann Berg | be member of | parents' council"),
    ("Tom Reed works at Acme Corp as an engineer.", "Tom Reed | work as | engineer"),
    ("Tom Reed works as a nurse at Acme Corp.", "Tom Reed | work at | Acme Corp"),
    ("Tom Reed was hired as a designer by Acme Corp.", "Acme Corp | hire | Tom Reed"),
]


@pytest.mark.parametrize(("text", "expected"), OFFICES)
def test_who_takes_and_leaves_which_office(text: str, expected: str) -> None:
    assert expected in read_facts(text)


HANDED_ON = [
    ("Ann Berg passed the role of chair of the Chess Club to Ben Lee.", "Ben Lee | become chair of | Chess Club"),
    (
        "Ann Berg handed over the chair of the Parish Council to Ben Lee.",
        "Ann Berg | step down as chair of | Parish Council",
    ),
    (
        "Ann Berg took over the presidency of the Chess Club from Ben Lee.",
        "Ann Berg | become president of | Chess Club",
    ),
    (
        "Ann Berg stepped down as CEO of Acme in 2020 and was replaced by Ben Lee.",
        "Ben Lee | become ceo of | Acme 2020-01-01..",
    ),
    (
        "Ann Berg was head of Customer Support before Ben Lee took over in April 2022.",
        "Ann Berg | step down as head of | Customer Support 2022-04-01..",
    ),
    ("Ann Berg was replaced by Ben Lee as captain of FC Norrby.", "Ben Lee | become captain of | FC Norrby"),
    (
        "Maren's term as president of the Fisheries Board ended on 31 January 2022.",
        "Maren | step down as president of | Fisheries Board 2022-01-31..",
    ),
    ("Newly appointed head of Logistics, Carmen Vidal, lives in Zaragoza.", "Carmen Vidal | be head of | Logistics"),
    ("The former chair of Limpopo Water, Anne Fourie, lives in Polokwane.", "Anne Fourie | live in | Polokwane"),
    ("Captain of FC Norrby, Emil Strand, lives in Oslo.", "Emil Strand | be captain of | FC Norrby"),
    ("Sarah Quinn is the principal of St Brigid's School.", "Sarah Quinn | be principal of | St Brigid's School"),
    ("Ownership of the Old Mill passed to Luca Ferri.", "Old Mill | pass to | Luca Ferri"),
    ("My divorce from Carl was finalised in May 2020.", "Ada | divorce | Carl 2020-05-01.."),
    ("Ann Berg calls Lisbon home.", "Ann Berg | have home in | Lisbon"),
    ("Ann Berg's home is in Lisbon.", "Ann Berg | have home in | Lisbon"),
    ("Today was my first day at Volta Labs.", "Ada | start at | Volta Labs 2023-06-14.."),
]


@pytest.mark.parametrize(("text", "expected"), HANDED_ON)
def test_what_goes_over_from_one_to_another_by_a_noun(text: str, expected: str) -> None:
    assert expected in read_facts(text, speaker="Ada")


SECOND = [
    ("Ingrid Solheim lives in Bergen and works for Nordlys Energi.", "Ingrid Solheim | work for | Nordlys Energi"),
    ("Alan is chairman of the Whisky Society and works for Volta.", "Alan | work for | Volta"),
    ("Ann Berg was born in Rome but lives in Oslo.", "Ann Berg | live in | Oslo"),
    ("Tom Reed works for Acme and Ann Berg works for Volta.", "Ann Berg | work for | Volta"),
    ("Ann Berg is president of Klint and is married to Signe.", "Ann Berg | be married to | Signe"),
    ("Ann Berg moved from Mombasa to Kisumu in February 2022.", "Ann Berg | move to | Kisumu 2022-02-01.."),
    ("Irena owns three things: a caravan, a bike and a kayak.", "Irena | own | bike"),
    ("Ann Berg lives in Rome with her husband Einar.", "Einar | be husband of | Ann Berg"),
]


@pytest.mark.parametrize(("text", "expected"), SECOND)
def test_the_second_of_two_is_read_as_well(text: str, expected: str) -> None:
    assert expected in read_facts(text)


PROPERTY = [
    ("Ann Berg owns a cottage in Devon.", "Ann Berg | own | cottage in Devon"),
    ("Ann Berg gave her piano to Ben Lee.", "Ann Berg | give | piano"),
    ("Server Falcon is offline.", "Server Falcon | be | offline"),
    ("Printer 9 is broken.", "Printer 9 | be | broken"),
    ("Ticket 902 is resolved.", "Ticket 902 | be | resolved"),
    ("Ann Berg can't stand karaoke.", "Ann Berg | can't stand | karaoke"),
    ("The dentist appointment slipped to 22 May 2023.", "dentist appointment | be moved to | 2023-05-22"),
    ("The Harbour Café has shut its doors.", "Harbour Café | become | shut"),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTY)
def test_a_thing_is_called_by_what_tells_it_from_others(text: str, expected: str) -> None:
    assert expected in read_facts(text)


UNIONS = [
    ("Priya Nair and Mark Hill got divorced in 2021.", "Priya Nair | divorce | Mark Hill 2021-01-01.."),
    ("Ada Berg and Ben Lee got married in 2020.", "Ada Berg | get married to | Ben Lee 2020-01-01.."),
    ("Ada Berg and Ben Lee are engaged.", "Ada Berg | be engaged to | Ben Lee"),
    ("Ada Berg and Ben Lee split up.", "Ada Berg | split up with | Ben Lee"),
    ("Ada Berg got married to Ben Lee.", "Ada Berg | get married to | Ben Lee"),
]


@pytest.mark.parametrize(("text", "expected"), UNIONS)
def test_what_two_do_together_is_a_fact_of_both(text: str, expected: str) -> None:
    assert expected in read_facts(text)


BEGUN_AND_OVER = [
    ("Tom Reed stopped playing chess in May.", "Tom Reed | play | chess ..2023-05-01"),
    ("Tom Reed gave up playing chess.", "Tom Reed | play | chess ..2023-06-14"),
    ("Tom Reed never stopped playing chess.", "Tom Reed | play | chess"),
    ("Tom Reed doesn't like chess any longer.", "Tom Reed | like | chess ..2023-06-14"),
    ("Tom Reed has not lived in Rome since 2010.", "Tom Reed | live in | Rome ..2010-01-01"),
    ("Tom Reed started playing chess in May.", "Tom Reed | play | chess 2023-05-01.."),
    (
        "Tom Reed lived in Rome from 2001 to 2004 and in Oslo from 2005 to 2009.",
        "Tom Reed | live in | Rome 2001-01-01..2005-01-01",
    ),
    (
        "Tom Reed lived in Rome from 2001 to 2004 and in Oslo from 2005 to 2009.",
        "Tom Reed | live in | Oslo 2005-01-01..2010-01-01",
    ),
    (
        "Ann Berg was a member of the Chess Club from 1992 to 1995.",
        "Ann Berg | be member of | Chess Club 1992-01-01..1996-01-01",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BEGUN_AND_OVER)
def test_what_begins_and_stops_has_its_times(text: str, expected: str) -> None:
    assert expected in read_facts(text)


UNSURE = [
    (
        "Tom Reed is tipped to become director of the City Museum.",
        "Tom Reed | become director of | City Museum (intended)",
    ),
    ("Tom Reed is likely to move to Rome.", "Tom Reed | move to | Rome (intended)"),
    ("Tom Reed is said to live in Rome.", "Tom Reed | live in | Rome (reported)"),
    ("Tom Reed is rumoured to be the mayor of Rome.", "Tom Reed | be mayor of | Rome (reported)"),
    ("I heard that Tom Reed moved to Rome.", "Tom Reed | move to | Rome (reported)"),
    ("Rumour has it that Tom Reed left Acme.", "Tom Reed | leave | Acme (reported)"),
    ("According to gossip, Ann Berg divorced Tom Reed.", "Ann Berg | divorce | Tom Reed (reported)"),
    ("Tom Reed has allegedly left Acme.", "Tom Reed | leave | Acme (reported)"),
    ("Maybe Tom Reed lives in Rome.", "Tom Reed | live in | Rome (possible)"),
    ("Tom Reed is moving to Rome.", "Tom Reed | move to | Rome (intended)"),
    ("Had Tom Reed left Acme, Ann Berg would be happy.", "Tom Reed | leave | Acme (conditional)"),
]


@pytest.mark.parametrize(("text", "expected"), UNSURE)
def test_hearsay_and_plans_are_not_asserted(text: str, expected: str) -> None:
    assert expected in read_facts(text, speaker="Ada")


def _facts(text: str) -> list[Statement]:
    return list(explain(text, reference_time=NOW, speaker="Ada").extraction.facts)


TENSES = [
    ("Tom Reed lives in Rome.", "present"),
    ("Tom Reed lived in Rome.", "past"),
    ("Tom Reed has lived in Rome since 2010.", "present"),
    ("Tom Reed has been the CEO of Acme for two years.", "present"),
    ("Tom Reed has been working for Acme.", "present"),
    ("Tom Reed moved to Rome.", "past"),
    ("Tom Reed has moved to Rome.", "past"),
    ("Tom Reed has never worked for Acme.", "past"),
    ("Tom Reed has never been the CEO of Acme.", "past"),
    ("Tom Reed quit Acme.", "past"),
    ("Tom Reed started working for Acme in May.", "present"),
    ("Tom Reed will move to Rome.", "future"),
]


@pytest.mark.parametrize(("text", "tense"), TENSES)
def test_a_fact_tells_its_tense(text: str, tense: str) -> None:
    assert [fact.tense for fact in _facts(text)] == [tense]


CORRECTIONS = [
    "Actually, Tom Reed lives in Rome.",
    "Correction: Tom Reed lives in Rome.",
    "Sorry, I meant that Tom Reed lives in Rome.",
    "I was wrong: Tom Reed lives in Rome.",
    "I misspoke yesterday. Tom Reed lives in Rome.",
    "Oops, wrong city. Tom Reed lives in Rome.",
    "That's wrong; Tom Reed lives in Rome.",
    "Tom Reed actually lives in Rome.",
    "It is not true that Tom Reed lives in Rome.",
]


@pytest.mark.parametrize("text", CORRECTIONS)
def test_a_correction_is_told_by_how_it_is_said(text: str) -> None:
    assert [fact.corrects for fact in _facts(text) if fact.predicate == "live in"] == [True]


@pytest.mark.parametrize("text", ["Tom Reed actually just moved to Rome.", "It's true that Tom Reed moved to Rome."])
def test_news_corrects_nothing(text: str) -> None:
    assert [fact.corrects for fact in _facts(text)] == [False]


CONTRASTS = [
    ("Tom Reed lives in Kiel, not in Kassel.", "Kiel", "Kassel"),
    ("Tom Reed lives not in Kassel but in Kiel.", "Kiel", "Kassel"),
    ("Tom Reed speaks Portuguese, not Spanish.", "Portuguese", "Spanish"),
    ("Tom Reed is a member of the Tennis Club, not of the Chess Club.", "Tennis Club", "Chess Club"),
    ("Tom Reed is not a doctor but a nurse.", "nurse", "doctor"),
    ("The parade is on 13 May 2024, not on 12 May 2024.", "2024-05-13", "2024-05-12"),
]


@pytest.mark.parametrize(("text", "so", "not_so"), CONTRASTS)
def test_what_is_so_corrects_what_is_not(text: str, so: str, not_so: str) -> None:
    told = {fact.object.name or fact.object.text: (fact.negated, fact.corrects) for fact in _facts(text)}
    assert told[so] == (False, True)
    assert told[not_so][0]


def test_the_sentence_after_a_denial_goes_on_with_the_correction() -> None:
    facts = _facts("Actually, Tom Reed doesn't live in Rome. He lives in Oslo.")
    assert [(fact.object.name, fact.negated, fact.corrects) for fact in facts] == [
        ("Rome", True, True),
        ("Oslo", False, True),
    ]


def test_of_a_sale_it_is_told_to_whom_and_from_whom() -> None:
    sold, *_ = _facts("Tom Reed sold the house to Ann Berg.")
    bought, *_ = _facts("Ann Berg bought the house from Tom Reed.")
    assert [(role, who.name) for role, who in (*sold.others, *bought.others)] == [
        ("to", "Ann Berg"),
        ("from", "Tom Reed"),
    ]
