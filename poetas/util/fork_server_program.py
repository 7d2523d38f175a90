"""Program of a fork server: imports modules, then forks itself for what its client asks for.

Run as ``python -P -m poetas.util.fork_server_program SOCKET ROOM MODULE[:FUNCTION]...``; ROOM is only there to be long.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_LARGEST = 1 << 17  # bytes of a request: a command line and an environment
_FIRST_FREE = 200  # received files wait above the numbers that they are to have
# What each fork calls once it has its environment; for modules that read theirs when they are imported.
after_fork: list[Callable[[], object]] = []


def _serve(channel: socket.socket) -> None:
    """Fork what is asked for until the client's end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombie stays; the client watches
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # a sweep would write to every page of memory, and none would stay shared
    gc.enable()
    while True:
        content, handles, _flags, _address = socket.recv_fds(channel, _LARGEST, 64)
        if not content:
            return
        held, let_go = os.pipe()
        try:
            pid = os.fork()
        except OSError as error:
            channel.send(str(error).encode())
            os.close(held)
            os.close(let_go)
            continue
        if pid == 0:  # from here on the fork; it leaves as an interpreter does, through all the frames
            channel.close()
            os.close(let_go)
            os.read(held, 1)  # until it is watched: one that ended at once could be watched no more
            os.close(held)
            raise SystemExit(_become(json.loads(content), handles))
        os.close(held)
        try:
            pidfd = os.pidfd_open(pid)
            socket.send_fds(channel, [str(pid).encode()], [pidfd])
            os.close(pidfd)
        except ProcessLookupError:  # it was killed
            channel.send(b"the process was killed as soon as it was forked")
        os.close(let_go)
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
    gc.disable()  # as in `poetas.util.library_import`: what is imported is no garbage
    channel = socket.socket(fileno=int(sys.argv[1]))
    for entry in sys.argv[3:]:
        module, _colon, function = entry.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    _serve(channel)


if __name__ == "__main__":
    importlib.import_module("poetas.util.fork_server_program").main()  # the module that others import
