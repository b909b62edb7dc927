"""One block of context within a token budget: what was found, in order of time, with dates, speakers and citations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone

from graphmem.results import Context, Hit, Hits, day

_FIRST = datetime.min.replace(tzinfo=timezone.utc)


def compose(
    episodes: Sequence[Hit],
    others: Sequence[Hit],
    *,
    positions: Mapping[str, int],
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> Context:
    """Put the best episodes that fit into one block, then facts and events that no episode in it already says.

    Both come best first; a text that is there already is left out. `positions` tells where in its session an episode
    stands. `count_tokens` is any callable that counts; the block as a whole never counts more than `max_tokens`.
    """
    chosen: list[Hit] = []
    texts: set[str] = set()
    cited: set[str] = set()
    spent = 0
    misses = 0
    for hit in (*episodes, *others):
        if hit.text in texts or (hit.kind != "episode" and cited.intersection(hit.episodes)):
            continue
        cost = count_tokens(_line(hit, 10 + len(chosen))) + 1
        if not any(_heading(hit) == _heading(other) for other in chosen):
            cost += count_tokens(_heading(hit)) + 1
        if spent + cost > max_tokens:
            misses += 1
            if misses > 20:
                break
            continue
        spent += cost
        chosen.append(hit)
        texts.add(hit.text)
        cited.update(hit.episodes)
    while chosen:
        text, citations = _block(chosen, positions)
        tokens = count_tokens(text)
        if tokens <= max_tokens:
            return Context(text=text, hits=Hits(chosen), citations=citations, tokens=tokens)
        chosen.pop()
    return Context(text="", hits=Hits(), citations={}, tokens=0)


def _block(chosen: Sequence[Hit], positions: Mapping[str, int]) -> tuple[str, dict[str, str]]:
    """Write hits down in order of time, under a heading for each day and session, numbered from 1."""
    ordered = sorted(
        range(len(chosen)),
        key=lambda at: (
            chosen[at].kind != "episode",
            chosen[at].reference_time or _FIRST,
            chosen[at].session or "",
            positions.get(chosen[at].uuid, 0),
        ),
    )
    lines: list[str] = []
    citations: dict[str, str] = {}
    heading = None
    for number, at in enumerate(ordered, start=1):
        hit = chosen[at]
        if _heading(hit) != heading:
            heading = _heading(hit)
            if heading:
                lines.append(heading)
        lines.append(_line(hit, number))
        if hit.episodes:
            citations[str(number)] = hit.episodes[0]
    return "\n".join(lines), citations


def _heading(hit: Hit) -> str:
    if hit.kind != "episode":
        return "Known:"
    title = hit.metadata.get("title")
    if isinstance(title, str) and title.strip():
        return f"{title} ({day(hit.reference_time)}):" if hit.reference_time else f"{title}:"
    return f"{day(hit.reference_time)}:" if hit.reference_time else ""


def _line(hit: Hit, number: int) -> str:
    who = f"{hit.speaker}: " if hit.speaker and hit.kind == "episode" else ""
    return f"[{number}] {who}{hit.text}{_validity(hit)}"


def _validity(hit: Hit) -> str:
    """When a fact or an event holds, as far as known."""
    if hit.kind == "episode" or (hit.valid_at is None and hit.invalid_at is None):
        return ""
    start, end = (day(moment) if moment else "" for moment in (hit.valid_at, hit.invalid_at))
    return f" ({start} to {end})" if start and end else f" (since {start})" if start else f" (until {end})"
