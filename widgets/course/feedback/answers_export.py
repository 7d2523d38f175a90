"""Export of the answers file: a project's state in; its text, shown whole, and then the file out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ipywidgets import Widget

from poetas.course.answers_file import answers, answers_text, write_answers
from poetas.course.sittings import LEARNER, Learner
from poetas.i18n import _, size
from poetas.util.files import private_folder
from widgets.controls.download.download import Download
from widgets.core.component import Component
from widgets.core.elements import column_of, html, make_button, show
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext

FOLDER = "respuestas"  # of the project


class AnswersExport(Component):
    """A button that shows the file; only then one that saves it, as it was shown.

    shown: the text that is on the page, "" before the first click.
    """

    def __init__(self, *, context: PageContext | None = None) -> None:
        self.shown = ""
        self._content: dict[str, object] = {}
        super().__init__(context)
        self.context.observe(lambda _change: self._forget(), ["project", "steps", "erased"])

    def build(self) -> Sequence[Widget]:
        """Make the sentence and the button; the preview and the download come with the first click."""
        self.about = html(tag("p", text(_(
            "Si alguien da este taller, le podés llevar un archivo con tus respuestas. Mirá antes qué dice."
        ))))  # fmt: skip
        self.look = make_button(_("Ver el archivo"))
        self.on_click(self.look, lambda: self.run_guarded(self._preview))
        self.preview = html("")
        self.place = column_of((), shown=False)
        return (self.about, self.look, self.preview, self.place)

    def _preview(self) -> None:
        self.context.save_at({LEARNER: Learner.known_or_new(self.context.state()).value()})
        self._content = answers(self.context.state())
        self.shown = answers_text(self._content)
        self.preview.value = self._preview_html()
        if not self.place.children:
            self.place.children = (Download(_("Bajar el archivo"), self._give, failed=self.fail, primary=True),)
        show(self.place, True)
        self.look.description = _("Volver a mirar")

    def _forget(self) -> None:
        """Remove a preview of what is no longer kept: the data was erased, or it is another project."""
        if self.shown and self._of_another():
            self.shown, self._content, self.preview.value = "", {}, ""
            self.place.children = ()  # the button may be waiting for a file that does not come
            show(self.place, False)

    def _of_another(self) -> bool:
        learner = Learner.read(self.context.state())
        return learner is None or learner.code != self._content["learner"]

    def _preview_html(self) -> str:
        parts = (
            _("qué contestaste en las preguntas, y cuáles acertaste;"),
            _("qué pasos terminaste, y cuánto te llevó, más o menos, cada uno;"),
            _("cuántas apuestas y ejercicios te salieron, y qué tarjetas de error encontraste;"),
            _("los puntajes que marcaste acá arriba y lo que escribiste en el recuadro."),
        )
        weight = size(len(self.shown.encode()))
        inner = tag(
            "p", text(_("Esto es todo lo que va a decir el archivo ({size}):").format(size=weight)), role="status"
        )
        inner += tag("ul", "".join(tag("li", text(part)) for part in parts))
        words = _("No lleva tus textos, ni nombres de archivos, ni las palabras de tus apuestas. Acá está, entero:")
        inner += tag("p", text(words))
        label = _("El archivo, entero")
        return inner + tag("pre", text(self.shown), tabindex="0", class_="poetas-answers", aria_label=label)

    def _give(self, give: Callable[[Path], None]) -> None:
        self._forget()  # another tab may have erased it
        if not self.shown:
            return
        folder = private_folder(self.context.path(FOLDER))
        give(write_answers(self._content, folder))
