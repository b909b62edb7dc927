"""The notebooks run from top to bottom, and what they show is what comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST = 110
"""Seconds for one cell, on a machine that does other things as well."""
LARGEST = 100_000
MACHINE = re.compile(r"/tmp/|/home/|/root/|/Users/|/var/|[A-Z]:\\|ipykernel_\d|Warning\b|Traceback")


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def run(path: Path, folder: Path) -> Any:
    notebook = read(path)
    NotebookClient(notebook, timeout=LONGEST, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def plain(cell: Any) -> str:
    """What a cell shows as plain text: what it printed, and its value."""
    if cell.cell_type != "code" or "varies" in cell.metadata.get("tags", ()):
        return ""
    parts = [output.text if output.output_type == "stream" else output.data["text/plain"] for output in cell.outputs]
    return "".join(parts)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server, no settings of the user."""
    for name in ("NEO4J_URI", "GRAPHMEM_STORE", "GRAPHMEM_GROUP", "LLM_URL", "LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_prints(path, tmp_path, offline):
    shown, ran = read(path), run(path, tmp_path)
    assert [plain(cell) for cell in ran.cells] == [plain(cell) for cell in shown.cells]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_somebody_wants_to_read_it(path):
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert sum(bool(cell.outputs) for cell in code) >= 4
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert not MACHINE.search(nbformat.writes(nbformat.from_dict({**notebook, "cells": code})))
    assert path.stat().st_size < LARGEST


def test_the_questions_of_the_notebook_on_neo4j_are_asked_where_there_is_one(neo4j_server, tmp_path, monkeypatch):
    address, password = neo4j_server
    monkeypatch.setenv("NEO4J_URI", address)
    monkeypatch.setenv("NEO4J_PASSWORD", password)
    [path] = FOLDER.glob("06_*.ipynb")
    printed = "".join(plain(cell) for cell in run(path, tmp_path).cells)
    assert [int(rows) > 0 for rows in re.findall(r"^(\d+) rows of", printed, re.M)] == [True] * 4


def test_there_are_eight_and_their_page_names_each():
    page = FOLDER.joinpath("README.md").read_text("utf-8")
    assert len(NOTEBOOKS) == 8
    assert re.findall(r"\]\((\d\d_\w+\.ipynb)\)", page) == [path.name for path in NOTEBOOKS]
