"""Client of a fork server: a process that has imported modules and forks itself for each program that needs them.

Starting an interpreter and importing what a kernel needs takes longer than all that a page then does. A fork has it
in milliseconds, and its memory is shared until one of the two writes to it. Only on Linux: elsewhere a fork of a
process with system libraries is not safe, or its end cannot be watched (``pidfd_open``).
The server's side is `poetas.util.fork_server_program`.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_ROOM = "." * 2000  # in the server's command line: bytes in which a fork writes its own
_PATIENCE = 60.0  # seconds that a server may take to import: it is a handful on a busy machine


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
    must start no thread. environment: the server's own. patience: seconds that it may take to answer.
    """

    def __init__(
        self, modules: Sequence[str], environment: Mapping[str, str] | None = None, *, patience: float = _PATIENCE
    ) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        command = [
            sys.executable,
            "-P",
            "-u",
            "-m",
            "poetas.util.fork_server_program",
            str(theirs.fileno()),
            _ROOM,
            *modules,
        ]
        self.process = subprocess.Popen(  # noqa: S603 (this interpreter, our own module)
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C in a terminal is for the client
        )
        theirs.close()
        self._channel.settimeout(patience)

    def start(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], files: Mapping[int, int] | None = None
    ) -> ForkedProcess:
        """Fork a process, in a session of its own, that calls ``main()`` of the module in ``command``.

        command: ``[python, ..., "-m", MODULE, ...]``, as for a new interpreter; it is what `psutil` reads.
        files: the number that an open file is to have there -> its number here.
        Blocks while the server still imports. Raises OSError where it cannot; a server that does not answer is ended.
        """
        files = files or {}
        request = {"command": list(command), "cwd": str(cwd), "env": dict(env), "numbers": list(files)}
        with self._lock:
            try:
                socket.send_fds(self._channel, [json.dumps(request).encode()], list(files.values()))
                answer, handles, _flags, _address = socket.recv_fds(self._channel, 64, 1)
            except TimeoutError:  # a later answer would be taken for that to the next request
                self._channel.close()
                self.process.kill()
                raise
        if not handles:
            raise OSError(answer.decode() or "the fork server has ended")
        return ForkedProcess(int(answer), handles[0])

    def close(self) -> None:
        """End the server; what it forked goes on, unless it asked to end with its parent."""
        self._channel.close()
        self.process.wait()
