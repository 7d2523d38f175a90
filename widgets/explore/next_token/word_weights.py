"""Word weights («¿Qué palabras pesaron?»): each word left out in turn, and how far a next token's share then falls."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any

from ipywidgets import Dropdown, Widget

from poetas.course.bets import BetVerdict
from poetas.generation.generation_client import WordWeightsAnswer
from poetas.generation.sampling import softmax
from poetas.generation.word_removal import WORDS
from poetas.i18n import _, number
from poetas.services.call import Call
from poetas.tokens.token_display import visible
from poetas.util.text_normalize import letters_only
from widgets.controls.bar_list.bar_list import in_brief, in_sentence
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.core.component import State
from widgets.core.elements import html, look, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.explore.next_token.chart_probe import ChartProbe
from widgets.explore.next_token.next_token_bars import SHOWN
from widgets.explore.next_token.token_html import word
from widgets.explore.next_token.word_bets import bare

NOTABLE = log(1.25)  # nats: a share that falls or rises by less is not marked on the word
STRONG = log(20)  # nats from which on a tint is full
MOST_TIMES = 1000.0  # a larger factor tells a reader nothing more
CHOICES = 8  # last words that the bet offers
SURE = 0.5  # nats: below it no word is said to weigh
ROUNDING = 0.03  # between two readings of one text with rounded numbers


class WordWeights(ChartProbe):
    """The words of the chart's text, each with what becomes of one bet without it.

    falls: fall of the bet's log-probability without each word, nats; below 0 where it rises.
    """

    falls: Sequence[float] = ()
    _betting = False  # whether the learner is choosing a word
    _unanswered = False  # whether a bet on the present text waits for its answer

    def label(self) -> str:
        """Label of the button."""
        return _("Probar con este comienzo")

    def build_result(self) -> Sequence[Widget]:
        """Make the menu of the bets, the sentence, the text and the table."""
        self._choosing = UpdateGuard()
        self._asked: tuple[int, str] = (0, "")
        self.menu = Dropdown(description=_("La apuesta que mirás"), **look("poetas-weights-menu"))
        self.menu.observe(lambda _change: self._chosen(), "value")
        self.sentence = html("")
        self.words = html("")
        self.table = html("")
        return (self.menu, self.sentence, self.words, self.table)

    def build(self) -> Sequence[Widget]:
        """Make the bet before the button and the result."""
        self.bet = BetPrompt(_question(), [BetOption("", "")], bet="pesaron", context=self.context)
        self.bet.observe(lambda change: self.ask() if change.new else None, "revealed")
        return (self.bet, *super().build())

    def start(self) -> None:
        """Ask for a bet about the chart's text, with its last words as buttons."""
        if self.state is not State.READY or self.go.disabled or self._betting:
            return
        words = self._last_words()
        if len(words) < 2:  # noqa: PLR2004 - nothing to choose from
            self.ask()
            return
        self.bet.ask(_question(), [BetOption(key, _("«{word}»").format(word=key)) for key in words])
        self._betting = self._unanswered = True
        self.refresh()

    def refresh(self) -> None:
        """Show the button only where no bet is being asked for."""
        super().refresh()
        show(self.go, self.state is State.READY and not self._betting)
        if not self._betting and self.state is State.READY:
            show(self.bet, False)

    def outdate(self) -> None:
        """Drop the result and the bet: they are of another text."""
        self._betting = self._unanswered = False
        super().outdate()

    def _last_words(self) -> list[str]:
        """The chart's last words without the signs around them, `numbered`: the choices of the bet."""
        return numbered([bare(word) for word in self.chart.value.split()[-WORDS:]])[-CHOICES:]

    def ask(self) -> None:
        """Ask about the chart's likeliest token."""
        self._betting = False
        if self.chart.ids is None:
            return
        tokens = [int(token) for token in self.chart.ids[:SHOWN]]
        with self._choosing:
            self.menu.options = [
                (visible(piece), token) for piece, token in zip(self.chart.pieces[:SHOWN], tokens, strict=False)
            ]
            self.menu.value = tokens[0]
        self._ask_about(tokens[0])

    def _chosen(self) -> None:
        if not self._choosing and self.menu.value is not None:
            self._ask_about(int(self.menu.value))

    def _ask_about(self, token: int) -> None:
        shown = zip(self.chart.pieces[:SHOWN], self.menu.options, strict=False)
        self._asked = (token, next((piece for piece, (_label, value) in shown if value == token), ""))
        super().ask()

    def question(self) -> Call[Any, WordWeightsAnswer]:
        """Ask for the bet's probability without each word."""
        return self.context.services.generation.word_weights(self.context.model, self.chart.value, self._asked[0])

    def draw_answer(self, answer: WordWeightsAnswer) -> None:
        """Draw the weights on the words, and say which is the heaviest."""
        read, piece = answer["read"], self._asked[1]
        bet = word(piece)
        spans = [(int(start), int(end)) for start, end in answer["spans"]]
        self.falls = [answer["whole"] - float(lacking) for lacking in answer["lacking"]]
        words = [read[start:end] for start, end in spans]
        if not words:
            empty = _("Tu comienzo está vacío: no hay palabras que sacar.")
            self.sentence.value, self.words.value, self.table.value = tag("p", text(empty)), "", ""
            return
        names = numbered(words)
        said = weight_sentence(names, self.falls, bet, self._share(answer["whole"]))
        heaviest = max(range(len(words)), key=lambda index: self.falls[index])
        favourite = answer["favourites"][heaviest]
        if self.falls[heaviest] >= SURE and favourite != piece:
            said += " " + _("Sin ella, la favorita sería «{word}».").format(word=word(favourite))
        if spans[0][0] > 0 and read[: spans[0][0]].strip():
            said += " " + _("De tu texto largo probé las últimas {n} palabras.").format(n=number(len(words)))
        answers = self._unanswered and bool(self.bet.value) and self._asked[0] == self.menu.options[0][1]
        if answers:
            self._unanswered = False
            offered = numbered([bare(shown) for shown in words])
            self.bet.answer(weights_verdict(self.bet.value, offered, self.falls, said))
        self.sentence.value = "" if answers else tag("p", text(said), role="status")
        self.words.value = _text_html(read, spans, self.falls)
        rows = [
            (shown, float(exp(lacking)), fall, piece)
            for shown, lacking, fall, piece in zip(
                names, answer["lacking"], self.falls, answer["favourites"], strict=True
            )
        ]
        self.table.value = _table_html(rows, bet, self._share(answer["whole"]))

    def _share(self, whole: float) -> float:
        """Share of the bet with all words: the one that its bar shows, unless the chart read more of a long text."""
        drawn = exp(whole) if self.chart.logits is None else float(softmax(self.chart.logits)[self._asked[0]])
        return drawn if abs(drawn - exp(whole)) < ROUNDING else exp(whole)


def _question() -> str:
    return _("de estas palabras, ¿cuál sostiene más a la favorita? Vamos a sacarlas de a una.")


def numbered(words: Sequence[str]) -> list[str]:
    """Return the words with a number after each that comes more than once, so that a sentence can mean one of them.

    >>> numbered(["El", "río", "y", "el", "mar"])
    ['El (1.º)', 'río', 'y', 'el (2.º)', 'mar']
    """
    keys = [letters_only(word) or word for word in words]
    return [
        _("{word} ({n}.º)").format(word=shown, n=number(keys[: index + 1].count(key))) if keys.count(key) > 1 else shown
        for index, (shown, key) in enumerate(zip(words, keys, strict=True))
    ]


def factor(fall: float) -> str:
    """Write a change of log-probability as what the share is divided or multiplied by.

    >>> factor(log(15.2)), factor(log(2.5)), factor(-log(2)), factor(0.0), factor(log(30478))
    ('÷15', '÷2,5', '×2', '=', '÷1.000+')
    """
    if abs(fall) < NOTABLE:
        return "="
    times = min(exp(abs(fall)), MOST_TIMES)
    times = float(f"{times:.2g}")
    decimals = 0 if times == round(times) else 1
    return ("÷" if fall > 0 else "×") + number(times, decimals) + "+" * (times == MOST_TIMES)


def weight_sentence(words: Sequence[str], falls: Sequence[float], bet: str, whole: float) -> str:
    """Say which word carries the bet most, and how far the bet falls without it."""
    heaviest = max(range(len(words)), key=lambda index: falls[index])
    fall = falls[heaviest]
    if fall < SURE:
        calm = _("Ninguna palabra sola sostiene la apuesta «{bet}»: saques la que saques, casi no baja.")
        return calm.format(bet=bet)
    said = _("La que más pesó es «{word}»: sin ella, la apuesta «{bet}» baja de {before} a {after}.")
    after = in_sentence(whole * exp(-fall))
    return said.format(word=words[heaviest], bet=bet, before=in_sentence(whole), after=after)


def weights_verdict(bet: str, words: Sequence[str], falls: Sequence[float], said: str) -> BetVerdict:
    """Answer a bet among the last words, which are all that it offers. words: `numbered`. said: on all of them.

    >>> weights_verdict("tarde", ["río", "la", "tarde"], [0.1, 0.2, 1.5], "").won
    True
    >>> weights_verdict("tarde", ["la", "tarde"], [0.1, 0.2], "").won is None  # no word weighs: nothing was right
    True
    """
    offered = range(max(0, len(words) - CHOICES), len(words))
    heavy = max(offered, key=lambda index: falls[index])
    if falls[heavy] < SURE:
        return BetVerdict(said, _("ninguna"), None)
    if max(falls) > falls[heavy]:
        said += " " + _("De las que podías elegir, la que más pesó es «{word}».").format(word=words[heavy])
    won = bet == words[heavy]
    if not won:
        said = _("Dijiste «{word}».").format(word=bet) + " " + said
    return BetVerdict(said, words[heavy], won, 0.0 if won else 1.0)


def _text_html(read: str, spans: Sequence[tuple[int, int]], falls: Sequence[float]) -> str:
    """The text with each word tinted by its weight, and the factor below where it is notable."""
    parts, place = [], 0
    for (start, end), fall in zip(spans, falls, strict=True):
        parts.append(text(read[place:start]))
        notable = abs(fall) >= NOTABLE
        strength = min(1.0, abs(fall) / STRONG) if notable else 0.0
        mood = "rises" if fall < 0 and notable else "falls"
        under = tag("small", text(factor(fall))) if notable else ""
        parts.append(
            tag("span", text(read[start:end]) + under, class_=f"weight {mood}", style=f"--strength:{strength:.2f}")
        )
        place = end
    parts.append(text(read[place:]))
    legend = _("÷3 quiere decir que sin esa palabra la apuesta baja a la tercera parte; ×2, que sube al doble.")
    if max(falls, default=0.0) >= log(MOST_TIMES):
        legend += " " + _("Con {much} casi desaparece.").format(much=factor(log(MOST_TIMES)))
    return tag("div", "".join(parts), class_="poetas-weights serif") + tag("p", text(legend), class_="soft small")


def _table_html(rows: Sequence[tuple[str, float, float, str]], bet: str, whole: float) -> str:
    """A folded table of all words: what the bet falls to, and which token then leads."""
    heads = (_("Sin…"), _("«{bet}» queda en").format(bet=bet), _("cambio"), _("la favorita sería"))
    head = tag("tr", "".join(tag("th", text(title), scope="col") for title in heads))
    body = "".join(
        tag(
            "tr",
            tag("th", text(shown), scope="row")
            + "".join(tag("td", text(cell)) for cell in (in_brief(share), factor(fall), visible(piece))),
        )
        for shown, share, fall, piece in rows
    )
    name = _("Ver todos los números (con todas las palabras: {share})").format(share=in_brief(whole))
    table = tag("div", tag("table", tag("thead", head) + tag("tbody", body)), class_="scroll")
    return tag("details", tag("summary", text(name)) + table)
