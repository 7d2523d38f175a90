"""Pair writer: the texts of a file, one at a time, beside the summaries that the learner writes and that are kept."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox

from poetas.data.service.answers import PairAnswer
from poetas.dataset_size import Enough, level_of, texts_for
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from widgets.controls.previews import lines
from widgets.core.elements import column_of, html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.pair_writer.summary_box import SummaryBox

_REMEMBERED = 50  # summaries that can be undone


class PairWriter(VBox):
    """Each text beside a box; ``use`` is called when the learner goes on with what she wrote.

    failed: called with what went wrong. answer: what the service said last of the text that is shown.
    """

    def __init__(self, draft: DatasetDraft, *, use: Callable[[], None], failed: Callable[[Explanation], None]) -> None:
        super().__init__(**look("poetas-pair-writer", "stack"))
        self._draft, self._failed, self._requests = draft, failed, LatestRequest()
        self.answer = PairAnswer(index=0, total=0, written=0, text="", summary="")
        self.source = ""  # the file that it shows
        self._past: list[tuple[int, str]] = []  # index of a text and its summary before it was changed
        self._kept: dict[int, str] = {}  # summaries as they are stored, by index
        self.counter = html("")
        self.text = html("")
        self.box = SummaryBox(self._write, self._go)
        self.before, self.after = make_button(_("El anterior")), make_button(_("El que sigue"))
        self.empty, self.undo = make_button(_("Ir al próximo sin resumen")), make_button(_("Deshacer"))
        self.use = make_button("", kind="primary")
        on_click(self.before, lambda: self._go(-1))
        on_click(self.after, lambda: self._go(1))
        on_click(self.empty, lambda: self._ask(self.answer["index"], empty=True))
        on_click(self.undo, self.undo_last)
        on_click(self.use, use)
        pair = column_of((self.text, self.box), "poetas-pair-written")
        row = row_of((self.before, self.after, self.empty, self.undo))
        self.children = (self.counter, pair, row, self.use)

    def start(self) -> None:
        """Show the first text of the file that has no summary yet."""
        self.source = self._draft.source
        self._past.clear()
        self._kept.clear()
        self._ask(0, empty=True, focus=False)

    # -- moving and writing

    def _go(self, step: int) -> None:
        self._ask((self.answer["index"] + step) % max(1, self.answer["total"]))

    def _ask(self, index: int, *, empty: bool = False, focus: bool = True) -> None:
        written = self._draft.written
        request = self._requests.begin()

        def done(answer: PairAnswer) -> None:
            self._kept[answer["index"]] = answer["summary"]
            self._take(answer)
            self.box.show(answer["index"], answer["summary"], focus=focus)

        self._draft.ask(
            lambda service: service.pair(written, index, empty=empty),
            done=request.only(done),
            failed=request.only(self._failed),
        )

    def _write(self, index: int, summary: str) -> None:
        """Keep what was typed; each text that is changed is one entry of the history."""
        earlier = self._kept.get(index, "")
        if summary == earlier:
            return
        if not self._past or self._past[-1][0] != index:
            self._past = [*self._past, (index, earlier)][-_REMEMBERED:]
        self._store(index, summary)

    def _store(self, index: int, summary: str, *, then: Callable[[], None] = lambda: None) -> None:
        self._kept[index] = summary
        written = self._draft.written

        def done(answer: PairAnswer) -> None:
            if index == self.answer["index"]:
                self._take(answer)
            then()

        self._draft.ask(lambda service: service.write_pair(written, index, summary), done=done, failed=self._failed)

    def undo_last(self) -> None:
        """Take back what was last written, and show its text."""
        if self._past:
            index, summary = self._past.pop()
            self._store(index, summary, then=lambda: self._ask(index))

    # -- showing

    def _take(self, answer: PairAnswer) -> None:
        self.answer = answer
        place = _("Texto {n} de {total}").format(n=number(answer["index"] + 1), total=number(answer["total"]))
        label = tag("p", text(place), class_="poetas-pair-label")
        self.text.value = label + tag(
            "div", tag("p", lines(answer["text"])), class_="serif poetas-pair-text", tabindex="0"
        )
        self.counter.value = tag("p", text(_count(answer["written"])), class_="notice", role="status")
        many = answer["written"]
        self.use.description = ngettext("Seguir con mi resumen", "Seguir con mis {n} resúmenes", many).format(
            n=number(many)
        )
        self.use.disabled = level_of(many) is Enough.NOTHING
        self.empty.disabled = many >= answer["total"]
        for button in (self.use, self.empty):  # none written: nothing to go on with
            show(button, many)
        self.before.disabled = self.after.disabled = answer["total"] < 2  # noqa: PLR2004 - nowhere to go
        show(self.undo, self._past)


def _count(written: int) -> str:
    """Say how many are written, what they are enough for, and how many would be for more."""
    these = ngettext("Llevás {n} resumen.", "Llevás {n} resúmenes.", written).format(n=number(written))
    level = level_of(written)
    try_it, train, better = (number(texts_for(step)) for step in (Enough.TRY, Enough.LARGE, Enough.ANY))
    words = {
        Enough.NOTHING: _("Con {try_it} ya alcanza para probar."),
        Enough.TRY: _("Ya alcanza para probar. Con {train}, para entrenar y notar una mejora grande."),
        Enough.LARGE: _("Ya alcanza para entrenar. Con {better}, también se puede notar una más chica."),
        Enough.ANY: _("Alcanza de sobra para entrenar."),
    }[level]
    return these + " " + words.format(try_it=try_it, train=train, better=better)
