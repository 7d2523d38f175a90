"""Code that a test hands over, run as by ``python -c``, in a fork of a process that has imported libraries."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping

from tests import forkserver
from tests.paths import ROOT


def run_code(stage: str, code: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Run code in a fork from the server of a stage; return what it wrote to stdout and to stderr."""
    command = [sys.executable, "-P", "-m", "tests.forked_code", code]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        files = {1: out.fileno(), 2: err.fileno()}
        forkserver.fork(stage, command, cwd=ROOT, env=environment, files=files).wait(120)
        for file in (out, err):
            file.seek(0)
        return out.read().decode(), err.read().decode()


def main() -> None:
    """Run the code in argv."""
    exec(compile(sys.argv[1], "<string>", "exec"), {"__name__": "__main__"})
