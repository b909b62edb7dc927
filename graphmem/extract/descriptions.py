"""By which nouns a text describes what it names: "Frozen is a film", "the engineer Otto Kern", "Volvo, a carmaker"."""

from __future__ import annotations

import re

from graphmem.extract.agreement import human, thing, type_of
from graphmem.extract.mentions import HONORIFICS, Mention, Names
from graphmem.extract.tree import Tree

_BRACKET = re.compile(r"\(([^()]+)\)\s*$")


def described(tree: Tree, names: Names, mention: Mention) -> set[str]:
    """The nouns that the words around one mention, and the name itself, use for it, in lower case.

    A predicate noun, an apposition on either side, a noun right before it, and the kind of thing in a name
    ("University of Leeds", "Harbour Bank").
    """
    head = mention.head
    above = tree.heads[head]
    beside = [c for c in tree.all(head, "appos", "nmod:desc", "compound") if not mention.first <= c < mention.last]
    if tree.deps[head] in ("appos", "nmod:desc", "flat", "compound") and above < mention.first:
        beside.append(above)
    if tree.deps[head] == "nmod" and type_of(tree.lower[above]) == "LOC" and tree.case(head) == "of":
        beside.append(above)  # "the village of Arda"
    before = mention.first - 1
    if before >= 0 and tree.tags[before] == "NN" and tree.deps[before] != "conj":
        beside.append(before)
    found = {tree.lower[i] for i in beside if tree.words[i].islower() and tree.tags[i] == "NN" and names.at(i) is None}
    titles = {tree.lower[i] for i in (before, mention.first) if i >= 0 and tree.words[i][0].isupper()}
    found |= titles & HONORIFICS - {mention.name.lower()}
    if mention.type == "PERSON":
        found = {noun for noun in found if human(noun)}
    if tree.deps[head].startswith("nsubj") and tree.child(above, "cop") is not None and not tree.case(above):
        predicates = (i for i in tree.conjuncts(above) if tree.pos[i] == "NOUN" and tree.tags[i] != "NNS")
        found.update(tree.lower[i] for i in predicates if names.at(i) is None)
    words = mention.name.split()
    if len(words) > 1 and mention.type != "PERSON":
        found.add(mention.name.partition(" of ")[0].split()[-1].lower().strip("."))
        if mention.type == "LOC" and thing(words[0].lower()):
            found.add(words[0].lower())  # "Lake Como"
    return found


def title_noun(title: str | None) -> str | None:
    """What a title says in brackets that it is about: "Burn (Nine Inch Nails song)"."""
    bracket = _BRACKET.search(title) if title else None
    return bracket[1].lower().split()[-1] if bracket and bracket[1].split() else None
