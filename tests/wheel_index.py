"""A package index on the loopback with wheels made for the tests: real pip downloads from it."""

from __future__ import annotations

import hashlib
import time
import zipfile
from pathlib import Path

from tests.loopback import LoopbackHandler, LoopbackServer


def make_wheel(folder: Path, name: str, members: dict[str, bytes], *, requires: str = "") -> Path:
    """Write a wheel ``name`` 1.0 with these members and what makes it a wheel; return its path."""
    module = name.replace("-", "_")
    path = folder / f"{module}-1.0-py3-none-any.whl"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    about = {
        f"{module}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}".encode(),
        f"{module}-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{module}-1.0.dist-info/RECORD": b"",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        for member, data in {**members, **about}.items():
            out.writestr(member, data)
    return path


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class WheelIndex(LoopbackServer):
    """``with WheelIndex(folder) as index: monkeypatch.setenv("PIP_INDEX_URL", index.url)``.

    downloads: names of the wheels that were asked for, in order. slow: seconds before each 64 kB of a
    wheel, read before each.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.downloads, self.slow = folder, [], 0.0
        super().__init__(_Handler)
        self.url += "/simple"


class _Handler(LoopbackHandler):
    home: WheelIndex

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        wheels = {path.name: path for path in self.home.folder.glob("*.whl")}
        if parts[0] == "files" and parts[1] in wheels:
            self.home.downloads.append(parts[1])
            self._send(wheels[parts[1]].read_bytes(), "application/octet-stream", wheel=True)
            return
        module = parts[1].replace("-", "_") if len(parts) > 1 else ""
        links = [f'<a href="/files/{name}">{name}</a>' for name in sorted(wheels) if name.split("-")[0] == module]
        if links:
            self._send(f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode(), "text/html")
        else:
            self.send_error(404)

    def _send(self, data: bytes, kind: str, *, wheel: bool = False) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            for start in range(0, len(data), 65536):
                time.sleep(self.home.slow if wheel else 0)
                self.wfile.write(data[start : start + 65536])
        except ConnectionError:
            pass
