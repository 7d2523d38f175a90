"""Check for summaries that are as long as their text, or longer, or equal to it."""

from __future__ import annotations

import pandas as pd

from poetas.data.dataset_schema import SUMMARY, TEXT
from poetas.data.health.base import HealthCheck, Light, keep_rows
from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import _, ngettext


def drop_long_summaries(table: pd.DataFrame) -> pd.DataFrame:
    """The step: drop the rows whose summary has at least as many characters as its text."""
    if SUMMARY not in table.columns:
        return table
    pairs = zip(table[TEXT].tolist(), table[SUMMARY].tolist(), strict=True)
    return keep_rows(table, [len(summary) < len(text) or not summary for text, summary in pairs])


CHECK = HealthCheck(
    code="long-summary",
    light=Light.LOOK,
    healthy=lambda: _("Cada resumen es más corto que su texto"),
    problem=lambda n: ngettext(
        "{n} resumen es igual a su texto, o más largo.", "{n} resúmenes son iguales a su texto, o más largos.", n
    ),
    advice=lambda: _("De ellos no se aprende a resumir, sino a copiar."),
    repaired=lambda n: ngettext(
        "Saqué {n} fila con un resumen que no resume.", "Saqué {n} filas con un resumen que no resume.", n
    ),
    button=lambda: _("Sacar esas filas"),
    undo=lambda: _("Volver a ponerlas"),
    steps=(PipelineStep("drop-long-summaries"),),
    by_row=True,
    summary=True,
)
