"""What the desk of a training says: before it, while another one ends, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.i18n import _, duration, ngettext, number
from widgets.markup import tag, text


def before() -> str:
    """Say what is going to happen."""
    words = _(
        "El modelo va a leer tus textos de a tandas, y se va a corregir después de cada una. Vas a verlo en vivo."
    )
    return tag("p", text(words), class_="soft")


def making_way() -> str:
    """Say that another training is being stopped."""
    words = _("Detengo el otro entrenamiento: está guardando lo que aprendió. Enseguida sigo con este.")
    return tag("p", text(words), class_="notice", role="status")


def another_in_use() -> str:
    """Say that the next steps work with an earlier training than the one that is shown."""
    words = _("Los pasos que siguen usan el entrenamiento anterior, que sigue guardado: este no terminó.")
    return tag("p", text(words), class_="notice care", role="status")


def learnt(result: Mapping[str, Any]) -> str:
    """Say how long a training took, which checkpoint is kept, and what its validation loss came to.

    result: what it returned, {} where it was stopped and what it learnt so far is in use.

    >>> "Terminó: 90 pasos en 6 min 40 s." in learnt({"steps": 90, "seconds": 400, "best_step": 68})
    True
    """
    words = (
        _sum(result) if result else _("Usás lo que aprendió hasta donde lo detuviste. Si querés más, seguí desde ahí.")
    )
    return tag("p", text(words), class_="notice", role="status")


def _sum(result: Mapping[str, Any]) -> str:
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
