"""Pytest plugin: the processes that share the tests fork their jobs and services from one set of fork servers.

A set takes 10 s of processor time to import its libraries. The process that deals out the tests has it, and answers at
a socket (`tests.fork_broker`).
"""

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from poetas.util.quick_exit import QuickExit
from tests import fork_broker, forkserver

_socket = pytest.StashKey[str]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a new test process where it asks for forks."""
    config = node.config
    if _socket not in config.stash:
        stack = ExitStack()
        path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forks-"))) / "socket"
        stack.enter_context(fork_broker.broker(path))
        config.add_cleanup(stack.close)
        config.stash[_socket] = str(path)
    node.workerinput["forks"] = config.stash[_socket]


def pytest_configure(config):
    path = getattr(config, "workerinput", {}).get("forks")
    if path is not None:
        QuickExit().code = 0  # a second of processor time, where torch was imported
        forkserver.elsewhere.append(partial(fork_broker.ask, path))
