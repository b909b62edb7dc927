"""What was believed when, who said so, what ended it; what changed in a span; what the user decides."""

from datetime import datetime, timezone

import pytest

from graphmem import InvalidInput, Memory, NotFound
from graphmem.embed import open_embedder
from graphmem.extract import open_extractor
from graphmem.model import utc


@pytest.fixture(scope="module")
def models():
    """The real models, loaded once."""
    return {"model": open_embedder(), "extractor": open_extractor()}


@pytest.fixture
def clock():
    """A clock that stands still until it is set."""
    return Clock()


@pytest.fixture
def memory(address, group, models, clock):
    with Memory(address, group_id=group, clock=clock, **models) as memory:
        yield memory


@pytest.fixture
def say(memory, clock):
    """State triplets at a time; they are learned at the same time."""

    def say(when, *triplet, source="notes", learned=None, **times):
        clock.now = utc(learned or when)
        named = dict(zip(("subject", "predicate", "object"), triplet, strict=True))
        return memory.add_triplets([named | times], reference_time=when, source=source)

    return say


@pytest.fixture
def torn(memory, say):
    """A memory in which two sources contradict each other, about a home and about a marriage."""
    memory.add("Tom Reed lives in Paris.", reference_time="2023-05-04", source="letter")
    memory.add("Tom Reed lives in Rome.", reference_time="2023-05-04", source="diary")
    say("2023-05-05", "Nora Lund", "be married to", "Ben Holt", source="letter")
    say("2023-05-05", "Nora Lund", "be married to", "Cy Moe", source="diary")
    return memory


class Clock:
    now = datetime(2023, 1, 1, tzinfo=timezone.utc)

    def __call__(self):
        return self.now


def only(facts):
    [fact] = facts
    return fact


def told(history):
    """Tell each version as from when until when it holds, and from when until when that was believed."""
    moments = [(one.fact.valid_at, one.fact.invalid_at, one.fact.created_at, one.fact.expired_at) for one in history]
    return [tuple(moment and moment.date().isoformat() for moment in row) for row in moments]


def test_a_history_tells_each_version_who_said_so_and_what_ended_it(memory, say):
    say("2020-02-01", "Tom Reed", "work for", "Acme Corp", source="letter")
    say("2022-05-04", "Tom Reed", "leave", "Acme Corp", valid_at="2022-05-03")
    history = memory.history(only(memory.facts(subject="Tom Reed", predicate="work for", as_of="2021-01-01")))
    assert told(history) == [
        (None, None, "2020-02-01", "2022-05-04"),
        (None, "2022-05-03", "2022-05-04", None),
    ]
    stated, now = history
    assert (stated.stated, now.stated) == (True, False)
    assert [(one.source, one.text) for one in now.sources] == [("letter", "Tom Reed works for Acme Corp.")]
    assert (now.closed_by.fact, now.fact.rule) == ("Tom Reed leaves Acme Corp", "ended")
    assert now.why == "ended by 'Tom Reed leaves Acme Corp' (ended)"
    assert [one.uuid for one in stated.instead] == [now.fact.uuid]
    assert str(history) == (
        "Tom Reed works for Acme Corp\n"
        "  at any time; believed 2020-02-01 until 2022-05-04\n"
        "      2020-02-01 letter: Tom Reed works for Acme Corp.\n"
        "  until 3 May 2022; believed since 2022-05-04; ended by 'Tom Reed leaves Acme Corp' (ended)\n"
        "      2020-02-01 letter: Tom Reed works for Acme Corp."
    )


def test_a_history_is_found_by_fact_by_the_uuid_of_any_version_and_by_hit(memory, say):
    say("2020-02-01", "Tom Reed", "work for", "Acme Corp")
    hits = memory.search("Who works for Acme Corp?", kinds=["fact"])
    say("2022-05-04", "Tom Reed", "leave", "Acme Corp", valid_at="2022-05-03")
    facts = memory.facts(subject="Tom Reed", predicate="work for", include_invalid=True)
    history = memory.history(facts[0])
    assert len(history) == 2
    assert hits
    assert all(memory.history(one) == history for one in (*facts, *(fact.uuid for fact in facts), *hits))


def test_forms_and_names_that_say_the_same_have_one_history(memory, say):
    memory.add("Ada Berg (also called Addie) is here.", reference_time="2019-01-01")
    memory.add("Ada Berg, also known as Addie, is here.", reference_time="2019-01-01")
    say("2020-02-01", "Ada Berg", "live in", "Oslo")
    say("2021-02-01", "Ada Berg", "reside in", "Oslo", valid_at="2019-05-01", source="letter")
    history = memory.history(memory.facts(subject="Ada Berg", predicate="reside in")[0])
    assert sum(version.stated for version in history) == 2
    assert {source.source for version in history if version.fact.expired_at is None for source in version.sources} == {
        "notes",
        "letter",
    }


def test_what_is_no_fact_has_no_history(memory, say):
    say("2020-02-01", "Tom Reed", "work for", "Acme Corp")
    with pytest.raises(NotFound, match="no fact has the uuid 'nobody'"):
        memory.history("nobody")
    with pytest.raises(InvalidInput, match="kinds=\\['fact'\\]"):
        memory.history(memory.search("Acme Corp")[0])
    with pytest.raises(InvalidInput, match="7 is no fact"):
        memory.history(7)


def test_a_diff_tells_what_began_ended_was_learned_and_was_corrected(memory, say):
    say("2020-02-01", "Tom Reed", "work for", "Acme Corp")
    say("2022-05-04", "Tom Reed", "leave", "Acme Corp", valid_at="2022-05-03")
    say("2022-06-01", "Tom Reed", "work for", "Gannet Press", valid_at="2022-05-20")
    say("2022-06-01", "Ann Lee", "like", "tea")
    diff = memory.diff("2022-05-01", "2022-06-01")
    assert [fact.fact for fact in diff.began] == ["Tom Reed leaves Acme Corp", "Tom Reed works for Gannet Press"]
    assert [fact.fact for fact in diff.ended] == ["Tom Reed works for Acme Corp"]
    assert [fact.fact for fact in diff.learned] == ["Tom Reed leaves Acme Corp"]
    [corrected] = diff.corrected
    assert (corrected.fact.fact, corrected.fact.invalid_at) == ("Tom Reed works for Acme Corp", None)
    assert [one.invalid_at for one in corrected.instead] == [utc("2022-05-03")]
    assert "Tom Reed works for Acme Corp -> until 3 May 2022" in str(diff)
    later = memory.diff("2022-06-01", "2022-06-02")
    assert sorted(fact.fact for fact in later.learned) == ["Ann Lee likes tea", "Tom Reed works for Gannet Press"]
    assert [fact.fact for fact in memory.diff("2022-06-01", "2022-06-02", entity="Ann Lee").learned] == [
        "Ann Lee likes tea"
    ]
    assert str(memory.diff("1999-01-01", "1999-02-01")) == "nothing changed"


def test_saying_again_what_is_known_is_nothing_learned(memory, say):
    say("2020-02-01", "Tom Reed", "like", "tea")
    say("2021-02-01", "Tom Reed", "like", "tea", source="letter")
    assert not memory.diff("2021-01-01", "2022-01-01").learned


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2023-05-02", "2023-05-01"), "ends before it starts"),
        (("2023-05-02", None), "both ends"),
        (("someday", "2023-05-01"), "'someday' is no time"),
        ((7, "2023-05-01"), "7 is no time"),
    ],
)
def test_a_span_that_is_none_is_refused(memory, arguments, said):
    with pytest.raises(InvalidInput, match=said):
        memory.diff(*arguments)


def test_a_diff_about_nobody_known_says_so(memory):
    with pytest.raises(NotFound, match="no entity is named 'Nobody'"):
        memory.diff("2023-05-01", "2023-05-02", entity="Nobody")


def test_two_sources_that_contradict_each_other_are_one_conflict(torn):
    conflicts = torn.conflicts()
    assert [[fact.fact for fact in conflict.facts] for conflict in conflicts] == [
        ["Tom Reed lives in Paris", "Tom Reed lives in Rome"],
        ["Nora Lund is married to Ben Holt", "Nora Lund is married to Cy Moe"],
    ]
    paris, rome = conflicts[0].facts
    assert [source.source for source in conflicts[0].sources[paris.uuid]] == ["letter"]
    assert [source.source for source in conflicts[0].sources[rome.uuid]] == ["diary"]
    findings = torn.doctor()
    assert [finding.damage for finding in findings] == [False, False]
    assert findings[0].problem == "'Tom Reed lives in Paris' and 'Tom Reed lives in Rome' contradict each other"


def test_a_decision_settles_a_conflict_and_history_shows_it(torn, clock):
    paris, rome = torn.conflicts()[0].facts
    clock.now = utc("2023-06-01")
    added = torn.settle(rome.uuid, reason="He told me.")
    episode = torn.episode(added.uuids[0])
    assert (episode.text, episode.source) == ("Decided: Tom Reed lives in Rome. He told me.", "decision")
    assert episode.reference_time == clock.now
    assert len(torn.conflicts()) == 1
    assert only(torn.facts(subject="Tom Reed", predicate="live in")).object == "Rome"
    before = torn.facts(subject="Tom Reed", predicate="live in", known_at="2023-05-10")
    assert sorted(fact.object for fact in before) == ["Paris", "Rome"]
    [lost] = torn.history(paris)
    assert lost.why == "overruled by 'Tom Reed lives in Rome' (decided)"
    assert [one.why for one in torn.history(rome) if one.why] == ["decided against 'Tom Reed lives in Paris'"]
    [corrected] = torn.diff("2023-05-31", "2023-06-02").corrected
    assert corrected.fact.object == "Paris"
    assert not corrected.instead


def test_a_decision_reaches_both_sides_of_a_symmetric_state(torn, clock):
    clock.now = utc("2023-06-01")
    torn.settle(torn.conflicts()[1].facts[1])
    assert [len(conflict.facts) for conflict in torn.conflicts()] == [2]
    held = {(fact.subject, fact.object) for fact in torn.facts(predicate="be married to")}
    assert held == {("Nora Lund", "Cy Moe"), ("Cy Moe", "Nora Lund")}


def test_deleting_a_decision_takes_it_back(torn, clock):
    before = torn.conflicts()
    clock.now = utc("2023-06-01")
    torn.delete_episode(torn.settle(before[0].facts[0]).uuids[0])
    assert torn.conflicts() == before


def test_what_nothing_contradicts_cannot_be_settled(memory, say):
    say("2023-05-04", "Tom Reed", "live in", "Paris")
    with pytest.raises(InvalidInput, match="nothing contradicts 'Tom Reed lives in Paris'"):
        memory.settle(only(memory.facts(predicate="live in")))
    assert len(memory.episodes()) == 1


def test_facts_are_found_by_any_form_of_the_predicate_and_by_literal_objects(memory, say):
    say("2023-05-04", "Tom Reed", "live in", "Paris")
    say("2023-05-04", "Tom Reed", "be", 42)
    assert only(memory.facts(predicate="reside in")).object == "Paris"
    assert only(memory.facts(object="42")).subject == "Tom Reed"
    assert only(memory.facts(subject="Tom Reed", object="42")).predicate == "be"
    assert not memory.facts(object="43")
