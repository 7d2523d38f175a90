"""Explanations of a job whose process ended without a word, by what is left of it."""

from poetas.errors import Explanation
from poetas.i18n import _


def lost() -> Explanation:
    """Say that resuming goes on from the last checkpoint."""
    return Explanation(
        "job-killed",
        _("El trabajo se interrumpió."),
        _why_lost(),
        _("Podés continuar: sigue desde lo último que guardó o, si no llegó a guardar nada, empieza de nuevo."),
        "resume",
    )


def lost_unsaved() -> Explanation:
    """Say to begin again: resuming would fail again, where memory was short."""
    return Explanation(
        "job-killed-unsaved",
        _("El trabajo se interrumpió antes de guardar algo."),
        _why_lost(),
        _("No hay desde dónde seguir. Si faltó memoria, probá con algo más chico; si no, empezalo de nuevo."),
        "smaller",
    )


def lost_unkept() -> Explanation:
    """Say to begin again, of a kind that keeps nothing of what it began."""
    return Explanation(
        "job-killed-unkept",
        _("El trabajo se interrumpió, y de lo hecho hasta ahí no queda nada."),
        _why_lost(),
        _("Empezalo de nuevo. Si vuelve a pasar, cerrá antes otros programas: puede ser falta de memoria."),
        "restart",
    )


def _why_lost() -> str:
    return _("El programa se cerró sin terminar: pudo faltar memoria, apagarse la máquina o cerrarlo alguien.")
