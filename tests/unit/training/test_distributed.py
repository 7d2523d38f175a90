"""Several processes that train together on one machine: same result, one writer of events, no process left behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch
from accelerate import PartialState
from torch import distributed

from poetas.jobs import Evaluated, Job, JobState, Started, Step
from poetas.training.distributed import ProcessGroup, wait_for_all
from poetas.training.errors import TrainingProcessLost
from poetas.training.hardware_plan import AGREED, agreed_memory, detect_hardware, memory_for_each
from poetas.training.train_job import run
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, dataset

pytestmark = pytest.mark.slow
GROUP = (
    "MASTER_ADDR",
    "MASTER_PORT",
    "WORLD_SIZE",
    "LOCAL_WORLD_SIZE",
    "OMP_NUM_THREADS",
    "RANK",
    "LOCAL_RANK",
    AGREED,
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """A training of 21 texts: five whole batches and one that is filled up."""
    root = tmp_path_factory.mktemp("group")
    training = {**SMALL, "epochs": 1, "precision": "float32"}
    model, texts = build_tiny_model(root / "tiny"), dataset(root)
    return {"model": str(model), "dataset": str(texts), "training": training}


def with_processes(asked: dict[str, object], count: int) -> dict[str, object]:
    return {**asked, "training": {**asked["training"], "processes": count}}


def helpers_of(folder: Path) -> list[psutil.Process]:
    """The processes that train along for a job."""
    results = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if "poetas.training.distributed_worker" in line and str(folder) in line:
            results.append(process)
    return results


def test_two_processes_learn_what_one_learns_and_only_the_first_one_tells(asked, tmp_path):
    alone = Listener(tmp_path / "alone", with_processes(asked, 1))
    expected = run(alone)["losses"]
    job = Job.start("train", with_processes(asked, 2), parent=tmp_path)
    assert job.wait(280) is JobState.FINISHED, (job.failure(), (job.dir / "log.txt").read_text()[-2000:])
    events = job.events()[0]
    assert [type(event) for event in events].count(Started) == 1
    assert [event.step for event in events if isinstance(event, Step)] == list(range(1, len(expected["training"]) + 1))
    result = job.result()["losses"]
    assert [step for step, _loss in result["training"]] == [step for step, _loss in expected["training"]]
    assert len(result["training"]) == 6
    for (_, loss), (_, other) in zip(result["training"][:-1], expected["training"][:-1], strict=True):
        assert loss == pytest.approx(other, rel=1e-3)
    # The last batch is not whole: the processes fill it up with texts that were seen already.
    assert result["training"][-1][1] == pytest.approx(expected["training"][-1][1], rel=1e-2)
    for (_, loss), (_, other) in zip(result["validation"], expected["validation"], strict=True):
        assert loss == pytest.approx(other, rel=2e-3)
    assert sum(isinstance(event, Evaluated) for event in events) == len(expected["validation"])
    assert not helpers_of(job.dir)


def test_a_killed_job_takes_its_helpers_with_it(asked, tmp_path):
    job = Job.start("train", with_processes(asked, 2), parent=tmp_path)
    deadline = time.monotonic() + 120
    while not (helpers := helpers_of(job.dir)):
        assert time.monotonic() < deadline, (job.dir / "log.txt").read_text()[-2000:]
        time.sleep(0.05)
    (pid,) = {event.pid for event in job.events()[0] if isinstance(event, Started)}
    os.kill(pid, 9)  # only the first process, as the system does when memory runs out
    _gone, alive = psutil.wait_procs(helpers, timeout=60)
    assert not alive


def test_a_helper_that_cannot_start_is_noticed_at_once_and_reported(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    for name in GROUP:
        monkeypatch.setenv(name, os.environ.get(name, "0"))  # so that what the group sets is undone
    context = Listener(tmp_path / "job", with_processes(asked, 2))
    begun = time.monotonic()
    with pytest.raises(TrainingProcessLost) as caught:
        run(context)
    assert caught.value.explanation.action == "resume"
    assert time.monotonic() - begun < 60
    assert not context.of(Step)


def test_processes_wait_for_each_other_without_naming_a_card_which_two_of_them_may_share(asked, tmp_path, monkeypatch):
    """As beside a graphics card: accelerate asks for the one of the process's number."""
    monkeypatch.setattr(torch._C, "_get_accelerator", lambda: torch.device("cuda"))
    distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/group", rank=0, world_size=1)
    try:
        wait_for_all(torch.device("cpu"))
        with pytest.raises((RuntimeError, AssertionError), match=r"(?i)cuda"):
            distributed.barrier(device_ids=[1])
    finally:
        distributed.destroy_process_group()

    def refused(_state: object) -> None:
        raise AssertionError("waits as accelerate does")

    monkeypatch.setattr(PartialState, "wait_for_everyone", refused)
    assert run(Listener(tmp_path / "job", with_processes(asked, 1)))["steps"] == 6


def test_all_processes_plan_with_the_memory_that_the_first_one_counted(tmp_path, monkeypatch):
    """Each by itself would find less free than the one before, cut its batches otherwise, and be waited for forever."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nenv > part && mv part environment\n", "utf-8")
    program.chmod(0o700)
    for name in GROUP:
        monkeypatch.setenv(name, os.environ.get(name, "0"))  # so that what the group sets is undone
    monkeypatch.setattr(sys, "executable", str(program))
    group = ProcessGroup(2)
    group.start(tmp_path, threads=1, cards=1, memory=6_000_000_000)
    group.end()
    given = dict(
        line.split("=", 1) for line in (tmp_path / "environment").read_text("utf-8").splitlines() if "=" in line
    )
    assert agreed_memory() == 6_000_000_000
    assert given[AGREED] == "6000000000"
    assert given["RANK"] == "1"
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: (7, 5))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _device: "Tesla T4")
    assert detect_hardware(torch.device("cuda")).memory == 6_000_000_000
    monkeypatch.setenv(AGREED, "much")
    assert agreed_memory() == 0
    assert memory_for_each(2, cards=0) == 0


def test_one_process_starts_no_other_and_agrees_with_itself(tmp_path):
    before = dict(os.environ)
    group = ProcessGroup(1)
    group.start(tmp_path, threads=1)
    assert [group.agree(wish) for wish in ("", "save", "stop")] == ["", "save", "stop"]
    group.check()
    group.end()
    assert dict(os.environ) == before
