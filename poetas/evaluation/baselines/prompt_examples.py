"""Choice of the training pairs that stand as examples in the base model's prompt."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.evaluation.words import words

SHOWN = 2


def chosen_examples(pairs: Sequence[tuple[str, str]], count: int = SHOWN) -> list[tuple[str, str]]:
    """Return ``count`` (text, summary) pairs whose text and summary are of the most usual lengths.

    Nothing is drawn: the same pairs are shown each time, and none is an odd one. Pairs with an empty side are passed
    over; fewer come back where there are fewer.

    >>> chosen_examples([("uno dos tres", "uno"), ("uno", "uno"), ("uno dos tres cuatro", "dos"), ("", "x")], 1)
    [('uno dos tres', 'uno')]
    """
    whole = [(text, summary) for text, summary in pairs if text.strip() and summary.strip()]
    if not whole:
        return []
    lengths = [(len(words(text)), len(words(summary))) for text, summary in whole]
    usual = [sorted(side)[len(side) // 2] for side in zip(*lengths, strict=True)]

    def oddness(index: int) -> float:
        return float(
            sum(abs(length - middle) / max(middle, 1) for length, middle in zip(lengths[index], usual, strict=True))
        )

    return [whole[index] for index in sorted(range(len(whole)), key=lambda index: (oddness(index), index))[:count]]
