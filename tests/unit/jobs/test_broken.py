"""Jobs: everything that goes wrong around them, with real processes, real disks and real signals."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from poetas import jobs
from poetas.errors import PoetasError
from poetas.jobs import Job, JobState, decode, encode
from poetas.jobs import detached_process as spawning
from poetas.jobs.job_context import JobContext
from poetas.jobs.processes import process_of
from tests.unit.counting_jobs import KINDS, names, start, steps
from tests.unit.patience import until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("programs_on_path")]


def finished_job(tmp_path: Path) -> Job:
    job = start(tmp_path, n=3)
    child = spawning._children[-1]  # taken now: reading the job's state reaps children that ended
    assert job.wait(30) is JobState.FINISHED
    assert child.wait(20) == 0
    return job


# --- killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.cold), 1, 2])
def test_killed_at_any_moment_it_is_lost_and_readable_and_resumes_to_the_right_result(tmp_path, seed):
    rng = random.Random(seed)
    n = 120  # longer than any wait below: the first kill always finds it at work
    job = start(tmp_path, n=n, every=4, pause=0.01)
    kills = 0
    for _ in range(8):
        process = spawning._children[-1]
        time.sleep(rng.uniform(0, 0.7))
        process.send_signal(signal.SIGKILL)
        state = job.wait(10)
        assert state in {JobState.LOST, JobState.FINISHED}
        reopened = Job.open(job.dir, kinds=KINDS)
        assert reopened.state is state
        lines = (job.dir / "events.jsonl").read_bytes().split(b"\n") if (job.dir / "events.jsonl").exists() else []
        assert sum(decode(line) is None for line in lines if line) == 0, "one write a line: no line is ever cut"
        if state is JobState.FINISHED:
            break
        kills += 1
        explanation = job.failure()
        assert (explanation.code, explanation.action) == ("job-killed", "resume")
        reopened.resume()
    assert kills > 0
    assert job.wait(60) is JobState.FINISHED
    assert job.result() == {"sum": n * (n + 1) // 2}
    assert set(steps(job)) == set(range(1, n + 1))
    saved = 0
    for event in job.events()[0]:
        if isinstance(event, jobs.Saved):
            saved = event.step
        if isinstance(event, jobs.Step):
            assert event.step > saved, "what was saved is never done again"
    assert not list(job.dir.glob(".*.part")), "nothing half-written is left"


@pytest.mark.cold
def test_a_segmentation_fault_is_a_lost_job_with_an_explanation_and_a_trace_in_the_log(tmp_path):
    job = start(tmp_path, "crash")
    assert job.wait(30) is JobState.LOST
    explanation = job.failure()
    assert explanation.code == "job-killed"
    assert explanation.action == "resume"
    assert "memoria" in explanation.why
    assert "Segmentation fault" in (job.dir / "log.txt").read_text()


def test_a_lock_file_of_a_dead_process_whose_number_is_used_again_means_lost(tmp_path):
    """The process id in the events is that of a living process here, and the lock file exists: neither counts."""
    job = finished_job(tmp_path)
    (job.dir / "events.jsonl").write_text(encode(jobs.Started(os.getpid(), resumed=False, time=time.time())) + "\n")
    (job.dir / "lock").write_text(str(os.getpid()))
    again = Job.open(job.dir, kinds=KINDS)
    assert again.state is JobState.LOST
    again.kill()  # must not touch the innocent process
    again.resume()
    assert again.wait(30) is JobState.FINISHED
    assert again.result() == {"sum": 6}


@pytest.fixture
def bystander():
    """A process with a session of its own, as a job has, that is none."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process.pid
    assert process.poll() is None, "it was ended in place of the job"
    process.kill()
    process.wait()


@pytest.mark.cold
def test_kill_ends_the_job_and_no_other_process_whatever_number_the_events_hold(tmp_path, bystander):
    """0 would be the caller's own group, and what no process can have must not raise.

    Never 1 here: a `kill` that obeyed it would end everything on the machine. The caller has a session of its own,
    so that one that obeyed 0 would end the caller alone.
    """
    several = {}
    for number in (0, 10**30, bystander):
        job = start(tmp_path, "outlive", pid=number)
        several[number] = job, spawning._children[-1]
    for job, _process in several.values():
        until(lambda job=job: "Notice" in names(job))
    code = (
        "import sys; from pathlib import Path; from poetas.jobs import Job\n"
        "for folder in sys.argv[1:]: Job.open(Path(folder)).kill()"
    )
    command = [sys.executable, "-c", code, *(job.dir for job, _process in several.values())]
    done = subprocess.run(command, start_new_session=True, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for number, (job, process) in several.items():
        assert process.wait(10) == -signal.SIGKILL, number
        assert job.state is JobState.LOST, number


def test_kill_is_not_misled_by_who_only_names_the_folder(tmp_path):
    """What the job forked, or a program that gets it as an argument, has the folder in its command line as well."""
    job = start(tmp_path, "outlive", pid=10**30)
    until(lambda: "Notice" in names(job))
    looks = [["sleep", "60"], [sys.executable, "-c", "import time; time.sleep(60)", "poetas.jobs.run", str(job.dir)]]
    others = [
        subprocess.Popen(looks[0], cwd=job.dir, start_new_session=True),
        subprocess.Popen(looks[1]),  # in the session of these tests
    ]
    try:
        process = spawning._children[-1]
        job.kill()
        process.wait(10)
        assert job.state is JobState.LOST
        assert [other.poll() for other in others] == [None, None]
        assert process_of(job.dir) is None
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_what_a_killed_process_was_writing_is_swept_by_the_next_and_nothing_else(tmp_path):
    job = start(tmp_path, n=2000)
    until(lambda: steps(job))
    spawning._children[-1].kill()
    assert job.wait(10) is JobState.LOST
    (job.dir / ".result.json.abc.part").write_text('{"su')
    (job.dir / "poema.part").write_text("mío")
    (job.dir / ".adapter.part").mkdir()  # recover() undoes folders
    job.resume()
    until(lambda: names(job).count("Started") == 2)
    assert {path.name for path in job.dir.iterdir() if path.suffix == ".part"} == {"poema.part", ".adapter.part"}
    job.stop()
    assert job.wait(20) is JobState.STOPPED


@pytest.mark.cold
def test_a_process_that_dies_before_it_tells_anything_is_lost_not_waiting(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")  # the interpreter itself cannot start
    job = start(tmp_path, n=1)
    assert job.wait(30) is JobState.LOST
    monkeypatch.delenv("PYTHONHOME")
    job.resume()
    assert job.wait(30) is JobState.FINISHED


def test_a_starter_killed_half_way_leaves_no_job(tmp_path):
    (tmp_path / "trabajos" / "count-1").mkdir(parents=True)
    assert Job.all(tmp_path / "trabajos") == []
    with pytest.raises(jobs.JobUnreadable):
        Job.open(tmp_path / "trabajos" / "count-1")


# --- half-written and hostile files -----------------------------------------------------------------------------------


def test_a_half_written_last_line_is_passed_over_and_the_next_writer_starts_on_a_fresh_one(tmp_path):
    job = start(tmp_path, n=400)
    until(lambda: steps(job))
    spawning._children[-1].kill()
    assert job.wait(10) is JobState.LOST
    whole, position = job.events()
    with (job.dir / "events.jsonl").open("ab") as out:
        out.write(b'{"event": "Step", "step": 99, "note": "caf' + b"\xc3")
    assert job.events() == (whole, position), "not yet a line"
    job.resume()
    until(lambda: names(job).count("Started") == 2)
    job.stop()
    job.wait(20)
    events, _ = job.events()
    assert events[: len(whole)] == whole
    assert isinstance(events[len(whole)], jobs.Started), "its own line, not glued to the broken one"
    assert 99 not in steps(job)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"Step"',
        b"\xff\xfe\x00",
        b'{"event": "Nothing", "time": 1}',
        b'{"event": ["Step"], "time": 1}',
        b'{"event": "Stopped", "time": "now", "step": 1}',
        b'{"event": "Stopped", "time": 1, "step": true}',
        b'{"event": "Stopped", "time": true, "step": 1}',
        b'{"event": "Evaluated", "step": 1, "epoch": 1, "loss": false}',
        b'{"event": "Evaluated", "step": true, "epoch": 1, "loss": 1}',
        b'{"event": "Saved", "time": 1}',
        b'{"event": "Finished", "time": 1, "result": []}',
        b'{"event": "Evaluated", "step": 1, "epoch": 1, "loss": 1' + b"0" * 400 + b"}",
        b"[" * 100_000,
    ],
)
def test_a_broken_line_is_no_event(line):
    assert decode(line) is None


WRONG = (
    {"step": 999_999_999},
    {"step": -1},
    {"step": 10**30, "total": 10**30},
    {"total": 0},
    {"epoch": -0.5},
    {"loss": float("nan")},
    {"loss": float("inf")},
    {"loss": -float("inf")},
    {"loss": -3.0},
    {"learning_rate": -1e-4},
    {"tokens_per_second": float("inf")},
    {"seconds_left": -3.0},
    {"time": float("nan")},
    {"time": -1.0},
)


def test_an_event_with_a_number_that_cannot_be_is_passed_over_like_a_broken_line(tmp_path):
    job = finished_job(tmp_path)
    whole = job.events()[0]
    step = next(event for event in whole if isinstance(event, jobs.Step))
    for wrong in WRONG:
        with (job.dir / "events.jsonl").open("a") as out:
            out.write(json.dumps({**json.loads(encode(step)), **wrong}) + "\n")
        assert job.events()[0] == whole, wrong


@pytest.mark.parametrize(
    "event",
    [
        jobs.Progress(-1.0, 3.0),
        jobs.Progress(1.0, float("inf")),
        jobs.Evaluated(-3, 0.5, 1.0),
        jobs.Evaluated(3, 0.5, float("nan")),
        jobs.Evaluated(3, 0.5, -1.0),
        jobs.Sample(3, -1, "a", "b", "c"),
        jobs.Saved(-3, "checkpoints/3"),
        jobs.Stopped(-3),
    ],
)
def test_of_every_kind_of_event_the_numbers_are_looked_at(event):
    assert decode(encode(event)) is None


def test_the_last_step_and_a_stop_without_one_are_events():
    for event in (jobs.Step(9, 9, 1.0, 0.0, 0.0, 0.0, 0.0), jobs.Stopped(None), jobs.Progress(5.0, 0.0)):
        assert decode(encode(event)) == event


def test_every_event_survives_the_way_to_a_line_and_back():
    events = [
        jobs.Started(12, resumed=True, time=1.5),
        jobs.Progress(1.0, 0.0, "Bajando «gemma»…\n\u2028", time=2.0),
        jobs.Step(1, 10, 0.1, 2.5, 1e-4, 250.0, 12.5),
        jobs.Evaluated(5, 0.5, 2.25),
        jobs.Sample(5, 0, "á", "ñ", 'comillas " y \\ y 🙂'),
        jobs.Saved(5, "checkpoints/5"),
        jobs.Notice("slow", "Va lento."),
        jobs.Finished({"a": [1, None, {"b": "ü"}]}),
        jobs.Stopped(None),
        jobs.Failed("disk-full", "w", "y", "r", "retry", "d"),
    ]
    for event in events:
        line = encode(event)
        assert "\n" not in line
        assert decode(line) == event
        assert decode(line.encode()) == event


def test_numbers_of_numpy_travel():
    import numpy as np

    assert decode(encode(jobs.Evaluated(np.int64(3), np.float32(0.5), 2.5))) == jobs.Evaluated(3, 0.5, 2.5)


def test_what_a_program_hands_back_travels_though_json_does_not_know_it():
    import numpy as np

    result = {
        "array": np.array([1, 2]),
        "names": {"b", "a"},
        "mean": np.float64(0.5),
        "place": Path("a"),
        "pair": (1, 2),
    }
    event = decode(encode(jobs.Finished(result)))
    assert event.result == {"array": [1, 2], "names": ["a", "b"], "mean": 0.5, "place": "a", "pair": [1, 2]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"job"',
        "{}",
        '{"kind": 3, "config": {}, "created": 1}',
        '{"kind": "count", "config": [], "created": 1}',
        '{"kind": "count", "config": {}, "created": "soon"}',
        '{"kind": "count", "config": {}, "created": 1, "ledger": {}}',
        "[" * 100_000,
        '{"kind": "count", "created": 1, "config": {"x": "' + "x" * (5 << 20) + '"}}',
    ],
)
def test_a_broken_description_is_a_card(tmp_path, text):
    (tmp_path / "job.json").write_text(text)
    with pytest.raises(PoetasError) as caught:
        Job.open(tmp_path)
    explanation = caught.value.explanation
    assert explanation.code == "job-unreadable"
    assert explanation.what
    assert explanation.remedy


def test_a_description_can_never_name_code(tmp_path):
    job = finished_job(tmp_path)
    target = tmp_path / "owned"
    (tmp_path / "evil.py").write_text(f"import pathlib\npathlib.Path({str(target)!r}).touch()\nKINDS = {{}}")
    (job.dir / "events.jsonl").unlink()
    for kind in ("evil:run", "os:system", "../evil", "evil", "tests.unit.job_programs:count"):
        hostile = {"kind": kind, "kinds": "evil", "target": "evil:run", "config": {}, "created": 1, "ledger": None}
        (job.dir / "job.json").write_text(json.dumps(hostile))
        opened = Job.open(job.dir)
        opened.resume()
        assert opened.wait(30) is JobState.FAILED
        assert opened.failure().code == "unknown-kind"
    assert not target.exists()


# --- full disks -------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(path: Path) -> None:
    """Append until nothing fits."""
    for piece in (512, 1):
        with suppress(OSError), path.open("ab", buffering=0) as out:
            while True:
                out.write(b" " * piece)


@pytest.mark.mounts
def test_a_full_disk_ends_in_failed_disk_full_with_nothing_lost_and_resumes_when_there_is_room(tmp_path):
    with small_disk(tmp_path / "disk", "256k") as disk:
        job = Job.start("fill", {"length": 3000}, parent=disk, kinds=KINDS)
        assert job.wait(30) is JobState.FAILED
        explanation = job.failure()
        assert explanation.code == "disk-full"
        assert explanation.remedy
        again = Job.open(job.dir, kinds=KINDS)
        assert again.state is JobState.FAILED
        kept = [event for event in again.events()[0] if isinstance(event, jobs.Notice)]
        assert len(kept) > 20
        assert all(event.text == "x" * 3000 for event in kept), "what was written before is whole"
        assert "Failed" not in names(job), "there was no room for it: it was said in the place kept for it"
        subprocess.run(["mount", "-o", "remount,size=512k", disk], check=True)
        again.resume()
        until(lambda: names(job).count("Started") == 2)
        assert again.wait(30) is JobState.FAILED
        order = [name for name in names(job) if name != "Notice"]
        assert order[:3] == ["Started", "Failed", "Started"], "the next process completes the history"


@pytest.mark.mounts
def test_a_disk_that_is_full_from_the_first_is_reported_by_start(tmp_path):
    with small_disk(tmp_path / "disk", "64k") as disk:
        fill(disk / "filler")
        with pytest.raises(OSError, match="space"):
            Job.start("count", {"n": 1, "x": "y" * 5000}, parent=disk, kinds=KINDS)
        assert Job.all(disk) == []
        assert [path.name for path in disk.iterdir()] == ["filler"], "nothing is left of what did not begin"


def test_a_process_that_cannot_be_started_leaves_no_folder(tmp_path, monkeypatch):
    def refuse(*_given, **_more):
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr("poetas.jobs.job.spawn", refuse)
    with pytest.raises(BlockingIOError):
        start(tmp_path)
    assert list((tmp_path / "trabajos").iterdir()) == []


@pytest.mark.mounts
def test_a_disk_that_fills_while_stopped_fails_the_resume_clearly(tmp_path):
    with small_disk(tmp_path / "disk", "256k") as disk:
        job = Job.start("count", {"n": 2000}, parent=disk, kinds=KINDS)
        until(lambda: steps(job))
        job.stop()
        assert job.wait(20) is JobState.STOPPED
        fill(disk / "filler")
        fill(job.dir / "events.jsonl")  # what is left of its last page, so that not a single line fits
        job.resume()
        assert job.wait(30) is JobState.FAILED
        assert job.failure().code == "disk-full"
        (disk / "filler").unlink()
        job.resume()
        until(lambda: len(steps(job)) > 5)
        job.stop()
        assert job.wait(20) is JobState.STOPPED


def test_a_limit_on_the_size_of_files_is_reported_as_a_full_disk(tmp_path):
    job = start(tmp_path, "fill", limit=50_000)
    assert job.wait(30) is JobState.FAILED
    assert job.failure().code == "disk-full"
    assert (job.dir / "events.jsonl").stat().st_size == 50_000
    assert all(event is not None for event in job.events()[0])


def test_an_event_on_a_device_that_is_always_full_raises_and_does_not_hide(tmp_path):
    (tmp_path / "events.jsonl").symlink_to("/dev/full")
    with pytest.raises(OSError, match="space"):
        JobContext(tmp_path, "count", {}).emit(jobs.Notice("a", "b"))


# --- workers of a job -------------------------------------------------------------------------------------------------


def test_a_worker_process_learns_that_the_jobs_process_is_gone(tmp_path):
    job = start(tmp_path, n=4000)
    until(lambda: steps(job))
    worker = JobContext(job.dir, "count", {})
    assert not worker.orphaned()
    spawning._children[-1].kill()
    until(worker.orphaned)
