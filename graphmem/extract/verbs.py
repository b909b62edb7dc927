"""Verb forms that rules cannot take apart: irregular pasts, and lemmas that a lemmatizer cut too short."""

from __future__ import annotations

import re

_FORMS = """
arise arose arisen; awake awoke awoken; bear bore borne; beat beaten; become became; begin began begun; bend bent;
bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build
built; burn burnt; buy bought; catch caught; choose chose chosen; cling clung; come came; creep crept; deal dealt;
dig dug; do did done; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell
fallen; feed fed; feel felt; fight fought; find found; flee fled; fling flung; fly flew flown; forbid forbade
forbidden; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given;
go went gone; grind ground; grow grew grown; hang hung; have had; hear heard; hide hid hidden; hold held; keep kept;
kneel knelt; know knew known; lay laid; lead led; lean leant; leap leapt; learn learnt; leave left; lend lent; light
lit; lose lost; make made; mean meant; meet met; overcome overcame; pay paid; ride rode ridden; ring rang rung; rise
rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent; sew sewn; shake shook shaken; shine
shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide
slid; sow sown; speak spoke spoken; speed sped; spend spent; spin spun; spring sprang sprung; stand stood; steal
stole stolen; stick stuck; sting stung; stride strode; strike struck stricken; swear swore sworn; sweep swept; swim
swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought; throw threw thrown;
undergo underwent undergone; understand understood; undertake undertook undertaken; wake woke woken; wear wore worn;
weave wove woven; weep wept; win won; wind wound; withdraw withdrew withdrawn; withstand withstood; write wrote
written
"""
IRREGULAR: dict[str, str] = {
    form: forms.split()[0] for forms in _FORMS.split(";") for form in forms.split()[1:] if form not in ("found",)
}
"""Irregular past forms -> lemma; "found" is left out, because to found is a verb too."""

_LOST_E = re.compile(r"(?:[vcz]|[^q]u|[^aeo][aiou]d|[rld]g|iz|[^aeiou]at|[aeiou]{1}[^aeiou]?ns)$")
_DOUBLED = re.compile(r"[aeiou](?:bb|dd|gg|mm|nn|pp|rr|tt)$")


def verb_lemma(word: str, lemma: str, tag: str) -> str:
    """Mend the lemma of a verb form, given with its Penn tag.

    >>> verb_lemma("struck", "struck", "VBD"), verb_lemma("invaded", "invad", "VBD"), verb_lemma("met", "meet", "VBD")
    ('strike', 'invade', 'meet')
    """
    if tag not in ("VBD", "VBN", "VBG"):
        return lemma
    if tag != "VBG" and lemma == word and word in IRREGULAR:
        return IRREGULAR[word]
    ending = "ing" if tag == "VBG" else "ed"
    if not word.endswith(ending) or lemma not in (word, word.removesuffix(ending)):
        return lemma
    stem = word.removesuffix(ending)
    if tag != "VBG" and stem.endswith("i"):
        return stem[:-1] + "y"
    if stem in ("dy", "ly", "ty"):
        return stem[0] + "ie"
    if _DOUBLED.search(stem) and stem not in ("add", "err", "purr"):
        return stem[:-1]
    return stem + "e" if _LOST_E.search(stem) else stem
