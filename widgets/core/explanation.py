"""Folded note of a step (Markdown in, HTML out), with the paragraphs for the page's task, model and place.

Its title is «¿Qué acabo de ver?». Once the step is done, what was just seen and the first sentence stand in the open.

A paragraph of ``widgets/course/notes/STEP.md`` may begin with a line such as ``<!-- kind=chat task=summary -->``: it is
shown only where every fact named there is known and has that value, or one of several as in ``kind=plain|chat`` (see
`widgets.core.note_conditions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ipywidgets import HTML
from traitlets import Bool, Dict, Unicode, observe

from poetas.i18n import _
from widgets.core.elements import look, shared_style, show
from widgets.core.html import markdown, tag, text

NOTES = Path(__file__).parents[1] / "course" / "notes"
_CONDITION = re.compile(r"<!--(.*?)-->\n")
_SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]»))\s+(?=[A-ZÁÉÍÓÚÑ¿¡«\[])")  # between two; a link may begin one


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


def first_sentence(source: str) -> tuple[str, str]:
    r"""Return the first sentence of a note, and the rest.

    >>> first_sentence("Una [tijera](#glosa-tokenizador). La otra.\n\nY más.")
    ('Una [tijera](#glosa-tokenizador).', 'La otra.\n\nY más.')
    """
    paragraph, _blank, others = source.partition("\n\n")
    sentence, *more = _SENTENCE.split(paragraph, maxsplit=1)
    return sentence, "\n\n".join(part for part in (*more, others) if part)


class StepNote(HTML):
    """The folded note of a step, with its glossary words; hidden where no paragraph applies.

    known: the facts that choose between its paragraphs. done: whether the step is, which unfolds the first sentence.
    seen: a sentence on what just happened, in the learner's own words and figures; it goes before that one.
    """

    known = Dict()
    done = Bool(default_value=False)
    seen = Unicode()

    def __init__(self, step: str, known: Mapping[str, str] | None = None) -> None:
        super().__init__(style=shared_style(HTML), **look("poetas"))
        self._step, self._shown = step, ("", "", False)
        self.known = dict(known or {})
        self._draw()

    @observe("known", "done", "seen")
    def _draw(self, _change: object = None) -> None:
        if not hasattr(self, "_step"):
            return
        source = note(self._step, self.known)
        drawn = (source, self.seen, self.done)
        if drawn != self._shown:
            self._shown = drawn
            self.value = _drawn(source, self.seen) if self.done else _folded(_("¿Qué acabo de ver?"), source)
        show(self, source)


def _folded(title: str, source: str) -> str:
    return tag("details", tag("summary", text(title)) + markdown(source), class_="poetas-note")


def _drawn(source: str, seen: str) -> str:
    """Draw the note of a step that is done: what was seen and the first sentence in the open, the rest folded."""
    first, rest = first_sentence(source)
    lead = tag("p", text(seen), class_="poetas-note-seen") if seen else ""
    opened = tag("h3", text(_("¿Qué acabo de ver?"))) + lead + markdown(first)
    return tag("div", opened, class_="poetas-note-open") + (_folded(_("Contame un poco más"), rest) if rest else "")
