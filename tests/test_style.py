"""The code is linted, formatted and typed."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("checker", ["ruff check", "ruff format --check", "mypy"])
def test_a_checker_has_nothing_to_say(checker):
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", *checker.split()], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
