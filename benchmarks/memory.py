"""``kernel_mb``: memory of the kernel behind a page, in MB of 10^6 bytes, after a walk through the whole app.

One project, one real model, the three apps one after the other as a learner would: the largest of the three counts.
"""

from __future__ import annotations

from collections.abc import Iterator

import psutil
from playwright.sync_api import Page

from benchmarks.browser import ROOT, Site, chromium, leave, serving
from benchmarks.figure import Figure
from poetas.models.catalogue import Catalogue
from tests import walks
from tests.embedded import embedded_model

MODEL = "smollm2-135m"
ROWS = 24


def figures(_names: list[str]) -> Iterator[Figure]:
    """Walk the three apps and measure the one figure."""
    title = Catalogue.load().get(MODEL).title
    taken: dict[str, list[float]] = {}
    with serving(ROOT / "apps", models=embedded_model(MODEL).parent) as site, chromium() as page:

        def visit(app: str) -> None:
            page.goto(site.page(app))
            walks.arrive(page)

        visit("1_conocer")
        walks.meet(page, title)
        taken["1_conocer"] = _measured(page, site)

        visit("2_preparar")
        walks.prepare(page, walks.latin_table(site.home.parent / "crónicas.csv", ROWS), ROWS, cut=0.4)
        taken["2_preparar"] = _measured(page, site)

        visit("3_entrenar")
        walks.take_model(page, title)
        walks.turn_presets(page)
        walks.train(page, lambda: visit("3_entrenar"))
        walks.examine(page)
        walks.try_out(page)
        taken["3_entrenar"] = _measured(page, site)
    yield Figure("kernel_mb", max(largest for [largest] in taken.values()), None, "MB", taken)


def _measured(page: Page, site: Site) -> list[float]:
    """Return the resident memory of the page's kernel; it is gone when the next page opens."""
    kernel = max(site.kernels(), key=psutil.Process.create_time)
    megabytes = walks.light(kernel.pid)
    leave(page, site)
    return [round(megabytes, 1)]
