"""Processes that answer calls: preparation (no torch) and generation (the model), one socket away from the page.

The page's side is light: it knows numpy and the standard library. Arrays travel as raw buffers, never as pickles.
"""

from __future__ import annotations

from poetas.services.call import Call, CallCancelled, RemoteError, ServiceDied, ServiceRefused
from poetas.services.client import Service
from poetas.services.registry import ServiceKind, UnknownService
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
