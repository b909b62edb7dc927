"""Open information extraction from sentences: `python -m benchmarks.openie --sentences F.txt --out P.tsv`.

One sentence a line, in tokens as the Penn Treebank has them. The predictions are written as CaRB (Bhardwaj et al. 2019)
reads them: sentence, confidence, predicate, subject, object, further arguments, in tokens of the sentence.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.english import take_profile
from graphmem.extract.english import load
from graphmem.extract.tree import Tree
from graphmem.extract.tuples import Part, Tuple, find_tuples
from graphmem.model import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ESCAPED = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
    "`": "'",
}
_CLOSING = re.compile(r"(?:[.,;:?!%)\]}]|\.\.\.|n't|'(?:s|re|ve|ll|d|m|S)?|'')$")
"""Tokens without a space before them."""
_OPENING = frozenset({"(", "[", "{", "$", "US$", "#", "``", "`", "-LRB-", "-LSB-", "-LCB-"})
"""Tokens without a space after them."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.openie", description=__doc__)
    parser.add_argument("--sentences", type=Path, required=True, help="one sentence a line")
    parser.add_argument("--out", type=Path, required=True, help="where the predictions go")
    take_profile(parser)
    arguments = parser.parse_args()
    sentences = [line for line in arguments.sentences.read_text(encoding="utf-8").split("\n") if line.strip()]
    print(json.dumps(predict(sentences, arguments.out, arguments.pipeline)))


def predict(sentences: list[str], out: Path, pipeline: str | None) -> dict[str, Any]:
    """Write the tuples of each sentence, and say how many there were and how fast they came."""
    nlp = load(pipeline)
    plain = [untokenised(sentence.split()) for sentence in sentences]
    texts = [text for text, _ in plain]
    list(nlp.pipe(texts[:20]))
    print(f"{len(sentences)} sentences", file=sys.stderr)
    count = 0
    start = time.process_time()
    with out.open("w", encoding="utf-8") as lines:
        docs = nlp.pipe(one_sentence(nlp.make_doc(text)) for text in texts)
        for sentence, (text, places), doc in zip(sentences, plain, docs, strict=True):
            for found in find_tuples(Tree([(doc, range(len(text) + 1))]), text):
                row = [sentence, f"{found.confidence:.4f}", *cells(found, sentence.split(), places)]
                lines.write("\t".join(row) + "\n")
                count += 1
    seconds = time.process_time() - start
    words = sum(len(sentence.split()) for sentence in sentences)
    return {"sentences": len(sentences), "tuples": count, "words_per_cpu_s": round(words / seconds)}


def one_sentence(doc: Doc) -> Doc:
    """Keep the parser from cutting a line."""
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


def untokenised(tokens: list[str]) -> tuple[str, list[Span]]:
    """Undo the tokenisation of the Penn Treebank, and say where in the text each token stands.

    >>> untokenised("`` We do n't -LRB- yet -RRB- sell gene - spliced corn , '' he said .".split())[0]
    '"We don\\'t (yet) sell gene-spliced corn," he said.'
    """
    text = ""
    places: list[Span] = []
    glued = True
    for i, token in enumerate(tokens):
        hyphen = token == "-" and 0 < i < len(tokens) - 1 and tokens[i - 1][-1].isalnum() and tokens[i + 1][0].isalnum()
        if not (glued or hyphen or token in ("-RRB-", "-RSB-", "-RCB-") or _CLOSING.match(token)):
            text += " "
        plain = _ESCAPED.get(token) or token.replace("\\/", "/")
        places.append((len(text), len(text) + len(plain)))
        text += plain
        glued = hyphen or token in _OPENING
    return text, places


def cells(found: Tuple, tokens: list[str], places: list[Span]) -> Iterator[str]:
    """Predicate, subject, object and further arguments of a tuple, in tokens of the sentence."""
    for part in (found.predicate, found.subject, found.object, *found.others):
        if part is not None:
            yield " ".join(_tokens(part, tokens, places))


def _tokens(part: Part, tokens: list[str], places: list[Span]) -> list[str]:
    inside = [i for start, end in part.spans for i, (a, b) in enumerate(places) if a < end and b > start]
    return [*part.added.split(), *(tokens[i] for i in dict.fromkeys(inside))]


if __name__ == "__main__":
    main()
