"""Bets on a hidden word: the texts of the course, the model's word out of what it wrote, both compared and scored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from poetas.i18n import _, listed, number
from poetas.util.text_normalize import letters_only, strip_accents

QUOTED = 3  # words that the last sentence names
ENGLISH = (  # for a model that writes no Spanish; not translated with the page
    "That night he could not sleep, so he got out of bed, opened the door and went for a walk in the rain."
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was played. learner: "" where the learner passed. model: "" where it wrote no word."""

    word: str
    learner: str
    model: str

    @property
    def learner_hit(self) -> bool:
        """Whether the learner bet on the word."""
        return same_word(self.learner, self.word)

    @property
    def model_hit(self) -> bool:
        """Whether the model bet on the word."""
        return same_word(self.model, self.word)


def course_text(*, spanish: bool) -> str:
    """Return the text of the course for the game, written for it."""
    if not spanish:
        return ENGLISH
    return _(
        "Esa noche no pudo dormir: se levantó de la cama, abrió la puerta de la casa y salió a caminar bajo la lluvia."
    )


def same_word(bet: str, word: str) -> bool:
    """Return whether a bet is the word: case, accents and signs do not count.

    >>> same_word("Corazon", "corazón,"), same_word("", "sol"), same_word("🌙", "🌙")
    (True, False, True)
    """
    return bool(bet.strip()) and strip_accents(letters_only(bet)) == strip_accents(letters_only(word))


def bare(word: str) -> str:
    """Return a word without the signs around it, for quoting; signs alone as they are.

    >>> bare("dormir:"), bare("—")
    ('dormir', '—')
    """
    match = _WORD.search(word)
    return match[0] if match else word


def first_word(written: str) -> str:
    r"""Return the first word of what a model wrote after a text; "" where it went on with the last word, or wrote none.

    >>> first_word(" ventana de"), first_word(", y luego"), first_word("ron la"), first_word(" 🌙 ")
    ('ventana', 'y', '', '🌙')
    """
    if written[:1].isalnum():
        return ""
    match = _WORD.search(written)
    return match[0] if match else "".join(written.split()[:1])


def round_sentence(played: Round) -> str:
    """Say what the word was and what both had bet."""
    mine = _("Vos dijiste «{word}»").format(word=played.learner) if played.learner else _("Vos pasaste")
    its = _("el modelo, «{word}»").format(word=played.model) if played.model else _("el modelo siguió otra cosa")
    verdict = {
        (True, True): _("punto para los dos"),
        (True, False): _("punto para vos"),
        (False, True): _("punto para el modelo"),
        (False, False): _("esta vez, nadie"),
    }[played.learner_hit, played.model_hit]
    return _("Era «{word}».").format(word=bare(played.word)) + f" {mine}; {its}: {verdict}."


def score(played: Sequence[Round]) -> tuple[int, int]:
    """Return the learner's points and the model's."""
    return sum(entry.learner_hit for entry in played), sum(entry.model_hit for entry in played)


def end_sentence(played: Sequence[Round]) -> str:
    """Say who won, and which words only one of the two saw coming."""
    mine, its = score(played)
    said = _("Vos {mine}, el modelo {its}.").format(mine=number(mine), its=number(its)) + " "
    if mine > its:
        said += _("Ganaste: para adivinar usaste más cosas que las frases que leíste.")
    elif its > mine:
        said += _("Ganó el modelo: no vivió nada de esto, pero leyó muchísimas frases parecidas.")
    else:
        said += _("Empate: él con todo lo que leyó, vos con todo lo que viviste.")
    only_mine = [bare(entry.word) for entry in played if entry.learner_hit and not entry.model_hit]
    only_its = [bare(entry.word) for entry in played if entry.model_hit and not entry.learner_hit]
    for words, sentence in (
        (only_mine, _("Solo vos viste venir {words}.")),
        (only_its, _("Solo el modelo vio venir {words}.")),
    ):
        if words:
            said += " " + sentence.format(words=listed([f"«{word}»" for word in words[:QUOTED]]))
    return said
