"""Kernel manager of pages: Unix sockets for their kernels, culling by time without a connected page.

Stock culling asks how long a kernel has been idle. Ours are never idle, because their poller sends updates, and one
whose page is gone would stay for ever: what counts here is how long no page has been connected.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Dict, Instance, Integer

from poetas.serving.kernel_provisioner import NAME, kernel_server

_LONGEST = 80  # bytes of a folder's path: a Unix socket's whole path may have 107 on Linux, 103 on macOS
# Voilà gives every kernel that it starts for a page (or for its pool) this variable; JupyterLab's have none.
_SIGN = "VOILA_BASE_URL"


class PageKernels(AsyncMappingKernelManager):
    """Shut a page's kernel down when no page has been connected to it for a while.

    A page closes its kernel itself when its tab closes; this is for the pages that could not (a browser that
    crashed, a laptop that fell asleep, a lost network). Kernels that JupyterLab started are not touched. Those of
    Voilà's preheated pool are not either: Voilà leaves them out before it asks us, and the count begins with
    their first page.
    """

    alone_seconds = Integer(
        300, config=True, help="Seconds without a connected page after which a page's kernel is shut down."
    )

    _pages = Dict(help="Kernels started for a page: id -> since when no page is connected (monotonic), or None.")

    _sockets = Instance(tempfile.TemporaryDirectory, allow_none=True, help="Kernels' sockets; gone with the server.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        kernel_server()  # it imports while the server and the browser open

    def pre_start_kernel(self, kernel_name: str | None, kwargs: Any) -> tuple[Any, str, str]:
        """Prepare a kernel that listens on Unix sockets in a folder that only this account may enter.

        Over loopback TCP, which is what a kernel gets elsewhere, every account of the machine could read what a page
        shows: subscribing to a kernel's output needs no key.
        """
        manager, name, kernel_id = super().pre_start_kernel(kernel_name, kwargs)
        if has_unix_sockets():
            if self._sockets is None:
                self._sockets = tempfile.TemporaryDirectory(prefix="poetas-", dir=_short_folder())
            manager.transport = "ipc"
            manager.ip = str(Path(self._sockets.name) / secrets.token_hex(4))
        return manager, name, kernel_id

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kernel_id: str = await super()._async_start_kernel(**kwargs)
        if _SIGN in (kwargs.get("env") or {}):
            self._pages[kernel_id] = None
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # as its base class does

    def initialize_culler(self) -> None:
        """Look often enough that ``alone_seconds`` is kept to within a quarter."""
        self.cull_idle_timeout = max(1, self.alone_seconds)
        self.cull_interval = max(1, min(30, self.alone_seconds // 4))
        super().initialize_culler()  # type: ignore[no-untyped-call]

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Shut one kernel down if it belongs to a page and has been alone for too long."""
        if kernel_id not in self._pages:
            return
        if self._kernel_connections.get(kernel_id, 0) > 0:
            self._pages[kernel_id] = None
            return
        now = time.monotonic()
        since = self._pages[kernel_id]
        if since is None:
            self._pages[kernel_id] = now
        elif now - since >= self.alone_seconds:
            self.log.info("Kernel %s: no page for %d s, shutting it down", kernel_id, self.alone_seconds)
            await ensure_async(self.shutdown_kernel(kernel_id))  # type: ignore[no-untyped-call]

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that is gone."""
        self._pages.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)


def has_unix_sockets() -> bool:
    """Tell whether kernels of this platform can listen on Unix sockets."""
    return sys.platform != "win32" and bool(zmq.has("ipc"))


def _short_folder() -> str:
    """The system's folder for temporary files, or ``/tmp`` where the path of a socket in it would be too long."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= _LONGEST else "/tmp"  # noqa: S108  # mkdtemp makes a 0700 folder in it


class OwnInterpreter(KernelSpecManager):
    """Only the Python that runs the server: a user's own "python3" kernel may lack our packages."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the one kernel there is, by its usual name."""
        from ipykernel.kernelspec import RESOURCES  # noqa: PLC0415  # heavy, and only a server needs it

        return {NATIVE_KERNEL_NAME: RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> Any:
        """Return the kernel's description: our own launcher, forked where that can be (`kernel_provisioner`)."""
        spec = super().get_kernel_spec(kernel_name)
        spec.argv = [sys.executable, "-m", "poetas.serving.kernel_launcher", "-f", "{connection_file}"]
        spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": NAME}}
        return spec
