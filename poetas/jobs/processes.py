"""Process id of a job, from the system's process table: a number in a file may belong to another process by now."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil

PROGRAM = "poetas.jobs.run"


def process_of(folder: Path) -> int | None:
    """Return the id of the process that was started for a job's folder, or None.

    Its command line names the program and the folder. What it forked has the same command line; on Unix only the
    job's own process leads a session, which it was given at its start. A process is never its own answer.
    """
    for process in psutil.process_iter(["cmdline"]):
        words, pid = process.info["cmdline"] or [], process.pid
        if PROGRAM in words and str(folder) in words and pid != os.getpid() and _leads(pid):
            return pid
    return None


def _leads(pid: int) -> bool:
    """Tell whether a process leads a session, and with it a group of processes, that is not the caller's."""
    if sys.platform == "win32":
        return True
    try:
        return pid > 1 and os.getsid(pid) == os.getpgid(pid) == pid != os.getpgrp()
    except (ProcessLookupError, PermissionError):
        return False
