"""Waiting for another process, and suspending a job's."""

import os
import signal
import time
from contextlib import contextmanager

from poetas.jobs.processes import process_of


def until(condition, seconds: float = 20):
    """Wait until a condition holds; fail where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def suspended(job):
    """Suspend the process of a job: it is under way as long as the block lasts, however busy the machine."""
    until(lambda: process_of(job.dir) is not None)
    pid = process_of(job.dir)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
