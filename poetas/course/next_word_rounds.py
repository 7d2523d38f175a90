"""Rounds of «¿Qué sigue?»: beginnings of verse, four continuations of each, and a model's recorded probabilities.

They are kept in ``next_word_rounds.json``, which `poetas.generation.record_next_word` writes: the game needs no model
and no download.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from poetas.util.files import read_json

FILE = Path(__file__).with_name("next_word_rounds.json")


@dataclass(frozen=True, slots=True)
class NextWordRound:
    """One round.

    id: of its bet in the course record. beginning: verses, the last one unfinished. options: the four words to choose
    from, in the order in which they are shown, with the probability of each whole word. likeliest: the texts of the
    model's likeliest next tokens with their probabilities, likeliest first.
    """

    id: str
    beginning: str
    options: Mapping[str, float]
    likeliest: Mapping[str, float]

    @property
    def favourite(self) -> str:
        """The model's likeliest next word."""
        return next(iter(self.likeliest)).strip()

    @property
    def likeliest_share(self) -> float:
        """The probability of the model's likeliest next word."""
        return next(iter(self.likeliest.values()))

    def bets(self, count: int) -> dict[str, float]:
        """Return the probability of every option and of the model's likeliest words, likeliest first.

        count: of the likeliest tokens that are taken.
        """
        words = {token.strip(): share for token, share in list(self.likeliest.items())[:count]}
        return dict(sorted((words | dict(self.options)).items(), key=lambda entry: -entry[1]))


def model_id() -> str:
    """Return the id of the model whose probabilities are recorded."""
    return str(_record()["model"])


def model_title() -> str:
    """Return the name of the model whose probabilities are recorded.

    >>> model_title()
    'Gemma 3 (270M)'
    """
    return str(_record()["title"])


def read_rounds(record: Mapping[str, Any]) -> list[NextWordRound]:
    """Return the rounds of the file's JSON."""
    return [
        NextWordRound(entry["id"], entry["beginning"], entry["options"], entry.get("likeliest", {}))
        for entry in record["rounds"]
    ]


@lru_cache(maxsize=1)
def _record() -> Mapping[str, Any]:
    record: Mapping[str, Any] = read_json(FILE)
    return record


def next_word_rounds() -> list[NextWordRound]:
    """Return the recorded rounds, in the order of the game.

    >>> [(played.id, played.favourite) for played in next_word_rounds()]
    [('que-sigue-1', 'puerta'), ('que-sigue-2', 'sueño'), ('que-sigue-3', 'tiempo')]
    """
    return read_rounds(_record())
