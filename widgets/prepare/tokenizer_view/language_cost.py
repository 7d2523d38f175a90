"""Comparison of token counts of the same four sentences in Spanish and English, per tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ipywidgets import VBox

from poetas.i18n import _, number
from widgets.core.elements import html, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text

# The same four sentences in both languages.
SPANISH = (
    "Anoche llovió sobre los techos de chapa y nadie pudo dormir. "
    "La abuela guardaba las cartas en una lata de galletitas. "
    "El tren llegó con dos horas de demora, como siempre. "
    "Mañana vamos a plantar un limonero en el patio."
)
ENGLISH = (
    "Last night it rained on the tin roofs and nobody could sleep. "
    "Grandmother kept the letters in a biscuit tin. "
    "The train arrived two hours late, as always. "
    "Tomorrow we are going to plant a lemon tree in the yard."
)
ALIKE = 0.05  # relative differences below count as none

Ask = Callable[[str, str, Callable[[list[Any]], None]], None]


class LanguageCost(VBox):
    """Two bars per tokenizer: the tokens of the same four sentences in each language, once unfolded."""

    def __init__(self, models: Callable[[], list[str]], title: Callable[[str], str], tokens: Ask) -> None:
        super().__init__()
        self._models, self._title, self._tokens = models, title, tokens
        self._counts: dict[tuple[str, str], int] = {}
        self.button = make_button(_("¿Cuesta lo mismo en castellano que en inglés?"), "link")
        on_click(self.button, self.unfold)
        self.drawing = html("")
        self.opened = False
        self.children = (self.button, self.drawing)

    def unfold(self) -> None:
        """Show the comparison."""
        self.opened = True
        show(self.button, False)
        self.update()

    def update(self) -> None:
        """Compare for the tokenizers that are shown now."""
        if not self.opened:
            return
        for model in self._models():
            for language, words in (("es", SPANISH), ("en", ENGLISH)):
                if (model, language) not in self._counts:
                    self._tokens(model, words, partial(self._take, (model, language)))
        self._draw()

    def _take(self, key: tuple[str, str], pieces: Sequence[object]) -> None:
        self._counts[key] = len(pieces)
        self._draw()

    def _draw(self) -> None:
        models = [model for model in self._models() if {(model, "es"), (model, "en")} <= self._counts.keys()]
        if not models:
            return
        most = max(self._counts[model, language] for model in models for language in ("es", "en"))
        drawn = tag("p", text(_("Las mismas cuatro oraciones, en tokens:")))
        for model in models:
            spanish, english = self._counts[model, "es"], self._counts[model, "en"]
            drawn += tag("h3", text(self._title(model)))
            drawn += _bar(_("castellano"), spanish, most) + _bar(_("inglés"), english, most)
            drawn += tag("p", text(_ratio_sentence(spanish / english)), class_="soft")
        drawn += tag("p", text(f"«{SPANISH}»"), class_="soft small", lang="es")
        drawn += tag("p", text(f"“{ENGLISH}”"), class_="soft small", lang="en")
        self.drawing.value = tag("div", drawn, class_="poetas-cost")


def _bar(name: str, count: int, most: int) -> str:
    width = f"width: {100 * count / most:.0f}%"
    return tag("div", tag("b", text(name)) + tag("i", "", style=width) + tag("span", number(count)), class_="bar")


def _ratio_sentence(ratio: float) -> str:
    """Say what a ratio of costs means.

    >>> _ratio_sentence(1.84), _ratio_sentence(1.02)
    ('Decir lo mismo en castellano cuesta 1,8 veces lo que en inglés.', 'Decir lo mismo cuesta casi igual.')
    """
    if abs(ratio - 1) < ALIKE:
        return _("Decir lo mismo cuesta casi igual.")
    if ratio > 1:
        return _("Decir lo mismo en castellano cuesta {n} veces lo que en inglés.").format(n=number(ratio, 1))
    return _("Decir lo mismo en inglés cuesta {n} veces lo que en castellano.").format(n=number(1 / ratio, 1))
