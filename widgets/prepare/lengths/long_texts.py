"""Choice between cutting long texts and parting them into windows, with the share of the words that each studies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from ipywidgets import VBox

from poetas.data.service.answers import BeyondAnswer, CutAnswer, WindowsAnswer
from poetas.i18n import _, ngettext, number, percent_phrase
from widgets.controls.choice_card import ChoiceCard
from widgets.controls.previews import lines
from widgets.core.elements import box_of, html, look, show
from widgets.core.focus import focus
from widgets.core.html import tag, text
from widgets.prepare.lengths.truncation_preview import Ask, TruncationPreview

_NEARLY = 0.999  # written where nearly all words are studied, but not all
_MORE_WORK = 1.5  # times the work of a cut, from which on it is said


class LongTexts(VBox):
    """Drawn by `show`, then by the answers. ask: see `TruncationPreview`. choose: called with whether to part.

    parted: whether texts are parted into windows now.
    """

    def __init__(self, ask: Ask | None, choose: Callable[[bool], None]) -> None:
        self.parted = False
        self._count, self._style = 0, False
        self._cut: CutAnswer | None = None
        self._windows: WindowsAnswer | None = None
        self.cost = TruncationPreview(ask, self._show_share)
        self.cut_card = _card(_("Cortar"), _("Cortar los textos largos"), lambda: choose(False))
        self.windows_card = _card(_("Partir en ventanas"), _("Partirlos en ventanas"), lambda: choose(True))
        self.cards = box_of((self.cut_card, self.windows_card), "grid")
        self.only_cut = html("")
        self.beyond = html("")
        self.windows = html("")
        super().__init__(
            (self.cards, self.only_cut, self.cost, self.beyond, self.windows), **look("stack", "poetas-long-texts")
        )
        self._draw()

    def show(self, lengths: np.ndarray, longest: int, *, task: str, parted: bool) -> None:
        """Show what becomes of texts of these lengths, int64[n]; the rest comes with the answers."""
        self._count, self._style = len(lengths), task == "style"
        self.parted = parted and self._style
        self._windows = None
        self.beyond.value = ""
        self.cost.show(lengths, longest)
        longer = bool((lengths > longest).any())
        show(self.cards, self._style and longer)
        words = _(
            "Para resumir, un texto largo solo se puede cortar: su resumen habla de todo el texto, no de un pedazo."
        )
        self.only_cut.value = tag("p", text(words), class_="soft") if task == "summary" and longer else ""
        self._draw()

    def choose(self, *, parted: bool) -> None:
        """Show the other choice; the focus goes on to the button that takes it back."""
        self.parted = parted
        self._draw()
        focus((self.cut_card if parted else self.windows_card).button)

    def show_windows(self, answer: WindowsAnswer) -> None:
        """Show into how many windows the texts are parted."""
        self._windows = answer
        self._draw()

    def show_beyond(self, answer: BeyondAnswer) -> None:
        """Show how many summaries name what is cut off."""
        self.beyond.value = _beyond(answer)

    def _show_share(self, answer: CutAnswer | None) -> None:
        self._cut = answer
        self._draw()

    def _draw(self) -> None:
        windows = self.parted and self._cut is not None
        show(self.cost, not windows)
        show(self.windows, windows)
        cut = self._cut
        studied = 1 - cut["words_lost"] / max(1, cut["words"]) if cut is not None else 1.0
        start = ngettext(
            "Lee el comienzo, hasta la línea.", "De cada uno lee el comienzo, hasta la línea.", self._count
        )
        self.cut_card.describe(_share(studied, self._count) + tag("p", text(start), class_="soft"))
        self.windows_card.describe(_share(1.0, self._count) + tag("p", text(self._work()), class_="soft"))
        self.cut_card.mark(chosen=not self.parted)
        self.windows_card.mark(chosen=self.parted)
        self.windows.value = _preview(self._windows) if windows and self._windows is not None else ""

    def _work(self) -> str:
        """Return how many windows there are, and what they cost."""
        ends = _("Cada ventana termina con una oración o un verso.")
        if self._windows is None:
            return ends
        many = ngettext("Es {n} ventana.", "Son {n} ventanas.", self._windows["windows"])
        words = f"{many.format(n=number(self._windows['windows']))} {ends}"
        if self._windows["work"] < _MORE_WORK:
            return words
        slower = _("Tarda unas {times} veces lo que tarda cortando.").format(times=number(round(self._windows["work"])))
        return f"{words} {slower}"


def _card(title: str, verb: str, pick: Callable[[], None]) -> ChoiceCard:
    return ChoiceCard(title, "", verb=verb, pick=pick)


def _share(studied: float, count: int) -> str:
    """Return which share of the words is studied; never "el 100 %" where one is lost."""
    words = ngettext(
        "El modelo va a estudiar {share} de las palabras de tu texto.",
        "El modelo va a estudiar {share} de las palabras de tus textos.",
        count,
    )
    whole = studied == 1
    share = percent_phrase(studied if whole else min(studied, _NEARLY), 0 if whole else 1)
    return tag("p", tag("b", text(words.format(share=share))))


def _preview(answer: WindowsAnswer) -> str:
    """Draw the first windows of the longest text."""
    head = ngettext(
        "Tu texto más largo, en {n} ventana.", "Tu texto más largo, en {n} ventanas. Estas son las primeras.",
        answer["shown_of"],
    )  # fmt: skip
    pages = "".join(tag("li", _page(edges), class_="card serif") for edges in answer["shown"])
    more = answer["shown_of"] - len(answer["shown"])
    rest = ngettext("Y {n} más.", "Y {n} más.", more).format(n=number(more)) if more > 0 else ""
    caption = tag("p", text(head.format(n=number(answer["shown_of"]))), class_="poetas-pair-label")
    return caption + tag("ol", pages, class_="poetas-windows") + (tag("p", text(rest), class_="soft") if rest else "")


def _page(edges: Sequence[str]) -> str:
    beginning, end = edges
    return lines(beginning) + (f" {lines(end)}" if end else "")


def _beyond(answer: BeyondAnswer) -> str:
    """Say how many summaries name what is cut off, "" where none does."""
    if not answer["texts"]:
        return ""
    words = ngettext(
        "{n} de los {read} resúmenes de textos cortados nombra algo que está después del corte (por ejemplo, "
        "«{example}», en la fila {row}): eso enseña a inventar.",
        "{n} de los {read} resúmenes de textos cortados nombran algo que está después del corte (por ejemplo, "
        "«{example}», en la fila {row}): eso enseña a inventar.",
        answer["texts"],
    )
    sentence = words.format(
        n=number(answer["texts"]), read=number(answer["read"]), row=number(answer["row"]), example=answer["example"]
    )
    return tag("p", text(sentence), class_="notice care", role="status")
