"""A timeline as SVG: one row for each fact and event, a bar for as long as it holds, a dot where it is but a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from graphmem.display.axes import Axis, around
from graphmem.display.markup import COLOURS, GREY, text
from graphmem.display.picture import Picture
from graphmem.results import Entry, became, period

ROWS: Final = 40
"""So many entries are drawn."""
WIDTH: Final = 860
_ROW: Final = 25
_LETTER: Final = 6.3
"""About how many pixels a letter is wide."""


def timeline(entries: Sequence[Entry], *, title: str = "") -> Picture:
    """Draw entries, the first `ROWS` of them; undated ones stand below, without a mark.

    >>> from datetime import datetime
    >>> start, end = datetime(1815, 1, 1), datetime(1816, 1, 1)
    >>> picture = timeline([Entry("event", "1", "Ada was born", start, end, "year", "asserted", "happened", end)])
    >>> "Ada was born" in picture
    True
    """
    drawn = entries[:ROWS]
    moments = [moment for entry in drawn for moment in (entry.valid_at, entry.invalid_at) if moment]
    axis = around(moments, left=12, right=WIDTH - 12) if moments else None
    top = 26 if title else 6
    rows = [_row(entry, axis, top + number * _ROW) for number, entry in enumerate(drawn)]
    bottom = top + len(drawn) * _ROW
    hidden = len(entries) - len(drawn)
    parts = [_text(12, 17, title, bold=True)] if title else []
    parts += [_grid(axis, top, bottom), *rows] if axis else rows
    height = bottom + (24 if axis else 4)
    if hidden or not entries:
        said = f"and {hidden:,} more" if hidden else "nothing is told"
        parts.append(_text(12, height + 12, said, colour=GREY))
        height += 20
    return svg(WIDTH, height, *parts)


def svg(width: float, height: float, *parts: str) -> Picture:
    """Return a picture of some size, no wider than there is room."""
    style = f"max-width:{width:g}px;width:100%;font-family:system-ui,sans-serif;font-size:12px"
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" style="{style}">'
        f"{''.join(parts)}</svg>"
    )


def _grid(axis: Axis, top: float, bottom: float) -> str:
    lines = []
    for moment, label in axis.ticks():
        x = axis.x(moment)
        anchor = "start" if x < 40 else "end" if x > WIDTH - 40 else "middle"
        lines.append(f'<path d="M{x} {top}V{bottom}" stroke="{GREY}" stroke-opacity="0.25"></path>')
        lines.append(_text(x, bottom + 15, label, anchor=anchor, colour=GREY))
    return "".join(lines)


def _row(entry: Entry, axis: Axis | None, y: float) -> str:
    said = entry.text + (f" ({told})" if (told := became(entry.status, entry.moved_to)) else "")
    when = period(entry.valid_at, entry.invalid_at)
    start, end = entry.valid_at, entry.invalid_at
    if axis is None or (start is None and end is None):
        return _text(12, y + 14, f"{said}, undated" if axis else said)
    first = axis.left if start is None else axis.x(start)
    last = axis.right if end is None else axis.x(end)
    said = said if len(said) <= 100 else f"{said[:97]}..."
    room = (len(said) + len(when) + 2) * _LETTER
    if first + room <= WIDTH:
        label = _text(first, y + 12, said, after=when)
    else:
        label = _text(min(max(last, room), WIDTH - 8), y + 12, said, after=when, anchor="end")
    return label + _mark(entry, first, last, y + 19)


def _mark(entry: Entry, first: float, last: float, y: float) -> str:
    colour = COLOURS[entry.kind]
    off = entry.status in ("cancelled", "moved", "planned")
    if last - first < 7 and entry.valid_at and entry.invalid_at:
        inside = "none" if off else colour
        return f'<circle cx="{first + 3:g}" cy="{y:g}" r="3" fill="{inside}" stroke="{colour}"></circle>'
    faded = ' stroke-dasharray="4 3"' if off else ""
    line = f'<path d="M{first:g} {y:g}H{last:g}" stroke="{colour}" stroke-width="4" stroke-opacity="0.8"{faded}></path>'
    open_start = _point(first, y, -1, colour) if entry.valid_at is None else ""
    return line + open_start + (_point(last, y, 1, colour) if entry.invalid_at is None else "")


def _point(x: float, y: float, way: int, colour: str) -> str:
    return f'<path d="M{x:g} {y - 5:g}L{x + 8 * way:g} {y:g}L{x:g} {y + 5:g}Z" fill="{colour}"></path>'


def _text(
    x: float,
    y: float,
    said: str,
    *,
    after: str = "",
    anchor: str = "start",
    colour: str = "currentColor",
    bold: bool = False,
) -> str:
    weight = ' font-weight="600"' if bold else ""
    rest = f' <tspan fill="{GREY}">{text(after)}</tspan>' if after else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}"{weight}>{text(said)}{rest}</text>'
