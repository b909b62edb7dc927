"""How long a search takes in a large memory, over what cannot be avoided; how long a fresh process needs; the memory.

What is remembered is made up: conversations of 20 turns of 30 words with Zipf frequencies, names among them, a fact
that each turn states, random vectors. `ratio` is a warm search over one exact scan of the episodes' vectors plus the
encoder calls of that search; `as_of_ratio` is a search for episodes and facts as of some time over the same without.
`cold_ratio` is `graphmem search` on a small memory over starting Python with the libraries it needs. `load_s` and
`peak_mb` are of the first process, which reads the whole store; `open_s` and `open_peak_mb` of the next one.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.invented import FIRST, WORDS, change_set, stated, whole
from graphmem.embed import open_embedder
from graphmem.memory import Memory
from graphmem.model import Entity, Episode, Mention, Record, Session
from graphmem.settings import Settings
from graphmem.store import open_store

GROUP = "latency"
START = datetime(2023, 1, 1, tzinfo=timezone.utc)
NAMES = [f"{first}{number} Kell" for first in FIRST for number in range(1250)]
TURNS, HALF = 20, 15
DAYS = 60
"""So long half of the facts hold, the others for good."""


def invented(episodes: int, *, seed: int = 0) -> Iterator[list[Record]]:
    """Invent entities, then conversations, in blocks."""
    rng = np.random.default_rng(seed)
    entities = [Entity(group_id=GROUP, name=name, names=(name,), created_at=START) for name in NAMES]
    yield list(entities)
    block: list[Record] = []
    previous: str | None = None
    for number in range(episodes):
        drawn = (rng.zipf(1.3, 2 * HALF) - 1) % len(WORDS)
        entity = entities[int(rng.zipf(1.2) - 1) % len(NAMES)]
        first = " ".join(WORDS[at] for at in drawn[:HALF]) + "."
        text = f"{first} {entity.name} {' '.join(WORDS[at] for at in drawn[HALF:])}."
        start = len(first) + 1
        episode = Episode(
            group_id=GROUP,
            created_at=START,
            text=text,
            session=f"talk {number // TURNS}",
            speaker=f"Speaker{2 * (number // 2000) + number % 2}",
            reference_time=START + timedelta(hours=number // TURNS),
            position=number % TURNS,
            previous=previous if number % TURNS else None,
            sentences=((0, len(first)), (start, len(text))),
            mentions=(Mention(entity=entity.uuid, start=start, end=start + len(entity.name)),),
        )
        previous = episode.uuid
        if number % TURNS == 0:
            block.append(Session(group_id=GROUP, name=f"talk {number // TURNS}", created_at=START))
        until = episode.reference_time + timedelta(days=DAYS) if number % 2 else None
        other = entities[int(rng.integers(len(NAMES)))]
        block += [episode, stated(episode, entity, WORDS[drawn[0]], other, until=until)]
        if len(block) >= 1000:
            yield block
            block = []
    yield block


def rows(record: Record) -> int:
    """Return how many vectors a record has, those of sentences included."""
    return whole(record) + (len(record.sentences) if isinstance(record, Episode) else 0)


def build(path: Path, episodes: int) -> None:
    """Write an invented memory into a SQLite file."""
    embedder = open_embedder()
    rng = np.random.default_rng(1)
    store = open_store(str(path), group_id=GROUP, create=True, settings=Settings.read())
    store.bind(embedder.name, embedder.dimension)
    for done, block in enumerate(invented(episodes)):
        click.echo(f"\r{1000 * done} of about {episodes} records", nl=False, err=True)
        store.apply(change_set(GROUP, block, rng, width=embedder.dimension, rows=rows))
    click.echo(err=True)
    store.close()


def milliseconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def measure(path: Path, questions: int) -> dict[str, Any]:
    """Time warm searches and their unavoidable parts, in this process."""
    rng = np.random.default_rng(2)
    asked = [
        f"What did Speaker{2 * int(rng.integers(5))} say about {NAMES[int(rng.integers(len(NAMES)))]}, "
        f"{WORDS[int(rng.integers(300))]} and {WORDS[int(rng.integers(5000))]} in March 2023?"
        for _ in range(questions)
    ]
    memory = Memory(path, group_id=GROUP)
    load_ms = milliseconds(memory.refresh)
    calls: list[list[str]] = []
    encode = memory._embedder.encode

    def noted(texts: Sequence[str], /) -> Any:
        calls.append(list(texts))
        return encode(texts)

    memory._embedder.encode = noted  # type: ignore[method-assign]
    memory.search(asked[0])
    vectors = memory._index.episodes.vectors
    search, scan, encoding = [], [], []
    for question in asked:
        calls.clear()
        search.append(milliseconds(lambda question=question: memory.search(question)))  # type: ignore[misc]
        texts = [list(call) for call in calls]
        encoding.append(milliseconds(lambda texts=texts: [encode(call) for call in texts]))  # type: ignore[misc]
        vector = encode([question])[0]
        scan.append(milliseconds(lambda vector=vector: vectors.dot(vector)))  # type: ignore[misc]
    medians = {"search_ms": search, "scan_ms": scan, "encode_ms": encoding}
    result = {name: round(float(np.median(values)), 2) for name, values in medians.items()}
    result["ratio"] = round(result["search_ms"] / (result["scan_ms"] + result["encode_ms"]), 2)
    result["as_of_ratio"] = as_of_ratio(memory, asked)
    unit_of_peak = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit_of_peak / 2**20
    return {**result, "load_s": round(load_ms / 1000, 2), "peak_mb": round(peak)}


def as_of_ratio(memory: Memory, asked: Sequence[str]) -> float:
    """Compare searches as of times in the later half of what was said with the same searches without."""
    rng = np.random.default_rng(3)
    said = memory._index.episodes.valid.values
    moments = [datetime.fromtimestamp(at, timezone.utc) for at in rng.uniform(np.median(said), said.max(), len(asked))]
    timed: dict[bool, list[float]] = {True: [], False: []}
    for place, (question, as_of) in enumerate(zip(asked, moments, strict=True)):
        for dated in (True, False) if place % 2 else (False, True):

            def search(question: str = question, as_of: datetime | None = as_of if dated else None) -> Any:
                return memory.search(question, kinds=("episode", "fact"), as_of=as_of)

            timed[dated].append(milliseconds(search))
    return round(float(np.median(timed[True]) / np.median(timed[False])), 2)


def cold(path: Path, *, repeats: int = 5) -> dict[str, Any]:
    """Time a fresh process that answers one question, and one that only imports what it needs; the best of some.

    Both may keep compiled modules, as those of an installed package are.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    python = [sys.executable, "-c", "import numpy, onnxruntime, pydantic, click"]
    search = [
        sys.executable,
        "-m",
        "graphmem",
        "search",
        "What did Speaker0 say?",
        "--store",
        str(path),
        "--group",
        GROUP,
    ]

    def best(command: Sequence[str]) -> float:
        def run() -> None:
            subprocess.run(command, check=True, capture_output=True, env=environment)

        return min(milliseconds(run) for _ in range(repeats))

    run_ms, import_ms = best(search), best(python)
    return {"cold_ms": round(run_ms), "import_ms": round(import_ms), "cold_ratio": round(run_ms / import_ms, 2)}


@click.command(help=__doc__)
@click.option("--episodes", default=100_000, show_default=True)
@click.option("--cold-episodes", default=5_000, show_default=True)
@click.option("--questions", default=50, show_default=True)
@click.option("--measure", "measured", type=click.Path(path_type=Path), hidden=True)
def main(episodes: int, cold_episodes: int, questions: int, measured: Path | None) -> None:
    if measured is not None:
        print(json.dumps(measure(measured, questions)))
        return
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large.db", Path(folder) / "small.db"
        build(large, episodes)
        child = [sys.executable, "-m", "benchmarks.latency", "--measure", str(large), "--questions", str(questions)]
        answer = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True)
        result = {"episodes": episodes, **json.loads(answer.stdout.splitlines()[-1])}
        answer = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True)
        again = json.loads(answer.stdout.splitlines()[-1])
        result |= {"open_s": again["load_s"], "open_peak_mb": again["peak_mb"]}
        build(small, cold_episodes)
        print(json.dumps({**result, **cold(small)}))


if __name__ == "__main__":
    main()
