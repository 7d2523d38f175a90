"""Export of the answers file: a project's state in; its text, shown whole, and then the file out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from poetas.course.answers_file import answers, answers_text, write_answers
from poetas.course.sittings import LEARNER, Learner
from poetas.data.storage.dataset_summary import prepared
from poetas.i18n import _, size
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.course.feedback.shown_file import ShownFile


class AnswersExport(ShownFile):
    """The answers, for the instructor; a file of another project, or of what was erased, is not given."""

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._content: dict[str, object] = {}
        super().__init__(context=context)
        self.context.observe(lambda _change: self._forget_others(), ["project", "steps", "erased"])

    def purpose(self) -> str:
        """Return what the file is for."""
        return _("Si alguien da este taller, le podés llevar un archivo con tus respuestas. Mirá antes qué dice.")

    def make(self) -> str:
        """Return the answers, with the learner's code, which is drawn here at the latest."""
        self.context.save_at({LEARNER: Learner.known_or_new(self.context.state()).value()})
        self._content = answers(self.context.state(), prepared=prepared(self.context.project))
        return answers_text(self._content)

    def explanation(self) -> str:
        """Return what the file says, and what it does not."""
        parts = (
            _("qué contestaste en las preguntas, y cuáles acertaste;"),
            _("qué pasos terminaste, y cuánto te llevó, más o menos, cada uno;"),
            _("cuántas apuestas y ejercicios te salieron, y qué tarjetas de error encontraste;"),
            _("si los textos que preparaste eran tuyos o de un ejemplo del curso, y nada más de ellos;"),
            _("los puntajes que marcaste acá arriba y lo que escribiste en el recuadro."),
        )
        weight = size(len(self.shown.encode()))
        words = _("Esto es todo lo que va a decir el archivo ({size}):").format(size=weight)
        drawn = tag("p", text(words), role="status") + tag("ul", "".join(tag("li", text(part)) for part in parts))
        words = _("No lleva tus textos, ni nombres de archivos, ni las palabras de tus apuestas.")
        words += " " + _(
            "Está escrito para que lo lea un programa: por eso las llaves y las comillas. Acá está, entero:"
        )
        return drawn + tag("p", text(words))

    def write(self, folder: Path) -> Path:
        """Write the answers that are shown."""
        return write_answers(self._content, folder)

    def _forget_others(self) -> None:
        """Remove a preview of what is no longer kept: the data was erased, or it is another project."""
        learner = Learner.read(self.context.state())
        if self.shown and (learner is None or learner.code != self._content["learner"]):
            self._content = {}
            self.forget()

    def _give(self, give: Callable[[Path], None]) -> None:
        self._forget_others()  # another tab may have erased it
        super()._give(give)
