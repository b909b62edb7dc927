"""What the processes do that `test_store_writers.py` starts."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from small_graph import EAST, Maker, rows

from graphmem import Memory
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet

MODEL = ("compass", 4)


def chain(group_id: str, *, first: int, last: int) -> Iterator[ChangeSet]:
    """Make change sets of one episode and two facts each, which overlap in entities with their neighbours."""
    make = Maker(group_id)
    people = {number: make.entity(f"Person {number}") for number in range(first, last + 2)}
    hub = make.entity("Hub")
    for number in range(first, last):
        one, two = people[number], people[number + 1]
        episode = make.episode(f"Person {number} knows person {number + 1}.", one, two, hub)
        facts = make.fact(one, "know", two, episode), make.fact(one, "visit", hub, episode)
        vectors = {record.uuid: rows(EAST) for record in (episode, one, two, hub, *facts)}
        yield make.change(one, two, hub, episode, *facts, vectors=vectors)


def write(address: str, group_id: str, first: int, last: int) -> None:
    """Apply a stretch of the chain, and say after each change set which one is stored."""
    store = open_store(address, group_id=group_id)
    store.bind(*MODEL)
    for number, change in enumerate(chain(group_id, first=first, last=last), first):
        store.apply(change)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    store.close()


NAMES = ("Ada", "Ben", "Cleo", "Dora")
TOLD = [
    {
        "text": f"I moved to {place} and I work with {NAMES[(at + 1) % 4]}.",
        "session": "talk",
        "speaker": NAMES[at % 4],
        "reference_time": f"2023-05-{at + 1:02}",
    }
    for at, place in enumerate(("London", "Paris", "Rome", "Berlin", "Madrid", "Vienna"))
]


def remember(address: str, group_id: str, *own: str) -> None:
    """Add a conversation, two turns at a time, and what nobody else adds."""
    with Memory(address, group_id=group_id) as memory:
        memory.add_many([*TOLD, *({"text": text, "reference_time": "2023-06-01"} for text in own)], batch_size=2)


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
