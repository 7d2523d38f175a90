"""Texts of «¿Qué sigue?»: what each choice is answered, what each round teaches, and the game's labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poetas.course.next_word_rounds import NextWordRound, model_title, next_word_rounds
from poetas.i18n import _, number
from widgets.controls.bar_list.bar_list import SCALE, in_brief, share_phrase

LIKELIEST = 4  # bars of the model's own, beside those of the four options


def answer(played: NextWordRound, word: str) -> str:
    """Answer a choice by what the model bet."""
    favourite, share = played.favourite, played.likeliest_share
    if word == favourite:
        return _("Elegiste «{word}», y el modelo también: le apostó {share}.").format(
            word=word, share=share_phrase(share)
        )
    words = _("El modelo le apostó {share} a «{favourite}». Vos elegiste «{word}»: a esa le dio {mine}.")
    return words.format(
        share=share_phrase(share), favourite=favourite, word=word, mine=share_phrase(played.options[word])
    )


def question(played: NextWordRound) -> str:
    """Return the round as one sentence, for the learner's list of bets."""
    return _("«{beginning}…» ¿Qué sigue?").format(beginning=played.beginning.replace("\n", " / "))


def parting(choices: Sequence[tuple[NextWordRound, int]]) -> str:
    """Return the last round where the learner and the model chose differently, or that they never did; "" before."""
    if not choices:
        return ""
    chosen = [(played, list(played.options)[choice]) for played, choice in choices]
    apart = [(played, word) for played, word in chosen if word != played.favourite]
    if not apart:
        words = _(
            "Las {count} veces seguiste el verso como el modelo; con «{word}» fue con la que menos dudó: {share}."
        )
        surest = max((played for played, _word in chosen), key=lambda played: played.likeliest_share)
        share = share_phrase(surest.likeliest_share)
        return words.format(count=number(len(chosen)), word=surest.favourite, share=share)
    played, word = apart[-1]
    words = _("Donde vos seguiste con «{word}», el modelo apostaba a «{favourite}», con {share}.")
    return words.format(word=word, favourite=played.favourite, share=share_phrase(played.likeliest_share))


def rest(played: NextWordRound) -> str:
    """Say how much of the bets the bars do not show."""
    share = 1 - sum(played.bets(LIKELIEST).values())
    words = _("Lo que falta para cien, {share}, está repartido entre todas las demás palabras y pedacitos que conoce.")
    return words.format(share=share_phrase(share))


def idea(played: NextWordRound) -> str:
    """Return what a round teaches; each names its surprise."""
    return {
        "que-sigue-1": _(
            "Cuando el comienzo empuja fuerte, más de la mitad de las apuestas va a una sola palabra. Y aun así "
            "ninguna se queda sin nada: hasta a «canilla» le tocó una migaja."
        ),
        "que-sigue-2": _(
            "Acá no había respuesta correcta: las cuatro quedan bien. El modelo también duda, y se le nota: su "
            "favorita no llega a 5 de cada 100. Lo que menos vio venir fue el gato."
        ),
        "que-sigue-3": _(
            "Lo tentó una frase hecha: «se tomó todo el tiempo». El vino, el agua y el mate, que se toman de verdad, "
            "casi no entraron en sus apuestas. Le apuesta a lo conocido antes que a lo gracioso; "
            "en un poema, eso lo decidís vos."
        ),
    }[played.id]


def drawn(played: NextWordRound) -> dict[str, Any]:
    """Return a round as the board draws it, with every sentence that a choice may bring up."""
    bets = played.bets(LIKELIEST)
    longest = max(SCALE, *bets.values())
    options = [
        {
            "word": word,
            "hit": word == played.favourite,
            "sentence": answer(played, word),
            "bars": [
                {
                    "word": other,
                    "text": in_brief(share),
                    "length": share / longest,
                    "mine": other == word,
                    "favourite": other == played.favourite,
                }
                for other, share in bets.items()
            ],
        }
        for word in played.options
    ]
    return {
        "lines": played.beginning.split("\n"),
        "options": options,
        "favourite": played.favourite,
        "rest": rest(played),
        "idea": idea(played),
    }


def labels() -> dict[str, Any]:
    """Return the game's own texts."""
    count = len(next_word_rounds())
    some = _("Vos y el modelo coincidieron {hits} veces de {count}.")
    scores = [
        _("Vos y el modelo no coincidieron ni una vez."),
        _("Vos y el modelo coincidieron una vez de {count}.").format(count=number(count)),
        *(some.format(hits=number(hits), count=number(count)) for hits in range(2, count)),
        _("Vos y el modelo coincidieron las {count} veces.").format(count=number(count)),
    ]
    return {
        "rounds": [_("Ronda {n} de {count}").format(n=number(n + 1), count=number(count)) for n in range(count)],
        "ask": _("¿Con qué palabra seguirías?"),
        "bars": _("Las apuestas de {model}").format(model=model_title()),
        "mine": _("la tuya"),
        "favourite": _("la favorita del modelo"),
        "next": _("Otro verso"),
        "finish": _("Ver cómo quedó"),
        "scores": scores,
        "yours": _("Con tus palabras"),
        "theirs": _("Con las favoritas del modelo"),
        "end": _(
            "Coincidir no da puntos: el modelo apuesta a lo que más suena, y un poema muchas veces busca lo otro. Las "
            "apuestas que viste son de {model}, grabadas para este juego; más abajo lo vas a tener en vivo."
        ).format(model=model_title()),
    }
