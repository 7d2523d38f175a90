"""Offering a file for download: the kernel hands it over in pieces, the page puts it together and saves it.

A page under our Content-Security-Policy reaches no file of the server, and a `data:` link of some megabytes is more
than browsers take. A blob made in the page from what the kernel sends works in Voilà, JupyterLab and Colab alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Dict, Unicode

from poetas.errors import Explanation
from poetas.i18n import _
from widgets.core.error_reporting import explain_error

PIECE = 2_000_000  # bytes

Give = Callable[[Path], None]


class Download(anywidget.AnyWidget):
    """A button that saves a file on the learner's computer.

    label: the button's words. make: called with a click; it prepares the file, now or later, and hands its path to
    the function it is given. disabled: as of any button. remove: delete the file once it is handed over.
    """

    _esm = Path(__file__).with_name("download.js")
    label = Unicode().tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(
        self,
        label: str,
        make: Callable[[Give], None],
        *,
        failed: Callable[[Explanation], None],
        name: Callable[[Path], str] = lambda path: path.name,
        remove: bool = False,
    ) -> None:
        """Take what to do with a click and with a failure, and how the file is called on the learner's computer."""
        texts = {
            "making": _("Preparando…"),
            "going": _("Bajando: {percent} %"),
            "done": _("Listo: lo tenés en tu carpeta de descargas."),
        }
        super().__init__(label=label, texts=texts)
        self._make, self._failed, self._name, self._remove = make, failed, name, remove
        self._path: Path | None = None
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, _buffers: Sequence[Any]) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        try:
            if kind == "make" and not self.disabled:
                self._make(self._ready)
            elif kind == "want" and self._path is not None:
                self._hand_over(int(message["offset"]))
        except Exception as problem:  # noqa: BLE001  (shown as a card)
            self.stop()
            self._failed(explain_error(problem))

    def stop(self) -> None:
        """Tell the page that no file comes after all."""
        self._path = None
        self.send({"type": "stop"})

    def _ready(self, path: Path) -> None:
        self._path = path
        self.send({"type": "ready", "name": self._name(path), "size": path.stat().st_size})

    def _hand_over(self, offset: int) -> None:
        if self._path is None:
            return
        with self._path.open("rb") as source:
            source.seek(offset)
            piece = source.read(PIECE)
            last = source.tell() >= self._path.stat().st_size
        self.send({"type": "piece", "offset": offset, "last": last}, buffers=[piece])
        if last:
            if self._remove:
                self._path.unlink(missing_ok=True)
            self._path = None
