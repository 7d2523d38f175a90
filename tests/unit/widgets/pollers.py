"""The poller of the component tests: on an event loop, or inline as in Colab (``POETAS_TEST_POLLER=inline``)."""

import os

import pytest

from widgets.controls.job_card import JobCard
from widgets.core.poller import Poller

INLINE = os.environ.get("POETAS_TEST_POLLER", "loop") == "inline"
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
