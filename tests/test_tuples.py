"""Tuples that a sentence must and must not give: one table for each phenomenon; and what stands beside the words."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from benchmarks.openie import cells, untokenised
from graphmem.extract.english import load
from graphmem.extract.tree import Tree
from graphmem.extract.tuples import LONGEST, Tuple, find_tuples

PIPELINE = load()


def read(text: str) -> list[Tuple]:
    return find_tuples(Tree([(PIPELINE(text), range(len(text) + 1))]), text)


def written(found: Tuple) -> str:
    """A tuple as the tables write it: its parts, then what is not plainly asserted."""
    parts = [found.subject, found.predicate, *([found.object] if found.object else []), *found.others]
    line = " | ".join(part.text for part in parts)
    line += " (not)" if found.negated else ""
    line += f" ({found.modality})" if found.modality != "asserted" else ""
    line += f" (by {found.attribution.text})" if found.attribution else ""
    return line + (f" ({found.condition.text})" if found.condition else "")


ACTIVE = [
    ("Maria repaired the old clock on Sunday.", ["Maria | repaired | the old clock | on Sunday"], []),
    ("He has lived in a small flat since 2011.", ["He | has lived in | a small flat | since 2011"], []),
    ("The river flows quickly through the valley.", ["The river | flows quickly through | the valley"], []),
    ("Fiona turned down the offer.", ["Fiona | turned down | the offer"], ["Fiona | turned | the offer"]),
    ("Rosa gave Hugo a watch.", ["Rosa | gave | a watch | Hugo"], ["Rosa | gave | Hugo | a watch"]),
    ("Jonas became a doctor.", ["Jonas | became | a doctor"], []),
    (
        "After the war, the brothers opened a bakery in Lyon.",
        ["the brothers | opened | a bakery in Lyon | After the war"],
        [],
    ),
]
PASSIVE = [
    ("The bridge was designed by a young engineer.", ["The bridge | was designed by | a young engineer"], []),
    ("The bakery was closed in 2019.", ["The bakery | was closed in | 2019"], []),
    ("He was elected mayor in 1988.", ["He | was elected | mayor | in 1988"], []),
]
COPULA = [
    ("Lisbon is the capital of Portugal.", ["Lisbon | is | the capital of Portugal"], ["Lisbon | is | the capital"]),
    ("The soup is too salty.", ["The soup | is | too salty"], []),
    ("Peter is allergic to peanuts.", ["Peter | is allergic to | peanuts"], ["Peter | is | allergic"]),
    ("The keys are on the table.", ["The keys | are on | the table"], []),
    ("There is a castle in Bratislava.", ["a castle | be in | Bratislava"], []),
]
NOUN_PHRASES = [
    (
        "Clara, a violinist from Vienna, met Paul Weber.",
        ["Clara | met | Paul Weber", "Clara | be | a violinist from Vienna"],
        ["Clara, a violinist from Vienna | met | Paul Weber"],
    ),
    ("Ann Lee, the CEO of Acme, resigned.", ["Ann Lee | be | the CEO of Acme", "Ann Lee | resigned"], []),
    ("Oslo, Norway's largest city, hosted the games.", ["Oslo | be | Norway's largest city"], ["Oslo | has | city"]),
    ("The architect Ruth Adler designed the station.", ["Ruth Adler | be | architect"], []),
    ("Ben's sister lives in Canada.", ["Ben | has | sister", "Ben's sister | lives in | Canada"], []),
    ("The old clock in the kitchen stopped in May.", ["The old clock | be in | the kitchen"], []),
]
RELATIVE = [
    (
        "The company, which was founded in Ghent, hired forty people.",
        ["The company | was founded in | Ghent", "The company | hired | forty people"],
        ["which | was founded in | Ghent"],
    ),
    (
        "She married a man who had lost his farm.",
        ["She | married | a man who had lost his farm", "a man | had lost | his farm"],
        ["who | had lost | his farm"],
    ),
    (
        "The children learned a song that their grandmother had written.",
        ["their grandmother | had written | a song"],
        [],
    ),
    ("They moved to a village where the children learned French.", ["the children | learned | French | a village"], []),
    (
        "The sailors who had seen the ship told the captain about it.",
        ["The sailors who had seen the ship | told | the captain | about it", "The sailors | had seen | the ship"],
        ["The sailors | told | the captain | about it"],
    ),
]
COORDINATION = [
    ("Nadia sold the car and bought a bicycle.", ["Nadia | sold | the car", "Nadia | bought | a bicycle"], []),
    (
        "The farmers grew wheat, barley and oats.",
        ["The farmers | grew | wheat", "The farmers | grew | barley", "The farmers | grew | oats"],
        ["The farmers | grew | wheat, barley and oats"],
    ),
    ("Nadia and Omar visited Rome.", ["Nadia and Omar | visited | Rome"], []),
    (
        "The film was directed by Clara Holm and produced by her sister.",
        ["The film | was directed by | Clara Holm", "The film | was produced by | her sister"],
        [],
    ),
    (
        "Tom painted the fence and his sister washed the windows.",
        ["Tom | painted | the fence", "his sister | washed | the windows"],
        ["Tom | washed | the windows"],
    ),
    (
        "The committee agreed to buy and restore the old mill.",
        [
            "The committee | agreed to buy | the old mill (intended)",
            "The committee | agreed to restore | the old mill (intended)",
        ],
        [],
    ),
]
CONTROL = [
    ("Lena wants to open a shop.", ["Lena | wants to open | a shop (intended)"], ["Lena | open | a shop (intended)"]),
    ("The children seem to like the teacher.", ["The children | seem to like | the teacher (possible)"], []),
    ("Marta persuaded Leo to join the team.", ["Leo | join | the team (possible)"], ["Marta | join | the team"]),
    ("The prisoners were forced to build a road.", ["The prisoners | were forced to build | a road"], []),
    ("The nurse was responsible for checking the beds.", ["The nurse | was responsible for checking | the beds"], []),
]
PARTICIPLES = [
    ("The letter written by the queen was lost.", ["The letter | be written by | the queen"], []),
    ("The storm hit the coast, destroying two piers.", ["The storm | be destroying | two piers"], []),
    ("Walking along the river, Jonas found a wallet.", ["Jonas | found | a wallet"], ["the river | found | a wallet"]),
]
SPEECH = [
    (
        "Mary said that Tom had left Boston.",
        ["Mary | said that | Tom had left Boston", "Tom | had left | Boston (reported) (by Mary)"],
        ["Tom | had left | Boston"],
    ),
    (
        "He promised that the bridge would be repaired and that the road would be widened.",
        ["the road | would be widened (possible) (by He)"],
        ["the road | would be widened"],
    ),
    ('"We sold the farm," said Peter.', ["We | sold | the farm (reported) (by Peter)"], ["We | sold | the farm"]),
    (
        "According to the mayor, the tunnel will open in May.",
        ["the tunnel | will open in | May | According to the mayor (intended) (by the mayor)"],
        [],
    ),
]
UNCERTAIN = [
    ("Kim did not sign the contract.", ["Kim | did not sign | the contract (not)"], ["Kim | sign | the contract"]),
    ("Karl no longer lives in Hamburg.", ["Karl | no longer lives in | Hamburg"], []),
    ("Lena might move to Madrid.", ["Lena | might move to | Madrid (possible)"], []),
    (
        "If Lena wins the prize, she will move to Madrid.",
        [
            "Lena | wins | the prize (conditional)",
            "she | will move to | Madrid (conditional) (If Lena wins the prize)",
        ],
        ["Lena | wins | the prize"],
    ),
]
TABLES = [
    *ACTIVE,
    *PASSIVE,
    *COPULA,
    *NOUN_PHRASES,
    *RELATIVE,
    *COORDINATION,
    *CONTROL,
    *PARTICIPLES,
    *SPEECH,
    *UNCERTAIN,
]


@pytest.mark.parametrize(("text", "expected", "wrong"), TABLES)
def test_a_sentence_gives_its_tuples(text: str, expected: list[str], wrong: list[str]) -> None:
    found = [written(one) for one in read(text)]
    assert [line for line in expected if line not in found] == [], found
    assert [line for line in wrong if line in found] == []


def test_parts_stand_in_the_text_word_for_word() -> None:
    text = "The nurse, who was ill, had not left the house. Tom had."
    for found in read(text):
        for part in (found.subject, found.predicate, *([found.object] if found.object else []), *found.others):
            assert part.text == " ".join([*part.added.split(), *(text[start:end] for start, end in part.spans)])
        start, end = found.sentence
        assert all(start <= span[0] < span[1] <= end for span in found.predicate.spans)


def test_arguments_tell_their_role() -> None:
    def roles(text: str) -> list[str]:
        found = read(text)[0]
        return [part.role for part in (found.object, *found.others) if part is not None]

    assert roles("Rosa gave Hugo a watch.") == ["object", "recipient"]
    assert roles("Maria repaired the old clock on Sunday.") == ["object", "on"]
    assert roles("The barn was built by Otto.") == ["agent"]
    assert roles("The company hired forty people last year.") == ["object", "when"]


def test_what_a_clause_says_is_surer_than_what_a_noun_phrase_takes_for_granted() -> None:
    found = {one.kind: one.confidence for one in read("The old clock in the kitchen stopped in May.")}
    assert 0 < found["nominal"] < found["verb"] < 1


def test_the_same_text_gives_the_same_tuples() -> None:
    text = "Ivan and Olga bought a house in Malta and painted it blue."
    assert read(text) == read(text)


@pytest.mark.parametrize("text", ["", "?!?! ... ---", "Yes", "MAYOR QUITS", "x " * 50])
def test_what_is_no_sentence_is_no_error(text: str) -> None:
    assert len(read(text)) <= 1


def test_clear_labels_give_the_same_tuples() -> None:
    words = ["Acme", "was", "bought", "by", "Globex", "in", "May", "."]
    pos = ["PROPN", "AUX", "VERB", "ADP", "PROPN", "ADP", "PROPN", "PUNCT"]
    tags = ["NNP", "VBD", "VBN", "IN", "NNP", "IN", "NNP", "."]
    clear = ["nsubjpass", "auxpass", "ROOT", "agent", "pobj", "prep", "pobj", "punct"]
    universal = ["nsubj:pass", "aux:pass", "ROOT", "case", "obl:agent", "case", "obl", "punct"]
    for heads, deps in (([2, 2, 2, 2, 3, 2, 5, 2], clear), ([2, 2, 2, 4, 2, 6, 2, 2], universal)):
        found = find_tuples(*tree(words, heads, deps, pos, tags))
        assert [written(one) for one in found] == ["Acme | was bought by | Globex | in May"]


def tree(words: list[str], heads: list[int], deps: list[str], pos: list[str], tags: list[str]) -> tuple[Tree, str]:
    starts = [True] + [False] * (len(words) - 1)
    doc = Doc(Vocab(), words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=words, sent_starts=starts)
    return Tree([(doc, range(len(doc.text) + 1))]), doc.text


PAIRS, FEWER = 50_000, 5_000
LONG = {
    "verbs side by side": (
        ["Ann", "runs"] + ["and", "runs"] * PAIRS,
        [1, 1] + [head for i in range(PAIRS) for head in (3 + 2 * i, 1)],
        ["nsubj", "ROOT"] + ["cc", "conj"] * PAIRS,
        ["PROPN", "VERB"] + ["CCONJ", "VERB"] * PAIRS,
        ["NNP", "VBZ"] + ["CC", "VBZ"] * PAIRS,
    ),
    "clauses inside clauses": (
        ["Ann", "says"] * FEWER,
        [head for i in range(FEWER) for head in (1 + 2 * i, max(1, 2 * i - 1))],
        ["nsubj", "ROOT"] + ["nsubj", "ccomp"] * (FEWER - 1),
        ["PROPN", "VERB"] * FEWER,
        ["NNP", "VBZ"] * FEWER,
    ),
    "a noun with everything": (
        ["Ann", "sees", "houses"] + ["in", "Rome"] * PAIRS,
        [1, 1, 1] + [head for i in range(PAIRS) for head in (4 + 2 * i, 2)],
        ["nsubj", "ROOT", "obj"] + ["case", "nmod"] * PAIRS,
        ["PROPN", "VERB", "NOUN"] + ["ADP", "PROPN"] * PAIRS,
        ["NNP", "VBZ", "NNS"] + ["IN", "NNP"] * PAIRS,
    ),
}


@pytest.mark.parametrize("shape", LONG)
def test_a_sentence_without_end_gives_parts_of_bounded_length(shape: str) -> None:
    found = find_tuples(*tree(*LONG[shape]))
    assert 1 <= len(found) <= PAIRS + 1
    for one in found:
        for part in (one.subject, one.predicate, *([one.object] if one.object else []), *one.others):
            assert len(part.text.split()) <= LONGEST


def test_predictions_are_in_the_tokens_of_the_sentence() -> None:
    sentence = "The 10 - year - old boy -LRB- Tom -RRB- did n't break `` the vase '' in Ann 's room ."
    tokens = sentence.split()
    text, places = untokenised(tokens)
    assert text == "The 10-year-old boy (Tom) didn't break \"the vase\" in Ann's room."
    assert [text[start:end] for start, end in places][-6:] == ['"', "in", "Ann", "'s", "room", "."]
    (broken,) = (found for found in read(text) if found.kind == "verb")
    assert next(cells(broken, tokens, places)).split() == ["did", "n't", "break"]
    assert set(" ".join(cells(broken, tokens, places)).split()) <= set(tokens)
