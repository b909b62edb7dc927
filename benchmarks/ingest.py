"""How fast text is added, and how much of the time is not spent in the models.

`models_s` is the time inside the encoder and the spaCy pipeline, `overhead` the rest over it. The models are loaded
before the clock starts. Without `--text` or `--corpus` the text is made up, the same one every time.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from graphmem import Memory
from graphmem.embed import Embedder, open_embedder

PEOPLE = ["Ada", "Ben", "Clara", "David", "Edith", "Frank", "Grace", "Henry", "Irene", "James", "Kate", "Louis"]
FAMILIES = ["Miller", "Novak", "Rossi", "Tanaka", "Silva", "Weber", "Dubois", "Hansen", "Kowalski", "Byrne"]
PLACES = ["London", "Paris", "Oslo", "Prague", "Lisbon", "Vienna", "Dublin", "Kyoto", "Boston", "Geneva"]
SENTENCES = (
    "{a} moved to {place} in {year} and worked there as a teacher.",
    "In {year} {a} met {b} at a conference in {place}.",
    "{a} and {b} founded a company that builds instruments for the harbour of {place}.",
    "The museum of {place} bought a painting by {a} for {number} pounds.",
    "{a} does not live in {place} any more, because the winters are too long.",
    "When {b} was a child, the family spent every summer near {place}.",
    "{a} wrote {number} letters to {b}, and most of them were about the new bridge in {place}.",
    "Last spring {b} sold the old house in {place} to {a}.",
)


class Watch:
    """Adds up the time, and the processor time, that is spent in what it watches."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.seconds = self.cpu = 0.0

    def call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, watched."""

        def watched(*arguments: Any, **options: Any) -> Any:
            start, cpu = time.perf_counter(), time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds += time.perf_counter() - start
                self.cpu += time.process_time() - cpu

        return watched

    def stream(self, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """Return a function that returns an iterator, watched while it looks for the next item."""

        def watched(*arguments: Any, **options: Any) -> Iterator[Any]:
            items = function(*arguments, **options)
            following = self.call(lambda: next(items, None))
            while (item := following()) is not None:
                yield item

        return watched


class WatchedEmbedder:
    """An embedder under watch."""

    def __init__(self, embedder: Embedder, watch: Watch) -> None:
        self.name, self.dimension, self.count_tokens = embedder.name, embedder.dimension, embedder.count_tokens
        self.encoded = 0
        self._encode = watch.call(embedder.encode)

    def encode(self, texts: Sequence[str]) -> Any:
        self.encoded += len(texts)
        return self._encode(texts)


def made_up(words: int) -> Iterator[str]:
    """Yield notes of six sentences, until there are so many words."""
    chance = random.Random(0)
    people = [f"{first} {last}" for first in PEOPLE for last in FAMILIES]
    while words > 0:
        note = " ".join(
            chance.choice(SENTENCES).format(
                a=chance.choice(people),
                b=chance.choice(people),
                place=chance.choice(PLACES),
                year=chance.randint(1850, 2020),
                number=chance.randint(2, 900),
            )
            for _ in range(6)
        )
        words -= len(note.split())
        yield note


def items(text: Path | None, corpus: Path | None, words: int) -> list[dict[str, Any]]:
    """Return what is added: one document, the passages of a corpus, or notes."""
    if text is not None:
        return [{"text": text.read_text("utf-8"), "source": text.name}]
    if corpus is None:
        return [{"text": note} for note in made_up(words)]
    passages = json.loads(corpus.read_text("utf-8"))
    if isinstance(passages, list):
        return [{"text": passage["text"], "metadata": {"title": passage["title"]}} for passage in passages]
    return [{"text": "".join(sentences), "metadata": {"title": title}} for title, sentences in passages.items()]


@click.command(help=__doc__)
@click.option("--text", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Any text file.")
@click.option(
    "--corpus",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON: a list of {title, text}, or a map from titles to sentences, as HotpotQA has it.",
)
@click.option("--words", default=20_000, show_default=True, help="Length of the text that is made up.")
@click.option("--store", help="Where to add it, instead of a fresh SQLite file.")
@click.option("--batch-size", default=64, show_default=True)
def main(text: Path | None, corpus: Path | None, words: int, store: str | None, batch_size: int) -> None:
    added = items(text, corpus, words)
    count = sum(len(item["text"].split()) for item in added)
    encoder, parser = Watch(), Watch()
    embedder = WatchedEmbedder(open_embedder(), encoder)

    def report(episodes: int, characters: int) -> None:
        print(f"{episodes} episodes, {characters} characters", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        with Memory(":memory:", model=embedder) as warm:
            warm.add("Ada Lovelace moved to London in 1835.")
        language = sys.modules["spacy.language"].Language  # graphmem has loaded spaCy, in its own way
        language.pipe, language.__call__ = parser.stream(language.pipe), parser.call(language.__call__)
        with Memory(store or f"{folder}/memory.db", model=embedder) as memory:
            encoder.reset()
            parser.reset()
            embedder.encoded = 0
            start, cpu = time.perf_counter(), time.process_time()
            outcome = memory.add_many(added, batch_size=batch_size, progress=report)
            seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
            counts = memory.stats().counts
    models = encoder.seconds + parser.seconds
    result = {
        "words": count,
        "words_per_s": round(count / seconds),
        "seconds": round(seconds, 2),
        "models_s": round(models, 2),
        "other_s": round(seconds - models, 2),
        "overhead": round((seconds - models) / models, 3),
        "cpu_s": round(cpu, 2),
        "encoder_cpu_s": round(encoder.cpu, 2),
        "parser_cpu_s": round(parser.cpu, 2),
        "peak_mb": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        ),
        "texts_encoded": embedder.encoded,
        "failed": len(outcome.failed),
        **counts,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
