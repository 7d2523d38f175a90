"""HTML of a recommendation: its headline, and the ways side by side with quality, minutes, memory, privacy, upkeep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.environment import borrowed
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, STYLE_METRICS, metric, phrase
from poetas.evaluation.recommendation import Recommendation, RecommendationKind, Way
from poetas.evaluation.recommendation_words import examples_shown, headline, privacy, reason, upkeep, way_title
from poetas.evaluation.systems import title
from poetas.exam_size import FEWEST
from poetas.i18n import _, number
from poetas.util.files import is_figure
from widgets.controls.card_table import CardRow, card_table
from widgets.core.html import tag, text
from widgets.train.advice.way_costs import memory_cell, spent_seen, time_cell

LOOK = {
    RecommendationKind.FINE_TUNE: "verdict",
    RecommendationKind.WITH_CARE: "verdict unsure",
    RecommendationKind.TOO_FEW: "verdict unsure",
    RecommendationKind.VOID: "verdict unsure",
    RecommendationKind.NO_EXAM: "verdict unsure",
}


def advice_box(advice: Recommendation, *, style: bool) -> str:
    """Draw the recommendation in words."""
    said = tag("b", text(headline(advice, style=style)))
    if advice.kind is RecommendationKind.NO_EXAM:
        said += " " + tag("a", text(_("Ir al examen")), href="#mejoro")
    why = reason(advice, style=style)
    said += " " + text(why) if why else ""
    return tag("div", tag("p", said), class_=f"{LOOK.get(advice.kind, 'verdict no')} poetas-verdict")


def advice_table(advice: Recommendation, exam: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """Draw the ways side by side, the recommended one marked."""
    style = exam.get("task") == "style"
    rows = [
        CardRow(
            _name(way, advice, style=style),
            [
                _quality(way, advice, exam),
                time_cell(way, advice, exam, training) + memory_cell(way, advice, exam, training),
                text(privacy(way, borrowed=borrowed())),
                text(upkeep(way, examples=examples_shown(advice))),
            ],
            mine=_recommended(way, advice),
        )
        for way in Way
        if way in advice.systems
    ]
    columns = [_("Forma"), _("Qué tan bien"), _("Tiempo y memoria"), _("Privacidad"), _("Cuidados")]
    unit = STYLE_DECISIVE.reading() if style else _("puntos de {metric}, de 0 a 100").format(metric=phrase(DECISIVE))
    words = _("Medido en esta máquina, con estos textos. Qué tan bien: {unit}.").format(unit=unit)
    led = " ".join(filter(None, (spent_seen(training), _("Lo que dio y pidió cada uno, en la tabla:"))))
    folded = tag("summary", text(_("Ver la tabla: calidad, tiempo, memoria y cuidados"))) + card_table(
        columns, rows, words
    )
    return tag("p", text(led)) + tag("details", folded, class_="poetas-whole")


def _name(way: Way, advice: Recommendation, *, style: bool) -> str:
    name = tag("b", text(way_title(way, style=style)))
    if not style and way in {Way.EXTRACT, Way.PROMPT}:
        name += tag("p", text(title(advice.systems[way])), class_="soft")
    if _recommended(way, advice):
        name += tag("p", tag("span", text(_("te conviene")), class_="chip good"))
    return name


def _recommended(way: Way, advice: Recommendation) -> bool:
    kinds = {RecommendationKind.SIMPLER, RecommendationKind.FINE_TUNE, RecommendationKind.WITH_CARE}
    return way is advice.way and advice.kind in kinds


def _quality(way: Way, advice: Recommendation, exam: Mapping[str, Any]) -> str:
    """Draw a way's score with its interval, and its paired difference to fine-tuning, on which the advice rests."""
    style = exam.get("task") == "style"
    key, points, decimals = (STYLE_DECISIVE.key, 1.0, 2) if style else (DECISIVE, float(metric(DECISIVE).points), 1)
    system = advice.systems[way]
    row = next(row for row in exam["rows"] if row["system"] == system)
    few = int(exam["n"]) < FEWEST
    drawn = tag("p", tag("b", text(number(row["scores"][key] * points, decimals))))
    drawn += _ends(row["intervals"].get(key), points, decimals) if not few else ""
    beside = [entry for entry in STYLE_METRICS if style and entry.beside and entry.key in row["scores"]]
    drawn += "".join(tag("p", text(f"{entry.title()}: {entry.cell(row['scores'])}")) for entry in beside)
    if way is Way.FINE_TUNE or few or advice.kind in {RecommendationKind.VOID, RecommendationKind.COLLAPSED}:
        return drawn
    differences = exam.get("difference") if style else (exam.get("differences") or {}).get(system)
    return drawn + _against((differences or {}).get(key), points, decimals, lower=style)


def _ends(interval: Mapping[str, Any] | None, points: float, decimals: int) -> str:
    low, high = (interval or {}).get("low"), (interval or {}).get("high")
    if not is_figure(low) or not is_figure(high):
        return ""
    words = _("entre {low} y {high}").format(low=number(low * points, decimals), high=number(high * points, decimals))
    return tag("p", text(words))


def _against(difference: Mapping[str, Any] | None, points: float, decimals: int, *, lower: bool) -> str:
    low, high = (difference or {}).get("low"), (difference or {}).get("high")
    if not is_figure(low) or not is_figure(high):
        return ""
    gain = (-high, -low) if lower or metric(DECISIVE).direction is Direction.LOWER else (low, high)
    low, high = gain[0] * points, gain[1] * points
    if low > 0:
        words = _("Ajustarlo le gana por {low} a {high}.")
    elif high < 0:
        words, low, high = _("Le gana a ajustarlo por {low} a {high}."), -high, -low
    else:
        words = _("Contra ajustarlo, no se sabe.")
    return tag("p", text(words.format(low=number(low, decimals), high=number(high, decimals))), class_="soft")
