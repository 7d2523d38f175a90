"""What stays on the machine and what would leave it: the guard's rules, without the guard."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any

# Families that cannot leave the machine: paths, the kernel's own messages, its cryptography.
_LOCAL = {getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK", "AF_ALG") if hasattr(socket, name)}
_INTERNET = {socket.AF_INET, socket.AF_INET6}
_ANY = {"", "0.0.0.0", "::"}  # noqa: S104 (nothing is bound here)


@dataclass(frozen=True, slots=True)
class Rules:
    """Each question is answered with the target that is to be refused, or None where nothing is.

    names: host names that stand for this machine. peers: numeric addresses that are let through.

    >>> rules = Rules(frozenset({"localhost"}), frozenset())
    >>> rules.lookup("example.org"), rules.lookup("localhost"), rules.lookup("127.0.0.1")
    ('example.org', None, None)
    """

    names: frozenset[str]
    peers: frozenset[str]

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
        if self._here(host):
            return None
        return f"{host}:{address[1]}" if len(address) > 1 else host

    def bind(self, sock: Any, address: Any = None, *_rest: Any) -> str | None:
        """Refuse to listen to the outside; port 0 on all addresses is how libraries ask for a free port."""
        if isinstance(address, tuple) and len(address) > 1 and _text(address[0]) in _ANY and address[1] == 0:
            return None
        refused = self.reach(sock, address)
        return None if refused is None else f"bind {refused}"

    def describe(self, address: Any, *_rest: Any) -> str | None:
        """Refuse to ask for the name of an address."""
        return self.lookup(address[0] if isinstance(address, tuple) and address else address)

    def _here(self, host: str) -> bool:
        """Tell whether a host is this machine, or a peer; odd spellings (``127.1``) are taken for names."""
        if host in self.names:
            return True
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        plain = getattr(address, "ipv4_mapped", None) or address
        return plain.is_loopback or str(plain) in self.peers


def _text(host: object) -> str:
    text = bytes(host).decode("utf-8", "replace") if isinstance(host, bytes | bytearray) else str(host)
    return text.lower().rstrip(".")
