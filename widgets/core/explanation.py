"""«¿Qué acabo de ver?»: the idea behind a step, folded until the learner wants it."""

from __future__ import annotations

from pathlib import Path

from ipywidgets import HTML

from poetas.i18n import _
from widgets.core.html import markdown, tag, text

NOTES = Path(__file__).parents[1] / "course" / "notes"


def note(step: str) -> str:
    """Return the note of a step as Markdown, translated paragraph by paragraph; "" where there is none."""
    path = NOTES / f"{step}.md"
    if not path.is_file():
        return ""
    return "\n\n".join(_(paragraph.strip()) for paragraph in path.read_text("utf-8").split("\n\n"))


class StepNote(HTML):
    """The folded note of a step, with its glossary words.

    step: slug of the step; its text lies in ``widgets/notes/SLUG.md``.
    """

    def __init__(self, step: str) -> None:
        inner = tag("summary", text(_("¿Qué acabo de ver?"))) + markdown(note(step))
        super().__init__(tag("details", inner, class_="poetas-note"))
        self.add_class("poetas")
