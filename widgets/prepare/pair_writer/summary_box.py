"""Text box for a summary: what is typed out, 0.4 s after the last key; Ctrl+Enter moves to another text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Dict, Int, Unicode

from poetas.i18n import _
from widgets.core.elements import look


class SummaryBox(anywidget.AnyWidget):
    """The box. written: called with a text's index and its summary. moved: called with 1 or -1.

    index, value: of the text that is shown; a page that is opened later shows them. ready: whether there is one.
    """

    _esm = Path(__file__).with_name("summary_box.js")
    index = Int(0).tag(sync=True)
    value = Unicode().tag(sync=True)
    ready = Bool(default_value=False).tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(self, written: Callable[[int, str], None], moved: Callable[[int], None]) -> None:
        texts = {
            "label": _("Tu resumen"),
            "placeholder": _("Contalo en una o dos oraciones, con tus palabras."),
            "hint": _(
                "Se guarda mientras escribís. Con Ctrl+Enter pasás al que sigue; con Ctrl+Mayús+Enter, al anterior."
            ),
        }
        super().__init__(texts=texts, **look("poetas-summary-box"))
        self._written, self._moved = written, moved
        self.on_msg(self._receive)

    def show(self, index: int, summary: str, *, focus: bool = False) -> None:
        """Show the summary of a text. focus: whether the box gets the keyboard's focus."""
        self.index, self.value, self.ready = index, summary, True
        self.send({"type": "show", "text": summary, "focus": focus})

    def _receive(self, _widget: Any, message: Any, _buffers: Sequence[Any]) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "write" and isinstance(message.get("text"), str) and isinstance(message.get("index"), int):
            if message["index"] == self.index:
                self.value = message["text"]
            self._written(message["index"], message["text"])
        elif kind == "go":
            self._moved(-1 if message.get("step") == -1 else 1)
