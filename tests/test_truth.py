"""What is believed, rule by rule: one readable example each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from small_graph import day

from graphmem.model import Argument, Entity, Episode, Extraction, Fact, Happening, Named, Statement
from graphmem.resolve.records import understood
from graphmem.resolve.truth import RULES, Belief, Claim, Said, beliefs, claims_something

PLACES = {"Rome", "Oslo", "Bern", "Norway", "Italy"}


@dataclass
class Telling:
    """Statements, each in a text of its own, read by the lexicon; and what is believed of them."""

    facts: dict[str, tuple[Fact, list[Said]]] = field(default_factory=dict)
    texts: int = 0

    def tell(
        self,
        subject: str,
        predicate: str,
        object: str,
        *,
        said: int,
        by: str = "Ann",
        since: int | None = None,
        until: int | None = None,
        learned: int | None = None,
        overrules: Sequence[str] = (),
        **more: object,
    ) -> list[str]:
        """Tell one statement on a day of 2023, and return the uuids of the facts that it gives."""
        told = (subject, predicate, object, since, until, more, overrules)
        return self.text([told], said=said, by=by, learned=learned)

    def text(self, told: Sequence[tuple], *, said: int, by: str = "Ann", learned: int | None = None) -> list[str]:
        """Tell several statements in one text."""
        facts = []
        for subject, predicate, object, since, until, more, _ in told:
            dates = {"valid_at": since and day(since), "invalid_at": until and day(until)}
            ends = {"subject": argument(subject), "predicate": predicate, "object": argument(object)}
            facts.append(Statement(**ends, **dates, **more, start=0, end=1))
        names = {name for subject, _, object, *_ in told for name in (subject, object)}
        overruled = tuple(uuid for one in told for uuid in one[-1])
        return self._learn(Extraction(mentions=mentions(names), facts=tuple(facts)), said, by, learned, overruled)

    def happen(self, who: str, verb: str, *, said: int, by: str = "Ann") -> list[str]:
        """Tell what somebody did."""
        happening = Happening(predicate=verb, participants=(("agent", argument(who)),), start=0, end=1)
        return self._learn(Extraction(mentions=mentions({who}), events=(happening,)), said, by, None, ())

    def _learn(
        self, read: Extraction, said: int, by: str, learned: int | None, overruled: tuple[str, ...]
    ) -> list[str]:
        self.texts += 1
        known = day(said if learned is None else learned)
        episode = Episode(
            group_id="g", text=f"text {self.texts}", speaker=by, reference_time=day(said), created_at=known
        )
        facts = [one for one in understood(episode, read, created_at=known) if isinstance(one, Fact)]
        if overruled:
            facts = [Fact(**one.model_dump(exclude={"uuid", "overrules"}), overrules=overruled) for one in facts]
        for fact in facts:
            self.facts.setdefault(fact.uuid, (fact, []))[1].append(Said(episode.uuid, day(said), known, by))
        return [fact.uuid for fact in facts]

    def believed(self) -> list[Belief]:
        claims = [
            Claim(fact, fact.subject_uuid, fact.object_uuid, tuple(said))
            for fact, said in self.facts.values()
            if claims_something(fact)
        ]
        found = beliefs(claims)
        assert sorted(map(str, beliefs(claims[::-1]))) == sorted(map(str, found))
        return found

    def held(
        self, predicate: str = "live in", *, known: int | None = None, of: str | None = None
    ) -> dict[str, list[tuple[int | None, int | None]]]:
        """Return by value from which day to which day it is believed to hold, as was known on a day or is now."""
        found: dict[str, list[tuple[int | None, int | None]]] = {}
        for belief in self.believed():
            fact = self.facts[belief.fact][0]
            if fact.predicate != predicate or fact.negated or (of is not None and fact.subject != of):
                continue
            if known is None:
                now = belief.expired_at is None
            else:
                now = belief.created_at <= day(known) and (belief.expired_at is None or day(known) < belief.expired_at)
            if now:
                value = fact.subject if fact.holder == "object" else fact.object
                found.setdefault(value, []).append((number(belief.valid_at), number(belief.invalid_at)))
        return {value: sorted(intervals, key=str) for value, intervals in sorted(found.items())}

    def current(self, uuid: str) -> Belief:
        [belief] = [one for one in self.believed() if one.fact == uuid and one.expired_at is None]
        return belief

    def past(self, uuid: str) -> Belief:
        [belief] = [one for one in self.believed() if one.fact == uuid and one.expired_at is not None]
        return belief


def argument(name: str) -> Argument:
    return Argument(start=0, end=1, text=name, name=name)


def mentions(names: set[str]) -> tuple[Named, ...]:
    def kind(name: str) -> str:
        return "LOC" if name in PLACES else "PERSON" if " " in name or name == "Ida" else "ORG"

    return tuple(Named(start=0, end=1, name=name, type=kind(name)) for name in sorted(names))


def number(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - day(1)).days + 1


@pytest.fixture
def ida() -> Telling:
    return Telling()


ALWAYS = [(None, None)]


# Open ends


def test_what_is_told_without_a_start_or_an_end_holds_always(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    assert ida.held() == {"Rome": ALWAYS}
    assert ida.held(known=4) == {}


def test_what_was_once_holds_as_far_as_nothing_contradicts_it(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5, tense="past")
    ida.tell("Ida", "live in", "Oslo", said=9)
    assert ida.held() == {"Oslo": [(9, None)], "Rome": [(None, 9)]}


def test_of_what_may_hold_together_a_new_one_ends_nothing(ida: Telling) -> None:
    ida.tell("Ida", "like", "Rome", said=5)
    ida.tell("Ida", "like", "Oslo", said=9)
    ida.tell("Ida", "admire", "Rome", said=5)
    ida.tell("Ida", "admire", "Oslo", said=9)
    assert ida.held("like") == ida.held("admire") == {"Oslo": ALWAYS, "Rome": ALWAYS}


@pytest.mark.parametrize("modality", ["possible", "intended", "reported", "conditional", "asked"])
def test_what_is_not_asserted_claims_nothing(ida: Telling, modality: str) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "move to", "Oslo", said=9, modality=modality)
    assert ida.held() == {"Rome": ALWAYS}


# One at a time


def test_a_new_value_ends_the_old_one_when_it_is_said(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=5)
    [oslo] = ida.tell("Ida", "live in", "Oslo", said=9)
    assert ida.held() == {"Oslo": [(9, None)], "Rome": [(None, 9)]}
    assert ida.held(known=5) == {"Rome": ALWAYS}
    assert (ida.current(rome).rule, ida.current(rome).closed_by) == ("one at a time", oslo)


def test_a_move_ends_the_old_value_at_its_date_from_when_it_is_learned(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "move to", "Oslo", said=20, since=12, tense="past")
    assert ida.held() == {"Oslo": [(12, None)], "Rome": [(None, 12)]}
    assert ida.held(known=19) == {"Rome": ALWAYS}


def test_what_is_learned_late_falls_into_its_place(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Oslo", said=20)
    ida.tell("Ida", "live in", "Rome", said=5, learned=30)
    assert ida.held(known=29) == {"Oslo": ALWAYS}
    assert ida.held() == {"Oslo": [(20, None)], "Rome": [(None, 20)]}


def test_two_changes_on_one_day_by_one_voice_leave_the_last(ida: Telling) -> None:
    ida.tell("Ida", "move to", "Rome", said=10, since=9, tense="past")
    ida.tell("Ida", "move to", "Oslo", said=11, since=9, tense="past")
    assert ida.held() == {"Oslo": [(9, None)]}


def test_a_return_to_an_earlier_value_is_a_second_interval(ida: Telling) -> None:
    ida.tell("Ida", "move to", "Rome", said=5, since=5, tense="past")
    ida.tell("Ida", "move to", "Oslo", said=10, since=10, tense="past")
    ida.tell("Ida", "move to", "Rome", said=15, since=15, tense="past")
    assert ida.held() == {"Oslo": [(10, 15)], "Rome": [(15, None), (5, 10)]}


def test_a_region_and_a_city_in_it_do_not_exclude_each_other(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Italy", said=9)
    assert ida.held() == {"Italy": ALWAYS, "Rome": ALWAYS}


def test_a_move_to_a_city_ends_the_region_too(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Italy", said=5)
    ida.tell("Ida", "move to", "Oslo", said=9, since=9, tense="past")
    assert ida.held() == {"Italy": [(None, 9)], "Oslo": [(9, None)]}


def test_an_office_has_one_holder_at_a_time(ida: Telling) -> None:
    ida.tell("Eve Lund", "be ceo of", "Acme", said=5)
    ida.tell("Ben Moss", "become ceo of", "Acme", said=9, since=8, tense="past")
    ida.tell("Kim Roth", "be captain of", "Acme", said=9)
    assert ida.held("lead") == {"Ben Moss": [(8, None)], "Eve Lund": [(None, 8)], "Kim Roth": ALWAYS}


def test_a_marriage_is_one_at_a_time_for_both(ida: Telling) -> None:
    ida.tell("Ada Wren", "be married to", "Tom Hale", said=5)
    ida.tell("Lea Voss", "marry", "Tom Hale", said=9, since=8, tense="past")
    assert ida.held("be married to", of="Ada Wren") == {"Tom Hale": [(None, 8)]}
    assert ida.held("be married to", of="Tom Hale") == {"Ada Wren": [(None, 8)], "Lea Voss": [(8, None)]}
    assert ida.held("be married to", of="Lea Voss") == {"Tom Hale": [(8, None)]}


# Ended


def test_leaving_ends_a_state_when_it_is_said(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=5)
    leaving = ida.tell("Ida", "leave", "Rome", said=9)[0]
    assert ida.held() == {"Rome": [(None, 9)]}
    assert (ida.current(rome).rule, ida.current(rome).closed_by) == ("ended", leaving)


def test_leaving_that_is_told_with_a_date_ends_a_state_then(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "leave", "Rome", said=9, since=7, tense="past")
    assert ida.held() == {"Rome": [(None, 7)]}


def test_leaving_another_place_ends_nothing(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "leave", "Oslo", said=9)
    ida.tell("Ben", "leave", "Rome", said=9)
    assert ida.held(of="Ida") == {"Rome": ALWAYS}


def test_who_comes_back_and_leaves_again_is_gone(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "leave", "Rome", said=9)
    ida.tell("Ida", "live in", "Rome", said=12)
    ida.tell("Ida", "leave", "Rome", said=20)
    assert ida.held() == {"Rome": [(12, 20), (None, 9)]}


@pytest.mark.parametrize(("one", "other"), [("Ada Wren", "Tom Hale"), ("Tom Hale", "Ada Wren")])
def test_an_end_may_be_told_in_either_direction(ida: Telling, one: str, other: str) -> None:
    ida.tell("Ada Wren", "be married to", "Tom Hale", said=5)
    ida.tell(one, "divorce", other, said=9)
    assert ida.held("be married to", of="Ada Wren") == {"Tom Hale": [(None, 9)]}
    assert ida.held("be married to", of="Tom Hale") == {"Ada Wren": [(None, 9)]}


def test_an_employer_who_fires_somebody_ends_the_work(ida: Telling) -> None:
    ida.tell("Eve Lund", "work for", "Acme", said=5)
    ida.tell("Acme", "fire", "Eve Lund", said=9, since=8, tense="past")
    assert ida.held("work for") == {"Acme": [(None, 8)]}


def test_an_end_of_all_of_a_state_ends_each(ida: Telling) -> None:
    ida.tell("Eve Lund", "be ceo of", "Acme", said=5)
    ida.tell("Eve Lund", "be captain of", "Veltrona", said=5)
    ida.tell("Ben Moss", "be captain of", "Acme", said=5)
    ida.happen("Eve Lund", "retire", said=9)
    assert ida.held("lead") == {"Ben Moss": ALWAYS, "Eve Lund": [(None, 9), (None, 9)]}


# Denied


def test_a_denial_ends_a_state_when_it_is_said(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=5)
    [denial] = ida.tell("Ida", "live in", "Rome", said=9, negated=True)
    assert ida.held() == {"Rome": [(None, 9)]}
    assert (ida.current(rome).rule, ida.current(rome).closed_by) == ("denied", denial)


def test_a_denial_holds_until_the_same_is_said_again(ida: Telling) -> None:
    [denial] = ida.tell("Ida", "live in", "Rome", said=5, negated=True)
    assert ida.current(denial).invalid_at is None
    ida.tell("Ida", "live in", "Rome", said=9)
    assert number(ida.current(denial).invalid_at) == 9
    assert ida.held() == {"Rome": [(9, None)]}


def test_never_takes_back_what_the_same_voice_had_said(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=5)
    [never] = ida.tell("Ida", "live in", "Rome", said=9, negated=True, tense="past")
    assert ida.held() == {}
    assert ida.held(known=8) == {"Rome": ALWAYS}
    assert (ida.past(rome).rule, ida.past(rome).closed_by, number(ida.past(rome).expired_at)) == ("denied", never, 9)


def test_never_does_not_take_back_what_somebody_else_said(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5, by="Ben")
    ida.tell("Ida", "live in", "Rome", said=9, negated=True, tense="past")
    assert ida.held() == {"Rome": ALWAYS}


def test_what_is_said_again_after_never_holds(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Rome", said=9, negated=True, tense="past")
    ida.tell("Ida", "live in", "Rome", said=12)
    assert ida.held(known=9) == {}
    assert ida.held() == {"Rome": ALWAYS}


# Corrected


def test_a_correction_replaces_what_was_never_true(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Bern", said=3)
    [rome] = ida.tell("Ida", "live in", "Rome", said=5)
    [oslo] = ida.tell("Ida", "live in", "Oslo", said=6, corrects=True)
    assert ida.held() == {"Bern": [(None, 6)], "Oslo": [(6, None)]}
    assert ida.held(known=5) == {"Bern": [(None, 5)], "Rome": [(5, None)]}
    assert (ida.past(rome).rule, ida.past(rome).closed_by) == ("corrected", oslo)


def test_a_correction_of_a_date_replaces_that_date(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=3)
    ida.tell("Ida", "move to", "Oslo", said=20, since=11, tense="past")
    ida.tell("Ida", "move to", "Oslo", said=21, since=12, tense="past", corrects=True)
    assert ida.held() == {"Oslo": [(12, None)], "Rome": [(None, 12)]}
    assert ida.held(known=20) == {"Oslo": [(11, None)], "Rome": [(None, 11)]}


def test_a_correction_that_is_corrected_does_not_bring_back_what_it_corrected(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Oslo", said=6, corrects=True)
    ida.tell("Ida", "live in", "Bern", said=7, corrects=True)
    assert ida.held() == {"Bern": ALWAYS}


def test_a_correction_that_is_taken_back_corrects_nothing(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Oslo", said=6, corrects=True)
    ida.tell("Ida", "live in", "Oslo", said=7, negated=True, tense="past")
    assert ida.held() == {"Rome": ALWAYS}
    assert ida.held(known=6) == {"Oslo": ALWAYS}


# Ranges


def test_a_range_holds_from_its_start_to_its_end(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=30, since=5, until=9, tense="past")
    assert ida.held() == {"Rome": [(5, 9)]}
    assert ida.current(rome).rule is None


def test_a_range_in_another_value_cuts_it_and_is_not_followed_by_it(ida: Telling) -> None:
    ida.tell("Ida", "move to", "Rome", said=3, since=3, tense="past")
    ida.tell("Ida", "live in", "Oslo", said=30, since=5, until=9, tense="past")
    assert ida.held() == {"Oslo": [(5, 9)], "Rome": [(3, 5)]}


@pytest.mark.parametrize(
    ("second", "whole"), [((9, 15), (5, 15)), ((7, 15), (5, 15)), ((6, 8), (5, 9)), ((10, 15), None)]
)
def test_ranges_of_one_fact_that_touch_or_overlap_are_one(
    ida: Telling, second: tuple[int, int], whole: tuple[int, int] | None
) -> None:
    ida.tell("Ida", "live in", "Rome", said=30, since=5, until=9, tense="past")
    ida.tell("Ida", "live in", "Rome", said=31, since=second[0], until=second[1], tense="past", by="Ben")
    assert ida.held()["Rome"] == ([whole] if whole else [(10, 15), (5, 9)])


def test_overlapping_ranges_of_two_values_follow_each_other(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=30, since=5, until=12, tense="past")
    ida.tell("Ida", "live in", "Oslo", said=31, since=9, until=15, tense="past")
    assert ida.held() == {"Oslo": [(9, 15)], "Rome": [(5, 9)]}


# What no rule decides, and what decides it


def test_two_voices_that_contradict_each_other_are_rivals(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=9, since=5)
    [oslo] = ida.tell("Ida", "live in", "Oslo", said=9, since=5, by="Ben")
    assert ida.held() == {"Oslo": [(5, None)], "Rome": [(5, None)]}
    assert (ida.current(rome).rivals, ida.current(oslo).rivals) == ((oslo,), (rome,))


def test_what_one_voice_says_later_replaces_what_it_said_of_the_same_time(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=9, since=5, tense="past")
    [oslo] = ida.tell("Ida", "live in", "Oslo", said=10, since=5, tense="past")
    assert ida.held() == {"Oslo": [(5, None)]}
    assert (ida.past(rome).rule, ida.past(rome).closed_by) == ("said later", oslo)


def test_what_one_text_says_of_two_values_is_no_contradiction(ida: Telling) -> None:
    facts = ida.text([("Ida", "live in", place, None, None, {}, ()) for place in ("Rome", "Oslo")], said=5)
    assert ida.held() == {"Oslo": ALWAYS, "Rome": ALWAYS}
    assert [ida.current(uuid).rivals for uuid in facts] == [(), ()]


def test_a_decision_overrules_facts(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=9, since=5)
    [oslo] = ida.tell("Ida", "live in", "Oslo", said=9, since=5, by="Ben")
    [decision] = ida.tell("Ida", "live in", "Oslo", said=20, since=5, by="me", overrules=[rome])
    assert ida.held() == {"Oslo": [(5, None)]}
    assert ida.held(known=19) == {"Oslo": [(5, None)], "Rome": [(5, None)]}
    assert (ida.past(rome).rule, ida.past(rome).closed_by) == ("decided", decision)
    assert {uuid for one in ida.believed() if one.expired_at is None for uuid in one.rivals} == set()
    assert oslo in {one.fact for one in ida.believed()}


def test_what_is_learned_after_a_decision_is_not_overruled_by_it(ida: Telling) -> None:
    [rome] = ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Oslo", said=9, overrules=[rome])
    assert ida.held() == {"Oslo": ALWAYS}
    ida.tell("Ida", "live in", "Rome", said=20)
    assert ida.held() == {"Oslo": [(None, 20)], "Rome": [(20, None)]}


# News


def test_news_of_a_change_within_a_year_outweighs_what_was_said_to_be_as_before(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Rome", said=15, by="Ben")
    ida.tell("Ida", "move to", "Oslo", said=20, since=10, tense="past")
    assert ida.held() == {"Oslo": [(10, None)], "Rome": [(None, 10)]}


def test_news_of_a_change_more_than_a_year_ago_does_not(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Rome", said=5)
    ida.tell("Ida", "live in", "Rome", said=15, by="Ben")
    ida.tell("Ida", "move to", "Oslo", said=380, since=10, tense="past")
    assert ida.held() == {"Oslo": [(10, 15)], "Rome": [(15, None), (None, 10)]}


def test_what_news_outweighs_ends_nothing_that_was_before(ida: Telling) -> None:
    ida.tell("Ida", "live in", "Bern", said=5)
    ida.tell("Ida", "live in", "Rome", said=15)
    ida.tell("Ida", "move to", "Oslo", said=20, since=10, tense="past")
    assert ida.held() == {"Bern": [(None, 10)], "Oslo": [(10, None)]}


# Events


def test_what_happened_twice_happened_twice(ida: Telling) -> None:
    ida.tell("Ida", "visit", "Rome", said=5, since=5, tense="past")
    ida.tell("Ida", "visit", "Rome", said=9, since=9, tense="past")
    assert ida.held("visit") == {"Rome": [(5, None), (9, None)]}


def test_every_rule_that_a_belief_names_is_in_the_table() -> None:
    assert RULES == ("one at a time", "ended", "denied", "corrected", "said later", "decided")


def test_a_claim_that_nobody_said_is_not_believed() -> None:
    ada, rome = (Entity(group_id="g", name=name, created_at=day(1)) for name in ("Ada", "Rome"))
    fact = Fact(
        group_id="g",
        created_at=day(1),
        subject="Ada",
        subject_uuid=ada.uuid,
        predicate="live in",
        object="Rome",
        object_uuid=rome.uuid,
        fact="Ada lives in Rome",
    )
    assert beliefs([Claim(fact, ada.uuid, rome.uuid, ())]) == []
