"""Kernel provisioner of pages: kernels forked from a process that has imported what a page needs first.

Where there is no fork server (macOS, Windows) or it has died, kernels start as Jupyter starts them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from poetas.util import fork_server

NAME = "poetas-forked"  # in pyproject.toml, where Jupyter finds it
# The page's own part is named and not imported: `poetas` stands below `widgets`.
PRELOADED = ("poetas.serving.kernel_app", "widgets.preload")
log = logging.getLogger(__name__)


@cache
def kernel_server() -> fork_server.ForkServer | None:
    """Start this process's fork server of kernels, once; None where the system has none."""
    if not fork_server.available():
        return None
    # ipykernel reads at its import whether a program started it, and the number only for that.
    return fork_server.ForkServer(PRELOADED, {**os.environ, "JPY_PARENT_PID": str(os.getpid())})


class ForkedKernel(LocalProvisioner):
    """Starts a kernel by a fork; all the rest (signals, waiting, restarting) is Jupyter's."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel and return its connection's description."""
        server = kernel_server()
        if server is None:
            return await super().launch_kernel(cmd, **kwargs)
        env = kwargs.get("env", os.environ)
        cwd = Path(kwargs.get("cwd") or Path.cwd())
        try:
            process = await asyncio.to_thread(server.start, cmd, cwd=cwd, env=env)
        except OSError:
            log.exception("no fork: the kernel starts in a new interpreter")
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]  # what is used of it is as in a Popen
        self.pid = self.pgid = process.pid  # a session of its own
        self.cwd = cwd
        return self.connection_info
