"""Trial («Probalo»): a text in, the answers of the model as it came and of the tuned one out, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Textarea, Widget
from traitlets import Unicode

from poetas.data.pipeline.language import guess_language
from poetas.data.service.answers import TextsAnswer
from poetas.errors import Explanation
from poetas.generation.prompt_templates import style_prompt
from poetas.i18n import _
from widgets.controls.model_values import model_values
from widgets.controls.own_text_offer import note_taken, offered_beginning
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.focus import focus
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use, examined, style_in_use
from widgets.train.try_it.answer_card import answers_seen
from widgets.train.try_it.answer_pair import BOTH, AnswerPair
from widgets.train.try_it.file_trial import FileTrial
from widgets.train.try_it.sample_text import is_sample, sample_text
from widgets.train.try_it.trial_state import TrialState

FIRST_DRAW = 7  # seed of a style, until the learner asks for another draw
EXAMPLES = 12  # test texts that «Traer un texto del examen» cycles through


class TryIt(Component):
    """Answers of base and tuned model to one text, written at the same time with the same settings.

    value: the text.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "probalo"
    value = Unicode()

    def __init__(self, beginning: str = "", *, context: PageContext | None = None) -> None:
        self._example, self._seed = -1, FIRST_DRAW
        self._bringing = LatestRequest()  # pending while a test text is on its way
        self._own = ""  # what is offered of the learner's own text
        context = context or PageContext.current()
        self._kept, self._recalling = TrialState(context), UpdateGuard()
        super().__init__(context)
        self._recall(beginning or self._kept.text() or sample_text(self.context, style=style_in_use(self.context)))
        self.context.observe(lambda _change: self._changed(), ["model", "dataset", "training"])
        self.context.observe(lambda _change: self._offer_own(), "erased")

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
        self.own = make_button("")
        self.on_click(self.own, self._bring_own)
        self.stop = make_button(_("Detener"))
        row = row_of((self.write, self.another, self.stop, self.own, self.bring))
        self.pair = AnswerPair(self.context, drawn=self.refresh, ended=self._ended, failed=self._failed)
        on_click(self.stop, self.pair.stop)
        self.status = html("")
        self.file = FileTrial(self.context)
        return (self.box, row, self.status, self.pair, self.file)

    @property
    def answers(self) -> dict[str, str]:
        """What was written, by "base" and "tuned"."""
        return self.pair.answers

    @property
    def is_sample(self) -> bool:
        """Whether the text is one of the page's samples."""
        return is_sample(self.box.value)

    def refresh(self) -> None:
        """Label and enable the buttons; without a model nothing can be written."""
        busy, style = self.state is State.BUSY, style_in_use(self.context)
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
        self.own.description = _("Traer tu primer verso") if style else _("Traer lo que pegaste en la app 1")
        mine = bool(self._own) and self.value.strip() == self._own.strip()
        show(self.own, self._own and not (mine or busy))
        show(self.pair.columns["tuned"], self._adapter())
        words = _("El modelo está leyendo. La primera vez tarda unos segundos, porque tiene que despertarse.")
        if self._bringing.pending:
            words = _("Busco un texto que no estudió…")
        elif empty and not busy:
            words = _("Escribí algo en el recuadro: sin un comienzo no hay nada que seguir.")
            if not style:
                words = _("Pegá un texto en el recuadro: sin texto no hay nada que resumir.")
        if known := self.pair.known and bool(self.answers) and not busy:
            words = _("Es un texto del examen: esto es lo que escribieron ahí, y volverían a escribir.")
            if style:
                words = _("Es un comienzo del examen: así lo siguieron ahí. Con otra tirada escriben otra cosa.")
        if mine := mine and not (busy or self.answers):
            words = _("Es lo primero que pegaste en la app 1.")
        working = mine or known or self._bringing.pending or empty or (busy and not any(self.answers.values()))
        self.status.value = tag("p", text(words), class_="soft", role="status") if working else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        task = "style" if style_in_use(self.context) else "summary"
        asked = model_values(self.context, language=guess_language([self.value]))  # as the service guesses it
        return {"TEXT": self.value, "TASK": task, "ADAPTER": self._adapter(), **asked}

    def seen(self) -> str:
        """Return what both models made of the learner's text."""
        return answers_seen(self.value, self.answers, style=style_in_use(self.context))

    def _adapter(self) -> str | None:
        """Return the folder of the tuned model's adapter, None while there is none."""
        folder = adapter_in_use(self.context)
        return None if folder is None else str(folder)

    def _edited(self, value: str) -> None:
        """Drop the answers to the earlier text."""
        if value == self.value:
            return
        self.value, self._seed = value, FIRST_DRAW
        if self.answers and self.state is not State.BUSY:
            self.pair.clear()
        if not self._recalling:
            self._kept.edited(value)
        self.refresh()

    def _changed(self) -> None:
        """Show the text of the dataset in use, with what this model and this training answered to it."""
        self._kept.flush()
        self.alert.clear()
        self.file.attach()
        self._bringing.cancel()
        if self._kept.dataset_changed() or self.is_sample:
            self._recall(self._kept.text() or sample_text(self.context, style=style_in_use(self.context)))
        else:  # another model or training, or the first dataset: the learner's text stays
            self._recall(self.box.value)

    def _recall(self, words: str) -> None:
        """Put a text into the box, with the answers of an earlier visit."""
        self.pair.clear()
        self.state = State.READY
        with self._recalling:
            self.box.value = words
        answers, known = self._kept.answers(words)
        self.done = self.pair.restore(words, answers, style=style_in_use(self.context), known=known)
        self._offer_own()

    # -- writing

    def _write(self) -> None:
        self.clear_error()
        adapter, style = self._adapter(), style_in_use(self.context)
        self.state = State.BUSY
        known = {} if style and self._seed != FIRST_DRAW else examined(self.context, self.value)
        if known.keys() >= BOTH:
            self.pair.show(self.value, known, style=style)
        else:
            self.pair.write(self.value, adapter, style=style, seed=self._seed)

    def _ended(self, both: bool) -> None:  # noqa: FBT001
        if self.state is State.BUSY:
            self.state = State.DONE
            self.done = self.done or both
            if self.pair.whole:
                self._kept.save(self.value, self.pair.whole, known=self.pair.known)

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._write, "retry": self._write})

    def _other(self) -> None:
        self._seed += 1
        self._write()

    # -- the learner's own text, and test texts

    def _offer_own(self) -> None:
        self._own = offered_beginning(self.context, style=style_in_use(self.context))
        self.refresh()

    def _bring_own(self) -> None:
        """Put her first line, or her first poem, into the box, unless she erased it meanwhile."""
        self._bringing.cancel()
        self._offer_own()
        if self._own:
            note_taken(self.context)
            self.box.value = style_prompt(self._own) if style_in_use(self.context) else self._own
            focus(self.box)  # the button that was clicked is gone

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
                self.box.value = style_prompt(words) if style_in_use(self.context) else words

        services, folder = self.context.services, self.context.dataset
        services.ask(
            lambda: services.preparation.texts(folder, "test", EXAMPLES),
            done=request.only(done),
            failed=request.only(failed),
        )
