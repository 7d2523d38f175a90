"""Model card («Dónde viven los modelos»): that of the model in use, a bet on what it leaves out, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Unicode

from poetas.course.bets import BetVerdict
from poetas.course.course_record import Part, course_entries
from poetas.i18n import _, ngettext, number
from poetas.models.model_sheet import ModelSheet, read_sheet
from poetas.models.model_store import model_folder
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.core.component import Component
from widgets.core.elements import html, show
from widgets.core.page_context import PageContext
from widgets.explore.model_card.sheet_html import around_html, missing_html, missing_parts, sheet_html, sheet_parts

BET = "ficha"
LICENCE, ENERGY, SIZE = "licence", "energy", "files"  # options of the bet: keys of the card's parts, and what has none


class ModelCard(Component):
    """The card, with a numbered pointer at each part; what is missing is shown after a bet.

    value: id of the model whose card is shown, "" while there is none.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)

    value = Unicode()

    def __init__(self, context: PageContext | None = None) -> None:
        self._sheet: ModelSheet | None = None
        super().__init__(context)
        self.context.observe(lambda _change: self._read(), "model")
        self._read()

    def build(self) -> Sequence[Widget]:
        """Make the card, the bet and what follows it."""
        self.sheet = html("", shown=False)
        options = [
            BetOption(LICENCE, _("Qué licencia tiene")),
            BetOption(ENERGY, _("Cuánta energía llevó")),
            BetOption(SIZE, _("Cuánto ocupa")),
        ]
        question = _("¿cuál de estas tres cosas no dice la ficha?")
        self.prediction = BetPrompt(question, options, bet=BET, lead=_("Leela de arriba abajo:"), context=self.context)
        self.prediction.observe(lambda change: self._answer() if change.new else None, "revealed")
        self.missing, self.around = html("", shown=False), html(around_html())
        return (self.sheet, self.prediction, self.missing, self.around)

    def refresh(self) -> None:
        """Show the bet where there is a card, and what is missing once it was made or skipped."""
        here = self._sheet is not None
        show(self.sheet, here)
        show(self.prediction, here and (self.prediction.value or not self.done))
        show(self.missing, here and self.done)

    def seen(self) -> str:
        """Return how much the card leaves out of what was looked for."""
        if self._sheet is None:
            return ""
        count = len(missing_parts(self._sheet))
        words = ngettext(
            "En la ficha de {title} buscamos y no encontramos {n} cosa.",
            "En la ficha de {title} buscamos y no encontramos {n} cosas.",
            count,
        )
        return words.format(title=self._sheet.record.entry.title, n=number(count))

    def _read(self) -> None:
        """Read the files of the model in use."""
        self._sheet = None
        if self.context.model:
            self._sheet = read_sheet(model_folder(self.context.workspace, self.context.model))
        self.value = self.context.model if self._sheet is not None else ""
        if self._sheet is not None:
            self.sheet.value = sheet_html(self._sheet)
            self.missing.value = missing_html(self._sheet)
            self.done = self.done or BET in course_entries(self.context.state(), Part.BETS)
        if not self.done and self.prediction.revealed:
            self.prediction.reopen()
        self.refresh()

    def _answer(self) -> None:
        """Compare the bet with what the card says."""
        if self._sheet is None:
            return
        self.done = True
        self.refresh()
        if self.prediction.value:
            self.prediction.answer(self._verdict(self._sheet, self.prediction.value))

    @staticmethod
    def _verdict(sheet: ModelSheet, chosen: str) -> BetVerdict:
        """Return the answer: the part of the card that says what was chosen, or that none does."""
        absent = {ENERGY} - ({ENERGY} if "co2_eq_emissions" in sheet.card else set())
        absent |= set() if sheet.record.entry.licence else {LICENCE}
        outcome = _("La energía") if ENERGY in absent else _("Otras cosas")
        if chosen in absent:
            return BetVerdict(_("de eso no dice nada, y no es lo único."), outcome, won=True)
        if chosen == ENERGY:
            return BetVerdict(_("esta ficha es de las pocas que lo dicen."), outcome, won=False, miss=1.0)
        place = [part.key for part in sheet_parts(sheet)].index(chosen) + 1
        said = _("eso lo dice la parte {n}. Lo que falta está acá abajo.").format(n=number(place))
        return BetVerdict(said, outcome, won=False, miss=1.0)
