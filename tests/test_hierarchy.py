"""The hierarchy at the front door and on the command line: communities, topics, periods and their summaries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from graphmem import InvalidInput, Memory, ModelError, NotFound
from graphmem.cli import main
from graphmem.embed import open_embedder
from graphmem.lifecycle.summaries import Content, Line

TOLD = (
    ("2023-05-03", "Ada", "Ben Lund repaired the crane in Oslo."),
    ("2023-05-03", "Cy", "I paid Ben Lund for the crane."),
    ("2023-05-20", "Ada", "Ben Lund sold the crane to Cy Moss."),
    ("2023-06-14", "Ada", "Dee Park planted plum trees in Kent with Eli Rand."),
    ("2023-06-14", "Cy", "Eli Rand waters the plum trees of Dee Park."),
)


def tell(memory: Memory, **more: Any) -> None:
    items = [{"text": text, "speaker": who, "reference_time": day, "session": day[:7]} for day, who, text in TOLD]
    memory.add_many(items, **more)


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    with Memory(":memory:") as memory:
        tell(memory, consolidate=True)
        yield memory


def test_communities_have_a_level_members_and_a_summary(memory: Memory) -> None:
    found = memory.communities(level=0)
    assert len(found) == 2
    assert found == memory.communities()
    names = [{memory.entity(uuid).name for uuid in community.members} for community in found]
    assert {"Dee Park", "Eli Rand"} < max(names, key=lambda one: "Eli Rand" in one)
    assert all(one.size == len(one.members) and one.valid_at is not None for one in found)
    plums = next(one for one in found if "Eli Rand" in one.name or "Dee Park" in one.name)
    assert plums.summary is not None
    assert "plum trees" in plums.summary.text
    assert memory.communities(level=7) == memory.communities(level=7)[:0]
    with pytest.raises(InvalidInput, match="level=-1: give a whole number, 0 or more"):
        memory.communities(level=-1)


def test_topics_cover_the_sessions(memory: Memory) -> None:
    assert {topic.session for topic in memory.topics()} == {"2023-05", "2023-06"}
    topics = memory.topics(session="2023-05")
    said = [episode.uuid for episode in memory.episodes(session="2023-05")]
    assert [uuid for topic in topics for uuid in topic.episodes] == said
    assert all(topic.summary is not None and topic.summary.of == topic.uuid for topic in topics)


def test_periods_tell_what_happened(memory: Memory) -> None:
    may, june = memory.periods(level="month")
    assert may.summary is not None
    assert june.summary is not None
    assert "crane" in may.summary.text
    assert "plum" not in may.summary.text
    assert "plum" in june.summary.text
    assert (may.summary.valid_at, may.summary.invalid_at) == (may.valid_at, may.invalid_at)


def test_a_summary_is_found_by_a_name_a_uuid_or_a_record(memory: Memory) -> None:
    ben, may = memory.entity("Ben Lund"), memory.periods(level="month")[0]
    assert memory.summary("Ben Lund") == memory.summary(ben.uuid) == memory.summary(ben)
    assert memory.summary("Ben Lund").about == "entity"
    assert memory.summary(may.name) == may.summary
    assert memory.summary("2023-06").about == "period"  # a session of that name is found by its uuid
    session = next(one for one in memory.topics() if one.session == "2023-06").session_uuid
    assert memory.summary(session).about == "session"
    for of in ("Nobody", "Kent", "2020"):
        with pytest.raises(NotFound, match=rf"no summary of '{of}': memory.consolidate\(\) makes those"):
            memory.summary(of)


def test_every_sentence_has_its_source(memory: Memory) -> None:
    for of in ("2023-05", "2023", "Ben Lund"):
        summary = memory.summary(of)
        assert summary.sentences
        for sentence in summary.sentences:
            assert all(memory.episode(uuid) for uuid in sentence.episodes)
            assert set(sentence.episodes) <= set(summary.episodes)


def test_what_is_over_is_told_as_over() -> None:
    with Memory(":memory:") as memory:
        memory.add("Ada Berg lives in Rome.", reference_time="2021-03-04", session="one")
        memory.add("Ada Berg left Rome in May 2022.", reference_time="2022-06-01", session="two", consolidate=True)
        memory.add("Ada Berg likes the sea.", reference_time="2022-06-02", session="two", consolidate=True)
        assert "Ada Berg lives in Rome (until May 2022)." in memory.summary("Ada Berg").text
        assert "Ada Berg lives in Rome (until May 2022)." in memory.summary("one").text


def test_deleting_an_episode_takes_its_words_out_at_once_and_for_good() -> None:
    with Memory(":memory:") as memory:
        tell(memory, consolidate=True)
        memory.delete_episode(next(one.uuid for one in memory.episodes() if "paid" in one.text))

        def words() -> str:
            told = (*memory.communities(), *memory.topics(), *memory.periods())
            return " ".join(one.model_dump_json() for one in told)

        assert "paid" not in words()
        memory.consolidate()
        assert "paid" not in words()
        assert "sold the crane" in words()
        assert memory.summary("2023-05").counts.episodes == 2


class Interrupted:
    """The built-in model, which lets something be done while it embeds."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._embedder = open_embedder()
        self.meanwhile: Callable[[], object] | None = None
        self._given = meanwhile

    def arm(self) -> None:
        self.meanwhile = self._given

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            thread = Thread(target=meanwhile)
            thread.start()
            thread.join()
        return self._embedder.encode(texts)


def test_others_add_and_search_while_it_is_under_way_and_it_sees_that_too() -> None:
    found: list[str] = []

    def meanwhile() -> None:
        memory.add("Fay Wood tunes the organ.", session="late", reference_time="2023-07-01")
        found.append(memory.search("Who tunes the organ?", top_k=1)[0].text)

    model = Interrupted(meanwhile)
    with Memory(":memory:", model=model) as memory:
        tell(memory)
        model.arm()
        memory.consolidate()
        assert found == ["Fay Wood tunes the organ."]
        assert "organ" in memory.summary("late").text
        assert memory.consolidate().written == {}


def test_a_second_process_sees_it_and_an_export_keeps_it(tmp_path: Path) -> None:
    with Memory(tmp_path / "one.db") as memory:
        tell(memory, consolidate=True)
        memory.export(tmp_path / "all.jsonl")
        with Memory(tmp_path / "one.db") as other, Memory(tmp_path / "two.db") as copy:
            assert other.communities() == memory.communities()
            copy.import_(tmp_path / "all.jsonl")
            assert copy.communities() == memory.communities()
            assert copy.periods() == memory.periods()
            assert copy.topics() == memory.topics()
            assert copy.consolidate().written == {}
            assert copy.doctor() == []


def test_an_empty_memory_has_nothing_to_consolidate() -> None:
    with Memory(":memory:") as memory:
        assert memory.consolidate().written == {}
        assert memory.build_communities().revision == 0
        assert len(memory.communities()) == len(memory.topics()) == 0


def test_the_commands_print_it(tmp_path: Path) -> None:
    store = str(tmp_path / "notes.db")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["--store", store, *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    run("add", "Ada Berg met Ben Lund in Oslo.", "--session", "chat", "--reference-time", "2023-05-08")
    assert run("communities") == "Nothing found: graphmem consolidate makes communities, topics and summaries.\n"
    assert run("consolidate") == "Wrote 1 community, 6 summaries, 1 topic\n"
    assert run("consolidate") == "Nothing has changed\n"
    assert json.loads(run("consolidate", "--rebuild", "--json"))["written"] == {}
    assert run("communities", "--level", "0").splitlines()[0] == "0  Ada Berg, Ben Lund and Oslo: 3 entities"
    assert run("topics", "chat").splitlines()[1] == "    Ada Berg met Ben Lund in Oslo."
    assert run("periods", "--level", "day").splitlines() == [
        "    2023-05-08: 1 episode",
        "        Ada Berg met Ben Lund in Oslo.",
    ]
    assert run("summary", "2023-05-08").splitlines()[1] == "Ada Berg met Ben Lund in Oslo."
    for command in (("communities",), ("topics",), ("periods",)):
        assert json.loads(run(*command, "--json"))[0]["summary"]["sentences"]
    run("add", "--consolidate", "Ada Berg sails.", "--reference-time", "2023-05-08")
    assert "sails" in run("summary", "2023-05-08")


class Terse:
    """Stands in for a language model that rewrites summaries: it leaves out all but the first line."""

    def rewrite(self, summary: Content) -> Sequence[Line]:
        if "Kent" in summary.text:
            raise ModelError("the model is out")
        return summary.lines[:1]


def test_a_model_may_write_summaries_in_other_words() -> None:
    with Memory(":memory:", rewriter=Terse()) as memory:
        tell(memory)
        done = memory.consolidate()
        assert "the model is out; the summary stays as it was" in done.warnings
        assert len(memory.summary("2023-05").sentences) == 1
        assert memory.summary("2023-06").sentences


def test_where_searches_run_on_the_server_it_is_the_same(memory: Memory) -> None:
    with Memory(":memory:", index="server") as served:
        tell(served, consolidate=True)
        assert [one.uuid for one in served.communities()] == [one.uuid for one in memory.communities()]
        assert served.summary("2023").text == memory.summary("2023").text
