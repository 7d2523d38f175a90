"""Fork server: processes of jobs and services, forked from one that has already imported their libraries.

Importing torch, transformers and peft takes a job or a generation service 4 s of processor time, most of what a test
with a tiny model costs. The tests that are about something else start their processes here: same program, arguments,
environment, folder, open files, session and command line, in a process of its own. How production starts them is held
by the tests of jobs, services, privacy and pages, and by every test marked ``cold``, which do not come here.

Run as a program (``python -m tests.forkserver SOCKET STAGE``) it is the server.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 1 << 17  # bytes of a request: the environment of a test process and a command line
FIRST_FREE = 200  # received files wait above the numbers that they are to have

# What each stage of server imports. A preparation service must not find torch loaded.
LIGHT = ("poetas.services.run", "poetas.services.socket_server", "poetas.data.service.service")
HEAVY = (
    *("poetas.jobs.run", "poetas.services.run", "poetas.services.socket_server", "poetas.generation.handler"),
    *("poetas.training.train_job", "poetas.training.train", "poetas.training.dry_run_job", "poetas.training.dry_run"),
    *("poetas.evaluation.evaluate_job", "poetas.evaluation.report", "poetas.evaluation.summary_evaluation"),
    *("poetas.evaluation.style_evaluation", "poetas.models.fetch_job", "huggingface_hub.hf_api"),
    *("transformers.models.llama.modeling_llama", "peft.utils.transformers_weight_conversion"),
)
STAGES = {"light": LIGHT, "heavy": HEAVY}
HEAVY_KINDS = ("fetch-", "train-", "dry_run-", "evaluate-")


def stage_of(command: Sequence[str]) -> str | None:
    """Return the stage that has what ``python -P -m module ...`` imports, or None: start it as production does."""
    if sys.platform != "linux" or list(command[1:3]) != ["-P", "-m"] or {"--kinds", "--registry"} & set(command):
        return None
    module, first = command[3], Path(command[4]).name
    if module == "poetas.jobs.run" and first.startswith(HEAVY_KINDS):
        return "heavy"
    return {"generation": "heavy", "preparation": "light"}.get(first) if module == "poetas.services.run" else None


class ForkedProcess:
    """What `subprocess.Popen` is for a child, for a process that the server forked."""

    def __init__(self, server: Server, pid: int) -> None:
        self.pid, self._server = pid, server

    @property
    def returncode(self) -> int | None:
        return self._server.code_of(self.pid)

    def poll(self) -> int | None:
        return self.returncode

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Server:
    """The client's end of one server process, which ends with the test process."""

    def __init__(self, stage: str) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._codes: dict[int, int] = {}
        self._lock = threading.Lock()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "POETAS_"))}
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.forkserver", str(theirs.fileno()), stage, "." * 4000],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def start(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], files: Mapping[int, int]
    ) -> ForkedProcess:
        """Fork a process. files: the number that an open file is to have in it -> its number here."""
        request = {"command": list(command), "cwd": str(cwd), "env": dict(env), "numbers": list(files)}
        with self._lock:
            socket.send_fds(self._ours, [json.dumps(request).encode()], list(files.values()))
            while True:
                answer = json.loads(self._ours.recv(LARGEST) or b'{"error": "the fork server ended"}')
                if "error" in answer:
                    raise OSError(answer["error"])
                if "code" not in answer:
                    return ForkedProcess(self, answer["pid"])
                self._codes[answer["pid"]] = answer["code"]

    def code_of(self, pid: int) -> int | None:
        """Return the exit code of a process that has ended, or None."""
        with self._lock:
            while select.select([self._ours], [], [], 0)[0]:
                answer = json.loads(self._ours.recv(LARGEST) or b"{}")
                if not answer:
                    break
                self._codes[answer["pid"]] = answer["code"]
            return self._codes.get(pid)


_servers: dict[str, Server] = {}


def popen(command: Sequence[str], **options: object) -> ForkedProcess | subprocess.Popen[bytes]:
    """Start what `poetas.jobs.detached_process.spawn` starts, from a server where one has its libraries."""
    stage = stage_of(command)
    if stage is None:
        return subprocess.Popen(command, **options)
    if stage not in _servers or _servers[stage].process.poll() is not None:
        _servers[stage] = Server(stage)
    files = {1: options["stdout"], 2: options["stderr"], **{handle: handle for handle in options["pass_fds"]}}
    return _servers[stage].start(command, cwd=options["cwd"], env=options["env"], files=files)


# -- the server


def serve(channel: socket.socket) -> None:
    """Fork what is asked for and tell how it ended, until the client closes its end."""
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_args: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(wake_write)
    while True:
        ready, _, _ = select.select([channel, wake_read], [], [])
        if wake_read in ready:
            os.read(wake_read, 4096)
            _tell_ends(channel)
        if channel in ready:
            content, handles, _flags, _address = socket.recv_fds(channel, LARGEST, 64)
            if not content:
                return
            pid = os.fork()
            if pid == 0:
                channel.close()
                signal.set_wakeup_fd(-1)
                os.close(wake_read)
                os.close(wake_write)
                _become(json.loads(content), handles)
            channel.send(json.dumps({"pid": pid}).encode())
            for handle in handles:
                os.close(handle)


def _tell_ends(channel: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            code = os.waitstatus_to_exitcode(ended[1])
            channel.send(json.dumps({"pid": ended[0], "code": code}).encode())


def _become(request: dict, handles: list[int]) -> None:
    """Be the process that was asked for, to its end."""
    code = 1
    try:
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler)
        os.setsid()
        waiting = [fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE) for handle in handles]
        for handle in handles:
            os.close(handle)
        for handle, number in zip(waiting, request["numbers"], strict=True):
            os.dup2(handle, number)
            os.close(handle)
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        _imitate_interpreter(request["command"])
        code = _run(request["command"][3], request["command"][4:])
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _imitate_interpreter(command: Sequence[str]) -> None:
    """Take over what a new interpreter would have read from its command line and its environment."""
    _rename(command)
    for folder in reversed(os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        if folder and folder not in sys.path:
            sys.path.insert(0, folder)
    if "huggingface_hub.constants" in sys.modules:  # the Hub's address and settings, and whether it may be reached
        importlib.reload(sys.modules["huggingface_hub.constants"])
    if "torch" in sys.modules:  # by itself it takes all cores: a tiny model's threads would wait for each other
        sys.modules["torch"].set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def _rename(command: Sequence[str]) -> None:
    """Write the command line over the server's own, where `psutil` and `ps` read it."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    first, last = int(fields[45]), int(fields[46])  # arg_start and arg_end of proc(5), which counts from 1 with the pid
    words = b"".join(os.fsencode(word) + b"\0" for word in command)
    if len(words) > last - first:
        raise ValueError("the command line is longer than the server's own")
    ctypes.memmove(first, words.ljust(last - first, b"\0"), last - first)


def _run(module: str, arguments: Sequence[str]) -> int:
    """Run a module of ours as ``python -m`` would, and return its exit code."""
    program = importlib.import_module(module)
    sys.argv = [str(program.__file__), *arguments]
    code = 1
    try:
        code = program.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    if module == "poetas.jobs.run":  # a service ends without waiting for its threads
        threading._shutdown()
    return code


def main() -> None:
    """Import the libraries of a stage, then serve."""
    from poetas.privacy.offline import offline_environment
    from poetas.training.process_setup import prepare_process

    channel = socket.socket(fileno=int(sys.argv[1]))
    os.environ.update(offline_environment())
    if sys.argv[2] == "heavy":
        prepare_process()
    for module in STAGES[sys.argv[2]]:
        importlib.import_module(module)
    serve(channel)


if __name__ == "__main__":
    main()
