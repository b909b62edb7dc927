"""The kit for Neo4j Browser: saved questions as favourites, a style, and a guide page."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphmem.errors import InvalidInput
from graphmem.settings import Settings
from graphmem.store.cypher import FOLDER, defaults, filled, question

THEMES: Final[Mapping[str, tuple[str, ...]]] = {
    "people and things": (
        *("entity", "neighbourhood", "connection", "together", "events", "timeline", "values", "hubs"),
        *("alike", "merged", "orphans"),
    ),
    "facts": ("fact", "history", "sources", "conflicts", "unsure", "undated", "ended", "predicates"),
    "time": (
        *("day", "period", "happened", "planned", "events_by_status", "busiest", "true_at", "changed"),
        *("known_at", "diff", "learned"),
    ),
    "the hierarchy": ("communities", "community", "summary", "topics"),
    "texts": ("session", "transcript", "sessions", "speakers", "words"),
    "the memory": ("overview", "path", "removed"),
}
"""The questions by what they are about, in the order in which the guide explains them."""
FAVOURITES: Final = "graphmem-favourites.zip"
STYLE: Final = "graphmem.grass"
GUIDE: Final = "graphmem-guide.html"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One saved question; its Cypher has parameters, `favourite` has values in their place."""

    name: str
    theme: str
    answers: str
    parameters: Mapping[str, str]
    """The Cypher of the default of each."""
    query: str

    def favourite(self, *, group_id: str | None = None) -> str:
        """Return it as Neo4j Browser runs it at once: one statement, with the values to change in its first line.

        >>> print(questions()[0].favourite(group_id="work").partition(" AS name")[0])
        // entity: what is known about somebody or something?
        WITH 'work' AS group_id, 'Ravi Menon'
        """
        given = _group_id(group_id) if "group_id" in self.parameters else {}
        return f"// {self.name}: {self.answers}\n{filled(f'explore/{self.name}', **given)}\n"


def _group_id(given: str | None) -> dict[str, str]:
    return {"group_id": Settings.read().group if given is None else given}


def questions() -> tuple[Question, ...]:
    """Return the saved questions of `cypher/explore/`, by theme.

    >>> [question.name for question in questions()][:3]
    ['entity', 'neighbourhood', 'connection']
    """
    return tuple(_read(name, theme) for theme, names in THEMES.items() for name in names)


def _read(name: str, theme: str) -> Question:
    first = (FOLDER / "explore" / f"{name}.cypher").read_text(encoding="utf-8").partition("\n")[0]
    lines = question(f"explore/{name}").splitlines()
    return Question(
        name=name,
        theme=theme,
        answers=first.partition(": ")[2],
        parameters=defaults(f"explore/{name}"),
        query="\n".join(line for line in lines if not line.startswith(":param")).strip(),
    )


def kit(*, group_id: str | None = None) -> dict[str, bytes]:
    """Return the files of the kit by name; the questions ask about one tenant, the settings' if none is named.

    >>> sorted(kit())
    ['graphmem-favourites.zip', 'graphmem-guide.html', 'graphmem.grass']
    """
    return {
        FAVOURITES: _favourites(group_id),
        STYLE: (FOLDER / "browser" / STYLE).read_bytes(),
        GUIDE: _guide(group_id).encode(),
    }


def _favourites(group_id: str | None) -> bytes:
    """Return what Neo4j Browser takes as favourites: a ZIP whose folders become its folders. Same input, same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for saved in questions():
            entry = zipfile.ZipInfo(f"graphmem, {saved.theme}/{saved.name}.cypher")
            archive.writestr(entry, saved.favourite(group_id=group_id))
    return packed.getvalue()


def _guide(group_id: str | None) -> str:
    page = (FOLDER / "browser" / GUIDE).read_text(encoding="utf-8")
    slides = [_slide(theme, group_id) for theme in THEMES]
    return page.replace("<!-- questions -->", "\n".join(slides))


def _slide(theme: str, group_id: str | None) -> str:
    """Return the questions of a theme; in `:play`, a click on a query puts it into the editor."""
    parts = [
        f"<h4>{html.escape(one.answers)}</h4>\n"
        f'<pre class="pre-scrollable code runnable">{html.escape(one.favourite(group_id=group_id))}</pre>'
        for one in questions()
        if one.theme == theme
    ]
    return "\n".join([f"<slide>\n<h2>Questions about {theme}</h2>", *parts, "</slide>"])


def write_kit(folder: str | Path, *, group_id: str | None = None, force: bool = False) -> list[Path]:
    """Write the kit into a folder, which is made if it is missing, and return its files.

    Raises `InvalidInput` where the folder cannot be written, and for files that differ unless `force` is set.
    """
    files = {Path(folder, name): content for name, content in kit(group_id=group_id).items()}
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        changed = [path for path, content in files.items() if path.exists() and path.read_bytes() != content]
        if changed and not force:
            names = ", ".join(path.name for path in changed)
            raise InvalidInput(f"{folder} has another {names}: use --force to overwrite, or name another folder")
        for path, content in files.items():
            path.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"the folder {folder} cannot be written ({error.strerror}): name another") from error
    return list(files)
