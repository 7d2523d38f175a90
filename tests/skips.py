"""Pytest plugin: a skip whose reason is not in the list, or does not hold in this place, is a failure.

Whether a reason holds is asked of the place itself, another way than the test asks: a test that no longer finds what
the place has fails, and is not skipped.
"""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

LINUX, WINDOWS = sys.platform == "linux", os.name == "nt"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
INLINE = os.environ.get("POETAS_TEST_POLLER") == "inline"
# A process that asks the kernel itself for a user, mount and network namespace, and for a user in it: exit code 0.
_ENTER = """
import ctypes, os
user, group, libc = os.geteuid(), os.getegid(), ctypes.CDLL(None)
if libc.unshare(0x10000000 | 0x00020000 | 0x40000000) != 0: raise SystemExit(1)
for name, words in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
    open(f"/proc/self/{name}", "w").write(words)
raise SystemExit(libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None) != 0)
"""


@cache
def gives_namespaces() -> bool:
    command = [sys.executable, "-I", "-S", "-c", _ENTER]
    return LINUX and subprocess.run(command, capture_output=True, check=False).returncode == 0


def makes_groups() -> bool:
    """Whether root may write control groups of memory: from the mounts, of which most containers get none to write."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()] if LINUX else []
    for _device, folder, kind, options, *_rest in mounts:
        controllers = Path(folder, "cgroup.subtree_control")
        passed_on = controllers.is_file() and "memory" in controllers.read_text().split()
        if "rw" in options.split(",") and (passed_on or (kind == "cgroup" and "memory" in options.split(","))):
            return ROOT
    return False


def has_vnni() -> bool:
    flags = Path("/proc/cpuinfo")
    return flags.exists() and any(f"{name}_vnni" in flags.read_text("utf-8") for name in ("avx512", "avx"))


def has_graphics_card() -> bool:
    return not LINUX or Path("/dev/nvidia0").exists()


# The reason of a skip, as a pattern, and whether it holds here.
ALLOWED: tuple[tuple[str, bool | Callable[[], bool]], ...] = (
    (r"only Linux is asked|asked of Linux only|the peak is read from /proc", not LINUX),
    (r"asks the Linux kernel to refuse|a fork server needs Linux", not LINUX),
    (r"Windows has no such (mask|modes)|pipes with a name are Unix's", WINDOWS),
    (r"there nothing is handed over.*|a limit on the size of files is a thing of Unix", WINDOWS),
    (r"sockets of Unix are not on this system", WINDOWS),
    (r"AF_\w+ is not on this system", not LINUX),
    (r"the C library is not glibc", platform.libc_ver()[0] != "glibc"),
    (r"AF_BLUETOOTH is not on this system", True),  # a Python is built with its headers or without
    (r"no group can be made here.*", lambda: not makes_groups()),
    (r"this system gives no namespaces", lambda: not gives_namespaces()),
    (r"this processor does not multiply bytes quickly", lambda: not has_vnni()),
    (r"needs root to become another user", not ROOT),
    (r"there is a graphics card", has_graphics_card),
    (r"inline: the click returns only when the answer is there", INLINE),
)


def unexpected(longrepr):
    """Return the reason of a skip that is not expected here, else None."""
    reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
    expected = (holds for pattern, holds in ALLOWED if re.fullmatch(pattern, reason, re.DOTALL))
    return None if any(holds() if callable(holds) else holds for holds in expected) else reason


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
