"""Test process of pytest-xdist, forked from a server that has already imported what tests import.

Each of them would import torch, transformers and the rest for itself: 5 s of processor time. execnet starts this
program as its interpreter (``python -m tests.forked_worker SOCKET ...``) and talks to it through pipes: they are handed
to a fork of the broker's (`tests.fork_broker`), and this process waits until that one has ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests import fork_broker


def main() -> None:
    """Be the interpreter, in a fork: run the one line that execnet sends first."""
    exec(eval(sys.stdin.readline()), {})


def ask(path: str) -> None:
    """Have the broker at a socket fork that interpreter, and wait for its end."""
    command = [sys.executable, "-m", "tests.forked_worker"]
    pipes = {number: number for number in range(3)}
    fork_broker.ask(path, "heavy", command, cwd=Path.cwd(), env=os.environ, files=pipes).wait()


if __name__ == "__main__":
    ask(sys.argv[1])
