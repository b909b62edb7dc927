"""What statements imply by the lexicon, what a user's own file adds to it, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmem import Memory
from graphmem.errors import InvalidInput
from graphmem.model import Argument, Happening, Statement
from graphmem.resolve.lexicon import Lexicon, Reading, read_lexicon, told_of

TYPES = {
    **dict.fromkeys(("Ida", "Tom"), "PERSON"),
    **dict.fromkeys(("Rome", "Oslo", "Italy"), "LOC"),
    "Acme": "ORG",
}


def argument(name: str) -> Argument:
    return Argument(start=0, end=1, text=name, name=name)


def statement(subject: str, predicate: str, object: str, **more: object) -> Statement:
    ends = {"subject": argument(subject), "predicate": predicate, "object": argument(object)}
    return Statement(**ends, **more, start=0, end=1)


def type_of(one: Argument) -> str:
    return one.literal if one.name is None else TYPES.get(one.name, "CONCEPT")


def read(subject: str, predicate: str, object: str, *, lexicon: Lexicon | None = None, **more: object) -> list[Reading]:
    return (lexicon or read_lexicon()).read(statement(subject, predicate, object, **more), type_of)


def plain(readings: list[Reading]) -> list[tuple[str, str, str]]:
    return [(one.subject.text, one.predicate, one.object.text) for one in readings]


# What a statement says


@pytest.mark.parametrize(
    ("told", "states"),
    [
        (("Ida", "reside in", "Rome"), [("Ida", "live in", "Rome")]),
        (("Ida", "live at", "Rome"), [("Ida", "live at", "Rome"), ("Ida", "live in", "Rome")]),
        (("Ida", "move to", "Rome"), [("Ida", "move to", "Rome"), ("Ida", "live in", "Rome")]),
        (("gallery", "move to", "Rome"), [("gallery", "move to", "Rome"), ("gallery", "be located in", "Rome")]),
        (("Acme", "hire", "Ida"), [("Acme", "hire", "Ida"), ("Ida", "work for", "Acme")]),
        (("Acme", "employ", "Ida"), [("Acme", "employ", "Ida"), ("Ida", "work for", "Acme")]),
        (
            ("Ida", "marry", "Tom"),
            [("Ida", "marry", "Tom"), ("Ida", "be married to", "Tom"), ("Tom", "be married to", "Ida")],
        ),
        (("Ida", "be ceo of", "Acme"), [("Ida", "be ceo of", "Acme"), ("Ida", "lead", "Acme")]),
        (("Ida", "become", "vegan"), [("Ida", "be", "vegan")]),
        (("cello", "belong to", "Ida"), [("cello", "belong to", "Ida"), ("Ida", "own", "cello")]),
        (("Ida", "admire", "Tom"), [("Ida", "admire", "Tom")]),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, tuple) else None,
)
def test_a_statement_keeps_its_own_words_and_implies_states(
    told: tuple[str, str, str], states: list[tuple[str, str, str]]
) -> None:
    assert sorted(plain(read(*told))) == sorted(states)


def test_a_state_has_a_slot_and_a_holder() -> None:
    [lives] = read("Ida", "live in", "Rome")
    assert (lives.slot, lives.holder, lives.began) == ("live in", "subject", False)
    leads = {one.slot: one.holder for one in read("Ida", "be chief executive officer of", "Acme")}
    assert leads == {"lead: ceo": "object"}
    assert {one.holder for one in read("Ida", "be married to", "Tom")} == {"both"}
    assert [one.holder for one in read("Ida", "like", "Rome")] == [None]


def test_a_region_is_a_slot_of_its_own() -> None:
    assert [one.slot for one in read("Ida", "live in", "Italy")] == ["live in: region"]


def test_what_is_no_place_excludes_no_place() -> None:
    assert [one.holder for one in read("Ida", "live in", "Rome")] == ["subject"]
    assert [one.holder for one in read("Ida", "live in", "cello")] == [None]


@pytest.mark.parametrize(
    ("told", "ended"),
    [
        (("Ida", "divorce", "Tom"), {"be married to"}),
        (("Ida", "sell", "cello"), {"own"}),
        (("Ida", "step down as ceo of", "Acme"), {"lead: ceo"}),
        (("Ida", "move to", "Rome"), {"live in *"}),
        (("Ida", "hate", "cello"), {"like"}),
        (("Ida", "like", "cello"), set()),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, tuple) else None,
)
def test_a_statement_ends_states(told: tuple[str, str, str], ended: set[str]) -> None:
    assert set(read(*told)[0].ends) >= ended
    assert bool(read(*told)[0].ends) == bool(ended)


def test_to_leave_ends_whatever_there_is_between_the_two() -> None:
    assert {"live in", "work for", "study at", "be married to", "be member of", "lead"} <= set(
        read("Ida", "leave", "Acme")[0].ends
    )


def test_what_is_sold_to_somebody_is_theirs() -> None:
    told = read("Ida", "sell", "cello", others=(("to", argument("Tom")),))
    assert ("Tom", "own", "cello") in plain(told)
    assert "own" in told[0].ends


@pytest.mark.parametrize("how", [{"negated": True}, {"modality": "possible"}, {"modality": "intended"}])
def test_a_change_that_is_denied_or_only_possible_begins_and_ends_nothing(how: dict[str, object]) -> None:
    assert plain(read("Ida", "move to", "Rome", **how)) == [("Ida", "move to", "Rome")]
    assert read("Ida", "leave", "Rome", **how)[0].ends == ()


def test_a_verb_without_an_object_makes_or_ends_a_state() -> None:
    lexicon = read_lexicon()

    def happened(who: str, verb: str, role: str = "agent") -> list[Reading]:
        happening = Happening(predicate=verb, participants=((role, argument(who)),), start=0, end=1)
        return lexicon.happened(happening, type_of)

    [closed] = happened("gallery", "close")
    assert (closed.predicate, closed.object.text, closed.holder) == ("be", "closed", "subject")
    [retired] = [one for one in happened("Ida", "retire") if one.ends]
    assert {"work for *", "lead *"} <= set(retired.ends)
    [cancelled] = happened("gallery", "cancel", role="patient")
    assert cancelled.object.text == "cancelled"
    assert happened("Ida", "sleep") == []


def test_what_began_holds_from_its_time_on_or_from_when_it_is_said() -> None:
    dated = statement("Ida", "move to", "Rome", valid_at="2023-05-01", invalid_at="2023-05-02", tense="past")
    began = next(one for one in read_lexicon().read(dated, type_of) if one.predicate == "live in")
    assert told_of(dated, began) == {
        "valid_at": dated.valid_at,
        "invalid_at": None,
        "granularity": None,
        "tense": "past",
    }
    undated = statement("Ida", "move to", "Rome", tense="past")
    assert told_of(undated, began)["tense"] == "present"


# A user's own


def own(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_of_ones_own_adds_a_state(tmp_path: Path) -> None:
    file = own(tmp_path, '[states."mentor"]\nholder = "object"\nstarts = ["take under wing"]\nends = ["let fly"]\n')
    lexicon = read_lexicon(file)
    found = read("Ida", "take under wing", "Tom", lexicon=lexicon)
    assert plain(found) == [("Ida", "take under wing", "Tom"), ("Ida", "mentor", "Tom")]
    assert (found[1].slot, found[1].holder, found[1].began) == ("mentor", "object", True)
    assert read("Ida", "let fly", "Tom", lexicon=lexicon)[0].ends == ("mentor",)
    assert plain(read("Ida", "reside in", "Rome", lexicon=lexicon)) == [("Ida", "live in", "Rome")]


def test_a_file_of_ones_own_adds_words_to_a_state_and_overrides_the_rest(tmp_path: Path) -> None:
    file = own(tmp_path, '[states."like"]\nholder = "subject"\nalso = ["dig"]\n[kinds]\nclub = ["posse"]\n')
    lexicon = read_lexicon(file)
    assert read("Ida", "dig", "cello", lexicon=lexicon)[1].holder == "subject"
    assert plain(read("Ida", "love", "cello", lexicon=lexicon))[1] == ("Ida", "like", "cello")
    assert ("Ida", "be member of", "posse") in plain(read("Ida", "sing in", "posse", lexicon=lexicon))
    assert read("Ida", "like", "cello")[0].holder is None


def test_a_file_of_ones_own_adds_what_excludes_each_other(tmp_path: Path) -> None:
    file = own(tmp_path, '[[exclusive]]\nwords = [["raw"], ["cooked", "done"]]\nverbs = { cooked = ["cook"] }\n')
    lexicon = read_lexicon(file)
    slots = {word: read("cello", "be", word, lexicon=lexicon)[0].slot for word in ("raw", "cooked", "done")}
    assert slots == dict.fromkeys(("raw", "cooked", "done"), "be: raw/cooked")
    assert read("cello", "be", "done")[0].slot == "be: planned/active/on hold/cancelled/finished"


def test_a_lexicon_is_read_anew_when_the_file_has_changed(tmp_path: Path) -> None:
    file = own(tmp_path, '[states."mentor"]\n')
    assert "mentor" in read_lexicon(file).states
    own(tmp_path, '[states."tutor"]\n')
    assert {"mentor", "tutor"} & read_lexicon(file).states.keys() == {"tutor"}


MISTAKES = {
    "[states": "no TOML",
    "\xff": "no TOML",
    "[predicates]\n": "unknown key 'predicates'",
    "states = 3\n": "table for each predicate",
    '[states]\n"live in" = 3\n': "table for each predicate",
    '[states."live in"]\ncolour = "red"\n': "unknown key 'colour' in 'live in'",
    '[states."live in"]\nholder = "nobody"\n': "holder of 'live in' is 'nobody'",
    '[states."live in"]\nholder = ["subject"]\n': "holder of 'live in'",
    '[states."live in"]\nsymmetric = "yes"\n': "symmetric of 'live in' is 'yes'",
    '[states."live in"]\nevent = 1\n': "event of 'live in' is 1",
    '[states."live in"]\nobject = "planet"\n': "object of 'live in' is 'planet'",
    '[states."live in"]\nobject = ["place"]\n': "object of 'live in'",
    '[states."live in"]\namong = "planet"\n': "among of 'live in' is 'planet'",
    '[states."live in"]\napart = 3\n': "apart of 'live in' is 3",
    '[states."live in"]\nstarts = "move to"\n': "starts of 'live in'",
    '[states."live in"]\nends = [3]\n': "ends of 'live in'",
    '[states."live in"]\nsame = [" "]\n': "same of 'live in'",
    '[states."live in"]\nalso = ["camp (planet) in"]\n': r"'camp \(planet\) in' in 'live in'",
    '[states."live in"]\nalso = ["camp in (planet)"]\n': r"'camp in \(planet\)' in 'live in'",
    '[states."live in"]\nstops = ["die"]\n': "stops of 'live in'",
    '[states."live in"]\nstops = { home = "die" }\n': "stops of 'live in'",
    '[states."lead"]\nroles = ["boss"]\n': "roles of 'lead'",
    '[states."lead"]\nroles = [[]]\n': "roles of 'lead'",
    "kinds = 3\n": r"\[kinds\]",
    '[kinds]\nperson = "PERSON"\n': r"\[kinds\]",
    "[names]\nregion = [1]\n": r"\[names\]",
    '[exclusive]\nwords = [["a"], ["b"]]\n': r"\[\[exclusive\]\]",
    "exclusive = [3]\n": r"\[\[exclusive\]\]",
    '[[exclusive]]\nword = [["a"], ["b"]]\n': "unknown key 'word'",
    '[[exclusive]]\nwords = [["a"]]\n': "two rows",
    '[[exclusive]]\nwords = ["a", "b"]\n': "two rows",
    '[[exclusive]]\nverbs = { a = ["do"] }\n': "two rows",
    '[[exclusive]]\nwords = [["a"], ["b"]]\nof = "planet"\n': "of in .* is 'planet'",
    '[[exclusive]]\nwords = [["a"], ["b"]]\nof = ["thing"]\n': "of in",
    '[[exclusive]]\nwords = [["a"], ["b"]]\nverbs = { c = ["do"] }\n': "verbs for 'c'",
    '[[exclusive]]\nwords = [["a"], ["b"]]\nverbs = { a = "do" }\n': "lists by word",
}


@pytest.mark.parametrize("text", MISTAKES, ids=repr)
def test_a_mistake_in_a_lexicon_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(text.encode("latin-1"))
    good = '[states."mentor"]\n'
    with pytest.raises(InvalidInput, match=MISTAKES[text]) as raised:
        read_lexicon(file)
    assert str(file) in str(raised.value)
    own(tmp_path, good)
    assert "mentor" in read_lexicon(file).states


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_lexicon_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_lexicon(tmp_path / name)


def test_a_memory_with_a_mistaken_lexicon_is_not_opened(tmp_path: Path) -> None:
    file = own(tmp_path, '[states."mentor"]\nholder = "nobody"\n')
    with pytest.raises(InvalidInput, match="nobody"):
        Memory(":memory:", lexicon=file)
    assert "mentor" not in read_lexicon().states
