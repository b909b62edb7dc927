"""The launcher that runs Neo4j with only Java and Maven says what it did, or what is missing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from conftest import LAUNCHER


def launch(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, LAUNCHER, *arguments]
    without = {name: value for name, value in os.environ.items() if name not in ("NEO4J_PASSWORD", "JAVA_HOME")}
    environment = {**without, **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


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
        ([], {"NEO4J_PASSWORD": "long enough", "PATH": "/nowhere"}, "Install Java 17"),
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


def test_an_old_java_is_told(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'java version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    failed = launch("start", "--home", tmp_path / "home", "--password", "long enough", PATH=str(tmp_path))
    assert "is Java 11; Neo4j" in failed.stderr


def test_nothing_runs_over_an_unused_folder(tmp_path: Path) -> None:
    assert (launch("status", "--home", tmp_path).returncode, launch("stop", "--home", tmp_path).returncode) == (3, 0)
    assert "No log" in launch("logs", "--home", tmp_path).stderr
