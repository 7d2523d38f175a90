"""Check for rows whose text and summary changed places: a "summary" at least twice as long as its "text"."""

from __future__ import annotations

import pandas as pd

from poetas.data.dataset_schema import SUMMARY, TEXT
from poetas.data.health.base import HealthCheck, Light
from poetas.data.pipeline.steps import PipelineStep
from poetas.data.pipeline.table_cells import CELLS
from poetas.i18n import _, ngettext

TIMES = 2
_FEWEST = 8  # words of a "summary" that is a text


def is_swapped(text: str, summary: str) -> bool:
    """Whether they look swapped.

    >>> is_swapped("Creció el río.", "Anoche, después de tres días de lluvia, el río creció y tapó el puente viejo.")
    True
    """
    return bool(text) and len(summary) >= TIMES * len(text) and len(summary.split()) >= _FEWEST


def swap_columns(table: pd.DataFrame) -> pd.DataFrame:
    """The step: put both in their places in the rows that look swapped; nothing in a table without summaries."""
    if SUMMARY not in table.columns:
        return table
    pairs = list(zip(table[TEXT].tolist(), table[SUMMARY].tolist(), strict=True))
    right = [(summary, text) if is_swapped(text, summary) else (text, summary) for text, summary in pairs]
    if right == pairs:
        return table
    return pd.DataFrame(right, columns=[TEXT, SUMMARY], index=table.index, dtype=CELLS)


CHECK = HealthCheck(
    code="swapped",
    light=Light.REPAIR,
    healthy=lambda: _("Cada texto está en su columna"),
    problem=lambda n: ngettext(
        "En {n} fila el texto y el resumen parecen cambiados de lugar.",
        "En {n} filas el texto y el resumen parecen cambiados de lugar.",
        n,
    ),
    advice=lambda: _("Con esas filas, el modelo aprendería a alargar en vez de resumir."),
    repaired=lambda n: ngettext(
        "Di vuelta {n} fila: el texto y su resumen están en su lugar.",
        "Di vuelta {n} filas: cada texto y su resumen están en su lugar.",
        n,
    ),
    button=lambda: _("Darlas vuelta"),
    undo=lambda: _("Dejarlas como estaban"),
    steps=(PipelineStep("swap-columns"),),
    by_row=True,
    summary=True,
)
