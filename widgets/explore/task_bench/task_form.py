"""Form of the task bench: the learner's text, the task, and what the task needs; what is read of them."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Checkbox, Text, Textarea, ToggleButtons, VBox

from poetas.data.pipeline.language import recognise_language
from poetas.generation.prompt_templates import PromptStyle
from poetas.i18n import _
from poetas.models.entry import ModelEntry
from widgets.controls.language_notice import language_notice
from widgets.controls.previews import lines
from widgets.core.elements import html, look, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.explore.task_bench.bench_tasks import (
    ANSWER,
    CLASSIFY,
    CONTINUE,
    SAMPLES,
    BenchSample,
    description,
    request_words,
    split_topics,
    task_options,
)

LONGEST = 4_000  # characters of the text that are read: what is far from the task changes little and takes long
FEWEST_TOPICS, MOST_TOPICS = 2, 8


class TaskForm(VBox):
    """The boxes and the note below them. edited: called at each change. chosen: returns the model in use, if any."""

    def __init__(self, chosen: Callable[[], ModelEntry | None], edited: Callable[[], None]) -> None:
        self._chosen = chosen
        self.box = Textarea(description=_("Tu texto"), rows=5)
        self.sample = make_button(_("Volver al ejemplo"), "link")
        on_click(self.sample, self.fill)
        self.menu = ToggleButtons(options=task_options(), description=_("¿Qué le pedís?"))
        self.about = html("")
        self.question_box = Text(description=_("Tu pregunta"))
        self.topics_box = Text(description=_("Los temas, separados por comas"))
        self.blind = Checkbox(value=False, description=_("Preguntale sin mostrarle el texto"), indent=False)
        parts = (self.box, self.sample, self.menu, self.question_box, self.topics_box, self.blind, self.about)
        super().__init__(parts, **look("stack", "poetas-task-form"))
        self.fill()
        for part in (self.box, self.menu, self.question_box, self.topics_box, self.blind):
            part.observe(lambda _change: edited(), "value")

    @property
    def task(self) -> str:
        """The name of the task."""
        return str(self.menu.value)

    @property
    def text(self) -> str:
        """What is read of the text: its end where it is continued, else its beginning."""
        whole = str(self.box.value).replace("\0", "")
        return whole.rstrip()[-LONGEST:] if self.task == CONTINUE else whole.strip()[:LONGEST]

    @property
    def shown(self) -> str:
        """What the model is shown of the text."""
        return "" if self.task == ANSWER and self.blind.value else self.text

    @property
    def shortened(self) -> bool:
        """Whether not all of the text is read."""
        return len(str(self.box.value).strip()) > LONGEST

    @property
    def question(self) -> str:
        """The question, in one line."""
        return _line(self.question_box)

    @property
    def topics(self) -> list[str]:
        """The different topics."""
        return split_topics(_line(self.topics_box))

    @property
    def topic(self) -> str:
        """The line before the topics, in the language of the request."""
        return SAMPLES[self.style.language].topic

    @property
    def style(self) -> PromptStyle:
        """How the model is asked, in the language of the text where it can be recognised."""
        model = self._chosen()
        language = recognise_language([self.box.value, self.question_box.value])
        return PromptStyle.of(model, language) if model is not None else PromptStyle()

    @property
    def is_sample(self) -> bool:
        """Whether the text is one of the samples."""
        return any(self.box.value == sample.text for sample in SAMPLES.values())

    def fill(self) -> None:
        """Put the sample in a language that the model writes into the boxes."""
        model = self._chosen()
        sample: BenchSample = SAMPLES["es" if model is None or model.writes("es") else "en"]
        self.box.value, self.question_box.value, self.topics_box.value = sample.text, sample.question, sample.topics

    def draw(self, *, busy: bool) -> None:
        """Show what the task needs, and how the request is put."""
        self.sample.disabled = busy
        show(self.question_box, self.task == ANSWER)
        show(self.blind, self.task == ANSWER)
        show(self.topics_box, self.task == CLASSIFY)
        where = _("que está más arriba, en «Elegí un modelo»")
        spoken = recognise_language([self.box.value])
        notice = language_notice(self._chosen(), spoken, _("tu texto parece estar"), where)
        self.about.value = tag("p", text(description(self.task))) + self._request_note() + notice

    def problem(self) -> str:
        """Say what is missing before the model can be asked, "" for nothing."""
        if not self.text.strip() and not (self.task == ANSWER and self.blind.value):
            return _("Falta el texto. Escribí uno o tocá «{button}».").format(button=self.sample.description)
        if self.task == ANSWER and not self.question:
            return _("Falta la pregunta. Una que el texto conteste, por ejemplo: «¿Quién dirige la banda?».")
        if self.task == CLASSIFY and not FEWEST_TOPICS <= len(self.topics) <= MOST_TOPICS:
            return _("Escribí entre 2 y 8 temas distintos, separados por comas: «música, deportes».")
        return ""

    def _request_note(self) -> str:
        """Say how the request is put to this kind of model, with its words folded."""
        if self._chosen() is None:
            return ""
        says = {
            "plain": _("Este modelo solo sigue textos: el pedido se le escribe como una página que hay que completar."),
            "chat": _("A este modelo le enseñaron a obedecer: el pedido se le dice con un verbo."),
            "seq2seq": _("Este modelo lee un texto y escribe otro: el pedido va adelante, en una palabra."),
        }[self.style.kind]
        if self.task == CONTINUE:
            says = _("Recibe tu texto tal cual, sin ningún pedido.")
        words = request_words(self.task, self.style, self.shown, self.question, self.topic, self.topics)
        folded = tag("summary", text(_("Ver la consigna que recibe")))
        folded += tag("p", lines(words), class_="serif", dir="auto")
        return tag("p", text(says), class_="soft") + tag("details", folded, class_="poetas-whole")


def _line(box: Text) -> str:
    return " ".join(str(box.value).replace("\0", "").split())[:LONGEST]
