"""Form of «Contanos»: five pictures in words a question, drawn by the page as radio buttons, and a box of free text."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, List, Unicode

from poetas.course.answers_file import LONGEST_TEXT, LOWEST
from poetas.course.feedback_scales import scales
from poetas.i18n import _
from widgets.core.elements import own_look


class ScalesForm(anywidget.AnyWidget):
    """marks: {scale: 1 to 5}; text: free text. Both as the page sent them: who reads them checks them."""

    _esm = Path(__file__).with_suffix(".js")
    scales: List[Any] = List().tag(sync=True)
    marks = Dict().tag(sync=True)
    text = Unicode().tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(self) -> None:
        texts = {
            "lowest": LOWEST,
            "longest": LONGEST_TEXT,
            "free": _("¿Qué cambiarías? ¿Qué te sorprendió?"),
            "free_about": _("Lo que escribas acá va tal cual al archivo. No hace falta que pongas tu nombre."),
        }
        super().__init__(
            scales=[asdict(scale) for scale in scales()], texts=texts, **own_look("poetas", "poetas-scales")
        )
