"""Rubric of a blind tasting: criteria with their scale; marks for each version in, averages by writer out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from poetas.evaluation.unlabelled_versions import Version
from poetas.i18n import _

BEST = 5  # of a scale from 1
ANSWERS = "answers"  # the criterion that is ticked, not rated

Marks = dict[str, int | list[str]]  # by criterion: 1 to BEST, or what was ticked


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. options: {code: label} of what can be ticked; {}: it is rated from 1 to `BEST`."""

    code: str
    title: str
    question: str
    options: Mapping[str, str]


def criteria(*, style: bool) -> tuple[Criterion, ...]:
    """Return the criteria of a summary, or of verse (``style``), which answers no who, when and where.

    The four that are rated are those of human evaluations of summaries (Fabbri and others, "SummEval", TACL 2021).

    >>> [criterion.code for criterion in criteria(style=True)]
    ['coherence', 'consistency', 'fluency', 'relevance']
    """
    if style:
        return (
            Criterion("coherence", _("Coherencia"), _("¿Sus versos van juntos?"), {}),
            Criterion("consistency", _("Consistencia"), _("¿Sigue el comienzo sin contradecirlo?"), {}),
            Criterion("fluency", _("Fluidez"), _("¿Suena bien, sin tropiezos ni repeticiones?"), {}),
            Criterion("relevance", _("Relevancia"), _("¿Habla de lo que el comienzo promete?"), {}),
        )
    answers = {
        "what": _("qué"), "who": _("quién"), "when": _("cuándo"), "where": _("dónde"), "why": _("por qué"),
        "how": _("cómo"),
    }  # fmt: skip
    return (
        Criterion("coherence", _("Coherencia"), _("¿Se entiende sola, de punta a punta?"), {}),
        Criterion("consistency", _("Consistencia"), _("¿Dice solamente lo que el texto dice?"), {}),
        Criterion("fluency", _("Fluidez"), _("¿Está bien escrita, sin tropiezos ni repeticiones?"), {}),
        Criterion("relevance", _("Relevancia"), _("¿Quedó lo que importa, y no lo de más?"), {}),
        Criterion(ANSWERS, _("Respuestas"), _("¿Cuáles contesta?"), answers),
    )


def valid_marks(marks: Any, *, style: bool) -> Marks:
    """Return the marks that the rubric knows, without any other: they come from a page, or from a file.

    >>> valid_marks({"fluency": 4, "relevance": 9, "answers": ["who", "x"], "y": 1}, style=False)
    {'fluency': 4, 'answers': ['who']}
    """
    if not isinstance(marks, dict):
        return {}
    kept: Marks = {}
    for criterion in criteria(style=style):
        mark = marks.get(criterion.code)
        if criterion.options:
            ticked = [code for code in criterion.options if isinstance(mark, list) and code in mark]
            if ticked:
                kept[criterion.code] = ticked
        elif isinstance(mark, int) and not isinstance(mark, bool) and 1 <= mark <= BEST:
            kept[criterion.code] = mark
    return kept


def averages(rated: Iterable[tuple[Version, Marks]]) -> dict[str, dict[str, float]]:
    """Return {writer: {criterion: average}}; marks of a version that several wrote count for each of them.

    rated: versions with their marks. Of what is ticked, the average is how many; a version without any mark
    counts for nothing, and one with marks but without ticks answers none.

    >>> averages([(Version("a", ("base",)), {"fluency": 2}), (Version("b", ("base", "tuned")), {"fluency": 5})])
    {'base': {'fluency': 3.5}, 'tuned': {'fluency': 5.0}}
    """
    given: dict[str, dict[str, list[int]]] = {}
    for version, marks in rated:
        for writer in version.writers if marks else ():
            for code, mark in marks.items():
                given.setdefault(writer, {}).setdefault(code, []).append(len(mark) if isinstance(mark, list) else mark)
    return {writer: {code: fmean(marks) for code, marks in by_code.items()} for writer, by_code in given.items()}
