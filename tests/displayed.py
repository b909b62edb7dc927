"""What the tests of displays share: one of each result, made of a text, and a sanitizer that lets displays through."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import nh3

from graphmem import (
    Context,
    Entities,
    Entity,
    Episode,
    Episodes,
    Event,
    Events,
    Fact,
    Facts,
    Hit,
    Hits,
    Period,
    Periods,
)
from graphmem.model import Participant, Session, Summary, Value
from graphmem.results import (
    Added,
    Chapter,
    Circle,
    Communities,
    Conflict,
    Consolidated,
    Diff,
    Entry,
    Failure,
    History,
    Profile,
    Section,
    Source,
    Stats,
    Step,
    Timeline,
    Topics,
    Version,
)

NOW = datetime(2023, 5, 8, tzinfo=timezone.utc)
TAGS = {
    *("div", "span", "b", "s", "br", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("svg", "path", "text", "tspan", "circle", "rect", "g"),
}
ATTRIBUTES = {
    "*": {"style"},
    "details": {"open"},
    "svg": {"viewBox", "xmlns"},
    "path": {"d", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "fill", "fill-opacity"},
    "text": {"x", "y", "text-anchor", "fill", "font-weight", "font-size"},
    "tspan": {"fill", "x", "dy"},
    "circle": {"cx", "cy", "r", "fill", "stroke", "fill-opacity"},
    "rect": {"x", "y", "width", "height", "rx", "fill", "stroke", "fill-opacity"},
}
STYLES = re.compile(r'style="([^"]*)"')


def clean(markup: str) -> str:
    """Return markup as a sanitizer leaves it, which knows nothing that could run or load anything."""
    for style in STYLES.findall(markup):
        assert not re.search(r"url|expression|import|@|\\", style), style
    return nh3.clean(markup, tags=TAGS, attributes=ATTRIBUTES, link_rel=None, clean_content_tags={"script", "style"})


def one_of_each(text: str) -> list[object]:
    """Return each kind of record and result, with a text wherever there is one."""
    known = {"group_id": text, "created_at": NOW}
    fact = Fact(
        **known, subject=text, subject_uuid="1", predicate=text, object=text, object_uuid="2", fact=text, valid_at=NOW,
        episodes=(text,), modality="reported", negated=True, rivals=("3",), expired_at=NOW + timedelta(days=1),
    )  # fmt: skip
    who = (Participant(role=text, name=text, uuid="1"),)
    event = Event(**known, predicate=text, text=text, participants=who, place=text, valid_at=NOW, status="planned")
    entity = Entity(**known, name=text, names=(text, "Ada"), merged_into="5", because=text)
    episode = Episode(**known, text=text, session=text, speaker=text, source=text, reference_time=NOW)
    titled = Episode(**known, text=text, reference_time=NOW, metadata={"title": text})
    profile = Profile(**entity.model_dump(), merged=(entity,), mentions=3, episodes=2, facts=(fact,))
    path = (Step("question", "", text), Step("entity", "1", text, text))
    hit = Hit(
        uuid="1", kind="episode", text=text, score=1.5, scores={text: 1.0, "graph": -0.5}, source=text, speaker=text,
        session=text, reference_time=NOW, path=path, metadata={text: text},
    )  # fmt: skip
    source = Source("1", NOW, text, text, text)
    version = Version(fact=fact, sources=(source,), closed_by=fact, instead=Facts([fact]), why=text)
    late = NOW + timedelta(days=30)
    entries = [
        Entry("fact", "1", text, NOW, None, "day", "asserted", None, NOW),
        Entry("fact", "1", text, None, late, "day", "asserted", None, NOW),
        Entry("event", "2", text, NOW, NOW, "day", "asserted", "moved", NOW, "2023-05-15"),
        Entry("event", "3", text, NOW, late, "day", "intended", "planned", NOW),
        Entry("event", "4", text, None, None, None, "asserted", "happened", NOW),
    ]
    chapters = [Chapter(group_id=text, created_at=NOW, name=name, episodes=1) for name in ("2023", "2023-05")]
    diff = Diff(
        start=NOW, end=late, began=Facts([fact]), ended=Facts([fact]), learned=Facts([fact]), corrected=(version,)
    )
    summary = Summary(**known, of="7", about="community", title=text, text=text, episodes=("1",), valid_at=NOW)
    circle = Circle(**known, level=1, founder="1", name=text, members=("1", "2"), summary=summary)
    section = Section(**known, session=text, episodes=("1",), name=text, summary=summary)
    return [
        *(summary, circle, section, Communities([circle]), Topics([section])),
        Consolidated(written={"community": 2}, removed=1, warnings=(text,)),
        *(fact, event, entity, profile, episode, titled, hit, version, diff),
        *(Session(**known, name=text), Value(**known, text=text, subject_uuid="1", predicate=text)),
        Period(group_id=text, created_at=NOW, name="2023-05-08"),
        *(Hits([hit, hit]), Facts([fact]), Events([event]), Entities([profile]), Episodes([episode, titled])),
        *(Periods(chapters), Timeline(entries), Timeline(entries[4:]), History([version])),
        Conflict(facts=Facts([fact]), sources={fact.uuid: (source,)}),
        Context(text=text, hits=Hits([hit]), citations={text: text}, tokens=3),
        Added(
            new={"episode": 2},
            left_out={text: 1},
            updated=1,
            skipped=2,
            failed=(Failure(item=text, error=OSError(text)),),
        ),
        Stats(store=text, group_id=text, revision=3, counts={"episode": 1}),
    ]
