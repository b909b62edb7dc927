"""What the documentation shows is what happens."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from graphmem.resolve.lexicon import read_lexicon

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_the_examples_print_what_stands_below_them(page):
    for code, printed in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page.read_text("utf-8"), re.S):
        with redirect_stdout(io.StringIO()) as output:
            exec(compile(code, page.name, "exec"), {})
        assert output.getvalue() == printed


def test_the_lexicon_that_is_shown_can_be_used(tmp_path):
    [shown] = re.findall(r"```toml\n(.*?)```", DOCS.joinpath("time.md").read_text("utf-8"), re.S)
    tmp_path.joinpath("ours.toml").write_text(shown, "utf-8")
    assert read_lexicon(tmp_path / "ours.toml").states["run on"].holder == "subject"
