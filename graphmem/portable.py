"""A memory as one file of JSON lines that any store can read again: every record with its times, and no vectors.

The first line tells what it is: `{"graphmem": version, "format": 1, "group_id", "model", "revision", "records"}`. Then
comes one record a line, its `kind` and its fields without `group_id` and without those that have their default, and
what refers to others comes after them. What the store works out (versions, merges, periods) is left out.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, Final

from pydantic import ValidationError

from graphmem.errors import InvalidInput
from graphmem.ingest import Encoder, batches, embed, texts_before
from graphmem.model import RECORDS, Derived, Episode, Kind, Record, Summary, joined, merge
from graphmem.results import Added
from graphmem.store.contract import ChangeSet, Order, Progress, Store, Vectors
from graphmem.store.join import as_kept, made_here

FORMAT: Final = 1
TOLD: Final = 1000  # records go by, until it is told again how many are written
_ORDER: Final[Mapping[Kind, Order]] = {
    "session": "uuid",
    "entity": "uuid",
    "value": "uuid",
    "episode": "position",
    "fact": "uuid",
    "event": "uuid",
    "community": "level",
    "topic": "uuid",
    "summary": "uuid",
    "trace": "uuid",
}
"""What refers to others comes after them; a turn after the one before it, a community after those that it holds."""
_NEEDED: Final = frozenset({"session", "entity", "value", "episode", "community", "topic"})
"""What others refer to."""


def export(store: Store, path: Path, *, model: str, progress: Progress = lambda step, done, total: None) -> int:
    """Write every record of a store to a file, which is there when it is whole; return how many there are."""
    try:
        with ExitStack() as stack:
            parts = [stack.enter_context(TemporaryFile(dir=path.absolute().parent)) for _ in _ORDER]
            revision, count = _read_out(store, parts, progress)
            header = {"graphmem": version("graphmem"), "format": FORMAT, "group_id": store.group_id}
            header |= {"model": model, "revision": revision, "records": count}
            with _replacing(path) as file:
                file.write(json.dumps(header, ensure_ascii=False).encode() + b"\n")
                for part in parts:
                    part.seek(0)
                    shutil.copyfileobj(part, file)
    except OSError as error:
        raise InvalidInput(
            f"'{path}' cannot be written: {error.strerror}. Name a file in a folder that exists"
        ) from error
    return count


def _read_out(store: Store, parts: Sequence[IO[bytes]], progress: Progress) -> tuple[int, int]:
    """Write each kind of record to its part; return the revision that they are of, and how many they are.

    What refers to others is read before them: then whatever is added meanwhile is not in it, or in it with all it
    needs. If something is removed meanwhile, all of it is read again.
    """
    while True:
        revision, count, total = store.revision(), 0, sum(store.counts().values())
        for kind, part in reversed(list(zip(_ORDER, parts, strict=True))):
            part.seek(0)
            part.truncate()
            for record in store.find(kind, order=_ORDER[kind]):
                if not made_here(record):
                    part.write(_line(as_kept(record)))
                    count += 1
                    if count % TOLD == 0:
                        progress("export", count, max(count, total))
        progress("export", count, count)
        if not any(change.record is None and change.kind in _NEEDED for change in store.changes(revision)):
            return revision, count


def _line(record: Record) -> bytes:
    fields = record.model_dump_json(exclude_defaults=True, exclude={"group_id"})
    return f'{{"kind":"{record.kind}",{fields[1:]}\n'.encode()


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """Give a file to write, which takes the place of `path` when all is written."""
    with NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}-", delete=False) as whole:
        try:
            if path.suffix == ".gz":
                with gzip.GzipFile(fileobj=whole, filename="", mode="wb", mtime=0) as file:
                    yield file
            else:
                yield whole
            whole.flush()
            os.fsync(whole.fileno())
            os.replace(whole.name, path)
        except BaseException:
            os.unlink(whole.name)
            raise


def import_(
    store: Store,
    path: Path,
    encoder: Encoder,
    *,
    batch_size: int,
    progress: Progress = lambda step, done, total: None,
) -> Added:
    """Read a file that `export` wrote into a store, batch by batch; what is known already changes nothing."""
    new: Counter[str] = Counter()
    updated = skipped = 0
    revision = store.revision()
    with _opened(path) as lines:
        count = _header(path, lines, group_id=store.group_id)
        store.bind(encoder.name, encoder.dimension)
        done = 0
        for batch in batches(lines, most=batch_size, size=lambda line: len(line[1])):
            done += len(batch)
            put = joined(_record(path, number, line, store.group_id) for number, line in batch)
            known = {one.uuid: one for kind in _ORDER for one in _stored(store, kind, put)}
            fresh = [record for uuid, record in put.items() if uuid not in known]
            grown = [one for uuid, one in put.items() if uuid in known and merge(known[uuid], one) is not known[uuid]]
            if fresh or grown:
                vectors = embed([*fresh, *_told_anew(grown)], encoder, previous_text=texts_before(store, put.values()))
                try:
                    revision = _put(store, [*fresh, *grown], vectors)
                except InvalidInput as error:
                    raise InvalidInput(f"'{path}', lines {batch[0][0]} to {batch[-1][0]}: {error}") from error
            new.update(record.kind for record in fresh)
            updated += len(grown)
            skipped += sum(isinstance(record, Episode) for record in known.values())
            progress("import", done, max(done, count))
    if done < count:
        raise InvalidInput(f"'{path}' ends after {done} of {count} records: is it cut off? Export it again")
    return Added(new=dict(new), updated=updated, skipped=skipped, revision=revision)


def _told_anew(grown: Iterable[Record]) -> list[Record]:
    """Return the summaries among records that take the place of others."""
    return [record for record in grown if isinstance(record, Summary)]


def _put(store: Store, records: Sequence[Record], vectors: Mapping[str, Vectors]) -> int:
    """Store records, and then what is made of others: of periods, too, which the store makes."""
    made = [record for record in records if isinstance(record, Derived)]
    revision = store.revision()
    for put in ([record for record in records if not isinstance(record, Derived)], made):
        own = {record.uuid: vectors[record.uuid] for record in put if record.uuid in vectors}
        if put:
            revision = store.apply(ChangeSet(group_id=store.group_id, put=put, vectors=own))
    return revision


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[tuple[int, bytes]]]:
    """Give the numbered lines of a file, compressed or not."""
    try:
        with path.open("rb") as raw, ExitStack() as stack:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            yield _lines(path, stack.enter_context(gzip.GzipFile(fileobj=raw)) if packed else raw)
    except OSError as error:
        raise InvalidInput(
            f"'{path}' cannot be read: {error.strerror or error}. Name a file of graphmem export"
        ) from error


def _lines(path: Path, file: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        for number, line in enumerate(file, 1):
            yield number, line
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidInput(f"'{path}' is damaged after line {number} ({error}): export it again") from error


def _header(path: Path, lines: Iterator[tuple[int, bytes]], *, group_id: str) -> int:
    """Check the first line, and return how many records it promises."""
    header = _fields(path, *next(lines, (1, b"")))
    form, group, count = (header.get(name) for name in ("format", "group_id", "records"))
    if "graphmem" not in header or not isinstance(form, int) or not isinstance(count, int):
        raise InvalidInput(
            f"'{path}' is no file of graphmem export: its first line has no graphmem, format and records"
        )
    if form > FORMAT:
        raise InvalidInput(f"'{path}' has format {form}, this graphmem reads up to {FORMAT}: upgrade graphmem")
    if group != group_id:
        raise InvalidInput(
            f"'{path}' is of group_id {group!r}, this memory of {group_id!r}: import it with Memory(group_id={group!r})"
        )
    return count


def _record(path: Path, number: int, line: bytes, group_id: str) -> Record:
    fields = _fields(path, number, line)
    told = fields.pop("kind", None)
    kind = next((known for known in _ORDER if known == told), None)
    if kind is None:
        raise InvalidInput(f"'{path}', line {number}: {told!r} is no kind of record: it is one of {', '.join(_ORDER)}")
    try:
        return RECORDS[kind].model_validate({"group_id": group_id, **fields})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InvalidInput(f"'{path}', line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except InvalidInput as error:
        raise InvalidInput(f"'{path}', line {number}: {error}") from error


def _fields(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"'{path}', line {number} is no JSON ({error}): export it again") from error
    if not isinstance(fields, dict):
        raise InvalidInput(f"'{path}', line {number} is no JSON object: export it again")
    return fields


def _stored(store: Store, kind: Kind, put: Mapping[str, Record]) -> Sequence[Record]:
    wanted = [uuid for uuid, record in put.items() if record.kind == kind]
    return store.get(kind, wanted) if wanted else ()
