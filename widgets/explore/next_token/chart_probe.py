"""Base of the experiments on a next-token chart: one call about the chart's text, its result until the text changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ipywidgets import Widget

from poetas.errors import Explanation
from poetas.i18n import _
from poetas.services.call import Call
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest

if TYPE_CHECKING:  # the chart makes its probes
    from widgets.explore.next_token.next_token_chart import NextTokenChart


class ChartProbe(Component):
    """A button, what is shown while the model reads, and the result below.

    A subclass gives ``label`` and ``build_result`` and says what it asks (`question`) and draws (`draw_answer`).
    The result is dropped when the chart's text changes, and the button asks again.
    """

    needs = ("model",)

    def __init__(self, chart: NextTokenChart) -> None:
        self.chart = chart
        self._requests = LatestRequest()
        super().__init__(chart.context)
        chart.observe(lambda _change: self.outdate(), ["value", "logits"])
        self.context.observe(lambda _change: self.outdate(), "model")

    def label(self) -> str:
        """Label of the button."""
        raise NotImplementedError

    def build_result(self) -> Sequence[Widget]:
        """Make what shows the result."""
        raise NotImplementedError

    def question(self) -> Call[Any, Any]:
        """Ask the service; called in a thread."""
        raise NotImplementedError

    def draw_answer(self, answer: Any) -> None:
        """Draw the answer."""
        raise NotImplementedError

    def build(self) -> Sequence[Widget]:
        """Make the button and the result."""
        self.go = make_button(self.label(), kind="primary")
        self.on_click(self.go, self.ask)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._stop)
        self.status = html("")
        self.result = column_of(self.build_result(), "stack", shown=False)
        return (row_of((self.go, self.stop)), self.status, self.result)

    def refresh(self) -> None:
        """Show the button, the wait or the result."""
        busy = self.state is State.BUSY
        show(self.go, self.state is State.READY)
        show(self.stop, busy)
        show(self.result, self.state is State.DONE)
        self.go.disabled = not self.context.model or self.chart.logits is None
        words = _("El modelo está leyendo tu texto una vez y otra…")
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""

    def start(self) -> None:
        """Ask, unless there is a result or nothing to ask about: the learner has just opened this."""
        if self.state is State.READY and not self.go.disabled:
            self.ask()

    def ask(self) -> None:
        """Ask about the chart's present text."""
        self.clear_error()
        self._requests.cancel()
        self.state = State.BUSY
        request = self._requests.begin()

        def done(answer: Any) -> None:
            if answer is None:  # interrupted, in a notebook
                self._stop()
                return
            self.draw_answer(answer)
            self.state = State.DONE
            self.done = True

        self._requests.stream = self.context.services.stream(
            self.question, each=lambda _items: None, done=request.only(done), failed=request.only(self._failed)
        )

    def outdate(self) -> None:
        """Drop the result: it is of another text."""
        if self.state is not State.READY:
            self._stop()
        self.refresh()

    def _failed(self, problem: Explanation) -> None:
        self._stop()
        self.fail(problem, {"restart-service": self.ask, "retry": self.ask})

    def _stop(self) -> None:
        self._requests.cancel()
        self.state = State.READY
