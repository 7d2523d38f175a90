"""Text drawn as its tokens: one chip per token, with its id on hover, touch and focus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, List, Unicode

from poetas.i18n import _, ngettext, number

MAX_CHIPS = 400  # as many as a browser draws without a delay


class TokenChips(anywidget.AnyWidget):
    """Token chips. One Tab stop; arrow keys move between the tokens.

    pieces: ``[text, id]`` per token, as drawn. label: what a screen reader calls them.
    """

    _esm = Path(__file__).with_name("token_chips.js")
    pieces: List[Any] = List().tag(sync=True)
    label = Unicode().tag(sync=True)
    texts = Dict().tag(sync=True)

    def show(self, pieces: Sequence[tuple[str, int]], label: str, *, hint: bool = True) -> None:
        """Draw tokens: the text of each (blanks included) and its id. hint: say how to see a token's id."""
        texts = {
            "description": _("Token {n} de {all}: {piece} · número {id}"),
            "ask": _("Pasá por encima de un pedacito, o tocalo, y te digo su número.") if hint else "",
            "blank": _("un espacio"),
            "break": _("un salto de línea"),
            "part": _("un trozo de letra"),
            "more": "",
        }
        if len(pieces) > MAX_CHIPS:
            rest = len(pieces) - MAX_CHIPS
            texts["more"] = ngettext("… y {n} token más.", "… y {n} tokens más.", rest).format(n=number(rest))
        texts["all"] = number(len(pieces))
        with self.hold_sync():
            self.texts = texts
            self.label = label
            self.pieces = [[piece, token] for piece, token in pieces[:MAX_CHIPS]]
