"""The Cypher texts of the `cypher/` folder: one question a file, values only as `$parameters`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from graphmem.errors import InvalidInput

_PACKAGE: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = next(folder for folder in (_PACKAGE / "cypher", _PACKAGE.parent / "cypher") if folder.is_dir())
"""In an installed package the folder lies inside it, in a checkout beside it."""
_PARAMETER = re.compile(r"\$(\w+)")
_MAP = re.compile(r"(?:(?<=WHEN )(?P<of>[\w: ]+) THEN )?record \{(?P<entries>[^{}]*)\}")
"""What is told of a record, and the labels of the records of which it is told."""
_LABEL = re.compile(r"record:(\w+)")
_DEFAULT = re.compile(r":param (\w+) => (.+);$")


@lru_cache
def question(name: str) -> str:
    """Return a query without its comments, by its path in the folder.

    >>> question("store/sealed").splitlines()[-1]
    'RETURN $seal AS seal'
    """
    lines = (FOLDER / f"{name}.cypher").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//"))


def filled(name: str, **values: str | Sequence[str]) -> str:
    """Return a question for people with values in place of its parameters, so that it can be run as it is.

    What is not given has the value of its `:param` line.

    >>> filled("explore/path", uuids=["it's"]).splitlines()[0]
    "WITH ['it\\\\'s'] AS uuids"
    """
    lines = question(name).splitlines()
    given = defaults(name) | {parameter: _literal(value) for parameter, value in values.items()}
    text = "\n".join(line for line in lines if not _DEFAULT.match(line)).strip()
    return _PARAMETER.sub(lambda match: given[match[1]], text)


def defaults(name: str) -> dict[str, str]:
    """Return the parameters of a question for people, each with the Cypher of its `:param` line.

    >>> defaults("explore/period")
    {'group_id': "'default'", 'period': "'2023-10'"}
    """
    return {match[1]: match[2] for line in question(name).splitlines() if (match := _DEFAULT.match(line))}


def _literal(value: str | Sequence[str]) -> str:
    if not isinstance(value, str):
        return f"[{', '.join(map(_literal, value))}]"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@lru_cache
def statements(folder: str) -> tuple[str, ...]:
    """Return every query of a subfolder, in order of name; those that wait for a dimension are left out."""
    names = sorted(path.stem for path in (FOLDER / folder).glob("*.cypher"))
    return tuple(text for text in (question(f"{folder}/{name}") for name in names) if "DIMENSION" not in text)


@lru_cache
def for_dimension(dimension: int) -> tuple[str, ...]:
    """Return the statements that make the vector indexes for embeddings of one dimension.

    What cannot be a parameter in Cypher passes through here: the number, which becomes part of names.
    """
    if not 1 <= int(dimension) <= 4096:
        raise InvalidInput(f"Neo4j indexes vectors of 1 to 4096 dimensions, not {dimension}: choose a smaller model")
    names = sorted(path.stem for path in (FOLDER / "schema").glob("vector_*.cypher"))
    return tuple(question(f"schema/{name}").replace("DIMENSION", str(int(dimension))) for name in names)


def picked(which: str, tell: str, order: str | None = None, *, given: Collection[str] = ()) -> str:
    """Return the query that picks records by `store/which/`, and tells of them what `store/return/` says, in an order.

    A condition, which is a line that starts with AND, is left out when it names a parameter that is not given.

    >>> print(picked("value", "uuids"))
    MATCH (record:Graphmem:Value)
    WHERE record.group_id = $group_id AND record.revision > 0
    RETURN record.uuid AS uuid, record.metadata AS metadata
    """
    lines = question(f"store/which/{which}").splitlines()
    kept = [line for line in lines if not line.startswith("AND ") or set(_PARAMETER.findall(line)) <= set(given)]
    sorting = [question(f"store/order/{order}")] if order else []
    return "\n".join([*kept, question(f"store/return/{tell}"), *sorting])


@lru_cache
def pages(which: str, tell: str) -> str:
    """Return the query that tells of the records that `store/which/` picks what `store/return/` says, as lists of rows.

    In a row is a list of values in place of a map of properties, which takes half the time; `columns` names them.

    >>> print(pages("changed_nodes", "uuids").splitlines()[-3])
      WITH record.uuid AS uuid, record.metadata AS metadata
    """
    return _MAP.sub(_listed, _told("pages", which, tell))


@lru_cache
def columns(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the values in a row of `pages` that tells of a record with these labels.

    >>> columns(("Fact",))[:2], columns(("Graphmem", "Topic"))[-2:]
    (('uuid', 'group_id'), ('created_at', 'expired_at'))
    """
    told = _MAP.finditer(question(f"store/return/{'facts' if 'Fact' in labels else 'nodes'}"))
    one = next(one for one in told if one["of"] is None or set(_LABEL.findall(one["of"])).intersection(labels))
    return tuple(_entries(one["entries"]))


def _listed(found: re.Match[str]) -> str:
    condition = "" if found["of"] is None else f"{found['of']} THEN "
    return f"{condition}[{', '.join(_entries(found['entries']).values())}]"


def _entries(text: str) -> dict[str, str]:
    """Return the names in a map of Cypher that is made of a record, and how to get what they stand for."""
    pairs = (entry.strip().partition(": ") for entry in text.split(","))
    return {name.removeprefix("."): value or f"record{name}" for name, _, value in pairs}


@lru_cache
def together(which: str, tell: str) -> str:
    """Return the query that tells of the records that `store/which/` picks what `store/return/` says, all in one row.

    >>> print(together("nodes", "uuids").splitlines()[-3])
      WITH record.uuid AS uuid, record.metadata AS metadata
    """
    return _told("together", which, tell)


def _told(frame: str, which: str, tell: str) -> str:
    told = "WITH" + question(f"store/return/{tell}").removeprefix("RETURN")
    return question(f"store/{frame}").replace("PICKED", question(f"store/which/{which}")).replace("TOLD", told)
