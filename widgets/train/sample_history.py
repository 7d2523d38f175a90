"""Sample history of a training: the model's outputs for the same few texts as it learns, in order."""

from __future__ import annotations

from collections.abc import Sequence

from ipywidgets import HTML

from poetas.i18n import _, ngettext, number
from poetas.jobs import Event, Sample, Saved, Started
from poetas.util.excerpt import shortened
from widgets.controls.previews import lines
from widgets.core.elements import look, show
from widgets.core.html import tag, text

SHORT = 160  # characters of the text, enough to recognise it


class FilmStrip(HTML):
    """Draws the samples of the events given to `add`, from the first one on; hidden before the first sample."""

    def __init__(self) -> None:
        super().__init__(**look("poetas"))
        self.clear()

    def clear(self) -> None:
        """Drop the run that is shown."""
        self._films: dict[int, dict[int, Sample]] = {}
        self._first: list[str] = []
        self._saved = 0
        self.value = ""
        show(self, False)

    def begin(self, before: Sequence[str]) -> None:
        """Set what the model as it came wrote for the same texts, shown first."""
        self._first = list(before)

    def add(self, events: Sequence[Event]) -> None:
        """Draw new events; samples beyond the last checkpoint are dropped when a run is resumed, as in its curve."""
        changed = False
        for event in events:
            if isinstance(event, Sample):
                self._films.setdefault(event.index, {})[event.step] = event
                changed = True
            elif isinstance(event, Saved):
                self._saved = event.step
            elif isinstance(event, Started) and event.resumed:
                changed = self._rewind() or changed
        if changed:
            self._draw()

    def _rewind(self) -> bool:
        kept = {
            index: {step: frame for step, frame in film.items() if step <= self._saved}
            for index, film in self._films.items()
        }
        kept = {index: film for index, film in kept.items() if film}
        self._films, before = kept, self._films
        return kept != before

    def _draw(self) -> None:
        if not self._films:
            self.value = ""
            show(self, False)
            return
        first = dict(enumerate(self._first))
        films = "".join(_film(index, self._films[index], first.get(index, "")) for index in sorted(self._films))
        last = max(max(film) for film in self._films.values())
        words = ngettext(
            "La película: los mismos textos, a medida que estudia (va {n} paso)",
            "La película: los mismos textos, a medida que estudia (van {n} pasos)",
            last,
        ).format(n=number(last))
        inner = tag("summary", text(words)) + tag("div", films)
        self.value = tag("details", inner, class_="poetas-note poetas-films", open="")
        show(self, True)


def _film(index: int, film: dict[int, Sample], before: str) -> str:
    first = next(iter(film.values()))
    title = _("Texto {n}").format(n=number(index + 1))
    head = tag("b", text(title)) + " " + tag("span", lines(shortened(first.source, SHORT)), class_="soft")
    frames = tag("dt", text(_("antes"))) + tag("dd", lines(before.strip())) if before.strip() else ""
    frames += "".join(
        tag("dt", text(_("paso {n}").format(n=number(step)))) + tag("dd", lines(film[step].text.strip()) or "—")
        for step in sorted(film)
    )
    if first.reference:
        frames += tag("dt", text(_("resumen de referencia"))) + tag("dd", lines(first.reference), class_="person")
    return tag("div", tag("p", head) + tag("dl", frames, class_="poetas-film"), class_="card")
