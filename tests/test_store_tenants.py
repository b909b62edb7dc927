"""Nothing crosses from one group_id to another, whatever it is called."""

from __future__ import annotations

from uuid import uuid4

import pytest
from small_graph import EAST, Maker, everything, rows

from graphmem.errors import GraphmemError, InvalidInput
from graphmem.store import open_store
from graphmem.store.contract import Filter

ODD = [
    'it\'s "quoted"',
    "`back`tick`",
    "'}) DETACH DELETE n //",
    "'; DROP TABLE records; --",
    "$group_id",
    "%_*",
    "שלום 🎉",
    "line\nbreak\\",
    "x" * 3000,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_tenants_see_only_their_own(shared_address: str, opened: object, odd: str) -> None:
    unique = uuid4().hex
    ours, theirs = opened(shared_address, odd + unique), opened(shared_address, f"plain {unique}")
    for store in (ours, theirs):
        store.bind("compass", 4)
        make = Maker(store.group_id)
        ada, ben = make.entity("Ada"), make.entity("Ben")
        episode = make.episode("Ada knows Ben.", ada, session="notes", source=store.group_id)
        put = [make.session(), ada, ben, episode, make.fact(ada, "know", ben, episode), make.event("meet", ada, ben)]
        store.apply(make.change(*put, vectors={episode.uuid: rows(EAST)}))
    for store in (ours, theirs):
        records = everything(store).values()
        assert {record.group_id for record in records} == {store.group_id}
        assert len(records) == 6
        assert store.counts()["fact"] == 1
        assert len(list(store.find("episode", Filter(session="notes", source=store.group_id)))) == 1
        assert len(store.nearest("episode", EAST, top_k=9)) == len(store.matching("episode", "knows", top_k=9)) == 1
    before = everything(theirs)
    other = next(iter(theirs.find("entity")))
    assert ours.get("entity", [other.uuid]) == []
    assert ours.neighbourhood([other.uuid], EAST, each=9, common=9) == []
    assert list(ours.told(list(everything(theirs)))) == []
    ours.apply(Maker(ours.group_id).change(remove=list(before)))
    ours.apply(Maker(ours.group_id).change(remove=list(everything(ours))))
    assert everything(ours) == {}
    assert everything(theirs) == before


def test_a_uuid_of_another_tenant_is_never_overwritten(shared_address: str, opened: object) -> None:
    unique = uuid4().hex
    ours, theirs = opened(shared_address, f"ours {unique}"), opened(shared_address, f"theirs {unique}")
    ada = Maker(theirs.group_id).entity("Ada")
    theirs.apply(Maker(theirs.group_id).change(ada))
    forged = Maker(ours.group_id).entity("Eve").model_copy(update={"uuid": ada.uuid})
    try:
        ours.apply(Maker(ours.group_id).change(forged))
    except GraphmemError:
        assert everything(ours) == {}
    assert everything(theirs) == {ada.uuid: ada}


@pytest.mark.parametrize("group_id", ["", "  ", "a\0b", "\ud800"])
def test_a_group_id_that_cannot_be_kept_is_refused(group_id: str) -> None:
    with pytest.raises(InvalidInput, match="group_id"):
        open_store(":memory:", group_id=group_id)
