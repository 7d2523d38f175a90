"""Check for texts in another language than most: Spanish among English ones, or the other way round."""

from __future__ import annotations

import pandas as pd

from poetas.data.dataset_schema import TEXT
from poetas.data.health.base import HealthCheck, Light, keep_rows
from poetas.data.pipeline.language import recognise_language
from poetas.data.pipeline.row_memory import RowMemory
from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import _, ngettext

_FEWEST = 6  # words: in fewer, a name or a quotation decides
_READ = 2_000  # characters of a text: more would not change its language


@RowMemory
def _language(text: str) -> str:
    return recognise_language([text]) if text.count(" ") + text.count("\n") >= _FEWEST - 1 else ""


def drop_other_language(table: pd.DataFrame) -> pd.DataFrame:
    """The step: keep the texts in the language that most of them are in, and those too short to know."""
    languages = [_language(text[:_READ]) for text in table[TEXT].tolist()]
    spanish, english = languages.count("es"), languages.count("en")
    other = "en" if spanish >= english else "es"
    return keep_rows(table, [language != other for language in languages])


CHECK = HealthCheck(
    code="languages",
    light=Light.LOOK,
    healthy=lambda: _("Están todos en el mismo idioma"),
    problem=lambda n: ngettext(
        "{n} texto parece estar en otro idioma que los demás.",
        "{n} textos parecen estar en otro idioma que los demás.",
        n,
    ),
    advice=lambda: _("El modelo aprendería a pasar de un idioma al otro. Solo sé distinguir castellano e inglés."),
    repaired=lambda n: ngettext("Saqué {n} texto en otro idioma.", "Saqué {n} textos en otro idioma.", n),
    button=lambda: _("Sacarlos"),
    undo=lambda: _("Volver a ponerlos"),
    steps=(PipelineStep("drop-other-language"),),
)
