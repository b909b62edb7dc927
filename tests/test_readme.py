"""What the README shows is what happens."""

import io
import os
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner

from graphmem.cli import main

README = Path(__file__).parent.parent.joinpath("README.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def without_scores(printed):
    """Leave scores out: their last digit differs between processors."""
    return re.sub(r"^(\d+\.) \d+\.\d+ ", r"\1 ", printed, flags=re.M)


def commands_shown(page):
    """What is typed into a command, the command, and what it prints, for all on a page."""
    blocks = "".join(re.findall(r"```console\n(.*?)```", page, re.S))
    shown = re.findall(r"^\$ (?:printf '(.*)' \| )?graphmem (.*)\n((?:(?!\$ ).*\n)*)", blocks, re.M)
    return [(typed.replace("\\n", "\n") or None, command, printed) for typed, command, printed in shown]


def test_the_python_examples_print_what_stands_below_them():
    blocks = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.S)
    assert len(blocks) == README.count("```python")
    for code, printed in blocks:
        with redirect_stdout(io.StringIO()) as output:
            exec(compile(code, "README.md", "exec"), {})
        assert output.getvalue() == printed


def test_the_commands_print_what_stands_below_them():
    shown = commands_shown(README)
    assert len(shown) >= 3
    for typed, command, printed in shown:
        result = CliRunner().invoke(main, shlex.split(command), input=typed, prog_name="graphmem")
        assert without_scores(result.output) == without_scores(printed), command


def test_every_command_is_mentioned():
    for name in main.commands:
        assert re.search(rf"`{name}`|graphmem {name}\b", README), name
    assert os.listdir() == []
