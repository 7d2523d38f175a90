"""Sample picker: cards of the samples that the package contains; a click calls back with a sample's path."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ipywidgets import Button, VBox

from poetas.course.class_plan import current_plan
from poetas.data.storage.samples import SampleDataset, samples
from poetas.i18n import _
from widgets.controls.sample_card import sample_card
from widgets.core.elements import box_of, column_of, html, look, make_button
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text


class SamplePicker(VBox):
    """One card per sample, with its description folded below. chosen: called with the path of a clicked sample."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        super().__init__(**look("stack"))
        self.buttons: dict[str, Button] = {}
        cards: list[VBox] = []
        offered = [entry for entry in samples() if current_plan().offers_sample(entry.name)]
        for sample in offered:
            button = make_button(_("Usar {name}").format(name=sample.name))
            button.button_style = "" if cards else "primary"  # the first one is recommended
            on_click(button, partial(chosen, str(sample.path)))
            self.buttons[sample.name] = button
            card = column_of((html(_words(sample)), button), "card", "poetas-sample", "whole-face")
            cards.append(card)
        grid = box_of(tuple(cards), "grid")
        self.children = (grid, html("".join(sample_card(sample, level=4) for sample in offered)))


def _words(sample: SampleDataset) -> str:
    about = {
        "summary": _("Textos con su resumen: para enseñarle a resumir."),
        "style": _("Textos sueltos: para que escriba con ese estilo."),
    }[sample.task]
    languages = {"es": _("en castellano"), "en": _("en inglés")}
    spoken = languages.get(sample.language, sample.language)
    chip = tag("span", text(spoken), class_="chip")
    head = tag("h3", text(sample.title)) + tag("p", text(about)) + tag("p", text(sample.origin))
    return head + tag("p", chip)
