"""HTML of a verdict: headline, the difference in one sentence, and the folded sentences that it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric, phrase
from poetas.evaluation.systems import BASE, TUNED
from poetas.evaluation.verdict_kind import VerdictKind, kind_of
from poetas.exam_size import FEWEST
from poetas.i18n import _, ngettext, number, signed
from poetas.util.files import is_figure
from widgets.core.html import tag, text

_FARTHEST = 20.0  # nats: a loss or a difference beyond it comes of no evaluation

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
    points = "".join(tag("li", text(sentence)) for sentence in (*sentences, _reach_in_pieces(result)) if sentence)
    folded = tag("summary", text(_("En qué se apoya este veredicto"))) + tag("ul", points)
    details = tag("details", folded, class_="poetas-whole") if points else ""
    look = LOOK.get(str(verdict.get("kind")), "verdict unsure")
    return tag("div", tag("p", said) + details, class_=f"{look} poetas-verdict")


def _difference(result: Mapping[str, Any]) -> str:
    """State the interval of the difference with the base; with too few texts, only the mean."""
    count = int(result["n"])
    differences = result.get("difference") or {}
    if STYLE_DECISIVE.key in differences:
        return _doubt(result)
    many = ngettext("Con {n} texto", "Con {n} textos", count).format(n=number(count))
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


def _pieces(result: Mapping[str, Any]) -> dict[str, float]:
    """Between how many pieces each model is in doubt before the next: the exponential of its mean loss."""
    losses = {row.get("system"): (row.get("scores") or {}).get(STYLE_DECISIVE.key) for row in result.get("rows") or ()}
    known = {system: losses.get(system) for system in (BASE, TUNED)}
    return {system: math.exp(loss) for system, loss in known.items() if is_figure(loss) and 0 <= loss < _FARTHEST}


def _amount(pieces: float) -> str:
    """Write an amount of pieces with two figures: more would promise what no exam measures.

    >>> _amount(3.94), _amount(12.3), _amount(1873.0)
    ('3,9', '12', '1.900')
    """
    rounded = float(f"{pieces:.2g}")
    return number(rounded, 0 if rounded == round(rounded) else 1)


def _doubt(result: Mapping[str, Any]) -> str:
    """State two losses as the pieces between which each model is in doubt. The interval is in the fold."""
    count, pieces = int(result["n"]), _pieces(result)
    said = []
    if len(pieces) == len((BASE, TUNED)):
        where = ngettext("En el texto del examen", "En los {n} textos del examen", count).format(n=number(count))
        base, tuned = _amount(pieces[BASE]), _amount(pieces[TUNED])
        words = _(
            "{texts}, antes de cada pedacito que venía, el modelo como vino dudaba entre unos {base}; el que estudió "
            "duda entre unos {tuned}."
        )
        if base == tuned:
            words = _("{texts}, antes de cada pedacito que venía, los dos dudan entre unos {tuned}.")
        said.append(words.format(texts=where, base=base, tuned=tuned))
        if count < FEWEST:
            said.append(_("En otros textos puede ser otra cosa."))
    # Said in the open, not in the fold alone: a lower loss is taken for better verse.
    return " ".join((*said, STYLE_DECISIVE.limits()))


def _reach_in_pieces(result: Mapping[str, Any]) -> str:
    """State the interval of the tuned model's doubt, "" where there are too few texts for one."""
    difference = (result.get("difference") or {}).get(STYLE_DECISIVE.key) or {}
    base = _pieces(result).get(BASE)
    ends = [difference[name] for name in ("low", "high") if is_figure(difference.get(name))]
    ends = [end for end in ends if abs(end) < _FARTHEST]
    if base is None or int(result["n"]) < FEWEST or len(ends) < 2:  # noqa: PLR2004
        return ""
    low, high = (_amount(base * math.exp(end)) for end in ends)
    words = _(
        "Cuando el modelo como vino duda entre {base} pedacitos, el que estudió duda entre {low} y {high}: es la "
        "diferencia de pérdida, dicha de otra manera."
    )
    return words.format(base=_amount(base), low=low, high=high)
