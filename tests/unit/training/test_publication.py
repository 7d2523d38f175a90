"""The published adapter is that of the best checkpoint, in whichever moment a SIGKILL ended the process before."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from poetas.jobs import Notice, Stopping
from poetas.training import callback
from poetas.training.adapter_publication import publish_best
from poetas.training.checkpoints import newest
from poetas.training.train_job import run
from tests.paths import ROOT
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, copy_job, dataset

pytestmark = pytest.mark.slow

ADAPTER = ("adapter_config.json", "adapter_model.safetensors")
FILES = (*ADAPTER, "optimizer.pt", "scheduler.pt", "trainer_state.json", "rng_state.pth")
WINDOWS = {
    "before the seal": 2,  # and the step of the checkpoint from which a run that is killed there goes on
    "between seal and publication": 4,
    "with the old adapter moved away": 4,
    "before the old adapter is removed": 4,
}
# Runs a training for each window and sends it SIGKILL there, at the second save. The processes are forked from one that
# has the libraries and has run nothing. Prints the exit codes.
PROGRAM = """
import json, os, pathlib, signal, sys
from poetas.training import adapter_publication, callback, train, train_job, trainer
from tests.unit.training_pieces import Listener

folder, windows, config = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
codes = {}
for window in windows:
    child = os.fork()
    if child == 0:
        break
    codes[window] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
else:
    print(json.dumps(codes))
    sys.exit()

saves = []

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def seal(checkpoint, metadata, real=trainer.seal):
    saves.append(checkpoint)
    if window == "before the seal" and len(saves) == 2:
        die()
    real(checkpoint, metadata)

def publish(source, target, real=callback.publish_adapter):
    if window == "between seal and publication" and len(saves) == 2:
        die()
    real(source, target)

def replace(path, target, real=pathlib.Path.replace):
    real(path, target)
    if len(saves) == 2 and window == "with the old adapter moved away" and pathlib.Path(target).name == ".adapter.old":
        die()
    if len(saves) == 2 and window == "before the old adapter is removed" and pathlib.Path(target).name == "adapter":
        die()

trainer.seal, callback.publish_adapter, pathlib.Path.replace = seal, publish, replace
train_job.run(Listener(folder / window, config))
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("publication")
    training = {**SMALL, "epochs": 1, "evaluate_every": 0.34}
    return {"model": str(build_tiny_model(root / "tiny")), "dataset": str(dataset(root)), "training": training}


@pytest.fixture(scope="module")
def whole(asked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Listener:
    """A run that nothing interrupted: measured and saved after steps 2, 4 and 6, each better than the one before."""
    context = Listener(tmp_path_factory.mktemp("whole") / "job", asked)
    assert run(context)["best_step"] == 6
    return context


@pytest.fixture(scope="module")
def killed(asked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the jobs that were killed, named by their windows."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-c", PROGRAM, str(folder), json.dumps(list(WINDOWS)), json.dumps(asked)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert ended.returncode == 0, ended.stderr[-2000:]
    codes = json.loads(ended.stdout.splitlines()[-1])
    assert codes == dict.fromkeys(WINDOWS, -signal.SIGKILL), ended.stderr[-2000:]
    return folder


def adapter_in(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ADAPTER]


def checkpoints(job: Path) -> list[str]:
    return sorted(path.name for path in (job / "checkpoints").iterdir())


@pytest.mark.parametrize(("window", "goes_on_from"), WINDOWS.items())
def test_after_a_kill_at_a_save_the_best_adapter_is_published_on_resume(asked, whole, killed, window, goes_on_from):
    job = killed / window
    moved_away = window in {"with the old adapter moved away", "before the old adapter is removed"}
    assert (job / ".adapter.old").is_dir() is moved_away
    assert (job / "adapter").is_dir() is (window != "with the old adapter moved away")
    start = newest(job / "checkpoints")
    assert start.step == goes_on_from
    second = Listener(job, asked, resumed=True)
    second.request_stop()  # heard after one step, where nothing is measured: what is published was derived on resume
    with pytest.raises(Stopping):
        run(second)
    assert not list(job.glob(".adapter*"))
    assert adapter_in(job / "adapter") == adapter_in(start.folder)
    (job / "stop").unlink()
    result = run(Listener(job, asked, resumed=True))
    assert result["best_step"] == 6
    assert adapter_in(job / "adapter") == adapter_in(job / "checkpoints" / "checkpoint-6")
    assert adapter_in(job / "adapter") == adapter_in(whole.dir / "adapter")


def test_a_finished_run_that_was_killed_before_its_last_publication_publishes_it(asked, whole, tmp_path):
    job = copy_job(whole.dir, tmp_path / "job")
    for name in ADAPTER:
        (job / "adapter" / name).write_bytes((job / "checkpoints" / "checkpoint-4" / name).read_bytes())
    result = run(Listener(job, asked, resumed=True))
    assert result["best_step"] == result["steps"] == 6
    assert adapter_in(job / "adapter") == adapter_in(job / "checkpoints" / "checkpoint-6")


def test_a_run_publishes_its_best_at_the_end_whatever_was_published_on_the_way(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(callback, "publish_adapter", lambda _source, _target: None)
    job = Listener(tmp_path / "job", asked)
    assert run(job)["best_step"] == 6
    assert adapter_in(job.dir / "adapter") == adapter_in(job.dir / "checkpoints" / "checkpoint-6")


def test_a_damaged_best_checkpoint_does_not_replace_what_is_published(whole, tmp_path):
    job = copy_job(whole.dir, tmp_path / "job")
    flip(job / "checkpoints" / "checkpoint-4" / "adapter_model.safetensors")
    before = adapter_in(job / "adapter")
    last = newest(job / "checkpoints")
    assert publish_best(job, last, 4) == 4
    assert adapter_in(job / "adapter") == before
    (job / "adapter" / "adapter_model.safetensors").unlink()
    assert publish_best(job, last, 4) == last.step, "there is nothing better"
    assert adapter_in(job / "adapter") == adapter_in(last.folder)


def flip(path: Path) -> None:
    """Invert one byte in the middle of a file: damage that leaves its size as it is."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("name", FILES)
def test_a_checkpoint_with_a_damaged_file_of_the_same_size_gives_way_to_the_one_before(whole, tmp_path, name):
    job = copy_job(whole.dir, tmp_path / "job")
    assert checkpoints(job) == ["checkpoint-4", "checkpoint-6"]
    flip(job / "checkpoints" / "checkpoint-6" / name)
    assert newest(job / "checkpoints").step == 4


def test_a_run_goes_on_from_the_checkpoint_before_a_damaged_one_and_says_so(asked, whole, tmp_path):
    job = copy_job(whole.dir, tmp_path / "job")
    flip(job / "checkpoints" / "checkpoint-6" / "optimizer.pt")
    second = Listener(job, asked, resumed=True)
    result = run(second)
    [notice] = second.of(Notice)
    assert notice.text == (
        "El último punto de guardado, el de la corrección 6, estaba dañado o ya no está: sigo desde la 4."
    )
    assert min(second.losses) == 5
    assert result["best_step"] == 6
    assert adapter_in(job / "adapter") == adapter_in(whole.dir / "adapter")


def test_seals_of_versions_without_checksums_are_still_read(whole, tmp_path):
    job = copy_job(whole.dir, tmp_path / "job")
    seal = job / "checkpoints" / "checkpoint-6" / "complete.json"
    value = json.loads(seal.read_text("utf-8"))
    value["files"] = {name: entry["bytes"] for name, entry in value["files"].items()}
    seal.write_text(json.dumps(value), encoding="utf-8")
    assert newest(job / "checkpoints").step == 6
