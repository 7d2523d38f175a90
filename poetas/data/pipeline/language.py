"""Language detection, Spanish or English, by the frequency of function words.

A prompt is worded in the language of the texts, so training, generation and evaluation use this one function.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Literal

_SPANISH = frozenset({"de", "la", "que", "el", "en", "y", "los", "del", "se", "las", "por", "un", "para", "con", "una"})
_ENGLISH = frozenset(
    {"the", "of", "and", "to", "in", "is", "that", "for", "it", "was", "with", "as", "his", "on", "be"}
)
_ENOUGH = 200  # texts: more would not change the result
_WORD = re.compile(r"\w+")


def recognise_language(texts: Iterable[str]) -> Literal["es", "en", ""]:
    """Return the language whose function words are more frequent, "" where neither's are.

    >>> recognise_language(["The cat sat on the mat."]), recognise_language(["El gato en la alfombra."])
    ('en', 'es')
    >>> recognise_language(["Ñasaindy omimbi."])
    ''
    """
    english = spanish = 0
    for text in islice(texts, _ENOUGH):
        words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
        english += sum(map(_ENGLISH.__contains__, words))
        spanish += sum(map(_SPANISH.__contains__, words))
    if english == spanish:
        return ""
    return "en" if english > spanish else "es"


def guess_language(texts: Iterable[str]) -> Literal["es", "en"]:
    """Return "en" where English function words are more frequent than Spanish ones, else "es".

    >>> guess_language(["The cat sat on the mat."]), guess_language(["El gato en la alfombra."]), guess_language([])
    ('en', 'es', 'es')
    """
    return recognise_language(texts) or "es"
