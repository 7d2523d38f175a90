"""Status of a fetch or an inquiry: the job card, and the sentence above it that says which model it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from poetas.i18n import _
from poetas.jobs import Job, JobState
from widgets.controls.job_card import JobCard
from widgets.core.elements import html, show
from widgets.core.html import tag, text
from widgets.core.poller import Poller


class FetchStatus:
    """The two widgets, which the picker lays out. running: called with whether a job is under way."""

    def __init__(self, poller: Poller, running: Callable[[bool], object]) -> None:
        self._running = running
        self.about = html("", "poetas-about")
        self.job = JobCard(poller)
        self.say("")

    def say(self, sentence: str) -> None:
        """Show a sentence, none where it is ""."""
        show(self.about, sentence)
        self.about.value = tag("p", text(sentence), role="status") if sentence else ""

    def say_listed(self, title: str, *, already: bool) -> None:
        """Say that a model has the first card. already: whether it was on the list before."""
        words = _("{model} ya está en la lista: es la primera tarjeta.") if already else ""
        self.say((words or _("{model} está en la primera tarjeta.")).format(model=title))

    def drop_failed(self) -> None:
        """Remove the card of a failed job."""
        if self.job.alert.problem is not None:
            self.job.leave()
            self.say("")

    def follow(
        self,
        job: Job,
        about: str,
        *,
        finished: Callable[[], object],
        actions: Mapping[str, Callable[[], None]],
    ) -> None:
        """Follow a job. about: the sentence above it. finished: called where it ended well. actions: of its card."""
        self._running(True)
        self.say(about)

        def over(state: JobState) -> None:
            self._running(False)
            if state is JobState.FINISHED:
                show(self.job, False)
                finished()

        self.job.follow(job, over=over, actions=actions)
