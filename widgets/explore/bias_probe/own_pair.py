"""Form for a pair of one's own: two beginnings and a continuation in, the comparisons that were made below."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Text, VBox

from poetas.course.bias_pairs import BiasPair
from poetas.i18n import _
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click, on_enter
from widgets.core.html import tag, text
from widgets.explore.bias_probe.pair_html import pair_sentence

LONGEST = 200  # characters of a field
SHOWN = 8  # comparisons


class OwnPair(VBox):
    """Three boxes, a button, and the newest comparisons. compare: called with a pair that has its three parts."""

    def __init__(self, compare: Callable[[BiasPair], None]) -> None:
        self._compare_pair = compare
        self._results: list[str] = []
        self.first = Text(description=_("Un comienzo"), placeholder=_("La abuela"))
        self.second = Text(description=_("Y otro igual, con una palabra cambiada"), placeholder=_("El abuelo"))
        self.continuation = Text(description=_("Lo que sigue en los dos"), placeholder=_("cuenta chistes en la mesa."))
        self.button = make_button(_("Comparar"))
        on_click(self.button, self._clicked)
        self.hint, self.results = html("", shown=False), html("", shown=False)
        head = _("Probá con tus frases")
        words = _("La continuación tiene que poder seguir, letra por letra igual, después de los dos comienzos.")
        intro = html(tag("h3", text(head)) + tag("p", text(words), class_="soft"))
        boxes = (self.first, self.second, self.continuation)
        for box in boxes:
            on_enter(box, self.button)
        parts = (intro, *boxes, self.hint, row_of((self.button,)), self.results)
        super().__init__(parts, **look("stack", "poetas-own-pair"))

    def enable(self, *, enabled: bool) -> None:
        """Let it be used, or not."""
        self.button.disabled = not enabled

    def clear(self) -> None:
        """Remove the comparisons: they are of another model."""
        self._results = []
        self._draw()

    def add(self, pair: BiasPair, difference: float) -> None:
        """Show a comparison above the earlier ones. difference: nats."""
        said = pair_sentence(pair.expected, pair.other, difference)
        head = tag("b", text(f"… {pair.continuation}"), class_="serif")
        self._results = [tag("p", f"{head}<br>{text(said)}"), *self._results][:SHOWN]
        self._draw()

    def _draw(self) -> None:
        newest = tag("div", tag("div", "".join(self._results[:1]), class_="verdict"), class_="poetas-opened")
        earlier = tag("ul", "".join(tag("li", result) for result in self._results[1:])) if self._results[1:] else ""
        self.results.value = tag("div", newest + earlier, role="status") if self._results else ""
        show(self.results, self._results)

    def _clicked(self) -> None:
        parts = [" ".join(str(box.value).replace("\0", "").split()) for box in self.children[1:4]]
        problem = self._problem(*parts)
        self.hint.value = tag("p", text(problem), class_="notice care", role="status") if problem else ""
        show(self.hint, problem)
        if not problem:
            self._compare_pair(BiasPair("own", *parts))

    @staticmethod
    def _problem(first: str, second: str, continuation: str) -> str:
        """Say what is missing, "" where the pair can be compared."""
        if not first or not second:
            return _("Escribí los dos comienzos: «La abuela» y «El abuelo», por ejemplo.")
        if not continuation:
            return _("Falta lo que sigue, lo mismo para los dos: «cuenta chistes en la mesa», por ejemplo.")
        if first == second:
            return _("Los dos comienzos son iguales. Cambiá una palabra en uno de ellos.")
        if max(map(len, (first, second, continuation))) > LONGEST:
            return _("Es muy largo: con una frase corta la comparación se entiende mejor.")
        return ""
