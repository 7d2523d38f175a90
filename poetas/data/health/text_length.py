"""Check for texts that are much shorter or much longer than the others."""

from __future__ import annotations

import pandas as pd

from poetas.data.dataset_schema import TEXT
from poetas.data.health.base import HealthCheck, Light, keep_rows
from poetas.data.pipeline.mapping import word_counts
from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import _, ngettext

FEWEST = 3  # words of a text that says something
TIMES, LONG = 20, 1_000  # a text is very long with more words than both: so many times the usual, and so many


def drop_outliers(table: pd.DataFrame, *, fewest: int = FEWEST, times: int = TIMES, long: int = LONG) -> pd.DataFrame:
    """The step: drop the texts with fewer words than ``fewest``, or more than ``long`` and ``times`` the median."""
    longest = int(table[TEXT].str.len().max()) if len(table) else 0
    # Where no text is long enough to have so many words, only the shortest are to be counted.
    words = word_counts(table[TEXT], most=fewest if longest < 2 * long else -1)
    usual = float(words[words >= fewest].median()) if bool((words >= fewest).any()) else 0.0
    most = max(long, times * usual)
    return keep_rows(table, [fewest <= count <= most for count in words.tolist()])


CHECK = HealthCheck(
    code="length",
    light=Light.LOOK,
    healthy=lambda: _("No hay textos cortísimos ni larguísimos"),
    problem=lambda n: ngettext(
        "{n} texto es cortísimo, o larguísimo al lado de los otros.",
        "{n} textos son cortísimos, o larguísimos al lado de los otros.",
        n,
    ),
    advice=lambda: _("Puede ser un título suelto, un resto de una tabla o un libro entero. Mirá si son textos tuyos."),
    repaired=lambda n: ngettext(
        "Saqué {n} texto cortísimo o larguísimo.", "Saqué {n} textos cortísimos o larguísimos.", n
    ),
    button=lambda: _("Sacarlos"),
    undo=lambda: _("Volver a ponerlos"),
    steps=(PipelineStep("drop-outliers", {"fewest": FEWEST, "times": TIMES, "long": LONG}),),
)
