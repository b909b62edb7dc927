"""Searches and what is believed: what is over, was corrected or is not true yet is never presented as true."""

from __future__ import annotations

import pytest
from told import LEARNED, Told, day, encode

from graphmem import Memory
from graphmem.model import Entity, Fact
from graphmem.recall import Index
from graphmem.store.contract import Filter

FACTS = {"kinds": ("fact",), "top_k": 10}
CORRECTED = day("2024-03-01")


def give_up(told, fact, at=LEARNED):
    """Let a fact be believed no more, as the store does."""
    told.put(fact.model_copy(update={"expired_at": at}))


def version(told, fact, *, learned=LEARNED, **fields):
    """Let another version of a fact be believed in its place, as the store does."""
    give_up(told, fact, learned)
    derived = {"uuid": f"{fact.uuid} {fields}", "version_of": fact.uuid, "created_at": learned}
    told.put(Fact.model_validate({**fact.model_dump(), **derived, **fields}))


def end(told, fact, until, **fields):
    """Let another fact end a fact, as the store does."""
    version(told, fact, invalid_at=day(until), closed_by="another fact", rule="one at a time", **fields)


def scores(told, question, **options):
    return [(hit.text, hit.scores) for hit in told.ask(question, **options)]


def recalled(told, question, **options):
    options = {"count_tokens": lambda text: len(text.split()), "reference_time": day("2024-06-01")} | options
    return told.index.recall(question, encode=encode, **options)


@pytest.fixture
def moves():
    """Ada lived in London from 2020, and from May 2023 on in Oslo."""
    told = Told()
    first = told.tell("I live in London.", when="2020-02-01", session="a", speaker="Ada")
    told.tell("Which street?", when="2020-02-01", session="a", speaker="Ben")
    then = told.tell("I live in Oslo.", when="2023-05-08", session="b", speaker="Ada")
    london = told.state("Ada", "live in", "London", [first], valid_at=day("2020-01-01"))
    told.state("Ada", "live in", "Oslo", [then], valid_at=day("2023-05-01"))
    end(told, london, "2023-05-01")
    return told


def test_a_fact_is_found_while_it_holds_and_only_as_it_is_believed_today(moves):
    ask = {"question": "Where does Ada live?", **FACTS}
    assert moves.texts(**ask) == ["Ada live in Oslo"]
    assert moves.texts(**ask, as_of=day("2019-12-31")) == []
    [hit] = moves.ask(**ask, as_of=day("2022-01-01"))
    assert (hit.text, hit.valid_at, hit.invalid_at) == ("Ada live in London", day("2020-01-01"), day("2023-05-01"))
    assert moves.texts(**ask, as_of=day("2023-06-01")) == ["Ada live in Oslo"]


def test_what_was_believed_before_is_found_as_known_then():
    told = Told()
    source = told.tell("Ada lives in London.", when="2020-02-01")
    london = told.state("Ada", "live in", "London", [source])
    end(told, london, "2022-01-01", learned=CORRECTED)
    found = {
        known: [hit.invalid_at for hit in told.ask("Ada", **FACTS, filters=Filter(known_at=known, as_of="2023-01-01"))]
        for known in ("2024-02-29", "2024-03-01")
    }
    assert found == {"2024-02-29": [None], "2024-03-01": []}
    [then] = told.ask("Ada", **FACTS, filters=Filter(known_at="2024-02-29", as_of="2021-01-01"))
    [now] = told.ask("Ada", **FACTS, as_of=day("2021-01-01"))
    assert (then.invalid_at, now.invalid_at) == (None, day("2022-01-01"))


def test_what_is_believed_no_more_is_not_found_at_any_time():
    told = Told()
    source = told.tell("Ada lives in London. She met Ben.", when="2020-02-01")
    give_up(told, told.state("Ada", "live in", "London", [source]), CORRECTED)
    event = told.happen("met Ben", source, valid_at=day("2020-01-01"), invalid_at=day("2020-01-02"))
    told.put(event.model_copy(update={"expired_at": CORRECTED}))
    for as_of in (None, day("2021-01-01"), day("2024-02-01")):
        assert told.texts("Where does Ada live?", kinds=("fact", "event"), as_of=as_of) == []


def tell_films(told, *, stated=None):
    """Tell of films; `stated` adds what the text about Mira states."""
    told.tell("The Silent Harbour is a film directed by Mira Okafor.", title="The Silent Harbour", when="2020-01-01")
    source = told.tell("Mira Okafor came from up there.", title="Mira Okafor", when="2020-01-01")
    for number in range(8):
        told.tell(f"Film {number} was directed by Somebody in Place{number}.", when=f"2020-01-0{number + 1}")
    told.put(*(Entity(group_id="g", name=n, names=(n,), created_at=LEARNED) for n in ("Mira Okafor", "Trondheim")))
    if stated is not None:
        stated(told, source)
    return told


def born(told, source, **fields):
    return told.state("Mira Okafor", "be born in", "Trondheim", [source], **fields)


LATER = {"valid_at": day("2022-01-01"), "invalid_at": day("2023-01-01")}
ASKED = [
    "Where was the director of The Silent Harbour born?",
    "Who was born in Trondheim in 2022?",
    "When was Mira Okafor born?",
]


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize(
    ("stated", "as_of"),
    [
        (lambda told, source: give_up(told, born(told, source)), None),
        (lambda told, source: give_up(told, born(told, source, **LATER)), None),
        (lambda told, source: give_up(told, born(told, source)), day("2021-01-01")),
        (lambda told, source: born(told, source, **LATER), day("2021-01-01")),
        (lambda told, source: born(told, source, **LATER), day("2024-01-01")),
        (lambda told, source: end(told, born(told, source), "2022-01-01"), day("2022-01-01")),
        (lambda told, source: told.happen("born in Trondheim", source, **LATER), day("2021-01-01")),
    ],
)
def test_what_does_not_hold_counts_as_if_nobody_had_stated_it(question, stated, as_of):
    told, never = tell_films(Told(), stated=stated), tell_films(Told())
    ask = {"question": question, "top_k": 20, "as_of": as_of}
    assert scores(told, **ask) == scores(never, **ask)
    dates = [[(hit.valid_at, hit.invalid_at) for hit in one.ask(**ask)] for one in (told, never)]
    assert dates[0] == dates[1]


@pytest.mark.parametrize("question", ASKED)
def test_what_holds_counts_then_and_without_a_time_even_if_it_is_over(question):
    since = {"valid_at": day("2019-01-01")}
    told = tell_films(Told(), stated=lambda told, source: born(told, source, **since))
    ended = tell_films(Told(), stated=lambda told, source: end(told, born(told, source, **since), "2021-06-01"))
    never = tell_films(Told())
    for as_of in (None, day("2021-01-01")):
        assert scores(told, question, as_of=as_of) == scores(ended, question, as_of=as_of)
        assert scores(told, question, as_of=as_of) != scores(never, question, as_of=as_of)


def test_a_date_comes_from_what_is_believed():
    told = Told()
    source = told.tell("I broke my ankle.", speaker="Ravi", when="2023-05-08")
    told.happen("broke ankle", source, valid_at=day("2023-05-02"), invalid_at=day("2023-05-03"))
    wrong = told.state("Ravi", "break", "ankle", [source], valid_at=day("2023-04-01"), invalid_at=day("2023-04-02"))
    ask = "When did Ravi break his ankle?"
    [before] = told.ask(ask)
    give_up(told, wrong)
    [after] = told.ask(ask)
    assert (before.valid_at, after.valid_at) == (day("2023-04-01"), day("2023-05-02"))


@pytest.mark.parametrize(
    ("then", "now"),
    [({"as_of": day("2020-12-31")}, {}), ({"filters": Filter(known_at="2024-01-15")}, {"as_of": day("2024-01-15")})],
)
def test_only_what_was_said_by_then_is_cited(then, now):
    told = Told()
    old = told.tell("Ada keeps bees.", when="2020-01-01")
    new = told.tell("Bees are kept by Ada.", when="2023-01-01")
    told.put(new.model_copy(update={"created_at": day("2024-02-01")}))
    told.state("Ada", "keep", "bees", [old, new])
    [hit], [later] = (told.ask("Who keeps bees?", **FACTS, **ask) for ask in (then, now))
    assert hit.episodes == (old.uuid,)
    assert set(later.episodes) == {old.uuid, new.uuid}
    assert set(recalled(told, "Who keeps bees?", **then).citations.values()) == {old.uuid}


@pytest.mark.parametrize("kind", ["episode", "entity", "fact", "event"])
def test_every_kind_respects_the_time(moves, kind):
    source = moves.tell("Ada met Cleo in Rome.", when="2024-01-01")
    moves.state("Ada", "meet", "Cleo", [source])
    moves.happen("met Cleo", source, valid_at=day("2024-01-01"), invalid_at=day("2024-01-02"))
    ask = {"question": "Whom did Ada meet in Rome?", "kinds": (kind,), "top_k": 20, "explain": True}
    later = {hit.uuid for hit in moves.ask(**ask)} - {hit.uuid for hit in moves.ask(**ask, as_of=day("2023-12-31"))}
    assert {"Ada met Cleo in Rome.", "Cleo", "Ada meet Cleo", "met Cleo"} & {
        hit.text for hit in moves.ask(**ask) if hit.uuid in later
    }
    for hit in moves.ask(**ask, as_of=day("2023-12-31")):
        assert source.uuid not in (*hit.episodes, *(step.uuid for step in hit.path))


def test_a_memory_answers_by_what_it_believes():
    with Memory(":memory:") as memory:
        memory.add("I work for Acme.", speaker="Ada", reference_time="2020-02-01")
        memory.add("I work for Globex now.", speaker="Ada", reference_time="2023-06-01")
        ask = {"query": "Who does Ada work for?", "kinds": ["fact"]}
        [now] = memory.search(**ask)
        [then] = memory.search(**ask, as_of="2021-01-01")
        assert (now.text, then.text) == ("Ada works for Globex", "Ada works for Acme")
        assert min(hit.scores["dense"] for hit in (now, then)) > 0
        assert "[1] Ada: I work for Acme. (until June 2023)\n" in memory.recall(ask["query"]).text
        assert "(until" not in memory.recall(ask["query"], as_of="2021-01-01").text


# Marks in a block of context


def lines(told, question="Where does Ada live?", **options):
    return [line for line in recalled(told, question, **options).text.splitlines() if line.startswith("[")]


def test_what_is_over_is_marked_in_a_block(moves):
    assert lines(moves) == [
        "[1] Ada: I live in London. (until May 2023)",
        "[2] Ben: Which street?",
        "[3] Ada: I live in Oslo.",
    ]


def test_what_was_not_over_then_is_not_marked(moves):
    assert lines(moves, as_of=day("2023-04-30")) == ["[1] Ada: I live in London.", "[2] Ben: Which street?"]
    assert lines(moves, as_of=day("2023-05-01"))[0].endswith("(until May 2023)")
    assert lines(moves, reference_time=day("2023-04-30"))[0] == "[1] Ada: I live in London."


def test_a_mark_is_as_known_then():
    told = Told()
    source = told.tell("I live in London.", when="2020-02-01", speaker="Ada")
    end(told, told.state("Ada", "live in", "London", [source]), "2022-01-01", learned=CORRECTED)
    assert lines(told, filters=Filter(known_at="2024-02-01")) == ["[1] Ada: I live in London."]
    assert lines(told, filters=Filter(known_at="2024-04-01")) == ["[1] Ada: I live in London. (until 2022)"]


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({}, " (until 2022)"),
        ({"valid_at": day("2019-01-01")}, " (until 2022)"),
        ({"valid_at": day("2019-01-01"), "tense": "past"}, " (until 2022)"),
        ({"tense": "past"}, ""),
        ({"valid_at": day("2010-01-01"), "invalid_at": day("2023-01-01"), "tense": "past"}, ""),
        ({"negated": True}, ""),
        ({"modality": "possible"}, ""),
    ],
)
def test_only_what_was_told_as_going_on_is_marked(fields, mark):
    told = Told()
    source = told.tell("Ada and London.", when="2020-02-01")
    end(told, told.state("Ada", "live in", "London", [source], **fields), "2022-01-01")
    assert lines(told) == [f"[1] Ada and London.{mark}"]


def test_what_is_over_by_its_own_words_is_not_marked():
    told = Told()
    source = told.tell("Ada lives in London until 2022.", when="2020-02-01")
    told.state("Ada", "live in", "London", [source], invalid_at=day("2022-01-01"))
    assert lines(told) == ["[1] Ada lives in London until 2022."]


def test_a_text_that_says_more_tells_what_is_over():
    told = Told()
    source = told.tell("I live in London, work for Acme and like tea.", when="2020-02-01", speaker="Ada")
    told.state("Ada", "like", "tea", [source])
    end(told, told.state("Ada", "live in", "London", [source]), "2022-01-01")
    give_up(told, told.state("Ada", "work for", "Acme", [source]))
    [line] = lines(told)
    assert line.endswith("(Ada live in London: until 2022; Ada work for Acme: corrected)")


def test_a_text_that_was_corrected_is_marked():
    told = Told()
    source = told.tell("I live in London.", when="2020-02-01", speaker="Ada")
    give_up(told, told.state("Ada", "live in", "London", [source]))
    assert lines(told) == ["[1] Ada: I live in London. (corrected)"]


def test_what_is_stated_both_ways_is_marked_once():
    told = Told()
    source = told.tell("Ada is married to Ben.", when="2020-02-01")
    for two in ("Ada", "Ben"), ("Ben", "Ada"):
        end(told, told.state(two[0], "be married to", two[1], [source]), "2022-01-01")
    assert lines(told, "Who is married?") == ["[1] Ada is married to Ben. (until 2022)"]


def test_what_is_true_again_is_not_marked():
    told = Told()
    source = told.tell("I live in London.", when="2020-02-01", speaker="Ada")
    london = told.state("Ada", "live in", "London", [source])
    end(told, london, "2022-01-01")
    version(told, london, valid_at=day("2023-01-01"))
    assert lines(told) == ["[1] Ada: I live in London."]


def test_the_version_of_another_fact_that_says_the_same_is_one_of_it_too():
    told = Told()
    first = told.tell("I live in London.", when="2020-02-01", speaker="Ada")
    second = told.tell("I have lived in London town since 2019.", when="2020-03-01", speaker="Ada")
    city, town = (Entity(group_id="g", name=name, created_at=LEARNED) for name in ("London", "London town"))
    told.put(city, town.model_copy(update={"merged_into": city.uuid}))
    london = told.state("Ada", "live in", "London", [first])
    give_up(told, told.state("Ada", "live in", "London town", [second], valid_at=day("2019-01-01")))
    end(told, london, "2022-01-01", episodes=(first.uuid, second.uuid))
    assert [line.partition("(")[2] for line in lines(told)] == ["until 2022)", "until 2022)"]


def test_the_same_words_stand_twice_where_they_are_over_only_once():
    told = Told()
    for speaker, when in (("Ada", "2020-02-01"), ("Ben", "2021-02-01")):
        source = told.tell("I live in London.", when=when, session=speaker, speaker=speaker)
        fact = told.state(speaker, "live in", "London", [source])
        if speaker == "Ada":
            end(told, fact, "2022-01-01")
    assert lines(told, "Who lives in London?") == [
        "[1] Ada: I live in London. (until 2022)",
        "[2] Ben: I live in London.",
    ]


@pytest.mark.parametrize("budget", range(30))
def test_marks_count_in_the_budget(moves, budget):
    context = recalled(moves, "Where does Ada live?", max_tokens=budget)
    assert context.tokens == len(context.text.split()) <= budget
    assert ("I live in London." in context.text) == ("(until May 2023)" in context.text)


def test_one_change_at_a_time_or_all_at_once_mark_alike(moves):
    other = Index()
    other.apply(moves.changes)
    ask = {"encode": encode, "count_tokens": len, "reference_time": day("2024-06-01")}
    assert other.recall("Where does Ada live?", **ask) == moves.index.recall("Where does Ada live?", **ask)
