"""Fork server: a process that has imported modules and forks a copy of itself for each program that needs them.

Starting an interpreter and importing what a kernel needs takes longer than all that a page then does. A fork has it
in milliseconds, and its memory is shared until one of the two writes to it. Only on Linux: elsewhere a fork of a
process with system libraries is not safe, or its end cannot be watched (``pidfd_open``).

Run as a program (``python -P -m poetas.util.fork_server SOCKET . MODULE[:FUNCTION]...``) this module is the server.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_LARGEST = 1 << 17  # bytes of a request: a command line and an environment
_FIRST_FREE = 200  # received files wait above the numbers that they are to have
_ROOM = "." * 2000  # in the server's command line: bytes in which a fork writes its own
# In the server: what each fork calls once it has its environment; for modules that read theirs when they are imported.
after_fork: list[Callable[[], object]] = []


def available() -> bool:
    """Tell whether this system has what a fork server needs."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class ForkedProcess:
    """A process that a fork server forked: the part of `subprocess.Popen` that starting programs need.

    returncode: None while it runs, then 0; only the server knows the real one.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid, self._pidfd = pid, pidfd
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return None while the process runs."""
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        code = self._wait(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            watch = select.poll()  # not `select.select`, which knows no file numbers above 1023
            watch.register(self._pidfd, select.POLLIN)
            if watch.poll(None if timeout is None else 1000 * timeout):
                self.returncode = 0
                os.close(self._pidfd)
        return self.returncode


class ForkServer:
    """The client's end of one fork server, which ends when this end is closed or its process is gone.

    modules: what the server imports before it forks, as ``MODULE`` or ``MODULE:FUNCTION``, which it then calls; they
    must start no thread. environment: the server's own.
    """

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        command = [sys.executable, "-P", "-u", "-m", "poetas.util.fork_server", str(theirs.fileno()), _ROOM, *modules]
        self.process = subprocess.Popen(  # noqa: S603 (this interpreter, our own module)
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C in a terminal is for the client
        )
        theirs.close()

    def start(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], files: Mapping[int, int] | None = None
    ) -> ForkedProcess:
        """Fork a process, in a session of its own, that calls ``main()`` of the module in ``command``.

        command: ``[python, ..., "-m", MODULE, ...]``, as for a new interpreter; it is what `psutil` reads.
        files: the number that an open file is to have there -> its number here.
        Blocks while the server still imports. Raises OSError where it cannot.
        """
        files = files or {}
        request = {"command": list(command), "cwd": str(cwd), "env": dict(env), "numbers": list(files)}
        with self._lock:
            socket.send_fds(self._channel, [json.dumps(request).encode()], list(files.values()))
            answer, handles, _flags, _address = socket.recv_fds(self._channel, 64, 1)
        if not handles:
            raise OSError(answer.decode() or "the fork server has ended")
        return ForkedProcess(int(answer), handles[0])

    def close(self) -> None:
        """End the server; what it forked goes on, unless it asked to end with its parent."""
        self._channel.close()
        self.process.wait()


def _serve(channel: socket.socket) -> None:
    """Fork what is asked for until the client's end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombie stays; the client watches
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # a sweep would write to every page of memory, and none would stay shared
    while True:
        content, handles, _flags, _address = socket.recv_fds(channel, _LARGEST, 64)
        if not content:
            return
        try:
            pid = os.fork()
        except OSError as error:
            channel.send(str(error).encode())
            continue
        if pid == 0:  # from here on the fork; it leaves as an interpreter does, through all the frames
            channel.close()
            raise SystemExit(_become(json.loads(content), handles))
        try:
            pidfd = os.pidfd_open(pid)
            socket.send_fds(channel, [str(pid).encode()], [pidfd])
            os.close(pidfd)
        except ProcessLookupError:  # it has ended already
            channel.send(b"the process ended as soon as it was forked")
        for handle in handles:
            os.close(handle)


def _become(request: dict[str, Any], handles: list[int]) -> int:
    """Be the process that was asked for, and return its exit code."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    waiting = [fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for handle in handles]
    for handle in handles:
        os.close(handle)
    for handle, number in zip(waiting, request["numbers"], strict=True):
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    command = request["command"]
    _rename(command)
    place = command.index("-m")
    _search_as(command[1:place])
    for prepare in after_fork:
        prepare()
    program = importlib.import_module(command[place + 1])
    sys.argv = [str(program.__file__), *command[place + 2 :]]
    code: int = program.main() or 0
    return code


def _search_as(options: Sequence[str]) -> None:
    """Look for modules where a new interpreter would: ``PYTHONPATH`` first, and without ``-P`` the present folder."""
    folders = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    if "-P" not in options and "PYTHONSAFEPATH" not in os.environ:
        folders.insert(0, str(Path.cwd()))
    sys.path[:0] = [folder for folder in folders if folder not in sys.path]


def _rename(command: Sequence[str]) -> None:
    """Write the command line over the server's own, where `psutil` and `ps` read it."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    first, last = int(fields[45]), int(fields[46])  # arg_start and arg_end of proc(5), which counts from 1 with the pid
    words = b"".join(os.fsencode(word) + b"\0" for word in command)[: last - first - 1]
    ctypes.memmove(first, words.ljust(last - first, b"\0"), last - first)


def main() -> None:
    """Import the modules, then serve."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    for entry in sys.argv[3:]:
        module, _colon, function = entry.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    _serve(channel)


if __name__ == "__main__":
    importlib.import_module("poetas.util.fork_server").main()  # the module that others import, and not a second one
