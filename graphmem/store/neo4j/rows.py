"""Records as rows and relationships of a Neo4j database, and back."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_origin

import numpy as np
from pydantic import TypeAdapter
from pydantic_core import PydanticUndefined

from graphmem.errors import InvalidInput
from graphmem.model import (
    RECORDS,
    Community,
    Derived,
    Entity,
    Episode,
    Event,
    Fact,
    Kind,
    Period,
    Record,
    Summary,
    Topic,
    Trace,
    Utc,
    during,
    normal_name,
    period_uuid,
    referred,
)
from graphmem.results import period
from graphmem.store.believing import claim_keys
from graphmem.store.contract import Filter, Vectors
from graphmem.store.matching import has_metadata
from graphmem.store.merging import keys_of

ROWS: Final = 1000  # of one UNWIND
BYTES: Final = 4_000_000  # of one UNWIND
CLAUSES: Final = 500  # of one full-text query, half of what Lucene takes
LABELS: Final[Mapping[str, Kind]] = {
    "Session": "session",
    "Episode": "episode",
    "Entity": "entity",
    "Value": "value",
    "Fact": "fact",
    "Event": "event",
    "Period": "period",
    "Community": "community",
    "Topic": "topic",
    "Summary": "summary",
    "Trace": "trace",
}
READ_FAST: Final = ("episode", "entity", "fact", "event", "community", "topic", "summary")
NESTED: Final = (
    "metadata",
    "sentences",
    "mentions",
    "participants",
    "counts",
)  # what a property cannot hold is kept as JSON
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Utc)

TIMES: Final = ("created_at", "expired_at", "reference_time", "valid_at", "invalid_at")  # the driver is slow with times


class Link(NamedTuple):
    """A relationship that follows from a record, facts apart."""

    type: str
    source: str
    target: str
    properties: tuple[tuple[str, object], ...] = ()


def kept_as(kind: Kind) -> str:
    """Return whether a kind of records is kept as nodes or as facts."""
    if kind not in RECORDS:
        raise InvalidInput(f"{kind!r} is no kind of record: it is one of {', '.join(RECORDS)}")
    return "facts" if kind == "fact" else "nodes"


def conditions(where: Filter) -> dict[str, Any]:
    """Return the parameters of a filter that are conditions in Cypher."""
    fields = {field: getattr(where, field) for field in type(where).model_fields if field != "metadata"}
    if where.name is not None:
        fields["name"] = normal_name(where.name)
    return {field: value for field, value in fields.items() if value is not None}


def fits(record: Record, wanted: Mapping[str, Any]) -> bool:
    """Tell whether a record is an episode with these entries in its metadata."""
    return isinstance(record, Episode) and has_metadata(record.metadata, wanted)


def key_word(group_id: str, key: str) -> str:
    """Return one word for a key and a tenant, by which the index of keys finds an entity."""
    return hashlib.sha256(f"{group_id}\0{key}".encode()).hexdigest()[:20]


def search_key(kind: Kind, group_id: str) -> str:
    """Return one word for a kind and a tenant, by which the full-text index keeps them apart."""
    return kind + hashlib.sha256(group_id.encode()).hexdigest()[:24]


def record_of(row: Mapping[str, Any]) -> Record:
    """Return the record that a row of `store/return/` tells."""
    return read_record(kind_of(tuple(row["labels"])), row["properties"])


@lru_cache
def kind_of(labels: tuple[str, ...]) -> Kind:
    """Return the kind of the records that have these labels."""
    return next(LABELS[label] for label in labels if label in LABELS)


def read_record(kind: Kind, properties: Mapping[str, Any]) -> Record:
    """Return the record of a kind that has these properties.

    What there is most of is not validated again, which takes most of the time: what is missing has its default, and
    what a property cannot hold as it is, is read.
    """
    record_type = RECORDS[kind]
    if kind not in READ_FAST:
        return record_type.model_validate({name: value for name, value in properties.items() if value is not None})
    defaults, readers, names = _fields(record_type)
    fields = {**defaults, **properties}
    for name in fields.keys() - names if len(fields) > len(names) else ():  # what only other kinds have
        del fields[name]
    for name, read in readers:
        value = fields[name]
        fields[name] = read(value) if value is not None else defaults[name]
    if "metadata" in fields:
        fields["metadata"] = fields["metadata"] or {}  # one for each
    record = record_type.__new__(record_type)
    object.__setattr__(record, "__dict__", fields)
    object.__setattr__(record, "__pydantic_fields_set__", names)
    object.__setattr__(record, "__pydantic_extra__", None)
    object.__setattr__(record, "__pydantic_private__", None)
    return record


@lru_cache
def _fields(record_type: type[Record]) -> tuple[dict[str, Any], list[tuple[str, Callable[[Any], object]]], set[str]]:
    """Return the fields of a record with their defaults, readers of what may not stay as it is, and names."""
    fields = record_type.model_fields
    types: dict[str, Any] = {name: field.annotation for name, field in fields.items()}
    defaults = {name: None if field.default is PydanticUndefined else field.default for name, field in fields.items()}
    readers: dict[str, Callable[[Any], object]] = {}
    for name, type in types.items():
        if name in NESTED:
            readers[name] = TypeAdapter(type).validate_json
        elif name.endswith(("_at", "_time")):
            readers[name] = _moment
        elif get_origin(type) is tuple:
            readers[name] = tuple
        elif name == "confidence":
            readers[name] = float
        elif defaults[name] is not None:
            readers[name] = _as_it_is
    return defaults, list(readers.items()), set(fields)


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    """Return a moment as the records have it; many records have the same."""
    return _MOMENT.validate_python(text)


def row_of(
    record: Record, revision: int, *, old: Record | None = None, vectors: Vectors | None = None
) -> dict[str, object]:
    """Return what `create_*.cypher` needs, or `update_*.cypher` for a record that is there: None takes a property away.

    Of `vectors` the first is for the index, and all of them are kept as float16 bytes.
    """
    properties = record.model_dump()
    times = {
        name: moment and moment.isoformat() for name in TIMES if name in properties for moment in [properties.pop(name)]
    }
    for name in NESTED:
        if name in properties:
            nested = properties[name]
            properties[name] = json.dumps(nested, ensure_ascii=False) if nested else None
    if isinstance(record, Entity):
        properties["normal_names"] = sorted({normal_name(name) for name in (record.name, *record.names)})
        properties["keys"] = sorted(key_word(record.group_id, key) for key in keys_of(record))
        properties["alone"] = record.alone or None
    elif isinstance(record, Episode):
        properties["title"] = record.title
    elif isinstance(record, Fact):
        properties["support"] = record.support
        properties["keys"] = sorted(key_word(record.group_id, key) for key in claim_keys(record))
        properties |= {name: properties[name] or None for name in ("ends", "overrules", "rivals", "corrects", "keys")}
    elif isinstance(record, Trace):
        moments = {name: getattr(record, name) for name in ("pinned_at", "unpinned_at")}
        properties |= {name: moment and moment.isoformat() for name, moment in moments.items()}
        properties["recalled"] = [day.isoformat() for day in record.recalled]
    if isinstance(record, (Fact, Event, Community, Topic, Summary)):
        properties["when"] = period(record.valid_at, record.invalid_at) or None  # for captions in Neo4j Browser
    properties |= {"revision": revision, "search_key": search_key(record.kind, record.group_id)}
    row: dict[str, object] = {"uuid": record.uuid, "label": type(record).__name__, "times": times}
    if isinstance(record, Fact):
        row |= {"subject": record.subject_uuid, "object": record.object_uuid}
    if vectors is not None:
        first = vectors[0].astype(np.float32)
        properties["vectors"] = vectors.tobytes()
        row["vector"] = first.tolist() if first.any() else None
    row["properties"] = {name: value for name, value in properties.items() if value is not None or old is not None}
    return row


def links_of(record: Record) -> set[Link]:
    """Return the relationships that follow from a record."""
    match record:
        case Episode():
            counts = Counter(mention.entity for mention in record.mentions)
            links = {Link("MENTIONS", record.uuid, uuid, (("count", count),)) for uuid, count in counts.items()}
            if record.session_uuid:
                links.add(Link("HAS_EPISODE", record.session_uuid, record.uuid))
            if record.previous:
                links.add(Link("NEXT_EPISODE", record.previous, record.uuid))
            return links | periods_of(record)
        case Event():
            involved = {
                Link("INVOLVES", record.uuid, who.uuid, (("role", who.role),))
                for who in record.participants
                if who.uuid
            }
            involved |= {Link("VERSION_OF", record.uuid, record.version_of)} if record.version_of else set()
            return involved | periods_of(record) | {Link("DESCRIBES", uuid, record.uuid) for uuid in record.episodes}
        case Entity(merged_into=str(into)):
            return {Link("MERGED_INTO", record.uuid, into, (("because", record.because),))}
        case Period():
            return periods_of(record, type="PART_OF")
        case Community():
            way = "PART_OF" if record.level else "IN_COMMUNITY"
            return {Link(way, uuid, record.uuid) for uuid in record.members}
        case Topic():
            covered = {Link("COVERS", record.uuid, uuid) for uuid in record.episodes}
            return covered | {Link("HAS_TOPIC", record.session_uuid, record.uuid)}
        case Summary():
            cited = {Link("CITES", record.uuid, uuid) for uuid in record.episodes}
            return cited | {Link("SUMMARIZES", record.uuid, record.of)}
        case Trace() if record.about != "fact":  # which is no node, see `graphmem.model.trace_uuid`
            return {Link("TRACES", record.uuid, uuid) for uuid in record.of}
        case _:
            return set()


def periods_of(record: Record, *, type: str = "DURING") -> set[Link]:
    """Return the relationships from a record to its periods."""
    return {Link(type, record.uuid, period_uuid(record.group_id, name)) for name in during(record)}


def leans_on(record: Record) -> set[str]:
    """Return the uuids of what a record refers to or rests on, as `leaning.cypher` finds it."""
    if isinstance(record, Derived):
        return set()
    linked = (link for link in links_of(record) if link.type not in ("NEXT_EPISODE", "MERGED_INTO"))
    ends = {link.source if link.target == record.uuid else link.target for link in linked}
    return ends.union(referred(record), record.episodes) if isinstance(record, Fact) else ends


def link_row(link: Link) -> dict[str, object]:
    """Return what `link.cypher` needs."""
    return {**link._asdict(), "properties": dict(link.properties)}


def batches(rows: Sequence[Any], most: int = ROWS) -> Iterator[list[Any]]:
    """Cut rows into batches bounded in number and in bytes."""
    batch: list[Any] = []
    size = 0
    for row in rows:
        more = weight(row)
        if batch and (len(batch) == most or size + more > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += more
    if batch:
        yield batch


def weight(row: Mapping[str, Any] | str) -> int:
    """Return about how many bytes a row takes on its way to the server and there.

    >>> weight({"uuid": "abcd", "vector": [0.5, 0.25], "properties": {"names": ["Ada"]}})
    62
    """
    if isinstance(row, str):
        return len(row)
    values = (value for part in (row, row.get("properties", {})) for value in part.values())
    return sum(map(_length, values))


def _length(value: object) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, (list, tuple)):
        return len(value) * (9 if value and isinstance(value[0], float) else 40)
    return 0
