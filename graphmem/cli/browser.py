"""`graphmem browser`: the saved questions, the style and the guide for Neo4j Browser."""

from __future__ import annotations

from collections.abc import Sequence

from graphmem.browser import THEMES, Question, questions, write_kit
from graphmem.errors import NotFound


def named(names: Sequence[str]) -> list[Question]:
    """Return the questions with these names, all if none is given."""
    known = {question.name: question for question in questions()}
    for name in names:
        if name not in known:
            raise NotFound(f"no saved question is called {name!r}: graphmem browser lists them")
    return [known[name] for name in names or known]


def overview() -> list[str]:
    """Return what can be asked, and how to have it in Neo4j Browser."""
    lines = []
    for theme in THEMES:
        lines += [f"About {theme}", *(f"  {q.name:<17} {q.answers}" for q in questions() if q.theme == theme), ""]
    return [
        *lines,
        "graphmem browser NAME prints a question, to paste into Neo4j Browser.",
        "graphmem browser --out DIR writes all of them as favourites, with a style and a guide.",
    ]


def written(folder: str, *, group_id: str | None, force: bool) -> tuple[list[str], list[str]]:
    """Write the kit; return its files, and what to do with them."""
    favourites, style, guide = map(str, write_kit(folder, group_id=group_id, force=force))
    return [favourites, style, guide], [
        f"{style}: drop it on the page of Neo4j Browser, and pictures have the colours and captions of graphmem",
        f"{favourites}: drop it on the page, and the questions are under Favorites (the star)",
        f"{guide}: open it in a web browser; it explains the graph and the questions",
    ]
