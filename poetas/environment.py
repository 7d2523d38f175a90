"""The machine: its kind (local, Binder, Colab, class server), its cores, memory and disk space."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from poetas.i18n import _
from poetas.util import cgroups


class Place(StrEnum):
    """The kinds of machine: on some the learner's texts stay with them, on others they are on a borrowed machine."""

    LOCAL = "local"
    BINDER = "binder"
    COLAB = "colab"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine offers now.

    cores: physical cores this process may use. memory_total, memory_free, disk_free: bytes.
    """

    cores: int
    memory_total: int
    memory_free: int
    disk_free: int


def place() -> Place:
    """Tell where the program runs.

    `POETAS_PLACE` wins (a server that other computers reach sets it, see `poetas.serving.config.environment`); Binder
    and Colab are known by the variables and modules that only they have.

    >>> place() in set(Place)
    True
    """
    given = os.environ.get("POETAS_PLACE", "")
    if given in set(Place):
        return Place(given)
    if os.environ.get("BINDER_SERVICE_HOST") or os.environ.get("BINDER_LAUNCH_HOST"):
        return Place.BINDER
    if os.environ.get("COLAB_RELEASE_TAG") or (importlib.util.find_spec("google") and _has_colab()):
        return Place.COLAB
    return Place.LOCAL


def _has_colab() -> bool:
    try:
        return importlib.util.find_spec("google.colab") is not None
    except ModuleNotFoundError:
        return False


def in_voila() -> bool:
    """Tell whether Voilà renders this kernel's notebook; it says so in the kernel's environment."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def borrowed(where: Place | None = None) -> bool:
    """Tell whether the kernel runs on another machine than the learner's, so that texts are uploaded to it."""
    return (where or place()) is not Place.LOCAL


def describe(where: Place | None = None) -> str:
    """Say in the header's words where the page runs.

    >>> describe(Place.BINDER)
    'En Binder: una máquina prestada'
    """
    return {
        Place.LOCAL: _("En tu computadora"),
        Place.BINDER: _("En Binder: una máquina prestada"),
        Place.COLAB: _("En Colab: una máquina prestada"),
        Place.SERVER: _("En el servidor de la clase"),
    }[where or place()]


def cores() -> int:
    """Physical cores this process may use: what a matrix product profits from."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def machine(folder: Path | None = None) -> Machine:
    """Measure the machine; ``folder`` says on which disk (default: the home folder).

    >>> machine().cores >= 1
    True
    """
    memory = psutil.virtual_memory()
    total, free = memory.total, memory.available
    allowed = cgroups.allowance()
    if allowed is not None:
        total, free = min(total, allowed.limit), min(free, allowed.left)
    path = folder or Path.home()
    while not path.exists() and path != path.parent:
        path = path.parent
    return Machine(cores(), total, free, shutil.disk_usage(path).free)


def peak_rss_mb(pid: int | None = None) -> float:
    """Peak resident memory so far, in MB (10^6 bytes), of this process or of another one that still runs.

    Linux's own count is read first: what getrusage returns there starts at the peak of the parent process, so
    that a child of a large server would seem large. Other systems return it for this process alone; for another one
    they return what is resident now. Raises psutil.Error where that process is gone.

    >>> peak_rss_mb() > 5
    True
    """
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid or 'self'}/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    if pid is not None:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource  # noqa: PLC0415  # Windows has none

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
