"""Pytest plugin: tests that need another user's rights run in a user namespace of Linux, whichever user started pytest.

mark ``mounts``: the test mounts a file system; started by an ordinary user, it runs as root of a namespace.
mark ``ordinary_user``: the test is refused something; started by root, it runs as a user without rights.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.paths import ROOT

INSIDE = "POETAS_TEST_NAMESPACE"
OPTIONS = {"mounts": ("--map-root-user", "--mount"), "ordinary_user": ("--map-user=1000", "--map-group=1000")}


def options_for(item):
    """Return the options of unshare(1) with which a test has to run again, or None where it can run as it is."""
    if INSIDE in os.environ or not hasattr(os, "geteuid"):
        return None
    root = os.geteuid() == 0
    mark = "mounts" if not root and item.get_closest_marker("mounts") else ""
    mark = "ordinary_user" if root and item.get_closest_marker("ordinary_user") else mark
    return OPTIONS.get(mark)


def unshare(*options):
    """Return the start of a command that runs in a new user namespace; skip where the system gives none."""
    words = ["unshare", "--user", *options]
    try:
        subprocess.run([*words, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system gives no namespaces")
    return words


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    options = options_for(pyfuncitem)
    if options is None:
        return None
    again = ["-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", pyfuncitem.nodeid]
    base = pyfuncitem.config._tmp_path_factory.mktemp("namespace")
    done = subprocess.run(
        [*unshare(*options), sys.executable, *again, f"--basetemp={base / 'tmp'}"],
        cwd=ROOT,
        env={**os.environ, INSIDE: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert re.search(r"^1 passed", done.stdout, re.MULTILINE), done.stdout
    return True
