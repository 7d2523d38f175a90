"""The bet before an evaluation: its question, and the answer from the result against the strongest baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.metrics.registry import DECISIVE, metric, phrase
from poetas.evaluation.systems import EFFORTLESS, TUNED, title
from poetas.exam_size import FEWEST
from poetas.i18n import _, number


def question(*, style: bool) -> str:
    """Return what the learner bets on; which baseline is the strongest is known only afterwards."""
    if style:
        return _("¿lo van a sorprender menos tus textos que antes de estudiar?")
    return _("¿le va a ganar a la mejor de las que no cuestan esfuerzo (copiar oraciones o elegir la más central)?")


def answer(result: Mapping[str, Any]) -> str:
    """Return which effortless baseline was the strongest, and by how many points it lost or won; "" for a style."""
    scores = {row["system"]: row["scores"].get(DECISIVE) for row in result["rows"]}
    rivals = [system for system in EFFORTLESS if system in scores]
    if result.get("task") == "style" or not rivals or TUNED not in scores:
        return ""
    strongest = max(rivals, key=lambda system: scores[system])
    points = metric(DECISIVE).points
    gap = points * (scores[TUNED] - scores[strongest])
    interval = (result.get("differences") or {}).get(strongest, {}).get(DECISIVE) or {}
    low, high = interval.get("low"), interval.get("high")
    if result.get("n", 0) < FEWEST:  # the interval itself is not reliable, as the verdict says
        low = high = None
    name = _("La mejor de las que no cuestan esfuerzo fue «{title}», con {score} puntos de {metric}.").format(
        title=title(strongest), score=number(points * scores[strongest], 1), metric=phrase(DECISIVE)
    )
    if low is not None and low > 0:
        outcome = _("El modelo ajustado le ganó por {points}.")
    elif high is not None and high < 0:
        outcome = _("El modelo ajustado perdió por {points}.")
    elif gap >= 0:
        outcome = _("El modelo ajustado quedó {points} arriba, pero con estos textos puede ser suerte.")
    else:
        outcome = _("El modelo ajustado quedó {points} abajo, y con estos textos puede ser suerte.")
    return f"{name} {outcome.format(points=number(abs(gap), 1))}"
