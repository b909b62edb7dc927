"""Names in different texts that are one: merged for a reason, in any order, read as one, and two again without it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from small_graph import Maker, everything

from graphmem import Memory
from graphmem.errors import NotFound
from graphmem.model import Entity, Mention, Record
from graphmem.resolve.same import MOST
from graphmem.store.audit import audit
from graphmem.store.contract import Change, ChangeSet, Filter, Named, Store


class Teller:
    """Makes one change set a text: the entities that it names, in a session."""

    def __init__(self, group_id: str) -> None:
        self.make = Maker(group_id)

    def person(self, name: str, *names: str) -> Entity:
        return self.make.entity(name, *names, type="PERSON")

    def company(self, name: str, *names: str) -> Entity:
        return self.make.entity(name, *names, type="ORG")

    def text(self, text: str, *named: Entity, session: str | None = "s") -> ChangeSet:
        spans = ((one, form, text.find(form)) for one in named for form in one.names if form in text)
        mentions = tuple(Mention(entity=one.uuid, start=at, end=at + len(form)) for one, form, at in spans)
        assert {one.uuid for one in named} == {mention.entity for mention in mentions}
        episode = self.make.episode(text, session=session).model_copy(update={"mentions": mentions})
        sessions = [self.make.session(session)] if session else []
        return self.make.change(*sessions, *named, episode)


@pytest.fixture
def tell(store: Store) -> Teller:
    return Teller(store.group_id)


def merges(store: Store) -> dict[str, tuple[str, str]]:
    found = {uuid: one for uuid, one in everything(store).items() if isinstance(one, Entity)}
    return {
        one.name: (found[one.merged_into].name, one.because) for one in found.values() if one.merged_into is not None
    }


def apply(store: Store, changes: Iterable[ChangeSet]) -> None:
    for change in changes:
        store.apply(change)


def test_a_short_name_is_merged_into_the_full_one_of_its_session(store: Store, tell: Teller) -> None:
    store.apply(tell.text("Ravi is here.", tell.person("Ravi")))
    assert merges(store) == {}
    store.apply(tell.text("Ravi Menon sings.", tell.person("Ravi Menon")))
    assert merges(store) == {"Ravi": ("Ravi Menon", "short name")}
    assert store.merges() == 1
    assert store.check() == []


def test_a_second_candidate_takes_the_merge_back(store: Store, tell: Teller) -> None:
    store.apply(tell.text("Ravi Menon sings.", tell.person("Ravi Menon")))
    store.apply(tell.text("Ravi is here.", tell.person("Ravi")))
    patel = tell.text("Ravi Patel dances.", tell.person("Ravi Patel"))
    store.apply(patel)
    assert merges(store) == {}
    store.apply(tell.make.change(remove=[patel.put[-1].uuid]))
    assert merges(store) == {"Ravi": ("Ravi Menon", "short name")}
    store.apply(tell.text("Ravi left.", tell.person("Ravi"), session="other"))
    assert merges(store) == {}


def test_two_people_with_one_surname_stay_two(store: Store, tell: Teller) -> None:
    names = ("Ravi Menon", "Anna Menon", "Menon", "Mr. Menon", "Mrs. Menon", "Dr. Menon")
    apply(store, (tell.text(f"{name} sings.", tell.person(name)) for name in names))
    assert merges(store) == {}


def test_what_was_merged_keeps_its_mentions_and_facts(store: Store, tell: Teller) -> None:
    ravi, menon = tell.person("Ravi"), tell.person("Ravi Menon")
    pune = tell.make.entity("Pune", type="LOC")
    said = tell.text("Ravi lives in Pune.", ravi, pune)
    lives = tell.make.fact(ravi, "live in", pune, said.put[-1])
    store.apply(ChangeSet(group_id=store.group_id, put=[*said.put, lives]))
    store.apply(tell.text("Ravi Menon sings.", menon))
    found = everything(store)
    assert found[ravi.uuid].merged_into == menon.uuid
    assert found[lives.uuid] == lives
    assert found[said.put[-1].uuid] == said.put[-1]
    assert [one.uuid for one in store.find("entity", Filter(merged_into=menon.uuid))] == [ravi.uuid]
    assert store.named({"them": [ravi.uuid, menon.uuid], "it": [pune.uuid], "no": ["nobody"]}) == {
        "them": Named(2, 2),
        "it": Named(1, 1),
    }


def test_the_text_that_gives_the_reason_takes_the_merge_along(store: Store, tell: Teller) -> None:
    name = "Institute of Forest Research"
    whole, introduced = tell.company(name), tell.company(name, "IFR")
    reason = tell.text(f"The {name} (IFR) opened.", introduced, session="a")
    store.apply(reason)
    store.apply(tell.text(f"The {name} grew.", whole, session="b"))
    store.apply(tell.text("IFR grew.", tell.company("IFR"), session="c"))
    assert merges(store) == {"IFR": (name, "alias")}
    store.apply(tell.make.change(remove=[reason.put[-1].uuid]))
    assert merges(store) == {}
    assert everything(store)[whole.uuid].names == (name,)
    assert store.check() == []
    store.apply(reason)
    assert merges(store) == {"IFR": (name, "alias")}


def test_a_name_that_nobody_uses_any_more_is_no_reason(store: Store, tell: Teller) -> None:
    known = tell.person("Samuel Quillington", "Mark Quill")
    reason = tell.text("Samuel Quillington, also known as Mark Quill, wrote.", known, session="a")
    store.apply(reason)
    store.apply(tell.text("Samuel Quillington slept.", tell.person("Samuel Quillington"), session="b"))
    store.apply(tell.text("Mark Quill left.", tell.person("Mark Quill"), session="c"))
    assert merges(store) == {"Mark Quill": ("Samuel Quillington", "alias")}
    store.apply(tell.make.change(remove=[reason.put[-1].uuid]))
    assert merges(store) == {}


def test_an_alias_that_another_text_uses_too_outlives_the_first(store: Store, tell: Teller) -> None:
    name = "Institute of Forest Research"
    one, two = (
        tell.text(f"The {name} (IFR) {did}.", tell.company(name, "IFR"), session="a") for did in ("opened", "closed")
    )
    apply(store, [one, two, tell.text("IFR grew.", tell.company("IFR"), session="c")])
    store.apply(tell.make.change(remove=[one.put[-1].uuid]))
    assert merges(store) == {"IFR": (name, "alias")}


def test_a_full_name_that_goes_leaves_the_short_one_alone(store: Store, tell: Teller) -> None:
    full = tell.text("Ravi Menon sings.", tell.person("Ravi Menon"))
    apply(store, [full, tell.text("Ravi is here.", tell.person("Ravi"))])
    store.apply(tell.make.change(remove=[full.put[-1].uuid]))
    assert merges(store) == {}
    assert {one.name for one in everything(store).values() if isinstance(one, Entity)} == {"Ravi"}
    assert store.check() == []


TEXTS = (
    ("Ravi is here.", "Ravi", "s"),
    ("Ravi Menon sings.", "Ravi Menon", "s"),
    ("Dr. Menon came.", "Dr. Menon", "s"),
    ("Ravi K. Menon left.", "Ravi K. Menon", "s"),
    ("Anna Menon sings.", "Anna Menon", "t"),
    ("Veltrona grew.", "Veltrona", "t"),
    ("Veltrona Inc. grew.", "Veltrona Inc", "u"),
    ("Ravi Patel came.", "Ravi Patel", "u"),
    ("Veltrona Incorporated fell.", "Veltrona Incorporated", "u"),
)


def some_orders(count: int) -> list[tuple[int, ...]]:
    every = list(permutations(range(5)))
    draw = random.Random(7)
    return draw.sample(every, count // 2) + [
        tuple(draw.sample(range(len(TEXTS)), len(TEXTS))) for _ in range(count // 2)
    ]


def changes(group_id: str) -> list[ChangeSet]:
    tell = Teller(group_id)
    kinds = {"Veltrona": tell.company}
    return [
        tell.text(text, kinds.get(name.split()[0], tell.person)(name), session=session) for text, name, session in TEXTS
    ]


def test_writers_in_any_order_end_with_the_same_merges(opened: object) -> None:
    ends: dict[frozenset[int], dict[str, object]] = {}
    for order in some_orders(60):
        store = opened(":memory:", "g")
        apply(store, (changes("g")[number] for number in order))
        end = ends.setdefault(frozenset(order), everything(store))
        assert everything(store) == end
        before = store.revision()
        apply(store, changes("g")[:5])
        assert store.revision() == before
        assert store.check() == []
        store.close()
    assert len(ends) == 2


def test_texts_that_come_and_go_leave_the_merges_of_what_stays(opened: object) -> None:
    draw = random.Random(11)
    for _ in range(30):
        store, alone = opened(":memory:", "g"), opened(":memory:", "g")
        there: set[int] = set()
        for _ in range(14):
            number = draw.randrange(len(TEXTS))
            change = changes("g")[number]
            store.apply(ChangeSet(group_id="g", remove=[change.put[-1].uuid]) if number in there else change)
            there ^= {number}
        apply(alone, (changes("g")[number] for number in sorted(there)))
        assert everything(store) == everything(alone)


def test_every_kind_of_store_ends_with_the_same_merges(store: Store, opened: object) -> None:
    alone = opened(":memory:", store.group_id)
    apply(alone, changes(store.group_id))
    one_by_one = changes(store.group_id)
    random.Random(3).shuffle(one_by_one)
    put = {record.uuid: record for change in one_by_one[:6] for record in change.put}
    store.apply(ChangeSet(group_id=store.group_id, put=list(put.values())))
    apply(store, one_by_one[6:])
    assert everything(store) == everything(alone)
    assert len(merges(store)) >= 3
    gone = [change.put[-1].uuid for change in one_by_one[2:5]]
    for each in (store, alone):
        each.apply(ChangeSet(group_id=store.group_id, remove=gone))
    assert everything(store) == everything(alone)
    assert store.check() == []


def test_a_file_of_the_first_version_gets_its_merges_when_it_is_opened(tmp_path: Path, opened: object) -> None:
    file, plain = tmp_path / "old.db", "json_remove(body, '$.merged_into', '$.because')"
    old = opened(str(file), "g")
    apply(old, changes("g"))
    whole = everything(old)
    old.close()
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            f"""DROP TABLE keys; DROP TABLE scenes; DELETE FROM links WHERE role = 'merged'; PRAGMA user_version = 1;
            ALTER TABLE records DROP COLUMN line; UPDATE records SET body = {plain} WHERE kind = 'entity'"""
        )
    new = opened(str(file), "g")
    assert everything(new) == whole
    assert new.revision() == len(TEXTS) + 1
    apply(new, changes("g"))
    assert everything(new) == whole
    assert new.check() == []


def test_a_tenant_never_merges_with_another(address: str, group: str, opened: object) -> None:
    one, other = opened(address, group), opened(address, f"{group} other")
    one.apply(Teller(one.group_id).text("Ravi Menon sings.", Teller(one.group_id).person("Ravi Menon")))
    other.apply(Teller(other.group_id).text("Ravi is here.", Teller(other.group_id).person("Ravi")))
    assert merges(one) == merges(other) == {}


def test_a_name_that_many_share_is_nobody(store: Store, tell: Teller) -> None:
    ravi = tell.person("Ravi")
    store.apply(tell.text("Ravi is here.", ravi))
    store.apply(tell.text("Ravi Menon sings.", tell.person("Ravi Menon")))
    others = [tell.person(f"Ravi Name{number:03}") for number in range(MOST - 2)]
    store.apply(tell.text(", ".join(one.name for one in others), *others, session="many"))
    assert merges(store) == {"Ravi": ("Ravi Menon", "short name")}
    one_more = tell.text("One more: Ravi Last.", tell.person("Ravi Last"), session="many")
    store.apply(one_more)
    assert merges(store) == {}


def test_what_a_writer_says_of_merges_is_no_merge(store: Store, tell: Teller) -> None:
    ida, eve = tell.person("Ida"), tell.person("Eve")
    claimed = ida.model_copy(update={"merged_into": eve.uuid, "because": "alias"})
    store.apply(tell.text("Ida and Eve.", claimed, eve))
    assert merges(store) == {}


def test_merges_that_lead_nowhere_or_in_a_circle_are_found() -> None:
    tell = Teller("g")
    one, two, three, four = (tell.person(name) for name in ("One", "Two", "Three", "Four"))
    into = {one: two, two: three, three: one, four: one}
    records = [one.model_copy(update={"merged_into": other.uuid}) for one, other in into.items()]
    text = tell.text("One Two Three Four", one, two, three, four).put[-1]

    def findings(*records: Record) -> dict[str | None, str]:
        changes = (Change(1, record.kind, record.uuid, record) for record in records)
        return {finding.uuid: finding.problem for finding in audit(changes) if "merged" in finding.problem}

    assert findings(tell.make.session("s"), *records, text).keys() == {one.uuid, two.uuid, three.uuid}
    assert findings(records[3].model_copy(update={"merged_into": "nobody"}), text) == {
        four.uuid: f"entity {four.uuid} is merged into nobody, which is missing"
    }
    assert findings(records[3], one, text) == {}


# As a memory is read


@pytest.fixture
def chat(address: str, group: str) -> Iterable[Memory]:
    with Memory(address, group_id=group) as memory:
        for text, speaker in (
            ("Yesterday I met Ravi Menon in the library.", "Lena"),
            ("Ravi lives in Pune.", "Omar"),
            ("Ravi bought a blue bicycle.", "Lena"),
        ):
            memory.add(text, session="chat", speaker=speaker, reference_time="2023-05-08")
        memory.add("Ravi Patel lives in Delhi.", session="elsewhere", reference_time="2023-05-08")
        yield memory


def test_an_entity_tells_its_names_and_what_was_merged_into_it(chat: Memory) -> None:
    ravi = chat.entity("Ravi")
    assert (ravi.name, ravi.aliases, ravi.mentions, ravi.episodes) == ("Ravi Menon", ("Ravi",), 3, 3)
    assert [(part.name, part.because) for part in ravi.merged] == [("Ravi", "short name")]
    assert chat.entity(ravi.merged[0].uuid) == chat.entity("Ravi Menon") == ravi
    assert [one.name for one in chat.entities(name="Ravi")] == ["Ravi Menon"]
    assert "Ravi" not in [one.name for one in chat.entities()]
    assert ravi in list(chat.entities())
    assert chat.stats().merged == 1


def test_facts_and_events_follow_the_merge(chat: Memory) -> None:
    facts = [fact.fact for fact in chat.facts(subject="Ravi Menon")]
    assert "Ravi buys blue bicycle" in facts
    assert facts == [fact.fact for fact in chat.facts(subject="Ravi")]
    assert not {"Ravi Patel lives in Delhi"} & set(facts)
    assert "bought" in " ".join(event.text for event in chat.events(participant="Ravi Menon"))


def test_search_takes_both_names_for_one(chat: Memory) -> None:
    [ravi] = chat.search("Who is Ravi Menon?", kinds=("entity",), filters={"name": "Ravi Menon"})
    assert ravi.text == "Ravi Menon"
    assert "Ravi" not in [hit.text for hit in chat.search("Ravi", kinds=("entity",), top_k=20)]
    index = chat._index
    number = index.names.entity[ravi.uuid]
    texts = {index.episodes.texts[row] for row in index.episodes.names.rows([number]).other}
    assert "Ravi bought a blue bicycle." in texts
    assert "Ravi Patel lives in Delhi." not in texts


def test_one_that_is_split_off_stays_alone(chat: Memory) -> None:
    alone = chat.split("Ravi")
    assert (alone.name, alone.merged, alone.alone) == ("Ravi", (), True)
    assert chat.entity("Ravi Menon").merged == ()
    assert [fact.fact for fact in chat.facts(subject="Ravi Menon")] != [
        fact.fact for fact in chat.facts(subject="Ravi")
    ]
    chat.add("Ravi sleeps.", session="chat", speaker="Omar", reference_time="2023-05-09")
    assert chat.entity("Ravi").name == "Ravi"
    with pytest.raises(NotFound, match="merged"):
        chat.split("Nobody")


def test_a_copy_has_the_same_merges(chat: Memory, tmp_path: Path) -> None:
    chat.copy_to(tmp_path / "copy.db")
    with Memory(tmp_path / "copy.db", group_id=chat.group_id) as copy:
        assert copy.entity("Ravi") == chat.entity("Ravi")
        assert copy.doctor() == []
    chat.split("Ravi")
    chat.copy_to(tmp_path / "split.db")
    with Memory(tmp_path / "split.db", group_id=chat.group_id) as copy:
        assert copy.entity("Ravi").name == "Ravi"


def test_a_deleted_text_takes_its_merge_out_of_the_search(chat: Memory) -> None:
    index_before = chat.search("Ravi Menon", explain=True)
    full = next(hit for hit in index_before if "Ravi Menon" in hit.text)
    chat.delete_episode(full.uuid)
    assert chat.entity("Ravi").name == "Ravi"
    assert "Ravi" in [hit.text for hit in chat.search("Ravi", kinds=("entity",), top_k=20)]
    assert chat.doctor() == []
