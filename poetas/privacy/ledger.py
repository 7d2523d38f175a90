"""The ledger: every question to a host, download and refused connection, one JSON object a line."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from poetas.util.files import append_line, private_folder

_LATEST = 32_503_680_000  # unix seconds of the year 3000: later ones no system's calendar is sure to know
_LARGEST = 1 << 63  # bytes


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the ledger.

    time: unix seconds. kind: ``download``, ``asked`` or ``refused``. host: the address it is about.
    what: what was downloaded or asked for, or which library was refused. size: bytes that were received.
    """

    time: float
    kind: str
    host: str
    what: str
    size: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """The file that shows the learner what left and what entered the machine; many processes append to it.

    >>> import tempfile; ledger = Ledger(Path(tempfile.mkdtemp()) / "registro.jsonl")
    >>> ledger.refused("example.org:443", "urllib3")
    >>> ledger.refusals(), ledger.entries()[0].host
    (1, 'example.org:443')
    """

    path: Path

    def downloaded(self, host: str, what: str, size: int) -> None:
        """Note a finished download: ``size`` bytes of ``what`` from ``host``."""
        self._append("download", host, what, size)

    def asked(self, host: str, what: str) -> None:
        """Note that ``host`` is asked about ``what``, a name that the learner typed; before it is."""
        self._append("asked", host, what, 0)

    def refused(self, target: str, by: str) -> None:
        """Note that ``by`` (a library) asked for ``target`` and was refused."""
        self._append("refused", target, by, 0)

    def entries(self) -> list[LedgerEntry]:
        """Return every whole line, oldest first; broken lines are passed over, a missing file is empty."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return [entry for line in data.split(b"\n") if (entry := _parse(line)) is not None]

    def refusals(self) -> int:
        """Count the refused connections and look-ups."""
        return sum(entry.kind == "refused" for entry in self.entries())

    def _append(self, kind: str, host: str, what: str, size: int) -> None:
        private_folder(self.path.parent)
        entry = LedgerEntry(round(time.time(), 3), kind, host, what, int(size))
        append_line(self.path, json.dumps(asdict(entry), ensure_ascii=False))


def _parse(line: bytes) -> LedgerEntry | None:
    try:
        record = json.loads(line)
        kind, host, what = (_writable(record[name]) for name in ("kind", "host", "what"))
        entry = LedgerEntry(float(record["time"]), kind, host, what, int(record["size"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return entry if 0 <= entry.time < _LATEST and 0 <= entry.size < _LARGEST else None  # NaN is in no range


def _writable(value: object) -> str:
    """A text that every page can be sent: half of a surrogate pair, which JSON can spell, has no UTF-8."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
