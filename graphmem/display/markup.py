"""The pieces that displays are made of; each escapes the text that it is given, and returns markup.

What comes out is just what a HTML parser would write itself, so that a sanitizer leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graphmem.model import Kind

COLOURS: Final[dict[str, str]] = {
    "question": "#8a909c",
    "session": "#4f9a72",
    "episode": "#6aa878",
    "entity": "#4a8ccb",
    "value": "#b89a55",
    "fact": "#35a39b",
    "event": "#dd9436",
    "period": "#9a86cc",
    "community": "#c2528b",
    "topic": "#5fae9a",
    "summary": "#c9a83c",
}
"""As in the style for Neo4j Browser, but readable on dark as on light."""
GREY: Final = "#8a909c"
RED: Final = "#d0574f"

_UNSEEN = dict.fromkeys(
    {*range(32), 0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, *range(0xD800, 0xE000)}, " "
) | dict.fromkeys({*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF})
"""Control characters become blanks; what would turn the direction of the text after it is left out."""
_ESCAPED = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", 0xA0: "&nbsp;"}


def text(value: object, *, most: int = 300) -> str:
    """Return a text for HTML, runs of white space as one blank, and cut where it is longer than `most`.

    >>> text("<b>Ada & Ben</b>", most=10), text("Ada\\nBen")
    ('&lt;b&gt;Ada &amp; ...', 'Ada Ben')
    """
    whole = str(value)
    words = " ".join(whole[: 4 * most].translate(_UNSEEN).split())
    if len(words) > most or len(whole) > 4 * most:
        words = f"{words[:most].rstrip()} ..."
    return words.translate(_ESCAPED)


def styled(tag: str, style: str, *inside: str) -> str:
    """Return an element with a style around markup."""
    return f'<{tag} style="{style}">{"".join(inside)}</{tag}>'


def card(*parts: str) -> str:
    """Return a display as a whole."""
    return styled("div", "font-family:system-ui,sans-serif;font-size:13px;line-height:1.5;max-width:62em", *parts)


def heading(title: str, *, beside: str = "") -> str:
    """Return the first line of a display: a title, and something less loud beside it."""
    return styled("div", "margin-bottom:4px", f"<b>{text(title)}</b>", f" {muted(beside)}" if beside else "")


def muted(value: object, *, most: int = 300) -> str:
    """Return a text that is less loud."""
    return styled("span", "opacity:.65", text(value, most=most))


def brief(value: object) -> str:
    """Return a short text, such as a day, that is less loud and stays on one line."""
    return styled("span", "opacity:.65;white-space:nowrap", text(value, most=80))


def chip(value: object, colour: str = GREY, *, most: int = 60) -> str:
    """Return a text as a small label."""
    style = f"border:1px solid {colour};border-radius:9px;padding:0 6px;white-space:nowrap"
    return styled("span", style, text(value, most=most))


def dot(kind: Kind | str) -> str:
    """Return a dot in the colour of a kind of record."""
    colour = COLOURS.get(kind, GREY)
    return styled("span", f"display:inline-block;width:8px;height:8px;border-radius:4px;background:{colour}")


def bar(share: float, colour: str = COLOURS["entity"], *, width: int = 60) -> str:
    """Return a bar as long as a share of `width` pixels, in a track; `share` is from 0 to 1."""
    filled = round(max(0.0, min(1.0, share)) * width)
    inside = styled("span", f"display:inline-block;width:{filled}px;height:7px;border-radius:3px;background:{colour}")
    track = f"display:inline-block;width:{width}px;height:7px;border-radius:3px;background:#8a909c40;line-height:7px"
    return styled("span", track, inside)


def table(rows: Iterable[Sequence[str]], *, head: Sequence[str] = ()) -> str:
    """Return a table of markup, its titles escaped here."""
    cell = "text-align:left;vertical-align:top;padding:1px 12px 1px 0"
    titles = "".join(styled("th", cell + ";font-weight:normal;opacity:.65", text(title)) for title in head)
    body = "".join(f"<tr>{''.join(styled('td', cell, one) for one in row)}</tr>" for row in rows)
    top = f"<thead><tr>{titles}</tr></thead>" if head else ""
    return styled("table", "border-collapse:collapse;margin:0", top, f"<tbody>{body}</tbody>")


def folded(title: str, inside: str, *, opened: bool = False) -> str:
    """Return markup that opens by a click on its title."""
    summary = styled("summary", "opacity:.65;cursor:pointer", text(title))
    return f"<details{' open=' + chr(34) * 2 if opened else ''}>{summary}{inside}</details>"


def more(total: int, shown: int, advice: str = "") -> str:
    """Say how many there are beyond those that are shown; "" if there are none."""
    if total <= shown:
        return ""
    return styled("div", "opacity:.65", text(f"and {total - shown:,} more{advice}"))
