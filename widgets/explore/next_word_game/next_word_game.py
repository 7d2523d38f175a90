"""Next-word game («¿Qué sigue?»): recorded rounds in; the learner's choices out, each kept as a bet of the course."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Widget

from poetas.course.course_record import Part, course_entries, course_path
from poetas.course.next_word_rounds import NextWordRound, model_id, next_word_rounds
from poetas.data.storage.state_scopes import KeyPath
from widgets.core.component import Component
from widgets.explore.next_word_game.next_word_board import NextWordBoard
from widgets.explore.next_word_game.round_texts import answer, drawn, labels, question


class NextWordGame(Component):
    """Three rounds: choose one of four words, then see what a model bet. No model is needed: its bets are recorded.

    What was chosen is kept in the course record and comes back after a reload.
    """

    recipe: ClassVar[str] = "que-sigue"

    def build(self) -> Sequence[Widget]:
        """Make the board, with what was chosen before."""
        self.rounds = next_word_rounds()
        self.board = NextWordBoard([drawn(played) for played in self.rounds], labels(), self._chosen_before())
        self.board.observe(lambda _change: self._chose(), "choices")
        return (self.board,)

    def refresh(self) -> None:
        """Mark the step as done once every round was played."""
        self.done = len(self.board.choices) >= len(self.rounds)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with: the round played last, or the first, and the model of the bets."""
        played = self.rounds[max(0, min(len(self.board.choices), len(self.rounds)) - 1)]
        folder = self.context.workspace.models / model_id()
        return {"MODEL": str(folder), "KIND": "plain", "TEXT": played.beginning, "OPTIONS": tuple(played.options)}

    def _chosen_before(self) -> list[int]:
        """The choices of the course record, up to the first round that has none."""
        bets = course_entries(self.context.state(), Part.BETS)
        choices: list[int] = []
        for played in self.rounds:
            entry = bets.get(played.id)
            word = entry.get("bet") if isinstance(entry, dict) else None
            if word not in list(played.options):
                break
            choices.append(list(played.options).index(word))
        return choices

    def _chose(self) -> None:
        """Keep the choices that are new as bets of the course."""
        before = course_entries(self.context.state(), Part.BETS)
        changes: dict[KeyPath, object] = {}
        for played, choice in zip(self.rounds, self.board.choices, strict=False):
            options = list(played.options)
            if played.id not in before and isinstance(choice, int) and 0 <= choice < len(options):
                changes[course_path(Part.BETS, played.id)] = _bet(played, options[choice])
        if changes:
            self.context.save_at(changes)
        self.refresh()


def _bet(played: NextWordRound, word: str) -> dict[str, object]:
    """Return the entry of the course record for a choice."""
    return {
        "app": "conocer",
        "step": "que-sigue",
        "question": question(played),
        "bet": word,
        "outcome": played.favourite,
        "won": word == played.favourite,
        "sentence": answer(played, word),
        "time": round(time.time()),
    }
