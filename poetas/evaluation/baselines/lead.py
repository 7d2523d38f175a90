"""The first sentences of a text, which in news are hard to beat."""

from __future__ import annotations

from poetas.evaluation.sentences import sentence_spans


def lead(text: str, count: int) -> str:
    """Return the first ``count`` sentences as they stand, or the whole text where it has fewer.

    >>> lead("La Dra. Paz llegó tarde. Llovía. Fin.", 1)
    'La Dra. Paz llegó tarde.'
    """
    spans = sentence_spans(text)[:count]
    return " ".join(text[spans[0].start : spans[-1].end].split()) if spans else ""
