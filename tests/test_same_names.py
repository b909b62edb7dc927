"""Which names may stand for which: the rules on names alone, and where they occur."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graphmem.model import Entity
from graphmem.resolve.same import Scene, asked, bond, carried, choose, fullness

NOW = datetime(2023, 5, 8, tzinfo=timezone.utc)


def entity(name: str, type: str = "PERSON", *names: str, **more: object) -> Entity:
    return Entity(group_id="g", created_at=NOW, name=name, type=type, names=tuple(sorted({name, *names})), **more)


def reason(one: Entity, other: Entity) -> tuple[str, bool, bool] | None:
    """Give what speaks for two being one, whichever is the fuller."""
    short, full = sorted((one, other), key=fullness)
    found = bond(short, full)
    assert found is None or carried(full) & asked(short), "what is never looked at is never found"
    return found and (found.reason, found.local, found.sure)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (entity("Dr. Nadia Petrov"), entity("Nadia Petrov"), "title"),
        (entity("President Nadia Petrov"), entity("Dr. Nadia Petrov"), "title"),
        (entity("Veltrona", "ORG"), entity("Veltrona Inc.", "ORG"), "suffix"),
        (entity("Veltrona Corp", "ORG"), entity("Veltrona Corporation", "ORG"), "suffix"),
        (entity("Brandt & Söhne GmbH", "ORG"), entity("Brandt and Sohne", "MISC"), "suffix"),
        (entity("IOFR", "ORG"), entity("Institute of Forest Research", "ORG", "IOFR"), "alias"),
        (entity("Mark Quill"), entity("Samuel Quillington", "PERSON", "Mark Quill"), "alias"),
        (entity("Harwick Inst. of Technology", "ORG"), entity("Harwick Institute of Technology", "ORG"), "spelling"),
        (entity("Dept of Marine Biology", "ORG"), entity("Department of Marine Biology", "ORG"), "spelling"),
        (entity("Internatonal Court of Fishing", "ORG"), entity("International Court of Fishing", "ORG"), "spelling"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_names_that_are_one_wherever_they_occur(one, other, why):
    assert reason(one, other) == (why, False, True)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (entity("Ravi"), entity("Ravi Menon"), "short name"),
        (entity("Menon"), entity("Ravi Menon"), "short name"),
        (entity("R. Menon"), entity("Ravi Menon"), "short name"),
        (entity("Ravi Menon"), entity("Ravi K. Menon"), "short name"),
        (entity("Dr. Menon"), entity("Ravi Menon"), "short name"),
        (entity("Mrs. Menon"), entity("Anna Menon"), "short name"),
        (entity("Sir Peter"), entity("Peter Halloway"), "short name"),
        (entity("Dr. Menon"), entity("Menon"), "title"),
        (entity("Veltrona", "MISC"), entity("Veltrona Inc.", "ORG"), "suffix"),
        (entity("Arco"), entity("Inés de Arco"), "short name"),
        (entity("Jean-Luc"), entity("Jean-Luc Moreau"), "short name"),
        (entity("IFR", "ORG"), entity("Institute of Forest Research", "ORG"), "initials"),
        (entity("U.K.", "LOC"), entity("United Kingdom", "LOC"), "initials"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_names_that_are_one_only_where_nothing_else_fits(one, other, why):
    assert reason(one, other) == (why, True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entity("Anna Menon"), entity("Ravi Menon")),
        (entity("Anna Menon"), entity("A. Kumar")),
        (entity("Jon Smythe"), entity("John Smythe")),
        (entity("Ravi"), entity("Ravi Foundation", "ORG")),
        (entity("Paris"), entity("Paris", "LOC")),
        (entity("Menon Kumar"), entity("Ravi Menon")),
        (entity("Mr. Petrov"), entity("Mrs. Petrov")),
        (entity("Veltrona Inc", "ORG"), entity("Veltrona Ltd", "ORG")),
        (entity("East Harbour", "LOC"), entity("East Harbour Company", "ORG")),
        (entity("East Harbour", "MISC"), entity("East Harbour Company", "ORG")),
        (entity("pear", "CONCEPT"), entity("Pear Inc", "ORG")),
        (entity("Harwick Star", "ORG"), entity("Harwick Star Tours", "ORG")),
        (entity("Sorrel Grand Prix 2004", "EVENT"), entity("Sorrel Grand Prix 2005", "EVENT")),
        (entity("North Alden State College", "ORG"), entity("South Alden State College", "ORG")),
        (entity("Lives of the Poets", "MISC"), entity("Lines of the Poets", "MISC")),
        (entity("IT", "ORG"), entity("Institute of Forest Research", "ORG")),
        (entity("Moreau"), entity("Hart-Moreau")),
        (entity("Lena"), entity("Lena's grandmother")),
        (entity("Dalby"), entity("Oskar and Dalby")),
        (entity("Minister of Trade"), entity("Trade")),
        (entity("Society of Young Minister", "ORG"), entity("Society of Young Ministers", "ORG")),
        (entity("village bus citizen", "CONCEPT"), entity("village bus citizenship", "CONCEPT")),
        (entity("Ann", "PERSON"), entity("Associated News Network", "ORG")),
    ],
    ids=lambda value: value.name,
)
def test_names_that_stay_two(one, other):
    assert reason(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entity("Mrs. Menon"), entity("Ravi Menon")),
        (entity("Mr. Petrov"), entity("Nadia Petrov")),
        (entity("Dr. Ravi"), entity("Ravi Menon")),
        (entity("Menon"), entity("Lena Menon", "MISC")),
        (entity("Peter"), entity("Hanna Peter")),
    ],
    ids=lambda value: value.name,
)
def test_a_doubtful_name_stands_in_the_way_but_is_not_taken(one, other):
    assert reason(one, other) == ("short name", True, False)


def test_who_stands_alone_is_no_other():
    assert reason(entity("Veltrona", "ORG", alone=True), entity("Veltrona Inc.", "ORG")) is None


def at(session: str | None = None, source: str | None = None, *people: str) -> Scene:
    return Scene(session, source, frozenset(people))


RAVI, MENON, PATEL = entity("Ravi"), entity("Ravi Menon"), entity("Ravi Patel")


def chosen(short: Entity, scenes: dict[Entity, list[Scene]]) -> str | None:
    full = [one for one in scenes if one is not short]
    bonds = {one.uuid: found for one in full if (found := bond(short, one))}
    merge = choose(short, full, bonds, {one.uuid: where for one, where in scenes.items()})
    return merge and next(one.name for one in full if one.uuid == merge.into)


@pytest.mark.parametrize(
    ("ravi", "menon", "patel", "who"),
    [
        ([at("s")], [at("s")], [], "Ravi Menon"),
        ([at("s")], [at("s")], [at("t")], "Ravi Menon"),
        ([at("s")], [at("s")], [at("s")], None),
        ([at("s")], [at("t")], [], None),
        ([at("s"), at("t")], [at("s")], [], None),
        ([at("s"), at("t")], [at("s"), at("t")], [], "Ravi Menon"),
        ([at("s"), at("t")], [at("s")], [at("t")], None),
        ([at(None, "a.md")], [at(None, "a.md")], [at(None, "b.md")], "Ravi Menon"),
        ([at("s", None, "Ida")], [at("t", None, "Ida")], [], "Ravi Menon"),
        ([at("s", None, "Ida")], [at("t", None, "Ida")], [at("u", None, "Ida")], None),
        ([at("s", None, "Ida")], [at("s")], [at("u", None, "Ida")], "Ravi Menon"),
        ([at()], [at()], [], None),
        ([], [at("s")], [], None),
    ],
)
def test_a_short_name_is_the_one_full_name_that_is_there(ravi, menon, patel, who):
    assert chosen(RAVI, {RAVI: ravi, MENON: menon, PATEL: patel}) == who


def test_two_forms_of_one_full_name_are_no_two_people():
    short, whole = entity("R. Menon", merged_into=MENON.uuid), MENON
    menon = entity("Menon")
    assert chosen(menon, {menon: [at("s")], short: [at("s")], whole: [at("s")]}) == "Ravi Menon"


def test_an_acronym_that_two_introduce_is_neither_but_where_one_alone_is():
    forest, food = (entity(f"Institute of {what} Research", "ORG", "IFR") for what in ("Forest", "Food"))
    ifr = entity("IFR", "ORG")
    assert chosen(ifr, {ifr: [at("u")], forest: [at("s")], food: [at("t")]}) is None
    assert chosen(ifr, {ifr: [at("u")], forest: [at("s")]}) == forest.name
