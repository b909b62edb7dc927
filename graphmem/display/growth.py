"""How a memory grew, as SVG: how many records of each kind it knew, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np

from graphmem.display.axes import around
from graphmem.display.markup import COLOURS, GREY, text
from graphmem.display.picture import Picture
from graphmem.display.timelines import svg
from graphmem.results import plural

WIDTH: Final = 860
HEIGHT: Final = 300
_POINTS: Final = 200
"""So many points has a line at most."""


def growth(learned: Mapping[str, Sequence[datetime]]) -> Picture:
    """Draw how the number of records of each kind grew, from the moments at which they were learned.

    >>> "2 episodes" in growth({"episode": [datetime(2023, 5, 8), datetime(2023, 5, 9)]})
    True
    """
    known = {kind: sorted(moments) for kind, moments in learned.items() if moments}
    if not known:
        return svg(300, 30, f'<text x="12" y="20" fill="{GREY}">nothing is known yet</text>')
    left, right, top, bottom = 60.0, WIDTH - 130.0, 16.0, HEIGHT - 28.0
    axis = around(
        [moment for moments in known.values() for moment in (moments[0], moments[-1])], left=left, right=right
    )
    step = _step(max(map(len, known.values())))
    most = step * -(-max(map(len, known.values())) // step)

    def y(count: float) -> float:
        return bottom - count / most * (bottom - top)

    parts = []
    for count in range(0, most + 1, step):
        parts.append(f'<path d="M{left} {y(count):.1f}H{right}" stroke="{GREY}" stroke-opacity="0.25"></path>')
        parts.append(f'<text x="{left - 8}" y="{y(count) + 4:.1f}" text-anchor="end" fill="{GREY}">{count:,}</text>')
    for moment, label in axis.ticks(most=5):
        parts.append(
            f'<text x="{axis.x(moment)}" y="{HEIGHT - 10}" text-anchor="middle" fill="{GREY}">{text(label)}</text>'
        )
    taken: list[float] = []
    for kind, dates in sorted(known.items(), key=lambda item: -len(item[1])):
        picked = np.unique(np.linspace(0, len(dates) - 1, _POINTS).astype(int))
        line = "".join(f"H{axis.x(dates[place]):.1f}V{y(place + 1):.1f}" for place in picked)
        colour = COLOURS.get(kind, GREY)
        drawn = f"M{axis.x(dates[0]):.1f} {bottom}{line}H{right}"
        parts.append(f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="2"></path>')
        beside = max(y(len(dates)) + 4, taken[-1] + 15 if taken else 0.0)
        taken.append(beside)
        said = f"{len(dates):,} {plural(kind, len(dates))}"
        parts.append(
            f'<text x="{right + 8}" y="{beside:.1f}" fill="currentColor"><tspan fill="{colour}">● </tspan>{said}</text>'
        )
    return svg(WIDTH, max(HEIGHT, round(taken[-1]) + 12), *parts)


def _step(most: int) -> int:
    """Return a round number of which at most six fit.

    >>> _step(7), _step(900)
    (2, 200)
    """
    rough = max(1.0, most / 5)
    power = 10 ** int(np.log10(rough))
    return int(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough))
