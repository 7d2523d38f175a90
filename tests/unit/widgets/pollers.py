"""The poller of the component tests: on an event loop, or inline as in Colab (``POETAS_TEST_POLLER=inline``)."""

import concurrent.futures
import os
import time
from contextlib import contextmanager

import pytest

from widgets.controls.job_card import JobCard
from widgets.core.poller import Poller, PollTask

INLINE = os.environ.get("POETAS_TEST_POLLER", "loop") == "inline"
LONG = 240.0  # seconds
needs_loop = pytest.mark.skipif(INLINE, reason="inline: the click returns only when the answer is there")


def new_poller() -> Poller:
    """Return the poller for a page of the tests; `Poller.drain` finds nothing to do where it is inline."""
    return Poller(inline=INLINE, period=0.05)


def poll_once(poller: Poller, card: JobCard) -> None:
    """Draw what is new of a job now: a sweep of the loop or, inline, one look (with the fixture `brief_looks`)."""
    card.look()
    sweep(poller)


def sweep(poller: Poller) -> None:
    """Poll every task now, as the poller's loop does when it is woken."""
    for task in poller.tasks:
        task.due = 0.0
    poller._sweep()


@contextmanager
def backwards(context, monkeypatch):
    """Give a function that asks and waits until the services have answered; the page reads the newest answer first."""
    tasks, futures, threads = [], [], context.services._threads

    def held(poll, *, interrupt=None, failed=None, longest=None):
        tasks.append(PollTask(poll, interrupt, failed))
        return tasks[-1]

    def submitted(*given, submit=threads.submit):
        futures.append(submit(*given))
        return futures[-1]

    def ask(question):
        count = len(tasks)
        question()
        assert len(tasks) > count, "it asked for nothing"
        _done, late = concurrent.futures.wait(futures, LONG)
        assert not late

    with monkeypatch.context() as patched:
        patched.setattr(context.poller, "watch", held)
        patched.setattr(threads, "submit", submitted)
        yield ask
        end = time.monotonic() + LONG
        while tasks:
            task = tasks.pop()
            while not task.cancelled and task.poll():
                assert time.monotonic() < end
                time.sleep(0.01)
