"""Two settings side by side: one beginning continued twice with the same seed, streamed, each side with its knobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from ipywidgets import HTML, ToggleButtons, Widget

from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.i18n import _, number
from poetas.util.excerpt import shortened
from widgets.controls.on_demand import OnDemand, OnDemandPart
from widgets.controls.previews import continued
from widgets.controls.slider_field import SliderField
from widgets.core.component import Component, State
from widgets.core.elements import box_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest, Request
from widgets.core.service_stream import ServiceStream
from widgets.explore.next_token.markup_note import markup_note
from widgets.explore.next_token.sampling_knobs import SamplingKnobs

if TYPE_CHECKING:
    from widgets.explore.next_token.next_token_chart import NextTokenChart

CAUTIOUS, FREE = 0.2, 1.2  # temperatures at first
TOKENS = 40
QUOTED = 60  # characters of the text that the learner would keep
SEEDS = 10_000


@dataclass(slots=True)
class Side:
    """One side. text: what it shows. writing: whether its text is still being written. caption: its settings."""

    knobs: SamplingKnobs
    text: HTML
    writing: bool = False
    written: list[str] = field(default_factory=list)
    caption: str = ""


class SideBySide(Component):
    """Two sets of knobs, one seed, two texts that are written at the same time.

    The same seed and settings give the same text. sides: left and right.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)

    def __init__(self, chart: NextTokenChart) -> None:
        self.chart = chart
        self._streams: list[ServiceStream[str, GeneratedAnswer]] = []
        self._requests = LatestRequest()
        super().__init__(chart.context)
        self.context.observe(lambda _change: self.refresh(), "model")

    def build(self) -> Sequence[Widget]:
        """Make both sides, the seed and the buttons."""
        heading = html(tag("h3", text(_("Dos maneras de sortear, lado a lado"))))
        places = (_("de un lado"), _("del otro"))
        self.sides = [
            Side(SamplingKnobs(self.refresh, place, temperature=temperature), html(""))
            for place, temperature in zip(places, (CAUTIOUS, FREE), strict=True)
        ]
        self.more = OnDemand((OnDemandPart(_("Más perillas para cada lado"), self._build_more),))
        self.seed = SliderField(
            _("Tirada n.º"),
            7,
            lowest=0,
            highest=SEEDS - 1,
            step=1,
            help=_(
                "Los mismos dados de los dos lados: la diferencia la hacen las perillas. El mismo número repite todo."
            ),
        )
        self.write = make_button(_("Escribir de los dos lados"), kind="primary")
        self.on_click(self.write, self._write)
        self.another = make_button(_("Otra tirada"))
        self.on_click(self.another, self._another)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._stop)
        self.favourite = ToggleButtons(options=[], value=None, description=_("¿Con cuál te quedás?"))
        self.favourite.observe(lambda change: self._say_favourite(change.new), "value")
        self.moral, self.said = html(""), html("", shown=False)
        return (
            heading,
            box_of([part for side in self.sides for part in (side.knobs.temperature, side.text)], "poetas-sides"),
            self.favourite,
            self.said,
            self.more,
            self.seed,
            row_of((self.write, self.another, self.stop)),
            self.moral,
        )

    def refresh(self) -> None:
        """Enable writing where there is a model; show Stop while it writes."""
        busy = self.state is State.BUSY
        self.write.disabled = self.another.disabled = busy or not self.context.model
        show(self.stop, busy)
        show(self.favourite, self.state is State.DONE)
        lead = tag("b", text(_("El azar no es creatividad.")))
        words = _("Puede dar con una imagen hermosa o con un disparate, y el modelo no distingue. Quien elige sos vos.")
        note = markup_note("\n".join("".join(side.written) for side in self.sides))
        words = f"{words} {note}".strip()
        self.moral.value = tag("p", lead + " " + text(words)) if self.state is State.DONE else ""

    def _build_more(self) -> Widget:
        return box_of([side.knobs.build_more() for side in self.sides], "grid")

    def _write(self) -> None:
        """Continue the chart's text on both sides, with the settings as they are now."""
        self.clear_error()
        self._stop()  # the other side, where one of them failed
        request = self._requests.begin()
        self.favourite.options = ()
        self.state = State.BUSY
        self._streams = []
        for side in self.sides:
            side.writing, side.written = True, []
        for side in self.sides:
            self._start(request, side)

    def _start(self, request: Request, side: Side) -> None:
        beginning, chosen = self.chart.value, side.knobs.settings
        caption = side.caption = settings_sentence(**chosen)
        settings = {**chosen, "max_tokens": TOKENS, "seed": self.seed.value}

        def draw() -> None:
            written = "".join(side.written)
            verse = tag("p", continued(beginning, written), class_="serif")
            side.text.value = tag("div", tag("p", text(caption), class_="soft small") + verse, class_="card")

        def each(pieces: list[str]) -> None:
            side.written.extend(pieces)
            draw()

        def finished(_answer: GeneratedAnswer | None) -> None:
            side.writing = False
            if not any(other.writing for other in self.sides) and self.state is State.BUSY:
                self._ask_favourite()
                self.state = State.DONE
                self.done = True

        def failed(problem: Explanation) -> None:
            finished(None)
            if not side.written:  # a card with the beginning alone would look like an answer
                side.text.value = ""
            self.fail(problem, {"restart-service": self._write, "retry": self._write, "reset": self._reset})

        draw()
        model, services = self.context.model, self.context.services
        stream = services.stream(
            lambda: services.generation.generate(model, beginning, settings=settings, quick=True),
            each=request.only(each),
            done=request.only(finished),
            failed=request.only(failed),
        )
        self._streams.append(stream)

    def _ask_favourite(self) -> None:
        """Name both sides by what tells them apart."""
        captions = [side.caption for side in self.sides]
        if captions[0] == captions[1]:
            captions = [_("La primera"), _("La segunda")]
        self.favourite.options = [(caption, place) for place, caption in enumerate(captions)]
        self.favourite.value = None

    def _say_favourite(self, place: int | None) -> None:
        """Name the side that the learner would keep, by its settings and how it goes on."""
        words = ""
        if place is not None:
            side = self.sides[place]
            written = shortened(" ".join("".join(side.written).split()), QUOTED)
            words = _("Te quedás con «{words}» ({settings}). Eso no lo elige el modelo: lo elegiste vos.")
            words = words.format(words=written, settings=side.caption.lower())
        self.said.value = tag("p", text(words), class_="verdict", role="status") if words else ""
        show(self.said, words)

    def _stop(self) -> None:
        for stream in self._streams:
            stream.cancel()

    def _reset(self) -> None:
        for side in self.sides:
            side.knobs.reset()

    def _another(self) -> None:
        self.seed.value = (self.seed.value + 1) % SEEDS
        self._write()


def settings_sentence(temperature: float, top_k: int, top_p: float) -> str:
    """Say with which settings a text was written.

    >>> settings_sentence(0.2, 0, 1.0), settings_sentence(1.2, 40, 0.9)
    ('Temperatura 0,2', 'Temperatura 1,2, top-k 40, top-p 0,9')
    """
    said = [_("Temperatura {n}").format(n=_short(temperature))]
    if top_k:
        said.append(f"top-k {number(top_k)}")
    if top_p < 1:
        said.append(f"top-p {_short(top_p)}")
    return ", ".join(said)


def _short(value: float) -> str:
    """A number with as few decimals as it needs, two at most."""
    decimals = next((digits for digits in (0, 1) if round(value, digits) == round(value, 2)), 2)
    return number(value, decimals)
