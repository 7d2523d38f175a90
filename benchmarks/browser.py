"""A real server and a real Chromium for the benchmarks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass(frozen=True, slots=True)
class Site:
    """A running ``poetas serve``."""

    process: subprocess.Popen[bytes]
    address: str
    home: Path

    def page(self, name: str) -> str:
        """Return the address of a notebook's page."""
        root, _, token = self.address.partition("/?token=")
        return f"{root}/voila/render/{name}.ipynb?token={token}"

    def kernels(self) -> list[psutil.Process]:
        """Return the kernels' processes."""
        kernels = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):  # it may end while it is looked at
                if "poetas.serving.kernel_launcher" in " ".join(child.cmdline()):
                    kernels.append(child)
        return kernels


@contextmanager
def folder_of_apps() -> Iterator[Path]:
    """Make a folder for a benchmark's own notebooks, until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="poetas-bench-apps-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(apps: Path, *, models: Path | None = None) -> Iterator[Site]:
    """Serve a folder of notebooks from a workspace of its own, until the end of the block."""
    home = Path(tempfile.mkdtemp(prefix="poetas-bench-"))
    env = {**os.environ, "POETAS_HOME": str(home / "poetas")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # installed modules are compiled, and a learner's copy of ours is too
    if models is not None:
        env["POETAS_MODELS"] = str(models)
    log = home / "log.txt"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "poetas.cli", "serve", "--apps", str(apps)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield Site(process, _address(process, log), home / "poetas")
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if match := re.search(r"http://\S+token=\S+", log.read_text("utf-8")):
            return match[0]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(log.read_text("utf-8"))


@contextmanager
def chromium() -> Iterator[Page]:
    """Open a page in the system's Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = running.new_page(viewport={"width": 1180, "height": 900}, locale="es-AR")
        page.set_default_timeout(120_000)
        yield page
        running.close()


def leave(page: Page, site: Site) -> None:
    """Close what the page shows and wait until its kernel is gone, so that the next one is not measured beside it."""
    page.goto("about:blank")
    end = time.monotonic() + 30
    while site.kernels() and time.monotonic() < end:
        time.sleep(0.1)
