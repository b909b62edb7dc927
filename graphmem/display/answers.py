"""How each kind of result looks: what a notebook shows of it, as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any, Final

from graphmem.display.markup import (
    COLOURS,
    GREY,
    RED,
    bar,
    brief,
    card,
    chip,
    dot,
    folded,
    heading,
    more,
    muted,
    styled,
    table,
    text,
)
from graphmem.display.timelines import ROWS, timeline
from graphmem.model import Community, Entity, Episode, Event, Fact, Period, Session, Summary, Topic, Value
from graphmem.results import (
    Added,
    Chapter,
    Circle,
    Collection,
    Conflict,
    Consolidated,
    Context,
    Copied,
    Diff,
    History,
    Hit,
    Hits,
    Migration,
    Profile,
    Section,
    Source,
    Stats,
    Step,
    Timeline,
    Version,
    became,
    day,
    period,
    plural,
)

SHOWN: Final = 25
"""So many entries of a collection are shown."""
_SIGNALS: Final = 6
"""So many signals of a hit are shown, the strongest."""


@singledispatch
def html_of(value: object) -> str:
    """Return how a notebook shows a record or a result."""
    return card(text(repr(value)))


# Hits


@html_of.register
def _(hit: Hit) -> str:
    return card(_hit(hit, None, opened=True))


@html_of.register
def _(hits: Hits) -> str:
    if not hits:
        return card(heading("0 hits", beside="Nothing was found: is it in the memory, and do filters let it through?"))
    best = max(hit.score for hit in hits) or 1.0
    opened = any(hit.path for hit in hits)
    shown = [_hit(hit, number, opened=opened, best=best) for number, hit in enumerate(hits[:SHOWN], 1)]
    return card(heading(_counted(hits)), *shown, more(len(hits), SHOWN, ": slice them, or use to_pandas()"))


def _hit(hit: Hit, number: int | None, *, opened: bool, best: float = 0.0) -> str:
    said = (hit.reference_time and day(hit.reference_time), hit.speaker, hit.source)
    held = period(hit.valid_at, hit.invalid_at) if hit.kind != "episode" else ""
    told = " · ".join(part for part in (*said, held, became(hit.status)) if part)
    rank = f"{number}. " if number else ""
    line = f"{rank}{dot(hit.kind)} {text(hit.text, most=400)}"
    length = f" {bar(hit.score / best)}" if best else ""
    beside = f"{hit.kind}{f' · {told}' if told else ''} · score {hit.score:.2f} · confidence {hit.confidence:.2f}"
    why = _signals(hit.scores) + (_path(hit.path) if hit.path else "")
    body = styled("div", "", line) + styled("div", "", muted(beside), length)
    return styled("div", "margin:6px 0", body, folded("why", why, opened=opened) if why else "")


def _signals(scores: Mapping[str, float]) -> str:
    """Show the strongest signals as bars, each as long as its share of the strongest; a negative one is red."""
    signals = sorted(scores.items(), key=lambda item: -abs(item[1]))[:_SIGNALS]
    most = max((abs(value) for _, value in signals), default=0.0)
    if not most:
        return ""
    rows = [
        (
            muted(name, most=40),
            bar(abs(value) / most, RED if value < 0 else COLOURS["entity"], width=110),
            f"{value:+.3f}",
        )
        for name, value in signals
        if value
    ]
    return table(rows)


def _path(path: Sequence[Step]) -> str:
    steps = []
    for step in path[:SHOWN]:
        edge = f" {muted(f'{step.edge} →', most=60)} " if step.edge else ""
        steps.append(edge + chip(step.text, COLOURS.get(step.kind, GREY), most=55))
    return styled("div", "margin:2px 0;line-height:2", *steps)


# Records


@html_of.register
def _(episode: Episode) -> str:
    return card(_episode(episode, most=2000))


def _episode(episode: Episode, *, most: int = 300) -> str:
    title = f"<b>{text(episode.title)}</b> " if episode.title else ""
    said = [day(episode.reference_time), episode.speaker, episode.source, episode.session]
    beside = " · ".join(dict.fromkeys(part for part in said if part))
    return styled("div", "margin:4px 0", muted(beside), f"<br>{title}{text(episode.text, most=most)}")


@html_of.register
def _(fact: Fact) -> str:
    return card(table([_fact(fact)]))


_FACT: Final = ("fact", "holds", "said in", "known")


def _fact(fact: Fact) -> tuple[str, str, str, str]:
    doubt = " ".join(word for word in ("not so" if fact.negated else "", fact.modality) if word and word != "asserted")
    said = f"{fact.support:,} {plural('episode', fact.support)}"
    known = day(fact.created_at) + (f" until {day(fact.expired_at)}" if fact.expired_at else "")
    sentence = f"<s>{text(fact.fact)}</s>" if fact.expired_at else text(fact.fact)
    marks = (f" {chip(doubt)}" if doubt else "") + (f" {chip('contradicted', RED)}" if fact.rivals else "")
    return f"{dot('fact')} {sentence}{marks}", text(period(fact.valid_at, fact.invalid_at)), brief(said), brief(known)


@html_of.register
def _(event: Event) -> str:
    return card(table([_event(event)]))


_EVENT: Final = ("when", "event", "who and what")


def _event(event: Event) -> tuple[str, str, str]:
    who = [f"{chip(one.name, COLOURS['entity'])} {muted(one.role)}" for one in event.participants[:8]]
    told = became(event.status, event.moved_to)
    marks = " ".join(word for word in (told, "not so" if event.negated else "") if word)
    said = f"{dot('event')} {text(event.text)}" + (f" {chip(marks)}" if marks else "")
    return text(period(event.valid_at, event.invalid_at) or "undated"), said, " ".join(who)


@html_of.register
def _(entity: Entity) -> str:
    return card(_named(entity))


@html_of.register
def _(entity: Profile) -> str:
    merged = [f"{text(part.name)} {muted(f'({part.because})')}" for part in entity.merged[:SHOWN]]
    parts = [styled("div", "", muted("with "), ", ".join(merged))] if merged else []
    parts += [table([_fact(fact)[:3] for fact in entity.facts[:SHOWN]])] if entity.facts else []
    return card(_named(entity), _mentioned(entity), *parts)


def _named(entity: Entity) -> str:
    also = f" also {', '.join(entity.aliases[:SHOWN])}" if entity.aliases else ""
    return f"{dot('entity')} <b>{text(entity.name)}</b> {chip(entity.type)}" + muted(also)


def _mentioned(entity: Profile) -> str:
    counts = (("mention", entity.mentions), ("episode", entity.episodes))
    return styled("div", "", muted(" in ".join(f"{count:,} {plural(what, count)}" for what, count in counts)))


@html_of.register
def _(period_: Period) -> str:
    return card(f"{dot('period')} <b>{text(period_.name)}</b> {muted(period_.level)}")


@html_of.register
def _(summary: Summary) -> str:
    return card(heading(summary.title, beside=_span(summary)), _summary(summary))


def _summary(summary: Summary | None, *, most: int = 1000) -> str:
    if summary is None:
        return ""
    sources = f"{len(summary.episodes):,} {plural('source', len(summary.episodes))}"
    said = f"{text(summary.text, most=most)} {brief(sources)}"
    return styled("div", f"border-left:3px solid {COLOURS['summary']};padding-left:8px", said)


def _span(one: Community | Topic | Summary) -> str:
    return period(one.valid_at, one.invalid_at)


@html_of.register
def _(community: Community) -> str:
    told = _summary(community.summary) if isinstance(community, Circle) else ""
    return card(_circle(community), told)


def _circle(community: Community) -> str:
    beside = f"level {community.level}, {community.size:,} {plural('entity', community.size)}"
    return f"{dot('community')} <b>{text(community.name)}</b> {brief(beside)}"


@html_of.register
def _(topic: Topic) -> str:
    told = _summary(topic.summary) if isinstance(topic, Section) else ""
    return card(_section(topic), told)


def _section(topic: Topic) -> str:
    beside = f"{topic.session}, {len(topic.episodes):,} {plural('episode', len(topic.episodes))}"
    return f"{dot('topic')} <b>{text(topic.name)}</b> {muted(beside, most=80)}"


@html_of.register
def _(session: Session) -> str:
    return card(f"{dot('session')} <b>{text(session.name)}</b>")


@html_of.register
def _(value: Value) -> str:
    return card(f"{dot('value')} {text(value.text)} {muted(value.type)}")


# Collections


@html_of.register
def _(found: Collection) -> str:  # type: ignore[type-arg]
    if not found:
        return card(heading(_counted(found)))
    head, row = _table_of(found[0])
    rows = [row(one) for one in found[:SHOWN]]
    return card(heading(_counted(found)), table(rows, head=head), more(len(found), SHOWN))


def _table_of(first: object) -> tuple[Sequence[str], Callable[[Any], Sequence[str]]]:
    """Return the titles and the rows of the table that shows records like the first one."""
    match first:
        case Fact():
            return _FACT, _fact
        case Event():
            return _EVENT, _event
        case Profile():
            return ("entity", "type", "mentions", "episodes"), _profile_row
        case Chapter():
            return ("period", "episodes", "events", ""), _chapter_row
        case Episode():
            return ("said", "text"), _episode_row
        case Circle():
            return ("community", "about"), lambda one: (_circle(one), _summary(one.summary, most=200))
        case Section():
            return ("topic", "about"), lambda one: (_section(one), _summary(one.summary, most=200))
        case _:
            return (), lambda one: (text(one),)


def _profile_row(entity: Profile) -> Sequence[str]:
    also = muted(f"also {', '.join(entity.aliases[:5])}") if entity.aliases else ""
    name = f"{dot('entity')} {text(entity.name)} {also}"
    return name, muted(entity.type), f"{entity.mentions:,}", f"{entity.episodes:,}"


def _chapter_row(chapter: Chapter) -> Sequence[str]:
    indent = {"year": 0, "month": 12, "day": 24}[chapter.level]
    name = styled("span", f"padding-left:{indent}px;white-space:nowrap", f"{dot('period')} {text(chapter.name)}")
    return name, f"{chapter.episodes:,}", f"{chapter.events:,}", _summary(chapter.summary, most=200)


def _episode_row(episode: Episode) -> Sequence[str]:
    said = [day(episode.reference_time), episode.speaker or episode.title or episode.source or ""]
    return brief(" · ".join(part for part in said if part)), text(episode.text)


@html_of.register
def _(found: Timeline) -> str:
    rows = [(text(period(one.valid_at, one.invalid_at) or "undated"), text(one.text)) for one in found[:ROWS]]
    listed = folded("as a table", table(rows)) if rows else ""
    return card(heading(_counted(found, "entry")), timeline(found[:ROWS]), more(len(found), ROWS), listed)


@html_of.register
def _(found: History) -> str:
    if not found:
        return card(heading("0 versions"))
    return card(heading(found[0].fact.fact), *map(_version, found[:SHOWN]), more(len(found), SHOWN))


@html_of.register
def _(version: Version) -> str:
    return card(heading(version.fact.fact), _version(version))


def _version(version: Version) -> str:
    colour = GREY if version.stated else COLOURS["fact"]
    sides = styled("div", "", text(version)) + _sources(version.sources)
    return styled("div", f"border-left:3px solid {colour};padding-left:8px;margin:6px 0", sides)


def _sources(sources: Sequence[Source]) -> str:
    return "".join(styled("div", "", muted(source)) for source in sources[:5]) + more(len(sources), 5, " say so")


@html_of.register
def _(diff: Diff) -> str:
    parts = [heading(f"{day(diff.start)} to {day(diff.end)}", beside="" if any(_changes(diff)) else "nothing changed")]
    for title, facts in (("began", diff.began), ("ended", diff.ended), ("learned", diff.learned)):
        if facts:
            rows = [_fact(fact)[:3] for fact in facts[:SHOWN]]
            parts += [styled("div", "margin-top:4px", f"<b>{title}</b>"), table(rows), more(len(facts), SHOWN)]
    if diff.corrected:
        parts += [styled("div", "margin-top:4px", "<b>corrected</b>"), *map(_version, diff.corrected[:SHOWN])]
        parts.append(more(len(diff.corrected), SHOWN))
    return card(*parts)


def _changes(diff: Diff) -> Iterable[Sequence[object]]:
    return diff.began, diff.ended, diff.learned, diff.corrected


@html_of.register
def _(conflict: Conflict) -> str:
    sides = [
        table([_fact(fact)[:3]]) + _sources(conflict.sources.get(fact.uuid, ())) for fact in conflict.facts[:SHOWN]
    ]
    return card(heading("These contradict each other", beside="memory.settle(fact) decides"), *sides)


# Outcomes


@html_of.register
def _(context: Context) -> str:
    used = f"{context.tokens:,} tokens, {len(context.citations)} {plural('citation', len(context.citations))}"
    if not context.text:
        return card(heading("No context", beside="nothing is known, or nothing fits"))
    lines = [text(line, most=1000) for line in context.text.splitlines()[:200]]
    block = styled("div", f"border-left:3px solid {COLOURS['episode']};padding-left:8px", "<br>".join(lines))
    return card(heading("Context", beside=used), block, more(context.text.count("\n") + 1, 200, " lines"))


@html_of.register
def _(added: Added) -> str:
    new = [f"{count:,} {plural(kind, count)}" for kind, count in sorted(added.new.items()) if count]
    title = f"Added {', '.join(new)}" if new else "Nothing new"
    details = {
        f"{added.updated:,} updated": added.updated,
        f"{added.skipped:,} {plural('episode', added.skipped)} known already": added.skipped,
        f"left out: {_reasons(added.left_out)}": sum(added.left_out.values()),
    }
    rows = [(chip("not added", RED), text(failure.error)) for failure in added.failed[:SHOWN]]
    beside = " · ".join(said for said, count in details.items() if count)
    return card(
        heading(title, beside=beside), table(rows) if rows else "", more(len(added.failed), SHOWN, " not added")
    )


def _reasons(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} ({count:,})" for reason, count in left_out.items())


@html_of.register
def _(done: Consolidated) -> str:
    written = [f"{count:,} {plural(kind, count)}" for kind, count in done.written.items() if count]
    beside = f"{done.removed:,} removed" if done.removed else ""
    warnings = [styled("div", "", chip("warning", RED), f" {text(warning)}") for warning in done.warnings[:SHOWN]]
    return card(heading(f"Consolidated {', '.join(written) or 'nothing new'}", beside=beside), *warnings)


@html_of.register
def _(stats: Stats) -> str:
    return card(*stats_parts(stats))


def stats_parts(stats: Stats) -> list[str]:
    """Return the parts of a display that tell where a memory is, and how much is in it."""
    beside = f"group {stats.group_id} · revision {stats.revision:,}"
    counts = [
        styled("span", "white-space:nowrap", f"{dot(kind)} {count:,} {muted(plural(kind, count))}")
        for kind, count in stats.counts.items()
        if count
    ] or [muted("empty: memory.add(...) remembers a text")]
    return [heading(stats.store, beside=beside), styled("div", "margin-bottom:4px", " &nbsp; ".join(counts))]


@html_of.register
def _(copied: Copied) -> str:
    said = "they hold the same" if copied.same else "they differ: what is only in the target was not removed"
    rows = [(muted(one.kind), muted(one.uuid), text(one.problem)) for one in copied.differences[:SHOWN]]
    return card(heading(f"Copied to {copied.target.store}", beside=said), table(rows) if rows else "")


@html_of.register
def _(migration: Migration) -> str:
    rows = [(text(step.what), f"{step.records:,}") for step in migration.steps]
    said = "done" if migration.done else "nothing to do" if not rows else "to do"
    return card(heading(f"{migration.store}, schema {migration.target}", beside=said), table(rows) if rows else "")


def _counted(found: Sequence[object], one: str | None = None) -> str:
    many = type(found).__name__.lower()
    name = one or {"entities": "entity"}.get(many, many.removesuffix("s"))
    return f"{len(found):,} {plural(name, len(found))}"
