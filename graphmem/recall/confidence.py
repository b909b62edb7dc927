"""How sure one may be that a hit is evidence: what the memory says of the question at all, and how far back the hit is.

The score ranks, but as a sum of signals it means nothing by itself: the best of a bad lot has a high one too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphmem.graph.vectors import top
from graphmem.recall.constants import Constants
from graphmem.recall.question import Question
from graphmem.recall.tables import EpisodeTable


def backing(
    question: Question,
    episodes: EpisodeTable,
    total: NDArray[np.float32],
    cosine: NDArray[np.float32],
    *,
    constants: Constants,
) -> float:
    """Return how well the best episode speaks of what is asked, from about 0 to 2: its cosine, and the share of words.

    Rare words count more. Where the question names people who speak, only what they say counts. `total` is -inf for
    what may not be found.
    """
    rows = top(total, constants.pool)
    if question.people:
        rows = rows[np.isin(episodes.speaker.values[rows], question.people)]
    if not len(rows):
        return 0.0
    lexicon = episodes.lexicon
    asked = np.array([lexicon.vocabulary.find(term) for term in question.terms], np.int32)
    rarity = lexicon.rarity(asked)
    found = lexicon.incidence.items(rows)
    has = np.zeros((len(rows), len(asked)), bool)
    for column, number in enumerate(asked.tolist()):
        has[found.owner[found.other == number], column] = True
    share = has @ rarity / (rarity.sum() or 1)
    return float(np.max(cosine[rows] + share))


def confidence(backing: float, lag: float, *, constants: Constants) -> float:
    """Return the probability that a hit is evidence, estimated by a logistic regression on development data.

    `lag` is the distance of its score from the best, 0 or less.
    """
    c = constants
    odds = np.exp(c.sure + c.sure_backing * backing + c.sure_lag * lag)
    return float(odds / (1 + odds))
