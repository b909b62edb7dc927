"""Who writes a letter or an e-mail, and to whom: the first and second person of a text that names no speaker."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = r"(?P<name>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2})"
_GREETING = re.compile(rf"\s*(?:[Dd]ear|[Hh]i|[Hh]ello|[Hh]ey|[Gg]ood morning) {_NAME} ?[,!:.–-]*[ \t]*\n")
_CLOSING = re.compile(
    rf"(?:^|\n)[ \t]*(?i:(?:with |all |my )?(?:best|kind|kindest|warm|warmest|many|yours|lots of)?[ ]?"
    rf"(?:regards|wishes|thanks|cheers|sincerely|truly|faithfully|love|best|yours|thank you|xx?))[ ,!.–-]*\n\s*"
    rf"{_NAME}[ \t]*(?:\n|$)"
)


class Letter(NamedTuple):
    """Who writes, and to whom; None for who is not named."""

    writer: str | None
    reader: str | None


def letter(text: str) -> Letter:
    """Read the greeting and the closing lines of a text.

    >>> letter("Dear Tom,\\nI am late.\\n\\nBest regards,\\nAnna Berg")
    Letter(writer='Anna Berg', reader='Tom')
    """
    greeting = _GREETING.match(text)
    closing = _CLOSING.search(text, max(0, len(text) - 300))
    return Letter(closing["name"] if closing else None, greeting["name"] if greeting else None)
