"""What an extractor reads in a sentence, written as one line, so that tables of sentences can say what they expect."""

from __future__ import annotations

from graphmem.extract.timex import find

NOW = "2023-06-14T15:00"
"""A Wednesday."""


def read_times(text: str) -> str:
    """Each time found, as "text: start..end granularity relation", with what is usual left out."""
    lines = []
    for time in find(text, NOW):
        assert text[time.start : time.end] == time.text
        limits = [
            "" if moment is None else moment.isoformat()[:19].removesuffix(":00").removesuffix("T00:00")
            for moment in (time.valid_at, time.invalid_at)
        ]
        interval = f" {limits[0]}..{limits[1]} {time.granularity}" if any(limits) else ""
        lines.append(f"{time.text}:{interval}" + (f" {time.relation}" if time.relation != "at" else ""))
    return " | ".join(lines)
