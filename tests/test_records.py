"""Records: ids from natural keys, times in UTC, and versions that join."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graphmem.errors import InvalidInput
from graphmem.model import (
    RECORDS,
    Entity,
    Episode,
    Event,
    Fact,
    Participant,
    check_text,
    merge,
    normal_name,
    utc,
    withdraw,
)

NOW = datetime(2023, 5, 8, tzinfo=timezone.utc)


def fact(**fields: object) -> Fact:
    given = {
        "group_id": "g",
        "created_at": NOW,
        "subject": "Ada",
        "subject_uuid": "a",
        "predicate": "live in",
        "object": "London",
        "object_uuid": "l",
        "fact": "Ada lives in London",
    }
    return Fact(**{**given, **fields})


def test_the_same_input_has_the_same_id_on_any_machine():
    episode = Episode(group_id="g", created_at=NOW, text="Hello.", reference_time=NOW)
    assert episode.uuid == "cd2d396f-f26a-5b96-ba54-9d03a723f0c3"
    assert episode.model_copy(update={"created_at": NOW + timedelta(days=1)}).uuid == episode.uuid


def test_the_tenant_is_part_of_every_id():
    for kind, fields in {
        "session": {"name": "s"},
        "episode": {"text": "t", "reference_time": NOW},
        "entity": {"name": "Ada"},
        "value": {"text": "36", "subject_uuid": "a", "predicate": "be"},
        "fact": fact().model_dump(exclude={"uuid", "group_id", "created_at"}),
        "event": {"predicate": "meet", "text": "they met"},
    }.items():
        ids = {RECORDS[kind](group_id=group, created_at=NOW, **fields).uuid for group in ("one", "two")}
        assert len(ids) == 2, kind


def test_an_undated_text_is_the_same_whenever_it_is_added():
    first, second = (
        Episode(group_id="g", created_at=when, text="Hi.", reference_time=when, dated=False)
        for when in (NOW, NOW + timedelta(hours=1))
    )
    assert first.uuid == second.uuid
    assert first.uuid != Episode(group_id="g", created_at=NOW, text="Hi.", reference_time=NOW).uuid


def test_records_cannot_be_changed_and_take_no_unknown_fields():
    with pytest.raises(ValidationError):
        fact().subject = "Ben"
    with pytest.raises(ValidationError):
        fact(colour="red")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-05-08", datetime(2023, 5, 8, tzinfo=timezone.utc)),
        ("2023-05-08T13:56", datetime(2023, 5, 8, 13, 56, tzinfo=timezone.utc)),
        ("2023-05-08T13:56:01Z", datetime(2023, 5, 8, 13, 56, 1, tzinfo=timezone.utc)),
        ("2023-05-08 13:56+02:00", datetime(2023, 5, 8, 11, 56, tzinfo=timezone.utc)),
        (date(2023, 5, 8), datetime(2023, 5, 8, tzinfo=timezone.utc)),
        (datetime(2023, 5, 8, 1), datetime(2023, 5, 8, 1, tzinfo=timezone.utc)),
    ],
)
def test_times_become_utc(written, read):
    assert utc(written) == read
    assert utc(written).tzinfo is timezone.utc


@pytest.mark.parametrize("bad", ["yesterday", "2023", "1683547200", "", "2023-13-01", 5, "0001-01-01T00:00+10:00"])
def test_a_time_that_cannot_be_read_says_how_to_write_it(bad):
    with pytest.raises(InvalidInput, match=r"2023-05-08|years 1 to 9999"):
        utc(bad)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "ada  lovelace"),
        ("the Trust", "Trust"),
        ("Ada's", "Ada"),
        ("Café Müller", "cafe muller"),
        ("Jean-Luc", "Jean Luc"),
        ("O’Brien", "O'Brien"),
    ],
)
def test_spellings_of_one_name_have_one_normal_form(one, other):
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize("name", ["A", "The The", "🎉", "...", "'s", "محمد", "東京", "The"])
def test_every_name_has_a_normal_form(name):
    assert normal_name(name)


def test_a_new_version_adds_what_it_knows():
    old, new = fact(episodes=("1",), confidence=0.5), fact(episodes=("2",), confidence=0.9)
    joined = merge(old, new)
    assert joined.episodes == ("1", "2")
    assert joined.support == 2
    assert joined.confidence == 0.9
    assert merge(joined, new) is joined
    with pytest.raises(ValueError, match="versions of one record"):
        merge(old, fact(object_uuid="elsewhere"))


def test_a_fact_that_ends_later_keeps_its_id_when_written_and_read():
    closed = fact().model_copy(update={"invalid_at": NOW})
    assert Fact.model_validate_json(closed.model_dump_json(exclude_defaults=True)) == closed


moments = st.one_of(st.none(), st.integers(0, 3).map(lambda days: NOW + timedelta(days=days)))
facts = st.builds(
    lambda episodes, invalid, expired, subject, confidence, created: fact().model_copy(
        update={
            "episodes": tuple(sorted(episodes)),
            "invalid_at": invalid,
            "expired_at": expired,
            "subject": subject,
            "confidence": confidence,
            "created_at": NOW + timedelta(days=created),
        }
    ),
    st.sets(st.sampled_from("123")),
    moments,
    moments,
    st.sampled_from(["Ada", "ADA", "ada"]),
    st.floats(0, 1),
    st.integers(0, 3),
)
entities = st.builds(
    lambda name, names, kind: Entity(
        group_id="g", created_at=NOW, name=name, names=tuple(sorted({name, *names})), type=kind
    ),
    st.sampled_from(["The Hague", "the Hague", "THE HAGUE"]),
    st.sets(st.sampled_from(["Hague", "Den Haag"])),
    st.sampled_from(["PERSON", "LOC", "MISC"]),
)
episodes = st.builds(
    lambda metadata, position, previous: Episode(
        group_id="g",
        created_at=NOW,
        text="t",
        reference_time=NOW,
        metadata=metadata,
        position=position,
        previous=previous,
    ),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 2)),
    st.integers(0, 3),
    st.one_of(st.none(), st.sampled_from("xy")),
)


@pytest.mark.parametrize("versions", [facts, entities, episodes], ids=["fact", "entity", "episode"])
def test_joining_is_commutative_associative_and_idempotent(versions):
    @given(versions, versions, versions)
    def holds(a, b, c):
        assert merge(a, b) == merge(b, a)
        assert merge(merge(a, b), c) == merge(a, merge(b, c))
        assert merge(a, a) is a

    holds()


def test_what_no_episode_supports_is_withdrawn():
    assert withdraw(fact(episodes=("1", "2")), {"1"}).episodes == ("2",)
    assert withdraw(fact(episodes=("1",)), {"1"}) is None


def test_two_tellings_of_a_dated_event_are_one_event():
    def told(by: str) -> Event:
        who = (Participant(role="agent", name="Ada", uuid="a"),)
        return Event(
            group_id="g",
            created_at=NOW,
            predicate="move",
            text=by,
            participants=who,
            valid_at=NOW,
            anchor="explicit",
            episodes=(by,),
        )

    assert merge(told("1"), told("2")).episodes == ("1", "2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("a\0b", "NUL byte at character 1"),
        ("a\udcff", "broken character at 1"),
        (3, "int 3"),
    ],
)
def test_text_that_cannot_be_remembered_says_why(text, said):
    with pytest.raises(InvalidInput, match=said):
        check_text(text)
