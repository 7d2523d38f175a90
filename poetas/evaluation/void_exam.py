"""Verdict on an exam whose texts have near-duplicates among the training texts: it measures memory, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.verdict_kind import VerdictKind
from poetas.i18n import _


def void(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Return a verdict (as `Verdict.as_dict` gives it) with what came out withdrawn; its figures stay, to be read.

    >>> void({"kind": "improved", "headline": "Sí, mejoró.", "sentences": ["En ROUGE-1, 9 puntos."]})["kind"]
    'void'
    """
    headline = _(
        "Este examen no vale: sus textos tienen gemelos entre los que estudió, y la nota puede ser pura memoria."
    )
    remedy = _(
        "Para medir de verdad hacen falta textos distintos entre sí: en la app 2, «¿Están sanos?» saca los casi "
        "iguales."
    )
    sentences = (remedy, *verdict.get("sentences", ()))
    text = " ".join((headline, *sentences))
    return {**verdict, "kind": VerdictKind.VOID.value, "headline": headline, "sentences": sentences, "text": text}
