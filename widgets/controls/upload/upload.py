"""Upload of a file from the learner's computer in chunks of 2 MB, with progress, cancel, and drag and drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, List, Unicode

from poetas.data.errors import FileBeingWritten, FileMissing
from poetas.errors import Explanation
from poetas.i18n import _, size
from widgets.controls.upload.incoming_file import ChunkOutOfOrder, IncomingFile, UnreadCopies
from widgets.core.error_reporting import explain_error

CHUNK = 2_000_000  # bytes; one message stays far below every limit of servers and proxies on the way


class Upload(anywidget.AnyWidget):
    """A drop zone, and a button that opens the browser's file dialogue.

    folder: where the file goes, created with the first file. limit: bytes; larger files are refused in the page.
    value: path of the last file that arrived whole, "" before.
    """

    _esm = Path(__file__).with_name("upload.js")
    value = Unicode()
    texts = Dict().tag(sync=True)
    endings: List[Any] = List().tag(sync=True)

    def __init__(
        self,
        folder: Callable[[], Path],
        *,
        limit: int,
        endings: Sequence[str] = (),
        failed: Callable[[Explanation], None],
        busy: Callable[[bool], None] = lambda _busy: None,
        here: Callable[[], None] = lambda: None,
        unread: UnreadCopies | None = None,
    ) -> None:
        """failed, busy, here: called with a failure, when a copy begins and ends, and when a page shows this widget.

        unread: registers the copies.
        """
        super().__init__(texts=_texts(limit), endings=list(endings))
        self._folder, self._limit = folder, limit
        self._failed, self._busy, self._here, self._unread = failed, busy, here, unread
        self._incoming: IncomingFile | None = None
        self._turn: object = None
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, buffers: Sequence[Any]) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "here":
            self._here()
            return
        try:
            if kind == "begin":
                self._begin(message)
            elif self._incoming is not None and message.get("turn") == self._turn:
                if kind == "piece":
                    self._piece(int(message["offset"]), buffers[0] if buffers else b"")
                elif kind in {"cancel", "broken"}:
                    name = self._incoming.name
                    self._drop()
                    if kind == "broken":  # a browser reads no piece of a file that changed since it was chosen
                        gone = message.get("why") == "NotFoundError"
                        self._failed((FileMissing if gone else FileBeingWritten)(name).explanation)
        except Exception as problem:  # noqa: BLE001  (shown as a card; the page stops sending)
            self._drop()
            self.send({"type": "no", "turn": self._turn})
            self._failed(explain_error(problem))

    def _begin(self, message: dict[str, Any]) -> None:
        self._drop()
        self._turn = message.get("turn")
        announced = int(message["size"])
        if not 0 <= announced <= self._limit:  # the page checks it too, but its messages are untrusted
            raise ChunkOutOfOrder
        self._busy(True)
        self._incoming = IncomingFile(self._folder(), str(message["name"]), announced, self._unread)
        self._continue()

    def _piece(self, offset: int, piece: Any) -> None:
        if self._incoming is not None:
            self._incoming.write(offset, memoryview(piece))
            self._continue()

    def _continue(self) -> None:
        incoming = self._incoming
        if incoming is None:
            return
        if not incoming.whole:
            self.send({"type": "more", "turn": self._turn, "offset": incoming.received, "piece": CHUNK})
            return
        self._incoming = None
        path = incoming.finish()
        self.send({"type": "here", "turn": self._turn})
        self._busy(False)
        self.value = ""  # so that the same file again is a change
        self.value = str(path)

    def _drop(self) -> None:
        if self._incoming is not None:
            self._incoming.cancel()
            self._incoming = None
        self._busy(False)


def _texts(limit: int) -> dict[str, str]:
    return {
        "drop": _("Arrastrá tu archivo hasta acá, o"),
        "choose": _("Elegí un archivo"),
        "limit": _("Hasta {size}. Tu archivo no cambia: se hace una copia en tu proyecto.").format(size=size(limit)),
        "bytes": str(limit),
        "large": _("«{name}» ocupa {size}, y acá entran hasta {limit}. Partilo o elegí otro."),
        "folder": _("Eso es una carpeta. Comprimila en un ZIP y traé el ZIP."),
        "several": _("Soltaste {n} archivos. Traé uno solo, o juntá los textos en un ZIP y traé el ZIP."),
        "going": _("Copiando «{name}»: {percent} %"),
        "silent": _(
            "La copia no avanza: la máquina está muy ocupada. Pruebo otra vez. Si sigue así, volvé a cargar la página."
        ),
        "cancel": _("Cancelar"),
        "cancelled": _("Cancelado. No quedó nada a medias."),
    }
