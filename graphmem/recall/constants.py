"""Every constant of the ranking in one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Constants:
    """Every constant of the ranking, found on development data and the same for all kinds of data."""

    # Likeness of one episode and the question, f.
    whole: float = 0.7
    """cosine with the episode (the mean with that of it and the turn before, in a conversation)"""
    sentence: float = 0.3
    """cosine with its best sentence"""
    lexical: float = 0.25
    """BM25 over its largest value"""
    title: float = 0.1
    """the question names the document's title"""

    # The walk, R.
    seeds: int = 70
    """so many of the best episodes restart the walk, by the square of their lead over the last of them"""
    seed_share: float = 1 / 3
    """but no more than this share of all that may be found, so that a small memory has something to tell apart"""
    damping: float = 0.85
    common: float = 1.5
    """times the square root of how many episodes there are: a name or keyword in more connects nothing"""
    next: float = 2.0
    """weight of the edge between neighbours in a session; 1 is the median of all other edges of an episode"""
    named: float = 0.3
    """share of the restart that goes to the names and keywords of the question"""
    seed_stated: float = 0.1
    """times the cosine of the whole question with the best fact or event that a seed states, added to its f"""
    seed_stated_many: float = 0.4
    """the same where the question asks for several things"""
    seed_present: float = 0.2
    """added to f of a seed for the share of the people named in the question who speak in its session"""
    seed_time: float = 0.1
    """added to f of a seed that has a time when the question asks for one; twice that in the window that it names"""

    # The score of an episode.
    likeness: float = 0.15
    """times f"""
    graph: float = 0.06
    """times log(R / largest R), floored at `floor`"""
    floor: float = 1e-4
    titled: float = 0.2
    """the question names its title"""
    speaker: float = 0.09
    """its speaker is named"""
    present: float = 0.1
    """times the share of the people named in the question who speak in its session"""
    length: float = 0.018
    """times log(1 + words)"""
    asks: float = -0.03
    """it ends in a question mark"""
    time: float = 0.06
    """it lies in the window of time that the question names"""
    answer: float = 0.06
    """for each kind of answer that the question asks for and it has: a time, a place, a person, a number, a reason"""
    session: float = 0.1
    """times how much better the session as a whole is than the episode alone"""
    session_spread: float = 0.04
    """the unit in which the scores of its episodes add up"""
    order: float = 0.04
    """the latest of the best, or the earliest, where the question asks for that; less down to 0 for the other end"""
    ordered: int = 20
    """so many of the best are put in order of time"""

    # Bridges: a second episode over a name shared with a good one.
    bridge: float = 0.5
    """times the best path to it"""
    sources: int = 12
    """paths begin at so many of the best episodes, weighted by the square of their score scaled to 0..1"""
    unexplained: float = 0.5
    """weight of a path from an episode that holds no name of the question"""
    spread: int = 50
    """names and keywords in more episodes than this are no bridges"""
    closest: int = 300
    """so many paths are compared sentence by sentence"""
    end_stated: float = 0.05
    """times the cosine of what is left to ask with the best fact or event stated at the end of a path"""
    to_title: float = 0.5
    """gain of a path to the document that the name is the title of"""
    to_first: float = 0.25
    """gain of a path to an episode with the name in its first sentence"""

    # The selection from the best.
    pool: int = 50
    cover: float = 0.4
    """for each name of the question that no episode before has"""
    cover_title: float = 0.2
    """and that is its title, while no episode before has it as title"""
    alike: float = 0.08
    """less this times the largest cosine with an episode before"""

    # The levels above episodes.
    level_spread: float = 0.04
    """the unit in which the scores of the episodes in a node add up"""
    few: float = 0.5
    """the power of their number by which the sum is divided"""
    overview: float = 0.1
    """times the likeness of the summary"""
    fits: float = 0.4
    """times what the span of a node and the window of time that the question names share, over what either has"""
    unsure: float = 0.05
    """levels whose entropies, as shares of the largest, differ by no more are equally sure"""

    again: float = 0.15
    """among several kinds a hit loses this for each better one that the same episode says"""

    # The confidence of a hit: the logarithm of its odds.
    sure: float = -4.9
    sure_backing: float = 3.5
    """times the cosine and the share of rare words of the best episode that speaks of what is asked"""
    sure_lag: float = 3.0
    """times the distance of its score from the best, 0 or less"""

    # A reranker, if there is one.
    reranked: int = 30
    """it judges so many of the best episodes"""
    rerank: float = 0.3
    """what the best of them gains; the worst gains nothing"""

    # A block of context.
    brief: float = 0.06
    """a hit is worth its score less this times the logarithm of its length"""
    share: float = 0.25
    """an episode that takes more than this share of the budget is cut to its best sentences"""

    refined: int = 2000
    """sentences, facts and events are compared in so many of the most promising episodes"""


CONSTANTS = Constants()
