"""``overhead``: seconds a training step with the live chart open in a browser, beside the same with no page open.

One training runs all along, on texts cut to one length so that its steps are alike. The page is opened and closed in
turn; steps during which it opens or closes are left out. Both medians are of the same process on the same machine
within minutes, so that what drifts drifts for both.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import nbformat
from playwright.sync_api import Page

from benchmarks.browser import Site, chromium, folder_of_apps, leave, serving
from benchmarks.figure import Figure, paired
from benchmarks.training import prepared_stories
from poetas.jobs import Job, Step
from tests.embedded import embedded_model

BLOCKS = 8  # of each kind
SECONDS = 20.0  # a block
SETTLE = 3.0  # after opening or closing
MODEL = "smollm2-135m"
KNOBS = {"epochs": 20, "batch_size": 4, "longest": 48, "evaluate_every": 20.0, "save_minutes": 0.0}
PAGE = """\
from pathlib import Path
from ipywidgets import VBox
from poetas.jobs import Job
from widgets import App, Desk, JobCard, LossChart

app = App("entrenar")
card, chart = JobCard(Desk.here().pump), LossChart()
card.follow(Job.open(Path({folder!r})), events=chart.add)
VBox((app, chart, card))
"""


def figures(_names: list[str]) -> Iterator[Figure]:
    """Measure the one figure."""
    models = embedded_model(MODEL).parent
    with folder_of_apps() as apps, serving(apps, models=models) as site, chromium() as page:
        dataset = prepared_stories(site.home)
        config = {"model": str(models / MODEL), "dataset": str(dataset), "training": KNOBS}
        job = Job.start("train", config, parent=site.home / "trabajos")
        try:
            book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAGE.format(folder=str(job.dir)))])
            book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            nbformat.write(book, apps / "chart.ipynb")
            _wait_for_steps(job, 10)
            spans = _in_turn(page, site, job)
            steps = [event for event in job.events()[0] if isinstance(event, Step)]
        finally:
            job.stop()
            job.wait(120)
    taken = {kind: _durations(steps, spans[kind]) for kind in ("open", "closed")}
    yield paired("overhead", taken["open"], taken["closed"], "seconds a step")


def _wait_for_steps(job: Job, count: int) -> None:
    while sum(isinstance(event, Step) for event in job.events()[0]) < count:
        if job.state.over:
            raise RuntimeError(f"the training ended: {job.failure()}")
        time.sleep(0.5)


def _in_turn(page: Page, site: Site, job: Job) -> dict[str, list[tuple[float, float]]]:
    """Open and close the page; return the spans of time in which it was surely open, and surely closed."""
    spans: dict[str, list[tuple[float, float]]] = {"open": [], "closed": []}
    for _ in range(BLOCKS):
        page.goto(site.page("chart"))
        page.locator(".poetas-loss .bqplot path.line").first.wait_for()
        spans["open"].append(_span())
        leave(page, site)
        spans["closed"].append(_span())
        if job.state.over:
            raise RuntimeError("the training ended before the measurement: give it more epochs")
    return spans


def _span() -> tuple[float, float]:
    time.sleep(SETTLE)
    start = time.time()
    time.sleep(SECONDS)
    return start, time.time()


def _durations(steps: list[Step], spans: list[tuple[float, float]]) -> list[float]:
    """Return the seconds of the steps that lie wholly inside a span."""
    return [
        after.time - before.time
        for before, after in pairwise(steps)
        if any(start <= before.time and after.time <= end for start, end in spans)
    ]
