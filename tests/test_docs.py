"""What the documentation shows is what happens."""

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_readme import without_scores

from graphmem import errors
from graphmem.cli import main
from graphmem.resolve.lexicon import read_lexicon

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_the_examples_print_what_stands_below_them(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for code, printed in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page.read_text("utf-8"), re.S):
        with redirect_stdout(io.StringIO()) as output:
            exec(compile(code, page.name, "exec"), {})
        assert output.getvalue() == printed


def test_the_lexicon_that_is_shown_can_be_used(tmp_path):
    [shown] = re.findall(r"```toml\n(.*?)```", DOCS.joinpath("time.md").read_text("utf-8"), re.S)
    tmp_path.joinpath("ours.toml").write_text(shown, "utf-8")
    assert read_lexicon(tmp_path / "ours.toml").states["run on"].holder == "subject"


def test_the_commands_print_what_stands_below_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```console\n(.*?)```", DOCS.joinpath("cli.md").read_text("utf-8"), re.S)
    shown = re.findall(r"^\$ (?:printf '(.*)' \| )?graphmem (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.M)
    assert len(shown) >= 5
    for typed, command, printed in shown:
        given = typed.replace("\\n", "\n") or None
        result = CliRunner().invoke(main, shlex.split(command), input=given, prog_name="graphmem")
        assert without_scores(result.output) == without_scores(printed), command


def test_every_error_is_in_the_table():
    page = DOCS.joinpath("errors.md").read_text("utf-8")
    for name, error in vars(errors).items():
        if isinstance(error, type) and issubclass(error, Exception):
            [row] = re.findall(rf"^\| `{name}` \|(.*)\|$", page, re.M)
            others = {base.__name__ for base in error.__bases__} - {"GraphmemError"}
            assert all(f"`{other}`" in row.split("|")[0] for other in others), name
