"""Download of one requirement with the user's own `pip download`: progress by bytes, and a stop.

pip's log is read for two things only: which host it went to, and why it failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

from poetas.errors import PoetasError, disk_full, no_network
from poetas.i18n import _
from poetas.models.sources.base import FetchInterrupted
from poetas.util.atomic_folder import temporary_folder

UNNAMED_HOST = "PyPI"  # for a pip whose log names no host
_GLANCE = 0.2  # seconds between two looks at the bytes that have arrived
_PATIENCE = 5.0  # seconds that pip gets to end when it is asked to
# pip's and urllib3's words for "I could not reach the index"
_NETWORK = (
    "connection broken by",
    "failed to establish a new connection",
    "connection error",
    "connection refused",
    "name or service not known",
    "temporary failure in name resolution",
    "max retries exceeded",
    "could not connect",
    "connection reset",
    "read timed out",
    "readtimeouterror",
    "connecttimeouterror",
    "proxyerror",
    "cannot connect to proxy",
    "network is unreachable",
)
_FULL = ("no space left on device", "disk quota exceeded", "errno 28", "errno 122")


class NotOnTheIndex(PoetasError):
    """The package index was reached, and does not have the package."""

    code = "not-on-the-index"


def download(
    requirement: str, folder: Path, *, expected: int, say: Callable[[float], None], stopping: Callable[[], bool]
) -> tuple[Path, str]:
    """Download one wheel into ``folder``; return its path and the host it came from ("" where it was local).

    requirement: ``name==version``. expected: its bytes, so that progress is shown as they arrive: ``say(bytes)``.
    Raises NoNetwork, DiskFull, NotOnTheIndex, and FetchInterrupted where ``stopping()`` turns true.
    """
    with temporary_folder(folder, ".llega-") as incoming:
        log = incoming / "pip.log"
        code = _run(requirement, incoming, log, lambda here: say(min(here, expected)), stopping)
        text = log.read_text("utf-8", errors="replace")
        wheels = list((incoming / "wheel").glob("*.whl"))
        if code or len(wheels) != 1:
            raise _failure(requirement, text)
        target = folder / wheels[0].name
        wheels[0].replace(target)
        return target, _host(text, target.name)


def _run(
    requirement: str, incoming: Path, log: Path, say: Callable[[float], None], stopping: Callable[[], bool]
) -> int:
    passing = incoming / "tmp"  # pip's own temporary folder: the file grows there first
    passing.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["-vv"]  # else its log says neither which host a file came from nor that a connection failed
    command += ["--dest", str(incoming / "wheel"), requirement]
    environment = {**os.environ, "TMPDIR": str(passing), "TEMP": str(passing), "TMP": str(passing), "LC_ALL": "C.UTF-8"}
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    with (
        log.open("wb") as out,
        subprocess.Popen(  # noqa: S603 - our own interpreter, and a pinned requirement
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            creationflags=flags,
        ) as pip,
    ):
        try:
            while pip.poll() is None:
                if stopping():
                    raise FetchInterrupted
                say(_arrived(passing))
                time.sleep(_GLANCE)
        finally:
            _end(pip)
        return pip.returncode


def _end(pip: subprocess.Popen[bytes]) -> None:
    if pip.poll() is None:
        pip.terminate()
        try:
            pip.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            pip.kill()


def _arrived(folder: Path) -> int:
    """Bytes of the largest file below ``folder``: the wheel being downloaded."""
    largest = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, (Path(place) / name).stat().st_size)
            except OSError:
                continue  # pip moved it between the two looks
    return largest


def _host(text: str, wheel: str) -> str:
    r"""Tell from pip's log where a wheel came from; "" where nothing was downloaded.

    >>> log = "Found link https://files.example/x/y-1.0.whl (from ...)\n  Downloading y-1.0.whl (3 kB)"
    >>> _host(log, "y-1.0.whl"), _host("  Downloading y-1.0.whl (3 kB)", "y-1.0.whl")
    ('files.example', 'PyPI')
    >>> _host("Processing ./y-1.0.whl", "y-1.0.whl")
    ''
    """
    if not re.search(r"^\s*(?:Downloading|Resuming download) ", text, flags=re.MULTILINE):
        return ""
    link = re.search(rf"Found link (https?://\S*/{re.escape(quote(wheel))})", text)
    return (urlsplit(link[1]).hostname if link else None) or UNNAMED_HOST


def _failure(requirement: str, text: str) -> PoetasError:
    telling = [line for line in text.splitlines() if line.startswith(("ERROR", "WARNING", "Could not", "Looking in"))]
    words, tail = text.lower(), _without_secrets("\n".join(telling))[-2000:]
    if any(sign in words for sign in _FULL):
        return disk_full(tail)
    if any(sign in words for sign in _NETWORK):
        return no_network(tail)
    name = requirement.partition("==")[0]
    return NotOnTheIndex(
        _("El índice de paquetes no me dio {name}.").format(name=name),
        why=_("pip llegó al índice, pero el paquete no está ahí o no se puede bajar."),
        remedy=_("Si usás un índice propio (un espejo), pedí que lo agreguen. Si no, probá más tarde o elegí otro."),
        action="choose-model",
        detail=tail,
    )


def _without_secrets(text: str) -> str:
    """Remove user names and passwords from addresses: an index may be configured with them.

    >>> _without_secrets("Looking in indexes: https://ana:clave@index.example/simple")
    'Looking in indexes: https://index.example/simple'
    """
    return re.sub(r"(https?://)[^/\s@]+@", r"\1", text)
