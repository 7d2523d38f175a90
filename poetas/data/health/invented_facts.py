"""Check for summaries with names or numbers that their text does not hold, with the finder of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from poetas.data.dataset_schema import SUMMARY, TEXT
from poetas.data.health.base import EXAMPLES, Evidence, HealthCheck, HealthExample, Light, keep_rows, words_around
from poetas.data.pipeline.language import guess_language
from poetas.data.pipeline.row_memory import RowMemory
from poetas.data.pipeline.steps import PipelineStep
from poetas.evaluation.metrics.unsupported import unsupported
from poetas.i18n import _, ngettext

_READ = 20_000  # characters of a summary: a longer one is no summary


@RowMemory
def _facts(summary: str, text: str, language: str) -> tuple[str, ...]:
    return tuple(span.text for span in unsupported(summary, text, language))


def invented(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """For each row, the names and numbers of its summary that its text does not hold."""
    if SUMMARY not in table.columns:
        return [() for _row in range(len(table))]
    language = guess_language(table[TEXT])
    pairs = zip(table[TEXT], table[SUMMARY], strict=True)
    return [_facts(summary[:_READ], text, language) for text, summary in pairs]


def facts_beyond(texts: Sequence[str], kept: Sequence[str], summaries: Sequence[str]) -> list[tuple[str, ...]]:
    """For each text that is cut, the names and numbers of its summary that only the part cut off holds.

    kept: what is left of each text.
    """
    language = guess_language(texts)
    beyond: list[tuple[str, ...]] = []
    for text, beginning, summary in zip(texts, kept, summaries, strict=True):
        nowhere = _facts(summary[:_READ], text, language)
        missing = _facts(summary[:_READ], beginning, language)
        beyond.append(tuple(fact for fact in missing if fact not in nowhere))
    return beyond


def drop_invented(table: pd.DataFrame) -> pd.DataFrame:
    """The step: drop the rows whose summary says what its text does not hold."""
    return keep_rows(table, [not facts for facts in invented(table)])


def find(table: pd.DataFrame) -> Evidence:
    """Count those rows, and show which names and numbers."""
    rows = [(row, facts) for row, facts in zip(table.index, invented(table), strict=True) if facts]
    examples = [
        HealthExample(int(row) + 1, words_around(str(table.at[row, SUMMARY])), ", ".join(facts[:EXAMPLES]))
        for row, facts in rows[:EXAMPLES]
    ]
    return Evidence(len(rows), tuple(examples))


CHECK = HealthCheck(
    code="invented",
    light=Light.LOOK,
    healthy=lambda: _("Los resúmenes no nombran nada que falte en su texto"),
    problem=lambda n: ngettext(
        "{n} resumen nombra algo que su texto no tiene.", "{n} resúmenes nombran algo que su texto no tiene.", n
    ),
    advice=lambda: _(
        "Con esos ejemplos se aprende a inventar. Después de la flecha van los nombres y números que no encontré."
    ),
    repaired=lambda n: ngettext(
        "Saqué {n} fila con un resumen que dice de más.", "Saqué {n} filas con un resumen que dice de más.", n
    ),
    button=lambda: _("Sacar esas filas"),
    undo=lambda: _("Volver a ponerlas"),
    steps=(PipelineStep("drop-invented"),),
    find=find,
    summary=True,
)
