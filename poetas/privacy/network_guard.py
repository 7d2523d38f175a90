"""Network guard: an audit hook that refuses every connection and look-up that would leave the machine.

An audit hook sees what goes through Python's sockets, that is urllib, requests, httpx, huggingface_hub and asyncio.
One thing comes before its event: `socket.connect` given a name looks the name up first, and a look-up can carry a text
away; and `listen` has no event. So the methods of `socket.socket` ask the same rules before they begin.

It stops libraries that connect without being asked, not an attacker. It does not see native code, nor other programs
started from here; of the raw `_socket.socket` it refuses connections, but not the look-up of their name, nor `listen`;
and what listens on this machine (a proxy on loopback, a daemon behind a Unix socket) may hand on what it receives. Only
the namespace (see `poetas.privacy.network_namespace`) stops all that, except for daemons behind a Unix socket.
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.privacy.ledger import Ledger
from poetas.privacy.network_rules import Rules

_MOST_LINES = 1000  # a library that retries for ever must not fill the disk with refusals


class NetworkRefused(PoetasError, PermissionError):
    """A connection or a name look-up that the guard did not let out.

    It is a `PermissionError` as well, so that libraries treat it as the lack of network that it is.
    """

    code = "network-refused"

    def __init__(self, target: str) -> None:
        super().__init__(
            _("Frené un intento de salir a la red."),
            why=_("Mientras se trabaja con tus textos, ningún programa puede conectarse con otra máquina."),
            remedy=_("No hace falta que hagas nada: tus textos no salieron. El intento quedó anotado en el registro."),
            detail=target,
        )
        self.errno = errno.EACCES
        self.strerror = self.explanation.what


class _Guard:
    """What the hook knows; there is one in a process, because a hook can never be removed."""

    def __init__(self) -> None:
        self.installed = False
        self.ledger: Ledger | None = None
        self.refused = 0
        self.rules = Rules(frozenset())
        self.checks: dict[str, Callable[..., str | None]] = {}

    def follow(self, rules: Rules) -> None:
        self.rules = rules
        self.checks = {
            "socket.connect": rules.reach,
            "socket.sendto": rules.reach,
            "socket.sendmsg": rules.reach,
            "socket.bind": rules.bind,
            "socket.getaddrinfo": rules.lookup,
            "socket.gethostbyname": rules.lookup,
            "socket.gethostbyaddr": rules.lookup,
            "socket.getnameinfo": rules.describe,
        }

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        check = self.checks.get(event)
        if check is not None:
            self.enforce(check(*arguments))

    def enforce(self, target: str | None) -> None:
        if target is None:
            return
        self.refused += 1
        if self.ledger is not None and self.refused <= _MOST_LINES:
            with suppress(OSError):  # a full disk must not turn a refusal into another error
                self.ledger.refused(target, _asker())
        raise NetworkRefused(target)


_GUARD = _Guard()


def install_guard(ledger: Path | None) -> None:
    """Refuse, from now to the end of this process, everything but loopback and Unix sockets.

    ledger: file in which refusals are noted; None keeps the one given before. Calling it again installs nothing twice.
    """
    _GUARD.ledger = Ledger(ledger) if ledger is not None else _GUARD.ledger
    # Looking up this machine's own name sends nothing out, and torch.distributed does it.
    names = _GUARD.rules.names or frozenset({"localhost", socket.gethostname().lower()})
    _GUARD.follow(Rules(names))
    if not _GUARD.installed:
        _GUARD.installed = True
        sys.addaudithook(_GUARD.hook)
        for method, where in (("connect", 0), ("connect_ex", 0), ("bind", 0), ("sendto", -1), ("sendmsg", 3)):
            _ask_first(method, where)
        _ask_before_listening()


def refusals() -> int:
    """How often this process was refused."""
    return _GUARD.refused


def _ask_first(method: str, where: int) -> None:
    """Make a socket's method ask the rules before it looks a name up; ``where``: position of its address."""
    original = getattr(socket.socket, method)

    @wraps(original)
    def asking(sock: socket.socket, *arguments: Any) -> Any:
        if len(arguments) > where:
            check = _GUARD.rules.bind if method == "bind" else _GUARD.rules.reach
            _GUARD.enforce(check(sock, arguments[where] if arguments else None))
        return original(sock, *arguments)

    setattr(socket.socket, method, asking)


def _ask_before_listening() -> None:
    original = socket.socket.listen

    @wraps(original)
    def asking(sock: socket.socket, *arguments: Any) -> None:
        _GUARD.enforce(_GUARD.rules.listen(sock))
        original(sock, *arguments)

    setattr(socket.socket, "listen", asking)  # noqa: B010 (mypy lets no method be assigned)


def _asker() -> str:
    """Name the library that asked: the nearest caller outside the standard library and this guard."""
    frame = sys._getframe(1)  # noqa: SLF001 (CPython's documented way to see the caller)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        package = name.partition(".")[0]
        if name != __name__ and package not in {"", "__main__"} and package not in sys.stdlib_module_names:
            return package
        if frame.f_back is None:
            break
        frame = frame.f_back
    return "python"
