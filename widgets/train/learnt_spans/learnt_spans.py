"""A training text as it will be studied: what is learnt, what is only read and what is cut, each with its own mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ipywidgets import Widget

from poetas.errors import Explanation
from poetas.generation.generation_client import LabelPreview
from poetas.i18n import _, number
from poetas.jobs import Job
from poetas.training.config import TrainingConfig
from widgets.controls.previews import broken, is_hung
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.core.service_stream import ServiceStream
from widgets.train.dataset_records import dataset_in_use, job_config
from widgets.train.hyperparameters import Hyperparameters

MARKS = {"learnt": "b", "masked": "span", "cut": "s"}  # elements: a screen reader may tell what was cut


class LearntSpans(Component):
    """Walks through the training texts; nothing is asked for before the first click.

    hyperparameters: the knobs of the next training, None for the defaults. job: returns the training that is shown: one
    that runs is of its own knobs.
    """

    def __init__(
        self, hyperparameters: Hyperparameters | None, job: Callable[[], Job | None], *, context: PageContext
    ) -> None:
        self._hyperparameters, self._job = hyperparameters, job
        self._requests = LatestRequest()
        self._stream: ServiceStream[Any, LabelPreview] | None = None
        self._place = (0, 0)  # row, and part of a row that is studied in parts
        self._shown: LabelPreview | None = None
        super().__init__(context)
        self.context.observe(lambda _change: self.outdated(), ["dataset", "model"])
        if hyperparameters is not None:
            hyperparameters.observe(self._knobs_moved, "value")

    def build(self) -> Sequence[Widget]:
        """Make the button; the text and its arrows are made with the first text, which most pages never show."""
        self.open = make_button(_("¿Qué aprende de un texto?"))
        self.on_click(self.open, self._ask)
        self.status, self.page = html(""), column_of((), "stack")
        return (row_of((self.open,)), self.status, self.page)

    def refresh(self) -> None:
        """Show the button until a text is there."""
        show(self.open, self._shown is None and self.state is not State.BUSY)
        words = _("Parto un texto tuyo como lo va a estudiar…") if self.state is State.BUSY and not self._shown else ""
        self.status.value = tag("p", text(words), class_="soft", role="status") if words else ""
        show(self.page, self._shown is not None)

    def outdated(self) -> None:
        """Drop what is shown: another dataset, another model or another length changes it."""
        self._requests.cancel()
        self._place, self._shown = (0, 0), None
        self.clear_error()
        if self.state is not State.READY:
            self.state = State.READY
        self.refresh()

    def _knobs_moved(self, change: Any) -> None:
        """Drop what is shown where another length changes it."""
        if change.old is None or change.old.longest != change.new.longest:
            self.outdated()

    def _config(self) -> Mapping[str, Any]:
        """Return the configuration of the training that runs, else of the next one; {} where there can be none."""
        job, knobs = self._job(), self._hyperparameters
        if job is not None and not job.state.over:
            return job.config
        if dataset_in_use(self.context) is None or not self.context.model:
            return {}
        training = TrainingConfig() if knobs is None else knobs.value
        return {**job_config(self.context), "training": training.to_dict()}

    def _go(self, step: int) -> None:
        shown = self._shown
        if shown is None:
            return
        part = shown["part"] + step
        inside = 0 <= part < shown["parts"]
        self._place = (shown["index"], part) if inside else (shown["index"] + step, 0 if step > 0 else -1)
        self._ask()

    def _ask(self) -> None:
        config = self._config()
        if not config:
            return
        self.clear_error()
        self.state = State.BUSY
        request, generation = self._requests.begin(), self.context.services.generation
        self._stream = self.context.services.stream(
            partial(generation.label_preview, config, *self._place),
            each=lambda _items: None,
            done=request.only(self._draw),
            failed=request.only(self._failed),
        )

    def _failed(self, problem: Explanation) -> None:
        self.state = State.READY
        self.fail(problem, {"restart-service": self._ask, "retry": self._ask})

    def _make_page(self) -> None:
        self.before, self.after = make_button(_("Anterior")), make_button(_("Siguiente"))
        on_click(self.before, partial(self._go, -1))
        on_click(self.after, partial(self._go, 1))
        self.place, self.words = html("", "poetas-place"), html("")
        self.walk = row_of((self.before, self.place, self.after), "poetas-walk")
        self.page.children = (self.walk, self.words)

    def _draw(self, answer: LabelPreview | None) -> None:
        if answer is not None:
            if not self.page.children:
                self._make_page()
            show(self.walk, answer["rows"] > 1 or answer["parts"] > 1)
            self._shown = answer
            where = _("Texto {n} de {all}").format(n=number(answer["index"] + 1), all=number(answer["rows"]))
            if answer["parts"] > 1:
                part = _("parte {n} de {all}").format(n=number(answer["part"] + 1), all=number(answer["parts"]))
                where = f"{where}, {part}"
            self.place.value = tag("b", text(where), role="status")
            self.words.value = drawn(answer["spans"])
        self.state = State.READY
        self.refresh()


def drawn(spans: Sequence[Mapping[str, str]]) -> str:
    """Draw the spans of a text, and a legend of the marks that occur.

    >>> drawn([{"kind": "learnt", "text": "<b>"}]).count("&lt;b&gt;")
    1
    """
    if not spans:
        return tag("p", text(_("Este texto queda afuera: está vacío, o no entra en lo que lee el modelo.")))
    shown = "".join(_span(span["kind"], span["text"]) for span in spans)
    shown = broken(shown, verse=is_hung("".join(span["text"] for span in spans)))
    kinds = {span["kind"] for span in spans}
    known = (entry for entry in _legend() if entry[0] in kinds)
    legend = "".join(tag("li", _span(kind, name) + " " + text(words)) for kind, name, words in known)
    page = tag("div", tag("p", shown, class_="serif poetas-label-text"), class_="card")
    return page + tag("ul", legend, class_="poetas-label-legend")


def _span(kind: str, words: str) -> str:
    if kind == "end":
        return tag("b", text(_("fin")), class_="poetas-label end learnt")
    return tag(MARKS.get(kind, "span"), text(words), class_=f"poetas-label {kind}")


def _legend() -> tuple[tuple[str, str, str], ...]:
    return (
        ("masked", _("Así"), _("lo lee, pero no aprende a escribirlo (máscara)")),
        ("learnt", _("Así"), _("aprende a escribirlo, pedacito por pedacito")),
        ("end", "", _("aprende también dónde terminar")),
        ("cut", _("Así"), _("no entra: el modelo nunca lo lee")),
    )
