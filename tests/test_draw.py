"""Pictures: a part of the graph, a timeline, how a memory grew; as SVG, and as a graph to explore."""

import re
import sys
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest

from graphmem import InvalidInput, Memory, NotFound, NotInstalled
from graphmem.display import Picture
from graphmem.display.graphs import Sketch, drawn
from graphmem.display.growth import growth
from graphmem.display.hierarchy import MOST, hierarchy
from graphmem.display.timelines import ROWS, timeline
from graphmem.model import Community
from graphmem.results import Entry, Hits

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def memory():
    with Memory(":memory:") as memory:
        memory.add("Ada Lovelace moved to London in 1835.", reference_time="1843-08-01", session="s")
        memory.add("Ada Lovelace moved to Ockham in 1846.", reference_time="1846-09-01", session="s")
        memory.add("Ravi Menon moved to Pune.", session="chat")
        memory.add("Ravi likes the rain. Leela knows Ravi.", session="chat")
        memory.add_triplets([("Pune", "lie in", "India"), ("Ada Lovelace", "weigh", 60)])
        yield memory


def texts(picture):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def inside(picture):
    """Tell whether all that is drawn lies within the picture."""
    root = ElementTree.fromstring(picture)
    _, _, width, height = map(float, root.get("viewBox").split())
    marks = [(float(one.get("cx")), float(one.get("cy"))) for one in root.iter(f"{SVG}circle")]
    marks += [(float(one.get("x")), float(one.get("y"))) for one in root.iter(f"{SVG}text")]
    return all(0 <= x <= width and 0 <= y <= height for x, y in marks)


def test_an_entity_is_drawn_with_its_facts_and_what_is_over_is_dashed(memory):
    picture = memory.draw("Ada Lovelace")
    said = texts(picture)
    assert {"Ada Lovelace", "London", "Ockham", "60", "live in, since 1846", "live in, 1835 until 1846"} <= set(said)
    assert inside(picture)
    assert "stroke-dasharray" not in memory.draw("Pune")
    lived = memory.facts(subject="Ada Lovelace", predicate="live in", as_of="1840-01-01")
    assert "stroke-dasharray" in memory.draw(lived)


def test_what_was_merged_is_drawn_as_one(memory):
    said = texts(memory.draw("Ravi"))
    assert said.count("Ravi Menon") == 1
    assert "Ravi" not in said
    assert {"Leela", "Pune", "rain"} <= {word.removeprefix("the ") for word in said}


def test_further_hops_reach_further(memory):
    assert "India" not in texts(memory.draw("Ravi Menon"))
    assert "India" in texts(memory.draw("Ravi Menon", hops=2))


def test_a_limit_says_how_many_more(memory):
    said = texts(memory.draw("Ada Lovelace", limit=1))
    assert any(re.fullmatch(r"and \d+ more", line) for line in said)


def test_hits_are_drawn_by_their_paths_or_by_what_they_are(memory):
    explained = memory.search("Who moved to Pune?", explain=True, top_k=2)
    said = texts(memory.draw(explained))
    assert "Who moved to Pune?" in said
    found = memory.search("Ravi", kinds=["episode", "fact", "entity", "event"], top_k=8)
    for hit in found:
        assert texts(memory.draw(hit))
    assert texts(memory.draw(Hits())) == ["nothing to draw"]


def test_records_are_drawn(memory):
    assert "agent" in texts(memory.draw(memory.events(participant="Ravi Menon")))
    assert "mentions" in texts(memory.draw(memory.episodes(session="chat")))
    assert "Pune" in texts(memory.draw(memory.entity("Pune")))
    assert "India" in texts(memory.draw(memory.facts(subject="Pune")[0]))


def test_what_cannot_be_drawn_is_named(memory):
    with pytest.raises(NotFound, match="Nobody"):
        memory.draw("Nobody")
    with pytest.raises(InvalidInput, match="3"):
        memory.draw(3)
    with pytest.raises(InvalidInput, match="limit=0"):
        memory.draw("Pune", limit=0)


def test_a_picture_is_the_same_each_time(memory):
    assert memory.draw("Ada Lovelace", hops=2) == memory.draw("Ada Lovelace", hops=2)


def test_hostile_names_stay_text():
    bad = "</text><script>alert(1)</script>\x1b"
    sketch = Sketch()
    sketch.edge(sketch.node("1", "entity", bad), sketch.node("2", "value", bad), bad)
    sketch.edge("1", "1", bad)
    sketch.edge("2", "1", "back")
    root = ElementTree.fromstring(drawn(sketch))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "g", "title", "path", "circle", "rect", "text"}


def test_a_hub_is_drawn_without_labels_on_labels():
    sketch = Sketch()
    hub = sketch.node("hub", "entity", "The hub")
    for number in range(40):
        sketch.edge(hub, sketch.node(str(number), "entity", f"A neighbour with number {number}"), "know")
    picture = drawn(sketch)
    root = ElementTree.fromstring(picture)
    labels = [
        (float(one.get("x")), float(one.get("y")), len(one.text) * 6.6)
        for one in root.iter(f"{SVG}text")
        if one.text.startswith("A neighbour")
    ]
    for place, (x, y, width) in enumerate(labels):
        for u, v, other in labels[place + 1 :]:
            assert abs(x - u) >= (width + other) / 2 - 1 or abs(y - v) >= 12
    assert inside(picture)


def test_a_picture_is_saved_for_dark_and_for_light(memory, tmp_path):
    path = memory.draw("Pune").save(tmp_path / "pune.svg")
    ElementTree.parse(path)
    assert "prefers-color-scheme" in path.read_text("utf-8")
    with pytest.raises(InvalidInput, match="cannot be written"):
        Picture("<svg></svg>").save(tmp_path / "nowhere" / "a.svg")


def test_without_neo4j_viz_one_is_told_what_to_install(memory, monkeypatch):
    monkeypatch.setitem(sys.modules, "neo4j_viz", None)
    with pytest.raises(NotInstalled, match=r"pip install 'graphmem\[notebook\]'"):
        memory.draw("Pune", interactive=True)


def test_a_graph_to_explore_has_a_picture_for_exported_notebooks(memory):
    pytest.importorskip("neo4j_viz")
    data, _ = memory.draw("Pune", interactive=True)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "India" in texts(data["image/svg+xml"])


def test_a_timeline_has_a_row_for_each_entry_and_round_years_below(memory):
    said = texts(memory.plot_timeline("Ada Lovelace"))
    assert said[0] == "Ada Lovelace"
    assert {"1836", "1840", "1844"} <= set(said)
    assert "Ada Lovelace lives in London 1835 until 1846" in said
    assert inside(memory.plot_timeline("Ada Lovelace"))
    assert any("Pune lies in India" in line for line in texts(memory.plot_timeline("Pune")))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01", "9999-12-31"),
        ("2023-05-08", "2023-05-08"),
        ("2023-05-08", "2023-05-09"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_any_span_of_time_can_be_drawn(start, end):
    moments = [datetime.fromisoformat(moment).replace(tzinfo=timezone.utc) for moment in (start, end)]
    entry = Entry("event", "1", "Something " * 30, *moments, "day", "asserted", "happened", moments[0])
    picture = timeline([entry, entry._replace(valid_at=None), entry._replace(invalid_at=None, kind="fact")])
    assert inside(picture)
    assert len(texts(picture)) > 3


def test_a_long_timeline_says_how_many_more():
    now = datetime(2023, 5, 8, tzinfo=timezone.utc)
    entry = Entry("event", "1", "Something", now, now + timedelta(days=1), "day", "asserted", "happened", now)
    said = texts(timeline([entry] * 1000))
    assert f"and {1000 - ROWS:,} more" in said
    assert said.count("Something 8 May 2023") == ROWS


def test_growth_counts_what_is_known():
    start = datetime(2023, 5, 8, tzinfo=timezone.utc)
    days = [start + timedelta(days=day) for day in range(1000)]
    picture = growth({"episode": days, "fact": days[:10], "event": []})
    said = texts(picture)
    assert {"● 1,000 episodes", "● 10 facts"} <= set(said)
    assert inside(picture)
    assert len(picture) < 20_000
    assert texts(growth({})) == ["nothing is known yet"]


def test_an_empty_memory_has_no_growth():
    with Memory(":memory:") as memory:
        assert "nothing is known yet" in memory.plot_growth()


def communities(parts, *, of=10):
    """Give so many communities of the lowest level, some of which make up each of those above."""
    base = {"group_id": "g", "created_at": datetime(2023, 5, 8, tzinfo=timezone.utc)}
    low = [
        Community(**base, level=0, founder=f"e{n}", name=f"Ada <{n}>", members=tuple(f"e{n}.{m}" for m in range(9)))
        for n in range(parts)
    ]
    high = [
        Community(
            **base,
            level=1,
            founder=f"e{n}",
            name=f"Circle {n}",
            size=9 * of,
            members=tuple(x.uuid for x in low[n : n + of]),
        )
        for n in range(0, parts, of)
    ]
    return [*high, *low]


def test_communities_lie_beside_those_that_they_are_part_of():
    drawing = ElementTree.fromstring(hierarchy(communities(20)))
    boxes = [(float(box.get("x")), float(box.get("height"))) for box in drawing.iter() if box.tag.endswith("rect")]
    left, right = sorted({x for x, _ in boxes})
    assert [x for x, _ in boxes].count(left) == 2
    assert [x for x, _ in boxes].count(right) == 20
    assert max(height for x, height in boxes if x == right) < min(height for x, height in boxes if x == left) / 9
    said = [text.text for text in drawing.iter() if text.tag.endswith("text")]
    assert "Circle 0 (90)" in said
    assert "Ada <7> (9)" in said


def test_more_communities_than_can_be_read_are_counted():
    assert f"and {60 - MOST} more communities" in hierarchy(communities(60))
    assert "more communities" not in hierarchy(communities(MOST))
    assert "no communities were found yet" in hierarchy([])
