"""Choice of one model: what it is for, its figures folded, with buttons to use or fetch it."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox

from poetas.i18n import _, size
from poetas.models.entry import ModelEntry, format_parameters
from widgets.controls.language_notice import language_name
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text

WEIGHT = 2  # bytes of a weight in the folder of a fetched model


def facts(entry: ModelEntry, memory_free: int) -> list[tuple[str, str, str]]:
    """Return the rows of a model's card as (name, value, mood); mood is "good", "care" or ""."""
    rows = []
    if entry.languages:
        spanish, spoken = "es" in entry.languages, ", ".join(language_name(code) for code in entry.languages)
        words = spoken if spanish else _("{languages}; no en español").format(languages=spoken)
        rows.append((_("Escribe en"), words, "" if spanish else "care"))
    if entry.parameters:
        rows.append((_("Tamaño"), format_parameters(entry.parameters), ""))
    if entry.download_size:
        words = _("{here}; para traerlo se bajan {fetched}")
        here = size(max(entry.download_size, WEIGHT * entry.parameters))
        rows.append((_("Ocupa en el disco"), words.format(here=here, fetched=size(entry.download_size)), ""))
    if entry.memory_use and entry.parameters:
        fits = entry.memory_use <= memory_free
        words = _("{need}; acá hay {free} libres") if fits else _("{need}, y acá hay {free} libres: no alcanza")
        rows.append(
            (
                _("Memoria que usa"),
                words.format(need=size(entry.memory_use), free=size(memory_free)),
                "good" if fits else "care",
            )
        )
    return rows


class ModelOption(VBox):
    """A model with its main button; one that is here can be fetched again, because it may be damaged.

    chosen: whether it is the model in use. ready: whether it is on this machine already. broken: whether its folder is
    there but incomplete.
    """

    def __init__(
        self,
        entry: ModelEntry,
        *,
        on_pick: Callable[[ModelEntry], None],
        on_again: Callable[[ModelEntry], None],
        default: bool = False,
    ) -> None:
        self.entry = entry
        self.message = html("")
        self.button = make_button("", kind="primary" if default else "")
        on_click(self.button, lambda: on_pick(self.entry))
        self.again = make_button(_("Traerlo de nuevo"), "link", shown=False)
        on_click(self.again, lambda: on_again(self.entry))
        row = row_of((self.button, self.again))
        super().__init__((self.message, row), **look("card", "poetas-model"))

    def draw(self, *, ready: bool, chosen: bool, memory_free: int, busy: bool, broken: bool = False) -> None:
        """Draw the model's present state."""
        entry = self.entry
        head = tag("h3", text(entry.title))
        if chosen:
            head += tag("span", text(_("en uso")), class_="chip good")
        elif ready:
            head += tag("span", text(_("ya está en esta máquina")), class_="chip")
        elif broken:
            head += tag("span", text(_("está incompleto")), class_="chip care")
        known = facts(entry, memory_free)
        rows = "".join(tag("dt", text(name)) + tag("dd", text(words), class_=mood) for name, words, mood in known)
        warnings = [f"{name}: {words}" for name, words, mood in known if mood == "care"]
        if entry.licence:
            link = tag(
                "a", text(entry.licence), href=_web(entry.licence_url), target="_blank", rel="noopener noreferrer"
            )
            rows += tag("dt", text(_("Licencia"))) + tag("dd", link)
        inner = tag("p", text(_(entry.summary)))
        if entry.parameters:
            words = _(
                "{parameters}: los números que fue ajustando al aprender. Con más, suele escribir mejor y tarda más."
            )
            inner += tag("p", text(words.format(parameters=format_parameters(entry.parameters))), class_="soft")
        inner += "".join(tag("p", text(warning), class_="notice care") for warning in warnings)
        folded = tag("summary", text(_("Tamaño, memoria y licencia"))) + tag("dl", rows, class_="facts")
        self.message.value = head + inner + tag("details", folded, class_="poetas-figures")
        self.button.disabled = busy or chosen
        self.button.description = self._verb(ready=ready, chosen=chosen)
        self.again.disabled = busy
        if ready and entry.sources:
            self.again.tooltip = _("Por si se dañó: el que está queda hasta que el nuevo esté entero.")
        show(self.again, ready and entry.sources)

    def _verb(self, *, ready: bool, chosen: bool) -> str:
        if chosen:
            return _("Es el que estás usando")
        if ready:
            return _("Usar {title}").format(title=self.entry.title)
        return _("Traer {title}").format(title=self.entry.title)


def _web(address: str) -> str:
    """Return an address only if it is an https URL, because a model card is untrusted input."""
    return address if address.startswith("https://") else "#"
