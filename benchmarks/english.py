"""How well the English pipeline reads: `python -m benchmarks.english --parse F.spacy` or `--ner F.spacy`.

The gold documents' raw text is tokenised and analysed anew; scores are percentages by spaCy's scorer, which counts a
token, arc or entity only where the spans agree, and leaves punctuation out of UAS and LAS. With a plain text file,
`--text F`, it measures the speed of all of extraction instead; `--linear` measures whether that speed stays the same
when one text that is no prose (a sentence without an end, a table, code) becomes twice and four times as long.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from graphmem.extract.english import EnglishExtractor, load
from graphmem.extract.segment import segment
from graphmem.model import Episode


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.english", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--parse", type=Path, help="DocBin with UD trees: prints uas, las, tag_acc, lemma_acc, sents_f")
    what.add_argument("--ner", type=Path, help="DocBin with entities: prints ner_f and each label")
    what.add_argument("--text", type=Path, help="any text file: prints the speed of extraction, and what it found")
    what.add_argument(
        "--linear", action="store_true", help="prints words_per_cpu_s of n, 2n and 4n words, and the ratio"
    )
    parser.add_argument("--words", type=int, default=25_000, help="n for --linear")
    take_profile(parser)
    arguments = parser.parse_args()
    report: dict[str, Any]
    if arguments.linear:
        report = linear(arguments.words, arguments.pipeline)
    elif arguments.text:
        report = read(arguments.text.read_text(encoding="utf-8"), arguments.pipeline)
    else:
        report = score(arguments.parse or arguments.ner, arguments.pipeline, trees=arguments.parse is not None)
    print(json.dumps(report))


def take_profile(parser: argparse.ArgumentParser) -> None:
    """Let a command be told with which pipeline to read, as `arguments.pipeline`."""
    parser.add_argument(
        "--profile",
        "--pipeline",
        dest="pipeline",
        help="fast, accurate (the default), or the name or path of another spaCy pipeline",
    )


def score(path: Path, pipeline: str | None, *, trees: bool) -> dict[str, Any]:
    """Analyse the raw text of a gold DocBin and compare."""
    from spacy.scorer import Scorer
    from spacy.tokens import DocBin
    from spacy.training import Example

    nlp = load(pipeline)
    gold = list(DocBin().from_disk(path).get_docs(nlp.vocab))
    texts = [doc.text for doc in gold]
    list(nlp.pipe(texts[:20]))
    print(f"{len(texts)} documents", file=sys.stderr)
    start = time.process_time()
    guessed = list(nlp.pipe(texts))
    seconds = time.process_time() - start
    found = Scorer(nlp).score([Example(doc, truth) for doc, truth in zip(guessed, gold, strict=True)])
    report: dict[str, Any] = {
        "documents": len(gold),
        "tokens": sum(map(len, gold)),
        "token_f": percent(found["token_f"]),
    }
    if trees:
        names = {
            "uas": "dep_uas",
            "las": "dep_las",
            "tag_acc": "tag_acc",
            "lemma_acc": "lemma_acc",
            "sents_f": "sents_f",
        }
        report |= {name: percent(found[key]) for name, key in names.items()}
    else:
        report |= {
            "ner_f": percent(found["ents_f"]),
            "ner_p": percent(found["ents_p"]),
            "ner_r": percent(found["ents_r"]),
        }
        report |= {label: percent(values["f"]) for label, values in sorted(found["ents_per_type"].items())}
    return report | {"words_per_cpu_s": round(sum(len(text.split()) for text in texts) / seconds)}


def read(text: str, pipeline: str | None) -> dict[str, Any]:
    """Extract from a text and say how fast that was and how much came out."""
    extractor = EnglishExtractor(pipeline)
    moment = datetime(2024, 1, 1, tzinfo=timezone.utc)
    passages = [
        Episode(group_id="benchmark", text=passage, reference_time=moment, created_at=moment)
        for passage in segment(text)
    ]
    extractor.extract(passages[:5])
    print(f"{len(passages)} episodes", file=sys.stderr)
    start = time.process_time()
    found = extractor.extract(passages)
    seconds = time.process_time() - start
    counts = {name: sum(len(getattr(one, name)) for one in found) for name in ("mentions", "facts", "events", "times")}
    return {"episodes": len(passages), **counts, "words_per_cpu_s": round(len(text.split()) / seconds)}


ENDLESS = {
    "sentence": "and then the old man who lived by the sea in Harwick went to see his friend Tom as it rained ",
    "names": "Ann and Ben Carter and ",
    "table": "Ann Carter\t31\tRome\tpainter\nBen Doyle\t29\tOslo\tteacher\n",
    "code": "for name in names:\n    if name.lower() == x:\n        found[name] = [look_up(name, y) for y in z]\n",
    "markup": "<td><b>Ann</b></td> <p>*Ben* lives in [Oslo](https://example.org/a_b)</p> ",
    "brackets": 'Ann ("Bill") Carter (born 1951) said (WHO) that she ("her") (left) ',
    "no spaces": "abc_" * 25 + " ",
}
"""What is repeated until it has as many words as asked for."""


def linear(words: int, pipeline: str | None) -> dict[str, Any]:
    """Extract from texts of n, 2n and 4n words in one piece; a `ratio` near 1 means that time grows with the length."""
    extractor = EnglishExtractor(pipeline)
    moment = datetime(2024, 1, 1, tzinfo=timezone.utc)

    def speed(text: str) -> int:
        episode = Episode(group_id="benchmark", text=text, reference_time=moment, created_at=moment)
        start = time.process_time()
        extractor.extract([episode])
        return round(len(text.split()) / (time.process_time() - start))

    report: dict[str, Any] = {}
    for name, piece in ENDLESS.items():
        times = words // len(piece.split())
        speed(piece * (times // 10))
        speeds = [speed(piece * times * size) for size in (1, 2, 4)]
        report[name] = {"words_per_cpu_s": speeds, "ratio": round(speeds[2] / speeds[0], 2)}
        print(name, report[name], file=sys.stderr)
    return report


def percent(share: float) -> float:
    """A share as the percentage that is printed."""
    return round(100 * share, 2)


if __name__ == "__main__":
    main()
