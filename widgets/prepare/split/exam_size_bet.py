"""The bet before the split: how many texts an exam needs, which depends on the task."""

from __future__ import annotations

from poetas.course.bets import BetVerdict
from poetas.exam_size import ENOUGH, FEWEST
from poetas.i18n import _, number
from widgets.controls.bet_prompt.bet_prompt import BetOption

SIZES = (3, FEWEST, ENOUGH, 300)


def question(*, style: bool) -> str:
    """Return what is bet on."""
    if style:
        return _("¿cuántos textos hacen falta en el examen para poder afirmar que mejoró?")
    return _("¿cuántos textos hacen falta en el examen para que se note una mejora común, y no solo una enorme?")


def options() -> list[BetOption]:
    """Return the sizes to choose from."""
    return [BetOption(str(size), number(size)) for size in SIZES]


def size_verdict(bet: str, *, style: bool) -> BetVerdict:
    """Compare a size with the one that is needed.

    >>> size_verdict("3", style=False).sentence
    'Dijiste 3 y hacen falta unos 40: con menos, un puntaje alto puede ser pura suerte.'
    """
    needed, chosen = FEWEST if style else ENOUGH, int(bet)
    if chosen == needed:
        words = _("Dijiste {bet}, y es lo que hace falta: con menos, un puntaje alto puede ser pura suerte.")
    elif chosen < needed:
        words = _("Dijiste {bet} y hacen falta unos {needed}: con menos, un puntaje alto puede ser pura suerte.")
    else:
        words = _("Dijiste {bet} y alcanza con unos {needed}: lo que sobra rinde más en el estudio.")
    miss = abs(SIZES.index(chosen) - SIZES.index(needed))
    shown = words.format(bet=number(chosen), needed=number(needed))
    return BetVerdict(shown, number(needed), chosen == needed, float(miss))
