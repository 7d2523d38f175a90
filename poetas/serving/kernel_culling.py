"""Culling of pages' kernels by the time without a connected page.

Stock culling asks how long a kernel has been idle. Ours are never idle, because their poller sends updates, and those
whose page is gone would stay for ever: what counts here is how long no page has been connected.
"""

from __future__ import annotations

import time
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Dict, Integer

# Voilà gives every kernel that it starts for a page (or for its pool) this variable; JupyterLab's have none.
_SIGN = "VOILA_BASE_URL"


class CulledKernels(AsyncMappingKernelManager):
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

    async def _async_start_kernel(self, *, kernel_id: str | None = None, **kwargs: Any) -> str:
        if kernel_id is not None or _SIGN not in (kwargs.get("env") or {}):
            return str(await super()._async_start_kernel(kernel_id=kernel_id, **kwargs))
        page = str(self.new_kernel_id(**kwargs))
        self._pages[page] = None
        try:
            return str(await super()._async_start_kernel(kernel_id=page, **kwargs))
        except BaseException:
            self._pages.pop(page, None)
            raise

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # as its base class does

    def start_watching_activity(self, kernel_id: str) -> None:
        """Watch what a kernel says, but not a page's: nothing asks for it, and each message would be parsed again."""
        if kernel_id in self._pages:
            kernel: Any = self.get_kernel(kernel_id)
            kernel.execution_state = "idle"  # a WebSocket waits for the end of "starting"
        else:
            super().start_watching_activity(kernel_id)  # type: ignore[no-untyped-call]

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
