"""What is true when: `python -m benchmarks.truth`, dated statements and then questions, one scenario a line.

`truth_cases.jsonl` has them; a line is `{"id", "statements": [{"text", "reference_time", "speaker"?}], "checks":
[{"subject", "predicate", "object"?, "as_of"?, "known_at"?, "expect"}]}`. Each statement is learned at its reference
time; after the last one it is as late as the latest of them. `expect` is "true" (the object, or without one anything,
is among the facts that hold), "false", or the list of exactly the objects; a name stands for its entity, and a date is
written as ISO text. Without `as_of` a check asks about the moment of `known_at`, or about now.

Kinds: `known` (asks what was known), `value` (expects a list), `gone` (expects "false"), `holds`. `by_topic` goes by
what ids begin with. `wrongly_retired` is the share of the checks expecting "true" that fail although the fact is there,
with an end.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import click
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from graphmem.embed import open_embedder
from graphmem.errors import InvalidInput
from graphmem.extract import open_extractor
from graphmem.memory import Memory
from graphmem.model import Extractor, Fact, normal_name, utc
from graphmem.results import day, period

CASES = Path(__file__).parent / "truth_cases.jsonl"
Time = Annotated[datetime, BeforeValidator(utc)]
Name = Annotated[str, Field(pattern=r"\S")]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(_Line):
    """A statement, and when it is said and learned."""

    text: Name
    reference_time: Time
    speaker: Name | None = None


class Check(_Line):
    """A question and its answer."""

    subject: Name
    predicate: Name
    object: Name | None = None
    as_of: Time | None = None
    known_at: Time | None = None
    expect: Literal["true", "false"] | list[Name]

    @property
    def kind(self) -> str:
        """What it asks for."""
        if self.known_at is not None:
            return "known"
        if isinstance(self.expect, list):
            return "value"
        return "gone" if self.expect == "false" else "holds"

    def __str__(self) -> str:
        times = [f"{name} {day(at)}" for name, at in (("as of", self.as_of), ("known at", self.known_at)) if at]
        return f"{' | '.join([self.subject, self.predicate, self.object or '?', *times])} -> {self.expect}"


class Scenario(_Line):
    """Statements in the order in which they are added, and the checks after the last one."""

    id: Name
    statements: list[Told] = Field(min_length=1)
    checks: list[Check] = Field(min_length=1)

    @property
    def topic(self) -> str:
        """What its id begins with."""
        return re.sub(r"[-_ ]*\d+$", "", self.id)


class Outcome(NamedTuple):
    """How a check ended."""

    scenario: Scenario
    check: Check
    passed: bool
    retired: bool
    """Whether it failed because the fact that it expects had been closed."""


def read_scenarios(path: Path) -> list[Scenario]:
    """Read a file of scenarios; raises `InvalidInput` with the line and what is wrong with it."""
    scenarios: dict[str, Scenario] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            scenario = Scenario.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            at = ".".join(str(part) for part in first["loc"])
            raise InvalidInput(f"{path}, line {number}: {f'{at}: ' if at else ''}{first['msg']}") from None
        except InvalidInput as error:
            raise InvalidInput(f"{path}, line {number}: {error}") from None
        for check in scenario.checks:
            if check.object is not None and isinstance(check.expect, list):
                raise InvalidInput(f"{path}, line {number}: a check has an object, and expects a list: {check}")
        if scenario.id in scenarios:
            raise InvalidInput(f"{path}, line {number}: the id {scenario.id!r} is there already")
        scenarios[scenario.id] = scenario
    if not scenarios:
        raise InvalidInput(f"{path} has no scenarios: give a file with one a line")
    return list(scenarios.values())


class Clock:
    """Tells the time that it is set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def tell(memory: Memory, scenario: Scenario, clock: Clock) -> None:
    """Add the statements, each learned when it is said, and leave the clock at the latest of them."""
    for told in scenario.statements:
        clock.now = told.reference_time
        memory.add(told.text, reference_time=told.reference_time, speaker=told.speaker, session=scenario.id)
    clock.now = max(told.reference_time for told in scenario.statements)


_WHOSE = re.compile(r"^.+?['’]s? ")
_WHERE = re.compile(r" (?:in|at|on|near) .+$")


class Names:
    """Tells whether a name means the object of a fact."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._whole = {part.uuid: one.uuid for one in memory.entities() for part in (one, *one.merged)}

    def mean(self, name: str, fact: Fact) -> bool:
        """Return whether the object is an entity of this name, or a value with this text.

        Whose it is ("Selma's piano") and where it is ("house in Ipoh") may be told or not.
        """
        told = {fact.object, _WHOSE.sub("", fact.object)}
        if not {normal_name(one) for one in (name, _WHERE.sub("", name))}.isdisjoint(map(normal_name, told)):
            return True
        return self._whole.get(fact.object_uuid) in {one.uuid for one in self._memory.entities(name=name)}


def decide(memory: Memory, names: Names, scenario: Scenario, check: Check) -> Outcome:
    """Ask the memory, and compare."""
    as_of = check.as_of or check.known_at
    found = memory.facts(subject=check.subject, predicate=check.predicate, as_of=as_of, known_at=check.known_at)
    if isinstance(check.expect, list):
        passed = all(any(names.mean(name, fact) for fact in found) for name in check.expect) and all(
            any(names.mean(name, fact) for name in check.expect) for fact in found
        )
        return Outcome(scenario, check, passed, False)
    passed = any(_matches(names, check, found)) == (check.expect == "true")
    retired = False
    if check.expect == "true" and not passed:
        all_of_them = memory.facts(subject=check.subject, predicate=check.predicate, include_invalid=True)
        retired = any(
            fact.modality == "asserted" and not fact.negated and (fact.invalid_at or fact.expired_at) is not None
            for fact in _matches(names, check, all_of_them)
        )
    return Outcome(scenario, check, passed, retired)


def _matches(names: Names, check: Check, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the facts with the object of a check, all of them if it names none."""
    return (fact for fact in facts if check.object is None or names.mean(check.object, fact))


def run(scenario: Scenario, *, model: object, extractor: Extractor, failures: bool = False) -> list[Outcome]:
    """Tell a fresh memory the statements, and answer the checks; print those that fail where `failures` says so."""
    clock = Clock(scenario.statements[0].reference_time)
    with Memory(":memory:", group_id="truth", model=model, extractor=extractor, clock=clock) as memory:
        tell(memory, scenario, clock)
        names = Names(memory)
        outcomes = [decide(memory, names, scenario, check) for check in scenario.checks]
        if failures and not all(outcome.passed for outcome in outcomes):
            click.echo("\n".join(_report(memory, outcomes)), err=True)
    return outcomes


def _report(memory: Memory, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines on the checks of a scenario that failed."""
    yield f"\n{outcomes[0].scenario.id}"
    for said in outcomes[0].scenario.statements:
        yield f"  {day(said.reference_time)} {f'{said.speaker}: ' if said.speaker else ''}{said.text}"
    wrong = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in wrong:
        yield f"  failed ({'retired' if outcome.retired else outcome.check.kind}): {outcome.check}"
    for subject in dict.fromkeys(outcome.check.subject for outcome in wrong):
        for fact in memory.facts(subject=subject, include_invalid=True):
            marks = ["not"] * fact.negated + [fact.modality] * (fact.modality != "asserted")
            times = [period(fact.valid_at, fact.invalid_at), f"known {period(fact.created_at, fact.expired_at)}"]
            told = " ".join([*marks, fact.subject, "|", fact.predicate, "|", fact.object])
            yield f"    {told}  {', '.join(filter(None, times))}"


def measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the share of checks that pass, in percent, and the share of wrongly retired facts, plain."""
    kinds, topics = defaultdict(list), defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.check.kind].append(outcome.passed)
        topics[outcome.scenario.topic].append(outcome.passed)
    alive = [outcome.retired for outcome in outcomes if outcome.check.expect == "true"]
    return {
        "accuracy": percent([outcome.passed for outcome in outcomes]),
        "by_kind": {kind: percent(kinds[kind]) for kind in sorted(kinds)},
        "by_topic": {topic: percent(topics[topic]) for topic in sorted(topics)},
        "wrongly_retired": round(sum(alive) / len(alive), 4) if alive else 0.0,
        "scenarios": len({outcome.scenario.id for outcome in outcomes}),
        "checks": len(outcomes),
    }


def percent(passed: Sequence[bool]) -> float:
    """Return how many are true, in percent."""
    return round(100 * sum(passed) / len(passed), 1)


@click.command(help=__doc__)
@click.option(
    "--cases",
    default=CASES,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Scenarios, one a line; those beside this file if not given.",
)
@click.option("--failures", is_flag=True, help="Print each check that fails, with all that is known of its subject.")
def main(cases: Path, failures: bool) -> None:
    try:
        scenarios = read_scenarios(cases)
    except InvalidInput as error:
        raise click.ClickException(str(error)) from error
    embedder = open_embedder()
    extractor = open_extractor(embedder=embedder)
    outcomes: list[Outcome] = []
    for number, scenario in enumerate(scenarios, start=1):
        outcomes += run(scenario, model=embedder, extractor=extractor, failures=failures)
        if number % 50 == 0 or number == len(scenarios):
            click.echo(f"{number} of {len(scenarios)} scenarios", err=True)
    print(json.dumps(measure(outcomes)))


if __name__ == "__main__":
    main()
