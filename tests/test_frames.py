"""Results as data frames; the graph as GraphML and as a Cypher script; what is written can be read again."""

import builtins
import json
import re
import sys
from datetime import datetime, timezone

import networkx
import pandas
import pytest
from displayed import NOW, one_of_each
from hypothesis import given, settings
from hypothesis import strategies as st
from test_aio import Vowels

from graphmem import (
    Entities,
    Episodes,
    Events,
    Extraction,
    Fact,
    Facts,
    Hits,
    InvalidInput,
    Memory,
    NotInstalled,
    Periods,
)
from graphmem.frames import literal, write_graphml
from graphmem.results import Collection, History, Timeline

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30).filter(
    str.strip
)


@pytest.fixture(scope="module")
def memory():
    with Memory(":memory:") as memory:
        memory.add("Ravi Menon moved to Pune in 2021. He likes 'rain' \\u0041.", speaker="Ben", session="chat")
        memory.add("Leela <met> Ravi & Ben on 8 May 2023.", session="chat", metadata={"title": "a\nb"})
        memory.add_triplets([("Ravi Menon", "weigh", 70), ("Ravi Menon", "live in", "Pune")])
        yield memory


def test_every_collection_is_a_data_frame():
    for result in one_of_each("Ada"):
        if isinstance(result, Collection):
            table = result.to_pandas()
            assert len(table) == len(result)
            assert list(table.columns) == list(type(result)().to_pandas().columns), type(result)


@pytest.mark.parametrize("kind", [Entities, Episodes, Events, Facts, Hits, History, Periods, Timeline])
def test_an_empty_collection_has_its_columns(kind):
    table = kind().to_pandas()
    assert len(table) == 0
    assert len(table.columns) > 4


def test_times_are_utc_whichever_year_they_are_of(memory):
    fact = memory.facts()[0]
    years = [datetime(year, 1, 1, tzinfo=timezone.utc) for year in (1, 1066, 9999)]
    table = Facts([fact.model_copy(update={"valid_at": year}) for year in [*years, None]]).to_pandas()
    assert str(table["valid_at"].dtype) == "datetime64[us, UTC]"
    assert [moment.to_pydatetime() for moment in table["valid_at"][:3]] == years
    assert pandas.isna(table["valid_at"][3])


def test_parts_are_as_their_json(memory):
    table = memory.events(participant="Ravi Menon").to_pandas()
    assert isinstance(table["participants"][0][0]["name"], str)
    assert isinstance(memory.search("Ravi").to_pandas()["scores"][0], dict)


def test_without_pandas_one_is_told_what_to_install(monkeypatch):
    real = builtins.__import__
    monkeypatch.delitem(sys.modules, "pandas")

    def without(name, *rest):
        if name == "pandas":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotInstalled, match=r"pip install 'graphmem\[pandas\]'"):
        Facts().to_pandas()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.none() | st.datetimes(timezones=st.just(timezone.utc))), max_size=5))
def test_facts_come_back_from_a_data_frame(given):
    facts = Facts(
        Fact(
            group_id="g", created_at=NOW, subject=text, subject_uuid="1", predicate=text, object=text, object_uuid="2",
            fact=text, valid_at=moment, episodes=(text,),
        )
        for text, moment in given
    )  # fmt: skip
    rows = facts.to_pandas().to_dict("records")
    back = [{name: None if value is pandas.NaT else value for name, value in row.items()} for row in rows]
    assert Facts([Fact.model_validate(row) for row in back]) == facts


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["knows", "met"])), max_size=6))
def test_a_graph_comes_back_from_graphml(tmp_path_factory, given):
    graph = networkx.MultiDiGraph()
    for number, (one, other, predicate) in enumerate(given):
        graph.add_node(one, name=one, names=(one,), created_at=NOW)
        graph.add_node(other, name=other, alone=True, merged_into=None)
        graph.add_edge(one, other, key=f"fact {number}", predicate=predicate, confidence=0.5)
    unwritten = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
    plain = networkx.relabel_nodes(graph, lambda name: f"node {sorted(graph).index(name)}")
    path = write_graphml(plain, tmp_path_factory.mktemp("graph") / "graph.graphml")
    back = networkx.read_graphml(path, force_multigraph=True)
    assert set(back) == set(plain)
    assert {key for *_, key in back.edges(keys=True)} == {key for *_, key in plain.edges(keys=True)}
    for node, data in plain.nodes(data=True):
        assert unwritten.sub("", back.nodes[node]["name"].replace("\n", "").replace("\ufffd", "")) == unwritten.sub(
            "", data["name"].replace("\n", "").replace("\ufffd", "")
        )
    for start, end, key, data in plain.edges(keys=True, data=True):
        assert back.edges[start, end, key] == data


def test_a_memory_as_graphml_has_its_entities_values_and_facts(memory, tmp_path):
    back = networkx.read_graphml(memory.to_graphml(tmp_path / "memory.graphml"), force_multigraph=True)
    graph = memory.to_networkx()
    assert set(back) == set(graph)
    assert {key for *_, key in back.edges(keys=True)} == {key for *_, key in graph.edges(keys=True)}
    ravi = back.nodes[memory.entity("Ravi Menon").uuid]
    assert (ravi["name"], ravi["type"], "Ravi Menon" in json.loads(ravi["names"])) == ("Ravi Menon", "PERSON", True)


def read(text):
    """Read a Cypher literal, as far as the script has them, into Python."""
    text = re.sub(r"\\\\' \+ 'u", r"\\\\u", text)
    token = re.compile(r"datetime\('([^']*)'\)|'((?:[^'\\]|\\.)*)'|(\w+): |(true|false|null)")

    def python(match):
        moment, string, name, word = match.groups()
        if moment is not None:
            return f"datetime.fromisoformat({moment!r})"
        if string is not None:
            plain = re.sub(r"\\(u[0-9a-f]{4}|.)", lambda m: chr(int(m[1][1:], 16)) if m[1][1:] else m[1], string)
            return repr(plain)
        return f"{name!r}: " if name else {"true": "True", "false": "False", "null": "None"}[word]

    return eval(token.sub(python, text), {"datetime": datetime})


VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_a_value_comes_back_from_its_cypher(value):
    written = literal(value)
    assert "\n" not in written
    assert read(written) == value


def test_a_script_makes_each_record_once_and_joins_only_what_it_made(memory, tmp_path):
    path = tmp_path / "memory.cypher"
    count = memory.to_cypher(path)
    lines = path.read_text("utf-8").splitlines()
    assert count == len(lines) == len(set(lines))
    nodes = {
        read(uuid): (label, read(properties))
        for line in lines
        for uuid, label, properties in re.findall(
            r"^MERGE \(n:Record \{uuid: (.*?)\}\) SET n:(\w+), n \+= (.*);$", line
        )
    }
    stats = memory.stats().counts
    assert len(nodes) == sum(stats.values()) - stats["fact"]
    joined = [
        re.match(r"MATCH \(a:Record \{uuid: '(.*?)'\}\), \(b:Record \{uuid: '(.*?)'\}\) ", line) for line in lines
    ]
    assert {uuid for ends in joined if ends for uuid in ends.groups()} <= set(nodes)
    assert sum("MERGE (a)-[r:RELATES_TO {uuid:" in line for line in lines) == stats["fact"]
    label, episode = nodes[memory.episodes(session="chat")[0].uuid]
    assert (label, episode["text"]) == ("Episode", "Ravi Menon moved to Pune in 2021. He likes 'rain' \\u0041.")
    assert episode["created_at"] == memory.episodes(session="chat")[0].created_at


def test_neo4j_runs_the_script_twice_with_one_result(memory, tmp_path, neo4j_address, neo4j_server):
    import neo4j

    memory.to_cypher(tmp_path / "memory.cypher")
    script = (tmp_path / "memory.cypher").read_text("utf-8").splitlines()
    with neo4j.GraphDatabase.driver(neo4j_address, auth=("neo4j", neo4j_server[1])) as driver:
        try:
            for statement in [*script, *script[1:]]:
                driver.execute_query(statement.rstrip(";"))
            told = driver.execute_query("MATCH (n:Record) RETURN n.uuid AS uuid, n.text AS text").records
            facts = driver.execute_query("MATCH (:Record)-[r:RELATES_TO]->(:Record) RETURN r.uuid AS uuid").records
        finally:
            driver.execute_query("MATCH (n:Record) DETACH DELETE n")
            driver.execute_query("DROP CONSTRAINT record_uuid IF EXISTS")
    stats = memory.stats().counts
    assert len(told) == sum(stats.values()) - stats["fact"]
    assert len(facts) == stats["fact"]
    texts = {record["uuid"]: record["text"] for record in told}
    assert all(texts[episode.uuid] == episode.text for episode in memory.episodes())


def test_a_folder_that_is_not_there_is_named(memory, tmp_path):
    for write in (memory.to_graphml, memory.to_cypher):
        with pytest.raises(InvalidInput, match="cannot be written"):
            write(tmp_path / "nowhere" / "file")


class Silent:
    """An extractor that understands nothing, so that any text is quickly kept."""

    def extract(self, episodes):
        return [Extraction() for _ in episodes]


NAMES = st.text("abcdefghij", min_size=2, max_size=8).map(str.title)
NOTES = st.fixed_dictionaries(
    {"text": TEXTS},
    optional={
        "speaker": NAMES,
        "session": NAMES,
        "source": TEXTS,
        "reference_time": st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)),
        "metadata": st.dictionaries(NAMES, VALUES, max_size=2),
    },
)


@settings(max_examples=15, deadline=None)
@given(st.lists(NOTES, min_size=1, max_size=4), st.lists(st.tuples(NAMES, st.just("know"), NAMES), max_size=3))
def test_a_memory_comes_back_from_json_lines(tmp_path_factory, given, triplets):
    path = tmp_path_factory.mktemp("export") / "memory.jsonl"
    with (
        Memory(":memory:", model=Vowels(), extractor=Silent()) as memory,
        Memory(":memory:", model=Vowels(), extractor=Silent()) as other,
    ):
        memory.add_many(given)
        memory.add_triplets(triplets)
        memory.export(path)
        other.import_(path)
        for records in ("episodes", "facts", "entities", "periods"):
            assert getattr(other, records)() == getattr(memory, records)()
        other.to_cypher(path)
        assert path.read_text("utf-8").count("\n") == memory.to_cypher(path)
