"""Several processes that train together on one machine: same result, one writer of events, no process left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest

from poetas.jobs import Evaluated, Job, JobState, Started, Step
from poetas.training.distributed import ProcessGroup
from poetas.training.errors import TrainingProcessLost
from poetas.training.train_job import run
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, dataset

pytestmark = pytest.mark.slow


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
    import sys

    monkeypatch.setattr(sys, "executable", "/bin/false")
    for name in (
        "MASTER_ADDR",
        "MASTER_PORT",
        "WORLD_SIZE",
        "LOCAL_WORLD_SIZE",
        "OMP_NUM_THREADS",
        "RANK",
        "LOCAL_RANK",
    ):
        monkeypatch.setenv(name, os.environ.get(name, "0"))  # so that what the group sets is undone
    context = Listener(tmp_path / "job", with_processes(asked, 2))
    begun = time.monotonic()
    with pytest.raises(TrainingProcessLost) as caught:
        run(context)
    assert caught.value.explanation.action == "resume"
    assert time.monotonic() - begun < 60
    assert not context.of(Step)


def test_one_process_starts_no_other_and_agrees_with_itself(tmp_path):
    before = dict(os.environ)
    group = ProcessGroup(1)
    group.start(tmp_path, threads=1)
    assert [group.agree(wish) for wish in ("", "save", "stop")] == ["", "save", "stop"]
    group.check()
    group.end()
    assert dict(os.environ) == before
