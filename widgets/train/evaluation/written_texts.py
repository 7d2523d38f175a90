"""Texts of a running evaluation as they are written: the last one of each system, for the same text where there is."""

from __future__ import annotations

from collections.abc import Sequence

from ipywidgets import HTML

from poetas.evaluation.systems import SYSTEMS, title
from poetas.i18n import _, ngettext, number
from poetas.jobs import Event, Started, Written
from widgets.controls.highlighting import breaks_off
from widgets.controls.previews import lines
from widgets.core.elements import look, show
from widgets.core.html import tag, text


class WrittenTexts(HTML):
    """Draws the `Written` events given to `add`: hidden before the first. The last text of each system is shown."""

    def __init__(self) -> None:
        super().__init__(**look("poetas", shown=False))
        self.clear()

    def clear(self) -> None:
        """Drop what is shown."""
        self._texts: dict[str, dict[int, Written]] = {}
        self._last: Written | None = None
        self.value = ""
        show(self, False)

    def add(self, events: Sequence[Event]) -> None:
        """Draw new events; an evaluation that goes on in a new process keeps what it wrote."""
        changed = False
        for event in events:
            if isinstance(event, Written):
                self._texts.setdefault(event.system, {})[event.index] = self._last = event
                changed = True
            elif isinstance(event, Started) and not event.resumed:
                self.clear()
        if changed and self._last is not None:
            self.value = self._drawn(self._last)
            show(self, True)

    def _drawn(self, last: Written) -> str:
        count = sum(map(len, self._texts.values()))
        words = ngettext("Va {n} texto escrito. El último:", "Van {n} textos escritos. El último:", count)
        head = tag("p", text(words.format(n=number(count))), class_="poetas-pair-label")
        head += tag("p", lines(last.source), class_="soft")
        ordered = [system for system in SYSTEMS if last.index in self._texts.get(system, {})]
        cards = "".join(_said(self._texts[system][last.index]) for system in ordered)
        return tag("div", head + cards, class_="card poetas-pair")


def _said(written: Written) -> str:
    words = lines(written.text.strip()) or text(_("(no escribió nada)"))
    words += breaks_off() if written.cut else ""
    said = tag("p", text(title(written.system)), class_="poetas-pair-label") + tag("p", words, class_="serif")
    return tag("div", said, class_="poetas-said mine" if written.system == SYSTEMS[-1] else "poetas-said")
