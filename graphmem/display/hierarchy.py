"""The communities of a memory as SVG: each level a column, beside each community those that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from graphmem.display.markup import COLOURS, GREY, text
from graphmem.display.picture import Picture
from graphmem.display.timelines import svg
from graphmem.model import Community

MOST: Final = 40
"""So many communities of the lowest level are drawn."""
_WIDTH: Final = 270
_HEIGHT: Final = 26
_GAP: Final = 4
_LETTERS: Final = 36


def hierarchy(communities: Sequence[Community]) -> Picture:
    """Draw communities as an icicle (Kruskal and Landwehr 1983): the highest level is on the left, the largest on top.

    >>> "no communities" in hierarchy([])
    True
    """
    if not communities:
        return svg(300, 30, f'<text x="12" y="20" fill="{GREY}">no communities were found yet</text>')
    parts = _Icicle(communities)
    return svg(parts.width, parts.height, *parts.drawn)


class _Icicle:
    """Where each community is drawn, from the top down; each that has no parts takes a row."""

    def __init__(self, communities: Sequence[Community]) -> None:
        self._known = {one.uuid: one for one in communities}
        levels = [one.level for one in communities]
        self._highest, lowest = max(levels), min(levels)
        self.drawn: list[str] = []
        self._rows = 0
        held = {uuid for one in communities if one.level for uuid in one.members}
        for root in self._sorted([one.uuid for one in communities if one.uuid not in held]):
            self._draw(root)
        left_out = levels.count(lowest) - self._rows
        self.width = (self._highest - lowest + 1) * _WIDTH + _GAP
        self.height = self._rows * _HEIGHT + _GAP
        if left_out > 0:
            more = f"and {left_out:,} more communities of the lowest level"
            self.drawn.append(f'<text x="{_GAP}" y="{self.height + 14}" fill="{GREY}">{more}</text>')
            self.height += 22

    def _sorted(self, uuids: Sequence[str]) -> list[Community]:
        found = (self._known[uuid] for uuid in uuids if uuid in self._known)
        return sorted(found, key=lambda one: (-one.level, -one.size, one.name, one.uuid))

    def _draw(self, community: Community) -> None:
        """Draw a community and those in it, as long as there is room."""
        first = self._rows
        if first >= MOST:
            return
        for part in self._sorted(community.members) if community.level else ():
            self._draw(part)
        self._rows = max(self._rows, first + 1)
        x, y = (self._highest - community.level) * _WIDTH + _GAP, first * _HEIGHT + _GAP
        height = (self._rows - first) * _HEIGHT - _GAP
        colour = COLOURS["community"]
        said = text(f"{community.name} ({community.size:,})", most=_LETTERS)
        self.drawn.append(
            f'<rect x="{x}" y="{y}" width="{_WIDTH - _GAP}" height="{height}" rx="4" fill="{colour}" '
            f'fill-opacity="0.14" stroke="{colour}"></rect>'
            f'<text x="{x + 8}" y="{y + height / 2 + 4:.0f}" fill="currentColor">{said}</text>'
        )
