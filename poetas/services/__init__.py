"""Services: processes that answer calls over a socket, preparation (no torch) and generation (the model).

The client imports numpy and the standard library only. Arrays travel as raw buffers, never as pickles.
"""

from __future__ import annotations

from poetas.services.call import Call
from poetas.services.client import Service
from poetas.services.errors import CallCancelled, RemoteError, ServiceDied, ServiceRefused, UnknownService
from poetas.services.registry import ServiceKind
from poetas.services.session import Session
from poetas.services.socket_server import serve

__all__ = [
    "Call",
    "CallCancelled",
    "RemoteError",
    "Service",
    "ServiceDied",
    "ServiceKind",
    "ServiceRefused",
    "Session",
    "UnknownService",
    "serve",
]
