"""Result of an evaluation: verdict, score table, interval plot and text viewer, for summaries and for a style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ipywidgets import VBox
from traitlets import Dict

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import COMPARED, STYLE_DECISIVE, STYLE_METRICS, metric, score
from poetas.evaluation.metrics.style_metric import StyleMetric
from poetas.evaluation.systems import TUNED
from poetas.evaluation.verdict_kind import VerdictKind, kind_of
from poetas.exam_size import FEWEST
from poetas.i18n import _, listed, ngettext, number
from poetas.util.files import is_figure
from widgets.controls.card_table import CardRow, card_table
from widgets.controls.interval_plot import Reach, difference_picture, picture, share_picture
from widgets.controls.score_table.score_table import ScoreRow, ScoreTable
from widgets.core.elements import html, look, show
from widgets.core.html import tag, text
from widgets.train.evaluation.example_viewer import ExampleViewer
from widgets.train.evaluation.style_viewer import StyleViewer
from widgets.train.evaluation.verdict_box import verdict_box


class ScoreSheet(VBox):
    """Draws a result. value: what the evaluation's job found, {} before. votes: what the learner chose, as HTML."""

    value = Dict()

    def __init__(self) -> None:
        super().__init__(**look("stack"))
        self.verdict = html("")
        self.votes = html("")
        self.differences = html("")
        self.table = ScoreTable("", on_pick=self._picked)
        self.plain = html("")
        self.reaches = html("")
        self.reader = ExampleViewer()
        self.style = StyleViewer()
        self.invitation = html("")
        drawn = (self.verdict, self.votes, self.differences, self.table, self.plain, self.reaches)
        self.children = (*drawn, self.invitation, self.reader, self.style)
        self.observe(lambda _change: self._draw(), "value")
        self._draw()

    def _draw(self) -> None:
        result = self.value
        show(self, result)
        if not result:
            return
        style = result.get("task") == "style"
        for part in (self.table, self.reader):
            show(part, not (style))
        show(self.style, style)
        self.verdict.value = verdict_box(result)
        if style:
            self.invitation.value = tag("h3", text(_("Leelos")))
            self._draw_style(result)
            return
        self.plain.value = ""
        words = _("Tocá un puntaje de la tabla y acá abajo se marca qué cuenta.")
        self.invitation.value = tag("h3", text(_("Leé los resúmenes"))) + tag("p", text(words), class_="soft")
        self._draw_table(result)
        self.reader.show(result)
        self._pick(self.reader.system, self.reader.metric)

    # -- summaries

    def _draw_table(self, result: Mapping[str, Any]) -> None:
        points = _("{texts}. Cuanto más alto, más se parece al resumen de referencia (de 0 a 100).")
        label = points.format(texts=_examined(result))
        lower = [score(key).column() for key in COMPARED if metric(key).direction is Direction.LOWER]
        if lower:
            label += " " + _("En {metrics}, en cambio, cuanto más bajo, mejor.").format(metrics=listed(lower))
        self.table.label = label
        rows = []
        for row in result["rows"]:
            cells = tuple(number(row["scores"][key] * metric(key).points, 1) for key in COMPARED)
            spoken = tuple(
                _("{system}, {metric}: {score}. Ver qué cuenta.").format(
                    system=row["title"], metric=score(key).column(), score=cell
                )
                for key, cell in zip(COMPARED, cells, strict=True)
            )
            rows.append(ScoreRow(row["title"], cells, spoken, mine=row["system"] == TUNED))
        names = [score(key).column() for key in COMPARED]
        self.table.draw([_("Quién resume"), *names], rows)

    def _picked(self, row: int, column: int) -> None:
        self._pick(self.value["rows"][row]["system"], COMPARED[column])

    def _pick(self, system: str, key: str) -> None:
        """Look at a score: the reader marks what it counts, the picture shows its confidence interval."""
        systems = [row["system"] for row in self.value["rows"]]
        self.table.picked = [systems.index(system), COMPARED.index(key)] if system in systems else [-1, -1]
        with self.reader.hold_trait_notifications():
            self.reader.system, self.reader.metric = system, key
        count = int(self.value["n"])
        reaches = [_reach(row, key, metric(key).points, count) for row in self.value["rows"]]
        caption = score(key).column()
        if any(reach.low is not None for reach in reaches):
            caption = _("{metric}: entre cuánto y cuánto, con los textos que tenés").format(metric=caption)
        self.reaches.value = picture(reaches, caption) + _paired(reaches)
        self.differences.value = _differences(self.value, key)

    # -- style

    def _draw_style(self, result: Mapping[str, Any]) -> None:
        measured = [entry for entry in STYLE_METRICS if any(entry.key in row["scores"] for row in result["rows"])]
        columns = (_("Quién escribe"), *(entry.title() for entry in measured))
        reading = "; ".join(entry.reading() for entry in measured)
        words = f"{_examined(result)}. {reading[:1].upper()}{reading[1:]}."
        shares = [entry for entry in measured if entry.optional and entry.direction is Direction.HIGHER]
        form = "".join(_style_shares(result, entry) for entry in shares)
        table = card_table(columns, (_style_row(row, measured) for row in result["rows"]), words)
        compared = [entry for entry in measured if entry.compared]
        drawn = "".join(picture(_style_reaches(result, entry.key), entry.plot(), decimals=2) for entry in compared)
        drawn += _paired(_style_reaches(result, STYLE_DECISIVE.key))
        drawn += "".join(_style_difference(result, entry) for entry in compared)
        self.plain.value = form + _figures(table + drawn)
        self.reaches.value = self.differences.value = ""
        self.style.show(result)


def _figures(drawn: str) -> str:
    """Fold the figures of a style, with what the loss is: the verdict above them says it in words."""
    words = _(
        "La pérdida es cuánto lo sorprende cada pedacito: 0 sería adivinarlos todos. Una diferencia negativa quiere "
        "decir que lo sorprenden menos."
    )
    folded = tag("summary", text(_("Ver todos los números"))) + tag("p", text(words), class_="soft")
    return tag("details", folded + drawn, class_="poetas-whole")


def _examined(result: Mapping[str, Any]) -> str:
    """Return which texts were examined; of an exam that is void, that what was studied has their twins."""
    many = ngettext("En {n} texto que nadie estudió", "En {n} textos que nadie estudió", int(result["n"]))
    if kind_of(result) is VerdictKind.VOID:
        many = ngettext(
            "En {n} texto, con un gemelo entre los que estudió",
            "En {n} textos, con gemelos entre los que estudió",
            int(result["n"]),
        )
    return many.format(n=number(result["n"]))


def _differences(result: Mapping[str, Any], key: str) -> str:
    """Draw how far the tuned model is ahead of each system, text by text, on both sides of a line at zero."""
    reaches = []
    for row in result["rows"]:
        difference = (result.get("differences") or {}).get(row["system"], {}).get(key)
        if difference is not None and is_figure(difference.get("mean")):
            interval = Interval(difference["mean"], difference.get("low"), difference.get("high"), int(result["n"]))
            points = interval.times(metric(key).points)
            few = points.n < FEWEST  # then the interval is not reliable
            reaches.append(Reach(row["title"], points.mean, *((None, None) if few else (points.low, points.high))))
    if not reaches:
        return ""
    better = _("a la izquierda del cero, le gana") if metric(key).direction is Direction.LOWER else ""
    caption = _("El modelo ajustado contra cada uno, en puntos de {metric}: {better}").format(
        metric=score(key).phrase(), better=better or _("a la derecha del cero, le gana")
    )
    if not any(reach.low is not None for reach in reaches):
        return difference_picture(reaches, caption)
    words = _("Si el tramo pisa la línea del cero, con estos textos no se sabe.")
    return difference_picture(reaches, caption) + tag("p", text(words), class_="soft")


def _paired(reaches: Sequence[Reach]) -> str:
    """Say that the verdict does not rest on these intervals, "" where there are no two of them to compare."""
    if sum(reach.low is not None for reach in reaches) < 2:  # noqa: PLR2004
        return ""
    words = _("Dos tramos pueden pisarse y haber igual una diferencia: el veredicto compara texto por texto.")
    return tag("p", text(words), class_="soft")


def _reach(row: Mapping[str, Any], key: str, points: float, count: int) -> Reach:
    """Return a system's score with its interval, without one where ``count`` texts are too few to rely on it."""
    interval = row["intervals"].get(key) or {} if count >= FEWEST else {}
    low, high = interval.get("low"), interval.get("high")
    return Reach(
        row["title"],
        row["scores"][key] * points,
        None if low is None else low * points,
        None if high is None else high * points,
        mine=row["system"] == TUNED,
    )


def _style_reaches(result: Mapping[str, Any], key: str) -> list[Reach]:
    return [_reach(row, key, 1, int(result["n"])) for row in result["rows"] if key in row["scores"]]


def _style_difference(result: Mapping[str, Any], entry: StyleMetric) -> str:
    """Draw how a metric changed with the training, text by text, beside a line at zero."""
    difference = (result.get("difference") or {}).get(entry.key) or {}
    if not is_figure(difference.get("mean")):
        return ""
    few = int(result["n"]) < FEWEST
    ends = (None, None) if few else (difference.get("low"), difference.get("high"))
    caption = _("{metric}: el modelo ajustado menos el modelo como vino").format(metric=entry.title())
    better = _("A la izquierda del cero, mejoró.") if entry.direction is Direction.LOWER else ""
    words = tag("p", text(better or _("A la derecha del cero, mejoró.")), class_="soft")
    return difference_picture([Reach(_("Diferencia"), difference["mean"], *ends)], caption, decimals=2) + words


def _style_shares(result: Mapping[str, Any], entry: StyleMetric) -> str:
    """Draw what share of the verses have the learnt form (metre, rhyme): the texts', before and after."""
    reaches = [
        Reach(row["title"], row["scores"][entry.key], None, None, row["system"] == TUNED, entry.cell(row["scores"]))
        for row in result["rows"]
        if is_figure(row["scores"].get(entry.key))
    ]
    return share_picture(reaches, entry.title()) if reaches else ""


def _style_row(row: Mapping[str, Any], measured: Sequence[StyleMetric]) -> CardRow:
    cells = [text(entry.cell(row["scores"])) for entry in measured]
    return CardRow(text(row["title"]), cells, mine=row["system"] == TUNED)
