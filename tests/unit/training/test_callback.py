"""What the callback tells, asks and obeys: with the Trainer's own state and control, and no model."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import TrainerControl, TrainerState, TrainingArguments

from poetas.jobs import Evaluated, Event, Progress, Saved, Step
from poetas.training import callback
from poetas.training.callback import EventCallback
from poetas.training.step_timer import StepTimer

NAN = float("nan")


class Heard:
    """A callback in a job's folder, all that it emits, and the answer that it gets when it asks."""

    def __init__(self, folder: Path, *, processes: int = 1, first: bool = True) -> None:
        self.folder = folder
        self.emitted: list[Event] = []
        self.orders: list[int] = []
        self.pauses: list[int] = []
        self.asked: list[float] = []
        self.wish, self.tokens = "", 0
        self.timer = StepTimer()
        self.args = TrainingArguments(output_dir=str(folder), eval_strategy="steps", eval_steps=3, use_cpu=True)
        self.state = TrainerState(max_steps=10, eval_steps=3, epoch=0.5)
        self.control = TrainerControl()
        self.callback = EventCallback(
            emit=self.emitted.append if first else None,
            ask=self._ask,
            tokens=lambda: self.tokens,
            order=self.orders.append,
            pause=self.pauses.append,
            folder=folder,
            timer=self.timer,
            processes=processes,
        )

    def _ask(self, since_save: float) -> str:
        self.asked.append(since_save)
        return self.wish

    def on(self, event: str, **more: Any) -> None:
        """Let the Trainer say that something happened."""
        method: Callable[..., Any] = getattr(self.callback, f"on_{event}")
        method(self.args, self.state, self.control, **more)

    def step(self, number: int, tokens: int = 0) -> None:
        """Do a step, as the Trainer does."""
        self.on("step_begin")
        self.tokens += tokens
        self.state.global_step = number
        self.on("step_end")

    def checkpoint(self, number: int, weights: str) -> None:
        """Save, as the Trainer does."""
        self.state.global_step = number
        saved = self.folder / "checkpoints" / f"checkpoint-{number}"
        saved.mkdir(parents=True)
        (saved / "adapter_config.json").write_text("{}")
        (saved / "adapter_model.safetensors").write_text(weights)
        self.on("save")

    def of(self, kind: type) -> list[Any]:
        """Events of a kind."""
        return [event for event in self.emitted if isinstance(event, kind)]


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    return Heard(tmp_path)


def test_a_step_lasts_until_the_card_has_done_it(heard, monkeypatch):
    now = [100.0]

    def wait(device: torch.device) -> None:
        assert device == heard.args.device
        now[0] += 5

    monkeypatch.setattr(callback, "wait_for", wait)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    heard.step(1, tokens=10)
    assert heard.timer.seconds == 5
    assert heard.timer.speed == 2


@pytest.mark.parametrize("measure", [False, True])
def test_a_stop_ends_at_a_checkpoint_and_leaves_a_measure_that_was_due_for_later(heard, measure):
    heard.wish, heard.control.should_evaluate = "stop", measure
    heard.step(3)
    control = heard.control
    assert (control.should_training_stop, control.should_save, control.should_evaluate) == (True, True, False)
    assert (heard.callback.stopped, heard.callback.due) == (True, measure)


def test_a_stop_at_the_last_step_comes_too_late_to_leave_anything_out(heard):
    """The work is done then: the job is to finish, with its last measure, and not to wait to be resumed."""
    heard.wish, heard.control.should_evaluate = "stop", True
    heard.step(10)
    assert heard.control.should_evaluate
    assert heard.control.should_save
    assert not heard.control.should_training_stop
    assert not heard.callback.stopped
    assert not heard.callback.due


def test_a_save_that_is_wished_is_done_and_nothing_else(heard):
    heard.step(1)
    assert not heard.control.should_save
    heard.wish = "save"
    heard.step(2)
    assert heard.control.should_save
    assert not heard.control.should_training_stop
    assert not heard.callback.stopped


def test_whether_to_save_is_asked_by_the_seconds_since_the_last_save(heard):
    heard.callback._saved_at -= 100
    heard.step(1)
    heard.checkpoint(1, "x")
    heard.step(2)
    assert heard.asked == [pytest.approx(100, abs=5), pytest.approx(0, abs=5)]


def test_the_adapter_that_everybody_uses_is_that_of_the_best_checkpoint_not_of_the_last(heard):
    adapter = heard.folder / "adapter" / "adapter_model.safetensors"
    for step, best in ((1, None), (3, 3), (6, 3), (9, 9)):
        heard.state.best_global_step = best
        heard.checkpoint(step, f"of step {step}")
        assert adapter.read_text() == f"of step {best or step}"
    assert [(item.step, item.path) for item in heard.of(Saved)] == [
        (n, f"checkpoints/checkpoint-{n}") for n in (1, 3, 6, 9)
    ]


@pytest.mark.parametrize(("epoch", "order"), [(None, 0), (0, 0), (0.5, 0), (0.99999999, 1), (1.0, 1), (1.5, 1)])
def test_the_order_of_an_epoch_is_that_of_its_number_also_in_its_middle(heard, epoch, order):
    """What the Trainer counts in fractions comes out a hair short of the whole number."""
    heard.state.epoch = epoch
    heard.on("epoch_begin")
    assert heard.orders == [order]


@pytest.mark.parametrize("step", [0, 4])
def test_a_measure_that_a_stop_left_unfinished_is_not_reported_and_due_later(heard, step):
    heard.state.global_step = step
    heard.on("evaluate", metrics={"eval_loss": NAN})
    assert heard.control.should_training_stop
    assert (heard.callback.stopped, heard.callback.due) == (True, step > 0)
    assert not heard.emitted
    assert not heard.pauses


def test_a_measure_is_reported_and_samples_are_written_after_it_and_before_the_first_step(heard):
    heard.on("evaluate", metrics={"eval_loss": 3.5})
    heard.state.global_step = 4
    heard.on("evaluate", metrics={"eval_loss": 2.5})
    assert [(item.step, item.loss) for item in heard.of(Evaluated)] == [(0, 3.5), (4, 2.5)]
    assert heard.pauses == [0, 4]
    assert not heard.control.should_training_stop


def test_what_is_done_now_is_reported_once(heard):
    for step in (1, 2, 3):
        heard.step(step)
    assert len(heard.of(Progress)) == 1


def test_the_speed_counts_the_tokens_of_all_processes_and_the_time_left_the_measures_to_come(tmp_path):
    heard = Heard(tmp_path, processes=2)
    heard.step(1, tokens=50)
    heard.timer.steps.clear()
    assert heard.timer.tokens == 100
    heard.timer.step(2.0, 100)
    heard.timer.step(4.0, 200)
    heard.timer.pauses.append(5.0)
    heard.state.global_step = 2
    heard.on("log", logs={"loss": 1.5, "learning_rate": 1e-4})
    [step] = heard.of(Step)
    assert (step.step, step.total, step.loss, step.tokens_per_second) == (2, 10, 1.5, 50.0)
    assert step.seconds_left == 8 * 3 + 3 * 5, "eight steps, and measures after the third, the sixth and the last"


def test_the_speed_is_that_of_the_last_steps():
    timer = StepTimer()
    for seconds in (100.0, *[1.0] * 30):
        timer.step(seconds, 10)
    assert timer.speed == 10
    assert timer.left(4, 0) == 4
    assert (timer.seconds, timer.tokens) == (130, 310)
    assert StepTimer().left(4, 2) == 0, "nothing is known yet"


def test_a_suspension_of_the_machine_is_no_part_of_the_time_that_is_left():
    """A laptop asleep for ten minutes in the middle of a step, and of an evaluation."""
    timer = StepTimer()
    for _ in range(5):
        timer.step(2.0, 100)
        timer.pauses.append(4.0)
    before = timer.left(10, 3), timer.speed
    timer.step(602.0, 100)
    timer.pauses.append(604.0)
    assert (timer.left(10, 3), timer.speed) == before == (32.0, 50.0)


def test_the_whole_time_holds_that_of_the_processes_before():
    timer = StepTimer(spent=50.0, begun=time.monotonic() - 10)
    assert timer.total == pytest.approx(60, abs=5)


def test_only_the_first_process_tells_and_publishes_and_all_obey(tmp_path):
    heard = Heard(tmp_path, first=False)
    heard.wish = "stop"
    heard.step(1)
    heard.on("log", logs={"loss": 1.5, "learning_rate": 1e-4})
    heard.on("evaluate", metrics={"eval_loss": 3.5})
    heard.checkpoint(1, "x")
    assert not heard.emitted
    assert not heard.pauses
    assert not (tmp_path / "adapter").exists()
    assert heard.control.should_training_stop
