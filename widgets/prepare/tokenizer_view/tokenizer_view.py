"""Tokenizer view («¿Cómo los lee el modelo?»): a text in, its tokens by up to three tokenizers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from ipywidgets import Textarea, Widget
from traitlets import Dict, Unicode

from poetas.course.bets import number_verdict
from poetas.data.service.answers import PreviewAnswer, TokensAnswer
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from poetas.models.model_store import model_folder, ready_models
from poetas.tokens.split_words import most_split_word
from poetas.util.excerpt import shortened
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.core.component import Component, State
from widgets.core.elements import box_of, column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest, OneAtATime
from widgets.core.page_context import PageContext
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.tokenizer_view.language_cost import LanguageCost
from widgets.prepare.tokenizer_view.tokenized_text import TokenizedText
from widgets.prepare.tokenizer_view.tokenizer_choice import TokenizerChoice

ASKED = 50  # characters of the text that the libreta repeats
LONGEST = 600  # characters of one of the learner's texts that are put into the box
READ = 20_000  # characters of a text that are cut: the service shortens a longer one


class TokenizerView(Component):
    """A text of the learner, its tokens by each chosen tokenizer, and their number.

    value: the text. counts: {model: tokens}, filled once something was shown.
    """

    recipe: ClassVar[str] = "tokens"

    value = Unicode()
    counts = Dict()

    def __init__(self, words: str = "", *, context: PageContext | None = None) -> None:
        self._requests, self._row, self._predicted_text = OneAtATime(self._cut), -1, ""
        self._own_requests = LatestRequest()
        self._own_text_error: Explanation | None = None  # why the last own text could not be fetched
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self.value = words or _("Llueve sobre la pampa y el ombú se queda quieto.")
        self.context.observe(lambda _change: self.update_models(), "model")
        self.draft.observe(lambda _change: self._own_texts(), "mapped")
        self.update_models()
        self._own_texts()

    def build(self) -> Sequence[Widget]:
        """Make the text box, the prediction, and a place for each tokenizer."""
        self.missing = html("")
        self.check = make_button(_("Ya lo traje"))
        on_click(self.check, self.update_models)
        self.box = Textarea(description=_("Un texto"), rows=3, continuous_update=True)
        self.box.observe(lambda change: self.set_trait("value", change.new), "value")
        self.observe(lambda change: self._text_changed(change.new), "value")
        self.another = make_button(_("Poner uno de mis textos"))
        on_click(self.another, self._own)
        self.choice = TokenizerChoice()
        self.choice.observe(lambda _change: self._ask(), "value")
        self.prediction = BetPrompt(
            _("¿en cuántos pedacitos va a quedar?"), bet="tokens", counts=True, context=self.context
        )
        self.prediction.observe(lambda change: self._ask() if change.new else None, "revealed")
        self.status = html("")
        self.cuts = box_of((), "grid", "poetas-cuts")
        self._texts: dict[str, TokenizedText] = {}
        self.cost = LanguageCost(lambda: list(self.choice.value), self._titles, self._tokens)
        row = row_of((self.another,))
        self.shown = column_of((self.cuts, self.choice, self.cost), "stack")
        return (self.missing, self.check, self.box, row, self.prediction, self.status, self.shown)

    def refresh(self) -> None:
        """Show the tokens only once the learner has made a prediction or skipped it."""
        waiting = self.state is State.WAITING
        show(self.check, waiting)
        self.box.disabled = waiting
        self.another.disabled = waiting
        self.prediction.disabled = waiting
        show(self.shown, self.counts and not waiting)
        words = ""
        if self.state is State.BUSY and not self.counts:
            words = _("Busco la tijera de este modelo… La primera vez tarda un momento.")
        elif self.counts and len(self.value) > READ:
            words = _("Es un texto muy largo: acá se cuentan los pedacitos de sus primeras {n} letras.")
        drawn = tag("p", text(words.format(n=number(READ))), class_="soft", role="status")
        self.status.value = drawn if words else ""

    def seen(self) -> str:
        """Return how many tokens the text became with the first tokenizer."""
        if not self.counts or not self.value.strip():
            return ""
        count = next(iter(self.counts.values()))
        words = ngettext("«{text}» quedó en {n} pedacito.", "«{text}» quedó en {n} pedacitos.", count)
        if len(self.value) > READ:
            words = _("Las primeras {read} letras de «{text}» quedaron en {n} pedacitos.")
        return words.format(text=shortened(self.value, ASKED), n=number(count), read=number(READ))

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        first = self.choice.value[0] if self.choice.value else ""
        values: dict[str, object] = {"TEXT": self.value}
        if first:
            values["MODEL"] = str(model_folder(self.context.workspace, first))
        return values

    # -- the tokenizers

    def update_models(self) -> None:
        """Offer the tokenizers of the models that are here now."""
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

    def _text_changed(self, words: str) -> None:
        if self.box.value != words:
            self.box.value = words
        if self.counts or self.prediction.revealed:
            self._ask()

    def _own_texts(self) -> None:
        show(self.another, self.draft.texts)
        self._own_requests.cancel()  # of other texts
        self._row = -1
        if self._own_text_error is not None and self.alert.problem is self._own_text_error:
            self.alert.clear()  # of another file
        if self.draft.recalled and "tokens" in self.context.steps and self.state is not State.WAITING:
            self.prediction.skip()  # the result was seen on an earlier visit
        self.refresh()

    def _own(self) -> None:
        """Put the next of the learner's own texts into the box."""
        self._row = (self._row + 1) % max(1, self.draft.texts)
        self.another.description = _("Poner otro de mis textos")
        self._bring_own(self._row)

    def _bring_own(self, row: int) -> None:
        self.clear_error()
        only = self._own_requests.begin().only

        def show(answer: PreviewAnswer) -> None:
            self.value = shortened(answer["rows"][0]["text"], LONGEST)

        def failed(problem: Explanation) -> None:
            self._own_text_error = problem
            again = partial(self._bring_own, row)
            self.fail(problem, {"restart-service": again, "retry": again})

        self.draft.ask(lambda service: service.preview(row, 1), done=only(show), failed=only(failed))

    # -- the tokens

    def _tokens(self, model: str, words: str, done: Any) -> None:
        def take(answer: TokensAnswer) -> None:
            done([(piece["text"], int(piece["id"])) for piece in answer["pieces"]])

        self.draft.ask(lambda service: service.tokens(model, words), done=take, failed=self._failed)

    def _ask(self) -> None:
        """Ask for the tokens of the present text, where there is a tokenizer and the result is revealed."""
        if self.state is not State.WAITING and self.prediction.revealed and self.choice.value:
            self._requests.request()

    def _cut(self) -> None:
        models, words = list(self.choice.value), self.value[:READ]
        self.clear_error()
        self.state = State.BUSY
        tokens: dict[str, list[tuple[str, int]]] = {}

        def take(model: str, pieces: list[tuple[str, int]]) -> None:
            tokens[model] = pieces
            if len(tokens) == len(models):
                self._show(words, {model: tokens[model] for model in models})

        for model in models:
            self._tokens(model, words, lambda pieces, model=model: take(model, pieces))

    def _show(self, words: str, tokens: Mapping[str, list[tuple[str, int]]]) -> None:
        for model, pieces in tokens.items():
            cut = self._texts.setdefault(model, TokenizedText(self._titles(model)))
            cut.show(words, pieces, named=len(tokens) > 1)
        self.cuts.children = tuple(self._texts[model] for model in tokens)
        self.counts = {model: len(pieces) for model, pieces in tokens.items()}
        self._answer_prediction(words, next(iter(tokens.values())))
        self.cost.update()
        self.state = State.DONE
        self.done = True
        self.refresh()
        self._requests.answered()

    def _answer_prediction(self, words: str, pieces: Sequence[tuple[str, int]]) -> None:
        """Compare with the bet, while the text is the one that it was made for."""
        mine = self.prediction.number
        if mine is None:
            return
        if self._predicted_text not in {"", words}:
            self.prediction.clear()
        elif not self._predicted_text:
            word, count = most_split_word(piece for piece, _id in pieces)
            shown = word and word in words  # a word with stray bytes is none of the text's
            detail = _("mirá «{word}», se llevó {n}").format(word=word, n=number(count)) if shown else ""
            asked = _("¿En cuántos pedacitos se corta «{text}»?").format(text=shortened(" ".join(words.split()), ASKED))
            self.prediction.answer(number_verdict(mine, len(pieces), detail), asked=asked)
        self._predicted_text = self._predicted_text or words

    def _failed(self, problem: Explanation) -> None:
        self._requests.answered(again=False)
        self.fail(problem, {"restart-service": self._ask, "retry": self._ask})
