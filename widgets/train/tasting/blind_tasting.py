"""Blind tasting («Cata a ciegas»): the learner chooses between unlabelled versions before any score is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import FloatProgress, Widget
from traitlets import List

from poetas.data.service.answers import TextsAnswer
from poetas.errors import Explanation
from poetas.evaluation.tasting_rubric import Marks, criteria
from poetas.evaluation.unlabelled_versions import BASE, REFERENCE, TUNED, Version
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.prompt_templates import style_prompt
from poetas.i18n import _, number
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.core.component import Component, State
from widgets.core.elements import box_of, column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.note_conditions import dataset_language
from widgets.core.page_context import PageContext
from widgets.train.baseline_bet import TEXTS
from widgets.train.baseline_rows import baseline_outputs
from widgets.train.baseline_samples import CAREFUL, PLAYFUL
from widgets.train.dataset_records import adapter_in_use, dataset_in_use, style_in_use
from widgets.train.sample_writer import Begin, SampleWriter
from widgets.train.tasting.rubric_form import RubricForm
from widgets.train.tasting.saved_votes import STATE_KEY, SavedVotes
from widgets.train.tasting.tasting_bet import options, question, tasting_verdict
from widgets.train.tasting.tasting_html import LETTERS, favourite_seen, glass, revealed, source
from widgets.train.tasting.tasting_state import NO_FAVOURITE, TastingState, left_of, marks_of, unseen_first, versions_of
from widgets.train.trained_values import trained_values


class BlindTasting(Component):
    """For three validation texts: the reference, the model as it came and the tuned one, shuffled and unlabelled.

    value: one dictionary per text: "text", "reference", and once written "base" and "tuned". For style, "text" is a
    beginning and the others go on from it. votes: the chosen place of each text judged so far; `NO_FAVOURITE` for none.
    marks: of each text judged so far, the marks of each place, {} where it has none.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "model", "training")
    recipe: ClassVar[str] = "cata"
    value: List[Any] = List()
    votes: List[int] = List()
    marks: List[list[Marks]] = List()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._round = 0  # another order for each
        self._asked: tuple[int, int, bool] | None = None  # what the forms are about
        context = context or PageContext.current()
        self._writer: SampleWriter[tuple[int, str]] = SampleWriter(
            context.services, self._following, lambda: None, self._wrote, self._ended, self._failed
        )
        super().__init__(context)
        self.context.observe(lambda _change: self._recall(), ["dataset", "model", "training"])
        self._recall()

    def build(self) -> Sequence[Widget]:
        """Make the button that begins, the bar, the three glasses and the result."""
        self.bet = BetPrompt(question(), options(), bet="cata", skip=_("Servir la cata"), context=self.context)
        self.bet.observe(lambda change: self._begin() if change.new else None, "revealed")
        self.begin = make_button(_("Servir la cata"), kind="primary")
        self.on_click(self.begin, self._begin)
        self.message, self.bar = html(""), FloatProgress(value=0.0, min=0.0, max=1.0)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._writer.stop)
        self.work_row = column_of((self.message, self.bar, row_of((self.stop,))), shown=False)
        self.source = html("")
        self.glasses = tuple(html("") for _letter in LETTERS)
        self.choose = tuple(make_button(_("Me quedo con {letter}").format(letter=letter)) for letter in LETTERS)
        for place, button in enumerate(self.choose):
            on_click(button, partial(self._vote, place))
        self.forms = tuple(RubricForm(letter) for letter in LETTERS)
        for form in self.forms:
            form.observe(self._unfold, "opened")
        self.cards = tuple(
            column_of(parts, "card", "poetas-glass")
            for parts in zip(self.glasses, self.forms, self.choose, strict=True)
        )
        self.same = make_button(_("Me da lo mismo"), "link")
        on_click(self.same, partial(self._vote, NO_FAVOURITE))
        tray = box_of(self.cards, "grid", "poetas-tray")
        self.table = column_of((self.source, tray, row_of((self.same,))), "stack", shown=False)
        self.result = html("")
        self.again = make_button(_("Catar otra vez"), shown=False)
        self.on_click(self.again, self._restart)
        return (self.bet, row_of((self.begin,)), self.work_row, self.table, self.result, row_of((self.again,)))

    def refresh(self) -> None:
        """Show the button before the tasting, the bar while the models write, the glasses, then the result."""
        waiting, busy = self.state is State.WAITING, self.state is State.BUSY
        served = bool(self.value) and not left_of(self.value)
        judging = served and len(self.votes) < len(self.value)
        asked = not (busy or self.value or self.bet.revealed)
        show(self.bet, not waiting and (asked or self.bet.answered))
        show(self.begin, not (waiting or busy or served or asked))
        show(self.work_row, busy)
        show(self.table, judging and not waiting)
        show(self.again, served and not judging and not waiting)
        self._draw(judging=judging, judged=served and not judging)

    def seen(self) -> str:
        """Return what the learner chose first, and who wrote it."""
        return favourite_seen(self._shuffled(), self.votes, style=style_in_use(self.context))

    # -- saved tastings

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return trained_values(self.context)

    def _recall(self) -> None:
        """Show the tasting of an earlier visit with this training."""
        self._writer.drop()
        kept = self.context.dataset_state.get(STATE_KEY)
        kept = kept if isinstance(kept, dict) else {}
        state = TastingState.read(kept, self.context.training, style=style_in_use(self.context))
        self.value, self.votes, self.marks, self._round = state.rows, state.votes, state.marks, state.round
        self.done = bool(self.value) and len(self.votes) == len(self.value)
        self.bet.ask(question())
        self.bet.restore(str(kept.get("bet") or ""))
        self._answer_bet()
        ready = dataset_in_use(self.context) is not None and adapter_in_use(self.context) is not None
        self.state = State.WAITING if not ready else State.DONE if self.done else State.READY
        self.refresh()

    def _save(self) -> None:
        tasting = {"rows": self.value, "votes": list(self.votes), "marks": list(self.marks), "round": self._round}
        tasting["bet"] = self.bet.value
        self.context.dataset_state.save(**{STATE_KEY: tasting})
        self.context.shared(SavedVotes, SavedVotes).count += 1

    # -- serving

    def _begin(self) -> None:
        self.clear_error()
        self.state = State.BUSY
        self.message.value = tag("p", text(_("Busco textos del simulacro, que no estudió…")), role="status")
        only = self._writer.begin().only
        services, folder = self.context.services, self.context.dataset
        services.ask(
            lambda: services.preparation.texts(folder, "validation", 2 * TEXTS),
            done=only(self._served),
            failed=only(self._failed),
        )

    def _served(self, answer: TextsAnswer) -> None:
        work = dataset_in_use(self.context)
        if work is None:
            return
        if not self.value:
            self.value = [self._row(row, style=work.style) for row in unseen_first(answer["rows"], TEXTS)]
        self._writer.write()

    def _row(self, row: Mapping[str, str], *, style: bool) -> dict[str, str]:
        words, beginning = row["text"], style_prompt(row["text"]) if style else row["text"]
        reference = words.strip()[len(beginning.rstrip()) :].strip("\n") if style else row.get("summary", "")
        before = baseline_outputs(self.context)  # written with the same settings, so not written again
        return {"text": beginning, REFERENCE: reference, **({BASE: before[beginning]} if beginning in before else {})}

    def _following(self) -> tuple[tuple[int, str], Begin] | None:
        left, work, adapter = left_of(self.value), dataset_in_use(self.context), adapter_in_use(self.context)
        if not left or work is None or adapter is None:
            return None
        total = 2 * len(self.value)
        self.bar.value = 1 - len(left) / total
        words = _("Sirvo la copa {n} de {all}. No espíes.").format(n=number(total - len(left) + 1), all=number(total))
        self.message.value = tag("p", text(words), role="status")
        index, who = left[0]
        taught = str(adapter) if who == TUNED else None
        return left[0], self._version(str(self.value[index]["text"]), taught, work.style)

    def _version(self, words: str, adapter: str | None, style: bool) -> Begin:  # noqa: FBT001
        """How a version is written: with the same settings for both models, and as they are now."""
        model, generation = self.context.model, self.context.services.generation
        if style:
            return lambda: generation.generate(model, words, settings=PLAYFUL, adapter=adapter)
        language = dataset_language(self.context.dataset)
        return lambda: generation.summarise(model, words, settings=CAREFUL, language=language, adapter=adapter)

    def _wrote(self, version: tuple[int, str], answer: GeneratedAnswer) -> None:
        index, who = version
        rows = [dict(row) for row in self.value]
        rows[index][who] = answer["text"].strip("\n") + ("…" if answer.get("cut") else "")
        self.value = rows
        self._save()

    def _ended(self, _whole: bool) -> None:  # noqa: FBT001  (the writer's callback)
        self.state = State.READY
        self.refresh()

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._begin, "retry": self._begin})
        self.refresh()

    # -- judging

    def _shuffled(self) -> list[tuple[Version, ...]]:
        return versions_of(self.value, f"{self.context.training} {self._round}", style=style_in_use(self.context))

    def _unfold(self, change: Any) -> None:
        for form in self.forms:
            form.opened = change.new

    def _vote(self, place: int) -> None:
        if len(self.votes) >= len(self.value) or left_of(self.value):
            return
        places = len(self._shuffled()[len(self.votes)])
        marks = marks_of([dict(form.marks) for form in self.forms], places, style=style_in_use(self.context))
        self.marks = [*self.marks, marks]
        self.votes = [*self.votes, place]
        self.done = len(self.votes) == len(self.value)
        self._save()
        if self.done:
            self.state = State.DONE
        self._answer_bet()
        self.refresh()

    def _answer_bet(self) -> None:
        """Compare the bet with the votes once every text was judged."""
        if self.done and self._round == 0:
            chosen = zip(self.votes, self._shuffled(), strict=True)
            choices = [shown[vote].writers if vote != NO_FAVOURITE else () for vote, shown in chosen]
            if (verdict := tasting_verdict(self.bet.value, choices)) is not None:
                self.bet.answer(verdict, about=Path(self.context.training).name)

    def _restart(self) -> None:
        """Shuffle again; the versions stay."""
        self.votes, self.marks, self._round = [], [], self._round + 1
        self.bet.clear()  # it was about the first round
        self._save()
        self.refresh()

    def _draw(self, *, judging: bool, judged: bool) -> None:
        style = style_in_use(self.context)
        shown = self._shuffled() if judging or judged else []
        self.result.value = revealed(self.value, shown, self.votes, self.marks, style=style) if judged else ""
        if not judging:
            return
        index = len(self.votes)
        self.source.value = source(index, len(self.value), str(self.value[index]["text"]), style=style)
        for place, card in enumerate(self.cards):
            there = place < len(shown[index])
            show(card, there)
            self.glasses[place].value = glass(place, shown[index][place]) if there else ""
        if self._asked != (self._round, index, style):
            self._asked = (self._round, index, style)
            for form in self.forms:
                form.ask(criteria(style=style))
