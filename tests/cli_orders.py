"""Orders of the command line, each in a process of its own, forked from one that has imported what they need.

That the command is started as people start it is held by `tests.unit.test_cli` and `tests.unit.data.test_tables`; each
further start would only import the same again.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

from poetas import cli
from tests import forkserver
from tests.paths import ROOT


def run_each(
    *orders: Sequence[str],
    modules: Sequence[str] = (),
    answers: Mapping[str, object] | None = None,
    encoding: str = "utf-8",
) -> list[tuple[int, bytes, bytes]]:
    """Run orders one after the other; return each one's exit code, stdout and stderr.

    modules: what they need. answers: what processes of `poetas check` would answer. encoding: of what they print, also
    with an error handler, as in "ascii:surrogateescape".
    """
    command = [sys.executable, "-P", "-m", "tests.cli_orders", *map(json.dumps, (orders, modules, answers))]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if forkserver.available():
            files = {1: out.fileno(), 2: err.fileno()}
            forkserver.fork("light", command, cwd=ROOT, env=environment, files=files).wait(120)
        else:
            subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=err, timeout=120, check=True)
        results, problem = (os.pread(file.fileno(), 1 << 22, 0) for file in (out, err))
    assert results, problem.decode(errors="replace")
    return [(code, *(bytes.fromhex(text) for text in texts)) for code, *texts in json.loads(results)]


def main() -> int:
    """Run the orders in argv, with the encoding that a new interpreter would take from its environment."""
    encoding, _, errors = os.environ["PYTHONIOENCODING"].partition(":")
    sys.stdout.reconfigure(encoding=encoding, errors=errors or "strict")
    sys.stderr.reconfigure(encoding=encoding, errors="backslashreplace")
    orders, modules, answers = map(json.loads, sys.argv[1:])
    for name in modules:
        importlib.import_module(name)
    if answers:
        importlib.import_module("poetas.serving.check_command")._ask = answers.get
    results = []
    for words in orders:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            if (child := os.fork()) == 0:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                raise SystemExit(cli.main(words))
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            results.append([code, *(os.pread(file.fileno(), 1 << 20, 0).hex() for file in (out, err))])
    os.write(1, json.dumps(results).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
