"""Which training pairs the base model is shown in its prompt, when it is asked with examples.

Which two they are, and in which order, changes the result a lot: seen with gemma3-270m on the news, ROUGE-1 from 17 to
33 by pairs drawn at random, because a small model may repeat the last example's summary instead of writing its own. So
there are a few candidates, to be tried on the validation texts: the point of comparison should be a good one.
"""

from __future__ import annotations

from collections.abc import Sequence

from poetas.evaluation.words import words

SHOWN = 2
GROUPS = 2  # of pairs that are tried, each in both orders
Pair = tuple[str, str]  # text, summary


def candidate_examples(pairs: Sequence[Pair], count: int = SHOWN) -> list[list[Pair]]:
    """Return groups of ``count`` pairs to try, the likeliest to work first, each in both orders.

    They are of the shorter texts, those whose summary has the most usual length: every text that is asked about is
    read after them. Nothing is drawn, so they are the same each time. Pairs with an empty side are passed over; fewer
    come back where there are fewer.

    >>> pairs = [("uno dos tres", "uno"), ("uno dos", "uno"), ("uno dos tres cuatro", "dos"), ("", "x")]
    >>> candidate_examples(pairs, 1)
    [[('uno dos', 'uno')], [('uno dos tres', 'uno')]]
    """
    ranked = _ranked([(text, summary) for text, summary in pairs if text.strip() and summary.strip()])
    groups = [ranked[at : at + count] for at in range(0, GROUPS * count, count)]
    tried: list[list[Pair]] = []
    for group in groups:
        for order in (group, group[::-1]):
            if order and order not in tried and (len(order) == count or not tried):
                tried.append(order)
    return tried


def _ranked(whole: list[Pair]) -> list[Pair]:
    """Sort pairs by how far their lengths are from a short text's and a usual summary's."""
    if not whole:
        return []
    lengths = [(len(words(text)), len(words(summary))) for text, summary in whole]
    short = sorted(text for text, _ in lengths)[len(whole) // 4]
    usual = sorted(summary for _, summary in lengths)[len(whole) // 2]

    def oddness(at: int) -> tuple[float, int]:
        text, summary = lengths[at]
        return abs(text - short) / max(short, 1) + abs(summary - usual) / max(usual, 1), at

    return [whole[at] for at in sorted(range(len(whole)), key=oddness)]
