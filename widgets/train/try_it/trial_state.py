"""State of «Probalo»: the text of each dataset, and the complete answers that each training gave to it last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from poetas.data.storage.state_scopes import StateOwner
from poetas.generation.generation_client import GeneratedAnswer
from widgets.core.debouncer import Debouncer
from widgets.core.page_context import PageContext

TEXT, TRIAL = "trial_text", "trial"  # in the state of the dataset, and of the training


class TrialState:
    """Reads and saves the text in the box, which is saved when it has not changed for a moment, and its answers."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._unsaved: tuple[StateOwner, str] | None = None
        self._debouncer = Debouncer(context.poller, self.flush)
        self._dataset = self._fingerprint()

    def _fingerprint(self) -> str:
        return self._context.dataset_state.owner.dataset

    def text(self) -> str:
        """Return the learner's text for the dataset in use, "" where there is none."""
        kept = self._context.dataset_state.get(TEXT)
        return kept if isinstance(kept, str) else ""

    def edited(self, text: str) -> None:
        """Note the text in the box."""
        self._unsaved = (self._context.dataset_state.owner, text)
        self._debouncer.changed()

    def flush(self) -> None:
        """Save the noted text now, for the dataset that it was written for."""
        unsaved, self._unsaved = self._unsaved, None
        if unsaved is not None:
            self._context.dataset_state.save(unsaved[0], **{TEXT: unsaved[1]})

    def dataset_changed(self) -> bool:
        """Return whether another dataset is in use than at the last call, and there was one."""
        before, self._dataset = self._dataset, self._fingerprint()
        return bool(before) and before != self._dataset

    def save(self, text: str, answers: Mapping[str, GeneratedAnswer], *, known: bool) -> None:
        """Save complete answers to a text. known: whether they are those of the exam."""
        trial = {"text": text, "answers": dict(answers), "known": known}
        self._unsaved = None
        self._context.dataset_state.save(**{TEXT: text, TRIAL: trial})

    def answers(self, text: str) -> tuple[dict[str, GeneratedAnswer], bool]:
        """Return what the models in use answered to this text last, and whether it is of the exam; {} where nothing."""
        kept: Any = self._context.dataset_state.get(TRIAL)
        answers = kept.get("answers") if isinstance(kept, dict) and kept.get("text") == text else None
        if not isinstance(answers, dict) or not text:
            return {}, False
        sound = {str(who): cast("GeneratedAnswer", answer) for who, answer in answers.items() if _sound(answer)}
        return sound, bool(kept.get("known"))


def _sound(answer: object) -> bool:
    """Whether a value that was kept is an answer that can be drawn."""
    if not isinstance(answer, dict):
        return False
    return isinstance(answer.get("text"), str) and isinstance(answer.get("truncated", 0), int)
