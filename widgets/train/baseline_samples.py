"""Baseline samples («¿Qué sabe hacer antes de aprender?»): what the model as it came writes for validation texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from ipywidgets import FloatProgress, Widget
from traitlets import List

from poetas.data.service.answers import TextsAnswer
from poetas.errors import Explanation
from poetas.evaluation.baselines.prompt_examples import chosen_examples
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.prompt_templates import style_prompt
from poetas.generation.sampling import STYLE_TEMPERATURE, STYLE_TOP_P
from poetas.i18n import _, number
from widgets.controls.model_values import model_values
from widgets.controls.own_text_offer import note_taken, offered_beginning
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.note_conditions import dataset_language
from widgets.core.page_context import PageContext
from widgets.train.baseline_bet import TEXTS, BaselineBet
from widgets.train.baseline_rows import STATE_KEY, kept_rows, own_row, unwritten
from widgets.train.dataset_records import dataset_in_use, style_in_use
from widgets.train.sample_html import CUT, OWN, SHOWN, baseline_seen, drawn
from widgets.train.sample_writer import Begin, SampleWriter

CANDIDATES = 40  # training texts from which the two examples are chosen
CAREFUL = {"temperature": 0.0, "max_tokens": 60}
PLAYFUL = {"temperature": STYLE_TEMPERATURE, "top_p": STYLE_TOP_P, "max_tokens": 60, "seed": 7}


class BaselineSamples(Component):
    """Outputs of the model as it came for three texts: without and with two examples in its prompt.

    value: one row per text, as `baseline_rows` says. For style, "text" is a beginning. The learner may add, at the end,
    the text that she pasted in app 1.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "model")
    recipe: ClassVar[str] = "antes"
    value: List[Any] = List()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._examples: list[tuple[str, str]] = []
        context = context or PageContext.current()
        self._writer: SampleWriter[tuple[int, str]] = SampleWriter(
            context.services, self._following, self._draw, self._wrote, self._ended, self._failed
        )
        super().__init__(context)
        self.context.observe(lambda _change: self._recall(), ["dataset", "model"])
        self._recall()

    def build(self) -> Sequence[Widget]:
        """Make the prediction, the bar, the three cards and the buttons."""
        self.bet = BaselineBet(self.context, self._begin, self._save)
        self.prediction = self.bet.prompt
        self.message = html("")
        self.bar = FloatProgress(value=0.0, min=0.0, max=1.0)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._writer.stop)
        self.more = make_button(_("Seguir probando"), kind="primary")
        self.on_click(self.more, self._begin)
        self.again = make_button(_("Probar de nuevo"))
        self.on_click(self.again, self._restart)
        self.own = make_button("")
        self.on_click(self.own, self._add_own)
        self.shown = html("")
        row = row_of((self.stop, self.more, self.own, self.again))
        self.work_row = column_of((self.message, self.bar))
        return (self.prediction, self.work_row, self.shown, self.bet.judgement, row)

    def refresh(self) -> None:
        """Show the prediction before the first attempt, and the bar while the model writes."""
        waiting, busy = self.state is State.WAITING, self.state is State.BUSY
        left, whole = self._left(), bool(self.value) and not (self._left(self._given()) or waiting)
        self.bet.show(asked=not (waiting or busy or self.value), whole=whole)
        show(self.work_row, busy)
        show(self.stop, busy)
        show(self.more, self.value and left and not busy and not waiting)
        show(self.again, self.value and not left and not busy and not waiting)
        style, words = style_in_use(self.context), _("Resumir también lo que pegaste en la app 1")
        self.own.description = _("Seguir también tu primer verso, el de la app 1") if style else words
        new = not any(OWN in row for row in self.value)
        show(self.own, whole and not busy and new and offered_beginning(self.context, style=style))

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        work = dataset_in_use(self.context)
        if work is None:
            return model_values(self.context)
        return {"DATASET": str(work.folder), **model_values(self.context, work.folder)}

    def seen(self) -> str:
        """Return what the model as it came made of the last text."""
        return baseline_seen(self.value, style=style_in_use(self.context))

    # -- saved attempts

    def _recall(self) -> None:
        """Show the attempts of an earlier visit with this dataset and this model."""
        self._writer.drop()
        kept = self.context.dataset_state.get(STATE_KEY)
        kept = kept if isinstance(kept, dict) else {}
        self.value = kept_rows(self.context, style=style_in_use(self.context))
        ready = dataset_in_use(self.context) is not None and bool(self.context.model)
        self.done = bool(self.value) and not self._left()
        if self.value:
            judged = str(kept.get("judged"))
            self.bet.restore(str(kept.get("guess")), judged, len(self._given()), style=style_in_use(self.context))
        else:
            self.bet.ask(style=style_in_use(self.context))
        self.state = State.WAITING if not ready else State.DONE if self.done else State.READY
        self.refresh()
        self._draw()

    def _given(self) -> list[dict[str, Any]]:
        """The rows of the dataset's texts, which are bet on."""
        return [row for row in self.value if OWN not in row]

    def _left(self, rows: Sequence[Mapping[str, Any]] | None = None) -> list[tuple[int, str]]:
        """Return the attempts still to be written, of all rows or of some."""
        return unwritten(self.value if rows is None else rows, style=style_in_use(self.context))

    def _save(self) -> None:
        self.context.dataset_state.save(**{STATE_KEY: {**self.bet.kept(), "rows": self.value}})

    # -- writing

    def _restart(self) -> None:
        self.value = []
        self._draw()
        self.bet.ask(style=style_in_use(self.context))
        self.state = State.READY
        self.refresh()

    def _begin(self) -> None:
        self.clear_error()
        self.bet.take()
        self.state = State.BUSY
        words = _("El modelo está por escribir…") if self.value else ""
        words = words or _("Busco textos del simulacro, que no va a estudiar…")
        self.message.value = tag("p", text(words), role="status")
        self._request = self._writer.begin()
        self._ask("validation", TEXTS, self._chosen)

    def _add_own(self) -> None:
        """Let the model write for the learner's own text too, unless she erased it meanwhile."""
        row = own_row(self.context, style=style_in_use(self.context))
        if row["text"]:
            note_taken(self.context)
            self.value = [*self._given(), row]
            self._begin()
        else:
            self.refresh()

    def _ask(self, part: str, count: int, done: Callable[[TextsAnswer], None]) -> None:
        services, folder, only = self.context.services, self.context.dataset, self._request.only
        services.ask(
            lambda: services.preparation.texts(folder, part, count), done=only(done), failed=only(self._failed)
        )

    def _chosen(self, answer: TextsAnswer) -> None:
        work = dataset_in_use(self.context)
        if work is None or self.state is not State.BUSY:
            return
        rows = answer["rows"]
        if not self.value:
            if work.style:
                self.value = [{"text": style_prompt(row["text"]), "summary": ""} for row in rows]
            else:
                self.value = [{"text": row["text"], "summary": row["summary"]} for row in rows]
        if work.style:
            self._writer.write()
        else:
            self._ask("train", CANDIDATES, self._shown_examples)

    def _shown_examples(self, answer: TextsAnswer) -> None:
        self._examples = chosen_examples([(row["text"], row["summary"]) for row in answer["rows"]])
        self._writer.write()

    def _following(self) -> tuple[tuple[int, str], Begin] | None:
        """The next attempt: its index and kind, and how it is written."""
        left, work = self._left(), dataset_in_use(self.context)
        if not left or work is None:
            return None
        total = len(self.value) * (1 if work.style else 2)
        done = total - len(left)
        self.bar.value = done / total
        first = _("Escribe {n} de {all}. La primera vez tarda más, porque el modelo tiene que despertarse.")
        words = _("Escribe {n} de {all}.") if done else first
        self.message.value = tag("p", text(words.format(n=number(done + 1), all=number(total))), role="status")
        return left[0], self._attempt(*left[0], style=work.style)

    def _attempt(self, index: int, kind: str, *, style: bool) -> Begin:
        """How an attempt is written, with what is in use now: it is called in a thread."""
        model, words, generation = self.context.model, str(self.value[index]["text"]), self.context.services.generation
        if style:
            return lambda: generation.generate(model, words, settings=PLAYFUL)
        examples = self._examples if kind == SHOWN else []
        language = dataset_language(self.context.dataset)  # as in training; "" lets the service guess it
        return lambda: generation.summarise(model, words, settings=CAREFUL, examples=examples, language=language)

    def _wrote(self, attempt: tuple[int, str], answer: GeneratedAnswer) -> None:
        index, kind = attempt
        rows = [dict(row) for row in self.value]
        rows[index][kind] = answer["text"].strip("\n")
        if answer.get("cut"):
            rows[index][f"{kind}{CUT}"] = "cut"
        self.value = rows
        self._save()
        self._draw()

    def _ended(self, whole: bool) -> None:  # noqa: FBT001  (the writer's callback)
        self.done = self.done or whole
        if whole and len(self._given()) == len(self.value):  # her own text is not judged
            self.bet.ask_judgement(len(self.value))
        self.state = State.DONE if whole else State.READY
        self._draw()

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._begin, "retry": self._begin})
        if not self.value:
            self.prediction.reopen()
        self._draw()
        self.refresh()

    def _draw(self) -> None:
        work = dataset_in_use(self.context)
        writing = self._writer.writing
        now = None if writing is None else (*writing[0], writing[1])
        self.shown.value = drawn(self.value, now, style=work is not None and work.style)
