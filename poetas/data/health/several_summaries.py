"""Check for texts with several summaries: references of one text, kept, and kept together in one part of the split."""

from __future__ import annotations

import pandas as pd

from poetas.data.dataset_schema import SUMMARY, TEXT
from poetas.data.health.base import EXAMPLES, Evidence, HealthCheck, HealthExample, Light, words_around
from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import _, ngettext


def find(table: pd.DataFrame) -> Evidence:
    """Count the texts with more than one summary."""
    several = table.drop_duplicates([TEXT, SUMMARY])
    groups = several[several[TEXT].duplicated(keep=False)].groupby(TEXT, sort=False)
    examples = [
        HealthExample(
            int(group.index[0]) + 1, words_around(str(text)), " / ".join(map(words_around, group[SUMMARY][:EXAMPLES]))
        )
        for text, group in list(groups)[:EXAMPLES]
    ]
    return Evidence(len(groups), tuple(examples))


def drop_other_summaries(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the first summary of each text; its copies are the business of another check.

    >>> table = pd.DataFrame({"text": ["Sol", "Sol", "Sol"], "summary": ["Luz", "Calor", "Luz"]})
    >>> drop_other_summaries(table)["summary"].tolist()
    ['Luz', 'Luz']
    """
    return table[table[SUMMARY] == table.groupby(TEXT, sort=False)[SUMMARY].transform("first")]


CHECK = HealthCheck(
    code="several-summaries",
    light=Light.LOOK,
    healthy=lambda: _("Cada texto tiene un solo resumen"),
    problem=lambda n: ngettext(
        "{n} texto tiene más de un resumen. Los guardo todos, y van juntos a la misma parte.",
        "{n} textos tienen más de un resumen. Los guardo todos, y los de un mismo texto van juntos a la misma parte.",
        n,
    ),
    advice=lambda: _("Varias maneras de resumir lo mismo enseñan que no hay una sola respuesta."),
    repaired=lambda n: ngettext(
        "Dejé un solo resumen de {n} texto: el primero.", "Dejé un solo resumen de {n} textos: el primero.", n
    ),
    button=lambda: _("Dejar uno por texto"),
    undo=lambda: _("Guardarlos todos"),
    steps=(PipelineStep("drop-other-summaries"),),
    find=find,
    summary=True,
)
