"""Board of «¿Qué sigue?»: rounds with all their sentences in, the chosen words out; the browser draws and plays them.

A click is answered by the browser alone, since the first of them comes while the kernel is still building the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, List, Unicode

from widgets.core.elements import look


class NextWordBoard(anywidget.AnyWidget):
    """One anywidget for the whole game. Texts are put into the page as text, never as HTML.

    rounds: of each, its ``lines``, ``options`` (their words, ``sentence`` and ``bars``) and what it teaches (``idea``).
    labels: the game's own texts. choices: the index of the option chosen in each round that was played.
    """

    _esm = Path(__file__).with_name("next_word_board.js")
    rounds: List[Any] = List().tag(sync=True)
    labels: Dict[str, Any] = Dict().tag(sync=True)
    choices: List[Any] = List().tag(sync=True)
    label = Unicode().tag(sync=True)  # of the whole, for screen readers

    def __init__(self, rounds: list[dict[str, Any]], labels: dict[str, Any], choices: list[int]) -> None:
        super().__init__(rounds=rounds, labels=labels, choices=choices, label=labels["ask"], **look("poetas"))
