"""The launcher that runs Neo4j with only Java and Maven says what it did, or what is missing."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest
import yaml
from conftest import LAUNCHER
from launcher import launch
from launcher import module as launcher
from small_graph import Maker, everything

from graphmem.store import open_store

PASSWORD = "long enough"
LINES = pytest.mark.parametrize("line", launcher.LINES.values(), ids=launcher.LINES)


@pytest.fixture
def home(neo4j_server: tuple[str, str], neo4j_home: Path | None) -> Path:
    """Give the data folder of the server that this run started."""
    if neo4j_home is None:
        pytest.skip("NEO4J_URI is set: the server was not started by the launcher")
    return neo4j_home


def test_a_running_server_is_found_again(home: Path, neo4j_server: tuple[str, str]) -> None:
    address, password = neo4j_server
    again = launch("start", "--home", home, "--port", "0", NEO4J_PASSWORD=password)
    assert (again.returncode, again.stdout.strip()) == (0, address)
    status = launch("status", "--home", home)
    assert (status.returncode, status.stdout.split()[0]) == (0, address)
    assert "Started." in launch("logs", "--home", home).stdout


def test_neo4j_browser_is_there(home: Path) -> None:
    browser = launch("status", "--home", home).stdout.split()[1]
    with urllib.request.urlopen(browser, timeout=10) as answer:
        assert answer.status == 200
        assert b"Neo4j Browser" in answer.read()


def test_another_password_for_known_data_is_told(home: Path) -> None:
    refused = launch("start", "--home", home, "--password", "another password")
    assert refused.returncode == 1
    assert "has another password" in refused.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        taken = launch("start", "--home", tmp_path, "--port", port, NEO4J_PASSWORD="long enough")
    assert (taken.returncode, taken.stdout) == (1, "")
    assert f"Port {port} is taken" in taken.stderr
    assert "--port" in taken.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        ([], {}, "Set NEO4J_PASSWORD"),
        (["--password", "short"], {}, "at least 8"),
        (["--heap", "lots"], {"NEO4J_PASSWORD": "long enough"}, "512m"),
        (["--pagecache", "64 MB"], {"NEO4J_PASSWORD": "long enough"}, "no size of a page cache"),
        (["--tls", "no.crt", "no.key"], {"NEO4J_PASSWORD": "long enough"}, "no file no.crt"),
        ([], {"NEO4J_PASSWORD": "long enough", "JAVA_HOME": "/nowhere"}, "JAVA_HOME (/nowhere)"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, arguments: list[str], environment: dict[str, str], told: str) -> None:
    failed = launch("start", "--home", tmp_path / "home", *arguments, **environment)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert told in failed.stderr
    assert "Traceback" not in failed.stderr


def test_no_maven_is_told(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n")
    java.chmod(0o755)
    failed = launch(
        *("start", "--home", tmp_path / "home", "--password", "long enough"),
        PATH=f"{java.parent}",
        XDG_CACHE_HOME=f"{tmp_path / 'cache'}",
    )
    assert failed.returncode == 1
    assert "Install Maven" in failed.stderr


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give an empty folder, the only one in which Java is looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(launcher, "JAVA_PLACES", (f"{tmp_path}/jvm/*/bin",))
    return tmp_path


def install_java(folder: Path, version: str) -> str:
    java = folder / "java"
    folder.mkdir(parents=True, exist_ok=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    return str(java)


@LINES
def test_no_java_is_told(line: object, no_java: Path) -> None:
    with pytest.raises(launcher.LauncherError, match=rf"needs Java {line.java_at_least} or newer; no `java` was found"):
        launcher.java(line)


@LINES
def test_an_old_java_is_told(line: object, no_java: Path) -> None:
    old = install_java(no_java, "11.0.2")
    with pytest.raises(launcher.LauncherError, match=rf"{line.java_at_least} or newer; {old} is Java 11"):
        launcher.java(line)


def test_a_newer_java_is_found_where_they_are_installed(no_java: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path, at_home = install_java(no_java, "17.0.15"), install_java(no_java / "home" / "bin", "22.0.1")
    install_java(no_java / "jvm" / "old" / "bin", "17.0.1")
    install_java(no_java / "jvm" / "newest" / "bin", "25.0.1")
    newer = install_java(no_java / "jvm" / "newer" / "bin", "21.0.4")
    lts, current = launcher.LINES["lts"], launcher.LINES["current"]
    assert (launcher.java(lts), launcher.java(current)) == (on_path, newer)
    monkeypatch.setenv("JAVA_HOME", str(no_java / "home"))
    assert (launcher.java(lts), launcher.java(current)) == (at_home, at_home)


def test_nothing_runs_over_an_unused_folder(tmp_path: Path) -> None:
    assert (launch("status", "--home", tmp_path).returncode, launch("stop", "--home", tmp_path).returncode) == (3, 0)
    assert "No log" in launch("logs", "--home", tmp_path).stderr


@pytest.fixture
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Give the data folder and the address of a server with a self-signed certificate."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl program to make a certificate")
    folder = tmp_path_factory.mktemp("encrypted")
    certificate, key = folder / "public.crt", folder / "private.key"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*made, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    home = folder / "home"
    ports = ("--port", "0", "--http-port", "0")
    started = launch("start", "--home", home, *ports, "--tls", certificate, key, NEO4J_PASSWORD=PASSWORD)
    assert started.returncode == 0, started.stderr
    yield home, started.stdout.strip()
    launch("stop", "--home", home)


def test_a_certificate_encrypts(encrypted: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    home, address = encrypted
    port = address.rpartition(":")[2]
    assert address == f"bolt+ssc://127.0.0.1:{port}"

    def answers(scheme: str) -> bool:
        with neo4j.GraphDatabase.driver(f"{scheme}://127.0.0.1:{port}", auth=("neo4j", PASSWORD)) as driver:
            try:
                driver.verify_connectivity()
            except neo4j.exceptions.ServiceUnavailable:
                return False
        return True

    schemes = ("bolt+ssc", "neo4j+ssc", "bolt", "bolt+s")
    assert [answers(scheme) for scheme in schemes] == [True, True, False, False]
    monkeypatch.setenv("SSL_CERT_FILE", str(home.parent / "public.crt"))
    assert [answers(scheme) for scheme in ("bolt+s", "neo4j+s")] == [True, True]


def test_a_memory_comes_back_from_a_dump(
    encrypted: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    home, address = encrypted
    dump, restored = tmp_path / "memory.dump", tmp_path / "restored"
    make = Maker("backup")
    ada, london = make.entity("Ada"), make.entity("London")
    said = make.episode("Ada lives in London.", ada, london)
    store = open_store(address, group_id="backup")
    store.apply(make.change(ada, london, said, make.fact(ada, "live in", london, said)))
    records, revision, counts = everything(store), store.revision(), store.counts()
    store.close()

    assert "stop it first" in launch("dump", "--home", home, dump).stderr
    launch("stop", "--home", home)
    dumped = launch("dump", "--home", home, dump)
    assert (dumped.returncode, dumped.stdout.strip()) == (0, str(dump)), dumped.stderr
    assert "choose another name" in launch("dump", "--home", home, dump).stderr
    loaded = launch("load", "--home", restored, dump)
    assert loaded.returncode == 0, loaded.stderr
    assert "--overwrite replaces it" in launch("load", "--home", restored, dump).stderr

    started = launch("start", "--home", restored, "--port", "0", "--http-port", "0", NEO4J_PASSWORD=PASSWORD)
    assert started.returncode == 0, started.stderr
    try:
        store = open_store(started.stdout.strip(), group_id="backup")
        assert (everything(store), store.revision(), store.counts()) == (records, revision, counts)
        assert store.check() == []
        store.close()
    finally:
        launch("stop", "--home", restored)


def test_what_cannot_be_dumped_or_loaded_is_told(tmp_path: Path) -> None:
    assert "There is no database in" in launch("dump", "--home", tmp_path, tmp_path / "new.dump").stderr
    assert "There is no file" in launch("load", "--home", tmp_path, tmp_path / "no.dump").stderr
    bad = tmp_path / "bad.dump"
    bad.write_text("no dump")
    failed = launch("load", "--home", tmp_path / "home", bad)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "neo4j-admin database load failed" in failed.stderr
    assert "Traceback" not in failed.stderr


@LINES
def test_compose_sets_what_neo4j_knows(line: object, tmp_path: Path) -> None:
    try:
        program, jars = launcher.java(line), launcher.assemble(line)
    except launcher.LauncherError as missing:
        pytest.skip(str(missing))
    settings: dict[str, str] = {}
    for file in ("compose.yaml", "compose.tls.yaml"):
        text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", LAUNCHER.with_name(file).read_text("utf-8"))
        for name, value in yaml.safe_load(text)["services"]["neo4j"]["environment"].items():
            if name != "NEO4J_AUTH":
                setting = name.removeprefix("NEO4J_").replace("_", ".").replace("..", "_")
                settings[setting] = value
    server = launcher.Server(line, tmp_path)
    server.write({**settings, "server.config.strict_validation.enabled": "true"})
    checked = subprocess.run(
        [program, "-cp", f"{jars}/*", "org.neo4j.server.startup.Neo4jAdminCommand", "server", "validate-config"],
        env={"NEO4J_HOME": str(tmp_path), "NEO4J_CONF": str(tmp_path / "conf")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert "dbms.ssl.policy.bolt.private_key" in settings


def test_compose_runs_the_same_release() -> None:
    image = yaml.safe_load(LAUNCHER.with_name("compose.yaml").read_text("utf-8"))["services"]["neo4j"]["image"]
    assert image == f"neo4j:${{NEO4J_VERSION:-{launcher.LINES['lts'].version}}}-community"
