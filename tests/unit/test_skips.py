"""The plugin that makes an unexpected skip a failure: see `tests.skips`."""

import subprocess
import sys

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("reason", "code"), [("not on this system", 0), ("a library is missing", 1)])
@pytest.mark.parametrize("line", ["pytest.skip({0!r}, allow_module_level=True)", "def test_it(): pytest.skip({0!r})"])
def test_a_skip_for_a_reason_that_is_not_listed_fails(tmp_path, line, reason, code):
    path = tmp_path / "test_example.py"
    path.write_text(f"import pytest\n{line.format(reason)}\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.skips", "-p", "no:cacheprovider", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ("unexpected skip" in done.stdout) is bool(code), done.stdout
    assert bool(done.returncode in (1, 2)) is bool(code), done.stdout
