"""The sentences of a job card, from the job's state, its progress and the time left."""

from __future__ import annotations

import time

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


def progress_message(share: float, seconds: float) -> str:
    """Say how far the job is, from 0 to 1, and the seconds left (0: not known yet; below: it should be over)."""
    if share >= 1:
        words = _("{share}.")
    elif seconds < 0:
        words = _("{share} · tarda más de lo que calculé.")
    elif seconds > 0:
        words = ngettext(
            "{share} · falta {time}.",
            "{share} · faltan {time}.",
            duration_count(seconds),
        )
    else:
        words = _("{share} · calculo cuánto falta.")
    return f"{words.format(share=percent(share), time=duration(seconds))} {_closing()}"


def _closing() -> str:
    """Say what closing the page does to a job: Binder and Colab end a machine that has no page open."""
    if place() in (Place.BINDER, Place.COLAB):
        return _("No cierres la página: una máquina prestada se apaga si la dejás sola.")
    return _("Podés cerrar la página: sigue solo.")


class TimeLeft:
    """Estimates the time left from the speed of the last minute, so that a slow start is forgotten."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, float]] = []
        self._left = 0.0  # seconds, when that was last reached

    def left(self, done: float, total: float, when: float) -> float:
        """Return the seconds left once ``done`` of ``total`` was reached at ``when`` (0: now); 0 while unknown."""
        if self._seen and done < self._seen[-1][1]:  # another part of the work, with a bar of its own
            self._seen.clear()
        self._seen.append((when or time.time(), done))
        while len(self._seen) > 2 and self._seen[-1][0] - self._seen[0][0] > 60:  # noqa: PLR2004
            self._seen.pop(0)
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        self._left = (total - done) * (last - first) / (now - before) if now > before and last > first else 0.0
        return self._left

    def waited(self, now: float) -> float:
        """Return the seconds left when nothing more was reached until ``now``; below 0 where it should be over.

        >>> rate = TimeLeft(); rate.left(1, 4, 100.0), rate.left(2, 4, 110.0), rate.waited(125.0), rate.waited(131.0)
        (0.0, 20.0, 5.0, -1.0)
        """
        if not self._left:
            return 0.0
        left = self._left - (now - self._seen[-1][0])
        return left if left >= 1 else -1.0
