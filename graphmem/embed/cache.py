"""Prepared models in a per-user cache: made once, by one process at a time, and made again if damaged.

The cache is where `GRAPHMEM_CACHE` says, else where the operating system keeps caches. Each model has a folder with the
ONNX model, its weights, the tokenizer and a manifest: how to run it, and the checksums of the files (see
`graphmem.checksum`). The folder appears whole or not at all.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphmem.checksum import checksum
from graphmem.embed.runtime import OnnxModel, Prepared
from graphmem.embed.source import Source
from graphmem.errors import ModelError

if TYPE_CHECKING:
    from graphmem.embed.prepare import TorchModel

FORMAT = 5
"""What prepared models look like; one of another format is prepared again."""

MANIFEST = "manifest.json"

log = logging.getLogger(__name__)


class Damaged(Exception):
    """A folder of the cache that is not, or not wholly, there."""


def cache_folder() -> Path:
    """Return where prepared models are kept."""
    if said := os.environ.get("GRAPHMEM_CACHE"):
        return Path(said).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("graphmem", appauthor=False))


def load(source: Source) -> OnnxModel | TorchModel:
    """Load a model from the cache, preparing it first if it is not there; raises `ModelError`."""
    folder = cache_folder() / f"{source.key}-{FORMAT}"
    try:
        return _open(source, folder)
    except Damaged:
        pass
    import tempfile

    from filelock import FileLock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            return _open_or_prepare(source, folder)
    except OSError as error:
        log.warning(
            "cannot keep a prepared model in %s (%s): set GRAPHMEM_CACHE to a folder that can be written",
            folder.parent,
            error,
        )
        with tempfile.TemporaryDirectory(prefix="graphmem-", ignore_cleanup_errors=True) as temporary:
            return _open_or_prepare(source, Path(temporary) / folder.name)


def _open_or_prepare(source: Source, folder: Path) -> OnnxModel | TorchModel:
    try:
        return _open(source, folder)  # another process has prepared it meanwhile
    except Damaged as reason:
        if folder.exists():
            log.warning("preparing the embedding model %s again, in %s: %s", source.name, folder, reason)
        else:
            log.warning("preparing the embedding model %s, once, in %s", source.name, folder)
    import shutil

    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)  # left behind by a process that was killed
    new.mkdir()
    try:
        _prepare(source, new)
        shutil.rmtree(folder, ignore_errors=True)
        new.replace(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    try:
        return _open(source, folder)
    except Damaged as error:
        raise ModelError(f"the embedding model {source.name!r} cannot be prepared in {folder}: {error}") from error


def _open(source: Source, folder: Path) -> OnnxModel | TorchModel:
    """Open a prepared model; raises `Damaged` when its folder is not as its manifest says."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        prepared = Prepared.read(manifest["prepared"])
        for name, written in manifest["files"].items():
            if _checksum(folder / name) != written:
                raise Damaged(f"{name} is not what was written")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Damaged(f"{MANIFEST} or a file it names cannot be read: {error}") from error
    if prepared.layout is not None:
        try:
            return OnnxModel(folder, prepared.layout)
        except Exception as error:  # such as an ONNX Runtime that is another than the one it was prepared for
            raise Damaged(f"ONNX Runtime cannot load it: {error}") from error
    from graphmem.embed.prepare import TorchModel

    log.warning("the embedding model %s runs in torch, more slowly: %s", source.name, prepared.obstacle)
    return TorchModel(source.location)


def _prepare(source: Source, folder: Path) -> None:
    """Prepare a model in a process of its own: this one neither pays for torch nor has its settings changed."""
    import subprocess

    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path),
        "PYTHONSAFEPATH": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    if source.offline:
        environment |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    options = ["--eight-bits"] if source.eight_bits else []
    program = ["-W", "ignore", "-m", "graphmem.embed.prepare"]
    command = [sys.executable, *program, source.location, str(folder.resolve()), *options]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise ModelError(f"cannot start Python at {sys.executable!r} to prepare {source.name!r}: {error}") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or [f"the process ended with {done.returncode}"])[-1]
        raise ModelError(
            f"the embedding model {source.name!r} cannot be prepared: {reason.rstrip('.')}. Give the folder of a "
            "sentence-transformers model, or its name on the Hugging Face Hub (which needs the network once)"
        )
    files = {path.name: _checksum(path) for path in sorted(folder.iterdir())}
    told = done.stdout.splitlines()[-1]
    (folder / MANIFEST).write_text(json.dumps({"prepared": told, "files": files}, indent=1), "utf-8")


def _checksum(path: Path) -> str:
    with path.open("rb", buffering=0) as file:
        return checksum(file).hex()
