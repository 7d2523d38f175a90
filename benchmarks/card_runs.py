"""Trainings of the check of a graphics card: on it, on the processor beside it, stopped, foretold, in two processes."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from poetas.errors import CardLost, CardUnusable, PoetasError, explain
from poetas.generation.device import DEVICE, choose_device
from poetas.jobs import Evaluated, Event, Job, JobContext, JobKind, JobState, Progress, Saved, Step, Stopping
from poetas.jobs.kinds import Keeps
from poetas.training.checkpoints import newest
from poetas.training.dry_run import dry_run
from poetas.training.train import train

Losses = list[list[float]]
_PATIENCE = 300.0  # seconds that two processes may take, with the imports of both


class Heard(JobContext):
    """A job's context that keeps its events, and stops after a step."""

    __slots__ = ("heard", "last")

    def __init__(self, folder: Path, config: dict[str, Any], *, last: int = 0, resumed: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stop").unlink(missing_ok=True)
        super().__init__(folder, "train", config, resumed)
        self.heard: list[Event] = []
        self.last = last

    def emit(self, event: Event) -> None:
        """Keep it, write it, and ask for the stop where it is time."""
        self.heard.append(event)
        super().emit(event)
        if isinstance(event, Step) and event.step == self.last:
            self.request_stop()

    def losses(self) -> Losses:
        """[step, loss] of each step and of each evaluation: what the last update did shows in no step."""
        return [[event.step, event.loss] for event in self.heard if isinstance(event, (Step, Evaluated))]


@contextmanager
def on_processor() -> Iterator[None]:
    """Until the end of the block, a graphics card is left alone."""
    with patch.dict(os.environ, {DEVICE: "cpu"}):
        yield


def config(model: Path, dataset: Path, *, samples: int = 0, **training: Any) -> dict[str, Any]:
    """Return the configuration of a job, of one process."""
    return {"model": str(model), "dataset": str(dataset), "samples": samples, "training": {"processes": 1, **training}}


def tidy() -> None:
    """Give back the memory of earlier runs: a Trainer and its callbacks hold each other, and the model with them."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def trained(folder: Path, asked: dict[str, Any], device: torch.device) -> tuple[Heard, dict[str, Any]]:
    """Train; return what was heard, and the result with ``wall``, the seconds of everything.

    Raises RuntimeError where it was not done on the device: beside itself, a processor is right in everything.
    """
    tidy()
    context = Heard(folder, asked)
    begun = time.perf_counter()
    result = train(context)
    on_device(result["device"], device)
    return context, {**result, "wall": time.perf_counter() - begun}


def on_device(used: str, device: torch.device) -> None:
    """Raise RuntimeError where a kind of device was used that is not the device's."""
    if used != device.type:
        raise RuntimeError(f"done on {used}, not on {device.type}")


def interrupted(folder: Path, asked: dict[str, Any], step: int) -> Losses:
    """Train with a stop after a step, go on from its checkpoint, and return the losses of both parts."""
    first = Heard(folder, asked, last=step)
    try:
        train(first)
    except Stopping:
        tidy()
        second = Heard(folder, asked, resumed=True)
        train(second)
        return first.losses() + second.losses()
    raise RuntimeError("the stop was not heard")


def foretold(folder: Path, asked: dict[str, Any], device: torch.device) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make a dry run, then the run; return what was promised and what happened."""
    tidy()
    promised = dry_run(Heard(folder / "dry", asked))
    return promised, trained(folder / "run", asked, device)[1]


def in_two_processes(folder: Path, asked: dict[str, Any], device: torch.device) -> Losses:
    """Train as a job of two processes; return the losses."""
    folder.mkdir(parents=True)
    job = Job.start("train", {**asked, "training": {**asked["training"], "processes": 2}}, parent=folder)
    result = job.result() if _end(job) is JobState.FINISHED else None
    if result is None:
        raise RuntimeError(f"{job.failure()}\n{(job.dir / 'log.txt').read_text('utf-8')[-3000:]}")
    on_device(result["device"], device)
    losses: Losses = result["losses"]["training"]
    return losses


def _end(job: Job) -> JobState:
    """Wait for the end of a job; one that hangs is killed, so that it does not hold the card beside what comes next."""
    state = job.wait(_PATIENCE)
    if not state.over:
        job.kill()
    return state


def lose_card(context: JobContext) -> dict[str, Any]:
    """Train as a job whose graphics card fails at a step: see `KINDS`."""
    return train(_Losing(context.dir, context.kind, context.config, context.resumed, context.ledger, context.log))


class _Losing(JobContext):
    __slots__ = ()

    def emit(self, event: Event) -> None:
        super().emit(event)
        if isinstance(event, Step) and event.step == self.config["lost_at"]:
            if choose_device().type == "cuda":  # a place that is not there: from now on nothing works in this process
                torch.zeros(2, device="cuda")[torch.tensor([5], device="cuda")].sum().item()
            raise torch.AcceleratorError("CUDA error: no card could fail here")


KINDS = {"lose_card": JobKind("benchmarks.card_runs:lose_card", Keeps.CHECKPOINTS)}


def lost(folder: Path, asked: dict[str, Any], step: int) -> tuple[str, Losses]:
    """Train as a job that loses its card at a step, and go on; return the code of its end, and all losses."""
    job = Job.start("lose_card", {**asked, "lost_at": step}, parent=folder, kinds="benchmarks.card_runs")
    failure = job.failure() if _end(job) is JobState.FAILED else None
    if failure is None or newest(job.dir / "checkpoints") is None:
        return "", []
    losses: Losses = train(Heard(job.dir, asked, resumed=True))["losses"]["training"]
    return failure.code, losses


def code_of(work: Any) -> str:
    """Return the code of the card that a piece of work ends with, as a job would say it; "" where it ends well."""
    try:
        work()
    except (PoetasError, RuntimeError) as error:
        return explain(error).code
    return ""


def need_card(error: Exception, *ends: str) -> None:
    """Raise the error where the card is gone, so that nothing more can be asked of it. ends: other codes that do."""
    if explain(error).code in {CardLost.code, CardUnusable.code, *ends}:
        raise error


def reason(error: Exception) -> str:
    """Say why a part of the check failed, in one line."""
    explanation = explain(error)
    return f"{explanation.what} {(explanation.detail or str(error)).partition(chr(10))[0][:200]}"


def farthest(ours: Losses, theirs: Losses) -> float:
    """The largest relative difference of two runs' losses; infinite where they are not of the same steps.

    >>> farthest([[1, 2.0], [2, 1.0]], [[1, 2.0], [2, 1.1]]) < 0.1, farthest([[1, 2.0]], [[2, 2.0]])
    (True, inf)
    """
    if not theirs or [step for step, _loss in ours] != [step for step, _loss in theirs]:
        return float("inf")
    return max(abs(our - their) / abs(their) for (_, our), (_, their) in zip(ours, theirs, strict=True))


def whole_story(events: Sequence[Event], result: Mapping[str, Any]) -> bool:
    """Tell whether the events of a run say all: every step, evaluations with falling places, a checkpoint, the end."""
    steps = [event.step for event in events if isinstance(event, Step)]
    measured = [event.step for event in events if isinstance(event, Evaluated)]
    saved = [event.step for event in events if isinstance(event, Saved)]
    numbers = all(event.tokens_per_second > 0 for event in events if isinstance(event, Step))
    return (
        steps == list(range(1, int(result["steps"]) + 1))
        and numbers
        and measured == sorted({0, *measured, steps[-1]})
        and bool(saved)
        and set(saved) <= set(steps)
    )


def story(events: Sequence[Event]) -> list[tuple[str, float, str]]:
    """What a run tells, in its order, without its figures, and without saves, which the clock asks for as well."""
    heard = [event for event in events if isinstance(event, (Step, Evaluated, Progress))]
    return [
        ("", event.done, event.note) if isinstance(event, Progress) else (type(event).__name__, event.step, "")
        for event in heard
    ]
