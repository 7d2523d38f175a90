"""Handlers that the tests of services run in real processes; see `SERVICES`."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from pathlib import Path

import numpy as np

from poetas.errors import PoetasError
from poetas.services import ServiceKind
from tests.unit.job_programs import native_connect


class WrongColumn(PoetasError):
    code = "wrong-column"


class Echo:
    """A bit of everything a handler may do."""

    def __init__(self):
        self.made = time.time()
        self.order = []
        self.cleaned = 0

    def add(self, session, *, a, b):
        return a + b

    def echo(self, session, *, value):
        return value

    def double(self, session, *, array):
        return {"array": array * np.float32(2)}

    def pid(self, session):
        return os.getpid()

    def remember(self, session, *, name):
        session["name"] = name
        session.on_close(self._clean)
        return session.number

    def recall(self, session):
        return session.get("name")

    def cleanings(self, session):
        return self.cleaned

    def fail(self, session):
        raise WrongColumn("No encuentro la columna.", why="w", remedy="Elegí otra.", action="choose-column", detail="d")

    def lose_card(self, session):
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    def bug(self, session):
        return 1 / 0

    def unsendable(self, session):
        return object()

    def count(self, session, *, n, pause=0.0):
        try:
            for number in range(n):
                time.sleep(pause)
                yield number
        finally:
            self.cleaned += 1
        return "end"

    def turns(self, session, *, name, n):
        for number in range(n):
            with session.turn():
                time.sleep(0.01)
                self.order.append(name)
            yield number

    def turn_order(self, session):
        return self.order

    def sit(self, session, *, seconds):
        with session.turn():
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                session.check()
                time.sleep(0.01)
        return "sat"

    def deaf(self, session, *, seconds):
        time.sleep(seconds)

    def leave_a_thread(self, session, *, seconds):
        """Start a thread that an ordinary end of the process would wait for, as libraries do."""
        threading.Thread(target=time.sleep, args=(seconds,)).start()

    def crash(self, session):
        ctypes.string_at(0)

    def environment(self, session, *, port):
        import socket

        refused = ""
        try:
            socket.create_connection(("192.0.2.1", 9), timeout=1)
        except OSError as error:
            refused = type(error).__name__
        return {
            "native": native_connect(port),
            "refused": refused,
            "offline": os.environ.get("HF_HUB_OFFLINE"),
            "home": os.environ.get("POETAS_HOME"),
            "memory": os.environ.get("GLIBC_TUNABLES", ""),
            "dies": Path("/proc/self/oom_score_adj").read_text() if sys.platform == "linux" else "",
        }

    def _secret(self, session):
        return "never"

    def _clean(self):
        self.cleaned += 1


class Broken:
    """A handler that cannot be made."""

    def __init__(self):
        raise MemoryError


SERVICES = {
    "echo": ServiceKind("service_handlers:Echo", shared=True, idle=30),
    "own": ServiceKind("service_handlers:Echo", shared=False, idle=None),
    "heavy": ServiceKind("service_handlers:Echo", shared=False, idle=None, torch=True),
    "brief": ServiceKind("service_handlers:Echo", shared=True, idle=0.3),
    "broken": ServiceKind("service_handlers:Broken", shared=True, idle=1),
    "missing": ServiceKind("no_such_module:Handler", shared=True, idle=1),
}
