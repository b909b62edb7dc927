"""From an extraction to records."""

from datetime import datetime, timezone

import pytest

from graphmem.errors import InvalidInput
from graphmem.model import (
    Argument,
    Entity,
    Episode,
    Event,
    Extraction,
    Fact,
    Happening,
    Named,
    Session,
    Statement,
    Value,
)
from graphmem.resolve import understood
from graphmem.resolve.triplets import Triplets
from graphmem.resolve.wording import sentence

NOW = datetime(2023, 5, 8, tzinfo=timezone.utc)
TEXT = "Ada Lovelace met Ben in Paris. She was 25."
ADA = Argument(start=0, end=12, text="Ada Lovelace", name="Ada Lovelace")
BEN = Argument(start=17, end=20, text="Ben", name="Ben")


def records_of(extraction: Extraction) -> dict[type, list]:
    episode = Episode(group_id="g", created_at=NOW, text=TEXT, reference_time=NOW, session="s", speaker="Cy")
    found: dict[type, list] = {}
    for record in understood(episode, extraction, created_at=NOW):
        found.setdefault(type(record), []).append(record)
    return found


def test_a_name_and_the_pronoun_for_it_are_mentions_of_one_entity():
    found = records_of(
        Extraction(
            mentions=(
                Named(start=0, end=12, name="Ada Lovelace", type="PERSON"),
                Named(start=31, end=34, name="Ada Lovelace", type="PERSON", pronoun=True),
            )
        )
    )
    [ada], [episode] = found[Entity], found[Episode]
    assert (ada.name, ada.type, ada.aliases) == ("Ada Lovelace", "PERSON", ())
    assert [(mention.start, mention.entity) for mention in episode.mentions] == [(0, ada.uuid), (31, ada.uuid)]
    assert found[Session][0].uuid == episode.session_uuid


def test_a_statement_becomes_a_fact_between_entities():
    met = Statement(subject=ADA, predicate="meet", object=BEN, start=0, end=20, modality="possible")
    [fact] = records_of(Extraction(facts=(met,)))[Fact]
    assert (fact.subject, fact.object, fact.fact) == ("Ada Lovelace", "Ben", "Ada Lovelace may meet Ben")
    assert len(fact.episodes) == 1


def test_a_literal_becomes_a_value_of_its_own_subject():
    age = Argument(start=39, end=41, text="25", literal="number")
    old = [Statement(subject=subject, predicate="be", object=age, start=31, end=41) for subject in (ADA, BEN)]
    found = records_of(Extraction(facts=tuple(old)))
    assert [value.text for value in found[Value]] == ["25", "25"]
    assert found[Fact][0].object_uuid != found[Fact][1].object_uuid


def test_a_statement_about_no_entity_makes_no_fact():
    vague = Statement(subject=Argument(start=0, end=2, text="it"), predicate="rain", object=BEN, start=0, end=9)
    assert Fact not in records_of(Extraction(facts=(vague,)))


def test_a_happening_becomes_an_event_with_its_participants():
    met = Happening(
        predicate="meet",
        start=0,
        end=29,
        participants=(("agent", ADA), ("patient", BEN)),
        place=Argument(start=24, end=29, text="Paris", name="Paris"),
    )
    [event] = records_of(Extraction(events=(met,)))[Event]
    assert event.text == "Ada Lovelace met Ben in Paris"
    assert [(who.role, who.name, who.uuid is None) for who in event.participants] == [
        ("agent", "Ada Lovelace", False),
        ("patient", "Ben", False),
    ]
    assert event.place == "Paris"


@pytest.mark.parametrize(
    ("predicate", "options", "said"),
    [
        ("live in", {}, "Ada lives in X"),
        ("be CEO of", {}, "Ada is CEO of X"),
        ("have", {"negated": True}, "Ada does not have X"),
        ("move to", {"modality": "intended"}, "Ada plans to move to X"),
        ("be", {"modality": "conditional", "negated": True}, "Ada would not be X"),
        ("study at", {}, "Ada studies at X"),
    ],
)
def test_a_fact_reads_as_a_sentence(predicate, options, said):
    assert sentence("Ada", predicate, "X", **options) == said


def test_triplets_state_themselves():
    given = Triplets(
        [("Ada", "live in", "London"), {"subject": "Ada", "predicate": "be", "object": 36, "valid_at": "1851-12-10"}]
    )
    assert given.texts == ["Ada lives in London.", "Ada is 36 (from 1851-12-10T00:00:00+00:00)."]
    age = given.extract([Episode(group_id="g", created_at=NOW, text=given.texts[1], reference_time=NOW)])[0].facts[0]
    assert (age.object.name, age.object.literal, age.valid_at) == (
        None,
        "number",
        datetime(1851, 12, 10, tzinfo=timezone.utc),
    )


@pytest.mark.parametrize(
    "bad", [("Ada", "know"), "Ada knows Ben", ("Ada", "", "Ben"), ("Ada", "know", None), {"subjekt": "Ada"}, 3]
)
def test_what_is_no_triplet_is_named(bad):
    with pytest.raises(InvalidInput):
        Triplets([bad])
