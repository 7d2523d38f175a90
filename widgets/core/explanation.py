"""Folded note of a step (Markdown in, HTML out), with the paragraphs for the page's task, model and place.

Its title is «¿Qué acabo de ver?».

A paragraph of ``widgets/course/notes/STEP.md`` may begin with a line such as ``<!-- kind=chat task=summary -->``: it is
shown only where every fact named there is known and has that value, or one of several as in ``kind=plain|chat`` (see
`widgets.core.note_conditions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ipywidgets import HTML
from traitlets import Dict, observe

from poetas.i18n import _
from widgets.core.elements import look, shared_style, show
from widgets.core.html import markdown, tag, text

NOTES = Path(__file__).parents[1] / "course" / "notes"
_CONDITION = re.compile(r"<!--(.*?)-->\n")


def note(step: str, known: Mapping[str, str] | None = None) -> str:
    """Return the note of a step as Markdown, translated paragraph by paragraph; "" where there is none.

    known: facts by name; without one, the paragraphs that depend on it are left out.

    >>> "obedecer" in note("antes"), "obedecer" in note("antes", {"kind": "plain"})
    (False, True)
    """
    path = NOTES / f"{step}.md"
    if not path.is_file():
        return ""
    paragraphs = (paragraph.strip() for paragraph in path.read_text("utf-8").split("\n\n"))
    return "\n\n".join(_(_CONDITION.sub("", paragraph)) for paragraph in paragraphs if _applies(paragraph, known or {}))


def _applies(paragraph: str, known: Mapping[str, str]) -> bool:
    condition = _CONDITION.match(paragraph)
    pairs = (pair.split("=") for pair in condition[1].split()) if condition else ()
    return all(known.get(name) in value.split("|") for name, value in pairs)


class StepNote(HTML):
    """The folded note of a step, with its glossary words; hidden where no paragraph applies.

    known: the facts that choose between its paragraphs.
    """

    known = Dict()

    def __init__(self, step: str, known: Mapping[str, str] | None = None) -> None:
        super().__init__(style=shared_style(HTML), **look("poetas"))
        self._step, self._shown = step, ""
        self.known = dict(known or {})
        self._draw()

    @observe("known")
    def _draw(self, _change: object = None) -> None:
        if not hasattr(self, "_step"):
            return
        source = note(self._step, self.known)
        if source != self._shown:
            self._shown = source
            inner = tag("summary", text(_("¿Qué acabo de ver?"))) + markdown(source)
            self.value = tag("details", inner, class_="poetas-note")
        show(self, source)
