"""Judgement of an answer: «¿Suena bien?» beside «¿Es cierto?»; both given, or skipped, the finder is shown."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import ToggleButtons, VBox

from poetas.i18n import _
from widgets.core.elements import look, make_button, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.explore.task_bench.bench_html import NO, UNSURE, YES


class Judgement(VBox):
    """Two rows of buttons and «Mostrame qué encuentra el buscador». judged: called once, with (sounds, true)."""

    def __init__(self, judged: Callable[[str, str], None]) -> None:
        self._judged, self._guard, self._open = judged, UpdateGuard(), False
        yes, no, unsure = (_("sí"), YES), (_("no"), NO), (_("no sé"), UNSURE)
        self.sounds = ToggleButtons(options=[yes, no], value=None, description=_("¿Suena bien?"))
        self.true = ToggleButtons(options=[yes, no, unsure], value=None, description=_("¿Es cierto?"))
        for row in (self.sounds, self.true):
            row.observe(lambda _change: self._chosen(), "value")
        self.skip = make_button(_("Mostrame qué encuentra el buscador"), "link")
        on_click(self.skip, self._give)
        super().__init__((self.sounds, self.true, self.skip), **look("stack", "poetas-judgement", shown=False))

    def ask(self) -> None:
        """Ask about a new answer."""
        with self._guard:
            self.sounds.value = self.true.value = None
        self._open = True
        show(self.skip, True)
        show(self, True)

    def close_judgement(self) -> None:
        """Ask nothing."""
        self._open = False
        show(self, False)

    def _chosen(self) -> None:
        if not self._guard and self.sounds.value and self.true.value:
            self._give()

    def _give(self) -> None:
        """Hand on what was chosen; later changes are handed on too, while the answer is the same."""
        if self._open:
            show(self.skip, False)
            self._judged(self.sounds.value or "", self.true.value or "")
