"""Messages of the training panel as HTML: before a training, while another one stops, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.i18n import _, duration, ngettext, number
from poetas.jobs import Job, JobState
from poetas.util.files import is_figure
from widgets.core.html import tag, text
from widgets.train.loss_chart.loss_messages import tokens


def before(*, live: bool) -> str:
    """Say what a training does, and how it can be watched. live: whether the page draws it by itself."""
    words = _("El modelo va a leer los textos de a unos pocos (una tanda), y después de cada tanda se va a corregir.")
    watching = _("Vas a verlo en vivo.") if live else _("Para ver por dónde anda, tocá «Mirar cómo va».")
    return tag("p", text(f"{words} {watching}"), class_="soft")


def stopping_others(*, only_dry_runs: bool) -> str:
    """Say that another training is being stopped, or a dry run."""
    words = _("Detengo el otro entrenamiento, que guarda lo que haya aprendido. Enseguida sigo con este.")
    if only_dry_runs:
        words = _("Detengo la prueba de tiempo, que a la par de un entrenamiento mediría de más. Enseguida empiezo.")
    return tag("p", text(words), class_="notice", role="status")


def another_in_use() -> str:
    """Say that the next steps work with an earlier training than the one that is shown."""
    words = _("Los pasos que siguen usan el entrenamiento anterior, que sigue guardado: este no terminó.")
    return tag("p", text(words), class_="notice care", role="status")


def chosen_in_use() -> str:
    """Say that the learner chose another training than the one that is shown for the next steps."""
    words = _("Los pasos que siguen usan el entrenamiento que elegiste más abajo.")
    return tag("p", text(words), class_="notice", role="status")


def result_message(job: Job | None, *, done: bool, elsewhere: bool) -> str:
    """Say what came of a training that no longer runs; "" where there is nothing to say.

    done: whether some training is in use. elsewhere: whether it is another one.
    """
    if job is None or not (done or elsewhere):
        return ""
    if elsewhere:
        return chosen_in_use() if done else another_in_use()
    return learnt((job.result() or {}) if job.state is JobState.FINISHED else None)


def learnt(result: Mapping[str, Any] | None) -> str:
    """Say how long a training took, which checkpoint is kept, and what its validation loss came to.

    result: of the job, whose unreadable figures are left out; None where it was stopped and its last checkpoint is in
    use.

    >>> "Terminó: 90 correcciones en 6 min 40 s." in learnt({"steps": 90, "seconds": 400, "best_step": 68})
    True
    """
    stopped = _("Usás lo que aprendió hasta donde lo detuviste. Si querés más, seguí desde ahí.")
    return tag("p", text(stopped if result is None else _sum(result)), class_="notice", role="status")


def _sum(result: Mapping[str, Any]) -> str:
    known = {name: value for name, value in result.items() if is_figure(value)}
    words = _("Terminó.")
    if {"steps", "seconds"} <= known.keys():
        steps = int(known["steps"])
        many = ngettext("{n} corrección", "{n} correcciones", steps).format(n=number(steps))
        words = _("Terminó: {steps} en {time}.").format(steps=many, time=duration(known["seconds"]))
    if known.get("best_step"):
        kept = _("Se guardó el modelo de la corrección {n}.")
        if "best_loss" in known:  # without validation texts it is the last step
            kept = _("Se guardó el modelo de la corrección {n}, donde el simulacro salió mejor.")
        words += " " + kept.format(n=number(known["best_step"]))
    if {"first_loss", "best_loss"} <= known.keys():
        change = _("En el simulacro, la pérdida pasó de {first} a {best}.")
        if known["best_loss"] >= known["first_loss"]:
            change = _("En el simulacro, la pérdida no bajó de donde empezó: {first}.")
        words += " " + change.format(first=number(known["first_loss"], 2), best=number(known["best_loss"], 2))
        if known["best_loss"] < known["first_loss"] and {"steps", "best_step"} <= known.keys():
            words += " " + _still_falling(known)
    return words + " " + _("Si eso alcanza, lo dice el examen que sigue.")


def _still_falling(known: Mapping[str, float]) -> str:
    """Say whether the validation loss still fell at the last measure: what was kept is of the best one."""
    if known["best_step"] >= known["steps"]:
        return _("En la última medición todavía bajaba: con más vueltas podría aprender algo más.")
    return _("Después de esa ya no bajó: seguir estudiando no lo mejoró.")


def learnt_seen(result: Mapping[str, Any] | None) -> str:
    """Say what a training came to: the tokens that it hesitated between at first and does now, or how long it took."""
    known = {name: value for name, value in (result or {}).items() if is_figure(value)}
    if {"first_loss", "best_loss"} <= known.keys():
        first, best = tokens(known["first_loss"]), tokens(known["best_loss"])
        if known["best_loss"] < known["first_loss"] and first != best:
            words = _("Ante los textos del simulacro dudaba entre {first} pedacitos; ahora, entre {best}.")
            return words.format(first=first, best=best)
    if "seconds" in known:
        return _("Estuvo {time} estudiando.").format(time=duration(known["seconds"]))
    return ""
