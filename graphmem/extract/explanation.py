"""What was understood of a text, for people: in a terminal, in a notebook, as a picture of its dependency trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from html import escape
from io import StringIO
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from graphmem.errors import InvalidInput
from graphmem.model import (
    Argument,
    Episode,
    Extraction,
    Extractor,
    Happening,
    LeftOut,
    Named,
    Statement,
    TimeExpression,
    check_text,
    utc,
)
from graphmem.results import day

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from spacy.tokens import Doc, Span, Token

    from graphmem.extract.english import EnglishExtractor

WIDTH = 100
"""Columns of a terminal that `str` writes for."""

_CONTROL = dict.fromkeys({*range(32), 0x7F, *range(0x80, 0xA0)} - {ord("\n")}, " ")
"""What might give orders to a terminal."""

_Row = tuple[str, ...]


class Drawing(str):
    """A picture as SVG markup; a notebook shows it."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Explanation:
    """What an extractor understood of a text; prints well, and a notebook shows it with names and times highlighted."""

    episode: Episode
    extraction: Extraction
    extractor: Extractor

    def trees(self) -> list[Doc]:
        """Return spaCy's dependency trees, one document for each piece of prose; none if the extractor makes none."""
        trees = getattr(self.extractor, "trees", None)
        return [] if trees is None else [doc for doc in trees(self.episode.text) if doc.has_annotation("DEP")]

    def tree(self) -> str:
        """Return the dependency trees as text, a line for each word; raises `InvalidInput` if there are none."""
        return "\n\n".join("\n".join(_branches(sentence.root)) for sentence in self._parsed())

    def draw(self) -> Drawing:
        """Return displaCy's picture of the trees, one below the other; raises `InvalidInput` if there are none."""
        from spacy.displacy import parse_deps
        from spacy.displacy.render import DependencyRenderer

        renderer = DependencyRenderer({"compact": True, "distance": 110})
        pictures: list[str] = []
        width = height = 0
        for sentence in self._parsed():
            parsed = parse_deps(sentence)
            picture = renderer.render_svg(f"sentence-{len(pictures)}", parsed["words"], parsed["arcs"]).strip()
            pictures.append(picture.replace("<svg ", f'<svg y="{height}" ', 1))
            width, height = max(width, renderer.width), height + int(renderer.height)
        return Drawing(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{"".join(pictures)}</svg>'
        )

    def page(self) -> str:
        """Return a HTML page of its own: what a notebook shows and, where there are trees, their picture."""
        picture = f'<div style="overflow-x: auto">{self.draw()}</div>' if self.trees() else ""
        title = escape(shorten(self.episode.text, 60, placeholder=" ..."))
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
            f'<body style="margin: 2em; font-family: sans-serif">\n{self._repr_html_()}\n{picture}\n</body></html>\n'
        )

    def _parsed(self) -> list[Span]:
        found = [sentence for doc in self.trees() for sentence in doc.sents]
        if not found:
            raise InvalidInput(
                "there is no dependency tree to draw: the text has no English prose, or "
                f"{type(self.extractor).__name__} has no parser (a spaCy pipeline with one is built in)"
            )
        return found

    def sections(self) -> list[tuple[str, list[_Row]]]:
        """Return what was understood as titled tables of text: names, facts, events, times, and what was left out."""
        text, found = self.episode.text, self.extraction
        said = f"Times, counted from {day(self.episode.reference_time)}"
        tables: list[tuple[str, list[_Row]]] = [
            ("Sentences", [(_span(*span), _piece(text, *span)) for span in found.sentences]),
            ("Names", [_named(text, named) for named in found.mentions]),
            ("Facts", [_fact(fact) for fact in found.facts]),
            ("Events", [_event(text, event) for event in found.events]),
            (said, [_time(time) for time in found.times]),
            ("Left out", [_left_out(text, piece) for piece in found.left_out]),
        ]
        return [
            (title, [tuple(cell.translate(_CONTROL) for cell in row) for row in rows]) for title, rows in tables if rows
        ]

    def __str__(self) -> str:
        from rich.console import Console

        console = Console(file=StringIO(), width=WIDTH, color_system=None, legacy_windows=False)
        console.print(self)
        printed: str = console.file.getvalue()  # type: ignore[attr-defined]
        return "\n".join(line.rstrip() for line in printed.splitlines())

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        sections = self.sections()
        for number, (title, rows) in enumerate(sections):
            if number:
                yield Text("")
            yield Text(title, style="bold")
            table = Table.grid(padding=(0, 2, 0, 0))
            single = title == "Sentences"
            for column in range(max(map(len, rows))):
                table.add_column(
                    justify="right" if column == 0 else "left",
                    style="dim" if column == 0 else "",
                    no_wrap=column == 0 or single,
                    overflow="ellipsis" if single else "fold",
                )
            for row in rows:
                table.add_row(*map(Text, row))
            yield Padding(table, (0, 0, 0, 2))
        if not (self.extraction.facts or self.extraction.events):
            yield Text("\nNo fact and no event." if sections else "Nothing was understood.")

    def _repr_html_(self) -> str:
        from spacy import displacy

        marked = displacy.render(
            {"text": self.episode.text, "ents": list(_marks(self.extraction)), "title": None},
            style="ent",
            manual=True,
            jupyter=False,
        )
        tables = [_table(title, rows) for title, rows in self.sections() if title not in ("Sentences", "Names")]
        return "\n".join([marked, *tables])


def explain(
    text: str,
    *,
    reference_time: datetime | str | None = None,
    speaker: str | None = None,
    addressee: str | None = None,
    title: str | None = None,
    extractor: str | Path | Extractor | None = None,
) -> Explanation:
    """Read a text as one episode and explain what was understood; see `graphmem.extract.explain`."""
    now = datetime.now(timezone.utc)
    episode = Episode(
        group_id="explain",
        text=check_text(text),
        created_at=now,
        reference_time=now if reference_time is None else utc(reference_time),
        speaker=speaker,
        addressee=addressee,
        metadata={"title": title} if title else {},
    )
    reader: Extractor
    if extractor is None or isinstance(extractor, (str, Path)):
        reader = _english(extractor)
    else:
        from graphmem.extract import open_extractor

        reader = open_extractor(extractor)
    (extraction,) = reader.extract([episode])
    return Explanation(episode, extraction, reader)


@lru_cache(maxsize=4)
def _english(pipeline: str | Path | None) -> EnglishExtractor:
    """One extractor for each pipeline, so that a notebook loads it once."""
    from graphmem.extract.english import EnglishExtractor

    return EnglishExtractor(pipeline)


# The rows of the tables


def _named(text: str, named: Named) -> _Row:
    written = _piece(text, named.start, named.end)
    stands_for = f"stands for {named.name}" if named.name != written and named.end else ""
    return _span(named.start, named.end), written or named.name, named.type, stands_for if named.end else "the title"


def _fact(fact: Statement) -> _Row:
    lines = [f"{_told(fact.subject)} → {fact.predicate} → {_told(fact.object)}"]
    lines += [f"  {role}: {_told(argument)}" for role, argument in fact.others]
    return _span(fact.start, fact.end), "\n".join(lines), _when(fact), f"{fact.confidence:.2f}", _stance(fact)


def _event(text: str, event: Happening) -> _Row:
    lines = [f"{event.predicate}: {_piece(text, event.start, event.end)}"]
    lines += [f"  {role}: {_told(argument)}" for role, argument in event.participants]
    lines += [f"  place: {_told(event.place)}"] if event.place else []
    how = ["undated" if event.anchor == "unknown" else event.anchor, event.tense, _stance(event)]
    return _span(event.start, event.end), "\n".join(lines), _when(event), ", ".join(word for word in how if word)


def _time(time: TimeExpression) -> _Row:
    how = [time.granularity, time.anchor, time.relation if time.relation != "at" else None]
    return _span(time.start, time.end), time.text, _when(time), ", ".join(word for word in how if word)


def _told(argument: Argument) -> str:
    if argument.name is None:
        return f'"{argument.text}"' + (f" ({argument.literal})" if argument.literal != "text" else "")
    return argument.name


def _stance(statement: Statement | Happening) -> str:
    words = ["negated" if statement.negated else "", statement.modality if statement.modality != "asserted" else ""]
    return ", ".join(word for word in words if word)


def _when(record: Statement | Happening | TimeExpression) -> str:
    first, last = (day(moment) if moment else "" for moment in (record.valid_at, record.invalid_at))
    return f"{first} .. {last}".strip() if first or last else ""


def _span(start: int, end: int) -> str:
    return f"{start}-{end}"


def _left_out(text: str, piece: LeftOut) -> _Row:
    return _span(piece.start, piece.end), piece.reason, _piece(text, piece.start, piece.end)


def _piece(text: str, start: int, end: int) -> str:
    return shorten(text[start : min(end, start + 400)], 120, placeholder=" ...")


# As a tree, as HTML


def _branches(root: Token) -> Iterator[str]:
    """One line for each word, in the order of a walk from the root down; linear, and as deep as the tree is."""
    lines: list[tuple[str, Token]] = []
    todo: list[tuple[Token, str, str]] = [(root, "", "")]
    while todo:
        token, first, rest = todo.pop()
        lines.append((first + token.text, token))
        children: Sequence[Token] = list(token.children)
        for child in reversed(children):
            last = child.i == children[-1].i
            todo.append((child, rest + ("└── " if last else "├── "), rest + ("    " if last else "│   ")))
    width = max(len(line) for line, _ in lines)
    for line, token in lines:
        dep = "root" if token.head.i == token.i else token.dep_
        yield f"{line:<{width}}  {dep:<12} {token.pos_:<6} {token.lemma_}"


def _marks(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Names and times for displaCy, in order and without overlap; a pronoun is marked with whom it means."""
    marks = [
        (named.start, named.end, f"= {named.name}" if named.pronoun else named.type) for named in extraction.mentions
    ]
    marks += [(time.start, time.end, "TIME") for time in extraction.times]
    reached = 0
    for start, end, label in sorted(marks):
        if start >= reached and end > start:
            reached = end
            yield {"start": start, "end": end, "label": escape(label)}


def _table(title: str, rows: list[_Row]) -> str:
    cells = "".join(
        "<tr>" + "".join(f'<td style="text-align: left">{_lines(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    return f"<b>{escape(title)}</b>\n<table>{cells}</table>"


def _lines(cell: str) -> str:
    return escape(cell).replace("\n", "<br>")
