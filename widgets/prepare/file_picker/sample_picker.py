"""The samples that travel with the program, as cards: what each is, and what it is good for."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Box, Button, VBox

from poetas.data.storage.samples import SampleDataset, samples
from poetas.i18n import _
from widgets.core.html import html, tag, text


class SamplePicker(Box):
    """One card a sample; a click brings it as if it were the learner's own file."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self.add_class("grid")
        self.buttons: dict[str, Button] = {}
        cards: list[VBox] = []
        for sample in samples():
            button = Button(description=_("Usar {name}").format(name=sample.name))
            button.button_style = "" if cards else "primary"  # one of them is the way to begin with
            button.on_click(lambda _button, path=str(sample.path): chosen(path))
            self.buttons[sample.name] = button
            card = VBox((html(_words(sample)), button))
            card.add_class("card")
            card.add_class("poetas-sample")
            cards.append(card)
        self.children = tuple(cards)


def _words(sample: SampleDataset) -> str:
    about = {
        "summary": _("Textos con su resumen: para enseñarle a resumir."),
        "style": _("Textos sueltos: para que escriba con ese estilo."),
    }[sample.task]
    languages = {"es": _("en castellano"), "en": _("en inglés")}
    spoken = languages.get(sample.language, sample.language)
    chip = tag("span", text(spoken), class_="chip")
    return tag("h3", text(sample.title)) + tag("p", text(about)) + tag("p", chip)
