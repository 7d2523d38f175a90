"""Scales of «Contanos»: what is asked, and what the marks at both ends mean; for the form and for the class report."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.course.answers_file import SCALES
from poetas.i18n import _


@dataclass(frozen=True, slots=True)
class Scale:
    """A question that is answered from 1 (low) to 5 (high)."""

    code: str
    question: str
    low: str
    high: str


def scales() -> list[Scale]:
    """Return the scales in the order of the form.

    >>> [scale.code for scale in scales()]
    ['clarity', 'difficulty', 'usefulness', 'trust']
    """
    words = {
        "clarity": (_("¿Se entendió?"), _("me perdí seguido"), _("clarísimo")),
        "difficulty": (_("¿Qué tan difícil fue?"), _("muy fácil"), _("muy difícil")),
        "usefulness": (_("¿Te va a servir?"), _("no creo"), _("mucho")),
        "trust": (_("¿Le confiarías tus textos a esta página?"), _("para nada"), _("por completo")),
    }
    return [Scale(code, *words[code]) for code in SCALES]


def scale_of(code: str) -> Scale:
    """Return a scale. Raises StopIteration for a code that no scale has."""
    return next(scale for scale in scales() if scale.code == code)
