"""How many facts are right: `python -m benchmarks.facts --hotpotqa F --musique F`, two corpora of passages.

`facts_judged.jsonl` has facts that were drawn at random (`--sample 200 --seed 4099`, both corpora) and judged by hand
against their sentence: corpus, title of the passage, number of the sentence in it, subject, predicate, object, verdict
and reason; no text of a passage. They are extracted anew: `still_found` of them come again, `share` percent of these
are right, and what else the same sentences give is listed as unjudged. `--sample 200 --seed 7 --out F.jsonl` draws
anew, prints each fact below its sentence, and writes the lines with empty verdicts.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import click

from benchmarks.multihop import read_corpus
from graphmem.extract.english import EnglishExtractor
from graphmem.model import Episode, Statement

JUDGED = Path(__file__).parent / "facts_judged.jsonl"
MOMENT = datetime(2024, 1, 1, tzinfo=timezone.utc)


class Found(NamedTuple):
    """A fact with where it was found."""

    corpus: str
    title: str
    sentence: int
    text: str
    """The sentence, never written to a file."""
    statement: Statement

    @property
    def line(self) -> dict[str, Any]:
        """The fact as it is judged: its ends by name, and what is not plainly asserted in front of the predicate."""
        fact = self.statement
        marks = ["not"] * fact.negated + [fact.modality] * (fact.modality != "asserted")
        return {
            "corpus": self.corpus,
            "title": self.title,
            "sentence": self.sentence,
            "subject": fact.subject.name or fact.subject.text,
            "predicate": f"({', '.join(marks)}) {fact.predicate}" if marks else fact.predicate,
            "object": fact.object.name or fact.object.text,
        }


def extract(corpora: dict[str, Path]) -> tuple[list[Found], int]:
    """Extract the facts of all passages, in order, and count the words."""
    found: list[Found] = []
    words = 0
    for corpus, path in corpora.items():
        passages = [
            Episode(group_id="facts", text=text, reference_time=MOMENT, created_at=MOMENT, metadata={"title": title})
            for title, text in read_corpus(path)
            if text.strip()
        ]
        click.echo(f"{corpus}: {len(passages)} passages", err=True)
        words += sum(len(passage.text.split()) for passage in passages)
        for passage, extraction in zip(passages, EnglishExtractor().extract(passages), strict=True):
            for fact in extraction.facts:
                place = max(n for n, (start, _) in enumerate(extraction.sentences) if start <= fact.start)
                start, end = extraction.sentences[place]
                sentence = " ".join(passage.text[start : max(end, fact.end)].split())
                found.append(Found(corpus, passage.title or "", place, sentence, fact))
    return found, words


def compare(judged: list[dict[str, Any]], found: list[Found]) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """Count the judged facts that are found again, and give those beside them that nobody has judged."""
    at: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        at[place(one.line)].append(one.line)
    verdicts = {(*place(line), *triple(line)): line["verdict"] for line in judged}
    again = [line for key in {place(line): None for line in judged} for line in _distinct(at[key])]
    counted = [verdicts.get((*place(line), *triple(line))) for line in again]
    right, wrong = counted.count("right"), counted.count("wrong")
    report = {
        "right": right,
        "wrong": wrong,
        "share": round(100 * right / (right + wrong), 1) if right + wrong else None,
        "judged": len(judged),
        "still_found": right + wrong,
        "unjudged": counted.count(None),
    }
    return report, (line for line, verdict in zip(again, counted, strict=True) if verdict is None)


def _distinct(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each fact of a sentence once: a corpus may have two passages of one title."""
    return list({triple(line): line for line in lines}.values())


def place(line: dict[str, Any]) -> tuple[object, ...]:
    """The sentence of a line."""
    return line["corpus"], line["title"], line["sentence"]


def triple(line: dict[str, Any]) -> tuple[object, ...]:
    """The fact of a line."""
    return line["subject"], line["predicate"], line["object"]


def draw(found: list[Found], size: int, seed: int) -> list[Found]:
    """Draw facts at random, the same ones for the same seed and facts."""
    return random.Random(seed).sample(found, min(size, len(found)))


@click.command(help=__doc__)
@click.option("--hotpotqa", required=True, type=click.Path(exists=True, path_type=Path), help="A corpus of passages.")
@click.option("--musique", required=True, type=click.Path(exists=True, path_type=Path), help="Another one.")
@click.option("--judged", "judged_path", default=JUDGED, type=click.Path(path_type=Path), help="The judged facts.")
@click.option("--sample", type=click.IntRange(min=1), help="Draw so many facts to be judged, and print them.")
@click.option("--seed", default=4099, show_default=True, help="The seed of the sample.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the sample, with empty verdicts.")
def main(hotpotqa: Path, musique: Path, judged_path: Path, sample: int | None, seed: int, out: Path | None) -> None:
    found, words = extract({"hotpotqa": hotpotqa, "musique": musique})
    totals = {"facts_total": len(found), "facts_per_100_words": round(100 * len(found) / words, 2)}
    if sample is not None:
        drawn = draw(found, sample, seed)
        for number, one in enumerate(drawn, start=1):
            line = one.line
            click.echo(f"{number}. [{one.title}] {one.text}", err=True)
            click.echo(f"   {line['subject']} | {line['predicate']} | {line['object']}", err=True)
        if out is not None:
            lines = [json.dumps({**one.line, "verdict": "", "reason": ""}, ensure_ascii=False) for one in drawn]
            out.write_text("\n".join(lines) + "\n", encoding="utf-8")
        click.echo(json.dumps({"sample": len(drawn), "seed": seed, **totals}))
        return
    judged = [json.loads(line) for line in judged_path.read_text(encoding="utf-8").splitlines() if line]
    report, unjudged = compare(judged, found)
    for line in unjudged:
        click.echo(f"unjudged: {json.dumps(line, ensure_ascii=False)}", err=True)
    click.echo(json.dumps({**report, **totals}))


if __name__ == "__main__":
    main()
