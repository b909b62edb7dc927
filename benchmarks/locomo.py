"""Recall of the turns that answer questions about long conversations: LoCoMo, through the front door.

Categories 1 to 4 count, questions with at least one evidence turn that exists; adversarial ones are reported apart.
`session@1` and `session@5` are the shares of the sessions that hold evidence among the first sessions found, once the
memory is consolidated; `turns_session@1` and `@5` take the sessions of the best turns instead, `any_session@1` and `@5`
tell how often one of them is among the first at all. `flat_coverage@500` leaves the hierarchy out of the ranking.
"""

from __future__ import annotations

import calendar
import json
import math
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import click

from benchmarks.signals import SIGNALS, ablation, bm25_alone, dense_alone, signal_alone
from graphmem.extract import open_extractor
from graphmem.extract.timex import find
from graphmem.graph.lexical import terms
from graphmem.memory import Memory
from graphmem.model import Episode, Extraction

CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop"}
ADVERSARIAL = 5
CUTS = (5, 10, 20)
BUDGETS = (500, 1000, 2000)
SESSION_CUTS = (1, 5)
_MONTH_OF = {name[:3]: name for name in calendar.month_name[1:]}
_MONTHS = "|".join(_MONTH_OF)
_TURN = re.compile(r"D:?(\d+):(\d+)")


class Turn(NamedTuple):
    """One turn, as it is added."""

    id: str
    session: str
    speaker: str
    text: str
    time: datetime


class Question(NamedTuple):
    """One question and the ids of the turns that answer it."""

    text: str
    evidence: frozenset[str]
    category: int
    answer: str
    conversation: str


def read_conversations(path: Path) -> dict[str, tuple[list[Turn], list[Question]]]:
    """Read turns and questions of each conversation; ids begin with that of the conversation."""
    conversations = {}
    for sample in json.loads(path.read_text(encoding="utf-8")):
        name = str(sample["sample_id"])
        turns = list(_turns(name, sample["conversation"]))
        known = {turn.id for turn in turns}
        questions = []
        for item in sample["qa"]:
            found = [f"{name}/D{int(a)}:{int(b)}" for text in item["evidence"] for a, b in _TURN.findall(text)]
            evidence = frozenset(found) & known
            if evidence:
                answer = str(item.get("answer", ""))
                questions.append(Question(item["question"], evidence, item["category"], answer, name))
        conversations[name] = turns, questions
    return conversations


def _turns(name: str, conversation: dict[str, Any]) -> Iterator[Turn]:
    sessions = [key for key in conversation if re.fullmatch(r"session_\d+", key)]
    for session in sorted(sessions, key=lambda key: int(key.removeprefix("session_"))):
        when = datetime.strptime(conversation[f"{session}_date_time"], "%I:%M %p on %d %B, %Y")
        for turn in conversation[session]:
            caption = turn.get("blip_caption")
            text = turn["text"] + (f" [shares {caption}]" if caption else "")
            yield Turn(
                f"{name}/{turn['dia_id']}",
                f"{name}/{session}",
                turn["speaker"],
                text,
                when.replace(tzinfo=timezone.utc),
            )


def fill(memory: Memory, turns: Sequence[Turn]) -> None:
    """Add the turns; the source of each is its id."""
    added = memory.add_many(
        {
            "text": turn.text,
            "session": turn.session,
            "speaker": turn.speaker,
            "source": turn.id,
            "reference_time": turn.time,
        }
        for turn in turns
    )
    for failure in added.failed:
        click.echo(f"not added: {failure.item!r:.80}: {failure.error}", err=True)


def gain(found: Sequence[str], evidence: frozenset[str], cut: int) -> float:
    """Return the normalised discounted gain of the first results (Järvelin and Kekäläinen 2002)."""
    ideal = sum(1 / math.log2(place + 2) for place in range(min(len(evidence), cut)))
    return sum(1 / math.log2(place + 2) for place, turn in enumerate(found[:cut]) if turn in evidence) / ideal


def mean(values: Sequence[float]) -> float | None:
    """Return the mean in percent."""
    return round(100 * sum(values) / len(values), 1) if values else None


def measure(questions: Sequence[Question], find: Callable[[Question], list[str]]) -> dict[str, Any]:
    """Return recall at each cut, nDCG at 10, and recall at 10 for each category."""
    recalls: dict[int, list[float]] = {cut: [] for cut in CUTS}
    gains: list[float] = []
    by_category: dict[int, list[float]] = {}
    for question in questions:
        found = find(question)
        recall = {cut: len(question.evidence & set(found[:cut])) / len(question.evidence) for cut in CUTS}
        by_category.setdefault(question.category, []).append(recall[10])
        if question.category != ADVERSARIAL:
            gains.append(gain(found, question.evidence, 10))
            for cut in CUTS:
                recalls[cut].append(recall[cut])
    return {
        **{f"recall@{cut}": mean(recalls[cut]) for cut in CUTS},
        "ndcg@10": mean(gains),
        "by_category": {name: mean(by_category.get(number, [])) for number, name in CATEGORIES.items()},
        "adversarial": mean(by_category.get(ADVERSARIAL, [])),
    }


def coverage(
    questions: Sequence[Question],
    memory_of: Callable[[Question], Memory],
    texts: dict[str, str],
    budgets: Sequence[int] = BUDGETS,
) -> dict[str, float | None]:
    """Return the share of evidence turns whose text is in the block that `recall` returns, for each budget."""
    shares: dict[int, list[float]] = {budget: [] for budget in budgets}
    for question in questions:
        if question.category == ADVERSARIAL:
            continue
        for budget in budgets:
            block = memory_of(question).recall(question.text, max_tokens=budget)
            if block.tokens > budget:
                raise AssertionError(f"{block.tokens} tokens where {budget} were allowed: {question.text}")
            there = sum(texts[turn] in block.text for turn in question.evidence)
            shares[budget].append(there / len(question.evidence))
    return {f"coverage@{budget}": mean(shares[budget]) for budget in budgets}


def sessions(
    questions: Sequence[Question], memory_of: Callable[[Question], Memory], session_of: Mapping[str, str]
) -> dict[str, float | None]:
    """Return the share of the sessions with evidence that are among the first found, and by their turns alone."""
    found: dict[str, list[float]] = {}
    for question in questions:
        if question.category == ADVERSARIAL:
            continue
        memory = memory_of(question)
        wanted = {session_of[turn] for turn in question.evidence}
        own = [hit.session for hit in memory.search(question.text, kinds=["session"], top_k=max(SESSION_CUTS))]
        turns = list(dict.fromkeys(hit.session for hit in memory.search(question.text, top_k=2 * max(CUTS))))
        for cut in SESSION_CUTS:
            found.setdefault(f"session@{cut}", []).append(len(wanted.intersection(own[:cut])) / len(wanted))
            found.setdefault(f"turns_session@{cut}", []).append(len(wanted.intersection(turns[:cut])) / len(wanted))
            found.setdefault(f"any_session@{cut}", []).append(float(not wanted.isdisjoint(own[:cut])))
    return {name: mean(values) for name, values in found.items()}


def flat(memories: Sequence[Memory], measure: Callable[[], dict[str, float | None]]) -> dict[str, float | None]:
    """Measure with a ranking that knows of no hierarchy."""
    before = [memory._index.constants for memory in memories]
    try:
        for memory in memories:
            memory._index.use(replace(memory._index.constants, session=0.0))
        return {f"flat_{name}": value for name, value in measure().items()}
    finally:
        for memory, constants in zip(memories, before, strict=True):
            memory._index.use(constants)


def dates(questions: Sequence[Question], turns: Mapping[str, Turn]) -> dict[str, Any]:
    """Read the evidence turns of temporal questions alone: how often is the date that they tell the answer?

    Questions of category 2 count whose answer names a time, read against the last evidence turn's own. For each, that
    sentence is taken which states a time and shares most words with the question, the first of equals, and in it the
    time of the dated event that shares most, or the first time where no event is dated. If no sentence states a time,
    it is the day on which the turn was said that shares most. `dates_any` tells how often any stated time or event is
    the answer.

    A time is the answer if it meets the answer's interval and is no finer, but at most a week longer; or if it is finer
    and at least half of it lies within. "Last week" for "the week before 9 June" and "yesterday" for "June" are right,
    "this year" for "June" is not.
    """
    evidence = sorted({e for q in questions if q.category == 2 for e in q.evidence}, key=lambda e: turns[e].time)
    episodes = [_episode(turns[turn]) for turn in evidence]
    read = dict(zip(evidence, zip(episodes, open_extractor().extract(episodes), strict=True), strict=True))
    right, somewhere = [], []
    for question in questions:
        told = [read[turn] for turn in evidence if turn in question.evidence] if question.category == 2 else []
        answer = _answer(question.answer, max((episode.reference_time for episode, _ in told), default=None))
        if answer is None:
            continue
        asked = set(terms(question.text))
        found = [dated for episode, extraction in told for dated in _dated(episode, extraction, asked)]
        day = max(told, key=lambda one: len(asked & set(terms(one[0].text))))[0].reference_time.replace(
            hour=0, minute=0
        )
        best = max(found, key=lambda dated: dated.shared, default=_Dated((0, 0), (day, day + timedelta(days=1))))
        right.append(_answers(best.interval, answer))
        somewhere.append(any(_answers(dated.interval, answer) for dated in found))
    return {
        "dates": mean([float(one) for one in right]),
        "dates_any": mean([float(one) for one in somewhere]),
        "dated_questions": len(right),
    }


class _Dated(NamedTuple):
    """A time that a turn states: how many words its sentence, and the event that it dates, share with a question."""

    shared: tuple[int, int]
    interval: tuple[datetime, datetime]


def _dated(episode: Episode, extraction: Extraction, asked: set[str]) -> Iterator[_Dated]:
    """The times that the sentences of a turn state, each with the events that it dates."""
    for first, last in extraction.sentences:
        shared = len(asked & set(terms(episode.text[first:last])))
        for stated in extraction.times:
            if first <= stated.start < last and stated.valid_at and stated.invalid_at:
                yield _Dated((shared, 0), (stated.valid_at, stated.invalid_at))
        for event in extraction.events:
            if first <= event.start < last and event.valid_at and event.invalid_at:
                own = len(asked & set(terms(episode.text[event.start : event.end])))
                yield _Dated((shared, own), (event.valid_at, event.invalid_at))


def _episode(turn: Turn) -> Episode:
    return Episode(
        group_id="dates", text=turn.text, speaker=turn.speaker, reference_time=turn.time, created_at=turn.time
    )


def _answer(text: str, now: datetime | None, *, whole: bool = False) -> tuple[datetime, datetime] | None:
    """The interval that an answer names, if it is a date; with `whole`, only one with its year."""
    plain = re.sub(r"(?<=\d)(?=[A-Z])|(?<=[a-z])\.(?=\d)", " ", text)
    plain = re.sub(rf"\b({_MONTHS})[a-z]*", lambda name: _MONTH_OF[name[1]], plain)  # "Janury" is a slip in the data
    for stated in find(f"in {text}" if text.isdigit() else plain, now) if now is not None else ():
        if stated.valid_at and stated.invalid_at and (stated.anchor == "explicit" or not whole):
            return stated.valid_at, stated.invalid_at
    return None


def _answers(found: tuple[datetime, datetime], answer: tuple[datetime, datetime]) -> bool:
    common = min(found[1], answer[1]) - max(found[0], answer[0])
    longer = (found[1] - found[0]) - (answer[1] - answer[0])
    if longer >= timedelta(0):
        return common > timedelta(0) and longer <= timedelta(days=7)
    return 2 * common >= found[1] - found[0]


def dates_search(questions: Sequence[Question], memory_of: Callable[[Question], Memory]) -> float | None:
    """Ask for the date of what temporal questions name: the share where the first result that has a date has this one.

    It has it if its interval meets the answer's and neither is more than a week longer than the other.
    """
    right = []
    for question in questions:
        anytime = datetime(2023, 6, 1, tzinfo=timezone.utc)
        answer = _answer(question.answer, anytime, whole=True) if question.category == 2 else None
        if answer is None:
            continue
        hits = memory_of(question).search(question.text, top_k=10)
        date = next(((hit.valid_at, hit.invalid_at) for hit in hits if hit.valid_at and hit.invalid_at), None)
        right.append(
            date is not None
            and date[0] < answer[1]
            and date[1] > answer[0]
            and abs((date[1] - date[0]) - (answer[1] - answer[0])) <= timedelta(days=7)
        )
    return mean([float(one) for one in right])


def abstain(
    conversations: Mapping[str, tuple[Sequence[Turn], Sequence[Question]]],
    memory_of: Callable[[Question], Memory],
    *,
    min_score: float = 0.1,
) -> dict[str, Any]:
    """Ask what was said, and what was not: how well does the confidence of the best hit tell the two apart?

    Never said is what is asked about another conversation, with the names of those who speak in this one; adversarial
    questions ask one speaker about what the other said.
    """

    def sure(question: Question) -> float:
        return max((hit.confidence for hit in memory_of(question).search(question.text, top_k=1)), default=0.0)

    names = list(conversations)
    speakers = {name: list(dict.fromkeys(turn.speaker for turn in conversations[name][0])) for name in names}
    said, never, adversarial = [], [], []
    for place, name in enumerate(names):
        other = names[place - 1]
        own = conversations[name][1]
        said += [sure(question) for question in own if question.category != ADVERSARIAL]
        adversarial += [sure(question) for question in own if question.category == ADVERSARIAL]
        if other != name:
            never += [
                sure(moved(question, name, speakers))
                for question in conversations[other][1]
                if question.category != ADVERSARIAL
            ]
    return {
        "min_score": min_score,
        "said_kept": mean([float(one >= min_score) for one in said]),
        "never_said_rejected": mean([float(one < min_score) for one in never]),
        "adversarial_rejected": mean([float(one < min_score) for one in adversarial]),
        "auc_never_said": area(said, never),
        "auc_adversarial": area(said, adversarial),
    }


def moved(question: Question, name: str, speakers: Mapping[str, Sequence[str]]) -> Question:
    """Return a question about one conversation as one about another: with its speakers' names."""
    swap = dict(zip(speakers[question.conversation], speakers[name], strict=False))
    pattern = r"\b(" + "|".join(map(re.escape, swap)) + r")\b"
    return question._replace(text=re.sub(pattern, lambda name: swap[name[1]], question.text), conversation=name)


def area(high: Sequence[float], low: Sequence[float]) -> float | None:
    """Return how often a value that should be high is higher than one that should be low, in percent.

    >>> area([0.5, 0.9], [0.1, 0.5])
    87.5
    """
    return mean([(a > b) + (a == b) / 2 for a in high for b in low])


@click.command(help=__doc__)
@click.option("--data", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--scope", type=click.Choice(["conversation", "all"]), default="conversation", show_default=True)
@click.option("--store", help="Where to keep the graph; a temporary SQLite file if not given.")
@click.option("--ablation", "ablate", is_flag=True, help="Measure again with each signal alone and without each.")
def main(data: Path, scope: str, store: str | None, ablate: bool) -> None:
    conversations = read_conversations(data)
    texts = {turn.id: turn.text for turns, _ in conversations.values() for turn in turns}
    questions = [question for _, own in conversations.values() for question in own]
    with tempfile.TemporaryDirectory() as folder:
        memories: dict[str, Memory] = {}
        start = time.perf_counter()
        for name, (turns, _) in conversations.items():
            group = name if scope == "conversation" else "all"
            if group not in memories:
                memories[group] = Memory(store or Path(folder) / "locomo.db", group_id=f"locomo-{group}")
            click.echo(f"adding {len(turns)} turns of {name}", err=True)
            fill(memories[group], turns)
        index_s = time.perf_counter() - start
        sources = {e.uuid: e.source or "" for memory in memories.values() for e in memory.episodes()}

        def memory_of(question: Question) -> Memory:
            return memories[question.conversation if scope == "conversation" else "all"]

        def search(question: Question) -> list[str]:
            hits = memory_of(question).search(question.text, top_k=2 * max(CUTS))
            return list(dict.fromkeys(hit.source or "" for hit in hits))

        def alone(rank: Callable[[Memory, str, int], list[str]]) -> dict[str, Any]:
            return measure(
                questions,
                lambda question: list(
                    dict.fromkeys(sources[uuid] for uuid in rank(memory_of(question), question.text, 2 * max(CUTS)))
                ),
            )

        click.echo(f"asking {len(questions)} questions", err=True)
        search(questions[0])
        start = time.perf_counter()
        result = measure(questions, search)
        query_ms = 1000 * (time.perf_counter() - start) / len(questions)
        result |= coverage(questions, memory_of, texts)
        result |= flat(list(memories.values()), lambda: coverage(questions, memory_of, texts, budgets=(500,)))
        start = time.perf_counter()
        for memory in memories.values():
            memory.consolidate()
        result["consolidate_s"] = round(time.perf_counter() - start, 1)
        result |= sessions(questions, memory_of, {t.id: t.session for ts, _ in conversations.values() for t in ts})
        result |= dates(questions, {turn.id: turn for turns, _ in conversations.values() for turn in turns})
        result["dates_search"] = dates_search(questions, memory_of)
        if scope == "conversation":
            result["abstain"] = abstain(conversations, memory_of)
        result |= {
            "scope": scope,
            "questions": sum(question.category != ADVERSARIAL for question in questions),
            "turns": len(texts),
            "index_s": round(index_s, 1),
            "query_ms": round(query_ms, 1),
        }
        for name, rank in (("dense", dense_alone), ("bm25", bm25_alone)):
            values = alone(rank)
            result |= {f"{name}_{key}": values[key] for key in ("recall@5", "recall@10", "recall@20", "adversarial")}
        if ablate:
            result["alone"] = {signal: alone(signal_alone(signal)) for signal in SIGNALS}
            result["without"] = ablation(list(memories.values()), lambda: measure(questions, search))
        for memory in memories.values():
            memory.close()
        print(json.dumps(result))


if __name__ == "__main__":
    main()
