"""Download button: the kernel sends a file in chunks, the page joins them and saves the file.

A page under our Content-Security-Policy reaches no file of the server, and browsers refuse a `data:` link of some
megabytes. A blob made in the page from the kernel's messages works in Voilà, JupyterLab and Colab.
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

CHUNK = 2_000_000  # bytes

Give = Callable[[Path], None]


class Download(anywidget.AnyWidget):
    """A button that saves a file on the learner's computer.

    label: of the button. make: called at a click; it prepares the file, now or later, and calls the function that it
    gets with the path. disabled: as of any button. primary: it is the step's main action. remove: delete the file
    once it is sent.
    """

    _esm = Path(__file__).with_name("download.js")
    label = Unicode().tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)
    primary = Bool(default_value=False).tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(
        self,
        label: str,
        make: Callable[[Give], None],
        *,
        failed: Callable[[Explanation], None],
        name: Callable[[Path], str] = lambda path: path.name,
        remove: bool = False,
        primary: bool = False,
    ) -> None:
        """make, failed: called at a click, with a failure. name: returns the file's name on the learner's computer."""
        texts = {
            "making": _("Preparando…"),
            "going": _("Bajando: {percent} %"),
            "done": _("Listo: lo tenés en tu carpeta de descargas."),
        }
        super().__init__(label=label, texts=texts, primary=primary)
        self._make, self._failed, self._name, self._remove = make, failed, name, remove
        self._path: Path | None = None
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, _buffers: Sequence[Any]) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        try:
            if kind == "make" and not self.disabled:
                self._make(self._ready)
            elif kind == "want" and self._path is not None:
                self._send_chunk(int(message["offset"]))
        except Exception as problem:  # noqa: BLE001  (shown as a card)
            self.stop()
            self._failed(explain_error(problem))

    def stop(self) -> None:
        """Tell the page that no file will come."""
        self._path = None
        self.send({"type": "stop"})

    def _ready(self, path: Path) -> None:
        self._path = path
        self.send({"type": "ready", "name": self._name(path), "size": path.stat().st_size})

    def _send_chunk(self, offset: int) -> None:
        if self._path is None:
            return
        with self._path.open("rb") as source:
            source.seek(offset)
            chunk = source.read(CHUNK)
            last = source.tell() >= self._path.stat().st_size
        self.send({"type": "piece", "offset": offset, "last": last}, buffers=[chunk])
        if last:
            if self._remove:
                self._path.unlink(missing_ok=True)
            self._path = None
