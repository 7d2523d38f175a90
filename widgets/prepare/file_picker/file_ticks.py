"""List of the files of a folder or zip, with a tick each: files with reasons in, the names of those to read out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ipywidgets import Checkbox, VBox

from poetas.data.formats.excluded_files import in_words
from poetas.i18n import _
from widgets.core.elements import html, look, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text


class FileTicks(VBox):
    """Ticks, each of which reads the folder again."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__(**look("poetas-file-ticks", shown=False))
        self._changed = changed
        self._updating = UpdateGuard()
        self._ticks: dict[str, Checkbox] = {}
        self.chosen: list[str] | None = None

    def show(self, files: Sequence[Sequence[str]], chosen: Sequence[str] | None) -> None:
        """List files, each a name and the reason why it is left out, "" where it is read. chosen: None: not asked."""
        self.chosen = None if chosen is None else list(chosen)
        show(self, files)
        if [name for name, _code in files] != list(self._ticks):
            self._ticks = {name: self._tick(name) for name, _code in files}
            words = _("De estos archivos leo los que tienen la marca:")
            self.children = (html(tag("p", text(words))), *self._ticks.values())
        with self._updating:
            for name, code in files:
                self._ticks[name].value = not code
                reason = f"{name}: {in_words(code)}" if code else name
                self._ticks[name].description = reason

    def _tick(self, name: str) -> Checkbox:
        tick = Checkbox(description=name, indent=False)
        tick.observe(lambda _change: self._notify(), "value")
        return tick

    def _notify(self) -> None:
        if not self._updating:
            self.chosen = [name for name, tick in self._ticks.items() if tick.value]
            self._changed()
