"""What «Entrená» says: what a training came to, and that another one is in the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.errors import Explanation
from poetas.i18n import _, duration, ngettext, number


def learnt(result: Mapping[str, Any]) -> str:
    """Say how long a training took, which of its checkpoints is kept, and what the rehearsal said of it.

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


def busy_elsewhere() -> Explanation:
    """The card for a training of other texts, or of another model, that runs in this project."""
    return Explanation(
        "busy",
        _("Hay otro entrenamiento en marcha."),
        _("Es con otros textos o con otro modelo. De a dos, cada uno tardaría el doble."),
        _("Esperá a que termine, o detenelo desde su pestaña, y volvé a intentar."),
        "retry",
    )
