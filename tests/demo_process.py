"""`poetas demo` in forks of a process that has imported it, its jobs in forks of one that has their libraries.

That a demo is started as people start it, with jobs as production starts them, is held by its first run in
`tests.unit.test_demo`; a dozen more starts would only import the same again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace

from poetas import cli
from poetas.jobs import detached_process
from poetas.util.fork_server import ForkedProcess, ForkServer
from tests import forkserver

# The number of an open file that receives the exit code, which the client of a fork server is not given; no file of the
# server itself has it.
CODE = 150


def set_up() -> None:
    """Prepare the server, before it forks: a server for the jobs, which all forks use."""
    server = ForkServer(forkserver.HEAVY, {**os.environ}, patience=240.0)

    def popen(command: Sequence[str], **options: object) -> ForkedProcess | subprocess.Popen[bytes]:
        if forkserver.stage_of(command) != "heavy":
            return subprocess.Popen(command, **options)
        files = {1: options["stdout"], 2: options["stderr"], **{handle: handle for handle in options["pass_fds"]}}
        return server.start(command, cwd=options["cwd"], env=options["env"], files=files)

    detached_process.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": popen})


def main() -> int:
    """Run the command as an interpreter would that is started with this environment."""
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdout.reconfigure(encoding=encoding, errors="strict")
    sys.stderr.reconfigure(encoding=encoding, errors="backslashreplace")
    code = 1
    try:
        code = cli.main()
    finally:
        sys.stdout.flush()
        os.write(CODE, str(code).encode())
    return code
