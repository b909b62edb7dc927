"""Sentences with two trees each, made by hand: with ClearNLP labels and with those of Universal Dependencies."""

from __future__ import annotations

from typing import NamedTuple

from spacy.tokens import Doc
from spacy.vocab import Vocab

Triple = tuple[str, str, str]


class Sentence(NamedTuple):
    """A sentence, one line for each word (word, lemma, part of speech, tag, then head and label twice), and a fact."""

    fact: Triple
    words: str

    def doc(self, vocab: Vocab, *, clear: bool) -> Doc:
        """Return one of the two trees."""
        rows = [line.split() for line in self.words.strip().splitlines()]
        heads = [int(row[4 if clear else 6]) for row in rows]
        return Doc(
            vocab,
            words=[row[0] for row in rows],
            lemmas=[row[1] for row in rows],
            pos=[row[2] for row in rows],
            tags=[row[3] for row in rows],
            heads=[number if head == 0 else head - 1 for number, head in enumerate(heads)],
            deps=[row[5 if clear else 7] for row in rows],
        )


SENTENCES = {
    "active": Sentence(
        ("Ann", "live in", "Rome"),
        """
        Ann     Ann    PROPN NNP  2 nsubj  2 nsubj
        lives   live   VERB  VBZ  0 ROOT   0 root
        in      in     ADP   IN   2 prep   4 case
        Rome    Rome   PROPN NNP  3 pobj   2 obl
        .       .      PUNCT .    2 punct  2 punct
        """,
    ),
    "passive with an agent": Sentence(
        ("Globex", "buy", "Acme"),
        """
        Acme    Acme   PROPN NNP  3 nsubjpass  3 nsubj:pass
        was     be     AUX   VBD  3 auxpass    3 aux:pass
        bought  buy    VERB  VBN  0 ROOT       0 root
        by      by     ADP   IN   3 agent      5 case
        Globex  Globex PROPN NNP  4 pobj       3 obl:agent
        .       .      PUNCT .    3 punct      3 punct
        """,
    ),
    "passive without an agent": Sentence(
        ("Acme", "be founded in", "Oslo"),
        """
        Acme    Acme   PROPN NNP  3 nsubjpass  3 nsubj:pass
        was     be     AUX   VBD  3 auxpass    3 aux:pass
        founded found  VERB  VBN  0 ROOT       0 root
        in      in     ADP   IN   3 prep       5 case
        Oslo    Oslo   PROPN NNP  4 pobj       3 obl
        .       .      PUNCT .    3 punct      3 punct
        """,
    ),
    "two objects": Sentence(
        ("Ann", "give to", "Ben"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        gave    give   VERB  VBD  0 ROOT    0 root
        Ben     Ben    PROPN NNP  2 dative  2 iobj
        a       a      DET   DT   5 det     5 det
        violin  violin NOUN  NN   2 dobj    2 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "a recipient with a preposition": Sentence(
        ("Ann", "give to", "Ben"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        gave    give   VERB  VBD  0 ROOT    0 root
        a       a      DET   DT   4 det     4 det
        violin  violin NOUN  NN   2 dobj    2 obj
        to      to     ADP   IN   2 dative  6 case
        Ben     Ben    PROPN NNP  5 pobj    2 obl
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "relative clause": Sentence(
        ("Ben", "found", "Acme"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        met     meet   VERB  VBD  0 ROOT    0 root
        Ben     Ben    PROPN NNP  2 dobj    2 obj
        ,       ,      PUNCT ,    3 punct   6 punct
        who     who    PRON  WP   6 nsubj   6 nsubj
        founded found  VERB  VBD  3 relcl   3 acl:relcl
        Acme    Acme   PROPN NNP  6 dobj    6 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "passive relative clause": Sentence(
        ("Globex", "buy", "Acme"),
        """
        Ann     Ann    PROPN NNP  2 nsubj      2 nsubj
        left    leave  VERB  VBD  0 ROOT       0 root
        Acme    Acme   PROPN NNP  2 dobj       2 obj
        ,       ,      PUNCT ,    3 punct      7 punct
        which   which  PRON  WDT  7 nsubjpass  7 nsubj:pass
        was     be     AUX   VBD  7 auxpass    7 aux:pass
        bought  buy    VERB  VBN  3 relcl      3 acl:relcl
        by      by     ADP   IN   7 agent      9 case
        Globex  Globex PROPN NNP  8 pobj       7 obl:agent
        .       .      PUNCT .    2 punct      2 punct
        """,
    ),
    "possessive": Sentence(
        ("Ben's sister", "live in", "Rome"),
        """
        Ben     Ben    PROPN NNP  3 poss    3 nmod:poss
        's      's     PART  POS  1 case    1 case
        sister  sister NOUN  NN   4 nsubj   4 nsubj
        lives   live   VERB  VBZ  0 ROOT    0 root
        in      in     ADP   IN   4 prep    6 case
        Rome    Rome   PROPN NNP  5 pobj    4 obl
        .       .      PUNCT .    4 punct   4 punct
        """,
    ),
    "copula with a noun": Sentence(
        ("Lisbon", "be capital of", "Portugal"),
        """
        Lisbon   Lisbon   PROPN NNP  2 nsubj  4 nsubj
        is       be       AUX   VBZ  0 ROOT   4 cop
        the      the      DET   DT   4 det    4 det
        capital  capital  NOUN  NN   2 attr   0 root
        of       of       ADP   IN   4 prep   6 case
        Portugal Portugal PROPN NNP  5 pobj   4 nmod
        .        .        PUNCT .    2 punct  4 punct
        """,
    ),
    "copula with an adjective": Sentence(
        ("Ann", "be allergic to", "nuts"),
        """
        Ann      Ann      PROPN NNP  2 nsubj  3 nsubj
        is       be       AUX   VBZ  0 ROOT   3 cop
        allergic allergic ADJ   JJ   2 acomp  0 root
        to       to       ADP   IN   3 prep   5 case
        nuts     nut      NOUN  NNS  4 pobj   3 obl
        .        .        PUNCT .    2 punct  3 punct
        """,
    ),
    "copula with a place": Sentence(
        ("Ann", "be in", "Rome"),
        """
        Ann   Ann   PROPN NNP  2 nsubj  4 nsubj
        is    be    AUX   VBZ  0 ROOT   4 cop
        in    in    ADP   IN   2 prep   4 case
        Rome  Rome  PROPN NNP  3 pobj   0 root
        .     .     PUNCT .    2 punct  4 punct
        """,
    ),
    "become": Sentence(
        ("Ann", "become director of", "Acme"),
        """
        Ann      Ann      PROPN NNP  2 nsubj  2 nsubj
        became   become   VERB  VBD  0 ROOT   0 root
        director director NOUN  NN   2 attr   2 xcomp
        of       of       ADP   IN   3 prep   5 case
        Acme     Acme     PROPN NNP  4 pobj   3 nmod
        .        .        PUNCT .    2 punct  2 punct
        """,
    ),
    "elected": Sentence(
        ("Ann", "be elected", "president of Acme"),
        """
        Ann       Ann       PROPN NNP  3 nsubjpass  3 nsubj:pass
        was       be        AUX   VBD  3 auxpass    3 aux:pass
        elected   elect     VERB  VBN  0 ROOT       0 root
        president president NOUN  NN   3 oprd       3 xcomp
        of        of        ADP   IN   4 prep       6 case
        Acme      Acme      PROPN NNP  5 pobj       4 nmod
        .         .         PUNCT .    3 punct      3 punct
        """,
    ),
    "a chain of prepositions": Sentence(
        ("Ann", "work at", "library"),
        """
        Ann     Ann     PROPN NNP  2 nsubj   2 nsubj
        works   work    VERB  VBZ  0 ROOT    0 root
        at      at      ADP   IN   2 prep    5 case
        the     the     DET   DT   5 det     5 det
        library library NOUN  NN   3 pobj    2 obl
        near    near    ADP   IN   5 prep    8 case
        the     the     DET   DT   8 det     8 det
        harbour harbour NOUN  NN   6 pobj    5 nmod
        of      of      ADP   IN   8 prep   10 case
        Oslo    Oslo    PROPN NNP  9 pobj    8 nmod
        .       .       PUNCT .    2 punct   2 punct
        """,
    ),
    "what is said": Sentence(
        ("Ann", "buy", "Acme"),
        """
        Ben     Ben    PROPN NNP  2 nsubj   2 nsubj
        said    say    VERB  VBD  0 ROOT    0 root
        that    that   SCONJ IN   5 mark    5 mark
        Ann     Ann    PROPN NNP  5 nsubj   5 nsubj
        bought  buy    VERB  VBD  2 ccomp   2 ccomp
        Acme    Acme   PROPN NNP  5 dobj    5 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "what is wanted": Sentence(
        ("Ann", "buy", "Acme"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        wants   want   VERB  VBZ  0 ROOT    0 root
        to      to     PART  TO   4 aux     4 mark
        buy     buy    VERB  VB   2 xcomp   2 xcomp
        Acme    Acme   PROPN NNP  4 dobj    4 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "a purpose": Sentence(
        ("Ann", "buy", "Acme"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        left    leave  VERB  VBD  0 ROOT    0 root
        Rome    Rome   PROPN NNP  2 dobj    2 obj
        to      to     PART  TO   5 aux     5 mark
        buy     buy    VERB  VB   2 advcl   2 advcl
        Acme    Acme   PROPN NNP  5 dobj    5 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "there is": Sentence(
        ("castle", "be in", "Bratislava"),
        """
        There      there      PRON  EX   2 expl   2 expl
        is         be         VERB  VBZ  0 ROOT   0 root
        a          a          DET   DT   4 det    4 det
        castle     castle     NOUN  NN   2 attr   2 nsubj
        in         in         ADP   IN   2 prep   6 case
        Bratislava Bratislava PROPN NNP  5 pobj   2 obl
        .          .          PUNCT .    2 punct  2 punct
        """,
    ),
    "apposition": Sentence(
        ("Ben Doyle", "be founder of", "Acme"),
        """
        Ben     Ben     PROPN NNP  2 compound  9 nsubj
        Doyle   Doyle   PROPN NNP  9 nsubj     1 flat
        ,       ,       PUNCT ,    2 punct     5 punct
        the     the     DET   DT   5 det       5 det
        founder founder NOUN  NN   2 appos     1 appos
        of      of      ADP   IN   5 prep      7 case
        Acme    Acme    PROPN NNP  6 pobj      5 nmod
        ,       ,       PUNCT ,    2 punct     5 punct
        left    leave   VERB  VBD  0 ROOT      0 root
        Rome    Rome    PROPN NNP  9 dobj      9 obj
        .       .       PUNCT .    9 punct     9 punct
        """,
    ),
    "two subjects": Sentence(
        ("Ben", "found", "Acme"),
        """
        Ann     Ann    PROPN NNP  4 nsubj   4 nsubj
        and     and    CCONJ CC   1 cc      3 cc
        Ben     Ben    PROPN NNP  1 conj    1 conj
        founded found  VERB  VBD  0 ROOT    0 root
        Acme    Acme   PROPN NNP  4 dobj    4 obj
        .       .      PUNCT .    4 punct   4 punct
        """,
    ),
    "two verbs": Sentence(
        ("Ann", "move to", "Oslo"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        left    leave  VERB  VBD  0 ROOT    0 root
        Rome    Rome   PROPN NNP  2 dobj    2 obj
        and     and    CCONJ CC   2 cc      5 cc
        moved   move   VERB  VBD  2 conj    2 conj
        to      to     ADP   IN   5 prep    7 case
        Oslo    Oslo   PROPN NNP  6 pobj    5 obl
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "two places": Sentence(
        ("Ann", "live in", "Oslo"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        lived   live   VERB  VBD  0 ROOT    0 root
        in      in     ADP   IN   2 prep    4 case
        Rome    Rome   PROPN NNP  3 pobj    2 obl
        and     and    CCONJ CC   4 cc      6 cc
        Oslo    Oslo   PROPN NNP  4 conj    4 conj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "particle": Sentence(
        ("Ann", "take over", "Acme"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        took    take   VERB  VBD  0 ROOT    0 root
        over    over   ADP   RP   2 prt     2 compound:prt
        Acme    Acme   PROPN NNP  2 dobj    2 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "participle": Sentence(
        ("Ann", "found", "Globex"),
        """
        Globex  Globex PROPN NNP  7 nsubj   7 nsubj
        ,       ,      PUNCT ,    1 punct   3 punct
        founded found  VERB  VBN  1 acl     1 acl
        by      by     ADP   IN   3 agent   5 case
        Ann     Ann    PROPN NNP  4 pobj    3 obl:agent
        ,       ,      PUNCT ,    1 punct   3 punct
        bought  buy    VERB  VBD  0 ROOT    0 root
        Acme    Acme   PROPN NNP  7 dobj    7 obj
        .       .      PUNCT .    7 punct   7 punct
        """,
    ),
    "adverbial clause": Sentence(
        ("Ben", "leave", "Rome"),
        """
        Ann     Ann     PROPN NNP  2 nsubj   2 nsubj
        joined  join    VERB  VBD  0 ROOT    0 root
        Acme    Acme    PROPN NNP  2 dobj    2 obj
        because because SCONJ IN   6 mark    6 mark
        Ben     Ben     PROPN NNP  6 nsubj   6 nsubj
        left    leave   VERB  VBD  2 advcl   2 advcl
        Rome    Rome    PROPN NNP  6 dobj    6 obj
        .       .       PUNCT .    2 punct   2 punct
        """,
    ),
    "condition": Sentence(
        ("Ben", "leave", "Rome"),
        """
        If      if     SCONJ IN   3 mark    3 mark
        Ben     Ben    PROPN NNP  3 nsubj   3 nsubj
        leaves  leave  VERB  VBZ  7 advcl   7 advcl
        Rome    Rome   PROPN NNP  3 dobj    3 obj
        ,       ,      PUNCT ,    7 punct   3 punct
        Ann     Ann    PROPN NNP  7 nsubj   7 nsubj
        joins   join   VERB  VBZ  0 ROOT    0 root
        Acme    Acme   PROPN NNP  7 dobj    7 obj
        .       .      PUNCT .    7 punct   7 punct
        """,
    ),
    "gerund after a preposition": Sentence(
        ("Ann", "save", "Acme"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        saved   save   VERB  VBD  0 ROOT    0 root
        Acme    Acme   PROPN NNP  2 dobj    2 obj
        by      by     ADP   IN   2 prep    5 mark
        selling sell   VERB  VBG  4 pcomp   2 advcl
        Globex  Globex PROPN NNP  5 dobj    5 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "a number": Sentence(
        ("Ann", "sell", "three boats"),
        """
        Ann     Ann    PROPN NNP  2 nsubj   2 nsubj
        sold    sell   VERB  VBD  0 ROOT    0 root
        three   three  NUM   CD   4 nummod  4 nummod
        boats   boat   NOUN  NNS  2 dobj    2 obj
        .       .      PUNCT .    2 punct   2 punct
        """,
    ),
    "a compound": Sentence(
        ("Ann", "like", "chess clubs"),
        """
        Ann     Ann    PROPN NNP  2 nsubj     2 nsubj
        likes   like   VERB  VBZ  0 ROOT      0 root
        chess   chess  NOUN  NN   4 compound  4 compound
        clubs   club   NOUN  NNS  2 dobj      2 obj
        .       .      PUNCT .    2 punct     2 punct
        """,
    ),
    "a bare noun of time": Sentence(
        ("Ann", "leave", "Rome"),
        """
        Ann     Ann    PROPN NNP  2 nsubj     2 nsubj
        left    leave  VERB  VBD  0 ROOT      0 root
        Rome    Rome   PROPN NNP  2 dobj      2 obj
        last    last   ADJ   JJ   5 amod      5 amod
        week    week   NOUN  NN   2 npadvmod  2 obl:unmarked
        .       .      PUNCT .    2 punct     2 punct
        """,
    ),
    "negation": Sentence(
        ("Kim", "sign", "contract"),
        """
        Kim      Kim      PROPN NNP  4 nsubj  4 nsubj
        did      do       AUX   VBD  4 aux    4 aux
        not      not      PART  RB   4 neg    4 advmod
        sign     sign     VERB  VB   0 ROOT   0 root
        the      the      DET   DT   6 det    6 det
        contract contract NOUN  NN   4 dobj   4 obj
        .        .        PUNCT .    4 punct  4 punct
        """,
    ),
}
