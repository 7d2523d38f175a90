"""HTML of a verdict: headline, the difference in one sentence, and the folded sentences that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric, phrase
from poetas.evaluation.verdict_kind import VerdictKind, kind_of
from poetas.exam_size import FEWEST
from poetas.i18n import _, ngettext, number, signed
from poetas.util.files import is_figure
from widgets.core.html import tag, text

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
    points = _("puntos de {metric}").format(metric=phrase(DECISIVE))
    count = int(result["n"])
    many = ngettext("Con {n} texto", "Con {n} textos", count).format(n=number(count))
    style = (STYLE_DECISIVE.key, STYLE_DECISIVE.unit(), 1.0)
    for key, unit, factor in ((DECISIVE, points, metric(DECISIVE).points), style):
        difference = (result.get("difference") or {}).get(key) or {}
        decimals = 1 if factor > 1 else 2
        known = {name: signed(value * factor, decimals) for name, value in difference.items() if is_figure(value)}
        if count < FEWEST and "mean" in known:
            words = _("{texts}, la diferencia con el modelo como vino fue {mean} {unit}: en otros puede ser otra.")
        elif count >= FEWEST and "low" in known:
            words = _("{texts}, la diferencia con el modelo como vino está entre {low} y {high} {unit}.")
        else:
            continue
        return words.format(texts=many, unit=unit, **known)
    return ""
