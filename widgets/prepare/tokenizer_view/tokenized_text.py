"""Tokens of one text by one tokenizer: chips, and counts of tokens and words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ipywidgets import VBox

from poetas.i18n import _, ngettext, number
from widgets.controls.token_chips.token_chips import TokenChips
from widgets.core.elements import html, look
from widgets.core.html import tag, text

WORD = re.compile(r"\S+")  # as the length chart counts words


class TokenizedText(VBox):
    """Token chips and figures. count: number of tokens."""

    def __init__(self, title: str) -> None:
        super().__init__(**look("poetas-cut"))
        self.count = 0
        self._title = title
        self.head = html("")
        self.chips = TokenChips()
        self.figures = html("")
        self.children = (self.head, self.chips, self.figures)

    def show(self, words: str, pieces: Sequence[tuple[str, int]], *, named: bool) -> None:
        """Draw the tokens of a text."""
        self.count = len(pieces)
        self.head.value = tag("h3", text(self._title)) if named else ""
        self.chips.show(pieces, _("El texto en tokens, según {model}").format(model=self._title), hint=not named)
        self.figures.value = tag("p", text(counted(words, self.count)), class_="poetas-counts")


def counted(words: str, tokens: int) -> str:
    """Say how many tokens and words a text has, and how many tokens a word costs.

    >>> counted("Llueve sobre la pampa", 6)
    '6 tokens · 4 palabras · 1,5 tokens por palabra'
    """
    many = len(WORD.findall(words))
    parts = [
        ngettext("{n} token", "{n} tokens", tokens).format(n=number(tokens)),
        ngettext("{n} palabra", "{n} palabras", many).format(n=number(many)),
    ]
    if many:
        parts.append(_("{n} tokens por palabra").format(n=number(tokens / many, 1)))
    return " · ".join(parts)
