"""Check for encoding damage (mojibake): UTF-8 that was read as another encoding, "caÃ±Ã³n"; repaired with `ftfy`."""

from __future__ import annotations

import re

import pandas as pd

from poetas.data.health.base import HealthCheck, Light
from poetas.data.pipeline.steps import PipelineStep
from poetas.data.pipeline.table_cells import map_cells
from poetas.i18n import _, ngettext

# Each damaged letter is at least two characters outside ASCII. `ftfy` needs a millisecond a page: few pages need it.
_NEIGHBOURS = re.compile(r"[^\x00-\x7f]{2}")


def repair_encoding(text: str) -> str:
    r"""Return a text with its damaged letters as they were; one without damage as it is.

    >>> repair_encoding("El caÃ±Ã³n del rÃ\xado"), repair_encoding("¡Ándale, ñandú!")
    ('El cañón del río', '¡Ándale, ñandú!')
    >>> repair_encoding("Comida Ã la carte")
    'Comida à la carte'
    """
    if text.isascii() or not _is_suspect(text):
        return text
    from ftfy import fix_encoding  # noqa: PLC0415 - few texts need it

    # Line by line: one that cannot be repaired does not keep the others from it.
    return "\n".join(fix_encoding(line) if _is_suspect(line) else line for line in text.split("\n"))


def _is_suspect(text: str) -> bool:
    return "Ã " in text or "Â " in text or _NEIGHBOURS.search(text) is not None


def fix_mojibake(table: pd.DataFrame) -> pd.DataFrame:
    """The step: repair every cell."""
    return map_cells(table, repair_encoding)


CHECK = HealthCheck(
    code="mojibake",
    light=Light.REPAIR,
    healthy=lambda: _("Las letras con acento se leen bien"),
    problem=lambda n: ngettext(
        "{n} texto trae letras rotas: en algún viaje se leyó con otra clave de acentos.",
        "{n} textos traen letras rotas: en algún viaje se leyeron con otra clave de acentos.",
        n,
    ),
    advice=lambda: _("Si las dejás así, el modelo aprende a escribirlas así."),
    repaired=lambda n: ngettext("Arreglé las letras rotas de {n} texto.", "Arreglé las letras rotas de {n} textos.", n),
    button=lambda: _("Arreglar las letras"),
    undo=lambda: _("Dejarlas como estaban"),
    steps=(PipelineStep("fix-mojibake"),),
    by_row=True,
)
