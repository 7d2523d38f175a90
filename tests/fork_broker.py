"""Broker of forks: other processes have their jobs and services from the fork servers of this one.

They ask over a Unix socket, and hand over the open files of what they start: the processes that share the tests
(`tests.shared_forks`), and the kernels of a server's pages, where `tests/browser/forks/sitecustomize.py` calls `use`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from poetas.jobs import detached_process
from poetas.util.fork_server import ForkedProcess
from tests import forkserver

FOLDER = Path(__file__).parent / "browser" / "forks"
_LARGEST = 1 << 17  # bytes of a request: a command line and an environment


@contextmanager
def broker(path: Path) -> Iterator[dict[str, str]]:
    """Answer at a socket while the block runs; yield the environment of the servers whose pages are to ask there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        folders = [str(FOLDER), str(forkserver.ROOT), os.environ.get("PYTHONPATH", "")]
        yield {"POETAS_TEST_FORKS": str(path), "PYTHONPATH": os.pathsep.join(filter(None, folders))}
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            channel, _address = listener.accept()
        except OSError:  # closed
            return
        threading.Thread(target=_answer, args=(channel,), daemon=True).start()  # a server may still be importing


def _answer(channel: socket.socket) -> None:
    with channel:
        content, handles, _flags, _sender = socket.recv_fds(channel, _LARGEST, 64)
        try:
            pid, pidfd = _fork(json.loads(content), handles)
        except (OSError, ValueError) as error:
            channel.send(str(error).encode() or b"refused")
        else:
            socket.send_fds(channel, [str(pid).encode()], [pidfd])
            os.close(pidfd)
        finally:
            for handle in handles:
                os.close(handle)


def _fork(request: dict, handles: Sequence[int]) -> tuple[int, int]:
    files = dict(zip(request["numbers"], handles, strict=True))
    where = {"cwd": Path(request["cwd"]), "env": request["env"]}
    process = forkserver.fork(request["stage"], request["command"], files=files, **where)
    return process.pid, process._pidfd


def ask(
    path: str, stage: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], files: Mapping[int, int]
) -> ForkedProcess:
    """Have a command forked by the broker at a socket. Raises OSError where it cannot be."""
    request = {"stage": stage, "command": list(command), "cwd": str(cwd), "env": dict(env), "numbers": list(files)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as channel:
        channel.settimeout(forkserver.PATIENCE)
        channel.connect(path)
        socket.send_fds(channel, [json.dumps(request).encode()], list(files.values()))
        answer, handles, _flags, _sender = socket.recv_fds(channel, _LARGEST, 1)
    if not handles:
        raise OSError(answer.decode())
    return ForkedProcess(int(answer), handles[0])


def use(path: str) -> None:
    """Start the jobs and services of this process, and of its forks, by the broker at a socket."""
    forkserver.elsewhere.append(partial(ask, path))
    detached_process.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": forkserver.popen})
