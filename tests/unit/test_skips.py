"""The plugin that makes an unexpected skip a failure: see `tests.skips`."""

import json
import os
import subprocess
import sys

import pytest

from tests.paths import ROOT
from tests.unit.privacy.test_network_namespace import allowed

pytestmark = pytest.mark.slow

LINES = ("pytest.skip({0!r}, allow_module_level=True)", "def test_it(): pytest.skip({0!r})")
REASONS = {  # each with the failures that it is, here: what another probe of the place says
    "AF_BLUETOOTH is not on this system": 0,
    "a library is missing": 1,
    "this system gives no namespaces": int(allowed()),
    "AF_PACKET is not on this system": int(sys.platform == "linux"),
}
# A pytest each, forked from one interpreter that has loaded it; each line: exit code, output.
EACH = """
import json, os, sys, pytest
for path in sys.argv[1:]:
    spoken, speaks = os.pipe()
    if (child := os.fork()) == 0:
        os.dup2(speaks, 1)
        os._exit(pytest.main(["-q", "-p", "tests.skips", "-p", "no:cacheprovider", path]))
    os.close(speaks)
    output = open(spoken, "rb").read().decode()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), output]))
"""


def test_a_skip_for_a_reason_that_is_not_listed_fails(tmp_path):
    cases = {}
    for reason, code in REASONS.items():
        for line in LINES:
            path = tmp_path / f"test_example_{len(cases)}.py"
            path.write_text(f"import pytest\n{line.format(reason)}\n", "utf-8")
            cases[path] = code
    command = [sys.executable, "-c", EACH, *map(str, cases)]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # hypothesis would take seconds to import
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    for (path, code), (returned, output) in zip(cases.items(), results, strict=True):
        assert ("unexpected skip" in output) is bool(code), (path.read_text("utf-8"), output)
        assert bool(returned in (1, 2)) is bool(code), (path.read_text("utf-8"), output)
