"""A job's program started by hand, or on an untrusted folder: what is no job is reported in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from poetas.jobs import Job, JobUnreadable
from poetas.jobs.job_record import JobRecord
from poetas.privacy import Ledger
from tests.paths import UNIT

pytestmark = pytest.mark.slow

HERE = UNIT
ROOT = HERE.parents[1]
WHOLE = {"kind": "look", "config": {}, "created": 1, "ledger": None}


def program(folder):
    """Run a folder's job to its end, as on a command line."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])}
    command = [sys.executable, "-m", "poetas.jobs.run", str(folder), "--kinds", "job_programs"]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def planted(folder, **changes):
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(json.dumps({**WHOLE, **changes}), encoding="utf-8")
    return folder


def gone(folder):
    (folder / "job.json").unlink()
    folder.rmdir()


def a_file(folder):
    gone(folder)
    folder.touch()


def broken(folder):
    (folder / "job.json").write_text("{roto", encoding="utf-8")


def a_folder_named(name):
    def change(folder):
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return change


def a_pipe_named(name):
    def change(folder):
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return change


def a_link_named(name):
    def change(folder):
        (folder / name).symlink_to(folder.parent / "ajeno")

    return change


NO_JOBS = {
    "gone": (gone, "No encuentro la carpeta"),
    "a file": (a_file, "No encuentro la carpeta"),
    "a broken record": (broken, "JSONDecodeError"),
    "no record": (lambda folder: (folder / "job.json").unlink(), "job.json"),
    "events that are a folder": (a_folder_named("events.jsonl"), "events.jsonl is not a file"),
    "a record that is a pipe": (a_pipe_named("job.json"), "job.json is not a file"),
    "events that are a pipe": (a_pipe_named("events.jsonl"), "events.jsonl is not a file"),
    "a result that is a pipe": (a_pipe_named("result.json"), "result.json is not a file"),
    "a stop that leads elsewhere": (a_link_named("stop"), "stop is not a file"),
    "checkpoints that lead elsewhere": (a_link_named("checkpoints"), "checkpoints is not a folder"),
    "a log that leads elsewhere": (a_link_named("log.txt"), "log.txt is not a file"),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are Unix's")
@pytest.mark.parametrize("how", NO_JOBS)
def test_what_is_no_job_is_reported_in_one_line(tmp_path, how):
    change, word = NO_JOBS[how]
    folder = planted(tmp_path / "trabajos" / "look-1")
    (tmp_path / "trabajos" / "ajeno").write_text("mío\n", encoding="utf-8")
    change(folder)
    done = program(folder)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert word in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "trabajos" / "ajeno").read_text("utf-8") == "mío\n"
    with pytest.raises(JobUnreadable):  # and a page, which lists the jobs of a project, does not wait for it either
        Job.open(folder)


def test_a_job_that_runs_already_is_reported(tmp_path):
    import fcntl

    folder = planted(tmp_path / "trabajos" / "look-1")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = program(folder)
    assert done.returncode == 3
    assert "Otro proceso" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("place", ["trabajos", "proyectos/poemas/trabajos", "bajado/de/la/red"])
def test_a_record_cannot_say_where_the_ledger_is(tmp_path, place):
    """A refused connection is written in the ledger of the workspace that the folder lies in, or nowhere."""
    casa, elsewhere = tmp_path / "casa", tmp_path / "ajeno" / "registro.jsonl"
    folder = planted(casa / place / "look-1", ledger=str(elsewhere))
    done = program(folder)
    assert done.returncode == 0, done.stderr
    assert Job.open(folder).result()["refused"], "there was something to note"
    assert not elsewhere.parent.exists()
    ledgers = [path for path in tmp_path.rglob("*.jsonl") if path.name != "events.jsonl"]
    if place.endswith("trabajos"):
        assert ledgers == [casa / "registro.jsonl"]
        assert Ledger(casa / "registro.jsonl").refusals() == 1
    else:
        assert ledgers == []


def test_files_that_come_and_go_while_a_job_works_do_not_make_it_unreadable(tmp_path, monkeypatch):
    """One that is there at two looks and gone at the third is no pipe: there is one look."""
    folder = planted(tmp_path / "trabajo")
    real, looks = Path.stat, []

    def stat(spot, **how):
        looks.append(spot.name)
        status = real(spot, **how)
        if spot.name in {"starting", "stop"} and looks.count(spot.name) == 2:
            spot.unlink()
        return status

    for name in ("starting", "stop"):
        (folder / name).touch()
    monkeypatch.setattr(Path, "stat", stat)
    assert JobRecord.read(folder).kind == "look"
    assert "starting" in looks


@pytest.mark.parametrize("name", ["starting", "stop", "adapter", "checkpoints"])
def test_what_should_be_a_file_or_a_folder_and_is_the_other_is_refused(tmp_path, name):
    folder = planted(tmp_path / "trabajo")
    if name in {"adapter", "checkpoints"}:
        (folder / name).touch()
    else:
        (folder / name).mkdir()
    with pytest.raises(JobUnreadable):
        Job.open(folder, kinds="job_programs")
