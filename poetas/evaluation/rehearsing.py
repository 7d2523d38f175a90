"""Choosing the examples for the base model's prompt as one would by hand: trying a few, and keeping what works best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.evaluation.baselines.examples import Pair
from poetas.evaluation.meter import Meter
from poetas.evaluation.metrics.rouge import rouge_n
from poetas.evaluation.writing import Request, Writer
from poetas.i18n import _

TEXTS = 8  # of the validation split that each candidate is tried on


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of trying. tried: mean ROUGE-1 of each candidate, in their order; [] where there was no choice."""

    examples: list[Pair]
    tried: list[float]


def cost(candidates: Sequence[list[Pair]], rows: Sequence[Pair]) -> int:
    """How many texts `rehearse` will let the model write."""
    return len(candidates) * len(rows[:TEXTS]) if len(candidates) > 1 else 0


def rehearse(writer: Writer, candidates: Sequence[list[Pair]], rows: Sequence[Pair], meter: Meter) -> Rehearsal:
    """Try each group of examples on validation texts, and return the one with the highest ROUGE-1.

    Without a choice, or without texts to try on, the first is taken. The exam's texts take no part in it.
    """
    rows = rows[:TEXTS]
    if len(candidates) < 2 or not rows:  # noqa: PLR2004
        return Rehearsal(candidates[0] if candidates else [], [])
    tried = []
    for at, examples in enumerate(candidates, start=1):
        request = Request(f"rehearsal{at}", _("Pruebo qué ejemplos le sirven al modelo base"), examples)
        written = writer.write(request, [text for text, _summary in rows], meter)
        scores = [rouge_n(ours, summary, 1) for ours, (_text, summary) in zip(written, rows, strict=True)]
        tried.append(sum(scores) / len(scores))
    return Rehearsal(candidates[tried.index(max(tried))], tried)
