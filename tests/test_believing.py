"""What a store believes follows from all that is stated: not from the order, the batches, or what was deleted."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from small_graph import EAST, LEARNED, Maker, day, everything, rows

from benchmarks.histories import History, lost, overlaps, random_history, records, shuffled, tell
from graphmem.model import Entity, Episode, Fact, Record
from graphmem.resolve.truth import Claim, Said, beliefs, claims_something
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet, Filter, Store

DRAWN = st.randoms(use_true_random=False)
STATE = {"slot": "live in", "holder": "subject"}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def told_at_once(texts: Sequence[Sequence[Record]], group_id: str) -> dict[str, Record]:
    with closing(open_store(":memory:", group_id=group_id)) as store:
        tell(store, [texts])
        return everything(store)


def facts_of(found: Iterable[Record]) -> list[Fact]:
    return [record for record in found if isinstance(record, Fact)]


def but_periods(found: dict[str, Record]) -> dict[str, Record]:
    """Leave out the nodes of the calendar, which keep when they were first needed."""
    return {uuid: record for uuid, record in found.items() if record.kind != "period"}


def some_orders(store: Store, history: History, draw: random.Random) -> None:
    texts = records(history, store.group_id)
    tell(store, shuffled(texts, draw))
    assert everything(store) == told_at_once(texts, store.group_id)
    revision = store.revision()
    tell(store, shuffled(texts, draw))
    assert store.revision() == revision
    assert store.check() == []


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(draw=DRAWN)
def test_statements_in_any_order_and_any_batches_make_the_same_versions(draw: random.Random) -> None:
    with closing(open_store(":memory:", group_id="g")) as store:
        some_orders(store, random_history(draw), draw)


@pytest.mark.parametrize("seed", range(4))
def test_every_kind_of_store_believes_the_same(store: Store, seed: int) -> None:
    draw = random.Random(seed)
    some_orders(store, random_history(draw), draw)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(draw=DRAWN)
def test_what_was_known_when_is_what_a_naive_model_says(draw: random.Random) -> None:
    history = random_history(draw)
    note(str(history))
    found = told_at_once(records(history, "g"), "g")
    assert lost(history, facts_of(found.values())) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(draw=DRAWN)
def test_nothing_that_is_stated_is_lost_and_no_two_versions_exclude_each_other(draw: random.Random) -> None:
    texts = records(random_history(draw), "g")
    found = told_at_once(texts, "g")
    assert found.keys() >= {record.uuid for text in texts for record in text}
    assert overlaps(found) == 0
    moments = {record.created_at for record in found.values() if isinstance(record, Episode)}
    for fact in facts_of(found.values()):
        assert fact.created_at in moments
        assert fact.expired_at is None or fact.expired_at in moments
        if fact.version_of:
            assert fact.expired_at is None or fact.created_at < fact.expired_at
            assert isinstance(found[fact.version_of], Fact)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(draw=DRAWN)
def test_a_deleted_text_is_as_if_it_had_never_been_told(draw: random.Random) -> None:
    history = random_history(draw)
    note(str(history))
    texts = records(history, "g")
    gone = draw.sample(range(len(texts)), draw.randint(1, len(texts)))
    left = [text for number, text in enumerate(texts) if number not in gone]
    with closing(open_store(":memory:", group_id="g")) as store:
        tell(store, shuffled(texts, draw))
        removed = [record.uuid for number in gone for record in texts[number] if isinstance(record, Episode)]
        store.apply(ChangeSet(group_id="g", put=[], remove=removed))
        assert but_periods(everything(store)) == but_periods(told_at_once(left, "g"))
        assert store.check() == []


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(draw=DRAWN)
def test_the_store_believes_what_the_rules_say_of_all_claims(draw: random.Random) -> None:
    found = told_at_once(records(random_history(draw), "g"), "g")
    into = {one.uuid: one.merged_into for one in found.values() if isinstance(one, Entity)}

    def whole(uuid: str) -> str:
        while into.get(uuid):
            uuid = into[uuid]
        return uuid

    claims = []
    for fact in facts_of(found.values()):
        if claims_something(fact):
            by = [found[uuid] for uuid in fact.episodes]
            said = tuple(Said(one.uuid, one.reference_time, one.created_at, one.speaker) for one in by)
            claims.append(Claim(fact, whole(fact.subject_uuid), whole(fact.object_uuid), said))
    believed = {
        (one.fact, one.valid_at, one.invalid_at, one.created_at, one.expired_at, one.closed_by, one.rule, one.rivals)
        for one in beliefs(claims)
    }
    kept = {
        (
            *(fact.version_of or fact.uuid, fact.valid_at, fact.invalid_at),
            *(fact.created_at, fact.expired_at, fact.closed_by, fact.rule, fact.rivals),
        )
        for fact in facts_of(found.values())
        if fact.modality == "asserted" and fact.created_at != fact.expired_at
    }
    assert kept == believed


# What a version is


def living(store: Store) -> tuple[Maker, Entity, dict[str, Entity]]:
    make = Maker(store.group_id)
    return make, make.entity("Ida Holm", type="PERSON"), {name: make.entity(name) for name in ("Rome", "Oslo")}


def said(make: Maker, text: str, number: int, *named: Entity, **fields: object) -> Episode:
    return make.episode(text, *named, reference_time=day(number), **fields).model_copy(
        update={"created_at": day(number)}
    )


def test_a_version_keeps_what_was_stated_and_says_what_closed_it_and_by_which_rule(store: Store) -> None:
    make, ida, places = living(store)
    one, two = said(make, "one", 1), said(make, "two", 9)
    rome = make.fact(ida, "live in", places["Rome"], one, created_at=day(1), **STATE)
    oslo = make.fact(ida, "live in", places["Oslo"], two, valid_at=day(5), tense="past", created_at=day(9), **STATE)
    store.apply(make.change(ida, *places.values(), one, rome))
    assert everything(store)[rome.uuid] == rome
    store.apply(make.change(ida, *places.values(), two, oslo))
    [version] = [fact for fact in store.find("fact") if fact.version_of]
    assert store.get("fact", [rome.uuid]) == [rome.model_copy(update={"expired_at": day(9)})]
    assert (version.version_of, version.valid_at, version.invalid_at) == (rome.uuid, None, day(5))
    assert (version.created_at, version.expired_at) == (day(9), None)
    assert (version.closed_by, version.rule, version.episodes) == (oslo.uuid, "one at a time", (one.uuid,))
    assert {fact.uuid for fact in store.find("fact", Filter(as_of=day(4), known_at=day(8)))} == {rome.uuid}
    assert {fact.uuid for fact in store.find("fact", Filter(as_of=day(6), known_at=day(8)))} == {rome.uuid}
    assert {fact.uuid for fact in store.find("fact", Filter(as_of=day(4), known_at=day(9)))} == {version.uuid}
    assert {fact.uuid for fact in store.find("fact", Filter(as_of=day(6), known_at=day(9)))} == {oslo.uuid}


def test_a_version_has_the_vectors_of_the_fact_that_was_stated(store: Store) -> None:
    make, ida, places = living(store)
    one, two = said(make, "one", 1), said(make, "two", 9)
    rome = make.fact(ida, "live in", places["Rome"], one, created_at=day(1), **STATE)
    oslo = make.fact(ida, "live in", places["Oslo"], two, created_at=day(9), **STATE)
    store.apply(make.change(ida, *places.values(), one, rome, vectors={rome.uuid: rows(EAST)}))
    store.apply(make.change(ida, *places.values(), two, oslo))
    kept = {change.record.version_of: change.vectors for change in store.changes() if isinstance(change.record, Fact)}
    assert (kept[rome.uuid] == rows(EAST)).all()


def test_what_a_writer_says_of_versions_is_not_believed(store: Store) -> None:
    make, ida, places = living(store)
    one = said(make, "one", 1)
    rome = make.fact(ida, "live in", places["Rome"], one, created_at=day(1), slot="live in", holder="subject")
    false = rome.model_copy(update={"uuid": "false", "version_of": rome.uuid, "valid_at": day(3)})
    closed = rome.model_copy(update={"expired_at": day(2), "closed_by": rome.uuid, "rule": "ended", "rivals": ("x",)})
    store.apply(make.change(ida, places["Rome"], one, closed.model_copy(update={"rule": None}), false))
    assert list(store.find("fact")) == [rome]


def test_two_names_that_become_one_hold_one_state_at_a_time_and_two_again_when_the_reason_goes(store: Store) -> None:
    make = Maker(store.group_id)
    short, full = make.entity("Ravi", type="PERSON"), make.entity("Ravi Menon", type="PERSON")
    pune, delhi = make.entity("Pune"), make.entity("Delhi")
    talk = make.session("talk")
    texts = [said(make, who.name, number, who, session="talk") for who, number in ((short, 1), (full, 9))]
    first = make.fact(short, "live in", pune, texts[0], created_at=day(1), **STATE)
    second = make.fact(full, "live in", delhi, texts[1], created_at=day(9), **STATE)
    store.apply(make.change(talk, short, pune, texts[0], first))
    before = everything(store)
    store.apply(make.change(talk, full, delhi, texts[1], second))
    assert store.merges() == 1
    [version] = [fact for fact in store.find("fact") if fact.version_of == first.uuid]
    assert (version.invalid_at, version.closed_by) == (day(9), second.uuid)
    store.apply(make.change(remove=[texts[1].uuid]))
    assert everything(store) == before


def test_a_statement_about_a_name_that_was_merged_before_meets_those_about_the_other_name(store: Store) -> None:
    make = Maker(store.group_id)
    short, full = make.entity("Ravi", type="PERSON"), make.entity("Ravi Menon", type="PERSON")
    pune, delhi = make.entity("Pune"), make.entity("Delhi")
    talk = make.session("talk")
    texts = [said(make, who.name, number, who, session="talk") for who, number in ((full, 1), (short, 9))]
    first = make.fact(full, "live in", pune, texts[0], created_at=day(1), **STATE)
    second = make.fact(short, "live in", delhi, texts[1], created_at=day(9), **STATE)
    store.apply(make.change(talk, full, pune, texts[0], first))
    store.apply(make.change(short, delhi, texts[1]))
    assert store.merges() == 1
    store.apply(make.change(second))
    [version] = [fact for fact in store.find("fact") if fact.version_of == first.uuid]
    assert (version.invalid_at, version.closed_by) == (day(9), second.uuid)


def test_a_fact_is_believed_again_when_the_other_name_that_supported_it_goes(store: Store) -> None:
    make = Maker(store.group_id)
    short, full, pune = (
        make.entity("Ravi", type="PERSON"),
        make.entity("Ravi Menon", type="PERSON"),
        make.entity("Pune"),
    )
    texts = [said(make, who.name, number, who, session="talk") for who, number in ((full, 1), (short, 9))]
    first = make.fact(full, "live in", pune, texts[0], created_at=day(1), **STATE)
    second = make.fact(short, "live in", pune, texts[1], created_at=day(9), **STATE)
    store.apply(make.change(make.session("talk"), full, pune, texts[0], first))
    before = everything(store)
    store.apply(make.change(short, texts[1], second))
    assert store.merges() == 1
    store.apply(make.change(remove=[texts[1].uuid]))
    assert everything(store) == before


def test_a_tenant_believes_nothing_of_another(address: str, group: str, opened: object) -> None:
    stores = [opened(address, group), opened(address, f"{group} other")]
    for number, (store, place) in enumerate(zip(stores, ("Rome", "Oslo"), strict=True)):
        make, ida, places = living(store)
        one = said(make, "one", number + 1)
        fact = make.fact(ida, "live in", places[place], one, slot="live in", holder="subject", created_at=LEARNED)
        store.apply(make.change(ida, places[place], one, fact))
    assert [[fact.expired_at for fact in store.find("fact")] for store in stores] == [[None], [None]]


# What the histories found


def test_an_end_that_is_learned_last_changes_what_followed_it(store: Store) -> None:
    make, ida, places = living(store)
    one, two, three = said(make, "one", 4), said(make, "two", 18), said(make, "three", 20)
    rome = make.fact(ida, "live in", places["Rome"], one, valid_at=day(1), created_at=day(4), **STATE)
    oslo = make.fact(ida, "live in", places["Oslo"], two, created_at=day(18), **STATE)
    left = make.fact(
        *(ida, "leave", places["Rome"], three),
        valid_at=day(9),
        tense="past",
        ends=("live in",),
        created_at=day(20),
    )
    for episode, fact in ((one, rome), (two, oslo), (three, left)):
        store.apply(make.change(ida, *places.values(), episode, fact))
    versions = {(fact.object, fact.valid_at, fact.invalid_at) for fact in store.find("fact") if fact.slot}
    assert ("Oslo", day(9), None) in versions
    texts = [[ida, *places.values(), episode, fact] for episode, fact in ((one, rome), (two, oslo), (three, left))]
    assert everything(store) == told_at_once(texts, store.group_id)


def test_a_text_that_is_learned_late_leaves_what_was_believed_before_as_it_was(store: Store) -> None:
    make, ida, places = living(store)
    one, two, three = said(make, "one", 1), said(make, "two", 12), said(make, "three", 10)
    rome = make.fact(ida, "live in", places["Rome"], one, created_at=day(1), **STATE)
    again = make.fact(ida, "live in", places["Rome"], two, created_at=day(12), **STATE)
    oslo = make.fact(ida, "live in", places["Oslo"], three, valid_at=day(8), created_at=day(10), **STATE)
    texts = [[ida, *places.values(), episode, fact] for episode, fact in ((one, rome), (two, again), (three, oslo))]
    for text in texts:
        store.apply(make.change(*text))
    assert everything(store) == told_at_once(texts, store.group_id)


def test_a_fact_that_no_text_states_is_left_as_it_is_with_others_or_alone(store: Store) -> None:
    make, ida, places = living(store)
    one = said(make, "one", 1)
    silent = make.fact(ida, "live in", places["Oslo"], created_at=day(1), **STATE)
    rome = make.fact(ida, "live in", places["Rome"], one, created_at=day(1), **STATE)
    store.apply(make.change(ida, *places.values(), one, rome, silent))
    assert {fact.uuid: fact.expired_at for fact in store.find("fact")} == {rome.uuid: None, silent.uuid: None}


def test_a_fact_that_loses_its_first_text_was_learned_from_the_first_that_is_left(store: Store) -> None:
    make, ida, places = living(store)
    one, two = said(make, "one", 1), said(make, "two", 9)
    for episode, number in ((one, 1), (two, 9)):
        rome = make.fact(ida, "live in", places["Rome"], episode, created_at=day(number), **STATE)
        store.apply(make.change(ida, places["Rome"], episode, rome))
    store.apply(make.change(remove=[one.uuid]))
    assert [(fact.created_at, fact.episodes) for fact in store.find("fact")] == [(day(9), (two.uuid,))]
