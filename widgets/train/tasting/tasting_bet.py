"""The bet before a blind tasting: which version the learner will choose, compared with her own votes."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.course.bets import BetVerdict
from poetas.evaluation.unlabelled_versions import BASE, REFERENCE, TUNED, tally
from poetas.i18n import _, ngettext, number
from widgets.controls.bet_prompt.bet_prompt import BetOption


def question() -> str:
    """Return what is bet on."""
    return _("¿con cuál te vas a quedar más veces, sin saber quién escribió cada una?")


def options() -> list[BetOption]:
    """Return the three writers."""
    return [
        BetOption(REFERENCE, _("La que ya estaba en tu conjunto"), _("la que ya estaba en tu conjunto")),
        BetOption(BASE, _("La del que no estudió"), _("la del que no estudió")),
        BetOption(TUNED, _("La del que estudió"), _("la del que estudió")),
    ]


def tasting_verdict(bet: str, choices: Sequence[tuple[str, ...]]) -> BetVerdict | None:
    """Compare a bet with the writers of each chosen version; None where there is no such bet, or no vote.

    >>> tasting_verdict("tuned", [("base",), ("base",), ("tuned",)]).sentence
    'Apostaste por la del que estudió, y a ciegas te quedaste 2 de 3 veces con la del que no estudió.'
    """
    names = {option.key: option for option in options()}
    votes = tally(choices)
    if bet not in names or not choices:
        return None
    most = max(votes[writer] for writer in names)
    if not most:
        words = _("Apostaste por {bet}, y a ciegas no te quedaste con ninguna de las tres por sí sola.")
        return BetVerdict(words.format(bet=names[bet].said), _("Ninguna sola"), won=None)
    won = votes[bet] == most
    favourite = bet if won else next(writer for writer in names if votes[writer] == most)
    if won:
        words = ngettext(
            "Apostaste por {bet}, y así fue: la elegiste {n} de {all} vez.",
            "Apostaste por {bet}, y así fue: la elegiste {n} de {all} veces.",
            len(choices),
        )
    else:
        words = ngettext(
            "Apostaste por {bet}, y a ciegas te quedaste {n} de {all} vez con {other}.",
            "Apostaste por {bet}, y a ciegas te quedaste {n} de {all} veces con {other}.",
            len(choices),
        )
    sentence = words.format(bet=names[bet].said, n=number(most), all=number(len(choices)), other=names[favourite].said)
    return BetVerdict(sentence, names[favourite].label, won, 0.0 if won else 1.0)
