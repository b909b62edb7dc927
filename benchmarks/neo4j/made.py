"""Change sets that are made up: conversations in which each episode states facts about people, with random vectors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import numpy as np

from benchmarks.invented import FIRST, VERBS, WORDS, change_set, stated
from graphmem.model import Entity, Episode, Mention, Record, Session
from graphmem.store.contract import ChangeSet

MODEL = ("invented", 384)
START = datetime(2023, 1, 1, tzinfo=timezone.utc)
TURNS, LENGTH = 20, 30


def people(group_id: str, number: int) -> list[Entity]:
    """Invent so many people."""
    names = [f"{FIRST[at % 4]}{at // 4} Kell" for at in range(number)]
    return [Entity(group_id=group_id, name=name, names=(name,), created_at=START) for name in names]


def change_sets(
    group_id: str, *, episodes: int, facts: int = 5, entities: int | None = None, batch: int = 50, seed: int = 0
) -> Iterator[ChangeSet]:
    """Invent episodes of 30 words and the facts that each states, so many in one change set; the same for a seed."""
    rng = np.random.default_rng(seed)
    known = people(group_id, entities or max(10, episodes // 2))
    put: list[Record] = []
    previous: str | None = None
    for number in range(episodes):
        session = f"talk {number // TURNS}"
        drawn = rng.integers(len(known), size=2 * facts)
        named = [known[at] for at in dict.fromkeys(drawn.tolist())]
        words = [WORDS[at] for at in (rng.zipf(1.3, LENGTH) - 1) % len(WORDS)]
        head, text = "", []
        mentions = []
        for entity in named[: facts + 1]:
            head += words.pop() + " " if words else ""
            mentions.append(Mention(entity=entity.uuid, start=len(head), end=len(head) + len(entity.name)))
            head += entity.name + " "
        text = head + " ".join(words) + "."
        at = START + timedelta(minutes=number)
        episode = Episode(
            group_id=group_id,
            created_at=at,
            text=text,
            reference_time=at,
            session=session,
            speaker=named[0].name,
            position=number % TURNS,
            previous=previous if number % TURNS else None,
            mentions=tuple(mentions),
        )
        previous = episode.uuid
        if number % TURNS == 0:
            put.append(Session(group_id=group_id, name=session, created_at=at))
        put += [*named, episode]
        for one, two in pairwise(named[: facts + 1]):
            verb = VERBS[int(rng.integers(len(VERBS)))]
            put.append(stated(episode, one, verb, two))
        if (number + 1) % batch == 0 or number + 1 == episodes:
            yield change_set(group_id, put, rng, width=MODEL[1])
            put = []
