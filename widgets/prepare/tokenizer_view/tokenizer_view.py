"""«¿Cómo los lee el modelo?»: a text cut into its tokens, by up to three tokenizers at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from ipywidgets import Box, Button, HBox, Textarea, VBox, Widget
from traitlets import Dict, Unicode

from poetas.data.service.answers import PreviewAnswer, TokensAnswer
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from poetas.models.cache import model_folder, ready_models
from poetas.util.excerpt import shortened
from widgets.controls.prediction_prompt import PredictionPrompt
from widgets.core.component import Component, State
from widgets.core.html import html, tag, text
from widgets.core.page_context import PageContext
from widgets.core.tasks import OneAtATime
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.tokenizer_view.language_cost import LanguageCost
from widgets.prepare.tokenizer_view.tokenized_text import TokenizedText
from widgets.prepare.tokenizer_view.tokenizer_choice import TokenizerChoice

LONGEST = 600  # letters of one of the learner's texts that are put into the box


class TokenizerView(Component):
    """A text of the learner, the pieces that a tokenizer makes of it, and how many they are.

    value: the text. models: ids of the tokenizers shown. counts: {model: tokens}, filled once something was shown.
    """

    recipe: ClassVar[str] = "tokens"

    value = Unicode()
    counts = Dict()

    def __init__(self, words: str = "", *, context: PageContext | None = None) -> None:
        self._requests, self._row, self._guessed = OneAtATime(self._cut), -1, ""
        self._missed: Explanation | None = None  # why the last text that was asked for did not come
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self.value = words or _("Llueve sobre la pampa y el ombú se queda quieto.")
        self.context.observe(lambda _change: self.look(), "model")
        self.draft.observe(lambda _change: self._own_texts(), "mapped")
        self.look()
        self._own_texts()

    def build(self) -> Sequence[Widget]:
        """Make the text box, the guess, and a place for each tokenizer."""
        self.missing = html("")
        self.check = Button(description=_("Ya lo traje"))
        self.check.on_click(lambda _button: self.look())
        self.box = Textarea(description=_("Un texto"), rows=3, continuous_update=True)
        self.box.observe(lambda change: self.set_trait("value", change.new), "value")
        self.observe(lambda change: self._fresh(change.new), "value")
        self.another = Button(description=_("Poner uno de mis textos"))
        self.another.on_click(lambda _button: self._own())
        self.choice = TokenizerChoice()
        self.choice.observe(lambda _change: self._ask(), "value")
        self.guess = PredictionPrompt(_("¿en cuántos pedacitos va a quedar?"), counts=True)
        self.guess.observe(lambda change: self._ask() if change.new else None, "revealed")
        self.status = html("")
        self.verdict = html("")
        self.cuts = Box()
        self.cuts.add_class("grid")
        self.cuts.add_class("poetas-cuts")
        self._made: dict[str, TokenizedText] = {}
        self.cost = LanguageCost(lambda: list(self.choice.value), self._titles, self._tokens)
        row = HBox((self.another,))
        row.add_class("row")
        self.shown = VBox((self.verdict, self.cuts, self.choice, self.cost))
        self.shown.add_class("stack")
        return (self.missing, self.check, self.box, row, self.guess, self.status, self.shown)

    def refresh(self) -> None:
        """Show the pieces only once the learner has guessed or asked for them."""
        waiting = self.state is State.WAITING
        self.check.layout.display = "" if waiting else "none"
        self.box.disabled = waiting
        self.another.disabled = waiting
        self.guess.tell.disabled = self.guess.show_me.disabled = waiting
        self.shown.layout.display = "" if self.counts and not waiting else "none"
        words = _("Busco la tijera de este modelo… La primera vez tarda un momento.")
        busy = self.state is State.BUSY and not self.counts
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        first = self.choice.value[0] if self.choice.value else ""
        told: dict[str, object] = {"TEXT": self.value}
        if first:
            told["MODEL"] = str(model_folder(self.context.workspace, first))
        return told

    # -- which tokenizers there are

    def look(self) -> None:
        """See which models are here now; each brings its tokenizer."""
        ready = ready_models(self.context.workspace)
        self.choice.offer({entry.id: entry.title for entry in ready}, first=self.context.model)
        if ready:
            self.missing.value = ""
            if self.state is State.WAITING:
                self.state = State.READY
        else:
            words = _("La tijera viene con el modelo, y todavía no hay ninguno acá.")
            link = tag("a", text(_("Elegí un modelo en la app 1")), href="1_conocer.ipynb#modelo")
            rest = _("y volvé: tus textos te esperan.")
            self.missing.value = tag("p", f"{text(words)} {link} {text(rest)}", class_="notice care")
            self.state = State.WAITING
        self.refresh()

    def _titles(self, model: str) -> str:
        return self.choice.titles.get(model, model)

    # -- the text

    def _fresh(self, words: str) -> None:
        if self.box.value != words:
            self.box.value = words
        if self.counts or self.guess.revealed:
            self._ask()

    def _own_texts(self) -> None:
        self.another.layout.display = "" if self.draft.texts else "none"
        self._row = -1
        if self._missed is not None and self.alert.problem is self._missed:
            self.alert.clear()  # it was about another file
        if self.draft.recalled and "tokens" in self.context.steps and self.state is not State.WAITING:
            self.guess.skip()  # it was seen on an earlier visit
        self.refresh()

    def _own(self) -> None:
        """Put the next of the learner's own texts into the box."""
        self._row = (self._row + 1) % max(1, self.draft.texts)
        self.another.description = _("Poner otro de mis textos")
        self._bring_own(self._row)

    def _bring_own(self, row: int) -> None:
        self.clear_error()
        mapped = self.draft.mapped

        def show(answer: PreviewAnswer) -> None:
            if mapped is self.draft.mapped:
                self.value = shortened(answer["rows"][0]["text"], LONGEST)

        def failed(problem: Explanation) -> None:
            if mapped is self.draft.mapped:
                self._missed = problem
                again = partial(self._bring_own, row)
                self.fail(problem, {"restart-service": again, "retry": again})

        self.draft.ask(lambda service: service.preview(row, 1), done=show, failed=failed)

    # -- the tokens

    def _tokens(self, model: str, words: str, done: Any) -> None:
        def take(answer: TokensAnswer) -> None:
            done([(piece["text"], int(piece["id"])) for piece in answer["pieces"]])

        self.draft.ask(lambda service: service.tokens(model, words), done=take, failed=self._failed)

    def _ask(self) -> None:
        """Ask for the tokens of the text as it is now, where there is a tokenizer and they are to be seen."""
        if self.state is not State.WAITING and self.guess.revealed and self.choice.value:
            self._requests.request()

    def _cut(self) -> None:
        models, words = list(self.choice.value), self.value
        self.clear_error()
        self.state = State.BUSY
        found: dict[str, list[tuple[str, int]]] = {}

        def take(model: str, pieces: list[tuple[str, int]]) -> None:
            found[model] = pieces
            if len(found) == len(models):
                self._show(words, {one: found[one] for one in models})

        for model in models:
            self._tokens(model, words, lambda pieces, model=model: take(model, pieces))

    def _show(self, words: str, found: Mapping[str, list[tuple[str, int]]]) -> None:
        for model, pieces in found.items():
            cut = self._made.setdefault(model, TokenizedText(self._titles(model)))
            cut.show(words, pieces, named=len(found) > 1)
        self.cuts.children = tuple(self._made[model] for model in found)
        self.counts = {model: len(pieces) for model, pieces in found.items()}
        self._answer_guess(words, next(iter(self.counts.values())))
        self.cost.follow()
        self.state = State.DONE
        self.done = True
        self.refresh()
        self._requests.answered()

    def _answer_guess(self, words: str, count: int) -> None:
        """Compare with the guess, as long as the text is the one that the guess was about."""
        guessed = re.search(r"\d+", self.guess.value)
        self._guessed = self._guessed or words
        self.verdict.value = ""
        if guessed and self._guessed == words:
            mine = int(guessed[0])
            told = ngettext("Apostaste {mine} y es {count}.", "Apostaste {mine} y son {count}.", count)
            told = told.format(mine=number(mine), count=number(count))
            exact = ngettext("Justo el que dijiste: {count}.", "Justo los que dijiste: {count}.", count)
            exact = exact.format(count=number(count))
            self.verdict.value = tag("p", text(exact if mine == count else told), class_="notice", role="status")

    def _failed(self, problem: Explanation) -> None:
        self._requests.answered(again=False)
        self.fail(problem, {"restart-service": self._ask, "retry": self._ask})
