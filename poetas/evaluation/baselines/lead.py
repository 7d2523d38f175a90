"""Position baselines: the first sentences of a text, or its second, which in news are hard to beat."""

from __future__ import annotations

from poetas.evaluation.sentences import sentence_spans


def lead(text: str, count: int) -> str:
    """Return the first ``count`` sentences as they stand, or the whole text where it has fewer.

    >>> lead("La Dra. Paz llegó tarde. Llovía. Fin.", 1)
    'La Dra. Paz llegó tarde.'
    """
    spans = sentence_spans(text)[:count]
    return " ".join(text[spans[0].start : spans[-1].end].split()) if spans else ""


def second(text: str) -> str:
    """Return the second sentence as it stands, or the only one.

    >>> second("Llovía. La Dra. Paz llegó tarde. Fin."), second("Llovía.")
    ('La Dra. Paz llegó tarde.', 'Llovía.')
    """
    spans = sentence_spans(text)[:2]
    return " ".join(text[spans[-1].start : spans[-1].end].split()) if spans else ""
