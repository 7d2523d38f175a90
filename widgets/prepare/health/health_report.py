"""Health report («¿Están sanos?»): the texts in; findings as cards with repairs, and the healthy checks folded, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Dict, Unicode

from poetas.data.service.answers import HealthAnswer
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from widgets.controls.work_line import WorkLine
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.health.finding_card import FindingCard
from widgets.prepare.recipe_values import column_values

AUTOMATIC = 2_000  # texts: so many are checked at once in seconds; more, when the learner asks for it
_SMALL = (
    "cero", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte",
)  # fmt: skip


class HealthReport(Component):
    """A traffic light a check, with counts, examples, and repairs that can be undone.

    report: the service's answer, {} before. The chosen repairs are the draft's.
    """

    needs: ClassVar[tuple[str, ...]] = ("source",)
    recipe: ClassVar[str] = "sanos"

    source = Unicode()
    report = Dict()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._requests = LatestRequest()
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self.draft.observe(lambda _change: self._take(), "mapped")
        self.draft.observe(lambda _change: self._update_notice(), ["source", "mapping"])
        self.draft.observe(lambda _change: self._saved(), "saved")
        self._take()

    def build(self) -> Sequence[Widget]:
        """Make the button, the summary, and the places of the cards."""
        self.check = make_button(_("Revisar mis textos"), kind="primary")
        self.on_click(self.check, self._examine)
        self.line = WorkLine()
        self.summary = html("")
        self.cards = column_of((), "stack")
        self.healthy = html("")
        self.accept = make_button(_("Seguir así"), kind="primary")
        self.on_click(self.accept, self._accept)
        return (self.check, self.line, self.summary, self.cards, self.healthy, row_of((self.accept,)))

    def refresh(self) -> None:
        """Show only the controls that apply in the present state."""
        known = bool(self.report) and self.state is not State.WAITING
        show(self.check, self.state is State.READY and not known)
        for part in (self.cards, self.healthy):
            show(part, known)
        show(self.accept, known and not self.done)
        if self.state is State.BUSY:
            self.summary.value = tag("p", text(_("Reviso tus textos…")), class_="soft", role="status")
        else:
            self.summary.value = self._summary() if known else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return column_values(self.draft)

    def seen(self) -> str:
        """Return how many texts were looked at, and how many repairs are on."""
        count, on = self.draft.texts, sum(map(bool, self.draft.repairs.values()))
        if not self.report or not count:
            return ""
        looked = ngettext("Quedó {n} texto revisado", "Quedaron {n} textos revisados", count).format(n=number(count))
        if not on:
            return _("{looked}, y no cambiaste nada.").format(looked=looked)
        words = ngettext("{looked}, con {n} arreglo puesto.", "{looked}, con {n} arreglos puestos.", on)
        return words.format(looked=looked, n=number(on))

    def note_conditions(self) -> Mapping[str, str]:
        """Return the facts about the page, with the task of the texts that are being prepared."""
        return {**super().note_conditions(), "task": self.draft.task}

    def missing_prerequisite(self) -> str:
        """Return "column" instead of "source" where a file is there."""
        return self.draft.refine_need(super().missing_prerequisite())

    # -- checking

    def _take(self) -> None:
        """Start again when the texts change, except by a repair of this component."""
        if self.draft.repairing:
            return
        source = self.draft.source if self.draft.task else ""
        self._requests.cancel()
        self.report, self.cards.children, self.healthy.value = {}, (), ""
        if source != self.source:
            self.set_trait("source", source)
            self.done = bool(source) and self.draft.recalled and "sanos" in self.context.steps
        self.alert.clear()  # of other texts
        self.state = State.READY if source else State.WAITING
        if source and (self.draft.texts <= AUTOMATIC or self.draft.repairs or self.done):
            self._examine()
        self.refresh()

    def _examine(self) -> None:
        self.alert.clear()
        self.state = State.BUSY
        request = self._requests.begin()
        done, failed = request.only(self._show), request.only(self._failed)
        self.draft.ask(lambda service: service.health(), done=done, failed=failed, line=self.line)

    def _toggle(self, code: str, on: bool) -> None:  # noqa: FBT001 - called by the cards
        if self.state is State.BUSY:
            return
        self.clear_error()
        self.state = State.BUSY
        request = self._requests.begin()

        def repaired(answer: HealthAnswer) -> None:
            if request.current:
                self.done = False
                self._show(answer)
                if all(finding["light"] == "healthy" for finding in answer["findings"]):
                    self._accept()  # the last one was repaired: nothing is left to decide

        self.draft.repair(code, on=on, done=repaired, failed=request.only(self._failed), line=self.line)

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._examine, "retry": self._examine})
        self.refresh()

    def _saved(self) -> None:
        """Take texts that were saved as they are for accepted."""
        if self.report and self.draft.saved and not self.draft.changed:
            self._accept()

    def _accept(self) -> None:
        self.done = True
        self.refresh()

    # -- showing

    def _show(self, answer: HealthAnswer) -> None:
        self.report = dict(answer)
        shown = {card.code: card for card in self.cards.children}
        cards = []
        for finding in answer["findings"]:
            card = shown.get(finding["code"])
            if card is None:
                card = FindingCard(finding, self._toggle)
            else:
                card.update(finding)
            cards.append(card)
        if cards != list(self.cards.children):
            self.cards.children = tuple(cards)
        self.healthy.value = _folded(answer["healthy"])
        urgent = next((card for card in cards if card.urgent), None)
        for card in cards:
            card.button.button_style = "primary" if card is urgent else ""
        self.accept.button_style = "" if urgent else "primary"
        self.state = State.DONE
        self.refresh()

    def _summary(self) -> str:
        open_findings = [finding for finding in self.report["findings"] if finding["light"] != "healthy"]
        if not open_findings:
            names = _("Los nombres de personas no los busco: si alguno no debe quedar, cambialo en tu archivo.")
            words = tag("b", text(_("Tus textos están sanos."))) + " " + text(names)
            return tag("p", words, class_="verdict", role="status")
        words = ngettext("Hay {n} cosa para mirar.", "Hay {n} cosas para mirar.", len(open_findings))
        rest = _("Arreglá lo que quieras: todo se puede deshacer, y tu archivo no se toca.")
        sentence = tag("b", text(words.format(n=number(len(open_findings))))) + " " + text(rest)
        return tag("p", sentence, class_="notice", role="status")


def _folded(healthy: Sequence[str]) -> str:
    """Fold the healthy checks into one line."""
    if not healthy:
        return ""
    count = len(healthy)
    written = _SMALL[count] if count < len(_SMALL) else number(count)
    words = ngettext("{n} cosa está bien", "{n} cosas están bien", count).format(n=written)
    items = "".join(tag("li", text(sentence)) for sentence in healthy)
    summary = tag("summary", text(words[0].upper() + words[1:]))
    return tag("details", summary + tag("ul", items), class_="poetas-healthy")
