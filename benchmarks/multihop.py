"""Recall of the passages that multi-hop questions need: MuSiQue, HotpotQA, 2Wiki, through the front door."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.signals import SIGNALS, ablation, bm25_alone, dense_alone, signal_alone
from graphmem.memory import Memory

CUTS = (2, 5, 10)


def read_corpus(path: Path) -> list[tuple[str, str]]:
    """Read passages as (title, text) from a list of {title, text} or a map from title to sentences."""
    corpus = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(corpus, dict):
        return [(title, "".join(sentences).strip()) for title, sentences in corpus.items()]
    return [(passage["title"], passage["text"]) for passage in corpus]


def read_questions(path: Path, corpus: Sequence[tuple[str, str]]) -> list[tuple[str, set[int]]]:
    """Read questions, each with the numbers of the passages that support its answer; -1 stands for one not there."""
    place = {passage: number for number, passage in reversed(list(enumerate(corpus)))}
    title = {passage[0]: number for number, passage in reversed(list(enumerate(corpus)))}
    questions = []
    for item in json.loads(path.read_text(encoding="utf-8")):
        if "supporting_facts" in item:
            gold = {title.get(name, -1) for name, _ in item["supporting_facts"]}
        else:
            support = [(p["title"], p["paragraph_text"]) for p in item["paragraphs"] if p["is_supporting"]]
            gold = {place.get(passage, -1) for passage in support}
        questions.append((item["question"], gold))
    return questions


def fill(memory: Memory, corpus: Sequence[tuple[str, str]], *, titles: bool) -> None:
    """Add the passages; the source of each is its number."""

    def progress(done: int, characters: int) -> None:
        click.echo(f"\r{done} of {len(corpus)} passages, {characters:,} characters", nl=False, err=True)

    added = memory.add_many(
        (
            {"text": text, "source": str(number), "metadata": {"title": title} if titles else {}}
            for number, (title, text) in enumerate(corpus)
        ),
        progress=progress,
    )
    click.echo(err=True)
    for failure in added.failed:
        click.echo(f"not added: {failure.item!r:.80}: {failure.error}", err=True)


def passages(sources: Sequence[str | None]) -> list[int]:
    """Turn the sources of hits into numbers of passages, each once."""
    return list(dict.fromkeys(int(source) for source in sources if source is not None))


def measure(questions: Sequence[tuple[str, set[int]]], find: Callable[[str], list[int]]) -> dict[str, float]:
    """Return the mean recall at each cut, and how often all is found among the first five, in percent."""
    totals = dict.fromkeys([f"recall@{k}" for k in CUTS] + ["all@5"], 0.0)
    for question, gold in questions:
        found = find(question)
        for k in CUTS:
            totals[f"recall@{k}"] += len(gold & set(found[:k])) / len(gold)
        totals["all@5"] += gold <= set(found[:5])
    return {name: round(100 * total / len(questions), 1) for name, total in totals.items()}


@click.command(help=__doc__)
@click.option("--questions", "questions_path", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--corpus", "corpus_path", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--titles/--no-titles", default=True, show_default=True, help="Tell the memory the titles.")
@click.option("--store", help="Where to keep the graph; a temporary SQLite file if not given.")
@click.option("--group", default="multihop", show_default=True, help="The tenant.")
@click.option("--ablation", "ablate", is_flag=True, help="Measure again with each signal alone and without each.")
def main(questions_path: Path, corpus_path: Path, titles: bool, store: str | None, group: str, ablate: bool) -> None:
    corpus = read_corpus(corpus_path)
    questions = read_questions(questions_path, corpus)
    with (
        tempfile.TemporaryDirectory() as folder,
        Memory(store or Path(folder) / "multihop.db", group_id=group) as memory,
    ):
        start = time.perf_counter()
        fill(memory, corpus, titles=titles)
        index_s = time.perf_counter() - start
        sources = {episode.uuid: episode.source for episode in memory.episodes()}

        def search(question: str) -> list[int]:
            return passages([hit.source for hit in memory.search(question, top_k=3 * max(CUTS))])

        def alone(rank: Callable[[Memory, str, int], list[str]]) -> dict[str, float]:
            return measure(
                questions, lambda question: passages([sources[uuid] for uuid in rank(memory, question, 3 * max(CUTS))])
            )

        search("warm up")
        start = time.perf_counter()
        result: dict[str, Any] = measure(questions, search)
        query_ms = 1000 * (time.perf_counter() - start) / len(questions)
        result |= {
            "questions": len(questions),
            "passages": len(corpus),
            "titles": titles,
            "index_s": round(index_s, 1),
            "query_ms": round(query_ms, 1),
            "missing_gold": sum(-1 in gold for _, gold in questions),
        }
        result |= {f"dense_{name}": value for name, value in alone(dense_alone).items()}
        result |= {f"bm25_{name}": value for name, value in alone(bm25_alone).items()}
        if ablate:
            result["alone"] = {signal: alone(signal_alone(signal)) for signal in SIGNALS}
            result["without"] = ablation([memory], lambda: measure(questions, search))
        print(json.dumps(result))


if __name__ == "__main__":
    main()
