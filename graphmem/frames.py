"""Results as data frames, and a memory's graph as files that other programs read: GraphML and a Cypher script.

JSON lines, with every record as it is kept, are written by `Memory.export`.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from graphmem.errors import InvalidInput, NotInstalled
from graphmem.model import (
    RECORDS,
    Community,
    Entity,
    Episode,
    Event,
    Fact,
    Period,
    Record,
    Summary,
    Topic,
    Trace,
    during,
    period_uuid,
)
from graphmem.results import Collection
from graphmem.store.contract import Store

if TYPE_CHECKING:
    import networkx
    import pandas

_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML has no way to write."""
_UNPRINTED: Final = frozenset(map(chr, {*range(32), 0x7F, 0x2028, 0x2029}))


# Data frames


def frame(found: Collection[Any]) -> pandas.DataFrame:
    """Return a collection as a data frame, a row for each entry and a column for each field."""
    try:
        import pandas
    except ImportError:
        raise NotInstalled("a data frame needs pandas: pip install 'graphmem[pandas]'") from None
    rows = [_row(one) for one in found]
    names = list(dict.fromkeys(name for row in rows for name in row)) or _names(type(found))
    return pandas.DataFrame({name: _column([row.get(name) for row in rows]) for name in names})


def _column(values: Sequence[Any]) -> Any:
    """Return times as UTC to the microsecond, whichever year they are of, and anything else as it is."""
    import pandas

    known = [value for value in values if value is not None]
    if known and all(isinstance(value, datetime) for value in known):
        moments = np.array([value and value.replace(tzinfo=None) for value in values], "datetime64[us]")
        return pandas.Series(moments).dt.tz_localize("UTC")
    return pandas.Series(values, dtype=None if known and len(known) == len(values) else object)


def _row(value: object) -> dict[str, Any]:
    """Return the fields of a record or a result by name; what is made of parts as its JSON is, times as they are."""
    if isinstance(value, BaseModel):
        names: Iterable[str] = [name for name, field in type(value).model_fields.items() if not field.exclude]
    elif is_dataclass(value):
        names = [field.name for field in fields(value)]
    else:
        names = getattr(value, "_fields", ())
    return {name: _cell(getattr(value, name)) for name in names}


def _cell(value: object) -> Any:
    if isinstance(value, str | int | float | datetime | None):
        return value
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) or hasattr(value, "_fields"):
        return {name: to_jsonable_python(part) for name, part in _row(value).items()}
    if isinstance(value, Mapping):
        return to_jsonable_python(dict(value))
    return [_cell(part) for part in value] if isinstance(value, Iterable) else to_jsonable_python(value)


def _names(kind: type) -> list[str]:
    """Return the columns of an empty collection."""
    [base] = getattr(kind, "__orig_bases__", ())[-1:] or [None]
    [entry] = getattr(base, "__args__", ())[-1:] or [None]
    if isinstance(entry, type) and issubclass(entry, BaseModel):
        return [name for name, field in entry.model_fields.items() if not field.exclude]
    if isinstance(entry, type) and is_dataclass(entry):
        return [field.name for field in fields(entry)]
    return list(getattr(entry, "_fields", ()))


# Files


def write_graphml(graph: networkx.MultiDiGraph, path: Path) -> Path:
    """Write a graph as GraphML: texts, numbers and truth values as such, times as ISO 8601, anything else as JSON."""
    import networkx

    plain = networkx.MultiDiGraph()
    plain.add_nodes_from((uuid, _attributes(data)) for uuid, data in graph.nodes(data=True))
    plain.add_edges_from((*ends, key, _attributes(data)) for *ends, key, data in graph.edges(keys=True, data=True))
    with _replacing(path) as file:
        networkx.write_graphml_xml(plain, file)
    return path


def _attributes(data: Mapping[str, Any]) -> dict[str, str | int | float | bool]:
    return {name: _attribute(value) for name, value in data.items() if value is not None}


def _attribute(value: object) -> str | int | float | bool:
    if isinstance(value, str):
        return _as_xml(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    return _as_xml(json.dumps(to_jsonable_python(value), ensure_ascii=False))


def _as_xml(text: str) -> str:
    """Return a text as XML can keep it: its line ends are newlines, and what XML has no way to write is U+FFFD."""
    return _ILLEGAL.sub("\ufffd", re.sub("\r\n?", "\n", text))


def write_cypher(store: Store, path: Path) -> int:
    """Write a memory as a Cypher script, one statement a line, and return how many statements there are."""
    count = 0
    with _replacing(path) as file:
        for statement in statements(store):
            file.write(f"{statement};\n".encode())
            count += 1
    return count


def statements(store: Store) -> Iterator[str]:
    """Yield the statements that make the graph of a memory: first nodes, then what joins them.

    All nodes have the label `Record`, which a memory in Neo4j knows nothing of, and a uuid that only one of them has.
    """
    yield "CREATE CONSTRAINT record_uuid IF NOT EXISTS FOR (n:Record) REQUIRE n.uuid IS UNIQUE"
    for kind in RECORDS:
        for record in store.find(kind) if kind != "fact" else ():
            label = type(record).__name__
            properties = literal(_properties(record))
            yield f"MERGE (n:Record {{uuid: {literal(record.uuid)}}}) SET n:{label}, n += {properties}"
    for kind in RECORDS:
        for record in store.find(kind):
            yield from map(_joins, _links(record))


_Link = tuple[str, str, str, dict[str, Any]]
"""The uuid of the source, the type, the uuid of the target, and properties."""


def _joins(link: _Link) -> str:
    start, type, end, properties = link
    key = {name: properties.pop(name) for name in ("uuid", "role") if name in properties}
    merged = f"MERGE (a)-[r:{type}{f' {literal(key)}' if key else ''}]->(b)"
    setting = f" SET r += {literal(properties)}" if properties else ""
    ends = f"MATCH (a:Record {{uuid: {literal(start)}}}), (b:Record {{uuid: {literal(end)}}})"
    return f"{ends} {merged}{setting}"


def _links(record: Record) -> Iterator[_Link]:
    uuid = record.uuid
    match record:
        case Fact():
            yield record.subject_uuid, "RELATES_TO", record.object_uuid, {"uuid": uuid} | _properties(record)
        case Episode():
            if record.session_uuid:
                yield record.session_uuid, "HAS_EPISODE", uuid, {}
            if record.previous:
                yield record.previous, "NEXT_EPISODE", uuid, {}
            for entity, count in sorted(Counter(mention.entity for mention in record.mentions).items()):
                yield uuid, "MENTIONS", entity, {"count": count}
        case Event():
            yield from ((uuid, "INVOLVES", who.uuid, {"role": who.role}) for who in record.participants if who.uuid)
            yield from ((episode, "DESCRIBES", uuid, {}) for episode in record.episodes)
        case Community():
            yield from ((member, "PART_OF" if record.level else "IN_COMMUNITY", uuid, {}) for member in record.members)
        case Topic():
            yield record.session_uuid, "HAS_TOPIC", uuid, {}
            yield from ((uuid, "COVERS", episode, {}) for episode in record.episodes)
        case Summary():
            yield uuid, "SUMMARIZES", record.of, {}
            yield from ((uuid, "CITES", episode, {}) for episode in record.episodes)
        case Trace() if record.about != "fact":  # which is no node
            yield from ((uuid, "TRACES", of, {}) for of in record.of)
        case Entity() if record.merged_into:
            yield uuid, "MERGED_INTO", record.merged_into, {"because": record.because or ""}
        case _:
            pass
    joined = "PART_OF" if isinstance(record, Period) else "DURING"
    yield from ((uuid, joined, period_uuid(record.group_id, name), {}) for name in during(record))


def _properties(record: Record) -> dict[str, Any]:
    """Return what a record has beside its uuid; what no property can hold, such as metadata, as JSON."""
    properties = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name != "uuid" and value is not None and value != () and value != {}:
            properties[name] = value if _fits(value) else json.dumps(to_jsonable_python(value), ensure_ascii=False)
    return properties


def _fits(value: object) -> bool:
    plain = isinstance(value, str | bool | int | float | datetime)
    return plain or (isinstance(value, tuple) and all(isinstance(part, str) for part in value))


def literal(value: object) -> str:
    """Return a value as Cypher writes it, on one line.

    >>> print(literal({"name": "it's", "at": [1, True]}))
    {name: 'it\\'s', at: [1, true]}
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(part)}" for name, part in value.items()) + "}"
    if isinstance(value, str):
        quoted = "'" + "".join(map(_letter, value)) + "'"
        return quoted.replace("\\\\u", "\\\\' + 'u")  # else it is read as the code of a character
    if isinstance(value, datetime):
        return f"datetime('{value.isoformat()}')"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def _letter(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    return f"\\u{ord(letter):04x}" if letter in _UNPRINTED else letter


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write, which takes the place of `path` when all is written; raises `InvalidInput`."""
    try:
        with NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}-", delete=False) as file:
            try:
                yield file
                file.flush()
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise InvalidInput(
            f"'{path}' cannot be written: {error.strerror}. Name a file in a folder that exists"
        ) from error
