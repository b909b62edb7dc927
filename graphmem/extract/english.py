"""The default extractor: a spaCy pipeline reads, rules on its trees understand."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

from graphmem.errors import ModelError
from graphmem.extract.aliases import Aside, asides, without
from graphmem.extract.arguments import Arguments, span_words
from graphmem.extract.blocks import Block, blocks
from graphmem.extract.clauses import find_clauses
from graphmem.extract.coreference import HE, SHE, Referent, resolve
from graphmem.extract.events import find_events
from graphmem.extract.letters import letter
from graphmem.extract.markup import Plain, plain
from graphmem.extract.mentions import Names, find_names, plain_title
from graphmem.extract.reasons import left_out, outside, too_long
from graphmem.extract.segment import sentences
from graphmem.extract.timex import find
from graphmem.extract.tree import Tree
from graphmem.extract.triples import find_statements
from graphmem.extract.when import When
from graphmem.model import (
    Argument,
    EntityType,
    Episode,
    Extraction,
    Happening,
    Named,
    Span,
    Statement,
    TimeExpression,
    normal_name,
)

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from graphmem.extract import TokenReader

PACKAGED = Path(__file__).parent.parent / "english"
"""The pipelines that come with graphmem, one a profile; `training/` makes them."""
FAST, ACCURATE = "fast", "accurate"
"""The profiles: `accurate` reads the token states of the embedding model, in the pass that embeds the text."""
_QUOTED = re.compile(r"“[^”\n]{1,2000}”|\"[^\"\n]{1,2000}\"")


def load(pipeline: str | Path | None = None) -> Language:
    """Load a spaCy pipeline by profile, name or path, `accurate` by default; raises `ModelError` if that fails.

    The packaged pipelines need no torch, so that spaCy is kept from importing it: that takes 490 MB and seconds. To use
    a pipeline on torch in the same process, `import thinc` first.
    """
    pipeline = ACCURATE if pipeline is None else pipeline
    packaged = pipeline in (FAST, ACCURATE)
    with _no_torch() if packaged else nullcontext():
        import spacy

        if pipeline == ACCURATE:
            import graphmem.extract.states  # noqa: F401  (registers what its config names)

    name = PACKAGED / pipeline if packaged else pipeline
    try:
        loaded = spacy.load(name)
        if packaged:
            from graphmem.extract.weights import cast_weights

            cast_weights(loaded, "float32")
        return loaded
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"the spaCy pipeline {str(name)!r} cannot be loaded ({str(error).splitlines()[0]}): "
            'give a profile ("accurate", "fast"), the name of an installed pipeline '
            "(python -m spacy download en_core_web_sm) or the folder of one"
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

    `pipeline` is a profile ("fast", "accurate"), a name, a path or a loaded pipeline; by default "accurate", loaded
    on first use. `embedder` is one whose passes "accurate" shares, if it runs the built-in model.
    """

    def __init__(self, pipeline: str | Path | Language | None = None, *, embedder: TokenReader | None = None) -> None:
        self._given = pipeline
        self._embedder = embedder

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        """Read mentions, facts, events and times of each episode, with character spans into its text."""
        beside = [asides(episode.text) for episode in episodes]
        cut = [
            [without(block, aside) for block in blocks(episode.text)]
            for episode, aside in zip(episodes, beside, strict=True)
        ]
        parsed = iter(
            self._parse(cut, [(episode.titled, len(episode.titled) - len(episode.text)) for episode in episodes])
        )
        found = []
        for episode, pieces, aside in zip(episodes, cut, beside, strict=True):
            docs = [(next(parsed), block) for block in pieces if block.prose]
            found.append(_understand(episode, docs, pieces, aside))
        return found

    def trees(self, text: str) -> list[Doc]:
        """Parse a text as `extract` does; returns one document for each piece of prose."""
        beside = asides(text)
        return self._parse([[without(block, beside) for block in blocks(text)]], [(text, 0)])

    @cached_property
    def _pipeline(self) -> Language:
        given = self._given
        return load(given) if given is None or isinstance(given, (str, Path)) else given

    @cached_property
    def _reads_states(self) -> bool:
        from graphmem.extract.states import reads_states

        return reads_states(self._pipeline)

    def _parse(self, cut: Sequence[Sequence[Block]], texts: Sequence[tuple[str, int]]) -> list[Doc]:
        """Parse the prose of texts, in order; `texts` has each as it is embedded, and how much of that is title."""
        pipeline = self._pipeline
        docs = [[(pipeline.make_doc(block.text), block) for block in pieces if block.prose] for pieces in cut]
        if self._reads_states:
            self._give_states(docs, texts)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[W\d+\]", category=UserWarning)
            return list(pipeline.pipe((doc for pieces in docs for doc, _ in pieces), batch_size=64))

    def _give_states(self, docs: Sequence[Sequence[tuple[Doc, Block]]], texts: Sequence[tuple[str, int]]) -> None:
        """Read texts as they are embedded, and give each word its state."""
        from graphmem.extract.states import built_in_embedder, give_states

        embedder = self._embedder if self._embedder and self._embedder.built_in else built_in_embedder()
        read = [(pieces, text, before) for pieces, (text, before) in zip(docs, texts, strict=True) if pieces]
        readings = embedder.read([text for _, text, _ in read])
        for (pieces, _, before), reading in zip(read, readings, strict=True):
            for doc, block in pieces:
                give_states(doc, reading, [before + place for place in block.places])


def _understand(
    episode: Episode, docs: list[tuple[Doc, Block]], pieces: list[Block], beside: list[Aside]
) -> Extraction:
    read = plain(episode.text)
    text = read.spaced(len(episode.text))
    tree = Tree((doc, block.places) for doc, block in docs)
    times = [_placed(time, read) for time in find(read.text, episode.reference_time)]
    for time in times:
        tree.release(span_words(tree, (time.start, time.end)))
    recognised = [
        (block.places[entity.start_char], block.places[entity.end_char - 1] + 1, entity.label_)
        for doc, block in docs
        for entity in doc.ents
    ]
    title = episode.title
    known: list[tuple[str, EntityType]] = [(plain_title(title), "MISC")] if title else []
    known += [(name, "PERSON") for name in (episode.speaker, episode.addressee) if name]
    known += [(block.speaker, "PERSON") for block in pieces if block.speaker]
    writer, reader = letter(text) if episode.speaker is None else (None, None)
    known += [(name, "PERSON") for name in (writer, reader) if name]
    names = find_names(tree, text, recognised, times, known, beside, title)
    speakers = [block.speaker or episode.speaker or writer for doc, block in docs for _ in range(len(doc))]
    quoted = _quoted(tree, text)
    referents = resolve(
        tree,
        names,
        speakers=speakers,
        addressees=_addressees(speakers, episode.addressee or reader),
        title=title,
        quoted=quoted,
    )
    arguments = Arguments(tree, text, names, referents, times, title=plain_title(title) if title else None)
    clauses = find_clauses(tree, people=names.words("PERSON"), places=names.words("LOC"), things=names.words("ORG"))
    when = When(arguments, clauses, times, episode.reference_time)
    facts = find_statements(arguments, clauses, when)
    events = find_events(
        arguments, clauses, when, reference_time=episode.reference_time, spoken=episode.speaker is not None
    )
    if endless := too_long(tree):
        facts = list(compress(facts, outside([fact.start for fact in facts], endless)))
        events = list(compress(events, outside([event.start for event in events], endless)))
    others = {(tree.starts[i], tree.ends[i]): referent.others for i, referent in referents.items() if referent.others}
    return Extraction(
        sentences=_sentences(tree, text, pieces, times),
        mentions=_mentions(tree, names, referents, title),
        facts=tuple(each for fact in facts for each in _of_each(fact, others) if not _of_itself(each)),
        events=tuple(_with_all(event, others) for event in events),
        times=tuple(times),
        left_out=left_out(
            tree,
            pieces,
            predicates=clauses.at,
            resolved=referents,
            speakers=speakers,
            quoted={i for first, last in quoted for i in range(first, last)},
        ),
    )


def _placed(time: TimeExpression, read: Plain) -> TimeExpression:
    start, end = read.span(time.start, time.end)
    return time if read.unchanged else time.model_copy(update={"start": start, "end": end})


def _of_each(fact: Statement, others: Mapping[Span, Sequence[str]]) -> Iterator[Statement]:
    """The fact, once for each of those that "they" means."""
    yield fact
    for end in ("subject", "object"):
        argument: Argument = getattr(fact, end)
        for name in others.get((argument.start, argument.end), ()):
            yield fact.model_copy(update={end: argument.model_copy(update={"name": name})})


def _of_itself(fact: Statement) -> bool:
    """Does a fact say of something only its own other name?"""
    return fact.subject.name is not None and fact.subject.name == fact.object.name


def _with_all(event: Happening, others: Mapping[Span, Sequence[str]]) -> Happening:
    """The event with everybody that "they" means among its participants."""
    more = [
        (role, argument.model_copy(update={"name": name}))
        for role, argument in event.participants
        for name in others.get((argument.start, argument.end), ())
    ]
    return event.model_copy(update={"participants": (*event.participants, *more)}) if more else event


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
    found += [Named(start=start, end=end, name=name, type=type) for start, end, name, type in names.aliases]
    found += [
        Named(start=tree.starts[i], end=tree.ends[i], name=name, type=referent.type, pronoun=True)
        for i, referent in referents.items()
        for name in (referent.name, *referent.others)
    ]
    found.sort(key=lambda named: (named.start, named.end))
    if title:
        same = (named.type for named in found if normal_name(named.name) == normal_name(plain_title(title)))
        found.insert(0, Named(start=0, end=0, name=title.strip(), type=next(same, "MISC"), pronoun=True))
    return tuple(found)


def _addressees(speakers: Sequence[str | None], addressee: str | None) -> list[str | None]:
    """To whom each word is said: the other one, where the lines of a text name two speakers."""
    two = sorted({speaker for speaker in speakers if speaker is not None})
    if len(two) != 2:
        return [addressee] * len(speakers)
    other = {two[0]: two[1], two[1]: two[0]}
    return [other.get(speaker or "", addressee) for speaker in speakers]


def _quoted(tree: Tree, text: str) -> list[Span]:
    """The runs of words inside quotation marks."""
    return [(words.start, words.stop) for match in _QUOTED.finditer(text) if (words := span_words(tree, match.span()))]


def _sentences(tree: Tree, text: str, pieces: list[Block], times: Sequence[TimeExpression]) -> tuple[Span, ...]:
    """Sentences as the parser sees them, but none that ends within a time; by punctuation where nothing was parsed."""
    spans = [(tree.starts[first], tree.ends[last - 1]) for first, last in tree.sentences if last > first]
    for block in pieces:
        if not block.prose:
            spans += [(block.places[start], block.places[end - 1] + 1) for start, end in sentences(block.text)]
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and any(time.start < start < time.end and time.start < whole[-1][1] for time in times):
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return tuple(whole)
