"""Accent removal, for look-ups and sort orders that ignore accents."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return a text without accents (in Unicode's words: decomposed, without combining characters).

    >>> plain("veintidós"), plain("Época")
    ('veintidos', 'Epoca')
    """
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
