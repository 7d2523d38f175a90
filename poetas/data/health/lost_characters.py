"""Check for letters that a PDF or a conversion lost: replacement characters, NULs, private-use characters."""

from __future__ import annotations

import re

import pandas as pd

from poetas.data.health.base import HealthCheck, Light, keep_rows
from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import _, ngettext

LOST = re.compile("[\\x00\N{REPLACEMENT CHARACTER}\ue000-\uf8ff]")


def drop_lost(table: pd.DataFrame) -> pd.DataFrame:
    """The step: drop the rows with a lost letter, because nothing says which letter it was."""
    damaged = [any(LOST.search(cell) for cell in row) for row in table.itertuples(index=False, name=None)]
    return keep_rows(table, [not lost for lost in damaged])


CHECK = HealthCheck(
    code="lost-characters",
    light=Light.REPAIR,
    healthy=lambda: _("No se perdió ninguna letra por el camino"),
    problem=lambda n: ngettext(
        "En {n} texto se perdieron letras: hay huecos donde iban.",
        "En {n} textos se perdieron letras: hay huecos donde iban.",
        n,
    ),
    advice=lambda: _(
        "No puedo adivinar cuáles eran. Lo mejor es arreglarlas en tu archivo; si no, podés sacar esos textos."
    ),
    repaired=lambda n: ngettext("Saqué {n} texto con letras perdidas.", "Saqué {n} textos con letras perdidas.", n),
    button=lambda: _("Sacar esos textos"),
    undo=lambda: _("Volver a ponerlos"),
    steps=(PipelineStep("drop-lost"),),
    by_row=True,
)
