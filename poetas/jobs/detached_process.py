"""Detached subprocess for one of our modules: it outlives the page, the kernel and the server that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from poetas.util import resources

_TUNABLES, _PAGES, _APART = "GLIBC_TUNABLES", "glibc.malloc.hugetlb", "glibc.malloc.mmap_threshold"
# Bytes from which memory is mapped by itself. A service's matrices lie side by side: alone, one of 2 MB lies across two
# large pages. A job's batches are mapped, and go back when they are freed: between them its heap would only grow.
SERVICE_APART, JOB_APART = 32 << 20, 4 << 20  # 32 MB are the most that glibc allows

_children: list[subprocess.Popen[bytes]] = []
_children_lock = threading.Lock()


def with_huge_pages(variables: Mapping[str, str], apart: int) -> dict[str, str]:
    """Return the variables with which glibc (2.35 or newer) asks the kernel for pages of 2 MB.

    apart: bytes from which memory is mapped by itself. A model is read whole for each token, and 4 KB at a time its
    addresses alone take long to look up, more so in a virtual machine: a token of `gemma3-270m` takes 30 ms with such
    pages and 60 ms without (two cores). An evaluation's peak is 1,739 MB so and 1,858 to 1,940 without, at 8 % more
    processor time; with large pages alone it was higher, as a training's is with both (1,916; 1,832 to 1,940 without).

    >>> with_huge_pages({"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}, 4096)
    {'GLIBC_TUNABLES': 'glibc.malloc.hugetlb=0:glibc.malloc.mmap_threshold=4096'}
    """
    chosen = variables.get(_TUNABLES, "")
    wished = {_PAGES: 1, _APART: apart}
    missing = [f"{name}={value}" for name, value in wished.items() if f"{name}=" not in chosen]
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
