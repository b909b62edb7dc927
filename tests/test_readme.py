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


def test_the_python_example_prints_what_stands_below_it():
    [(code, printed)] = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.S)
    with redirect_stdout(io.StringIO()) as output:
        exec(compile(code, "README.md", "exec"), {})
    assert output.getvalue() == printed


def test_the_commands_print_what_stands_below_them():
    [block] = re.findall(r"```console\n(.*?)```", README, re.S)
    shown = re.findall(r"^\$ graphmem (.*)\n((?:(?!\$ ).*\n)*)", block, re.M)
    assert len(shown) >= 3
    for command, printed in shown:
        result = CliRunner().invoke(main, shlex.split(command))
        assert without_scores(result.output) == without_scores(printed), command


def test_every_command_is_mentioned():
    for name in main.commands:
        assert re.search(rf"`{name}`|graphmem {name}\b", README), name
    assert os.listdir() == []
