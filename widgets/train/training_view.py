"""View of one training: bet on the curve, job card, loss chart, sample history, notices, drawn from a job's events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from poetas.errors import Explanation
from poetas.jobs import Event, Job, JobState, Notice
from widgets.controls.job_card import JobCard
from widgets.core.elements import html
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.curve_bet import CurveBet
from widgets.train.loss_chart.loss_chart import LossChart
from widgets.train.sample_history.sample_history import FilmStrip


class TrainingView:
    """The widgets that follow a training; the panel lays them out. The card is inside the chart."""

    def __init__(self, context: PageContext, on_slower: Callable[[], object] | None = None) -> None:
        """on_slower: starts another training with smaller steps."""
        self.bet = CurveBet(context)
        self.card = JobCard(context.poller)
        self.chart = LossChart(below=self.card, on_stop=self.card.stop, on_slower=on_slower)
        self.film = FilmStrip()
        self.notices = html("")
        self._notices: list[str] = []

    def follow(
        self,
        job: Job,
        *,
        baseline: Sequence[str],
        over: Callable[[JobState], None],
        actions: Mapping[str, Callable[[], None]],
        blocking_reason: Callable[[], Explanation | None],
    ) -> None:
        """Draw a job from its first event on. baseline: what the model as it came wrote, for the sample history.

        over, actions, blocking_reason: see `JobCard.follow`.
        """

        def ended(state: JobState) -> None:
            self.chart.rest()
            if state is JobState.FINISHED:
                self.bet.over(self.chart.curve)
            over(state)

        self.bet.begin(job)
        self.film.begin(baseline)
        self.card.follow(job, events=self._receive, over=ended, actions=actions, blocking_reason=blocking_reason)

    def clear(self) -> None:
        """Stop following, and drop what is drawn."""
        self._notices = []
        self.notices.value = ""
        self.bet.begin(None)
        self.chart.clear()
        self.film.clear()
        self.card.leave()

    def note(self, notices: Sequence[str]) -> None:
        """Show more notices, each once."""
        if notices:
            self._notices += [notice for notice in notices if notice not in self._notices]
            self.notices.value = "".join(tag("p", text(notice), class_="notice") for notice in self._notices)

    def _receive(self, events: list[Event]) -> None:
        self.chart.add(events)
        self.bet.draw(self.chart.curve)
        self.film.add(events)
        self.note([event.text for event in events if isinstance(event, Notice)])
