"""The tokenizer of the pipeline: spaCy's English rules, brought closer to how UD English splits raw text."""

from __future__ import annotations

import re
from collections.abc import Callable

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

# UD keeps a hyphen inside a word only after these beginnings ("e-mail", "co-founder"); it splits "long - term".
BOUND = (
    "e",
    "E",
    "co",
    "Co",
    "re",
    "Re",
    "non",
    "Non",
    "pre",
    "Pre",
    "ex",
    "Ex",
    "anti",
    "Anti",
    "mid",
    "Mid",
    "un",
    "Un",
)
ABBREVIATIONS = ("etc.", "Etc.", "Ft.", "Fig.", "fig.", "pp.", "Esq.", "Lt.", "Sgt.", "Capt.", "Cpl.", "Maj.")
RUNS = [r"[!?]{2,}", r"\.+[!?]+", r"\*{2,}", r"<{2,}", r">{2,}", r"={2,}", r"_{2,}", r"~{2,}", r"-{3,}"]
PHONE = r"^\(?\d{3}\)?-\d{3,4}(-\d{4})?$"


@spacy.registry.callbacks("graphmem.tokenizer.v1")
def adapt() -> Callable[[Language], Language]:
    """Give a function that changes the tokenizer of a blank English pipeline in place."""

    def change(nlp: Language) -> Language:
        defaults = nlp.Defaults
        hyphen = "(?:-|–|—|--|---|——|~)"
        kept = "".join(f"(?<!^{word})(?<![^a-zA-Z]{word})" for word in BOUND)
        infixes = [
            pattern.replace(hyphen, f"{kept}{hyphen}") if hyphen in pattern else pattern for pattern in defaults.infixes
        ]
        if infixes == list(defaults.infixes):
            raise RuntimeError(f"spaCy {spacy.__version__} has no hyphen rule as expected: adapt training/tokenizer.py")
        tokenizer = nlp.tokenizer
        tokenizer.prefix_search = compile_prefix_regex([*RUNS, *defaults.prefixes]).search
        tokenizer.suffix_search = compile_suffix_regex([*RUNS, *defaults.suffixes]).search
        tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
        tokenizer.token_match = re.compile(PHONE).match
        for word in ABBREVIATIONS:
            tokenizer.add_special_case(word, [{ORTH: word}])
        return nlp

    return change
