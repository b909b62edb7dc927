"""Displays in a notebook: small, escaped, for every kind of result, and one line each as text."""

import pytest
from displayed import NOW, clean, one_of_each

from graphmem import Entities, Entity, Facts, Hit, Hits, Memory
from graphmem.display import html_of
from graphmem.results import Context, Diff, History, Stats, Step, Timeline

HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>&nbsp;&lt;&#60;",
    "</text></svg><style>*{display:none}</style>",
    "--><!-- ]]><![CDATA[ \r\n\x1b[31m\xa0 \u202egnp.exe",
]


@pytest.mark.parametrize("text", ["Ada Lovelace", *HOSTILE])
def test_a_sanitizer_leaves_every_display_as_it_is(text):
    for result in one_of_each(text):
        shown = result._repr_html_()
        assert clean(shown) == shown, type(result).__name__


def test_every_display_shows_its_text():
    for result in one_of_each("Ada & Ben"):
        assert type(result).__name__ in ("Period", "Periods") or "Ada &amp; Ben" in result._repr_html_(), result


def test_results_are_one_line_as_text():
    for result in one_of_each("Ada\nLovelace"):
        assert "\n" not in repr(result)
        assert repr(result).strip()


def test_a_hit_shows_its_signals_as_bars_and_its_path_as_chips():
    path = (Step("question", "", "Who?"), Step("entity", "1", "Ada", "names"))
    hit = Hit(uuid="1", kind="episode", text="Hello.", score=0.5, scores={"graph": 1.0, "shape": -0.5}, path=path)
    shown = html_of(hit)
    assert shown.index("graph") < shown.index("width:110px;height:7px;border-radius:3px;background:#4a8ccb")
    assert shown.index("shape") < shown.index("width:55px;height:7px;border-radius:3px;background:#d0574f")
    assert shown.index("Who?") < shown.index("names →") < shown.index("Ada")
    assert '<details open="">' in shown


def test_a_thousand_long_hits_are_small_and_say_how_many_more():
    hits = Hits([next(one for one in one_of_each("Ada " * 20_000) if isinstance(one, Hit))] * 1000)
    shown = html_of(hits)
    assert len(shown.encode()) < 300_000
    assert "1,000 hits" in shown
    assert "and 975 more" in shown


def test_half_a_million_hits_are_as_small_as_a_thousand():
    hit = Hit(uuid="1", kind="episode", text="Hello.", score=1.0)
    assert len(html_of(Hits([hit] * 500_000))) < len(html_of(Hits([hit] * 1000))) + 20
    assert repr(Hits([hit] * 500_000)) == "<500000 hits>"


def test_empty_results_are_shown():
    diff = Diff(start=NOW, end=NOW, began=Facts(), ended=Facts(), learned=Facts(), corrected=())
    empty = [
        *(Hits(), Facts(), Entities(), Timeline(), History(), diff),
        *(Context(text="", hits=Hits(), citations={}, tokens=0),),
        Stats(store=":memory:", group_id="g", revision=0, counts={}),
    ]
    for result in empty:
        shown = html_of(result)
        assert clean(shown) == shown
    assert "0 entities" in html_of(Entities())


def test_an_entity_shows_its_facts_with_their_validity_and_a_merge_with_its_reason():
    with Memory(":memory:") as memory:
        memory.add("Ravi Menon moved to Pune in 2020.", session="chat", reference_time="2023-05-08")
        memory.add("Ravi moved to Goa in 2022.", session="chat", reference_time="2023-05-09")
        ravi = memory.entity("Ravi Menon")
        shown = ravi._repr_html_()
    assert "2020 until 2022" in shown
    assert "since 2022" in shown
    assert "short name" in shown
    assert "facts" not in ravi.model_dump()


def test_a_memory_shows_its_counts_and_last_changes():
    with Memory(":memory:") as memory:
        assert "empty" in memory._repr_html_()
        memory.add("Ben plays the cello.")
        gone = memory.add("Ada <b>lives</b> in Rome.").uuids[0]
        shown = memory._repr_html_()
        assert "Ada &lt;b&gt;lives&lt;/b&gt; in Rome." in shown
        memory.delete_episode(gone)
        assert "removed" in memory._repr_html_()
        assert clean(shown) == shown


def test_a_closed_memory_says_that_it_is_closed():
    memory = Memory(":memory:")
    memory.close()
    shown = memory._repr_html_()
    assert "closed" in shown
    assert "Memory" in repr(memory)


def test_a_store_that_vanished_says_so(tmp_path):
    path = tmp_path / "notes.db"
    with Memory(path) as memory:
        memory.add("Ben plays the cello.")
    with Memory(path) as memory:
        path.write_bytes(b"something else, and no database" * 1000)
        for beside in tmp_path.glob("notes.db-*"):
            beside.unlink()
        shown = memory._repr_html_()
    assert "StoreRejected" in shown or "StoreError" in shown or "StoreUnavailable" in shown


def test_an_unknown_value_is_shown_as_its_text():
    assert "&lt;object" in html_of(object())


def test_a_record_is_shown():
    assert "Ada" in Entity(group_id="g", name="Ada", created_at=NOW)._repr_html_()
