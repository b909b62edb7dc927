"""`graphmem shell`: a prompt that keeps a memory and its models open; each line is a verb and what it is about."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from graphmem.cli import show
from graphmem.errors import InvalidInput
from graphmem.memory import Memory
from graphmem.results import Hits

PROMPT = "graphmem> "
Answer = tuple[object, Sequence[str]]
"""A result, and its lines for people."""


class Shell:
    """Answers lines by one memory; a question, which is a line that ends with "?", needs no verb.

    >>> with Memory(":memory:") as memory:
    ...     shell = Shell(memory)
    ...     added = shell.answer("add Ada moved to London in 1835.")
    ...     print(shell.answer("Who moved to London?")[0][0].text)
    Ada moved to London in 1835.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._hits = Hits()
        self.verbs: dict[str, tuple[Callable[[str], Answer], str, str]] = {
            "add": (self._add, "TEXT", "remember a text"),
            "search": (self._search, "QUESTION", "find what answers it best; a line that ends with ? does so too"),
            "why": (self._why, "[NUMBER]", "show the signals and the path of a result of the last search"),
            "recall": (self._recall, "QUESTION", "print one block of context, with citations"),
            "facts": (self._facts, "[NAME]", "print the facts that hold"),
            "events": (self._events, "[NAME]", "print what happened or is to happen"),
            "entity": (self._entity, "NAME", "print what somebody or something is called, and what is believed"),
            "timeline": (self._timeline, "NAME", "print what is told of somebody or something, in order of time"),
            "stats": (self._stats, "", "print where the memory is and how much it holds"),
            "help": (self._help, "", "print this; quit or Ctrl-D ends"),
        }

    def answer(self, line: str) -> Answer:
        """Return what a line asks for; raises `InvalidInput` for a verb that there is none of."""
        verb, _, rest = line.strip().partition(" ")
        known = self.verbs.get(verb.lower())
        if known is not None:
            answer, about, _ = known
            if "NAME" in about:
                _plain(verb.lower(), rest)
            return answer(rest.strip())
        if line.rstrip().endswith("?"):
            return self._search(line.strip())
        near = get_close_matches(verb.lower(), self.verbs, n=1)
        advice = f"did you mean {near[0]!r}?" if near else "help lists what can be done, and a question ends with ?"
        raise InvalidInput(f"there is no {verb!r}: {advice}")

    def _add(self, text: str) -> Answer:
        added = self._memory.add(text)
        return added, [show.added_line(added, self._memory.stats().store)]

    def _search(self, question: str) -> Answer:
        self._hits = self._memory.search(question, top_k=5, explain=True)
        found = enumerate(self._hits, 1)
        lines = [line for number, hit in found for line in show.hit_lines(number, hit, explain=False)]
        return self._hits, lines or ["Nothing found."]

    def _why(self, number: str) -> Answer:
        place = int(number) if number.isdecimal() else 1 if not number else 0
        if not 1 <= place <= len(self._hits):
            raise InvalidInput(f"there is no result {number or 1}: the last search has {len(self._hits)}")
        hit = self._hits[place - 1]
        return hit, show.hit_lines(place, hit, explain=True)

    def _recall(self, question: str) -> Answer:
        context = self._memory.recall(question)
        return context, [context.text or "Nothing found."]

    def _facts(self, name: str) -> Answer:
        found = self._memory.facts(subject=name or None)
        return found, [show.fact_line(fact) for fact in found] or ["No facts."]

    def _events(self, name: str) -> Answer:
        found = self._memory.events(participant=name or None)
        return found, [show.event_line(event) for event in found] or ["No events."]

    def _entity(self, name: str) -> Answer:
        found = self._memory.entity(name)
        return found, [*show.entity_lines(found), *(f"  {show.fact_line(fact)}" for fact in found.facts)]

    def _timeline(self, name: str) -> Answer:
        found = self._memory.timeline(name)
        return found, [str(found)] if found else ["Nothing is told."]

    def _stats(self, _: str) -> Answer:
        found = self._memory.stats()
        counts = ", ".join(f"{count:,} {show.plural(kind, count)}" for kind, count in found.counts.items() if count)
        return found, [f"{found.store}, group {found.group_id!r}: {counts or 'empty'}"]

    def _help(self, _: str) -> Answer:
        told = {name: said for name, (_, _, said) in self.verbs.items()}
        return told, [f"{f'{name} {what}':<16} {said}" for name, (_, what, said) in self.verbs.items()]


def _plain(verb: str, name: str) -> None:
    """Raise `InvalidInput` for options behind a name."""
    option = next((word for word in name.split() if word.startswith("--")), None)
    if option:
        raise InvalidInput(f"{option} is no option here: leave the prompt, and see graphmem {verb} --help")


def asked(verbs: Sequence[str]) -> Iterator[str]:
    """Yield the lines that are typed, with a prompt, history and completion of verbs on a terminal, up to "quit"."""
    if sys.stdin.isatty():
        _with_history(verbs)
    for line in iter(_typed, None) if sys.stdin.isatty() else sys.stdin:
        if line.strip().lower() in ("quit", "exit"):
            return
        if line.strip():
            yield line


def _typed() -> str | None:
    try:
        return input(PROMPT)
    except EOFError:
        print()
        return None
    except KeyboardInterrupt:  # takes back the line
        print()
        return ""


def _with_history(verbs: Sequence[str]) -> None:
    """Let lines be edited and verbs be completed, where Python has readline."""
    try:
        import readline
    except ImportError:
        return

    def complete(text: str, number: int) -> str | None:
        fitting = [f"{verb} " for verb in verbs if verb.startswith(text)]
        return fitting[number] if number < len(fitting) else None

    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
