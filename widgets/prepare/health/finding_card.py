"""Card of a finding: traffic light, sentence, examples, and the button that repairs or undoes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ipywidgets import VBox

from poetas.data.service.answers import HealthExampleAnswer, HealthFindingAnswer
from poetas.i18n import _, number
from widgets.core.elements import html, look, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text


class FindingCard(VBox):
    """One finding; ``toggle`` is called with its code and whether its repair is to be applied.

    It is updated in its place, so that the button keeps the keyboard's focus when its repair is done.
    """

    def __init__(self, finding: HealthFindingAnswer, toggle: Callable[[str, bool], None]) -> None:
        super().__init__(**look("card", "poetas-finding"))
        self.code = finding["code"]
        self.words = html("")
        self.button = make_button("")
        on_click(self.button, lambda: toggle(self.code, not self._finding["on"]))
        self.children = (self.words, self.button)
        self.update(finding)

    @property
    def urgent(self) -> bool:
        """Whether it is to be repaired, and a click would do it."""
        return self._finding["light"] == "repair" and not self._finding["on"] and bool(self._finding["button"])

    def update(self, finding: HealthFindingAnswer) -> None:
        """Show a newer state of the same check."""
        self._finding = finding
        self.set_trait("_dom_classes", ("card", "poetas-finding", str(finding["light"])))
        self.words.value = _words(finding)
        self.button.description = finding["button"]
        self.button.tooltip = f"{finding['button']}: {finding['sentence']}"
        show(self.button, finding["button"])


def _words(finding: HealthFindingAnswer) -> str:
    names = {"repair": _("Para arreglar"), "look": _("Para mirar"), "healthy": _("Arreglado")}
    light = tag("span", text(names.get(finding["light"], "")), class_="poetas-light")
    drawn = tag("p", light + " " + tag("b", text(finding["sentence"])))
    if finding["advice"] and not finding["on"]:
        drawn += tag("p", text(finding["advice"]), class_="soft")
    return drawn + _examples(finding["examples"])


def _examples(examples: Sequence[HealthExampleAnswer]) -> str:
    """Fold the examples: each with its row, and what it becomes after an arrow."""
    if not examples:
        return ""
    items = ""
    for example in examples:
        row = tag("span", text(_("Fila {n}").format(n=number(example["row"]))), class_="soft")
        words = tag("span", text(example["before"]), class_="serif")
        if example["after"]:
            arrow = tag("span", "→", aria_hidden="true")
            words += f" {arrow} " + tag("span", text(example["after"]), class_="serif")
        items += tag("li", f"{row} {words}")
    return tag("details", tag("summary", text(_("Ver ejemplos"))) + tag("ul", items), class_="poetas-examples")
