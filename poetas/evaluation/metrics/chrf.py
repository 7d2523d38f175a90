"""chrF: F-score over shared runs of one to six characters, which forgives a different ending of a word.

Source: M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", 2015, through sacreBLEU with its
defaults. Between 0 and 100. A table shows the mean of the texts' own scores, so that it can carry an interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from poetas.evaluation.metrics.base import Direction, Metric, Score
from poetas.evaluation.metrics.highlight_spans import shared_character_ngrams
from poetas.i18n import _

HIGHLIGHTED = 4  # characters: chrF counts runs of one to six, but any two texts share shorter ones than these


@lru_cache(maxsize=1)
def _scorer() -> Any:
    from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415  # half a second, and only this metric needs it

    return CHRF()


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return the chrF of one text, between 0 and 100; both sides in NFC.

    >>> score("el gato", "el gato")["chrf"]
    100.0
    """
    ours, theirs = normalize("NFC", prediction), normalize("NFC", reference)
    return {"chrf": float(_scorer().sentence_score(ours, [theirs]).score)}


def signature() -> str:
    """Return sacreBLEU's signature: everything that another person needs to get the same numbers.

    >>> signature().startswith("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:")
    True
    """
    _scorer().sentence_score("a", ["a"])  # the number of references is part of it, and is known after a first score
    return str(_scorer().get_signature())


METRIC = Metric(
    name="chrf",
    description="Mean chrF of the texts, between 0 and 100, and sacreBLEU's signature.",
    citation="Popović 2015, sacreBLEU",
    scores=(
        Score(
            "chrf",
            title=lambda: "chrF",
            plain=lambda: _("letras en común"),
            heading=lambda: _("Letras"),
            highlight=shared_character_ngrams(HIGHLIGHTED),
            legend=lambda: _("están marcados los tramos de cuatro letras o más que los dos resúmenes comparten."),
        ),
    ),
    compute=score,
    direction=Direction.HIGHER,
    points=1,
    compared=True,
    needs=("reference",),
    signature=signature,
)
