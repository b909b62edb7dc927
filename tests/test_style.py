"""The code is linted, formatted and typed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

TYPED = pytest.mark.skipif(not np.__version__.startswith("2.4."), reason="types are checked with those of NumPy 2.4")


@pytest.mark.parametrize("checker", ["ruff check", "ruff format --check", pytest.param("mypy", marks=TYPED)])
def test_a_checker_has_nothing_to_say(checker):
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", *checker.split()], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
