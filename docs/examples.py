"""Examples in docstrings are code on the page of the reference."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension

EXAMPLE = re.compile(r"(?:^>>> .*(?:\n(?!\n).+)*\n?)+", re.M)


class Examples(Extension):  # type: ignore[misc]
    """Puts a fence around each example."""

    def on_object(self, *, obj: Any, **given: Any) -> None:
        """Change the docstring of one object."""
        if obj.docstring is not None and ">>> " in obj.docstring.value:
            fenced = EXAMPLE.sub(lambda match: f"```pycon\n{match[0].rstrip()}\n```\n", obj.docstring.value)
            obj.docstring.value = fenced
