"""Scales of «Contanos»: what is asked, and the words of each mark; for the form and for the class report."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.course.answers_file import SCALES
from poetas.i18n import _


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in words. image: a picture that is chosen, as one chooses a line of verse. plain: what it means."""

    image: str
    plain: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A question that is answered with one of five marks, from the lowest to the highest."""

    code: str
    question: str
    marks: tuple[Mark, ...]

    @property
    def low(self) -> str:
        """What the lowest mark means."""
        return self.marks[0].plain

    @property
    def high(self) -> str:
        """What the highest mark means."""
        return self.marks[-1].plain


def scales() -> list[Scale]:
    """Return the scales in the order of the form.

    >>> [scale.code for scale in scales()]
    ['clarity', 'difficulty', 'usefulness', 'trust']
    >>> scale_of("clarity").low, scale_of("clarity").high
    ('me perdí seguido', 'se entendió todo')
    """
    words = {
        "clarity": (
            _("¿Se entendió?"),
            (_("Noche cerrada"), _("me perdí seguido")),
            (_("Niebla"), _("entendí de a ratos")),
            (_("Luz de vela"), _("lo principal, sí")),
            (_("Tarde clara"), _("casi todo")),
            (_("Mediodía"), _("se entendió todo")),
        ),
        "difficulty": (
            _("¿Qué tan difícil fue?"),
            (_("En bajada"), _("muy fácil")),
            (_("Camino llano"), _("fácil")),
            (_("Con lomas"), _("ni fácil ni difícil")),
            (_("Cuesta arriba"), _("difícil")),
            (_("La montaña"), _("muy difícil")),
        ),
        "usefulness": (
            _("¿Te va a servir?"),
            (_("Manos vacías"), _("no creo")),
            (_("Una miguita"), _("apenas")),
            (_("Un puñado"), _("para algo")),
            (_("Una canasta"), _("bastante")),
            (_("La cosecha"), _("mucho")),
        ),
        "trust": (
            _("¿Le confiarías tus textos a esta página?"),
            (_("Ni una coma"), _("para nada")),
            (_("Un verso suelto"), _("apenas")),
            (_("Un borrador"), _("a medias")),
            (_("El cuaderno"), _("bastante")),
            (_("El cajón entero"), _("por completo")),
        ),
    }
    return [_scale(code, *words[code]) for code in SCALES]


def _scale(code: str, question: str, *marks: tuple[str, str]) -> Scale:
    return Scale(code, question, tuple(Mark(image, plain) for image, plain in marks))


def scale_of(code: str) -> Scale:
    """Return a scale. Raises StopIteration for a code that no scale has."""
    return next(scale for scale in scales() if scale.code == code)
