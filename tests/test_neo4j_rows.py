"""Records of a Neo4j database are read without being validated again, and are what validation would make of them."""

from __future__ import annotations

import pytest
from small_graph import Maker, day

from graphmem.model import RECORDS, Cited, Community, Participant, Record, Summary, Tally, Topic
from graphmem.store.contract import Store
from graphmem.store.neo4j.rows import READ_FAST


def each_kind(make: Maker) -> list[Record]:
    """Make a plain record and one with all its fields of each kind that is read so."""
    ada, ben = make.entity("Ada"), make.entity("Ben", "Benjamin", "B.", alone=True, type="PERSON")
    plain = make.episode("Ada lives.")
    episode = make.episode(
        "Ada knows Ben. He knows her.",
        ada,
        ben,
        session="chat",
        speaker="Ada",
        addressee="Ben",
        source="a.txt",
        metadata={"title": "A day", "pages": [1, {"of": None}]},
        position=3,
        previous=plain.uuid,
        dated=False,
        sentences=((0, 14), (15, 28)),
    )
    fact = make.fact(
        ada,
        "know",
        ben,
        episode,
        plain,
        valid_at=day(3).replace(microsecond=120),
        granularity="day",
        modality="reported",
        tense="past",
        confidence=0.5,
        slot="know",
        holder="both",
        ends=("miss",),
        corrects=True,
        overrules=("x", "y"),
    )
    meeting = make.event(
        "meet in Oslo",
        ada,
        ben,
        episodes=[episode],
        place="Oslo",
        valid_at=day(4),
        invalid_at=day(5),
        granularity="day",
        anchor="explicit",
        status="planned",
    )
    told = Participant(role="topic", name="the plan")
    return [
        make.session("chat"),
        ada,
        ben,
        plain,
        episode,
        fact,
        make.fact(ben, "know", ada, plain),
        meeting,
        make.event("sing", episodes=[plain]).model_copy(update={"participants": (told,)}),
        *derived(make, ada.uuid, ben.uuid, episode.uuid),
    ]


def derived(make: Maker, ada: str, ben: str, episode: str) -> list[Record]:
    """Make what is made of others, plain and with all its fields."""
    low = Community(**make.base, level=0, founder=ada, name="Ada and Ben", members=tuple(sorted((ada, ben))))
    high = Community(**make.base, level=1, founder=ada, name="all", members=(low.uuid,), size=2, valid_at=day(3))
    topic = Topic(**make.base, session="chat", episodes=(episode,), name="knowing", valid_at=day(3), invalid_at=day(4))
    told = Cited(text="Ada knows Ben.", episodes=(episode,), facts=("x",))
    plain = Summary(**make.base, of=low.uuid, about="community", title="Ada", text="Ada.", episodes=(episode,))
    return [
        low,
        high,
        topic,
        plain,
        Summary(
            **make.base,
            of=topic.uuid,
            about="topic",
            title="Ada",
            text="Ada knows Ben.",
            sentences=(told,),
            people=("Ada",),
            places=("Oslo",),
            counts=Tally(episodes=1, facts=2),
            episodes=(episode,),
            valid_at=day(3),
            invalid_at=day(4),
        ),
    ]


@pytest.mark.parametrize("address", ["neo4j"], indirect=True)
def test_a_record_that_is_read_is_what_validation_makes_of_it(store: Store) -> None:
    store.apply(Maker(store.group_id).change(*each_kind(Maker(store.group_id))))
    read = [change.record for change in store.changes() if change.record is not None]
    assert {record.kind for record in read} >= set(READ_FAST)
    for record in read:
        again = RECORDS[record.kind].model_validate(record.model_dump())
        assert record == again
        assert repr(record) == repr(again)
        assert record.model_dump_json() == again.model_dump_json()
        assert {name: type(value) for name, value in record} == {name: type(value) for name, value in again}
        assert record == store.get(record.kind, [record.uuid])[0]
        assert record.model_copy(update={"group_id": "other"}).group_id == "other"
