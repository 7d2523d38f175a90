"""Trainings of the dataset and model in use side by side, and the choice of the one that the later steps use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ipywidgets import RadioButtons, VBox

from poetas.i18n import _
from poetas.jobs import Job, JobState, JobUnreadable
from poetas.training.run_record import RunRecord, best_run, differing, read_run
from widgets.core.elements import html, look, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import EXAM, of_dataset
from widgets.train.runs.run_choice import RunChoice
from widgets.train.training_runs import TrainingRuns

SHOWN = 12  # the newest runs


class RunComparison(VBox):
    """A table and a choice; hidden until there are two runs. runs: what is shown, the earliest first.

    chosen: called when the learner chose another run.
    """

    def __init__(self, context: PageContext, trainings: TrainingRuns, chosen: Callable[[], object]) -> None:
        super().__init__(**look("stack", "poetas-runs", shown=False))
        self._context, self._trainings, self._chosen = context, trainings, chosen
        self._drawing = UpdateGuard()
        self.runs: list[RunRecord] = []
        self.table = html("")
        self.choice = RadioButtons(options=(), description=_("¿Con cuál seguimos?"))
        self.choice.observe(lambda change: self._choose(change.new), "value")
        self.caution = html("")
        self.children = (
            html(tag("h3", text(_("Tus entrenamientos, lado a lado")))),
            self.table,
            self.choice,
            self.caution,
        )

    def draw(self) -> None:
        """Read the runs again and draw them: it only reads."""
        jobs = [job for job in self._trainings if self._trainings.ours(job)][:SHOWN]
        show(self, len(jobs) > 1)
        if len(jobs) < 2:  # noqa: PLR2004 - nothing to compare
            self.runs = []
            return
        read = [run for job in reversed(jobs) if (run := read_run(job)) is not None]
        self.runs = read
        from widgets.train.runs.run_table import run_name, run_table  # noqa: PLC0415 - brings the metrics' registry

        usable = [(run_name(index, run), str(run.folder)) for index, run in enumerate(read, start=1) if run.usable]
        in_use = self._context.training
        with self._drawing:
            self.choice.options = tuple(usable)
            self.choice.value = in_use if in_use in dict(usable).values() else None
        show(self.choice, len(usable) > 1)
        self.table.value = run_table(read, self._exams(), in_use)
        self.caution.value = _caution(read)

    def _choose(self, folder: str | None) -> None:
        if self._drawing or not folder or folder == self._context.training:
            return
        RunChoice(self._context).choose(Path(folder), newest=self.runs[-1].folder)
        self._chosen()
        self.draw()

    def _exams(self) -> Mapping[Path, Mapping[str, Any]]:
        """The result of the last exam of each run, by its folder; what cannot be read is left out."""
        from poetas.evaluation.evaluation_result import ResultUnreadable, checked  # noqa: PLC0415 - brings the metrics

        exams: dict[Path, Mapping[str, Any]] = {}
        for job in Job.all(self._context.project.jobs):
            run = Path(str(job.config.get("adapter", ""))).parent
            if job.kind != EXAM or run in exams or not of_dataset(job.config, self._context):
                continue
            try:
                if job.state is JobState.FINISHED:
                    exams[run] = checked(job.result())
            except (ResultUnreadable, JobUnreadable):
                continue
        return exams


def _caution(runs: Sequence[RunRecord]) -> str:
    words = _(
        "Elegí por el simulacro. Quedarte con el que mejor nota sacó en el examen es hacerse trampa: esa nota ya no "
        "dice cómo le va a ir con textos nuevos."
    )
    drawn = tag("p", text(words), class_="notice care")
    if "longest" in differing(runs) and best_run(runs) is not None:
        words = _("Estos entrenamientos leyeron largos distintos de cada texto: sus pérdidas se comparan a medias.")
        drawn += tag("p", text(words), class_="soft")
    return drawn
