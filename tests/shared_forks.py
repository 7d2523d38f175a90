"""Pytest plugin: the processes that share the tests fork their jobs and services from one set of fork servers.

A set takes 10 s of processor time to import its libraries. The process that deals out the tests has it, and answers at
a socket (`tests.fork_broker`). They are themselves forks of one of these servers (`tests.forked_worker`).
"""

import gc
import shlex
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from poetas.util.fork_server import available
from poetas.util.quick_exit import QuickExit
from tests import fork_broker, forkserver

_socket = pytest.StashKey[str]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config, specs):
    """Start the broker, and have the test processes forked, too: they need not import what a server has imported."""
    stack = ExitStack()
    path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forks-"))) / "socket"
    stack.enter_context(fork_broker.broker(path))
    config.add_cleanup(stack.close)
    config.stash[_socket] = str(path)
    if available():
        forkserver.begin("heavy", "light")  # side by side
        for spec in specs:
            spec.python = shlex.join([sys.executable, "-m", "tests.forked_worker", str(path)])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a new test process where it asks for forks."""
    node.workerinput["forks"] = node.config.stash[_socket]


def pytest_collection_finish(session):
    """Leave what was collected out of the searches for garbage, and search less often: 4 % of the tests' time."""
    if hasattr(session.config, "workerinput"):
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)


def pytest_configure(config):
    path = getattr(config, "workerinput", {}).get("forks")
    if path is not None:
        QuickExit().code = 0  # a second of processor time, where torch was imported
        forkserver.elsewhere.append(partial(fork_broker.ask, path))
