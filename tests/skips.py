"""Pytest plugin: a skip whose reason is not in the list, or does not hold on this platform, is a failure."""

import os
import re
import sys

import pytest

LINUX, WINDOWS = sys.platform == "linux", os.name == "nt"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# The reason of a skip, as a pattern, and where it holds.
ALLOWED = (
    (r"only Linux is asked|asked of Linux only|the peak is read from /proc|asks the Linux kernel to refuse", not LINUX),
    (r"Windows has no such (mask|modes)|pipes with a name are Unix's|there nothing is handed over.*", WINDOWS),
    (r"a limit on the size of files is a thing of Unix", WINDOWS),
    (r"not on this system", True),  # families of sockets that this Python was built without
    (r"no group can be made here.*", True),  # control groups can be written by few containers
    (r"this system gives no namespaces", True),
    (r"needs root to become another user", not ROOT),
    (r"inline: the click returns only when the answer is there", os.environ.get("POETAS_TEST_POLLER") == "inline"),
)


def unexpected(longrepr):
    """Return the reason of a skip that is not expected here, else None."""
    reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
    if any(holds and re.fullmatch(pattern, reason, re.DOTALL) for pattern, holds in ALLOWED):
        return None
    return reason


def check(report):
    reason = unexpected(report.longrepr) if report.skipped and not hasattr(report, "wasxfail") else None
    if reason is not None:
        report.outcome = "failed"
        report.longrepr = f"unexpected skip: {reason} (tests/skips.py lists the skips that may happen)"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return check((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return check((yield))
