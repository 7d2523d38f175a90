"""``page:APP``: seconds until the first control of an app can be used, beside a bare notebook with one button."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import nbformat
from playwright.sync_api import Page

from benchmarks.browser import ROOT, Site, chromium, folder_of_apps, leave, serving
from benchmarks.figure import Figure, paired

APPS = ("1_conocer", "2_preparar", "3_entrenar")
ROUNDS = 9
BARE = """\
from ipywidgets import Button

button = Button(description="Hola")
button.on_click(lambda clicked: setattr(clicked, "description", "Sí"))
button
"""
# What the learner can press, type in or move. Voilà's pages have nothing else of these classes.
CONTROL = ":is(button.jupyter-button, .widget-text input, .widget-textarea textarea, select):not(:disabled)"
# Looks in each frame that the browser draws: Playwright, after a few quick looks, looks only each half second.
WATCH = """\
(() => {
  const look = () => {
    const usable = [...document.querySelectorAll(`%s`)].some((part) => {
      const box = part.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && getComputedStyle(part).visibility === "visible";
    });
    if (usable) window.poetasUsable = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
# What it saw; Playwright's own look may come a frame before.
SEEN = """\
() => new Promise((done) => {
  const ask = () => (window.poetasUsable ? done(window.poetasUsable) : requestAnimationFrame(ask));
  ask();
})"""


def figures(names: list[str]) -> Iterator[Figure]:
    """Measure each app in turn with the bare notebook, under the same server."""
    with folder_of_apps() as folder:
        apps = [app for app in APPS if f"page:{app}" in names]
        for app in apps:
            shutil.copyfile(ROOT / "apps" / f"{app}.ipynb", folder / f"{app}.ipynb")
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BARE)])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, folder / "bare.ipynb")
        with serving(folder) as site, chromium() as page:
            page.add_init_script(WATCH % CONTROL)
            for name in ("bare", *apps):  # the first visit of each fills the browser's and the disk's caches
                seconds(page, site, name)
            for app in apps:
                rounds = [(seconds(page, site, app), seconds(page, site, "bare")) for _ in range(ROUNDS)]
                yield paired(f"page:{app}", [r[0] for r in rounds], [r[1] for r in rounds], "seconds")


def seconds(page: Page, site: Site, name: str) -> float:
    """Open a page and wait for its first control: seconds from the request to the frame in which it can be used."""
    page.goto(site.page(name), wait_until="commit")
    page.locator(f"{CONTROL}:visible").first.wait_for()
    taken = float(page.evaluate(SEEN)) / 1000
    if name == "bare":  # off the clock: what is there by then is alive
        page.get_by_role("button", name="Hola").click()
        page.get_by_role("button", name="Sí").wait_for()
    leave(page, site)
    return taken
