"""A part of the graph as a picture: chosen here, laid out by igraph, and written as SVG or for a widget."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from graphmem.display.markup import COLOURS, GREY, text
from graphmem.display.picture import Picture
from graphmem.display.timelines import svg
from graphmem.errors import InvalidInput, NotInstalled
from graphmem.model import Entity, Episode, Event, Fact, Record, Value
from graphmem.results import Hit, period
from graphmem.store.contract import Filter, Store
from graphmem.store.reading import parts, roots

_LETTER: Final = 6.6
"""About how many pixels a letter is wide."""
_EDGE: Final = 175.0
"""How many pixels an edge is long, about."""
_LONGEST: Final = 28
"""Letters of the longest label that a node has."""
Point = tuple[float, float]


@dataclass
class Sketch:
    """What is to be drawn: nodes by uuid with a kind and a label, and edges with a label."""

    nodes: dict[str, tuple[str, str]] = field(default_factory=dict)
    edges: dict[tuple[str, str], dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))
    """From one node to another: each label, and whether what it tells is over."""
    centre: set[str] = field(default_factory=set)
    """What was asked for."""
    left_out: int = 0

    def node(self, uuid: str, kind: str, label: str) -> str:
        """Put a node, unless it is there."""
        self.nodes.setdefault(uuid, (kind, label))
        return uuid

    def edge(self, start: str, end: str, label: str, *, over: bool = False) -> None:
        """Put an edge between nodes."""
        self.edges[start, end][label] = over


class Sketcher:
    """Chooses what is drawn of a store: at most `limit` facts and events, as they are believed at a moment."""

    def __init__(self, store: Store, *, now: datetime, limit: int) -> None:
        self._store = store
        self._now = now
        self._limit = limit
        self.sketch = Sketch()

    def entity(self, entity: Entity, *, hops: int) -> None:
        """Draw an entity, the facts about it, and those about its neighbours, as many hops as asked."""
        self.sketch.centre.add(self.sketch.node(entity.uuid, "entity", entity.name))
        edge = [entity.uuid]
        for _ in range(hops):
            known = set(self.sketch.nodes)
            self.facts(self._about(edge))
            edge = [uuid for uuid, (kind, _) in self.sketch.nodes.items() if kind == "entity" and uuid not in known]

    def facts(self, facts: Iterable[Fact]) -> None:
        """Draw facts, those with the most support first."""
        facts = sorted(facts, key=lambda fact: (-fact.support, fact.created_at, fact.uuid))
        ends = self._ends(facts[: self._limit])
        for fact in facts:
            if self._limit <= 0:
                self.sketch.left_out += 1
                continue
            self._limit -= 1
            start, end = (self._end(uuid, ends) for uuid in (fact.subject_uuid, fact.object_uuid))
            if start and end:
                held = period(fact.valid_at, fact.invalid_at)
                over = any(end is not None and end <= self._now for end in (fact.invalid_at, fact.expired_at))
                said = f"not {fact.predicate}" if fact.negated else fact.predicate
                self.sketch.edge(start, end, f"{said}, {held}" if held else said, over=over)

    def events(self, events: Iterable[Event]) -> None:
        """Draw events with who takes part in them."""
        for event in events:
            if self._limit <= 0:
                self.sketch.left_out += 1
                continue
            self._limit -= 1
            when = period(event.valid_at, event.invalid_at)
            node = self.sketch.node(event.uuid, "event", f"{event.text}, {when}" if when else event.text)
            ends = {one.uuid: one for one in self._store.get("entity", [p.uuid for p in event.participants if p.uuid])}
            for who in event.participants:
                if end := self._end(who.uuid or "", ends):
                    self.sketch.edge(node, end, who.role)

    def episodes(self, episodes: Iterable[Episode]) -> None:
        """Draw episodes with the entities that they name."""
        for episode in episodes:
            node = self.sketch.node(episode.uuid, "episode", episode.text)
            named = self._store.get("entity", sorted({mention.entity for mention in episode.mentions})[: self._limit])
            for entity in named:
                if end := self._end(entity.uuid, {entity.uuid: entity}):
                    self.sketch.edge(node, end, "mentions")

    def hit(self, hit: Hit) -> None:
        """Draw the path that explains a hit, or what it is where there is none."""
        before = None
        for step in hit.path:
            node = self.sketch.node(step.uuid or step.text, step.kind, step.text)
            if before is not None and before != node:
                self.sketch.edge(before, node, step.edge or "")
            before = node
        if not hit.path:
            self.records(self._store.get(hit.kind, [hit.uuid]))
        self.sketch.centre.add(hit.uuid)

    def anything(self, given: object, *, hops: int) -> None:
        """Draw hits and records; raises `InvalidInput` for what is neither."""
        many = isinstance(given, Iterable) and not isinstance(given, BaseModel | str)
        things: list[object] = list(given) if many else [given]  # type: ignore[call-overload]
        for thing in things:
            if isinstance(thing, Hit):
                self.hit(thing)
            elif isinstance(thing, Entity):
                self.entity(thing, hops=hops)
            elif not isinstance(thing, Fact | Event | Episode):
                raise InvalidInput(f"{thing!r:.80} cannot be drawn: give a name, hits, facts, events or episodes")
        self.records(thing for thing in things if isinstance(thing, Fact | Event | Episode))

    def records(self, records: Iterable[Record]) -> None:
        """Draw records of any kind."""
        records = list(records)
        self.facts(one for one in records if isinstance(one, Fact))
        self.events(one for one in records if isinstance(one, Event))
        self.episodes(one for one in records if isinstance(one, Episode))
        for record in records:
            if isinstance(record, Entity):
                self.entity(record, hops=1)

    def _about(self, uuids: Sequence[str]) -> list[Fact]:
        entities = [one for one in self._store.get("entity", list(uuids)) if isinstance(one, Entity)]
        whole = [uuid for one in entities for uuid in (one.uuid, *(part.uuid for part in parts(self._store, one.uuid)))]
        found = {
            fact.uuid: fact
            for uuid in whole
            for fact in self._store.find("fact", Filter(touching=uuid, known_at=self._now))
            if isinstance(fact, Fact) and fact.modality == "asserted" and not fact.negated
        }
        return list(found.values())

    def _ends(self, facts: Sequence[Fact]) -> dict[str, Record]:
        uuids = sorted({uuid for fact in facts for uuid in (fact.subject_uuid, fact.object_uuid)})
        return {one.uuid: one for kind in ("entity", "value") for one in self._store.get(kind, uuids)}

    def _end(self, uuid: str, known: Mapping[str, Record]) -> str | None:
        """Put the node that a fact or an event leads to; for what was merged, what it is in the end."""
        match known.get(uuid):
            case Entity() as entity:
                [whole] = roots(self._store, [entity])[:1] or [entity]
                return self.sketch.node(whole.uuid, "entity", whole.name)
            case Value() as value:
                return self.sketch.node(value.uuid, "value", value.text)
            case _:
                return None


# As SVG


def drawn(sketch: Sketch) -> Picture:
    """Return a sketch as SVG.

    >>> sketch = Sketch()
    >>> sketch.edge(sketch.node("1", "entity", "Ada"), sketch.node("2", "entity", "London"), "live in")
    >>> "live in" in drawn(sketch)
    True
    """
    if not sketch.nodes:
        return svg(300, 30, f'<text x="12" y="20" fill="{GREY}">nothing to draw</text>')
    points = _apart(_laid_out(sketch), sketch)
    left, top = min(x for x, _ in points.values()), min(y for _, y in points.values())
    points = {uuid: (x - left + 110, y - top + 24) for uuid, (x, y) in points.items()}
    width, height = max(x for x, _ in points.values()) + 110, max(y for _, y in points.values()) + 44
    parts = [_edge(sketch, ends, points) for ends in sketch.edges]
    parts += [_node(sketch, uuid, points[uuid]) for uuid in sketch.nodes]
    if sketch.left_out:
        parts.append(f'<text x="12" y="{height + 6:g}" fill="{GREY}">and {sketch.left_out:,} more</text>')
        height += 14
    return svg(round(width), round(height), *parts)


def _laid_out(sketch: Sketch) -> dict[str, Point]:
    """Place the nodes by Kamada and Kawai (1989), each connected part by itself, one beside the other."""
    import igraph

    uuids = list(sketch.nodes)
    number = {uuid: place for place, uuid in enumerate(uuids)}
    graph = igraph.Graph(len(uuids), [(number[start], number[end]) for start, end in sketch.edges])
    points: dict[str, Point] = {}
    reached = 0.0
    for members in graph.connected_components(mode="weak"):
        part = graph.induced_subgraph(members)
        size = _EDGE * max(1.0, math.sqrt(len(members) / 14))
        places = [(x * size * 1.5, y * size) for x, y in part.layout("kk")]
        left, top = min(x for x, _ in places), min(y for _, y in places)
        for member, (x, y) in zip(members, places, strict=True):
            points[uuids[member]] = (x - left + reached, y - top)
        reached = max(points[uuids[member]][0] for member in members) + _EDGE
    return points


def _apart(points: dict[str, Point], sketch: Sketch) -> dict[str, Point]:
    """Push nodes apart until no label lies on another."""
    half = {uuid: max(len(_label(sketch, uuid)) * _LETTER, 30) / 2 + 6 for uuid in points}
    where = {uuid: [x, y] for uuid, (x, y) in points.items()}
    uuids = list(where)
    for _ in range(100):
        moved = False
        for place, one in enumerate(uuids):
            for other in uuids[place + 1 :]:
                (x, y), (u, v) = where[one], where[other]
                across, down = half[one] + half[other] - abs(x - u), 44 - abs(y - v)
                if across > 0 and down > 0:
                    moved = True
                    axis, by = (0, across / 2) if across < down else (1, down / 2)
                    first, second = (one, other) if where[one][axis] <= where[other][axis] else (other, one)
                    where[first][axis] -= by
                    where[second][axis] += by
        if not moved:
            break
    return {uuid: (x, y) for uuid, (x, y) in where.items()}


def _label(sketch: Sketch, uuid: str) -> str:
    words = " ".join(sketch.nodes[uuid][1][: 4 * _LONGEST].split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3].rstrip()} ..."


def _node(sketch: Sketch, uuid: str, point: Point) -> str:
    kind, whole = sketch.nodes[uuid]
    x, y = point
    colour = COLOURS.get(kind, GREY)
    bold = ' font-weight="600"' if uuid in sketch.centre else ""
    size = 11 if uuid in sketch.centre else 8
    if kind in ("entity", "question"):
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{colour}"></circle>'
    else:
        shape = (
            f'<rect x="{x - size:.1f}" y="{y - size + 1:.1f}" width="{2 * size}" height="{2 * size - 2}" rx="4" '
            f'fill="{colour}"></rect>'
        )
    label = f'<text x="{x:.1f}" y="{y + size + 14:.1f}" text-anchor="middle" fill="currentColor"{bold}>'
    said = f"{label}{text(_label(sketch, uuid))}</text>"
    return f"<g><title>{text(whole)}</title>{shape}{said}</g>"


def _edge(sketch: Sketch, ends: tuple[str, str], points: Mapping[str, Point]) -> str:
    """Draw an arrow from node to node with what it tells; bent where there is one back, a loop on one node alone."""
    start, end = ends
    labels = sketch.edges[ends]
    (x, y), (u, v) = points[start], points[end]
    if start == end:
        loop = f"M{x - 6:.1f} {y - 8:.1f}C{x - 40:.1f} {y - 50:.1f} {x + 40:.1f} {y - 50:.1f} {x + 6:.1f} {y - 8:.1f}"
        return _line(loop, labels) + _said(labels, x, y - 50)
    length = math.hypot(u - x, v - y) or 1.0
    bend = 34.0 if (end, start) in sketch.edges else 0.0
    across, down = -(v - y) / length * bend, (u - x) / length * bend
    middle = ((x + u) / 2 + across, (y + v) / 2 + down)
    first = _off(points[start], middle, _room(sketch, start, points[start], middle))
    tip = _off(points[end], middle, _room(sketch, end, points[end], middle) + 2)
    gap = _gap(labels, first, middle), _gap(labels, tip, middle)
    halves = [f"M{_at(first)}L{_at(_off(middle, first, gap[0]))}", f"M{_at(_off(middle, tip, gap[1]))}L{_at(tip)}"]
    return _line("".join(halves), labels) + _arrow(middle, tip) + _said(labels, *middle)


def _room(sketch: Sketch, uuid: str, point: Point, towards: Point) -> float:
    """Return how far from its middle an edge leaves a node, its label included where the edge goes through that."""
    across, down = towards[0] - point[0], towards[1] - point[1]
    length = math.hypot(across, down) or 1.0
    half, bottom = len(_label(sketch, uuid)) * _LETTER / 2 + 5, 30.0
    if down > 0 and abs(across) / down * (bottom - 16) < half:
        return min(bottom * length / down, half * length / abs(across) if across else bottom * length / down)
    return 14.0


def _gap(labels: Mapping[str, bool], outside: Point, middle: Point) -> float:
    """Return how far from the middle of its label an edge begins."""
    across, down = abs(outside[0] - middle[0]), abs(outside[1] - middle[1])
    length = math.hypot(across, down) or 1.0
    lines = _lines(labels)
    width, height = max(map(len, lines), default=0) * 2.7 + 4, len(lines) * 6.0 + 3
    ways = [side * length / way for side, way in ((width, across), (height, down)) if way > 0]
    return min(ways, default=0.0) if any(labels) else 0.0


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _off(point: Point, towards: Point, by: float) -> Point:
    x, y = towards[0] - point[0], towards[1] - point[1]
    length = math.hypot(x, y) or 1.0
    by = min(by, length)
    return point[0] + x / length * by, point[1] + y / length * by


def _line(path: str, labels: Mapping[str, bool]) -> str:
    dashed = ' stroke-dasharray="4 3"' if all(labels.values()) else ""
    return f'<path d="{path}" fill="none" stroke="{GREY}" stroke-opacity="0.7"{dashed}></path>'


def _arrow(before: Point, tip: Point) -> str:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    corners = [(tip[0] - 8 * math.cos(angle + turn), tip[1] - 8 * math.sin(angle + turn)) for turn in (-0.4, 0.4)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (corners[0], tip, corners[1]))
    return f'<path d="M{path}Z" fill="{GREY}"></path>'


def _said(labels: Mapping[str, bool], x: float, y: float) -> str:
    lines = _lines(labels)
    top = y - 5.5 * (len(lines) - 1) + 3
    return "".join(
        f'<text x="{x:.1f}" y="{top + 11 * row:.1f}" text-anchor="middle" fill="{GREY}" font-size="10">'
        f"{text(line)}</text>"
        for row, line in enumerate(lines)
        if line
    )


def _lines(labels: Mapping[str, bool]) -> list[str]:
    shown = [label if len(label) <= 40 else f"{label[:37]}..." for label in labels]
    return shown[:3] + ([f"and {len(shown) - 3} more"] if len(shown) > 3 else [])


# As a widget


@dataclass(frozen=True)
class Interactive:
    """A graph that a notebook lets one explore, and the picture of it that an exported notebook has in its place."""

    widget: Any
    picture: Picture

    def _repr_mimebundle_(self, **given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = self.widget._repr_mimebundle_(**given)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "image/svg+xml": self.picture._repr_svg_()}, metadata


def to_explore(sketch: Sketch) -> Interactive:
    """Return a sketch as a graph to explore, by neo4j-viz; raises `NotInstalled` if that is not there."""
    try:
        from neo4j_viz import Node, Relationship, VisualizationGraph
    except ImportError:
        raise NotInstalled("an interactive graph needs neo4j-viz: pip install 'graphmem[notebook]'") from None
    nodes = [
        Node(
            id=uuid,
            caption=_label(sketch, uuid),
            color=COLOURS.get(kind, GREY),
            size=16 if uuid in sketch.centre else 11,
            properties={"kind": kind, "text": whole},
        )
        for uuid, (kind, whole) in sketch.nodes.items()
    ]
    edges = [
        Relationship(source=start, target=end, caption=label, properties={"over": over})
        for (start, end), labels in sketch.edges.items()
        for label, over in labels.items()
    ]
    return Interactive(VisualizationGraph(nodes=nodes, relationships=edges).render_widget(), drawn(sketch))
