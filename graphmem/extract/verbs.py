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
_BASES = frozenset(IRREGULAR.values())

_SILENT_E = re.compile(
    r"""(?:[cvzu]|(?<!bia)(?<!focu)(?<!s)s|re|te
    |(?:^|[^aeiou]|u)[aiou]d|(?:c|rs|mp)ed
    |[^gn]g|(?:^|r)rang|(?:e|st)rang|chang|[lv]eng|fring|lung|^sing
    |(?:^|[^aeiou])[aiou]k
    |[bcdfgkpstz]l|[bct]r|(?:[cpmx]|(?:^|[^l])f|nc)il|(?:^b|sc|st|h)al|[^aeiou](?:ul|yl)|[js]ol
    |(?:^|[^aeiou])am|(?:^|[^aeiou])im|com|[^aeiou]um
    |(?:^|[^aou])in|(?:con|inter|contra)ven|(?:postp|cond|cl|hr|^h|^t|^ph)on|^wan|^ey|(?:^|[^aeiou])un
    |(?:^|[^aeiou])[auy]p|(?:w|p|tr|gr)ip|(?:^|[cghmsrt])op
    |(?:^|[^ao])ir|(?:^|[^aeo])ar|(?:terf|dh|oh|mi|persev)er|(?:pl|gn|st|sc|^b|ad|^sh)or|(?:^|[^o])ur
    |(?:^|[^aeo]|(?:^|re|pro)cre|rme|line)at|(?:mp|pl|del)et|(?:^|re|in|ex)cit|unit|writ|invit|ignit|^bit|xped?it
    |extradit|(?:v|m|qu|^n|den|nn)ot|(?:^|[^aeiou])ut|(?:^|[^o])(?:[ptwh]|b)ast|(?:brea|see|wrea|soo|loa|wri)th
    |crib|^brib|imbib|prob|tub|^ow)$""",
    re.VERBOSE,
)
"""How stems end that lost an "e" before "-ed" and "-ing"."""
_NO_E = frozenset("format debut pivot murmur canvas fulfil victim".split())  # noqa: SIM905
_DOUBLED = re.compile(
    r"[aeiouy](?:bb|dd|gg|mm|nn|pp|rr|tt|zz)$|[aeiou][^aeiou]+(?:e|(?<=tr)o)ll$|(?:tot|sign|riv|equ)all$"
)
_VOWEL = re.compile(r"[aeiouy]")
_WHOLE = frozenset("add err purr butt ebb egg boycott misspell".split())  # noqa: SIM905


def verb_lemma(word: str, lemma: str, tag: str) -> str:
    """Mend the lemma of a verb form, given with its Penn tag: regular forms are taken apart by their spelling.

    >>> verb_lemma("struck", "struck", "VBD"), verb_lemma("invaded", "invad", "VBD"), verb_lemma("met", "meet", "VBD")
    ('strike', 'invade', 'meet')
    >>> verb_lemma("consisting", "consiste", "VBG"), verb_lemma("comprises", "compris", "VBZ")
    ('consist', 'comprise')
    """
    if tag == "VBZ":
        return _singular(word, lemma)
    if tag not in ("VBD", "VBN", "VBG"):
        return lemma
    if "-" in word:
        before, _, last = word.rpartition("-")
        return f"{before}-{verb_lemma(last, last, tag)}"
    if tag != "VBG" and word in IRREGULAR:
        return IRREGULAR[word] if lemma == word or lemma not in _BASES else lemma
    ending = "ing" if tag == "VBG" else "ed"
    stem = word.removesuffix(ending)
    if stem == word or not _VOWEL.search(stem):
        return lemma
    if ending == "ed" and stem.endswith("i"):
        return stem + "e" if len(stem) == 2 else stem[:-1] + "y"
    if ending == "ing" and stem in ("dy", "ly", "ty", "vy", "underly"):
        return stem[:-1] + "ie"
    if _DOUBLED.search(stem) and stem not in _WHOLE:
        return stem[:-1]
    if ending == "ing" and stem.endswith(("ee", "oe", "ye")):
        return stem
    return stem + "e" if _SILENT_E.search(stem) and stem not in _NO_E else stem


def _singular(word: str, lemma: str) -> str:
    """The lemma of "goes", "comprises", "carries"."""
    if lemma in ("be", "have", "do", "go") or not word.endswith("s") or word.endswith(("ss", "us")):
        return lemma
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes", "focuses")):
        return word[:-2]
    return word[:-1]
