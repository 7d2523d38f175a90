"""Endpoint of a running service: its address and key, in ``run/NAME.json`` of the workspace, mode 0600."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from poetas.services.protocol import Address
from poetas.util.files import private_folder, read_json, write_json

_LONGEST = 100  # bytes: a Unix socket's path may have 107 on Linux, 103 on macOS
_TEMPORARY = "poetas-"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and the key for its handshake."""

    address: Address
    key: bytes

    def write(self, path: Path) -> None:
        """Write it where clients look, whole, mode 0600."""
        write_json(path, {"address": self.address, "key": self.key.hex()})

    @classmethod
    def read(cls, path: Path) -> Endpoint | None:
        """Read it; None where there is none, or where it is broken."""
        try:
            value = read_json(path)
            address, key = value["address"], bytes.fromhex(value["key"])
            if isinstance(address, str):
                return cls(address, key)
            host, port = address
            return cls((str(host), int(port)), key) if host == "127.0.0.1" else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None


def run_folder(root: Path) -> Path:
    """The folder of sockets, keys and logs of a workspace root, made 0700."""
    folder = private_folder(root.resolve() / "run")
    folder.chmod(0o700)
    return folder


def new_endpoint(folder: Path, instance: str) -> Endpoint:
    """Return an unused address and a new key.

    A path that is too long for a socket is replaced by one in a new temporary folder, 0700.
    """
    key = secrets.token_bytes(32)
    if sys.platform == "win32":
        return Endpoint(("127.0.0.1", 0), key)
    path = folder / f"{instance}-{secrets.token_hex(4)}.sock"
    if len(os.fsencode(path)) > _LONGEST:
        path = Path(tempfile.mkdtemp(prefix=_TEMPORARY)) / "service.sock"
    return Endpoint(str(path), key)


def clear(address: Address) -> None:
    """Remove a socket's path, and the temporary folder made for it; nothing else, whatever the address says."""
    if not isinstance(address, str):
        return
    path = Path(address)
    if path.suffix == ".sock":
        path.unlink(missing_ok=True)
        if path.name == "service.sock" and path.parent.name.startswith(_TEMPORARY) and not path.parent.is_symlink():
            shutil.rmtree(path.parent, ignore_errors=True)
