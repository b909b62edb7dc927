"""Summaries of conversations: do they keep what questions are asked about, and when it was? LoCoMo, no model asked.

Each session is summarised in 15 % of its words, its heading included, and each month, from the summaries of its
sessions, in 15 % of its own. A gold evidence turn is kept for a question if one line of the summary has its key entity
and its time.

* The key entity is the rarest term of the turn, counted over the turns of the conversation, among those that the
  question or its answer has too; names of speakers, stop words and words for times are no entities. Turns that share
  none with their question are not counted (`without_key`).
* The time is the first that the sentence with that term states, else the day on which it was said. The line tells it
  if a date in it, or for the day on which it was said that of the heading, meets it and is at most a week longer; dates
  are read without knowing when the line was said, so that "yesterday" alone is none.

`lead` takes the first sentences of a session or month instead, `random` any, mean of five draws; both write their lines
as ours do, with speaker and dates, under a heading with the dates. Categories 1 to 4; `session` and `month` are ours.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from math import log
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.locomo import ADVERSARIAL, Question, Turn, fill, mean, read_conversations
from graphmem.extract.segment import sentences
from graphmem.extract.timex import find
from graphmem.graph.lexical import stem, terms
from graphmem.lifecycle.summaries import Content, Line, Told, above, named, sayings, spanned, summarize, written
from graphmem.memory import Memory
from graphmem.model import Entity, Episode, Event
from graphmem.store import open_store
from graphmem.store.contract import Store, Vectors

SHARE = 0.15
DRAWS = 5
_NO_DAY = datetime(1000, 1, 1, tzinfo=timezone.utc)
_TIMES = frozenset(
    stem(word)
    for word in """
    day week weekend month year today yesterday tomorrow tonight night morning evening afternoon last next ago date time
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december summer winter spring autumn fall
    """.split()  # noqa: SIM905
)


class Gold(NamedTuple):
    """What a summary should keep of an evidence turn."""

    session: str
    month: str
    key: str
    start: datetime
    end: datetime
    stated: bool
    """Whether the turn states the time itself."""


class Source(NamedTuple):
    """What is summarised: one session, with what a memory knows of it."""

    name: str
    month: str
    day: datetime
    told: Sequence[Told]
    """Its sentences, and clauses of them."""
    sentences: Sequence[Told]
    episodes: Sequence[Episode]


def golds(turns: Sequence[Turn], questions: Sequence[Question]) -> Iterator[Gold | None]:
    """Yield what should be kept of each evidence turn of each question; None where they share no term."""
    by_id = {turn.id: turn for turn in turns}
    frequency = Counter(term for turn in turns for term in set(terms(turn.text)))
    speakers = {term for turn in turns for term in terms(turn.speaker)}
    for question in questions:
        if question.category == ADVERSARIAL:
            continue
        asked = set(terms(f"{question.text} {question.answer}")) - speakers - _TIMES
        for turn in (by_id[one] for one in sorted(question.evidence)):
            shared = {term for term in asked & set(terms(turn.text)) if not term.isdigit()}
            if not shared:
                yield None
                continue
            key = min(shared, key=lambda term: (frequency[term], term))
            start, end, stated = _time(turn, key)
            yield Gold(turn.session, f"{turn.time:%Y-%m}", key, start, end, stated)


def _time(turn: Turn, key: str) -> tuple[datetime, datetime, bool]:
    for first, last in sentences(turn.text):
        sentence = turn.text[first:last]
        if key in terms(sentence):
            for expression in find(sentence, turn.time):
                if expression.relation == "at" and expression.valid_at and expression.invalid_at:
                    return expression.valid_at, expression.invalid_at, True
    day = turn.time.replace(hour=0, minute=0)
    return day, day + timedelta(days=1), False


def kept(gold: Gold, summary: Content) -> bool:
    """Does one line of a summary have the key entity and the time?"""
    head = spanned(summary.valid_at, summary.invalid_at)
    for line in summary.lines:
        if gold.key in terms(line.text):
            told = line.text if gold.stated or " to " in head else f"{line.text} {head}"
            if any(_meets(gold, one.valid_at, one.invalid_at) for one in find(told.replace("[", "("), _NO_DAY)):
                return True
    return False


def _meets(gold: Gold, start: datetime | None, end: datetime | None) -> bool:
    if start is None or end is None:
        return False
    return start < gold.end and gold.start < end and (end - start) - (gold.end - gold.start) <= timedelta(days=7)


def size(summary: Content) -> int:
    """Return how many words a summary has, its heading included."""
    return len(summary.text.split())


def budget(sources: Sequence[Source]) -> int:
    """Return how many words a summary of sessions may have."""
    return max(1, int(SHARE * sum(len(episode.text.split()) for source in sources for episode in source.episodes)))


def simple(told: Sequence[Told], words: int, *, dated: bool) -> Content:
    """Take sentences in the order given as long as they fit, written as ours, under a heading with the dates."""
    days = [one.said_at for one in told if one.said_at]
    head = Content(valid_at=min(days), invalid_at=max(days))
    left, lines = words - size(head), []
    for one in told:
        text = written(one)
        if dated and one.said_at:
            text = f"{spanned(one.said_at, one.said_at)}, {text}"
        if (cost := len(text.split())) <= left:
            left -= cost
            lines.append(Line(text, one.episodes))
    return Content(valid_at=head.valid_at, invalid_at=head.invalid_at, lines=tuple(lines))


def shuffled(told: Sequence[Told], *, seed: int) -> list[Told]:
    """Return sentences in a random order."""
    mixed = list(told)
    random.Random(seed).shuffle(mixed)
    return mixed


class Reading(NamedTuple):
    """A conversation as a memory keeps it: its sessions in order of time, the entities, and how rare terms are."""

    sessions: Sequence[Source]
    entities: Mapping[str, Entity]
    rarity: Callable[[str], float]
    name_rarity: Callable[[str], float]


def read(store: Store) -> Reading:
    """Read what a store holds of a conversation."""
    entities: dict[str, Entity] = {}
    sessions: dict[str, list[tuple[Episode, Vectors | None]]] = {}
    events: dict[str, list[Event]] = {}
    for change in store.changes():
        match change.record:
            case Event() as event:
                for uuid in event.episodes:
                    events.setdefault(uuid, []).append(event)
            case Entity() as entity:
                entities[entity.uuid] = entity
            case Episode() as episode:
                sessions.setdefault(episode.session or "", []).append((episode, change.vectors))
    found = [episode for session in sessions.values() for episode, _ in session]
    frequency = Counter(term for episode in found for term in set(terms(episode.text)))
    naming = Counter(uuid for episode in found for uuid in {mention.entity for mention in episode.mentions})
    sources = []
    for name, session in sessions.items():
        session.sort(key=lambda pair: pair[0].position)
        told = [
            one
            for episode, vectors in session
            for one in sayings(episode, vectors=vectors, events=events.get(episode.uuid, ()))
        ]
        day = session[0][0].reference_time
        episodes = [episode for episode, _ in session]
        plain = [one for episode in episodes for one in sayings(episode)]
        sources.append(Source(name, f"{day:%Y-%m}", day, told, plain, episodes))
    return Reading(
        sorted(sources, key=lambda source: source.day),
        entities,
        lambda term: log((1 + len(found)) / (1 + frequency[term])),
        lambda uuid: log((1 + len(found)) / (1 + naming[uuid])),
    )


def ours(reading: Reading) -> tuple[dict[str, Content], dict[str, Content]]:
    """Summarise each session, and each month from its sessions."""
    by_session = {}
    for source in reading.sessions:
        names = named(source.episodes, reading.entities, rarity=reading.name_rarity)
        words = budget([source])
        by_session[source.name] = summarize(source.told, names=names, words=words, rarity=reading.rarity)
    by_month = {}
    for month, sources in months(reading).items():
        episodes = [episode for source in sources for episode in source.episodes]
        names = named(episodes, reading.entities, rarity=reading.name_rarity)
        told = above(by_session[source.name] for source in sources)
        by_month[month] = summarize(told, names=names, words=budget(sources), rarity=reading.rarity)
    return by_session, by_month


def baseline(
    reading: Reading, order: Callable[[Sequence[Told]], Sequence[Told]]
) -> tuple[dict[str, Content], dict[str, Content]]:
    """Summarise sessions and months by the first sentences in some order."""
    by_session = {
        source.name: simple(order(source.sentences), budget([source]), dated=False) for source in reading.sessions
    }
    by_month = {
        month: simple(order([one for source in sources for one in source.sentences]), budget(sources), dated=True)
        for month, sources in months(reading).items()
    }
    return by_session, by_month


def months(reading: Reading) -> dict[str, list[Source]]:
    """Return the sessions of each month."""
    found: dict[str, list[Source]] = {}
    for source in reading.sessions:
        found.setdefault(source.month, []).append(source)
    return found


def score(wanted: Sequence[Gold], summaries: tuple[dict[str, Content], dict[str, Content]]) -> tuple[list[float], ...]:
    """Return for each gold turn whether the summary of its session, and of its month, keeps it."""
    by_session, by_month = summaries
    return (
        [float(kept(gold, by_session[gold.session])) for gold in wanted],
        [float(kept(gold, by_month[gold.month])) for gold in wanted],
    )


@click.command(help=__doc__)
@click.option("--data", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--store", help="Where to keep the graph, as benchmarks.locomo does; a temporary file if not given.")
@click.option("--show", is_flag=True, help="Print the summaries to stderr.")
def main(data: Path, store: str | None, show: bool) -> None:
    conversations = read_conversations(data)
    found: dict[str, list[tuple[list[float], ...]]] = {"ours": [], "lead": [], "random": []}
    lengths, spent, without, turns_kept = [], 0.0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (turns, questions) in conversations.items():
            address, group = store or str(Path(folder) / "summaries.db"), f"locomo-{name}"
            with Memory(address, group_id=group) as memory:
                click.echo(f"adding {len(turns)} turns of {name}", err=True)
                fill(memory, turns)
            opened = open_store(address, group_id=group)
            reading = read(opened)
            opened.close()
            pairs = list(golds(turns, questions))
            wanted = [gold for gold in pairs if gold is not None]
            without += len(pairs) - len(wanted)
            turns_kept += len(wanted)
            start = time.perf_counter()
            made = ours(reading)
            spent += time.perf_counter() - start
            lengths += [size(made[0][source.name]) / (budget([source]) / SHARE) for source in reading.sessions]
            if show:
                for summary in (*made[0].values(), *made[1].values()):
                    click.echo(f"{summary.text}\n", err=True)
            found["ours"].append(score(wanted, made))
            found["lead"].append(score(wanted, baseline(reading, list)))
            found["random"] += [score(wanted, baseline(reading, partial(shuffled, seed=seed))) for seed in range(DRAWS)]
    result = {
        f"{kind}_{level}" if kind != "ours" else level: mean(
            [value for scores in found[kind] for value in scores[place]]
        )
        for kind in found
        for place, level in enumerate(("session", "month"))
    }
    result |= {
        "length": mean(lengths),
        "longest": mean([max(lengths)]),
        "evidence": turns_kept,
        "without_key": without,
        "summarize_s": round(spent, 2),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
