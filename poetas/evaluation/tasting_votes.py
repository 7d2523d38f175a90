"""Votes of a blind tasting beside the scores of an exam: what was chosen, and whether the two disagree."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.evaluation.unlabelled_versions import BASE, TUNED, tally
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.i18n import _, ngettext, number

UPHELD = (VerdictKind.IMPROVED, VerdictKind.MIXED)
AGAINST = (VerdictKind.WORSE, VerdictKind.COLLAPSED)


def votes_sentence(choices: Sequence[tuple[str, ...]], kind: str, *, style: bool = False) -> str:
    """Return what the learner chose, and where it disagrees with the verdict; "" without votes.

    choices: the writers of each chosen version, () for no favourite. kind: of the verdict (`VerdictKind`). style: of
    the exam, whose scores then compare no words.

    >>> votes_sentence([("tuned",), ("tuned",), ("base",)], "improved")
    'A ciegas, vos elegiste el ajustado 2 de 3 veces. Tu oído y los puntajes coinciden.'
    """
    if not choices:
        return ""
    votes, total = tally(choices), len(choices)
    tuned = votes[TUNED]
    words = _("A ciegas, vos elegiste el ajustado {n} de {total} veces.") if tuned else ""
    words = words or _("A ciegas, vos no elegiste el ajustado ninguna de las {total} veces.")
    if total == 1:
        words = _("A ciegas, vos elegiste el ajustado.") if tuned else _("A ciegas, vos no elegiste el ajustado.")
    said = words.format(n=number(tuned), total=number(total))
    if votes[BASE] > tuned:
        times = ngettext("el que no estudió, {n} vez", "el que no estudió, {n} veces", votes[BASE])
        said = f"{said[:-1]}; {times.format(n=number(votes[BASE]))}."
    return f"{said} {_compared(tuned, votes[BASE], total - tuned - votes[BASE], kind, style=style)}".strip()


def _compared(tuned: int, base: int, others: int, kind: str, *, style: bool) -> str:
    """Say whether votes and verdict point the same way; "" where one of them points nowhere.

    others: votes for what a person wrote, or for none.
    """
    if kind in UPHELD and base > tuned and style:
        return _(
            "Ahí tu oído y los puntajes no coinciden: los puntajes miden la sorpresa, y vos leíste. Mirá los textos "
            "otra vez antes de creerle a uno solo."
        )
    if kind in UPHELD and base > tuned:
        return _(
            "Ahí tu oído y los puntajes no coinciden: los puntajes cuentan palabras en común, y vos leíste. Mirá los "
            "textos otra vez antes de creerle a uno solo."
        )
    if kind in AGAINST and tuned > base:
        return _(
            "Ahí tu oído y los puntajes no coinciden: votaste por pocos textos, y ellos miran todo el examen. Leé los "
            "peores antes de decidir."
        )
    if (kind in UPHELD and tuned > base) or (kind in AGAINST and base > tuned):
        if others >= max(tuned, base):
            return _("Entre el que estudió y el que no, tu oído y los puntajes coinciden.")
        return _("Tu oído y los puntajes coinciden.")
    return ""
