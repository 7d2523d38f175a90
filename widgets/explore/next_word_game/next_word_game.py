"""Next-word game («¿Qué sigue?»): recorded rounds in; the learner's choices out, each kept as a bet of the course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Widget

from poetas.course.bets import BetVerdict, kept
from poetas.course.course_record import Part, course_entries
from poetas.course.next_word_rounds import NextWordRound, model_id, next_word_rounds
from poetas.data.storage.state_scopes import KeyPath
from widgets.core.component import Component
from widgets.explore.next_word_game.next_word_board import NextWordBoard
from widgets.explore.next_word_game.round_texts import answer, drawn, labels, parting, question


class NextWordGame(Component):
    """Three rounds: choose one of four words, then see what a model bet. No model is needed: its bets are recorded.

    What was chosen is kept in the course record and comes back after a reload.
    """

    recipe: ClassVar[str] = "que-sigue"

    def build(self) -> Sequence[Widget]:
        """Make the board, with what was chosen before."""
        self.rounds = next_word_rounds()
        self.board = NextWordBoard([drawn(played) for played in self.rounds], labels(), self._chosen_before())
        self.board.observe(lambda change: self._chose(len(change.old)), "choices")
        return (self.board,)

    def refresh(self) -> None:
        """Mark the step as done once every round was played."""
        self.done = len(self.board.choices) >= len(self.rounds)

    def seen(self) -> str:
        """Return where she and the model parted last, or that they never did."""
        return parting([(played, choice) for played, choice in self._played() if 0 <= choice < len(played.options)])

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with: the round played last, or the first, and the model of the bets."""
        played = self.rounds[max(0, min(len(self.board.choices), len(self.rounds)) - 1)]
        folder = self.context.workspace.models / model_id()
        return {"MODEL": str(folder), "KIND": "plain", "TEXT": played.beginning, "OPTIONS": tuple(played.options)}

    def _played(self) -> list[tuple[NextWordRound, int]]:
        """The rounds that were played, each with the option chosen; the browser sends them."""
        played = zip(self.rounds, self.board.choices, strict=False)
        return [(each, choice) for each, choice in played if isinstance(choice, int)]

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

    def _chose(self, before: int) -> None:
        """Keep the choices after the first ``before`` as bets of the course: earlier ones may have been erased."""
        state, changes = self.context.state(), dict[KeyPath, object]()
        for played, choice in list(zip(self.rounds, self.board.choices, strict=False))[before:]:
            options = list(played.options)
            if isinstance(choice, int) and 0 <= choice < len(options):
                word = options[choice]
                verdict = BetVerdict(answer(played, word), played.favourite, won=None)  # a poet's word is no mistake
                changes |= kept(state, played.id, verdict, question=question(played), said=word)
        self.context.keep_answers(changes)
        self.refresh()
