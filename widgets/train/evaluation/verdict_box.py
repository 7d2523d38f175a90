"""HTML of a verdict: headline, the difference in one sentence, and the folded sentences that it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric, phrase
from poetas.evaluation.verdict_kind import VerdictKind, kind_of
from poetas.exam_size import FEWEST
from poetas.i18n import _, ngettext, number, signed
from poetas.util.files import is_figure
from widgets.core.html import tag, text

_DOUBTED = 10  # pieces between which the base is in doubt
_FARTHEST = 20.0  # nats: a difference beyond it comes of no evaluation

LOOK = {
    "improved": "verdict",
    "mixed": "verdict unsure",
    "worse": "verdict no",
    "unclear": "verdict unsure",
    "too_few": "verdict unsure",
    "collapsed": "verdict no",
    "void": "verdict no",
}


def verdict_box(result: Mapping[str, Any]) -> str:
    """Draw the verdict of an evaluation, "" where there is none. Its words say it all: colour is not its only sign."""
    verdict = result.get("verdict")
    if not verdict:
        return ""
    sentences = list(verdict.get("sentences") or ())
    if kind_of(result) is VerdictKind.VOID:  # an earlier version kept the reasons of what it withdrew
        sentences = sentences[:1]
    said = tag("b", text(verdict["headline"])) + " " + text(_difference(result))
    points = "".join(tag("li", text(sentence)) for sentence in sentences)
    folded = tag("summary", text(_("En qué se apoya este veredicto"))) + tag("ul", points)
    details = tag("details", folded, class_="poetas-whole") if points else ""
    look = LOOK.get(str(verdict.get("kind")), "verdict unsure")
    return tag("div", tag("p", said) + details, class_=f"{look} poetas-verdict")


def _difference(result: Mapping[str, Any]) -> str:
    """State the interval of the difference with the base; with too few texts, only the mean."""
    count = int(result["n"])
    many = ngettext("Con {n} texto", "Con {n} textos", count).format(n=number(count))
    differences = result.get("difference") or {}
    if STYLE_DECISIVE.key in differences:
        return _doubt(many, count, differences[STYLE_DECISIVE.key] or {})
    difference = differences.get(DECISIVE) or {}
    points = metric(DECISIVE).points
    known = {name: signed(value * points, 1) for name, value in difference.items() if is_figure(value)}
    if count < FEWEST and "mean" in known:
        words = _("{texts}, la diferencia con el modelo como vino fue {mean} {unit}: en otros puede ser otra.")
    elif count >= FEWEST and "low" in known:
        words = _("{texts}, la diferencia con el modelo como vino está entre {low} y {high} {unit}.")
    else:
        return ""
    return words.format(texts=many, unit=_("puntos de {metric}").format(metric=phrase(DECISIVE)), **known)


def _doubt(many: str, count: int, difference: Mapping[str, Any]) -> str:
    """State a difference of losses as what ten pieces, between which the base is in doubt, are to the tuned model."""
    known = {
        name: number(_DOUBTED * math.exp(value), 1)
        for name, value in difference.items()
        if is_figure(value) and abs(value) < _FARTHEST
    }
    if count < FEWEST and "mean" in known:
        words = _(
            "{texts}, cada {ten} pedacitos entre los que dudaba el modelo como vino son {mean} para el que estudió: en "
            "otros puede ser otra cosa."
        )
    elif count >= FEWEST and known.keys() >= {"low", "high"}:
        words = _(
            "{texts}, cada {ten} pedacitos entre los que dudaba el modelo como vino son de {low} a {high} para el que "
            "estudió."
        )
    else:
        return ""
    # Said in the open, not in the fold alone: a lower loss is taken for better verse.
    return f"{words.format(texts=many, ten=number(_DOUBTED), **known)} {STYLE_DECISIVE.limits()}"
