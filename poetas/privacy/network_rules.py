"""Rules of the network guard: which connections, names and bindings stay on this machine."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any

# Families that cannot leave the machine: paths, the kernel's own messages, its cryptography.
_LOCAL = {getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK", "AF_ALG") if hasattr(socket, name)}
_INTERNET = {socket.AF_INET, socket.AF_INET6}
_ANY = {"", "0.0.0.0", "::"}  # noqa: S104 (nothing is bound here)
_NAMES_PORT = 53  # a resolver on this machine (systemd-resolved on 127.0.0.53, dnsmasq) hands names on to the network


@dataclass(frozen=True, slots=True)
class Rules:
    """Each question is answered with the target that is to be refused, or None where nothing is.

    names: host names that stand for this machine.

    >>> rules = Rules(frozenset({"localhost"}))
    >>> rules.lookup("example.org"), rules.lookup("localhost"), rules.lookup("127.0.0.1")
    ('example.org', None, None)
    """

    names: frozenset[str]

    def lookup(self, host: object, *_rest: Any) -> str | None:
        """Refuse to look a name up; None and "" stand for this machine too."""
        name = _text("" if host is None else host)
        return None if name in _ANY or self._here(name) else name

    def reach(self, sock: Any, address: Any = None, *_rest: Any) -> str | None:
        """Refuse to connect or send to an address; None stands for a socket that was connected before."""
        family = getattr(sock, "family", None)
        if address is None or family in _LOCAL:
            return None
        if family not in _INTERNET or not isinstance(address, tuple) or not address:
            return f"{family!s} {address!r}"
        host = _text(address[0])
        asks_names = len(address) > 1 and address[1] == _NAMES_PORT
        if self._here(host) and not asks_names:
            return None
        return f"{host}:{address[1]}" if len(address) > 1 else host

    def bind(self, sock: Any, address: Any = None, *_rest: Any) -> str | None:
        """Refuse an address that others could reach.

        All addresses with port 0 is how libraries ask for a free port. A stream socket may bind it, since it
        accepts nothing before `listen`, which is checked too; a datagram socket may not, since it receives at once.
        """
        if isinstance(address, tuple) and len(address) > 1 and _text(address[0]) in _ANY and address[1] == 0:
            return None if getattr(sock, "type", None) == socket.SOCK_STREAM else f"bind {_text(address[0]) or '*'}:0"
        refused = self.reach(sock, address)
        return None if refused is None else f"bind {refused}"

    def listen(self, sock: Any, *_rest: Any) -> str | None:
        """Refuse to listen on all addresses, which an address never given stands for as well."""
        if getattr(sock, "family", None) in _LOCAL:
            return None
        try:
            host, port = sock.getsockname()[:2]
        except (OSError, ValueError):  # closed, or of a kind without addresses: the system itself refuses
            return None
        return f"listen {host}:{port}" if _text(host) in _ANY else None

    def describe(self, address: Any, *_rest: Any) -> str | None:
        """Refuse to ask for the name of an address."""
        return self.lookup(address[0] if isinstance(address, tuple) and address else address)

    def _here(self, host: str) -> bool:
        """Tell whether a host is this machine; unusual spellings (``127.1``) are taken for names."""
        if host in self.names:
            return True
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        plain = getattr(address, "ipv4_mapped", None) or address
        return plain.is_loopback


def _text(host: object) -> str:
    text = bytes(host).decode("utf-8", "replace") if isinstance(host, bytes | bytearray) else str(host)
    return text.lower().rstrip(".")
