"""``overhead``: seconds a training step with app 3 open, its chart live, beside the same while the page stands still.

One training runs all along, on texts cut to one length so that its steps are alike. The page's own processes (browser,
server, kernel) are stopped and let go on in turn, some seconds each: a page that stands still takes nothing, as one
that is closed, and loading it again each time would be measured as well.

A step differs from the next by a tenth even on a quiet machine, since its processors are shared or change their clock:
to see one part in a hundred by the clock alone takes hours. What a page takes is processor time, and what is left for
the training can be read: processor seconds a second, which do not change with how fast the processors are. So a step's
processor seconds are taken from all blocks alike, and divided by what a second had in either kind. Against a known load
(a process that works for 10 ms and sleeps for 100) this says 1.095 +- 0.004, where the clock says 1.11 +- 0.03. It does
not see what a page costs otherwise, such as memory that it moves out of a cache: what the clock alone says, which holds
all of it and is less sure, is printed too. The page's first seconds (YOUNG) are left out, and its table is not shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from statistics import geometric_mean, median

import psutil
from playwright.sync_api import Page

from benchmarks.browser import ROOT, Site, chromium, serving
from benchmarks.figure import Figure, spread_of_ratio
from benchmarks.training import prepared
from poetas.jobs import Job, Step
from poetas.workspace import Workspace
from tests.embedded import embedded_model

ROUNDS = 30  # of a block of either kind
SECONDS, SETTLE = 8.0, 1.0  # a block, and what is left out after each turn
YOUNG = 40.0  # seconds: a browser is busy for a while with a page that it has loaded, and the chart draws more often
MODEL = "smollm2-135m"
KNOBS = {"epochs": 20, "batch_size": 1, "longest": 96, "evaluate_every": 20.0, "save_minutes": 0.0}


@dataclass(frozen=True, slots=True)
class Block:
    """Some seconds of the training. share: the processor seconds that it had in each; step: seconds, the median."""

    share: float
    step: float


def figures(_names: list[str]) -> Iterator[Figure]:
    """Measure the one figure. Raises RuntimeError where the training ends before it is measured."""
    models = embedded_model(MODEL).parent
    with serving(ROOT / "apps", models=models) as site, chromium() as page:
        project = Workspace(site.home).project()
        dataset = str(prepared("noticias", site.home))
        project.remember(model=MODEL, dataset=dataset)
        config = {"model": str(models / MODEL), "dataset": dataset, "training": KNOBS}
        job = Job.start("train", config, parent=project.jobs)
        try:
            _wait_for_steps(job, 10)
            taken = _in_turn(page, site, job)
        finally:
            job.stop()
            job.wait(120)
    yield _figure(taken["live"], taken["still"])


def _figure(live: list[Block], still: list[Block]) -> Figure:
    cost = median(block.share * block.step for block in (*live, *still))
    ours, peer = (cost / geometric_mean([block.share for block in kind]) for kind in (live, still))
    more, less = [block.share for block in still], [block.share for block in live]
    clock = [block.step for block in live], [block.step for block in still]
    runs = {"live": clock[0], "still": clock[1]}
    notes = {"the ratio": spread_of_ratio(more, less), "the ratio by the clock alone": spread_of_ratio(*clock)}
    return Figure("overhead", ours, peer, "seconds a step", runs, notes)


def _wait_for_steps(job: Job, count: int) -> None:
    while sum(isinstance(event, Step) for event in job.events()[0]) < count:
        _still_runs(job)
        time.sleep(0.5)


def _still_runs(job: Job) -> None:
    if job.state.over:
        raise RuntimeError(f"the training ended, which is too soon: {job.failure() or 'give it more epochs'}")


def _in_turn(page: Page, site: Site, job: Job) -> dict[str, list[Block]]:
    """Open the page; let it stand still and go on in turn."""
    page.goto(site.page("3_entrenar"))
    page.locator(".poetas-loss .bqplot path.line").first.wait_for()
    page.locator(".poetas-loss").scroll_into_view_if_needed()
    time.sleep(YOUNG)
    [training] = [process for process in psutil.Process().children() if str(job.dir) in process.cmdline()]
    processes = _of_the_page(site)
    blocks: dict[str, list[Block]] = {"still": [], "live": []}
    turns: tuple[tuple[str, Callable[[psutil.Process], None]], ...] = (
        ("still", psutil.Process.suspend),
        ("live", psutil.Process.resume),
    )
    try:
        for _ in range(ROUNDS):
            for kind, turn in turns:
                _all(processes, turn)
                time.sleep(SETTLE)
                blocks[kind].append(_block(training, job))
            _still_runs(job)
    finally:
        _all(processes, psutil.Process.resume)
    return blocks


def _of_the_page(site: Site) -> list[psutil.Process]:
    """Return the server, the kernels and the browser, without the training."""
    server = psutil.Process(site.process.pid)
    browser = [process for process in psutil.Process().children(recursive=True) if "chrom" in process.name().lower()]
    return [server, *server.children(recursive=True), *browser]


def _all(processes: list[psutil.Process], turn: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        with suppress(psutil.Error):  # it may have ended
            turn(process)


def _block(training: psutil.Process, job: Job) -> Block:
    began, before = time.time(), _processor(training)
    time.sleep(SECONDS)
    ended, after = time.time(), _processor(training)
    steps = [event.time for event in job.events()[0] if isinstance(event, Step)]
    inside = [later - earlier for earlier, later in pairwise(steps) if began <= earlier and later <= ended]
    if not inside:
        raise RuntimeError(f"a step takes more than the {SECONDS:g} seconds of a block here")
    return Block((after - before) / (ended - began), median(inside))


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
