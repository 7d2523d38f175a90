"""Jobs: what happens to them in ordinary life, with real processes; some of them started as production does."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from poetas import jobs
from poetas.jobs import Job, JobState, run
from poetas.jobs import detached_process as spawning
from poetas.jobs import job as job_module
from tests.paths import ROOT, UNIT
from tests.unit.counting_jobs import KINDS, names, start, steps
from tests.unit.patience import until
from tests.unit.privacy.test_network_namespace import allowed

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("programs_on_path")]


def python(code: str, *arguments: str) -> subprocess.Popen:
    """Another process that uses jobs."""
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)


@pytest.mark.cold
def test_a_job_runs_to_its_end_and_tells_everything(tmp_path):
    job = start(tmp_path, n=12, every=5)
    assert job.state is JobState.WAITING
    assert job.wait(30) is JobState.FINISHED
    assert job.result() == {"sum": 78}
    assert job.failure() is None
    kinds = names(job)
    assert kinds[0] == "Started"
    assert kinds[-1] == "Finished"
    assert steps(job) == list(range(1, 13))
    assert kinds.count("Saved") == 2
    times = [event.time for event in job.events()[0]]
    assert times == sorted(times)
    assert abs(times[0] - time.time()) < 60


def test_everything_of_a_job_is_for_its_owner_only(tmp_path):
    job = start(tmp_path, n=1)
    job.wait(30)
    for path in (job.dir, job.dir.parent, *job.dir.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, (path, oct(mode))
    assert stat.S_IMODE(job.dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("place", ["casa/trabajos", "casa/proyectos/poemas/trabajos"])
def test_a_job_notes_what_it_was_refused_in_the_ledger_of_its_workspace(tmp_path, place):
    """The one who starts it cannot forget to say so."""
    job = Job.start("look", {}, parent=tmp_path / place, kinds=KINDS)
    assert job.wait(30) is JobState.FINISHED
    assert job.result()["refused"] == "NetworkRefused"
    assert [path for path in tmp_path.rglob("*.jsonl") if path.name != "events.jsonl"] == [
        tmp_path / "casa" / "registro.jsonl"
    ]


def test_events_are_asked_for_from_where_one_was(tmp_path):
    job = start(tmp_path, n=30)
    seen, position = [], 0
    while not job.state.over:
        new, position = job.events(position)
        seen += new
        time.sleep(0.02)
    new, position = job.events(position)
    seen += new
    assert seen == job.events()[0]
    assert job.events(position) == ([], position)


def test_stop_ends_at_a_checkpoint_and_resume_continues_from_it(tmp_path):
    job = start(tmp_path, n=60, every=1000, pause=0.05)
    until(lambda: len(steps(job)) >= 5)
    job.stop()
    assert job.state in {JobState.STOPPING, JobState.STOPPED}
    assert job.wait(20) is JobState.STOPPED
    stopped = job.events()[0][-1]
    assert isinstance(stopped, jobs.Stopped)
    assert stopped.step == max(steps(job))
    assert names(job)[-2:] == ["Saved", "Stopped"]
    job.resume()
    assert job.state in {JobState.WAITING, JobState.RUNNING}
    assert job.wait(30) is JobState.FINISHED
    assert job.result() == {"sum": 1830}
    assert steps(job) == list(range(1, 61)), "no step is done twice, none is left out"
    assert [event.resumed for event in job.events()[0] if isinstance(event, jobs.Started)] == [False, True]


def test_stop_is_heard_before_the_program_has_begun(tmp_path):
    job = start(tmp_path, n=2000)
    job.stop()
    assert job.wait(30) is JobState.STOPPED
    assert len(steps(job)) <= 1


def test_sigterm_asks_to_stop_as_well(tmp_path):
    job = start(tmp_path, n=2000)
    until(lambda: steps(job))
    os.kill(job.events()[0][0].pid, signal.SIGTERM)
    assert job.wait(20) is JobState.STOPPED
    assert names(job)[-2:] == ["Saved", "Stopped"]


def test_stop_and_resume_are_harmless_where_they_mean_nothing(tmp_path):
    job = start(tmp_path, n=2)
    assert job.wait(30) is JobState.FINISHED
    events = job.events()
    job.stop()
    job.resume()
    time.sleep(0.3)
    assert job.state is JobState.FINISHED
    assert job.events() == events
    lost = start(tmp_path, "crash")
    assert lost.wait(30) is JobState.LOST
    lost.stop()
    assert lost.state is JobState.LOST
    assert not (lost.dir / "stop").exists(), "it would stop the next resume"


def test_a_job_outlives_the_process_that_started_it_and_another_sees_the_whole_of_it(tmp_path):
    starter = python(
        "import sys, os; from pathlib import Path; from poetas.jobs import Job\n"
        "job = Job.start('count', {'n': 40, 'pause': 0.03}, parent=Path(sys.argv[1]), kinds='job_programs')\n"
        "print(job.dir, flush=True); os.kill(os.getpid(), 9)",
        str(tmp_path),
    )
    folder = Path(starter.communicate()[0].strip())
    assert starter.returncode == -signal.SIGKILL
    job = Job.open(folder, kinds=KINDS)
    assert not job.state.over
    watcher = python(
        "import sys; from pathlib import Path; from poetas.jobs import Job, Step\n"
        "job = Job.open(Path(sys.argv[1])); print(job.wait(30))\n"
        "print(*[e.step for e in job.events()[0] if isinstance(e, Step)])",
        str(folder),
    )
    assert watcher.communicate()[0].split() == ["finished", *map(str, range(1, 41))]
    assert job.wait(5) is JobState.FINISHED


def test_many_watchers_at_once_see_the_same_and_never_disturb(tmp_path):
    """Watching touches the lock: forty watchers must not make a job look lost, nor keep it from being resumed."""
    job = start(tmp_path, n=20, pause=0.02)
    wrong: list[str] = []

    def watch() -> None:
        mine = Job.open(job.dir)
        while not (state := mine.state).over:
            pass
        if state is not JobState.FINISHED:
            wrong.append(state)

    threads = [threading.Thread(target=watch) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert job.wait(60) is JobState.FINISHED
    for thread in threads:
        thread.join(20)
    assert wrong == []


def test_a_resume_gets_through_many_watchers(tmp_path):
    job = start(tmp_path, "crash")
    assert job.wait(30) is JobState.LOST
    over = threading.Event()

    def watch() -> None:
        mine = Job.open(job.dir)
        while not over.is_set():
            _ = mine.state

    threads = [threading.Thread(target=watch) for _ in range(6)]
    for thread in threads:
        thread.start()
    try:
        job.resume()
        until(lambda: names(job).count("Started") == 2)
    finally:
        over.set()
        for thread in threads:
            thread.join(10)


def test_simultaneous_resumes_start_one_process(tmp_path):
    job = start(tmp_path, n=200, pause=0.01)
    until(lambda: steps(job))
    job.stop()
    assert job.wait(20) is JobState.STOPPED
    several = python(
        "import os, sys, time; from pathlib import Path; from poetas.jobs import Job\n"
        "begin = time.time() + 0.3\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        job = Job.open(Path(sys.argv[1]), kinds='job_programs')\n"
        "        time.sleep(max(0, begin - 0.05 - time.time()))\n"
        "        while time.time() < begin: pass\n"
        "        job.resume(); os.write(1, f'{job.state}\\n'.encode()); os._exit(0)\n"
        "for _ in range(4): os.wait()",
        str(job.dir),
    )
    states = several.communicate()[0].split()
    assert len(states) == 4
    assert set(states) <= {"waiting", "running"}
    assert job.wait(60) is JobState.FINISHED
    assert names(job).count("Started") == 2
    assert steps(job) == list(range(1, 201))


def test_simultaneous_resumes_from_threads_of_one_kernel_start_one_process(tmp_path):
    job = start(tmp_path, "explode")
    assert job.wait(30) is JobState.FAILED
    again = start(tmp_path, n=3, pause=0.3)
    until(lambda: steps(again))
    again.stop()
    again.wait(20)
    threads = [threading.Thread(target=Job.open(again.dir, kinds=KINDS).resume) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert again.wait(30) is JobState.FINISHED
    assert names(again).count("Started") == 2


def test_resume_right_after_a_failure_waits_for_the_old_process_to_leave(tmp_path):
    """`Failed` is emitted before the process is gone: a click in between must not be lost.

    Meanwhile a forgotten thread does not keep a finished job alive.
    """
    assert run._LINGER < job_module._EXIT_PATIENCE, "a resume waits longer than any process lingers"
    job = start(tmp_path, "linger", patience=1)
    child = spawning._children[-1]
    until(lambda: "Finished" in names(job))
    assert job.state is JobState.FINISHED, "reported, though its process lingers"
    assert child.poll() is None
    failed = start(tmp_path, "linger", patience=1, fail=True)
    until(lambda: "Failed" in names(failed))
    failed.resume()
    until(lambda: names(failed).count("Started") == 2, 25)
    assert child.wait(15) == 0


def test_a_failure_is_reported_in_its_own_words_and_the_traceback_stays_in_the_log(tmp_path):
    job = start(tmp_path, "explode")
    assert job.wait(30) is JobState.FAILED
    explanation = job.failure()
    assert (explanation.code, explanation.action, explanation.why, explanation.remedy) == (
        "loss-nan",
        "smaller",
        "w",
        "r",
    )
    assert explanation.what == "La pérdida dejó de ser un número."
    assert "Traceback" in (job.dir / "log.txt").read_text()
    assert "Traceback" not in (job.dir / "events.jsonl").read_text()


def test_a_lack_of_memory_is_reported(tmp_path):
    job = start(tmp_path, "hog")
    assert job.wait(30) is JobState.FAILED
    assert job.failure().code == "out-of-memory"
    processes = [
        process for process in psutil.process_iter(["cmdline"]) if str(job.dir) in (process.info["cmdline"] or [])
    ]
    assert not psutil.wait_procs(processes, timeout=20)[1], "without memory for a thread, it ends nevertheless"


@pytest.mark.cold
def test_no_zombie_is_left_and_none_counts_as_running(tmp_path):
    job = start(tmp_path, "crash")
    child = spawning._children[-1]
    until(lambda: Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
    other = python(
        "import sys; from pathlib import Path; from poetas.jobs import Job; print(Job.open(Path(sys.argv[1])).state)",
        str(job.dir),
    )
    assert other.communicate()[0].strip() == "lost", "to another process, which cannot reap it, it is lost too"
    assert job.state is JobState.LOST
    assert not Path(f"/proc/{child.pid}").exists()


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    """What a program without network and one with it find around them, started as production does from a user's page.

    Native code in the first tries a port that listens here. See `job_programs.look`.
    """
    folder = tmp_path_factory.mktemp("inside")
    before = os.umask(0o022)
    try:
        with pytest.MonkeyPatch.context() as patched, socket.create_server(("127.0.0.1", 0)) as here:
            patched.setattr(spawning, "subprocess", subprocess)
            patched.setenv("PYTHONPATH", os.pathsep.join(map(str, (UNIT, UNIT.parents[1]))))
            patched.syspath_prepend(str(UNIT))
            patched.setenv("NO_PROXY", "intranet.example")
            patched.setenv("HF_HUB_OFFLINE", "1")
            patched.setenv(
                "POETAS_ENVIRONMENT_BEFORE", json.dumps({"NO_PROXY": "intranet.example", "HF_HUB_OFFLINE": None})
            )
            several = start(folder, "look", port=here.getsockname()[1]), start(folder, "reach"), start(folder, "write")
            for job in several:
                assert job.wait(30) is JobState.FINISHED
    finally:
        os.umask(before)
    return several


def test_a_program_without_network_has_none_and_the_one_with_network_gets_the_users_settings(inside):
    closed, opened, _writing = inside
    seen = closed.result()
    assert seen["refused"] == "NetworkRefused"
    assert seen["offline"] == "1"
    assert seen["proxy"] == "*"
    assert str(closed.dir) not in seen["path"]
    assert "" not in seen["path"]
    seen = opened.result()
    assert seen["offline"] is None
    assert seen["proxy"] == "intranet.example"
    ledger = (closed.dir.parents[1] / "registro.jsonl").read_text().splitlines()
    assert [json.loads(line)["host"] for line in ledger] == ["192.0.2.1"]


def test_what_the_batches_of_a_job_that_writes_took_goes_back_to_the_system(inside):
    closed, _opened, writing = (job.result()["memory"] for job in inside)
    assert f"mmap_threshold={spawning.JOB_APART}" in writing
    assert "mmap_threshold" not in closed


def test_where_the_system_can_wall_a_job_not_even_its_native_code_has_a_network(inside):
    """Its loopback is not this machine's: what listens here cannot be reached from there."""
    job = inside[0]
    assert job.result()["native"] == ("ECONNREFUSED" if allowed() else "connected")
    assert f"network: {'namespace and guard' if allowed() else 'guard'}\n" in (job.dir / "log.txt").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked")
def test_a_job_goes_before_the_page_when_memory_runs_out(inside):
    assert inside[0].result()["dies"].strip() == "500"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mask")
def test_what_a_job_writes_is_its_owners_alone_whatever_the_page_was_started_with(inside):
    assert inside[0].result()["umask"] == 0o077


@pytest.mark.cold
def test_a_module_in_the_jobs_folder_is_never_imported(tmp_path):
    job = start(tmp_path, n=400)
    until(lambda: steps(job))
    job.stop()
    job.wait(20)
    for name in ("job_programs", "json", "poetas", "datasets"):
        (job.dir / f"{name}.py").write_text("import pathlib; pathlib.Path('owned').touch()")
    job.resume()
    until(lambda: names(job).count("Started") == 2)
    job.stop()
    assert job.wait(20) is JobState.STOPPED
    assert not (job.dir / "owned").exists()


def test_jobs_of_a_folder_newest_first_and_what_is_no_job_is_passed_over(tmp_path):
    parent = tmp_path / "trabajos"
    assert Job.all(parent) == []
    assert Job.latest(parent) is None
    first = start(tmp_path, n=1)
    second = start(tmp_path, "explode")
    third = start(tmp_path, n=1)
    (parent / "notas").mkdir()
    (parent / "roto").mkdir()
    (parent / "roto" / "job.json").write_text("{")
    (parent / "enlace").symlink_to(first.dir)
    assert [job.id for job in Job.all(parent)] == [third.id, second.id, first.id]
    assert Job.latest(parent).id == third.id
    assert Job.latest(parent, "explode").id == second.id
    assert Job.latest(parent, "train") is None
    for job in (first, second, third):
        job.wait(30)


def test_an_unknown_kind_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(jobs.UnknownKind):
        Job.start("os:system", {}, parent=tmp_path / "trabajos")
    assert not (tmp_path / "trabajos").exists()


def test_kill_ends_a_deaf_program_with_its_forks_and_resume_is_offered(tmp_path):
    job = start(tmp_path, "hold")
    until(lambda: "Notice" in names(job))
    job.kill()
    assert job.wait(10) is JobState.LOST
    assert job.failure().action == "resume"
    job.kill()


def test_a_fork_that_lives_on_does_not_make_a_dead_job_look_alive(tmp_path):
    job = start(tmp_path, "hold")
    until(lambda: "Notice" in names(job))
    pid = job.events()[0][0].pid
    os.kill(pid, signal.SIGKILL)
    try:
        assert job.wait(5) is JobState.LOST
    finally:
        os.killpg(pid, signal.SIGKILL)


def test_a_job_of_a_checkout_that_is_not_installed_finds_its_program(tmp_path):
    """As where `make gpu-check` runs: an interpreter that knows only libraries, here not even these."""
    command = [sys.executable, "-S", "-P", "-c", "import poetas; print(poetas.__file__)"]
    env = spawning.import_environment({"PATH": os.environ["PATH"]})
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert Path(done.stdout.strip()) == ROOT / "poetas" / "__init__.py", done.stderr
