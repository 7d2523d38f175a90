"""Measured costs of the four ways, from the results of an evaluation and of its training, as HTML cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.recommendation import Recommendation, Way
from poetas.i18n import _, duration, size
from poetas.util.files import is_figure
from widgets.core.html import tag, text

MANY = 100  # texts whose time is given
CHEAP = frozenset({Way.COPY, Way.EXTRACT})


def time_cell(way: Way, advice: Recommendation, exam: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """Return the minutes of a way: once, and for `MANY` texts, as they were measured in the training and the exam."""
    lines = []
    if way is Way.FINE_TUNE and is_figure(training.get("seconds")):
        words = _("Entrenar: {time}, una vez.")
        lines.append(words.format(time=duration(training["seconds"])))
    each = _each(advice.systems.get(way, ""), exam)
    if each is not None and each * MANY < 1:
        lines.append(_("Cien textos: menos de un segundo."))
    elif each is not None:
        lines.append(_("Cien textos: {time}.").format(time=duration(each * MANY)))
    return _paragraphs(lines or [_("El tiempo no se midió.")])


def memory_cell(way: Way, advice: Recommendation, exam: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """Return the peak memory of a way as measured: of the training, and of writing."""
    if way in CHEAP:
        return _paragraphs([_("No carga ningún modelo.")])
    lines = []
    if way is Way.FINE_TUNE and is_figure(training.get("peak_memory_mb")):
        lines.append(_("Entrenar: {size} de memoria.").format(size=size(training["peak_memory_mb"] * 1e6)))
    measured = (exam.get("memory_mb") or {}).get(advice.systems.get(way, ""))
    if is_figure(measured):
        lines.append(_("Escribir: {size} de memoria.").format(size=size(measured * 1e6)))
    return _paragraphs(lines or [_("La memoria no se midió.")])


def _each(system: str, exam: Mapping[str, Any]) -> float | None:
    """Seconds a text; from an exam of an earlier version, what all of its texts took together."""
    each = (exam.get("per_text") or {}).get(system)
    if is_figure(each):
        return float(each)
    phase, count = (exam.get("phases") or {}).get(system), exam.get("n")
    return float(phase) / int(count) if exam.get("task") != "style" and is_figure(phase) and count else None


def _paragraphs(lines: list[str]) -> str:
    return "".join(tag("p", text(line)) for line in lines)


def spent_seen(training: Mapping[str, Any]) -> str:
    """Say how long the training took, which the other ways do without; "" where it is not known."""
    if not is_figure(training.get("seconds")):
        return ""
    words = _("Entrenarlo llevó {time} en esta máquina; los otros caminos se saltean esa parte.")
    return words.format(time=duration(training["seconds"]))
