"""The network guard: an audit hook that refuses every connection and look-up that would leave the machine.

It sees what goes through Python's own sockets, that is urllib, requests, httpx, huggingface_hub and asyncio. It does
not see native code: that is held only by the namespace (see `poetas.privacy.namespace`).
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.privacy.ledger import Ledger

# Families that cannot leave the machine: paths, the kernel's own messages, its cryptography.
_LOCAL = {getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK", "AF_ALG") if hasattr(socket, name)}
_INTERNET = {socket.AF_INET, socket.AF_INET6}
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


@dataclass(slots=True)
class _Guard:
    """What the installed hook knows; there is one in a process, because a hook can never be removed."""

    installed: bool = False
    ledger: Ledger | None = None
    peers: frozenset[str] = frozenset()
    names: set[str] = field(default_factory=set)
    refused: int = 0


_GUARD = _Guard()


def install_guard(ledger: Path | None, *, peers: Iterable[str] = ()) -> None:
    """Refuse, from now to the end of this process, everything but loopback and Unix sockets.

    ledger: file in which refusals are noted, or None. peers: numeric addresses of the learner's own cluster that
    are let through and noted. Calling it again only replaces the two.
    """
    _GUARD.ledger = Ledger(ledger) if ledger is not None else _GUARD.ledger
    _GUARD.peers = frozenset(peers) or _GUARD.peers
    if _GUARD.ledger is not None:
        for peer in sorted(_GUARD.peers):
            _GUARD.ledger.allowed_peer(peer)
    if not _GUARD.installed:
        # This machine's own name tells nobody anything, and torch.distributed looks it up.
        _GUARD.names = {"localhost", socket.gethostname().lower()}
        _GUARD.installed = True
        sys.addaudithook(_hook)


def refusals() -> int:
    """How often this process was refused."""
    return _GUARD.refused


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    check = _CHECKS.get(event)
    if check is None:
        return
    target = check(*arguments)
    if target is not None:
        _GUARD.refused += 1
        if _GUARD.ledger is not None and _GUARD.refused <= _MOST_LINES:
            with suppress(OSError):  # a full disk must not turn a refusal into another error
                _GUARD.ledger.refused(target, _asker())
        raise NetworkRefused(target)


def _loopback(host: str) -> bool:
    """Tell whether a numeric address is of this machine, or a peer; odd spellings (``127.1``) are not numeric."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or str(mapped or address) in _GUARD.peers


def _text(host: object) -> str:
    return bytes(host).decode("utf-8", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _host(host: object, *_rest: Any) -> str | None:
    """Refuse to look a name up, unless it is this machine's; None and "" stand for it too."""
    name = "" if host is None else _text(host).lower().rstrip(".")
    if name in {"", "0.0.0.0", "::"} or name in _GUARD.names or _loopback(name):  # noqa: S104 (nothing is bound)
        return None
    return name


def _reach(sock: Any, address: Any = None, *_rest: Any) -> str | None:
    """Refuse to connect or send to an address outside; an address of None is a socket connected before."""
    family = getattr(sock, "family", None)
    if address is None or family in _LOCAL:
        return None
    if family not in _INTERNET or not isinstance(address, tuple) or not address:
        return f"{family!s} {address!r}"
    host = _text(address[0]).lower().rstrip(".")
    if host in _GUARD.names or _loopback(host):
        return None
    return f"{host}:{address[1]}" if len(address) > 1 else host


def _bind(sock: Any, address: Any) -> str | None:
    """Refuse to listen to the outside; port 0 on all addresses is how libraries ask for a free port."""
    wild = isinstance(address, tuple) and len(address) > 1 and address[0] in {"", "0.0.0.0", "::"}  # noqa: S104
    if wild and address[1] == 0:
        return None
    refused = _reach(sock, address)
    return None if refused is None else f"bind {refused}"


def _nameinfo(address: Any) -> str | None:
    return _host(address[0] if isinstance(address, tuple) and address else address)


_CHECKS: dict[str, Callable[..., str | None]] = {
    "socket.connect": _reach,
    "socket.sendto": _reach,
    "socket.sendmsg": _reach,
    "socket.bind": _bind,
    "socket.getaddrinfo": _host,
    "socket.gethostbyname": _host,
    "socket.gethostbyaddr": _host,
    "socket.getnameinfo": _nameinfo,
}


def _asker() -> str:
    """Name the library that asked: the nearest caller outside the standard library."""
    frame = sys._getframe(2)  # noqa: SLF001 (CPython's documented way to see the caller)
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package and package != "__main__" and package not in sys.stdlib_module_names:
            return package
        if frame.f_back is None:
            break
        frame = frame.f_back
    return "python"
