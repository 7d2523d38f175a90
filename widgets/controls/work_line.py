"""Progress of a long call to a service: what it does, a bar, the time left, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox, Widget

from poetas.data.service.answers import WorkDone
from poetas.i18n import _, duration, duration_count, ngettext, percent
from poetas.jobs.time_left import TimeLeft
from widgets.core.elements import html, look, make_button, row_of
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text


class WorkLine(VBox):
    """Empty until a call reports its progress: a short one never shows it, and costs one model."""

    def __init__(self) -> None:
        super().__init__(**look("stack", "poetas-work-line"))
        self._parts: tuple[Widget, ...] = ()
        self._cancel: Callable[[], object] | None = None
        self._rate, self._note = TimeLeft(), ""

    def begin(self, cancel: Callable[[], object]) -> None:
        """Be ready for a call, which ``cancel`` stops; one that is under way is stopped first."""
        self.stop()
        self._cancel, self._rate, self._note = cancel, TimeLeft(), ""

    def update(self, item: WorkDone) -> None:
        """Show how far the call is."""
        if not self._parts:
            self.words = html("")
            self.stop_button = make_button(_("Detener"))
            on_click(self.stop_button, self.stop)
            self._set((self.words, row_of((self.stop_button,))))
        if item["note"] != self._note:  # each part of the work has its own pace
            self._note, self._rate = item["note"], TimeLeft()
        share = min(1.0, max(0.0, float(item["done"])))
        bar = tag("progress", "", value=f"{share:.3f}", max="1", aria_label=self._note)
        left = _time_left(share, self._rate.left(share, 1.0, 0))
        self.words.value = tag("p", text(f"{self._note}…"), role="status") + bar + tag("p", text(left), class_="soft")

    def stop(self) -> None:
        """Stop the call, as a click on the button does."""
        if self._cancel is not None:
            self._cancel()

    def end(self, cancel: Callable[[], object]) -> None:
        """The call has ended, which may not be the newest one."""
        if self._cancel == cancel:
            self._cancel = None
            if self._parts:
                self._set(())

    def _set(self, parts: tuple[Widget, ...]) -> None:
        self.children = self._parts = parts


def _time_left(share: float, seconds: float) -> str:
    r"""Say how far it is, and the seconds left where they are known.

    >>> _time_left(0.25, 30).replace("\N{NO-BREAK SPACE}", " ")
    '25 % · faltan 30 s.'
    """
    if seconds <= 0:
        return _("{share} · calculo cuánto falta.").format(share=percent(share))
    words = ngettext("{share} · falta {time}.", "{share} · faltan {time}.", duration_count(seconds))
    return words.format(share=percent(share), time=duration(seconds))
