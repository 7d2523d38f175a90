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
PLACES = ("trabajos", "proyectos/poemas/trabajos", "bajado/de/la/red")
WHOLE = {"kind": "look", "config": {}, "created": 1, "ledger": None}


def program(folder):
    """Run a folder's job to its end, as on a command line."""
    return run("-m", "poetas.jobs.run", str(folder), "--kinds", "job_programs")


# A process each, forked from one that has imported the program; argv: the folders. Each line: exit code, what it said.
EACH = """
import contextlib, io, json, os, sys
from poetas.jobs.run import main
for folder in sys.argv[1:]:
    spoken, speaks = os.pipe()
    if (child := os.fork()) == 0:
        os.dup2(speaks, 2)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = main([folder, "--kinds", "job_programs"])
        print(out.getvalue(), file=sys.stderr, end="", flush=True)
        os._exit(code)
    os.close(speaks)
    said = open(spoken, "rb").read().decode()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said]))
"""


def programs(folders):
    """Run the jobs of folders one after the other; return each one's exit code and all that it said."""
    done = run("-c", EACH, *map(str, folders))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def run(*arguments):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])}
    command = [sys.executable, *arguments]
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
def test_what_is_no_job_is_reported_in_one_line(tmp_path):
    folders = []
    for how, (change, _word) in NO_JOBS.items():
        folders.append(planted(tmp_path / how / "look-1"))
        (tmp_path / how / "ajeno").write_text("mío\n", encoding="utf-8")
        change(folders[-1])
    for folder, (how, (_change, word)), (code, said) in zip(folders, NO_JOBS.items(), programs(folders), strict=True):
        assert code == 2, how
        assert len(said.splitlines()) == 1, (how, said)
        assert word in said, how
        assert (tmp_path / how / "ajeno").read_text("utf-8") == "mío\n", how
        with pytest.raises(JobUnreadable):  # a page, which lists the jobs of a project, does not wait for it either
            Job.open(folder)
    done = program(folders[0])
    assert (done.returncode, done.stdout) == (2, "")
    assert NO_JOBS[next(iter(NO_JOBS))][1] in done.stderr


def test_a_job_that_runs_already_is_reported(tmp_path):
    import fcntl

    folder = planted(tmp_path / "trabajos" / "look-1")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = program(folder)
    assert done.returncode == 3
    assert "Otro proceso" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_record_cannot_say_where_the_ledger_is(tmp_path):
    """A refused connection is written in the ledger of the workspace that the folder lies in, or nowhere."""
    homes = {place: tmp_path / str(n) / "casa" for n, place in enumerate(PLACES)}
    elsewhere = tmp_path / "ajeno" / "registro.jsonl"
    folders = [planted(homes[place] / place / "look-1", ledger=str(elsewhere)) for place in PLACES]
    for place, folder, (code, said) in zip(PLACES, folders, programs(folders), strict=True):
        assert code == 0, (place, said)
        assert Job.open(folder).result()["refused"], f"there was something to note: {place}"
        ledgers = [path for path in homes[place].parent.rglob("*.jsonl") if path.name != "events.jsonl"]
        if place.endswith("trabajos"):
            assert ledgers == [homes[place] / "registro.jsonl"]
            assert Ledger(ledgers[0]).refusals() == 1
        else:
            assert ledgers == [], place
    assert not elsewhere.parent.exists()


def test_files_that_come_and_go_while_a_job_works_do_not_make_it_unreadable(tmp_path, monkeypatch):
    """One that is there at two looks and gone at the third is no pipe: there is one look."""
    folder = planted(tmp_path / "trabajo")
    real, looks = Path.stat, []

    def stat(path, **how):
        looks.append(path.name)
        status = real(path, **how)
        if path.name in {"starting", "stop"} and looks.count(path.name) == 2:
            path.unlink()
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
