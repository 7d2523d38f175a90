"""Syllables and rhyme of Spanish verses by libEscansion, an independent library.

libEscansion asks `stanza` for the words of a line and their parts of speech, to know which words carry stress.
stanza's Spanish model is a download of hundreds of megabytes from the network, which tests do not have; a closed list
of unstressed words answers instead. What counts, joins and compares syllables is libEscansion itself.
"""

import importlib
import re
import sys
import types

WORD = re.compile(r"[a-záéíóúüñ]+", re.IGNORECASE)
UNSTRESSED = {
    "DET": "el la los las lo mi tu su mis tus sus",
    "ADP": "a ante bajo con contra de desde en entre hacia hasta para por según sin sobre tras al del",
    "CCONJ": "y e o u ni pero sino mas",
    "SCONJ": "que si porque aunque como cuando donde pues mientras",
    "PRON": "me te se le les nos quien quienes cual cuales",
}
FEATURES = {"DET": "Definite=Def", "PRON": "Case=Acc|PronType=Prs"}


class Word:
    """What libEscansion looks at in a word."""

    def __init__(self, index, text):
        self.text = text
        self.parent = types.SimpleNamespace(id=(index,), text=text)
        results = [pos for pos, words in UNSTRESSED.items() if text.lower() in words.split()]
        self.pos = self.upos = results[0] if results else "NOUN"
        self.feats = FEATURES.get(self.pos, "Definite=Ind" if text.lower() in {"un", "una", "unos", "unas"} else "")
        self.deprel = "dep"


class Pipeline:
    """Splits a line into words."""

    def __init__(self, *_arguments, **_options):
        pass

    def __call__(self, text):
        words = [Word(index, word) for index, word in enumerate(WORD.findall(text), start=1)]
        return types.SimpleNamespace(sentences=[types.SimpleNamespace(words=words)])


def load():
    """Import libEscansion with the closed list in stanza's place; return its VerseMetre (count, asson)."""
    before = sys.modules.get("stanza")
    sys.modules["stanza"] = types.ModuleType("stanza")
    sys.modules["stanza"].Pipeline = Pipeline
    try:
        return importlib.import_module("libEscansion").VerseMetre
    finally:
        if before is None:
            del sys.modules["stanza"]
        else:
            sys.modules["stanza"] = before
