"""Check for texts that are nearly equal to an earlier one; left out unless the learner keeps them."""

from __future__ import annotations

from poetas.data.health.base import HealthCheck, Light
from poetas.data.pipeline.steps import SIMILAR
from poetas.i18n import _, ngettext

CHECK = HealthCheck(
    code="near-duplicates",
    light=Light.LOOK,
    healthy=lambda: _("No hay textos casi iguales"),
    problem=lambda n: ngettext("{n} fila es casi igual a otra.", "{n} filas son casi iguales a otras.", n),
    advice=lambda: _(
        "Si cambian en poco y eso es lo tuyo (saludos, coplas, recetas), quedátelas: van juntas a la misma parte."
    ),
    repaired=lambda n: ngettext("Saqué {n} fila casi repetida.", "Saqué {n} filas casi repetidas.", n),
    button=lambda: _("Sacar las casi iguales"),
    undo=lambda: _("Quedármelas"),
    steps=(SIMILAR,),
    on=True,
)
