"""What a notebook shows of a record or a result; how it looks is the business of `graphmem.display`."""

from __future__ import annotations


class Shown:
    """Gives a class its look in a notebook: HTML without script, in which every text is escaped."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from graphmem.display import html_of

        return html_of(self)
