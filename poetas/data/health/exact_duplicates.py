"""Check for rows that are copies of an earlier one, summary included; left out unless the learner keeps them."""

from __future__ import annotations

from poetas.data.health.base import HealthCheck, Light
from poetas.data.pipeline.steps import COPIES
from poetas.i18n import _, ngettext

CHECK = HealthCheck(
    code="duplicates",
    light=Light.LOOK,
    healthy=lambda: _("No hay filas repetidas"),
    problem=lambda n: ngettext("{n} fila es copia exacta de otra.", "{n} filas son copias exactas de otras.", n),
    advice=lambda: _("Lo que está dos veces pesa el doble en lo que el modelo aprende."),
    repaired=lambda n: ngettext("Saqué {n} fila repetida.", "Saqué {n} filas repetidas.", n),
    button=lambda: _("Sacar las copias"),
    undo=lambda: _("Quedármelas"),
    steps=(COPIES,),
    on=True,
)
