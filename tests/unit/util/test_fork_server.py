"""Fork server: what a fork has of a new interpreter, how its end is seen, and that nothing outlives its client."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from poetas.util.fork_server import ForkServer, available
from tests.clean_room import wait_for

pytestmark = pytest.mark.skipif(not available(), reason="a fork server needs Linux")

PROGRAM = """
import gc, json, os, signal, sys, time

def main():
    here = {"argv": sys.argv[1:], "cwd": os.getcwd(), "env": dict(os.environ), "session": os.getsid(0),
            "pid": os.getpid(), "path": sys.path,
            "loaded": "colorsys" in sys.modules and sys.modules["faulthandler"].is_enabled(),
            "interrupt": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
            "children": signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL, "garbage": gc.isenabled()}
    if "given" in sys.argv:
        os.write(int(sys.argv[-1]), b"through the file")
    if "end" in sys.argv:
        raise SystemExit("as asked")
    if "raise" in sys.argv:
        raise ValueError("as asked")
    print(json.dumps(here), flush=True)
    if "stay" in sys.argv:
        time.sleep(600)
"""


@pytest.fixture(scope="module")
def server():
    running = ForkServer(["colorsys", "faulthandler:enable"])
    yield running
    running.close()
    assert running.process.poll() is not None


@pytest.fixture
def start(server, tmp_path):
    """Fork the program above; what it prints lies in ``log``."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "forked_program.py").write_text(PROGRAM)
    started = []

    def begin(*arguments, options=(), env=None, files=None):
        command = [sys.executable, *options, "-m", "forked_program", *arguments]
        with (tmp_path / "log").open("ab") as log:
            given = {1: log.fileno(), 2: log.fileno(), **(files or {})}
            variables = {"PYTHONPATH": str(folder), **(env or {})}
            started.append(server.start(command, cwd=tmp_path, env=variables, files=given))
        return started[-1]

    begin.log = tmp_path / "log"
    yield begin
    for process in started:
        process.kill()


def test_a_fork_is_as_a_new_interpreter_would_be(start, tmp_path):
    process = start("ñandú", "a b", env={"VERSO": "uno"})
    assert process.wait(30) == 0
    here = json.loads(start.log.read_text())
    assert here["argv"] == ["ñandú", "a b"]
    assert here["cwd"] == str(tmp_path)
    assert here["env"] == {"PYTHONPATH": str(tmp_path / "programs"), "VERSO": "uno"}
    assert here["session"] == here["pid"] == process.pid
    assert here["loaded"], "it was imported before the fork, and called"
    assert here["interrupt"]
    assert here["children"]
    assert here["garbage"], "it is looked for again"
    assert here["path"][:2] == [str(tmp_path), str(tmp_path / "programs")]


def test_with_dash_p_the_present_folder_is_not_searched(start, tmp_path):
    start(options=["-P"]).wait(30)
    assert str(tmp_path) not in json.loads(start.log.read_text())["path"]


def test_files_are_handed_over_with_the_numbers_that_were_asked_for(start):
    read, write = os.pipe()
    process = start("given", "17", files={17: write})
    os.close(write)
    assert os.read(read, 100) == b"through the file"
    os.close(read)
    process.wait(30)


@pytest.mark.parametrize(("how", "said"), [("end", "as asked"), ("raise", "ValueError: as asked")])
def test_how_a_fork_failed_stands_in_its_log(start, how, said):
    start(how).wait(30)
    assert said in start.log.read_text()


def test_a_fork_is_watched_signalled_and_leaves_no_zombie(start, server):
    process = start("stay")
    wait_for(start.log, "stay", process)
    assert [word for word in psutil.Process(process.pid).cmdline() if word][-3:] == ["-m", "forked_program", "stay"]
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == process.poll() == 0
    process.kill()  # too late, and no harm: the number may be another process's by now
    assert psutil.Process(server.process.pid).children() == []


def test_what_cannot_be_forked_is_an_error_and_the_server_goes_on(start, server):
    with pytest.raises(OSError, match=r"."):
        start(env={"ENORME": "x" * (1 << 18)})
    assert start().wait(30) == 0


def test_a_server_that_died_is_an_error(tmp_path):
    server = ForkServer([])
    server.process.kill()
    server.process.wait()
    with pytest.raises(OSError, match=r"."):
        server.start([sys.executable, "-m", "this"], cwd=tmp_path, env={})
    server.close()


def test_the_server_ends_with_its_client_even_when_that_is_killed():
    program = """
import time
from poetas.util.fork_server import ForkServer
print(ForkServer([]).process.pid, flush=True)
time.sleep(600)
"""
    client = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    server = psutil.Process(int(client.stdout.readline()))
    client.kill()
    client.wait()
    end = time.monotonic() + 30
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
        time.sleep(0.05)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_a_server_that_does_not_answer_is_ended_and_the_caller_goes_on(tmp_path):
    (tmp_path / "endless.py").write_text("import time; time.sleep(600)")
    path = os.pathsep.join((str(tmp_path), *sys.path))
    server = ForkServer(["endless"], {**os.environ, "PYTHONPATH": path}, patience=0.5)
    command = [sys.executable, "-m", "forked_program"]
    with pytest.raises(TimeoutError):
        server.start(command, cwd=tmp_path, env={})
    with pytest.raises(OSError, match="file descriptor"):
        server.start(command, cwd=tmp_path, env={})
    server.process.wait(10)


def test_a_fork_that_ends_at_once_is_watched_all_the_same(tmp_path):
    (tmp_path / "late_watch.py").write_text(
        "import os, time\n\nopen_now = os.pidfd_open\n\ndef install():\n"
        "    os.pidfd_open = lambda pid: time.sleep(0.3) or open_now(pid)\n"
    )
    (tmp_path / "ends_at_once.py").write_text("import os\n\nos._exit(0)\n")
    searched = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    running = ForkServer(["late_watch:install"], {**os.environ, "PYTHONPATH": searched})
    try:
        forked = running.start([sys.executable, "-m", "ends_at_once"], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
        assert forked.wait(20) == 0
    finally:
        running.close()
