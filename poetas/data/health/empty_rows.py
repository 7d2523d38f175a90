"""Check for rows without a text or without a summary; no model learns from them, and they are always left out."""

from __future__ import annotations

from poetas.data.health.base import HealthCheck, Light
from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import _, ngettext

CHECK = HealthCheck(
    code="empty",
    light=Light.LOOK,
    healthy=lambda: _("No hay filas vacías"),
    problem=lambda n: ngettext("{n} fila está incompleta.", "{n} filas están incompletas.", n),
    advice=lambda: _("De una fila sin texto, o sin su resumen, no hay nada que aprender."),
    repaired=lambda n: ngettext("Saqué {n} fila incompleta.", "Saqué {n} filas incompletas.", n),
    steps=(PipelineStep("drop-empty"),),
    by_row=True,
    on=True,
    fixed=True,
)
