"""Launcher of a kernel: ipykernel, ended by the operating system when its server dies.

ipykernel watches its parent by asking whether it is now a child of process 1. Where a session manager adopts
orphans, as systemd does on Linux desktops, it never is, and a server that was killed would leave 200 MB behind for
each page. So the operating system is asked for a signal.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent() -> bool:
    """Ask Linux for SIGTERM when the parent is gone; return whether it was asked (False on other systems)."""
    if not sys.platform.startswith("linux"):
        return False
    parent = os.getppid()
    done: int = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died meanwhile
        os.kill(os.getpid(), signal.SIGTERM)
    return done == 0


def launch() -> None:
    """Run a kernel until its server ends it."""
    from poetas.serving.kernel_app import PageKernelApp  # noqa: PLC0415  # heavy, and only a kernel needs it

    # What was imported is never garbage, and a sweep of it while a page opens costs 20 ms.
    gc.freeze()
    PageKernelApp.launch_instance()


def main() -> None:
    """Run a kernel, in a new interpreter or in a fork (see `poetas.serving.kernel_provisioner`)."""
    end_with_parent()
    launch()


if __name__ == "__main__":
    main()
