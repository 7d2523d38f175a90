"""Explanations of a job whose process ended without a word, with a checkpoint and without one."""

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


def _why_lost() -> str:
    return _("El programa se cerró sin terminar: pudo faltar memoria, apagarse la máquina o cerrarlo alguien.")
