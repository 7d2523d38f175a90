"""The sentences of a job card, from the job's state, its progress and the time left."""

from __future__ import annotations

from poetas.environment import Place, place
from poetas.i18n import _, duration, duration_count, ngettext, percent
from poetas.jobs import JobState, Keeps


def state_message(state: JobState, keeps: Keeps, *, unsaved: bool, begun: bool) -> str:
    """Say what the job does. keeps, unsaved: see `poetas.jobs.job_view.JobView`; begun: it has made a step."""
    lost = _("Se interrumpió. Lo que alcanzó a guardar sigue ahí.")
    stopped, stopping = _("Detenido. Lo hecho está guardado."), _("Deteniendo: guardo lo hecho…")
    if keeps is Keeps.NOTHING:
        stopped, stopping = _("Detenido: de lo hecho hasta acá no queda nada."), _("Deteniendo…")
        lost = _("Se interrumpió: de lo hecho hasta ahí no queda nada.")
    elif unsaved:
        lost = _("Se interrumpió, y todavía no había guardado nada.")
        stopped = _("Detenido antes de empezar a aprender: no había nada que guardar.")
        if begun:
            stopped = _("Detenido, y todavía no había guardado nada.")
        else:
            stopping = _("Deteniendo…")
    return {
        JobState.WAITING: _("Empezando…"),
        JobState.RUNNING: _("Trabajando…"),
        JobState.STOPPING: stopping,
        JobState.STOPPED: stopped,
        JobState.FINISHED: _("Listo."),
        JobState.FAILED: _("No pudo terminar."),
        JobState.LOST: lost,
    }[state]


def progress_message(share: float, seconds: float, *, slower: bool = False) -> str:
    """Say how far the job is, from 0 to 1, and the seconds left (0: not known yet; below: it should be over).

    slower: whether more are left than was said before.
    """
    if share >= 1:
        words = _("{share}.")
    elif seconds < 0:
        words = _("{share} · sigue trabajando, más despacio de lo que calculé.")
    elif seconds > 0:
        words = ngettext(
            "{share} · falta {time}.",
            "{share} · faltan {time}.",
            duration_count(seconds),
        )
        if slower:
            words += " " + _("Va más despacio que hace un rato.")
    else:
        words = _("{share} · calculo cuánto falta.")
    return f"{words.format(share=percent(share), time=duration(seconds))} {_closing()}"


def _closing() -> str:
    """Say what closing the page does to a job: Binder and Colab end a machine that has no page open."""
    if place() in (Place.BINDER, Place.COLAB):
        return _("No cierres la página: una máquina prestada se apaga si la dejás sola.")
    return _("Podés cerrar la página: sigue solo.")
