"""Header of an app: style sheet, network guard, and the state that the page's header and step list show, as JSON."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Any

from ipywidgets import VBox, Widget
from traitlets import Unicode

from poetas import environment
from poetas.course.app_steps import finished_slugs, is_begun
from poetas.environment import in_voila
from poetas.i18n import _, ngettext, number, size
from poetas.privacy import Ledger, go_offline, is_isolated
from poetas.project_names import title_of
from widgets.core.elements import html, look
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.core.project_menu import ProjectMenu
from widgets.core.save_error_banner import SaveErrorBanner
from widgets.core.theme import stylesheet
from widgets.core.training_notice import TrainingNotice


class App(VBox):
    """The first cell of each app: adds the style sheet, installs the network guard, sends the page its state.

    value: the name of the app ("conocer", "preparar", "entrenar").
    """

    value = Unicode()
    children: tuple[Widget, ...]

    def __init__(self, name: str, *, context: PageContext | None = None) -> None:
        self.context = context or PageContext.current()
        self.ledger = Ledger(self.context.workspace.ledger)
        go_offline(self.context.workspace.ledger, namespace=False)  # messages of this kernel need the host's loopback
        self.context.make_current()
        self.context.app, self.context.themed = name, True
        self.context.has_banner = in_voila()  # elsewhere this cell may be far from the one that the learner is at
        self._shown: dict[str, Any] = {}
        self._state = html(self._state_html())
        self.save_error_banner = SaveErrorBanner(self.context)
        self.menu = ProjectMenu(self.context)
        parts = (html(f"<style>{stylesheet()}</style>", "poetas-style"), self._state, self.menu)
        banner = (self.save_error_banner,) if self.context.has_banner else ()
        super().__init__((*parts, *banner), value=name, **look("poetas", "poetas-app"))
        self.context.observe(lambda _change: self.refresh(), ["steps", "project", "model"])
        self.training = self.context.shared(TrainingNotice, TrainingNotice)
        self.training.observe(lambda change: self._show_training(change.new), "value")
        self.context.poller.watch(self._look)

    def _look(self) -> bool:
        self.training.look()
        return False

    def _show_training(self, notice: dict[str, Any]) -> None:
        self._shown["training"] = notice
        self._state.value = self._drawn()

    def refresh(self) -> None:
        """Send the page its state: project, place, privacy, ledger, finished steps."""
        self._state.value = self._state_html()
        self.menu.refresh()

    def _state_html(self) -> str:
        borrowed = environment.borrowed()
        refusals = self.ledger.refusals()
        self._shown |= {
            "project": title_of(self.context.project),
            "place": environment.describe(),
            "borrowed": borrowed,
            "refused": refusals,
            "pill": self._pill(borrowed=borrowed),
            "ledger": [{"when": when, "what": what} for when, what in self._ledger_lines()],
            "done": finished_slugs(self.context.app, self.context.steps),
            "begun": is_begun(self.context.app, self.context.steps),
            "code_url": os.environ.get("POETAS_CODE_URL", ""),
        }
        return self._drawn()

    def _drawn(self) -> str:
        state = json.dumps(self._shown, ensure_ascii=False)
        content = tag("div", "", class_="poetas-state", data_state=state, hidden="")
        if not in_voila():  # no page around the cells: say it here
            content += tag("p", text(f"{self._shown['place']} · {self._shown['pill']}"), class_="soft")
            if training := self._shown.get("training"):
                link = tag("a", text(_("Ver")), href=training["href"])
                content += tag("p", f"{text(training['text'])} {link}", class_="notice")
        return content

    def _pill(self, *, borrowed: bool) -> str:
        """Return the privacy sentence: where the texts are, and whether it is known that none left."""
        if borrowed:
            return _("Tus textos están en una máquina prestada")
        if is_isolated(self.ledger.path):
            return _("0 datos tuyos salieron de esta máquina")
        return _("No vimos salir ningún dato tuyo")

    def _ledger_lines(self) -> list[tuple[str, str]]:
        templates = {
            "download": _("Se bajó {what} de {host} ({size})"),
            "asked": _("Se le preguntó a {host} por {what}"),
            "refused": _("Se frenó un intento de conexión a {host}"),
        }
        lines = []
        for entry in self.ledger.entries()[-50:]:
            when = datetime.fromtimestamp(entry.time).astimezone().strftime("%d/%m %H:%M")
            template = templates.get(entry.kind, "{host}")
            lines.append((when, template.format(what=entry.what, host=entry.host, size=size(entry.size))))
        refusals = self.ledger.refusals()
        summary = ngettext("{n} intento frenado", "{n} intentos frenados", refusals).format(n=number(refusals))
        return [("", summary), *lines]
