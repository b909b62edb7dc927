"""Fixtures that several features share: the three kinds of store, and one real Neo4j for the whole run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sandhaven

from graphmem import Memory
from graphmem.store import open_store
from graphmem.store.contract import Store

LAUNCHER = Path(__file__).parent.parent / "docker" / "neo4j.py"
Opener = Callable[..., Store]


@pytest.fixture(scope="session")
def neo4j_home(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Give the data folder of the Neo4j that this run starts; None where NEO4J_URI names one that runs already."""
    return None if os.environ.get("NEO4J_URI") else tmp_path_factory.mktemp("neo4j")


@pytest.fixture(scope="session")
def neo4j_server(neo4j_home: Path | None) -> Iterator[tuple[str, str]]:
    """Give the address and the password of a Neo4j: NEO4J_URI, or one that docker/neo4j.py starts for this run."""
    if neo4j_home is None:
        yield os.environ["NEO4J_URI"], os.environ.get("NEO4J_PASSWORD", "")
        return
    missing = [program for program in ("java", "mvn") if not shutil.which(program)]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"Neo4j tests need Java 17 and Maven, or NEO4J_URI: no {' and no '.join(missing)} here")
    password = uuid4().hex
    started = subprocess.run(
        [sys.executable, LAUNCHER, "start", "--home", neo4j_home, "--port", "0", "--http-port", "0"],
        env={**os.environ, "NEO4J_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    try:
        yield started.stdout.strip(), password
    finally:
        subprocess.run([sys.executable, LAUNCHER, "stop", "--home", neo4j_home], check=True, capture_output=True)


@pytest.fixture
def neo4j_address(neo4j_server: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a Neo4j; the password is in the environment."""
    address, password = neo4j_server
    monkeypatch.setenv("NEO4J_PASSWORD", password)
    return address


@pytest.fixture(scope="session")
def neo4j_browser(neo4j_home: Path | None, neo4j_server: tuple[str, str]) -> str:
    """Give the address of the Neo4j Browser that the launcher serves."""
    if neo4j_home is None:
        if not os.environ.get("NEO4J_BROWSER"):
            pytest.skip("NEO4J_URI is set: tests of its Neo4j Browser need NEO4J_BROWSER, the address of the page")
        return os.environ["NEO4J_BROWSER"]
    return str(json.loads((neo4j_home / "server.json").read_text("utf-8"))["browser"])


@pytest.fixture(scope="session")
def town(neo4j_server: tuple[str, str]) -> str:
    """Give the group_id of a memory in Neo4j that knows the town of the demo; for tests that only look."""
    address, password = neo4j_server
    group = f"test {uuid4().hex}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_PASSWORD", password)
        with Memory(address, group_id=group) as memory:
            sandhaven.tell(memory)
    return group


@pytest.fixture(params=["file", "neo4j"])
def shared_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a store that can be opened more than once."""
    return str(tmp_path / "memory.db") if request.param == "file" else request.getfixturevalue("neo4j_address")


@pytest.fixture(params=["memory", "file", "neo4j"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of each kind of store."""
    if request.param == "neo4j":
        return str(request.getfixturevalue("neo4j_address"))
    return ":memory:" if request.param == "memory" else str(tmp_path / "memory.db")


@pytest.fixture
def group() -> str:
    """Give a tenant that no other test uses."""
    return f"test {uuid4().hex}"


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Open stores, and close them after the test."""
    stores: list[Store] = []

    def opener(address: str, group_id: str) -> Store:
        stores.append(open_store(address, group_id=group_id))
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def store(address: str, group: str, opened: Opener) -> Store:
    """Give an empty store of each kind, bound to a model of four dimensions."""
    store = opened(address, group)
    store.bind("compass", 4)
    return store
