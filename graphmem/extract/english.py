"""The default extractor: a spaCy pipeline reads, rules on its trees understand."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from graphmem.errors import ModelError
from graphmem.extract.arguments import Arguments, span_words
from graphmem.extract.blocks import Block, blocks
from graphmem.extract.clauses import find_clauses
from graphmem.extract.coreference import HE, SHE, Referent, resolve
from graphmem.extract.events import find_events
from graphmem.extract.mentions import Names, find_names
from graphmem.extract.segment import sentences
from graphmem.extract.timex import find
from graphmem.extract.tree import Tree
from graphmem.extract.triples import find_statements
from graphmem.extract.when import When
from graphmem.model import EntityType, Episode, Extraction, Named, Span, normal_name

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PACKAGED = Path(__file__).parent.parent / "english"
"""The pipeline that comes with graphmem; `training/` makes it."""
_QUOTED = re.compile(r"“[^”\n]{1,2000}”|\"[^\"\n]{1,2000}\"")


def load(pipeline: str | Path | None = None) -> Language:
    """Load a spaCy pipeline by name or path, the packaged one by default; raises `ModelError` if that fails.

    The packaged pipeline needs no torch, so that spaCy is kept from importing it: that takes 490 MB and seconds. To use
    a pipeline on torch in the same process, `import thinc` first.
    """
    with _no_torch() if pipeline is None else nullcontext():
        import spacy

    name = PACKAGED if pipeline is None else pipeline
    try:
        return spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"the spaCy pipeline {str(name)!r} cannot be loaded ({str(error).splitlines()[0]}): "
            "give the name of an installed pipeline (python -m spacy download en_core_web_sm) or the folder of one"
        ) from error


@contextmanager
def _no_torch() -> Iterator[None]:
    """Make imports do without torch, unless it or thinc, which would ask for it, is here already."""
    if "torch" in sys.modules or "thinc" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]


class EnglishExtractor:
    """Reads episodes with a spaCy pipeline and dependency rules; the same text always gives the same extraction.

    `pipeline` is a name, a path or a loaded pipeline; by default the packaged one, loaded on first use.
    """

    def __init__(self, pipeline: str | Path | Language | None = None) -> None:
        self._given = pipeline
        self._loaded: Language | None = None

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        """Read mentions, facts, events and times of each episode, with character spans into its text."""
        cut = [blocks(episode.text) for episode in episodes]
        parsed = iter(self._parse([block.text for pieces in cut for block in pieces if block.prose]))
        found = []
        for episode, pieces in zip(episodes, cut, strict=True):
            docs = [(next(parsed), block) for block in pieces if block.prose]
            found.append(_understand(episode, docs, pieces))
        return found

    @property
    def _pipeline(self) -> Language:
        if self._loaded is None:
            given = self._given
            self._loaded = load(given) if given is None or isinstance(given, (str, Path)) else given
        return self._loaded

    def _parse(self, texts: list[str]) -> list[Doc]:
        if not texts:
            return []
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[W\d+\]", category=UserWarning)
            return list(self._pipeline.pipe(texts, batch_size=64))


def _understand(episode: Episode, docs: list[tuple[Doc, Block]], pieces: list[Block]) -> Extraction:
    text = episode.text
    tree = Tree((doc, block.places) for doc, block in docs)
    times = find(text, episode.reference_time)
    for time in times:
        tree.release(span_words(tree, (time.start, time.end)))
    recognised = [
        (block.places[entity.start_char], block.places[entity.end_char - 1] + 1, entity.label_)
        for doc, block in docs
        for entity in doc.ents
    ]
    title = episode.title
    known: list[tuple[str, EntityType]] = [(_plain_title(title), "MISC")] if title else []
    known += [(name, "PERSON") for name in (episode.speaker, episode.addressee) if name]
    known += [(block.speaker, "PERSON") for block in pieces if block.speaker]
    names = find_names(tree, text, recognised, times, known)
    speakers = [block.speaker or episode.speaker for doc, block in docs for _ in range(len(doc))]
    quoted = _quoted(tree, text)
    referents = resolve(tree, names, speakers=list(speakers), addressee=episode.addressee, title=title, quoted=quoted)
    arguments = Arguments(tree, text, names, referents, times, title=_plain_title(title) if title else None)
    clauses = find_clauses(tree, people=names.words("PERSON"), places=names.words("LOC"), things=names.words("ORG"))
    when = When(arguments, clauses, times, episode.reference_time)
    return Extraction(
        sentences=_sentences(tree, text, pieces),
        mentions=_mentions(tree, names, referents, title),
        facts=tuple(find_statements(arguments, clauses, when)),
        events=tuple(
            find_events(
                arguments, clauses, when, reference_time=episode.reference_time, spoken=episode.speaker is not None
            )
        ),
        times=tuple(times),
    )


def _mentions(tree: Tree, names: Names, referents: dict[int, Referent], title: str | None) -> tuple[Named, ...]:
    people = {referent.name for i, referent in referents.items() if tree.lower[i] in HE | SHE}
    found = [
        Named(
            start=tree.starts[m.first],
            end=tree.ends[m.last - 1],
            name=m.name,
            type="PERSON" if m.name in people else m.type,
        )
        for m in names.mentions
    ]
    found += [
        Named(start=tree.starts[i], end=tree.ends[i], name=referent.name, type=referent.type, pronoun=True)
        for i, referent in referents.items()
    ]
    found.sort(key=lambda named: (named.start, named.end))
    if title:
        same = (named.type for named in found if normal_name(named.name) == normal_name(_plain_title(title)))
        found.insert(0, Named(start=0, end=0, name=title.strip(), type=next(same, "MISC"), pronoun=True))
    return tuple(found)


def _plain_title(title: str) -> str:
    return re.sub(r"\s*\([^()]*\)\s*$", "", title).strip() or title.strip()


def _quoted(tree: Tree, text: str) -> set[int]:
    """The words inside quotation marks."""
    spans = [match.span() for match in _QUOTED.finditer(text)]
    inside: set[int] = set()
    k = 0
    for i, start in enumerate(tree.starts):
        while k < len(spans) and spans[k][1] <= start:
            k += 1
        if k < len(spans) and spans[k][0] <= start:
            inside.add(i)
    return inside


def _sentences(tree: Tree, text: str, pieces: list[Block]) -> tuple[Span, ...]:
    """Sentences as the parser sees them; by punctuation where nothing was parsed."""
    spans = [(tree.starts[first], tree.ends[last - 1]) for first, last in tree.sentences if last > first]
    for block in pieces:
        if not block.prose:
            spans += [(block.places[start], block.places[end - 1] + 1) for start, end in sentences(block.text)]
    return tuple(sorted(spans))
