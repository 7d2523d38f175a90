"""Model card («¿Qué es Hugging Face?»): the card of the model in use, a bet on what it leaves out, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Unicode

from poetas.course.course_record import Part, course_entries, course_path
from poetas.i18n import _, number
from poetas.models.model_sheet import ModelSheet, read_sheet
from poetas.models.model_store import model_folder
from widgets.core.component import Component
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.explore.model_card.sheet_html import around_html, missing_html, sheet_html, sheet_parts

BET = "ficha"


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
        self.question = html(tag("p", tag("b", text(_("Leela de arriba abajo. ¿Cuál de estas tres cosas no dice?")))))
        self.options = tuple(
            make_button(label) for label in (_("Qué licencia tiene"), _("Cuánta energía llevó"), _("Cuánto ocupa"))
        )
        for place, button in enumerate(self.options):
            self.on_click(button, partial(self._answer, place))
        self.options_row = row_of(self.options)
        self.answer, self.missing, self.around = html("", shown=False), html("", shown=False), html(around_html())
        return (self.sheet, self.question, self.options_row, self.answer, self.missing, self.around)

    def refresh(self) -> None:
        """Show the bet where there is a card, and what is missing once it was made."""
        here, answered = self._sheet is not None, bool(self.answer.value)
        show(self.sheet, here)
        for part in (self.question, self.options_row):
            show(part, here and not answered)
        for part in (self.answer, self.missing):
            show(part, here and answered)

    def _read(self) -> None:
        """Read the files of the model in use."""
        self._sheet = None
        if self.context.model:
            self._sheet = read_sheet(model_folder(self.context.workspace, self.context.model))
        self.value = self.context.model if self._sheet is not None else ""
        if self._sheet is not None:
            self.sheet.value = sheet_html(self._sheet)
            self.missing.value = missing_html(self._sheet)
            if BET in course_entries(self.context.state(), Part.BETS):
                self._show_answer("")
        self.refresh()

    def _answer(self, place: int) -> None:
        """Compare the bet with what the card says."""
        if self._sheet is None:
            return
        keys = [part.key for part in sheet_parts(self._sheet)]
        energy_said = "co2_eq_emissions" in self._sheet.card
        licence = keys.index("licence") if self._sheet.record.entry.licence else None
        part = (licence, keys.index("texts") if energy_said else None, keys.index("files"))[place]
        if part is None:
            said = _("Sí: de eso no dice nada. Y no es lo único.")
        else:
            said = _("Eso sí lo dice: mirá la parte {n}. Esto es lo que falta:").format(n=number(part + 1))
        if energy_said:
            said = _("Esta ficha es de las pocas que dicen cuánta energía llevó. Igual le faltan cosas.")
        self._show_answer(said, surprise=part is not None)
        question, chosen = _("¿Qué no dice la ficha del modelo?"), str(self.options[place].description)
        record = {"app": "conocer", "step": "ficha", "question": question, "bet": chosen, "won": part is None}
        outcome = _("Cuánta energía llevó") if not energy_said else _("Otras cosas")
        self.context.save_at({course_path(Part.BETS, BET): {**record, "outcome": outcome}})

    def _show_answer(self, sentence: str, *, surprise: bool = False) -> None:
        words = sentence or _("Ya apostaste: acá está lo que falta.")
        self.answer.value = tag("p", text(words), class_="verdict unsure" if surprise else "verdict", role="status")
        self.done = True
        self.refresh()
