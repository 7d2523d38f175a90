"""Answer to the bet on the next token: the word and the bars in, a verdict out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poetas.course.bets import BetVerdict
from poetas.i18n import _, number
from poetas.util.excerpt import shortened, shortened_start
from widgets.controls.bar_list.bar_list import share_phrase
from widgets.explore.next_token.next_token_bars import SHOWN
from widgets.explore.next_token.token_html import word

LETTERS = 24  # of a word that is repeated
TAIL = 40  # letters of the beginning that the libreta repeats


def next_token_verdict(bet: str, rows: Sequence[Mapping[str, Any]], favourite: str) -> BetVerdict:
    r"""Compare the learner's word with the likeliest token.

    rows: the bars as they are drawn, the likeliest first; the word's own are marked. favourite: likeliest token.

    >>> bars = [{"share": 0.21, "mine": False}, {"share": 0.08, "mine": True}]
    >>> next_token_verdict("luna", bars, " noche").sentence
    'Dijiste «luna» y quedó 2.ª, con el 8,0\xa0% de la apuesta. La favorita es «noche», con el 21\xa0%.'
    >>> "es un espacio en blanco («␣»)" in next_token_verdict("luna", bars, " ").sentence
    True
    """
    said, likeliest = shortened(bet, LETTERS), word(favourite)
    rank = next((index for index, row in enumerate(rows) if row["mine"]), SHOWN)
    share = float(rows[rank]["share"]) if rank < len(rows) else None
    favourite_share = max((float(row["share"]) for row in rows), default=0.0)
    if rank == 0:
        sentence = _("Dijiste «{bet}», y es su favorita: le da {share} de la apuesta.")
        sentence = sentence.format(bet=said, share=share_phrase(favourite_share))
        return BetVerdict(sentence, said, won=True)
    if rank < SHOWN and share is not None:
        sentence = _("Dijiste «{bet}» y quedó {place}.ª, con {share} de la apuesta.")
        sentence = sentence.format(bet=said, place=number(rank + 1), share=share_phrase(share))
    elif share is not None:
        sentence = _("Dijiste «{bet}» y no está entre las diez: le da {share} de la apuesta.")
        sentence = sentence.format(bet=said, share=share_phrase(share))
    else:
        sentence = _("Dijiste «{bet}» y no está entre las diez.").format(bet=said)
    rest = _("La favorita es «{word}», con {share}.")
    if not favourite.strip():
        rest = _("La favorita no es una palabra, es un espacio en blanco («{word}»), con {share}.")
    sentence += " " + rest.format(word=likeliest, share=share_phrase(favourite_share))
    return BetVerdict(sentence, likeliest, won=False, miss=0.5 if rank < SHOWN else 1.0)


def question_about(beginning: str) -> str:
    """Return the question as the libreta repeats it, with the end of the text that it was about.

    >>> question_about("Esta tarde cae la"), question_about("a" * 50 + " cae la")[:12]
    ('¿Qué sigue después de «Esta tarde cae la»?', '¿Qué sigue d')
    """
    words = shortened_start(" ".join(beginning[-4 * TAIL :].split()), TAIL)
    return _("¿Qué sigue después de «{text}»?").format(text=words)
