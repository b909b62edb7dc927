"""What becomes of events: planned, happened, moved, cancelled, and what was believed before, on every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_graph import EAST, everything, rows

from graphmem import InvalidInput, Memory
from graphmem.cli import main
from graphmem.model import (
    STATUSES,
    Argument,
    Episode,
    Event,
    Extraction,
    Fact,
    Happening,
    Statement,
    during,
    merge,
    utc,
)
from graphmem.recall import Index
from graphmem.resolve import understood
from graphmem.resolve.occasions import dated, occasion
from graphmem.results import became, day
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet, Filter, Store

MEETING, FRIDAY, MONDAY = "team meeting", "2023-05-12", "2023-05-15"
Teller = Callable[..., str]


def argument(text: str) -> Argument:
    if text[:2] == "20":
        return Argument(start=0, end=1, text=text, literal="date")
    return Argument(start=0, end=1, text=text, name=text)


def telling(store: Store) -> Teller:
    """Give a function that tells a store one statement, said and learned at a time, and returns the episode's uuid."""

    def tell(subject: str, predicate: str, object: str, *, at: str, learned: str | None = None, **more: Any) -> str:
        text = f"{subject} {predicate} {object} {more}"
        episode = Episode(group_id=store.group_id, text=text, reference_time=at, created_at=learned or at)
        said = Statement(
            subject=argument(subject), predicate=predicate, object=argument(object), start=0, end=len(text), **more
        )
        records = understood(episode, Extraction(facts=(said,)), created_at=episode.created_at)
        vectors = {record.uuid: rows(EAST) for record in records if isinstance(record, (Fact, Event))}
        store.apply(ChangeSet(group_id=store.group_id, put=records, vectors=vectors))
        return episode.uuid

    return tell


@pytest.fixture
def tell(store: Store) -> Teller:
    return telling(store)


def events(store: Store) -> list[Event]:
    return [one for one in store.find("event", order="valid_at") if isinstance(one, Event)]


def states(store: Store, *, at: str | None = None) -> dict[str, str | None]:
    """Give the state of each event by its date, as it is believed now or was at a time."""
    known = utc(at) if at else None
    believed = [
        event
        for event in events(store)
        if (event.expired_at is None if known is None else event.created_at <= known)
        and (known is None or event.expired_at is None or event.expired_at > known)
    ]
    assert len({event.valid_at for event in believed}) == len(believed)
    return {day(event.valid_at): event.status for event in believed if event.valid_at}


def move(tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be moved to", MONDAY, at="2023-05-10", tense="past")


# What is stated


def test_an_appointment_is_an_event_of_its_date(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    [event] = events(store)
    assert (event.predicate, event.participants[0].name, event.status) == ("take place", MEETING, "planned")
    assert (event.valid_at, event.invalid_at, event.granularity) == (utc(FRIDAY), utc("2023-05-13"), "day")


def test_what_is_told_afterwards_has_happened_also_where_it_was_planned(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be on", FRIDAY, at="2023-05-14", tense="past")
    assert states(store) == {FRIDAY: "happened"}


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, "happened"),
        ({"tense": "future"}, "planned"),
        ({"modality": "intended"}, "planned"),
        ({"valid_at": "2023-05-09"}, "planned"),
        ({"valid_at": "2023-05-07"}, "happened"),
        ({"negated": True}, None),
        ({"modality": "possible"}, None),
        ({"modality": "asked", "tense": "future"}, None),
    ],
)
def test_a_clause_tells_whether_something_is_to_come(told: dict[str, Any], status: str | None) -> None:
    episode = Episode(group_id="g", text="Ben visits.", reference_time="2023-05-08", created_at="2023-05-08")
    clause = Happening(predicate="visit", start=0, end=11, participants=(("agent", argument("Ben")),), **told)
    records = understood(episode, Extraction(events=(clause,)), created_at=episode.created_at)
    assert [record.status for record in records if isinstance(record, Event)] == [status]


@pytest.mark.parametrize(
    ("text", "start", "end", "granularity"),
    [
        ("2023-05-12", "2023-05-12", "2023-05-13", "day"),
        ("2023-05", "2023-05-01", "2023-06-01", "month"),
        ("2023-05-12T10:00", "2023-05-12T10:00", "2023-05-12T11:00", "hour"),
        ("2023-05-12T10:15", "2023-05-12T10:15", "2023-05-12T10:16", "minute"),
    ],
)
def test_a_date_lasts_as_long_as_it_is_told(text: str, start: str, end: str, granularity: str) -> None:
    assert dated(text) == (utc(start), utc(end), granularity)


@pytest.mark.parametrize("text", ["soon", "2023-13-01", "0000-01-01", "2023-05-12T25:00", "9999-12-31T23:59", ""])
def test_what_is_no_date_is_no_event(text: str) -> None:
    fact = Fact(
        group_id="g",
        created_at="2023-05-08",
        subject="talk",
        subject_uuid="1",
        predicate="be on",
        object=text,
        object_uuid="2",
        fact="",
        slot="be on",
    )
    assert occasion(fact) is None


# What becomes of it


def test_an_appointment_that_is_moved_keeps_its_history(store: Store, tell: Teller) -> None:
    move(tell)
    assert states(store) == {FRIDAY: "moved", MONDAY: "planned"}
    assert states(store, at="2023-05-09") == {FRIDAY: "planned"}
    stated, moved = sorted(
        (one for one in events(store) if day(one.valid_at) == FRIDAY), key=lambda one: one.created_at
    )
    [new] = [one for one in events(store) if day(one.valid_at) == MONDAY]
    assert (stated.expired_at, stated.version_of) == (utc("2023-05-10"), None)
    assert (moved.version_of, moved.created_at, moved.expired_at) == (stated.uuid, utc("2023-05-10"), None)
    assert (moved.closed_by, moved.rule, moved.moved_to) == (new.uuid, "one at a time", MONDAY)


def test_an_appointment_that_is_cancelled_keeps_its_history(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell("Ada Lovelace", "cancel", MEETING, at="2023-05-09", tense="past")
    assert states(store) == {FRIDAY: "cancelled"}
    assert states(store, at="2023-05-08T12:00") == {FRIDAY: "planned"}
    [cancelled] = [one for one in events(store) if one.expired_at is None]
    by = store.get("fact", [cancelled.closed_by or ""])[0]
    assert isinstance(by, Fact)
    assert (by.fact, cancelled.rule) == (f"{MEETING} is cancelled", "ended")


def test_a_date_that_is_corrected_was_never_planned(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be on", MONDAY, at="2023-05-09", corrects=True)
    assert states(store) == {MONDAY: "planned"}
    [corrected] = [one for one in events(store) if one.expired_at]
    assert (corrected.rule, corrected.version_of) == ("corrected", None)


def test_what_is_moved_back_is_planned_again(store: Store, tell: Teller) -> None:
    move(tell)
    tell(MEETING, "be moved to", FRIDAY, at="2023-05-11", tense="past")
    assert states(store) == {FRIDAY: "planned", MONDAY: "moved"}
    assert states(store, at="2023-05-10") == {FRIDAY: "moved", MONDAY: "planned"}


def test_the_next_date_of_something_regular_leaves_the_last_one_as_it_was(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be on", "2023-05-19", at="2023-05-14")
    assert states(store) == {FRIDAY: "planned", "2023-05-19": "planned"}


def test_a_date_that_is_told_more_exactly_is_not_moved(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be on", f"{FRIDAY}T10:00", at="2023-05-09")
    assert states(store) == {FRIDAY: "planned", f"{FRIDAY} 10:00": "planned"}


def test_what_took_place_stays_so_whatever_was_planned(store: Store, tell: Teller) -> None:
    move(tell)
    tell(MEETING, "be on", "2023-05-16", at="2023-05-18", tense="past")
    assert states(store)["2023-05-16"] == "happened"


def test_appointments_of_others_stay(store: Store, tell: Teller) -> None:
    tell("dentist appointment", "be on", FRIDAY, at="2023-05-07")
    move(tell)
    assert sorted(one.status or "" for one in events(store) if one.expired_at is None) == [
        "moved",
        "planned",
        "planned",
    ]


def test_the_order_in_which_it_is_learned_changes_nothing() -> None:
    said = [
        ("be on", FRIDAY, {"at": "2023-05-08"}),
        ("be moved to", MONDAY, {"at": "2023-05-10", "tense": "past"}),
        ("be moved to", "2023-05-17", {"at": "2023-05-11", "tense": "past"}),
        ("be on", FRIDAY, {"at": "2023-05-09"}),
    ]
    found = set()
    for order in permutations(said):
        store = open_store(":memory:", group_id="g")
        store.bind("compass", 4)
        for predicate, date, more in order:
            telling(store)(MEETING, predicate, date, learned="2023-06-01", **more)
        found.add(frozenset((one.uuid, one.status, one.expired_at, one.moved_to) for one in events(store)))
        store.close()
    assert len(found) == 1
    [one] = found
    assert {status for _, status, expired, _ in one if expired is None} == {"planned", "moved"}


@given(st.lists(st.sampled_from([None, *STATUSES]), min_size=3, max_size=3))
def test_what_is_told_of_one_event_is_joined_in_any_order(told: list[Any]) -> None:
    one, two, three = (
        Event(group_id="g", created_at="2023-05-08", predicate="meet", text="meet", status=status, anchor="explicit")
        for status in told
    )
    assert merge(one, merge(two, three)) == merge(merge(three, one), two)
    assert merge(one, one) == one


# As the store keeps it


def test_a_version_has_the_vectors_and_the_episodes_of_its_event(store: Store, tell: Teller) -> None:
    move(tell)
    kept = {change.uuid: change for change in store.changes()}
    [moved] = [one for one in events(store) if one.status == "moved"]
    assert kept[moved.uuid].vectors is not None
    assert (kept[moved.uuid].vectors == kept[moved.version_of or ""].vectors).all()
    assert [one.uuid for one in store.find("event", Filter(episode=moved.episodes[0])) if one.uuid == moved.uuid]
    assert [one.uuid for one in store.find("event", Filter(participant=moved.participants[0].uuid)) if one == moved]
    assert store.check() == []


def test_without_the_text_that_moved_it_it_stands_as_before(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    before = everything(store)
    later = tell(MEETING, "be moved to", MONDAY, at="2023-05-10", tense="past")
    store.apply(ChangeSet(group_id=store.group_id, remove=[later]))
    assert everything(store) == before
    assert store.check() == []


def test_without_the_text_that_told_its_date_nothing_is_left_of_it(store: Store, tell: Teller) -> None:
    first = tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be moved to", MONDAY, at="2023-05-10", tense="past")
    store.apply(ChangeSet(group_id=store.group_id, remove=[first]))
    assert states(store) == {MONDAY: "planned"}
    assert len(events(store)) == 1
    assert store.check() == []


def test_what_is_taken_back_and_told_again_is_moved_again(store: Store, tell: Teller) -> None:
    move(tell)
    before = everything(store)
    [later] = [one.uuid for one in store.find("episode") if "moved" in getattr(one, "text", "")]
    store.apply(ChangeSet(group_id=store.group_id, remove=[later]))
    tell(MEETING, "be moved to", MONDAY, at="2023-05-10", tense="past")
    assert everything(store) == before
    assert store.check() == []


def test_a_text_that_says_it_too_keeps_it_when_the_first_goes(store: Store, tell: Teller) -> None:
    first = tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    tell(MEETING, "be on", FRIDAY, at="2023-05-09")
    tell("Ada Lovelace", "cancel", MEETING, at="2023-05-10", tense="past")
    store.apply(ChangeSet(group_id=store.group_id, remove=[first]))
    assert states(store) == {FRIDAY: "cancelled"}
    assert store.check() == []


def test_an_event_that_is_removed_takes_its_versions_along(store: Store, tell: Teller) -> None:
    move(tell)
    [moved] = [one for one in events(store) if one.status == "moved"]
    store.apply(ChangeSet(group_id=store.group_id, remove=[moved.version_of or ""]))
    assert states(store) == {MONDAY: "planned"}
    assert store.check() == []


def test_a_writer_decides_nothing_of_what_becomes_of_an_event(store: Store, tell: Teller) -> None:
    tell(MEETING, "be on", FRIDAY, at="2023-05-08")
    [event] = events(store)
    version = event.model_copy(update={"uuid": "1", "version_of": event.uuid, "status": "moved"})
    claim = event.model_copy(update={"status": "cancelled", "expired_at": utc("2023-05-09"), "rule": "ended"})
    store.apply(ChangeSet(group_id=store.group_id, put=[version, claim]))
    assert events(store) == [event]


def test_what_was_called_off_belongs_to_no_day(store: Store, tell: Teller) -> None:
    move(tell)
    days = {one.name for one in store.find("period", Filter(start=utc("2023-05-11")))}
    assert MONDAY in days
    assert FRIDAY not in days
    assert [during(one) for one in events(store) if day(one.valid_at) == FRIDAY] == [(), ()]


# In front


def told(store: Store) -> Index:
    index = Index()
    index.apply(store.changes())
    return index


def test_search_presents_nothing_that_was_called_off(store: Store, tell: Teller) -> None:
    move(tell)
    asked = {"encode": lambda texts: rows(*[EAST] * len(texts)), "kinds": ["event"]}
    found = told(store).search("When is the team meeting?", **asked)
    assert [(hit.text, hit.status) for hit in found] == [(f"{MEETING} is on {MONDAY}", "planned")]
    before = told(store).search("When is the team meeting?", filters=Filter(known_at=utc("2023-05-09")), **asked)
    assert [hit.text for hit in before] == [f"{MEETING} is on {FRIDAY}"]


def test_recall_says_what_became_of_an_appointment(store: Store, tell: Teller) -> None:
    move(tell)
    tell("concert", "be on", FRIDAY, at="2023-05-08")
    tell("Ada Lovelace", "cancel", "concert", at="2023-05-09", tense="past")
    block = told(store).recall(
        "When are the team meeting and the concert?",
        encode=lambda texts: rows(*[EAST] * len(texts)),
        count_tokens=len,
        reference_time=utc("2023-06-01"),
    )
    assert f"{MEETING} be on {FRIDAY} {{}} (moved to 15 May 2023)" in block.text
    assert f"concert be on {FRIDAY} {{}} (cancelled)" in block.text
    assert f"{MONDAY} {{'tense': 'past'}} (" not in block.text


@pytest.fixture
def memory(address: str, group: str) -> Iterator[Memory]:
    now = [utc("2023-05-08")]
    with Memory(address, group_id=group, clock=lambda: now[0]) as memory:
        for text, at in (
            ("The meeting is on Friday.", "2023-05-08"),
            ("The concert is on 20 May 2023.", "2023-05-08"),
            ("The meeting on Friday was moved to Monday.", "2023-05-10"),
            ("Ada cancelled the concert.", "2023-05-11"),
            ("Ben sold his boat on 9 May 2023.", "2023-05-11"),
        ):
            now[0] = utc(at)
            memory.add(text, reference_time=at)
        yield memory


def test_events_are_told_by_status(memory: Memory) -> None:
    def dates(**asked: Any) -> list[str]:
        return [day(event.valid_at) for event in memory.events(**asked) if event.valid_at]

    assert dates(status="moved") == [FRIDAY]
    assert dates(status="cancelled") == ["2023-05-20"]
    assert dates(status="planned") == [MONDAY]
    assert dates(status="happened") == ["2023-05-09"]
    assert dates() == ["2023-05-09", FRIDAY, MONDAY, "2023-05-20"]
    assert dates(status="planned", known_at="2023-05-09") == [FRIDAY, "2023-05-20"]
    assert dates(known_at="2023-05-07") == []
    assert memory.doctor() == []


def test_a_copy_has_the_same_events(memory: Memory, tmp_path: Any) -> None:
    memory.copy_to(tmp_path / "copy.db")
    with Memory(tmp_path / "copy.db", group_id=memory.group_id) as copy:
        assert copy.events() == memory.events()


def test_a_timeline_says_what_became_of_an_appointment(memory: Memory) -> None:
    assert "12 May 2023        meeting is on 2023-05-12 (moved to 15 May 2023)" in str(memory.timeline("meeting"))
    assert "20 May 2023        concert is on 2023-05-20 (cancelled)" in str(memory.timeline("concert"))


def test_an_export_has_what_is_stated_and_an_import_what_became_of_it(memory: Memory, tmp_path: Any) -> None:
    memory.export(tmp_path / "notes.jsonl")
    with Memory(tmp_path / "copy.db", group_id=memory.group_id) as copy:
        copy.import_(tmp_path / "notes.jsonl")
        assert copy.events() == memory.events()
        assert copy.events(known_at="2023-05-09") == memory.events(known_at="2023-05-09")


def test_an_unknown_status_says_which_there_are(memory: Memory) -> None:
    with pytest.raises(InvalidInput, match="'postponed': it is one of 'planned'"):
        memory.events(status="postponed")  # type: ignore[arg-type]


def test_the_command_line_says_what_became_of_events(tmp_path: Any) -> None:
    store = ["--store", str(tmp_path / "notes.db")]

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, *store])
        assert result.exit_code == 0, result.output
        return result.output

    run("add", "The meeting is on 12 May 2023.", "--reference-time", "2023-05-08")
    assert "(planned)" in run("events", "--status", "planned")
    run("add", "The meeting was moved to 15 May 2023.", "--reference-time", "2023-05-10")
    assert "(moved to 15 May 2023)" in run("events", "--status", "moved")
    assert run("events", "--status", "cancelled") == "No events.\n"


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2023-06-01", "moved to 1 June 2023"),
        ("2023-06", "moved to June 2023"),
        ("2023-06-01T10:00", "moved to 1 June 2023 10:00"),
        ("2023-06-01T10:15", "moved to 1 June 2023 10:15"),
        ("2023-06-01T00:00", "moved to 1 June 2023 00:00"),
    ],
)
def test_a_new_date_is_told_as_exactly_as_it_is_known(date: str, said: str) -> None:
    assert became("moved", date) == said
