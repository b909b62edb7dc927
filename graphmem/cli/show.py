"""How the commands print: lines for people, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from graphmem.model import Event, Fact, Summary
from graphmem.results import (
    Added,
    Chapter,
    Circle,
    Consolidated,
    Copied,
    Hit,
    Migration,
    Profile,
    Section,
    Source,
    became,
    day,
)
from graphmem.results import plural as plural
from graphmem.store.contract import Finding

if TYPE_CHECKING:
    from graphmem.extract.explanation import Explanation


def as_json(value: object) -> str:
    """Return a result as one line of JSON."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Exception):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return to_jsonable_python(value)


def on_terminal(explanation: Explanation) -> None:
    """Print an explanation as wide as the terminal is, or as its text if there is no terminal."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console(highlight=False).print(explanation)
    else:
        click.echo(str(explanation))


def when(start: datetime | None, end: datetime | None) -> str:
    """Return an interval for people, "" if neither end is known."""
    first, last = (day(moment) if moment else "" for moment in (start, end))
    return f"{first} .. {last}".strip() if first or last else ""


_ORDERS = re.compile(r"\x1b(?!\[[012]m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


def harmless(text: str) -> str:
    """Return a text without what would give orders to a terminal, but for bold and faint.

    >>> harmless("\\x1b[1mAda\\x1b[0m\\x1b]0;title\\a")
    '\\x1b[1mAda\\x1b[0m ]0;title '
    """
    return _ORDERS.sub(" ", text)


def bold(text: str) -> str:
    """Return a text that a terminal shows bold; `click.echo` takes that away where there is no terminal."""
    return click.style(text, bold=True) if text else ""


def faint(text: str) -> str:
    """Return a text that a terminal shows less loud."""
    return click.style(text, dim=True) if text else ""


def fact_line(fact: Fact) -> str:
    """Return a fact as one line."""
    interval = when(fact.valid_at, fact.invalid_at)
    support = f"  x{fact.support}" if fact.support > 1 else ""
    return fact.fact + (faint(f"  [{interval}]") if interval else "") + support


def source_lines(sources: Iterable[Source]) -> list[str]:
    """Return who says something, one line each."""
    return [faint(f"    {source}") for source in sources]


def entity_lines(entity: Profile) -> list[str]:
    """Return what an entity is called, how often it is named, and what was merged into it, and why."""
    also = f", also {', '.join(entity.aliases)}" if entity.aliases else ""
    count = ", ".join(
        f"{number:,} {plural(what, number)}"
        for what, number in (("mention", entity.mentions), ("episode", entity.episodes))
    )
    parts = [f"  merged: {part.name} ({part.because})" for part in entity.merged]
    return [f"{bold(entity.name)} ({entity.type}{also}): {count}", *parts]


def event_line(event: Event) -> str:
    """Return an event as one line."""
    who = ", ".join(f"{participant.role}: {participant.name}" for participant in event.participants)
    interval = when(event.valid_at, event.invalid_at) or "undated"
    status = became(event.status, event.moved_to)
    return f"{interval}  {event.text}" + (f"  ({status})" if status else "") + (f"  ({who})" if who else "")


def period_line(period: Chapter) -> str:
    """Return a period as one line, indented by how much it is a part."""
    much = (f"{n:,} {plural(kind, n)}" for kind, n in (("episode", period.episodes), ("event", period.events)) if n)
    return f"{'  ' * period.name.count('-')}{period.name}: {', '.join(much)}"


def community_line(community: Circle) -> str:
    """Return a community as one line."""
    held = f", {len(community.members):,} communities" if community.level else ""
    return f"{community.level}  {community.name}: {community.size:,} {plural('entity', community.size)}{held}"


def topic_line(topic: Section) -> str:
    """Return a topic as one line."""
    said = day(topic.valid_at) if topic.valid_at else "undated"
    count = len(topic.episodes)
    return f"{said}  {topic.session}: {topic.name} ({count:,} {plural('episode', count)})"


def summary_lines(summary: Summary | None, period: str = "") -> list[str]:
    """Return the sentences of a summary, indented; for a period as much as its name is."""
    indent = "  " * (period.count("-") + 2)
    return [f"{indent}{one.text}" for one in summary.sentences] if summary else []


def consolidated_lines(done: Consolidated) -> list[str]:
    """Say what a consolidation did."""
    written = _counts(done.written)
    lines = [f"Wrote {written}" if written else "Nothing has changed"]
    lines += [f"removed {done.removed:,}"] if done.removed else []
    return [", ".join(lines), *done.warnings]


def hit_lines(number: int, hit: Hit, *, explain: bool) -> list[str]:
    """Return a search result as a few lines."""
    said = " ".join(part for part in (hit.reference_time and day(hit.reference_time), hit.speaker, hit.source) if part)
    interval = when(hit.valid_at, hit.invalid_at)
    beside = (said and f"  {said}") + (interval and f"  [{interval}]")
    head = f"{number}. {bold(f'{hit.score:.2f}')}{faint(beside)}"
    lines = [head, *(f"   {line}" for line in hit.text.strip().splitlines())]
    if explain:
        signals = "  ".join(f"{name} {value:+.3f}" for name, value in hit.scores.items() if abs(value) >= 0.0005)
        lines += [f"   {faint('signals:')} {signals}", f"   {faint('confidence:')} {hit.confidence:.2f}"]
        lines += [f"   {faint('path:')} {hit.why()}"] if hit.path else []
    return lines


def cypher(hit: Hit) -> str:
    """Return the query that draws the path to a search result, under a comment that names it."""
    return f"// {shorten(hit.text, 100, placeholder=' ...')}\n{hit.cypher};\n"


def finding_line(finding: Finding) -> str:
    """Return what the doctor found as one line, and what was done about it, or can be."""
    done = f"mended ({finding.mend})" if finding.mended else finding.advice
    done += f" ({finding.mend})" if finding.mend and not finding.mended else ""
    return f"{finding.problem}{f' ({finding.uuid})' if finding.uuid else ''}: {done}"


def migration_lines(migration: Migration) -> list[str]:
    """Return what a migration did, or would do."""
    if not migration.steps:
        return [f"{migration.store} has schema {migration.target}: nothing to do."]
    before = "no schema" if migration.version is None else f"schema {migration.version}"
    verb = "Brought" if migration.done else "Would bring"
    groups = f", {len(migration.groups):,} {plural('group', len(migration.groups))}" if migration.groups else ""
    head = f"{verb} {migration.store} from {before} to {migration.target}{groups}:"
    return [head, *(f"  {step.what}: {step.records:,}" for step in migration.steps)]


def copied_lines(copied: Copied) -> list[str]:
    """Say what a copy did, what both stores hold, and where they differ."""
    both = (copied.source, copied.target)
    return [
        f"Copied {sum(copied.new.values()):,} new records to {copied.target.store}",
        *(f"  {one.store}: {_counts(one.counts)}; checksum {one.checksum}" for one in both),
        *(f"  {kind} {uuid} {problem}" for kind, uuid, problem in copied.differences),
        "They hold the same." if copied.same else "They differ: what is only in the target was not removed.",
    ]


def _counts(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {plural(kind, count)}" for kind, count in sorted(counts.items()) if count)


def added_line(added: Added, address: str) -> str:
    """Say what an add did."""
    new = _counts(added.new)
    known = f"; {added.skipped} {plural('episode', added.skipped)} known already" if added.skipped else ""
    left_out = f"; left out: {counted(added.left_out)}" if added.left_out else ""
    return f"{'Added ' + new if new else 'Nothing new'} in {address}{known}{left_out}"


def counted(reasons: Mapping[str, int]) -> str:
    """Return reasons with their counts.

    >>> counted({"code": 2, "table": 1})
    'code (2), table (1)'
    """
    return ", ".join(f"{reason} ({count})" for reason, count in reasons.items())
