"""What the documentation shows is what happens, and the site of it can be built."""

import importlib.util
import io
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_readme import commands_shown, without_scores

from graphmem import errors
from graphmem.cli import main
from graphmem.resolve.lexicon import read_lexicon

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
READ = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *PAGES,
    *(path for folder in ("docker", "cypher", "training") for path in sorted((ROOT / folder).rglob("*.md"))),
    *sorted((ROOT / "notebooks").iterdir()),
]


def loaded(name):
    """A module of the folder of the documentation, which is no package."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run_one_after_the_other_and_print_what_stands_below_them(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = {}
    for code, printed in re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", page.read_text("utf-8"), re.S):
        with redirect_stdout(io.StringIO()) as output:
            exec(compile(code, page.name, "exec"), told)
        assert output.getvalue() == printed


@pytest.mark.parametrize("name", ["commands", "ranking"])
def test_what_is_made_from_the_code_is_as_the_code_is(name):
    made = getattr(loaded("generate"), name)()
    assert made == DOCS.joinpath(f"{name}.md").read_text("utf-8"), "run: python docs/generate.py"


def test_the_site_is_built_without_a_warning(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = tmp_path.joinpath("reference", "index.html").read_text("utf-8")
    assert page.count(">&gt;&gt;&gt; </span>") >= 60
    pages = list(tmp_path.rglob("*.html"))
    assert not [page for page in pages if re.search(r'(?:src|href)="https?://fonts\.', page.read_text("utf-8"))]


@pytest.mark.parametrize("page", READ, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_links_to_is_there(page):
    text = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose)
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.M)
            assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}, link


def test_the_lexicon_that_is_shown_can_be_used(tmp_path):
    [shown] = re.findall(r"```toml\n(.*?)```", DOCS.joinpath("time.md").read_text("utf-8"), re.S)
    tmp_path.joinpath("ours.toml").write_text(shown, "utf-8")
    assert read_lexicon(tmp_path / "ours.toml").states["run on"].holder == "subject"


def test_the_commands_print_what_stands_below_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = [command for page in PAGES for command in commands_shown(page.read_text("utf-8"))]
    assert len(shown) >= 5
    for typed, command, printed in shown:
        result = CliRunner().invoke(main, shlex.split(command), input=typed, prog_name="graphmem")
        assert without_scores(result.output) == without_scores(printed), command


def test_every_error_is_in_the_table():
    page = DOCS.joinpath("errors.md").read_text("utf-8")
    for name, error in vars(errors).items():
        if isinstance(error, type) and issubclass(error, Exception):
            [row] = re.findall(rf"^\| `{name}` \|(.*)\|$", page, re.M)
            others = {base.__name__ for base in error.__bases__} - {"GraphmemError"}
            assert all(f"`{other}`" in row.split("|")[0] for other in others), name
