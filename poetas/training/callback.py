"""`TrainerCallback` that turns the Trainer's progress into the job's events and a stop request into its end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback
from transformers import TrainerControl as Control
from transformers import TrainerState as State
from transformers import TrainingArguments as Args

from poetas.i18n import _
from poetas.jobs.events import Evaluated, Event, Progress, Saved, Step
from poetas.training.adapter_publication import ADAPTER_FOLDER, publish_adapter
from poetas.training.loss_choice import wait_for
from poetas.training.step_timer import StepTimer

Values = dict[str, float] | None


class EventCallback(TrainerCallback):
    """Writes `Step`, `Evaluated`, `Saved` and `Progress`, publishes the best adapter, and stops on request.

    emit: takes events; None in all processes but the first. ask: whether to stop, to save, or neither, given the
    seconds since the last save; the same answer in every process. tokens: seen so far by this process. folder: the
    job's. pause: called after an evaluation, to write samples. processes: that train together.
    """

    def __init__(
        self,
        *,
        emit: Callable[[Event], None] | None,
        ask: Callable[[float], str],
        tokens: Callable[[], int],
        order: Callable[[int], None],
        pause: Callable[[int], None],
        folder: Path,
        timer: StepTimer,
        processes: int = 1,
    ) -> None:
        self.stopped = False
        self.due = False  # an evaluation that a stop left out
        self._emit, self._ask, self._tokens, self._order, self._pause = emit, ask, tokens, order, pause
        self._folder, self._timer, self._processes = folder, timer, processes
        self._saved_at = self._step_at = self._pause_at = time.monotonic()
        self._tokens_before = 0
        self._note = ""

    def on_epoch_begin(self, args: Args, state: State, control: Control, **_more: Any) -> None:  # noqa: ARG002
        """Set the epoch of the sampler, also when resuming in the middle of an epoch."""
        self._order(int((state.epoch or 0) + 1e-6))

    def on_step_begin(self, args: Args, state: State, control: Control, **_more: Any) -> None:  # noqa: ARG002
        """Note the time."""
        self._say(state, _("Estudiando los textos"))
        self._step_at, self._tokens_before = time.monotonic(), self._tokens()

    def on_step_end(self, args: Args, state: State, control: Control, **_more: Any) -> Control:
        """Time the step, until the card has done it, and look for a stop request or a save that is due."""
        wait_for(args.device)
        self._timer.step(time.monotonic() - self._step_at, (self._tokens() - self._tokens_before) * self._processes)
        self._pause_at = time.monotonic()
        wish = self._ask(time.monotonic() - self._saved_at)
        if wish == "stop" and state.global_step < state.max_steps:
            self.stopped, self.due = True, control.should_evaluate
            control.should_evaluate = False
            control.should_training_stop = True
        if wish in {"stop", "save"}:
            control.should_save = True
        return control

    def on_log(self, args: Args, state: State, control: Control, logs: Values = None, **_more: Any) -> None:
        """Emit a `Step`, and the note of an evaluation that comes next."""
        if self._emit is None or not logs or "loss" not in logs:
            return
        every = state.eval_steps if args.eval_strategy != "no" else 0
        pauses = -(-(state.max_steps - state.global_step) // every) if every else 0
        self._emit(
            Step(
                state.global_step,
                state.max_steps,
                round(float(state.epoch or 0), 4),
                float(logs["loss"]),
                float(logs["learning_rate"]),
                round(self._timer.speed, 1),
                round(self._timer.left(state.max_steps - state.global_step, int(pauses)), 1),
            )
        )
        if control.should_evaluate:
            self._say(state, _("Simulacro: midiendo con textos que no estudia"))

    def on_evaluate(self, args: Args, state: State, control: Control, metrics: Values = None, **_more: Any) -> Control:  # noqa: ARG002
        """Emit an `Evaluated`, and have the samples written."""
        loss = (metrics or {}).get("eval_loss", float("nan"))
        if math.isnan(loss):  # a stop left it unfinished
            self.stopped, self.due = True, state.global_step > 0
            control.should_training_stop = True
        elif self._emit is not None:
            self._emit(Evaluated(state.global_step, round(float(state.epoch or 0), 4), loss))
            if state.global_step:
                self._say(state, _("Guardando un señalador"))
            self._pause(state.global_step)
        if state.global_step:
            self._timer.pauses.append(time.monotonic() - self._pause_at)
        return control

    def on_save(self, args: Args, state: State, control: Control, **_more: Any) -> None:  # noqa: ARG002
        """Emit a `Saved`; publish the adapter of a checkpoint that is the best so far."""
        self._saved_at = time.monotonic()
        if self._emit is None:
            return
        name = f"checkpoint-{state.global_step}"
        self._emit(Saved(state.global_step, f"checkpoints/{name}"))
        if state.best_global_step in {None, state.global_step}:
            publish_adapter(self._folder / "checkpoints" / name, self._folder / ADAPTER_FOLDER)

    def _say(self, state: State, note: str) -> None:
        """Emit a `Progress` with a note, once for each note."""
        if self._emit is not None and note != self._note:
            self._note = note
            self._emit(Progress(state.global_step, state.max_steps, note))
