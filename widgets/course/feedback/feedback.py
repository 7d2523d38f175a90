"""«Contanos cómo te fue»: the questionnaire after an app, four scales and free text, and the answers file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ipywidgets import Widget

from poetas.course.achievements import achievements, farewell
from poetas.course.answers_file import LONGEST_TEXT, SCALES, feedback_of, is_mark
from poetas.course.course_record import APPS, Part, course_path
from poetas.course.sittings import AFTER
from poetas.i18n import _
from widgets.core.component import Component
from widgets.core.elements import html
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.course.feedback.answers_export import AnswersExport
from widgets.course.feedback.scales_form import ScalesForm
from widgets.course.feedback.trouble_export import TroubleExport
from widgets.course.questionnaire import Questionnaire


class Feedback(Component):
    """The closing step of an app. What is marked and written is kept at once; done once the four scales are marked.

    value: the marks and the text, as the answers file has them.
    """

    def __init__(self, *, app: str = "", context: PageContext | None = None) -> None:
        self._app = app
        self._recalling = UpdateGuard()
        super().__init__(context)
        self._recall()
        self.context.observe(
            lambda _change: self._recall(), ["project", "steps", "dataset", "training", "answered", "erased"]
        )

    @property
    def app(self) -> str:
        """Name of the app that the feedback is about."""
        return self._app or self.context.app or APPS[0]

    def build(self) -> Sequence[Widget]:
        """Make what was achieved, and the three parts, each with its heading."""
        self.achieved = html("")
        self.after = Questionnaire(AFTER, app=self._app, context=self.context)
        self.form = ScalesForm()
        self.form.observe(self._changed, ["marks", "text"])
        self.export = AnswersExport(context=self.context)
        self.trouble = TroubleExport(context=self.context)
        return (
            self.achieved,
            html(tag("h3", text(_("Otras cinco preguntas")))),
            self.after,
            html(tag("h3", text(_("¿Cómo te fue?")))),
            self.form,
            html(tag("h3", text(_("Un archivo para quien enseña")))),
            self.export,
            self.trouble,
        )

    def _recall(self) -> None:
        state = self.context.state()
        self.achieved.value = _ending(self.app, achievements(self.app, self.context.project, state))
        self._show(feedback_of(state, self.app))

    def _show(self, kept: Mapping[str, Any]) -> None:
        marks = {scale: kept[scale] for scale in SCALES if kept[scale] is not None}
        with self._recalling:
            self.form.marks, self.form.text = marks, kept["text"]
        self.done = len(marks) == len(SCALES)

    def _changed(self, change: Any) -> None:
        """Keep what was changed here; the rest is as it is kept: another tab may have erased or changed it."""
        if self._recalling:
            return
        self.clear_error()
        value = feedback_of(self.context.state(), self.app)
        if change.name == "text":
            if value["text"] == change.old[:LONGEST_TEXT]:
                value["text"] = change.new[:LONGEST_TEXT]
        else:
            for scale in SCALES:
                mark = change.new.get(scale)
                if mark != change.old.get(scale):
                    value[scale] = mark if is_mark(mark) else None
        kept = {name: entry for name, entry in value.items() if entry is not None}
        self.context.save_at({course_path(Part.FEEDBACK, self.app): kept})
        self._show(value)


def _ending(app: str, sentences: Sequence[str]) -> str:
    """Draw what was achieved, and the sentence that the app ends with; "" where nothing was done yet."""
    if not sentences:
        return ""
    done = "".join(tag("li", text(sentence)) for sentence in sentences)
    return tag("ul", done, class_="poetas-achieved") + tag("p", text(farewell(app)), class_="serif")
