"""HTML table of the trainings of a dataset: what differs, best validation loss, minutes, exam score, curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric
from poetas.evaluation.systems import TUNED
from poetas.exam_size import FEWEST
from poetas.i18n import _, duration, number
from poetas.jobs import JobState
from poetas.training.parameter_docs import parameter_doc
from poetas.training.presets import PRESETS
from poetas.training.run_record import RunRecord, best_run, differing
from poetas.util.files import is_figure
from widgets.controls.card_table import CardRow, card_table
from widgets.core.html import tag, text
from widgets.train.runs.run_curves import run_curves


def run_name(number_of: int, run: RunRecord) -> str:
    """Return what a run is called in the list: its number, its preset or «a tu manera», and when it began."""
    preset = PRESETS[run.preset].label if run.preset else _("a tu manera")
    when = datetime.fromtimestamp(run.created, UTC).astimezone()
    return _("{n}: {preset}, del {when}").format(n=number(number_of), preset=preset, when=f"{when:%d/%m, %H:%M}")


def run_table(runs: Sequence[RunRecord], exams: Mapping[Path, Mapping[str, Any]], chosen: str) -> str:
    """Draw the runs, the earliest first. exams: result of the last exam, by the run's folder. chosen: folder in use."""
    best, names = best_run(runs), differing(runs)
    rows = [
        CardRow(
            _head(index, run, chosen=str(run.folder) == chosen),
            [
                _knobs(run, names),
                _loss(run, best=best is run and sum(other.best is not None for other in runs) > 1),
                text(duration(run.seconds)) if run.seconds is not None else text(_state(run)),
                _score(exams.get(run.folder)),
                curve or text("–"),
            ],
            mine=str(run.folder) == chosen,
        )
        for index, (run, curve) in enumerate(zip(runs, run_curves(runs), strict=True), start=1)
    ]
    columns = [_("Entrenamiento"), _("Qué cambia"), _("Simulacro"), _("Tiempo"), _("Examen"), _("Pérdida")]
    words = _("Las curvas comparten los ejes. Línea entera: estudio; de rayas: simulacro. Más abajo es mejor.")
    return card_table(columns, rows, words)


def _head(index: int, run: RunRecord, *, chosen: bool) -> str:
    name = tag("b", text(run_name(index, run)))
    return name + (" " + tag("span", text(_("en uso")), class_="chip good") if chosen else "")


def _knobs(run: RunRecord, names: Sequence[str]) -> str:
    lines = []
    for name in names:
        doc, value = parameter_doc(name), getattr(run.config, name)
        decimals = 0 if isinstance(value, int) else 5
        shown = number(value, decimals).rstrip("0").rstrip(",") if decimals else number(value)
        lines.append(tag("p", text(f"{doc.label}: {shown}")))
    return "".join(lines) or text(_("Nada: las mismas perillas."))


def _loss(run: RunRecord, *, best: bool) -> str:
    if run.best is None:
        return text(_("sin simulacro"))
    drawn = tag("p", tag("b", text(number(run.best[1], 2))))
    drawn += tag("p", text(_("en la corrección {n}").format(n=number(run.best[0]))), class_="soft")
    return drawn + (tag("p", tag("span", text(_("el mejor")), class_="chip good")) if best else "")


def _state(run: RunRecord) -> str:
    if not run.state.over:
        return _("todavía corre")
    return _("se detuvo") if run.state is JobState.STOPPED else _("no terminó")


def _score(exam: Mapping[str, Any] | None) -> str:
    """Draw the tuned model's score in the exam with its interval."""
    row = next((row for row in (exam or {}).get("rows", ()) if row["system"] == TUNED), None)
    if exam is None or row is None:
        return text(_("no lo dio"))
    style = exam.get("task") == "style"
    key, points, decimals = (STYLE_DECISIVE.key, 1.0, 2) if style else (DECISIVE, float(metric(DECISIVE).points), 1)
    if not is_figure(row["scores"].get(key)):
        return text("–")
    drawn = tag("p", tag("b", text(number(row["scores"][key] * points, decimals))))
    interval = row["intervals"].get(key) or {}
    low, high = interval.get("low"), interval.get("high")
    if is_figure(low) and is_figure(high) and int(exam["n"]) >= FEWEST:
        words = _("entre {low} y {high}").format(
            low=number(low * points, decimals), high=number(high * points, decimals)
        )
        drawn += tag("p", text(words), class_="soft")
    return drawn
