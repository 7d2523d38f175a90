"""Trial («Probalo»): a text in, the answers of the model as it came and of the tuned one out, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Textarea, Widget
from traitlets import Unicode

from poetas.data.pipeline.language import guess_language
from poetas.data.service.answers import TextsAnswer
from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.prompt_templates import style_prompt
from poetas.i18n import _
from poetas.services.call import Call
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.elements import box_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest, Request
from widgets.core.page_context import PageContext
from widgets.core.service_stream import ServiceStream
from widgets.train.dataset_records import adapter_in_use, dataset_in_use, examined, reading_config
from widgets.train.try_it.answer_card import answer_card, exam_answer
from widgets.train.try_it.sample_text import sample_text

CAREFUL = {"temperature": 0.0, "max_tokens": 80}
PLAYFUL = {"temperature": 0.8, "top_p": 0.95, "max_tokens": 80}
EXAMPLES = 12  # test texts that «Traer un texto del examen» cycles through


class TryIt(Component):
    """Answers of base and tuned model to one text, written at the same time with the same settings.

    value: the text. answers: what was written, by "base" and "tuned".
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "probalo"
    value = Unicode()

    def __init__(self, beginning: str = "", *, context: PageContext | None = None) -> None:
        self._streams: list[ServiceStream[str, GeneratedAnswer]] = []
        self._open: set[str] = set()
        self._complete: set[str] = set()  # models whose answer is complete
        self._example, self._seed, self._requests = -1, 7, LatestRequest()
        self._bringing = LatestRequest()  # pending while a test text is on its way
        self.answers: dict[str, str] = {}
        self._from_exam = False  # the answers are those of the exam
        super().__init__(context)
        self._sample_text = "" if beginning else sample_text(style=self._style())  # the sample in the box
        self.box.value = beginning or self._sample_text
        self.context.observe(lambda _change: self._changed(), ["model", "dataset", "training"])

    def build(self) -> Sequence[Widget]:
        """Make the text box, the buttons and the two columns."""
        self.box = Textarea(description=_("Tu texto"), rows=6, continuous_update=True)
        self.box.observe(lambda change: self._edited(change.new), "value")
        self.write = make_button("", kind="primary")
        self.on_click(self.write, self._write)
        self.another = make_button(_("Otra tirada"))
        self.on_click(self.another, self._other)
        self.bring = make_button(_("Traer un texto del examen"))
        on_click(self.bring, self._bring, busy=lambda: self.state is State.BUSY or self._bringing.pending)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._stop)
        row = row_of((self.write, self.another, self.stop, self.bring))
        self.columns = {"base": html(""), "tuned": html("")}
        pair = box_of(tuple(self.columns.values()), "grid")
        self.status = html("")
        return (self.box, row, self.status, pair)

    def refresh(self) -> None:
        """Label and enable the buttons; without a model nothing can be written."""
        busy, style = self.state is State.BUSY, self._style()
        waiting = not self.context.model
        self.box.description = _("Tu comienzo") if style else _("Tu texto")
        self.write.description = _("Seguir el comienzo") if style else _("Resumir")
        empty = not self.value.strip()
        self.write.disabled = busy or waiting or empty or self._bringing.pending
        self.another.disabled = empty
        self.box.disabled, self.box.rows = waiting or busy, 2 if style else 6
        show(self.another, style and self.answers and not busy)
        show(self.stop, busy)
        show(self.bring, not (busy or self._bringing.pending or not self.context.dataset))
        show(self.columns["tuned"], self._adapter())
        words = _("El modelo está leyendo. La primera vez tarda unos segundos, porque tiene que despertarse.")
        if self._bringing.pending:
            words = _("Busco un texto que no estudió…")
        elif empty and not busy:
            words = _("Escribí algo en el recuadro: sin un comienzo no hay nada que seguir.")
            if not style:
                words = _("Pegá un texto en el recuadro: sin texto no hay nada que resumir.")
        if known := self._from_exam and bool(self.answers) and not busy:
            words = _("Es un texto del examen: esto es lo que escribieron ahí, y volverían a escribir.")
        working = known or self._bringing.pending or empty or (busy and not any(self.answers.values()))
        self.status.value = tag("p", text(words), class_="soft", role="status") if working else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        task = "style" if self._style() else "summary"
        asked = model_values(self.context, language=guess_language([self.value]))  # as the service guesses it
        return {"TEXT": self.value, "TASK": task, "ADAPTER": self._adapter(), **asked}

    def _style(self) -> bool:
        work = dataset_in_use(self.context)
        return work is not None and work.style

    def _adapter(self) -> str | None:
        """Return the folder of the tuned model's adapter, None while there is none."""
        folder = adapter_in_use(self.context)
        return None if folder is None else str(folder)

    def _edited(self, value: str) -> None:
        """Drop the answers to the earlier text."""
        if value == self.value:
            return
        self.value = value
        if self.answers and self.state is not State.BUSY:
            self.answers = {}
            self._draw()
        self.refresh()

    def _changed(self) -> None:
        """Drop the answers of the earlier model or dataset."""
        self._clear()
        self._bringing.cancel()
        if self.state is State.BUSY:
            self.state = State.READY
        if self._sample_text and self.box.value == self._sample_text:  # the learner's own text is never replaced
            self._sample_text = sample_text(style=self._style())
            self.box.value = self._sample_text
        self.refresh()

    def _clear(self) -> None:
        """Stop writing and remove the answers."""
        self._stop()
        self._requests.cancel()
        self.answers = {}
        self._draw()

    # -- writing

    def _write(self) -> None:
        self.clear_error()
        request = self._requests.begin()
        self.answers = {}
        adapter = self._adapter()
        self._open = {"base", *(["tuned"] if adapter else [])}
        self._complete = set()
        self.state = State.BUSY
        self._streams = []
        known = {} if self._style() else examined(self.context, self.value)
        self._from_exam = {"base", "tuned"} <= known.keys()
        if self._from_exam:
            for who in ("base", "tuned"):
                self._draw_one(who, self.value, exam_answer(known[who]))
                self._end(who, whole=True)
            return
        self._start(request, "base", None)
        if adapter:
            self._start(request, "tuned", adapter)

    def _start(self, request: Request, who: str, adapter: str | None) -> None:
        style, beginning, model = self._style(), self.value, self.context.model
        generation = self.context.services.generation
        settings = {**PLAYFUL, "seed": self._seed} if style else CAREFUL
        self.answers[who] = ""

        # The same limits as in the exam, so that the same text gives the same words.
        dataset, reading = self.context.dataset, reading_config(self.context)

        def begin() -> Call[str, GeneratedAnswer]:
            if style:
                return generation.generate(model, beginning, settings=settings, adapter=adapter, dataset=dataset)
            return generation.summarise(
                model, beginning, settings=settings, adapter=adapter, dataset=dataset, **reading
            )

        def each(pieces: list[str]) -> None:
            self.answers[who] = self.answers.get(who, "") + "".join(pieces)
            self._draw_one(who, beginning)
            self.refresh()

        def done(answer: GeneratedAnswer | None) -> None:
            self._draw_one(who, beginning, answer, stopped=answer is None)
            self._end(who, whole=answer is not None)

        def failed(problem: Explanation) -> None:
            self._clear()
            self.fail(problem, {"restart-service": self._write, "retry": self._write})

        self._draw_one(who, beginning)
        stream = self.context.services.stream(
            begin, each=request.only(each), done=request.only(done), failed=request.only(failed)
        )
        self._streams.append(stream)

    def _end(self, who: str, *, whole: bool) -> None:
        self._open.discard(who)
        if whole:
            self._complete.add(who)
        if not self._open and self.state is State.BUSY:
            self.state = State.DONE
            self.done = self.done or {"base", "tuned"} <= self._complete  # the base model alone is no comparison

    def _stop(self) -> None:
        for stream in self._streams:
            stream.cancel()

    def _other(self) -> None:
        self._seed += 1
        self._write()

    # -- drawing

    def _draw(self) -> None:
        for who in self.columns:
            self.columns[who].value = ""

    def _draw_one(
        self, who: str, beginning: str, answer: GeneratedAnswer | None = None, *, stopped: bool = False
    ) -> None:
        self.answers[who] = words = self.answers.get(who, "") if answer is None else str(answer["text"])
        shown = beginning if self._style() else ""
        self.columns[who].value = answer_card(
            who, words, source=beginning, beginning=shown, answer=answer, stopped=stopped
        )

    # -- test texts

    def _bring(self) -> None:
        """Put the next text of the test set into the box."""
        self._example += 1
        request = self._bringing.begin()
        self.clear_error()
        self.refresh()

        def failed(problem: Explanation) -> None:
            self._bringing.cancel()
            self.fail(problem, {"retry": self._bring, "restart-service": self._bring})
            self.refresh()

        def done(answer: TextsAnswer) -> None:
            self._bringing.cancel()
            self.refresh()
            rows = answer["rows"]
            if rows:
                words = rows[self._example % len(rows)]["text"]
                self.box.value = style_prompt(words) if self._style() else words

        services, folder = self.context.services, self.context.dataset
        services.ask(
            lambda: services.preparation.texts(folder, "test", EXAMPLES),
            done=request.only(done),
            failed=request.only(failed),
        )
