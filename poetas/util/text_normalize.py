"""Normal forms of texts for comparing: without accents, or letters and digits alone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_A_WORD = 40  # characters: the words of a language come back again and again
_NO_LETTERS = re.compile(r"[\W_]+")


def composed(text: str) -> str:
    r"""Return a text with each letter and its accent as one character (NFC), as the datasets are saved.

    Phones and file managers give them apart: the same letters for a reader, other tokens for a model.

    >>> composed("cafe\u0301") == "café"
    True
    """
    return unicodedata.normalize("NFC", text)


def strip_accents(text: str) -> str:
    """Return a text without accents (in Unicode's words: decomposed, without combining characters).

    >>> strip_accents("veintidós"), strip_accents("Época")
    ('veintidos', 'Epoca')
    """
    if text.isascii():  # most words are, and the check is far quicker than decomposing
        return text
    return _word_without_accents(text) if len(text) <= _A_WORD else _without_accents(text)


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


_word_without_accents = lru_cache(maxsize=10_000)(_without_accents)


def letters_only(text: str) -> str:
    """Return the letters and digits of a text in lower case, words one blank apart; a text without any as it is.

    >>> letters_only("¡Hola,   MUNDO!"), letters_only("¿?")
    ('hola mundo', '¿?')
    """
    lower = unicodedata.normalize("NFKC", text).casefold()
    return _NO_LETTERS.sub(" ", lower).strip() or text.strip()


def ascii_words(text: str) -> str:
    """Return the unaccented letters and digits of a text in lower case, words one blank apart.

    >>> ascii_words("  Resúmenes_finales ")
    'resumenes finales'
    """
    bare = strip_accents(unicodedata.normalize("NFKD", text).casefold())
    return " ".join(re.findall(r"[a-z0-9]+", bare))
