"""What a training came to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.i18n import _, duration, ngettext, number


def learnt(result: Mapping[str, Any]) -> str:
    """Say how long a training took, which checkpoint is kept, and what its validation loss came to.

    >>> learnt({"steps": 90, "seconds": 400, "best_step": 68}).split(". ")[0]
    'Terminó: 90 pasos en 6 min 40 s'
    """
    steps, seconds = int(result.get("steps", 0)), float(result.get("seconds", 0))
    many = ngettext("{n} paso", "{n} pasos", steps).format(n=number(steps))
    words = _("Terminó: {steps} en {time}.").format(steps=many, time=duration(seconds))
    if result.get("best_step"):
        words += " " + _("Se guardó el modelo del paso {n}, donde el simulacro salió mejor.").format(
            n=number(result["best_step"])
        )
    first, best = result.get("first_loss"), result.get("best_loss")
    if first is not None and best is not None:
        change = _("En el simulacro, la pérdida pasó de {first} a {best}.")
        words += " " + change.format(first=number(first, 2), best=number(best, 2))
    return words + " " + _("Si eso alcanza, lo dice el examen que sigue.")
