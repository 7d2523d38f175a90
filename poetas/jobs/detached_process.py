"""Detached subprocess for one of our modules: it outlives the page, the kernel and the server that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from poetas.util import resources

_TUNABLES = "GLIBC_TUNABLES"
# What takes less than 32 MB (the most that glibc allows here) lies side by side: alone, 2 MB lie across two large pages.
_PAGES = {"glibc.malloc.hugetlb": 1, "glibc.malloc.mmap_threshold": 32 * 1024 * 1024}

_children: list[subprocess.Popen[bytes]] = []
_children_lock = threading.Lock()


def with_huge_pages(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with which glibc (2.35 or newer) asks the kernel for pages of 2 MB.

    A model is read whole for each token, and 4 KB at a time its addresses alone take long to look up, more so in a
    virtual machine: a token of `gemma3-270m` takes 30 ms with such pages and 60 ms without (two cores). A job keeps to
    small ones: an evaluation's peak was 55 MB higher with large ones.

    >>> with_huge_pages({"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"})
    {'GLIBC_TUNABLES': 'glibc.malloc.hugetlb=0:glibc.malloc.mmap_threshold=33554432'}
    """
    chosen = variables.get(_TUNABLES, "")
    missing = [f"{name}={value}" for name, value in _PAGES.items() if f"{name}=" not in chosen]
    return {**variables, _TUNABLES: ":".join(filter(None, [chosen, *missing]))}


def import_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with which a new interpreter finds this very program, also where it is not installed."""
    variables = dict(environment)
    if resources.in_checkout():
        paths = [str(Path(resources.__file__).resolve().parents[2]), variables.get("PYTHONPATH", "")]
        variables["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return variables


def spawn(
    module: str,
    arguments: Sequence[str],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    handles: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start ``python -m module``, detached, in ``folder``, with its output appended to ``log`` (mode 0600).

    ``-P`` keeps the folder, which is the learner's, from being searched for modules. handles: open files (locks,
    sockets) handed over with their numbers.
    """
    reap()
    variables = import_environment(os.environ if environment is None else environment)
    variables["PYTHONSAFEPATH"] = "1"
    variables["PYTHONUNBUFFERED"] = "1"
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    try:
        child = subprocess.Popen(  # noqa: S603 (this interpreter, our own module)
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=variables,
            pass_fds=tuple(handles),
            start_new_session=True,
            creationflags=flags,
        )
    finally:
        os.close(output)
    with _children_lock:
        _children.append(child)
    return child


def reap() -> None:
    """Take note of children that ended, so that none stays behind as a zombie."""
    with _children_lock:
        _children[:] = [child for child in _children if child.poll() is None]
