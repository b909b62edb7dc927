"""Every public name has a docstring, and an example that the tests run: in its docstring or on a page."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import graphmem
from graphmem import AsyncMemory, Memory

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = "\n".join(block for page in PAGES for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S))
"""All code on pages; `test_docs` and `test_readme` run it."""
NAMES = [name for name in graphmem.__all__ if name != "__version__"]
VERBS = [name for name in vars(Memory) if not name.startswith("_")]


def example(docstring: str | None) -> bool:
    return docstring is not None and ">>> " in docstring


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_documented_with_an_example(name):
    docstring = getattr(graphmem, name).__doc__
    assert docstring
    assert re.match(r"[A-Z].*?[.:]", docstring, re.S), docstring
    assert example(docstring) or re.search(rf"\b{name}\b", RUN), name


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_of_memory_is_documented_with_an_example(name):
    docstring = inspect.getdoc(getattr(Memory, name))
    assert docstring
    assert example(docstring) or re.search(rf"\bmemory\.{name}\(", RUN), name


@pytest.mark.parametrize("name", sorted(set(VERBS) - {"created"}))
def test_the_event_loop_has_the_same_verbs(name):
    verb = getattr(AsyncMemory, name)
    assert inspect.iscoroutinefunction(verb)
    assert inspect.getdoc(verb)


@pytest.mark.parametrize("name", NAMES)
def test_the_methods_of_a_public_class_are_documented(name):
    there = getattr(graphmem, name)
    for method, value in vars(there).items():
        if not method.startswith("_") and (callable(value) or isinstance(value, property)):
            assert inspect.getdoc(value), f"{name}.{method}"


def test_the_reference_has_every_public_name():
    page = (ROOT / "docs" / "reference.md").read_text("utf-8")
    assert sorted(re.findall(r"^::: graphmem\.([A-Z]\w+)$", page, re.M)) == sorted(NAMES)
