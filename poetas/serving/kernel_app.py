"""ipykernel's application without its one TCP socket: what forked children print comes in over a Unix socket too."""

from __future__ import annotations

import os
import sys
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from zmq.eventloop.zmqstream import ZMQStream


class UnixIOPubThread(IOPubThread):
    """The thread that publishes a kernel's output; children of a fork hand theirs over through a socket at ``path``.

    ipykernel has that socket on loopback TCP, whatever the kernel's transport is, and no option for it.
    """

    def __init__(self, socket: Any, path: str) -> None:
        self._pipe_address = f"ipc://{path}"
        super().__init__(socket, pipe=True)  # type: ignore[no-untyped-call]

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)  # what arrives without it is not published
        receiver = self.socket.context.socket(zmq.PULL)
        receiver.linger = 0
        receiver.bind(self._pipe_address)
        self._pipe_in = ZMQStream(receiver, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[zmq.Context[Any], Any]:
        context = zmq.Context()  # a fork cannot use its parent's
        sender = context.socket(zmq.PUSH)
        sender.linger = 3000  # milliseconds
        sender.connect(self._pipe_address)
        return context, sender


class PageKernelApp(IPKernelApp):
    """The kernel of a page or of a notebook in JupyterLab."""

    def initialize(self, argv: Any = None) -> None:
        """Set the kernel up; ipywidgets, where it was imported before there was one, learns of it."""
        super().initialize(argv)  # type: ignore[no-untyped-call]
        if "ipywidgets" in sys.modules:  # else a page would ask for its widgets one by one
            sys.modules["ipywidgets"].register_comm_target()

    def init_iopub(self, context: Any) -> None:
        """Open the socket of the kernel's output, and start the thread that writes to it."""
        if self.transport != "ipc":
            super().init_iopub(context)  # type: ignore[no-untyped-call]
            return
        self.iopub_socket = context.socket(zmq.PUB)
        self.iopub_socket.linger = 1000
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)  # type: ignore[no-untyped-call]
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        self.iopub_thread = UnixIOPubThread(self.iopub_socket, f"{self.ip}-forks")
        self.iopub_thread.start()  # type: ignore[no-untyped-call]
        self.iopub_socket = self.iopub_thread.background_socket
