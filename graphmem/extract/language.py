"""Is a piece of text English? Told by its small words, as far as a few words can tell.

Small words are the cheapest sign of a language (Grefenstette 1995, "Comparing two language identification schemes").
Only what speaks clearly for another language counts against English, so that "ok merci!", a foreign name or the title
of a book in an English sentence do not.
"""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 5
"""In fewer words nothing is decided, unless they are in another script."""
_EDGES = " \t\n.,;:!?¡¿…'’\"“”„«»()[]{}*_-–—/\\"

_ENGLISH = frozenset(
    """
    the and that this these those with from were been have would could should they their them there which who what
    when where why how she his him its our your you my not but because than then about into after before does did
    don't didn't can't i'm it's just some any every very
    """.split()  # noqa: SIM905
)
"""Small words that only English has; each counts twice."""
_SHARED = frozenset(
    """
    a an at as all am be by do for had has he her i if in is it me no of on or out over so to us was we will
    """.split()  # noqa: SIM905
)
"""Small English words that other languages write too."""
_OTHER = frozenset(
    """
    der das des ein eine einen einer eines und oder aber nicht ist sind wird wurde wurden haben ich wir ihr sie sich
    mit von vom zum zur bei nach über für auf aus auch noch wie wenn weil dass daß mein meine dein sein seine seiner
    kein keine einem dieser diese dieses seit als nur mir dir uns kann schon sehr

    le la les l' du des un une et ou est sont était été avec dans sur par qui que quoi dont ce cette ces il elle
    nous vous ils elles je ma mes sa ses leur leurs ne pas très c'est j'ai d'un d'une qu'il n'est au

    el los las lo del una uno unos y o es está están fue han muy pero como más porque cuando donde su sus mi mis se
    nos ella ellos nosotros para por sin esto esta este ese esa

    os das dos na nas nos uma e é são foi não mas com seu sua meu minha ele ela eles isso você em ao

    il gli i una uno di della delle dei degli nel nella e è sono stato non ma con che chi questo questa suo sua mio
    mia lui lei loro anche più

    de het een en zijn niet maar ook voor naar bij hij zij wij jij ik mijn haar wordt werd deze dit dat omdat

    och att det som på är inte med för av en ett jag han vi de har og ikke jeg fra eller

    nie się jest są był była że na do z w oraz jak dla przez jego jej to

    nu și este sunt cu pentru într o un să

    ve bir bu için ile çok değil olarak gibi daha

    yang di ini itu dengan untuk tidak dari adalah saya kami mereka akan pada
    """.split()  # noqa: SIM905
) - (_ENGLISH | _SHARED)
"""Small words of German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian languages, Polish, Romanian, Turkish
and Indonesian."""

_IN_NAMES = frozenset("al da das de del della der des di do dos du e el et la las le les los van von y".split())  # noqa: SIM905
"""What between two words with capitals is part of a name: "Ana de la Cruz"."""


def is_english(text: str) -> bool:
    """Tell whether a text may be read as English; what is too short to tell may.

    >>> is_english("Gestern ging Herr Müller mit seiner Frau nach Hause."), is_english("ok merci, see you!")
    (False, True)
    >>> is_english("We had pain au chocolat at the Café de la Paix."), is_english("昨日は友達と映画を見ました。")
    (True, False)
    """
    if not text.isascii() and _other_script(text):
        return False
    return _speaks_for_english(text.split())


def _other_script(text: str) -> bool:
    """Are more than half of the letters none of the Latin alphabet?"""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 3 and 2 * sum(letter > "\u024f" for letter in letters) > len(letters)


def _speaks_for_english(words: Sequence[str]) -> bool:
    if len(words) < FEWEST:
        return True
    english = other = 0
    held = 0  # small words behind a capital, which are part of a name if another capital follows
    capital = False
    for number, written in enumerate(words):
        word = written.strip(_EDGES).replace("’", "'")
        if capital and word in _IN_NAMES:
            held += 1
            continue
        capital = word[:1].isupper()
        other, held = other + (0 if capital else held), 0
        if word in _OTHER or (number == 0 and word.lower() in _OTHER):
            other += 1
        elif (plain := word.lower()) in _ENGLISH:
            english += 2
        elif plain in _SHARED:
            english += 1
        elif not word.isascii() and word.islower():
            other += 1
    other += held
    return other < 3 or other <= english or other * 8 < len(words)
