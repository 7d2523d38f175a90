"""Steps that a graphics card plays back: the same gradients and losses as by Python, and by Python where that fails.

A recording is played back here by doing its work again, on the same fixed tensors as a CUDA graph reads and writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from poetas.generation.model import load_model
from poetas.jobs import Stopping
from poetas.training import load_for_training, step_choice
from poetas.training.batching import FINE, RECORDED
from poetas.training.checkpoints import newest
from poetas.training.collator import PaddingCollator
from poetas.training.config import TrainingConfig
from poetas.training.label_masking import IGNORE_INDEX, EncodedExample
from poetas.training.label_only_forward import use_label_only_forward
from poetas.training.lora import add_adapter
from poetas.training.recorded_steps import RecordedSteps
from poetas.training.step_choice import PLAIN, PLAYED, measure_steps, usual_batch
from poetas.training.train_job import run
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, dataset

pytestmark = pytest.mark.slow


class Again:
    """A recording in fixed tensors: work is done again, and what it gives is put where it was the first time."""

    def __init__(self, work: Any) -> None:
        self._work = work
        self.result = torch.zeros(())
        self.played = 0

    def replay(self) -> None:
        self.result.copy_(self._work())
        self.played += 1


class Recorder:
    def __init__(self) -> None:
        self.recordings: list[Again] = []

    def record(self, work: Any) -> tuple[Again, torch.Tensor]:
        self.recordings.append(Again(work))
        return self.recordings[-1], self.recordings[-1].result


class Refusal:
    def record(self, work: Any) -> Any:
        raise RuntimeError("operation not permitted when stream is capturing")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def adapted(tiny: Path) -> Any:
    model = load_model(tiny, dtype=torch.float32)
    use_label_only_forward(model.model, seq2seq=False, autocast=None)
    learning = add_adapter(model.model, TrainingConfig(lora_rank=4), name="tiny", seq2seq=False, autocast=False)
    torch.manual_seed(3)
    for name, weight in learning.named_parameters():
        if "lora_B" in name:  # zero in a fresh adapter, which leaves the other factor without a gradient
            torch.nn.init.normal_(weight, std=0.1)
    return learning


def example(prompt: int, learnt: int, seed: int) -> EncodedExample:
    ids = torch.randint(5, 300, (prompt + learnt,), generator=torch.Generator().manual_seed(seed)).tolist()
    return EncodedExample(ids, [IGNORE_INDEX] * prompt + ids[prompt:], 0)


BATCHES = [  # two shapes once rounded up, in turn, so that each is seen three times
    [example(20 + place, 5 + place, place), example(140 * (place % 2) + 9, 7, place + 50)] for place in range(6)
]


def gradients(model: Any) -> list[torch.Tensor]:
    return [weight.grad.clone() for weight in model.parameters() if weight.grad is not None]


def test_batches_that_are_played_back_give_the_gradients_that_each_has_by_itself(adapted):
    recorder = Recorder()
    steps = RecordedSteps(adapted, recorder)
    for items in BATCHES:
        plain = PaddingCollator(5, 2048)(items)
        adapted.zero_grad()
        expected = adapted(**plain)["loss"]
        expected.backward()
        alone = gradients(adapted)
        adapted.zero_grad()
        loss = steps.step(PaddingCollator(5, 2048, grid=RECORDED, located=True)(items), None)
        assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
        for gradient, other in zip(gradients(adapted), alone, strict=True):
            torch.testing.assert_close(gradient, other, rtol=1e-3, atol=1e-6)
    assert steps.played == 4
    assert [recording.played for recording in recorder.recordings] == [2, 2]
    assert not steps.failure


def test_parts_of_a_batch_add_up_and_the_next_step_begins_at_zero(adapted):
    steps, collate = RecordedSteps(adapted, Recorder()), PaddingCollator(5, 2048, grid=RECORDED, located=True)
    halves = [collate([item]) for item in (example(20, 6, 1), example(30, 8, 2))]
    seen = []
    for _ in range(3):
        adapted.zero_grad()
        for half in halves:
            steps.step(half, torch.tensor(14))
        seen.append(gradients(adapted))
    adapted.zero_grad()
    adapted(**PaddingCollator(5, 2048)([example(20, 6, 1), example(30, 8, 2)]))["loss"].backward()
    for given in seen:
        for gradient, other in zip(given, gradients(adapted), strict=True):
            torch.testing.assert_close(gradient, other, rtol=1e-3, atol=1e-6)
    assert steps.played > 2


def test_what_cannot_be_recorded_is_done_by_python_and_says_why(adapted):
    def padding(grid: Any) -> PaddingCollator:
        return PaddingCollator(5, 2048, grid=grid, located=True)

    choice = measure_steps(RecordedSteps(adapted, Refusal()), padding, BATCHES[0])
    assert (choice.name, choice.grid) == (PLAIN, FINE)
    assert "capturing" in choice.failure
    assert set(choice.times) == {PLAIN, PLAYED}
    assert all(weight.grad is None for weight in adapted.parameters())
    steps = RecordedSteps(adapted, Refusal())
    batch = padding(RECORDED)(BATCHES[0])
    losses = {round(steps.step(batch, None).item(), 4) for _ in range(3)}
    assert len(losses) == 1
    assert steps.played == 0


def test_a_batch_that_fits_by_python_alone_is_done_by_python(adapted, monkeypatch):
    """The padding of recorded steps is coarser, and may need more than a small card has."""

    def padding(grid: Any) -> PaddingCollator:
        return PaddingCollator(5, 2048, grid=grid, located=True)

    steps = RecordedSteps(adapted, Recorder())
    step = steps.learn

    def on_a_small_card(given: Any) -> torch.Tensor:
        if given["input_ids"].shape[1] >= RECORDED.columns:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return step(given)

    monkeypatch.setattr(steps, "learn", on_a_small_card)
    choice = measure_steps(steps, padding, [example(20, 6, 1)])
    assert (choice.name, choice.grid, set(choice.times)) == (PLAIN, FINE, {PLAIN})
    assert "memory" in choice.failure
    assert all(weight.grad is None for weight in adapted.parameters())


def test_a_run_that_is_played_back_learns_what_one_by_python_learns_also_after_a_stop(tiny, tmp_path, monkeypatch):
    training = {**SMALL, "epochs": 1, "precision": "float32"}
    asked = {"model": str(tiny), "dataset": str(dataset(tmp_path)), "training": training}
    plain = run(Listener(tmp_path / "plain", asked))
    assert (plain["how"]["steps"], plain["how"]["loss"]) == (PLAIN, "blocks")

    monkeypatch.setattr(load_for_training, "recordable", lambda *_given, **_more: True)
    monkeypatch.setattr(step_choice, "CudaRecorder", Recorder)
    monkeypatch.setattr(step_choice, "_WORTH", float("inf"))  # so small a model is no faster played back
    first = Listener(tmp_path / "played", asked, stop_after=3)
    with pytest.raises(Stopping):
        run(first)
    assert newest(first.checkpoints).metadata["steps"] == PLAYED
    monkeypatch.setattr(step_choice, "_WORTH", 0.0)  # measured again it would be done otherwise
    second = Listener(tmp_path / "played", asked, resumed=True)
    (second.dir / "stop").unlink()
    second._stop = False
    result = run(second)
    assert result["how"]["steps"] == PLAYED
    for kind in ("training", "validation"):
        torch.testing.assert_close(
            torch.tensor(result["losses"][kind]), torch.tensor(plain["losses"][kind]), rtol=1e-4, atol=0
        )


def test_the_batch_that_is_timed_is_of_usual_length():
    items = [example(size, 2, size) for size in (90, 10, 50, 30, 70)]
    assert [len(item.input_ids) for item in usual_batch(items, 3)] == [32, 52, 72]
    assert len(usual_batch(items[:1], 4)) == 4
