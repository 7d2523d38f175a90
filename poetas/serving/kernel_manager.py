"""Kernel manager of pages: Unix sockets for their kernels, which are forked where that can be."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from traitlets import Instance

from poetas.serving.kernel_culling import CulledKernels
from poetas.serving.kernel_provisioner import NAME, kernel_server

_LONGEST = 80  # bytes of a folder's path: a Unix socket's whole path may have 107 on Linux, 103 on macOS


class PageKernels(CulledKernels):
    """Kernels that listen where no other account can read, and end when their page is gone."""

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
