"""What `graphmem add` reads: texts, files, folders, standard input and JSON lines, as items for `Memory.add_many`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from graphmem.errors import InvalidInput
from graphmem.model import check_text

SUFFIXES = (".txt", ".md", ".markdown", ".rst", ".text", ".jsonl")
"""The files that a folder is searched for; a file named on its own may have any suffix."""

Item = dict[str, Any]


class Sources:
    """The items that the arguments of `graphmem add` stand for, read one file at a time.

    What cannot be read is kept in `failed`, and reading goes on. Raises `InvalidInput` at once for an argument that
    names nothing.
    """

    def __init__(self, arguments: Iterable[str], **given: Any) -> None:
        self._given = {name: value for name, value in given.items() if value is not None}
        self._parts: list[str | tuple[Path, str]] = []
        for argument in arguments:
            self._parts.extend(_resolve(argument))
        self.size = sum(part[0].stat().st_size if isinstance(part, tuple) else len(part) for part in self._parts)
        """How many characters there are to read, about; standard input is not counted."""
        self.failed: list[InvalidInput] = []

    def __iter__(self) -> Iterator[Item]:
        for part in self._parts:
            try:
                yield from self._items(part)
            except InvalidInput as error:  # noqa: PERF203 - one broken file does not stop the others
                self.failed.append(error)

    def _items(self, part: str | tuple[Path, str]) -> Iterator[Item]:
        if isinstance(part, tuple):
            path, name = part
            check_text(name, what=f"name of the file {name!r}")
            text = decoded(path.read_bytes(), name)
            if path.suffix == ".jsonl":
                yield from self._lines(text, name)
            else:
                yield {"source": name, "session": name, **_titled(path, text), **self._given}
        elif part == "-":
            text = decoded(sys.stdin.buffer.read(), "standard input")
            if text.lstrip().startswith('{"'):
                yield from self._lines(text, "standard input")
            else:
                yield {"text": text, **self._given}
        else:
            yield {"text": part, **self._given}

    def _lines(self, text: str, name: str) -> Iterator[Item]:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    item = json.loads(line)
                except (ValueError, RecursionError) as error:
                    item = error
                if isinstance(item, dict):
                    yield {**self._given, **item}
                else:
                    advice = 'write {"text": "...", "speaker": "..."}'
                    self.failed.append(
                        InvalidInput(f"{name}, line {number} is no JSON object ({item!r:.60}): {advice}")
                    )


def _resolve(argument: str) -> list[str | tuple[Path, str]]:
    """Return the files an argument stands for, with the names they are remembered under, or its text."""
    path = Path(argument) if len(argument) < 4096 and "\0" not in argument and argument.strip() else None
    if argument == "-" or path is None:
        return [argument]
    try:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
            if not files:
                raise InvalidInput(f"the folder {argument!r} has no text: {', '.join(SUFFIXES)} files are read")
            return [(file, file.as_posix()) for file in files]
        if path.is_file():
            return [(path, path.as_posix())]
    except OSError:  # too long or too odd for a path, so it is a text
        return [argument]
    if not any(letter.isspace() for letter in argument.strip()):
        raise InvalidInput(f"there is no file or folder {argument!r}; a text has several words, or comes from '-'")
    return [argument]


def decoded(data: bytes, name: str) -> str:
    """Return what a file or standard input says; raises `InvalidInput` for what is no text."""
    if b"\0" in data:
        raise InvalidInput(f"{name} is a binary file (NUL at byte {data.index(0)}): only text can be added")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{name} is not UTF-8 (byte {error.start} is {data[error.start]:#04x}): convert it, for example with iconv"
        ) from None
    if not text.strip():
        raise InvalidInput(f"{name} is empty: there is nothing to remember")
    return text


def _titled(path: Path, text: str) -> Item:
    """Take the title of a Markdown document from its first heading."""
    first, _, rest = text.lstrip().partition("\n")
    if path.suffix.lower() in (".md", ".markdown") and first.startswith("# ") and rest.strip():
        return {"text": rest, "metadata": {"title": first[2:].strip()}}
    return {"text": text}
