"""Toy model («Un modelo hecho con tus poemas»): a small text in, what follows each word as bars, and drawn verses out.

Everything is counted here, in the page's kernel (`poetas.generation.ngram_model`): no service and no model file.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from ipywidgets import Text, Textarea, ToggleButtons, Widget
from traitlets import Unicode

from poetas.generation.ngram_model import LINE_END, LONGEST_CONTEXT, Draw, NextWords, NGramModel, shown, words_of
from poetas.i18n import _, ngettext, number
from widgets.controls.bar_list.bar_list import Bar, BarList
from widgets.core.component import Component
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.explore.toy_model import toy_html
from widgets.explore.toy_model.context_comparison import ContextComparison
from widgets.explore.toy_model.corpus_picker import CorpusPicker

SHOWN = 8  # bars
_IN_VIEW = 4  # verses above the draw: a copla
LONGEST = 2000  # characters of the verse that are read and kept
RECIPE_TEXT = 1500  # characters of the text that the recipe carries


class ToyModel(Component):
    """A model that counts, made of the learner's text or of the coplas.

    value: the verse so far. model: the counts in use, without the texts that were left out.
    """

    recipe: ClassVar[str] = "juguete"

    value = Unicode()

    def __init__(self, context: PageContext | None = None) -> None:
        self._seed = 1
        self._rows: list[str] = []  # the words of the bars
        self._draw: Draw | None = None
        self._updating = UpdateGuard()
        super().__init__(context)

    def build(self) -> Sequence[Widget]:
        """Make the picker, the verse, the table with its draw, the comparison and the removal."""
        self.corpus = CorpusPicker(self.context)
        self.corpus.observe(lambda _change: self._restart(), "value")
        self.made = html("")
        self.box = Textarea(description=_("Tu verso"), rows=2)
        self.box.observe(lambda change: self._edited(change.new), "value")
        self.window = ToggleButtons(
            description=_("Cuántas palabras mira hacia atrás"),
            options=[(number(count), count) for count in range(1, LONGEST_CONTEXT + 1)],
            value=1,
        )
        self.window.observe(lambda _change: self._edited(self.box.value, forced=True), "value")
        self.heading, self.rest, self.raffle = html(""), html(""), html("")
        self.bars = BarList(_("Qué vino después"), on_pick=self._pick)
        table = column_of((self.heading, self.bars, self.rest), "stack")
        self.draw_one = make_button(_("Sacar un papelito"), kind="primary")
        self.on_click(self.draw_one, partial(self._write, verse=False))
        self.draw_verse = make_button(_("Escribir hasta el fin del verso"))
        self.on_click(self.draw_verse, partial(self._write, verse=True))
        self.clear = make_button(_("Empezar de nuevo"), "link")
        self.on_click(self.clear, self._clear)
        writing = column_of((row_of((self.draw_one, self.draw_verse, self.clear)), self.raffle), "stack")
        return (self.corpus, self.made, self.box, self.window, table, writing, *self._build_experiments())

    def _build_experiments(self) -> Sequence[Widget]:
        """Make the comparison of contexts, the removal of texts, and the words on what counting cannot do."""
        self.comparison = ContextComparison(self.context, lambda: self.model, self._line, lambda: self.corpus.own)
        self.comparison.observe(lambda _change: self._played(), "value")
        self.word = Text(description=_("Sacar los que dicen"), placeholder=_("una palabra"), continuous_update=True)
        self.remove = make_button(_("Sacarlos"))
        self.on_click(self.remove, self._remove)
        self.put_back = make_button(_("Devolverlos"), shown=False)
        self.on_click(self.put_back, self._put_back)
        self.moved = html("")
        title = html(tag("h3", text(_("¿Y si no hubiera leído algo?"))))
        removal = column_of((title, row_of((self.word, self.remove, self.put_back)), self.moved), "stack")
        self.limits = html(toy_html.limits())
        self._load()
        self.comparison.recall()
        self.context.observe(lambda _change: self.comparison.restart(), "erased")
        return (self.comparison, removal, self.limits)

    def refresh(self) -> None:
        """Show the limits once something was written."""
        show(self.limits, self.done)

    def seen(self) -> str:
        """Return how much was counted, and the last line that was written."""
        count, lines = len(self.model), [line for line in self.value.splitlines() if line.strip()]
        words = ngettext(
            "Contó {n} palabra, y con eso quedó escrito: «{line}».",
            "Contó {n} palabras, y con eso quedó escrito: «{line}».",
            count,
        )
        return words.format(n=number(count), line=lines[-1].strip()) if lines else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with: the beginning of the text, and the words looked at."""
        return {"TEXT": self.corpus.value[:RECIPE_TEXT], "WORDS": self.window.value, "SEED": self._seed}

    @property
    def following(self) -> NextWords:
        """What was seen after the verse so far."""
        return self._seen()

    # -- the model and the verse

    def _load(self) -> None:
        """Make the model of the present text, and begin with a word of it that has many followers."""
        self.whole = self.model = NGramModel.of_text(self.corpus.value)
        self._set(self._beginning())

    def _restart(self) -> None:
        self._load()
        self.comparison.restart()
        self.moved.value = self.word.value = ""
        show(self.put_back, False)
        self._count()

    def _beginning(self) -> str:
        """The word that is followed by the most different words, which makes the first table worth a look."""
        if self.model.knows("la"):
            return "la"
        frequent = list(self.model.frequencies)[:20]
        return max(frequent, key=lambda word: len(self.model.next_words([word], longest=1).counts))

    def _words(self) -> list[str]:
        """The words of the verse so far, with the ends of its lines; what follows an empty one begins a line."""
        lines = [words_of(line) for line in self.value[-LONGEST:].split("\n")]
        words = [word for line in lines for word in (*line, LINE_END)][:-1]
        return words or [LINE_END]

    def _context(self) -> list[str]:
        return self._words()[-self.window.value :]

    def _seen(self, model: NGramModel | None = None) -> NextWords:
        return (model or self.model).next_words(self._words(), longest=self.window.value)

    def _set(self, value: str) -> None:
        with self._updating:
            self.value = value[-LONGEST:]
            self.box.value = self.value
        self._draw = None
        self._count()

    def _edited(self, value: str, *, forced: bool = False) -> None:
        if self._updating or (value == self.value and not forced):
            return
        self.value = value[-LONGEST:]
        self._draw = None
        self.comparison.clear()
        self._count()

    def _count(self) -> None:
        """Draw the table of the present context."""
        seen = self._seen()
        self.made.value = toy_html.made_of(
            self.model, own=self.corpus.own, removed=len(self.whole.texts) - len(self.model.texts)
        )
        self.heading.value = toy_html.heading(seen, self._context())
        rows = list(seen.counts.items())[:SHOWN]
        self._rows = [word for word, _count in rows]
        self.bars.draw(
            [
                Bar(toy_html.word_label(word), count / seen.total, number(count), spoken=_("Agregar"))
                for word, count in rows
            ]
        )
        self.rest.value = toy_html.left_out(seen, len(rows))
        self.raffle.value = toy_html.raffle(self._draw, self._seed)

    # -- writing

    def _pick(self, index: int) -> None:
        if 0 <= index < len(self._rows):
            self._append([self._rows[index]])

    def _append(self, words: Sequence[str]) -> None:
        self._set(shown([*self._words(), *words]) + ("\n" if words[-1] == LINE_END else ""))
        self._played()

    def _played(self) -> None:
        self.done = True
        self.refresh()

    def _write(self, *, verse: bool) -> None:
        """Draw one word, or words until the verse ends; the last draw stays in view."""
        words, rng = self._words(), self._rng()
        drawn: list[str] = []
        for _index in range(40 if verse else 1):
            draw = self.model.draw([*words, *drawn], rng, longest=self.window.value)
            drawn.append(draw.word)
            if draw.word == LINE_END:
                break
        self._append(drawn)
        self._draw = draw
        lines = [line for line in self.value.splitlines() if line.strip()]
        self.raffle.value = toy_html.raffle(draw, self._seed, lines[-_IN_VIEW:])

    def _rng(self) -> random.Random:
        """A generator that repeats its draws where the same verse goes on with the same seed."""
        # The word in front was chosen by ear: with it, the first verses that the coplas give are no stumps.
        return random.Random(f"copla {self._seed} {self.value}")  # noqa: S311 - a game

    def _clear(self) -> None:
        """Go back to the first word, with other draws than before."""
        self._seed += 1
        self.comparison.clear()
        self._set(self._beginning())

    # -- experiments

    def _line(self) -> list[str]:
        """The verse that is being written, or the first word where none is: the comparison begins with it."""
        return words_of(self.value.rsplit("\n", maxsplit=1)[-1]) or words_of(self._beginning())

    def _remove(self) -> None:
        """Leave out the texts that hold a word, and show which counts moved."""
        words = words_of(self.word.value)
        if len(words) != 1:
            said = _("Escribí una sola palabra, por ejemplo «carta».") if words else _("Escribí una palabra.")
            self.moved.value = tag("p", text(said), class_="notice", role="status")
            return
        less = self.whole.without(words[0])
        seen = self._seen(self.whole)
        now = self._seen(less) if less.texts else seen
        self.moved.value = toy_html.removal(words[0], self.whole, less, seen, now)
        if less.texts:
            self.model = less
            show(self.put_back, len(less.texts) < len(self.whole.texts))
            self._count()

    def _put_back(self) -> None:
        self.model = self.whole
        self.moved.value = ""
        show(self.put_back, False)
        self._count()
