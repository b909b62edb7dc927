"""Searches that run on the server find what searches in the process find, and keep nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest

from graphmem import InvalidInput, Memory
from graphmem.settings import Settings

STORY = [
    ("Ada Lovelace moved to London in 1835.", "letters", "Ben", "1836-03-01"),
    ("Charles Babbage showed Ada Lovelace his engine in London.", "letters", "Ben", "1836-03-02"),
    ("The engine has forty wheels of brass.", "letters", "Cy", "1836-03-03"),
    ("Mary Somerville taught Ada Lovelace mathematics.", "diary", "Ben", "1837-01-10"),
    ("The harbour of Whitby was frozen in January.", "diary", "Cy", "1837-01-11"),
    ("Charles Babbage sold the brass wheels to a clockmaker.", "notes", "Cy", "1840-06-01"),
]
QUESTIONS = [
    "Where did Ada Lovelace move?",
    "Who taught Ada mathematics?",
    "What did Charles Babbage show?",
    "When was the harbour frozen?",
    "What became of the wheels?",
]


@pytest.fixture(scope="module", params=["file", "neo4j"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Give the address and the tenant of a memory that holds the story, written once for each kind of store."""
    group = f"story {uuid4().hex}"
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "neo4j":
            address, password = request.getfixturevalue("neo4j_server")
            patch.setenv("NEO4J_PASSWORD", password)
        else:
            address = str(tmp_path_factory.mktemp("story") / "memory.db")
        with Memory(address, group_id=group) as memory:
            memory.add_many(
                {"text": text, "session": session, "speaker": speaker, "reference_time": at}
                for text, session, speaker, at in STORY
            )
    return address, group


@pytest.fixture
def filled(story: tuple[str, str], request: pytest.FixtureRequest) -> str:
    """Give the address of the story; a password that it needs is in the environment."""
    if story[0].startswith("bolt"):
        request.getfixturevalue("neo4j_address")
    return story[0]


@pytest.fixture
def group(story: tuple[str, str]) -> str:
    """Give the tenant of the story."""
    return story[1]


def test_both_find_the_same_for_the_same_reasons(filled: str, group: str) -> None:
    with Memory(filled, group_id=group) as here, Memory(filled, group_id=group, index="server") as there:
        for question in QUESTIONS:
            asked = {"top_k": 4, "explain": True, "reference_time": "1841-01-01"}
            one, two = here.search(question, **asked), there.search(question, **asked)
            assert [hit.text for hit in one] == [hit.text for hit in two]
            assert [hit.path for hit in one] == [hit.path for hit in two]
            assert two[0].cypher


@pytest.mark.parametrize("kind", ["entity", "fact", "event"])
def test_each_kind_is_found(filled: str, group: str, kind: str) -> None:
    with Memory(filled, group_id=group) as here, Memory(filled, group_id=group, index="server") as there:
        one, two = (memory.search(QUESTIONS[0], kinds=[kind], top_k=2) for memory in (here, there))
        assert one
        assert one[0].uuid == two[0].uuid


def test_filters_and_times_are_kept(filled: str, group: str) -> None:
    with Memory(filled, group_id=group, index="server") as memory:
        for where in ({"session": "diary"}, {"speaker": "Cy"}, {"start": "1837-01-11"}):
            found = memory.search("What did Ada Lovelace do in London?", filters=where, top_k=9)
            wanted = memory.episodes(**where)
            assert {hit.uuid for hit in found} == {episode.uuid for episode in wanted}
        early = memory.search("the brass wheels of the engine", as_of="1837-01-01", top_k=9)
        assert {hit.text for hit in early} == {text for text, _, _, at in STORY if at < "1837"}


def test_what_is_recalled_fits_and_cites(filled: str, group: str) -> None:
    with Memory(filled, group_id=group, index="server") as memory:
        context = memory.recall("Who taught Ada Lovelace?", max_tokens=60)
        assert "Mary Somerville" in context.text
        assert 0 < context.tokens <= 60


def test_what_is_added_or_deleted_shows_at_once(filled: str, group: str) -> None:
    with Memory(filled, group_id=group, index="server") as memory, Memory(filled, group_id=group) as other:
        assert memory.search("Who plays the harp?")
        uuid = other.add("Ravi Menon plays the harp.").uuids[0]
        assert memory.search("Who plays the harp?")[0].uuid == uuid
        other.delete_episode(uuid)
        assert uuid not in {hit.uuid for hit in memory.search("Who plays the harp?", top_k=20)}


def test_an_empty_memory_answers_nothing(filled: str) -> None:
    with Memory(filled, group_id=f"empty {uuid4().hex}", index="server") as memory:
        assert not memory.search("Anything?")
        assert memory.recall("Anything?").text == ""
        with pytest.raises(InvalidInput, match="empty"):
            memory.search(" ")


def test_the_server_searches_once_there_is_too_much_for_the_process(
    neo4j_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = f"growing {uuid4().hex}"
    with Memory(neo4j_address, group_id=group) as memory:
        memory.add("Ada Lovelace moved to London.")
        memory.search("Where did Ada move?")
        assert len(memory._index) > 0
        monkeypatch.setattr("graphmem.memory.LARGEST", 3)
        memory.add("Ben Hale moved to Paris.")
        assert memory.search("Where did Ben Hale move?")[0].text == "Ben Hale moved to Paris."
        assert len(memory._index) == 0
    with Memory(neo4j_address, group_id=group) as memory:
        assert memory.search("Where did Ben Hale move?")[0].text == "Ben Hale moved to Paris."
        assert len(memory._index) == 0
    with Memory(neo4j_address, group_id=group, index="process") as memory:
        memory.search("Where did Ben Hale move?")
        assert len(memory._index) > 3


def test_where_searches_run_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHMEM_INDEX", "server")
    assert Settings.read().index == "server"
    with pytest.raises(InvalidInput, match=r"'here'.*'auto', 'process', 'server'"):
        Memory(":memory:", index="here")
