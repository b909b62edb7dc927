"""How a fact reads: the canonical predicate put back into a sentence."""

from __future__ import annotations

from graphmem.model import Modality

_IRREGULAR = {"be": "is", "have": "has", "do": "does", "go": "goes"}
_VOICES: dict[Modality, str] = {"possible": "may", "conditional": "would", "intended": "plans to"}


def third_person(lemma: str) -> str:
    """Return the third person singular of a verb's lemma.

    >>> [third_person(lemma) for lemma in ("be", "carry", "play", "teach", "live")]
    ['is', 'carries', 'plays', 'teaches', 'lives']
    """
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in tuple("aeiou"):
        return lemma[:-1] + "ies"
    return lemma + "s"


def sentence(
    subject: str, predicate: str, object: str, *, negated: bool = False, modality: Modality = "asserted"
) -> str:
    """Write a fact as one short sentence in the present, the same for every episode that states it.

    >>> sentence("Ada Lovelace", "live in", "London")
    'Ada Lovelace lives in London'
    >>> sentence("Ben", "be member of", "the choir", negated=True)
    'Ben is not member of the choir'
    >>> sentence("Ben", "move to", "Oslo", negated=True, modality="possible")
    'Ben may not move to Oslo'
    """
    verb, _, rest = predicate.partition(" ")
    voice = _VOICES.get(modality)
    if voice:
        spoken = f"{voice}{' not' if negated else ''} {verb}"
    elif negated:
        spoken = "is not" if verb == "be" else f"does not {verb}"
    else:
        spoken = third_person(verb)
    return " ".join(part for part in (subject, spoken, rest, object) if part)
