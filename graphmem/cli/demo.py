"""The demo: a short story of a town clock, remembered and asked about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from graphmem.cli import show
from graphmem.memory import Memory
from graphmem.model import Event, Fact
from graphmem.results import Hits, Stats

QUESTIONS = (
    "When did the police find the pendulum?",
    "What did Ravi Menon find behind the fourth stone?",
    "Where was the engineer born who built the clock tower of Sandhaven?",
)
TOLD_ABOUT = ("Ravi Menon", "Tomas Lindqvist", "Margaret Oduya")


@dataclass(frozen=True)
class Told:
    """What the demo shows."""

    stats: Stats
    facts: list[Fact]
    event: Event | None
    answers: dict[str, Hits]

    def lines(self) -> list[str]:
        """Return it for people."""
        counts = ", ".join(f"{count} {show.plural(kind, count)}" for kind, count in self.stats.counts.items() if count)
        lines = [f"The graph: {counts}.", "", "Some facts:", *(f"  {show.fact_line(fact)}" for fact in self.facts)]
        if self.event:
            lines += ["", "A dated event:", f"  {show.event_line(self.event)}"]
        for question, hits in self.answers.items():
            lines += ["", question, *(f"  {line}" for line in show.hit_lines(1, hits[0], explain=True))]
        return lines


def story() -> list[dict[str, object]]:
    """Return the story: articles, a notebook, a letter and two chats, as items for `Memory.add_many`.

    >>> len(story())
    18
    """
    text = files("graphmem.cli").joinpath("story.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def tell(memory: Memory) -> Told:
    """Remember the story and ask about it."""
    memory.add_many(story())
    facts = [fact for name in TOLD_ABOUT for fact in memory.facts(subject=name)][:9]
    dated = memory.events(participant="Ravi", start="2023-10-01", end="2023-11-01")
    return Told(
        stats=memory.stats(),
        facts=facts,
        event=next(iter(dated), None),
        answers={question: memory.search(question, top_k=1, explain=True) for question in QUESTIONS},
    )
