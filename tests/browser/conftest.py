"""A real server, a real Chromium: what the tests of the pages stand on.

Every helper is a fixture (tests are not a package): ``serve_apps``, ``forks``, ``page``, ``new_page``,
``new_shared_page``, ``wear``, ``put_back``, ``open_app``, ``wait_until``, ``axe``.

A page costs 8 s of processor time. Tests that only look at one share it: a fixture of their module opens it with
``new_shared_page``, and lends it to each test with ``put_back``.

``serve_apps(folder, env)`` starts ``poetas serve`` over a folder of notebooks with a workspace of its own, and
fails at once if the process dies. ``page`` is a Playwright page that remembers every request and console error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from poetas.services import Service
from tests import walks
from tests.fork_broker import broker
from tests.forkserver import warm

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# What the browser itself would send home is switched off: every request that is left is the page's own doing.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    # A page that a test alters on its way comes from no known network, and Chromium would keep it from loopback.
    "--disable-features=LocalNetworkAccessChecks",
    "--no-first-run",
    "--no-pings",
]

WIDE = {"width": 1180, "height": 900}

# What a test leaves behind on a page: open dialogs, a fragment, a focus, a place further down.
PUT_BACK = """\
() => {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  history.replaceState(null, "", location.pathname + location.search);
  const start = document.createElement("i");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  scrollTo({ top: 0, behavior: "instant" });
}"""

# A button that has just become the one to press still fades to its colour, and axe would judge the colour in between.
AT_REST = """\
() => {
  const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  return Promise.allSettled(fading.map((transition) => transition.finished)).then(() => null);
}"""


@dataclass
class Server:
    """A running ``poetas serve``: its process, its address with and without the token, its workspace."""

    process: subprocess.Popen[str]
    address: str
    home: Path
    log: Path

    @property
    def base(self) -> str:
        """``http://127.0.0.1:PORT/``."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}/"

    @property
    def token(self) -> str:
        """The token in the printed address."""
        return re.search(r"token=([\w-]+)", self.address)[1]

    def app(self, name: str) -> str:
        """The address of a notebook's page, token included."""
        return f"{self.base}voila/render/{name}?token={self.token}"

    def kernels(self) -> list[int]:
        """Process ids of the kernels that this server started."""
        import psutil

        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        results = []
        for child in children:
            try:
                if "poetas.serving.kernel_launcher" in " ".join(child.cmdline()):
                    results.append(child.pid)
            except psutil.Error:
                continue
        return results

    def stop(self) -> int:
        """End the server as Ctrl-C does, with the service that would wait ten minutes for it; return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(30)
        Service.retire("generation", self.home / "poetas")
        return code


def _start(apps: Path, home: Path, *, env: dict[str, str] | None = None, options: tuple[str, ...] = ()) -> Server:
    """Start ``poetas serve`` over ``apps``; raise with its log if it dies before it says where it is."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server-log.txt"
    command = [sys.executable, "-m", "poetas.cli", "serve", "--apps", str(apps), *options]
    surroundings = {**os.environ, "POETAS_HOME": str(home / "poetas"), "PYTHONUNBUFFERED": "1", **(env or {})}
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=out, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if match := re.search(r"http://\S+token=\S+", log.read_text()):
            return Server(process, match[0], home, log)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"poetas serve did not start:\n{log.read_text()}")


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Start a server that the test itself will end, one way or another: ``start_server(apps, home)``."""
    servers = []

    def start(apps: Path, home: Path, **options) -> Server:
        servers.append(_start(apps, home, **options))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()


@pytest.fixture(scope="session")
def serve_apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start servers for the whole session; the same folder and environment give the same server."""
    servers: dict[tuple, Server] = {}

    def serve(apps: Path | None = None, env: dict[str, str] | None = None, options: tuple[str, ...] = ()) -> Server:
        folder = Path(apps or ROOT / "apps")
        key = (folder, tuple(sorted((env or {}).items())), options)
        if key not in servers or servers[key].process.poll() is not None:
            servers[key] = _start(folder, tmp_path_factory.mktemp("home"), env=env, options=options)
        return servers[key]

    yield serve
    for server in servers.values():
        server.stop()


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of notebooks for several modules, which write theirs into it, so that one server has them all."""
    return tmp_path_factory.mktemp("apps")


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """``serve_apps(env=forks)``: a server whose pages' jobs and services are forked, not started with all libraries."""
    warm()
    with broker(tmp_path_factory.mktemp("forks") / "socket") as environment:
        yield environment


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's synchronous interface. It keeps an event loop running, so it ends before other tests need theirs."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of the system, or Playwright's own."""
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield running
    running.close()


@dataclass
class Seen:
    """What a page did behind its face."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def foreign(self, base: str) -> list[str]:
        """Requests to anything but the server."""
        host = urlsplit(base).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != host
        ]


def _pages(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def make(**options) -> Page:
        options.setdefault("viewport", WIDE)
        context = browser.new_context(locale="es-AR", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.seen = seen = Seen()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("websocket", lambda socket: seen.requests.append(socket.url))
        page.on("requestfailed", lambda request: seen.failures.append(f"{request.url}: {request.failure}"))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("console", lambda line: seen.errors.append(line.text) if line.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own (no cookie shared): ``new_page(viewport=..., color_scheme="dark")``."""
    yield from _pages(browser)


@pytest.fixture(scope="module")
def new_shared_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """As `new_page`, for pages that all tests of a module look at."""
    yield from _pages(browser)


@pytest.fixture(scope="session")
def wear() -> Callable[..., None]:
    """``wear(page, **look)``: give an open page the window, colours and fingers that `new_page` would have opened."""
    worn = {}

    def wear(page: Page, viewport=WIDE, color_scheme="light", *, has_touch=False, is_mobile=False) -> None:
        if page in worn:
            worn.pop(page).detach()  # what was asked for by it ends with it
        page.set_viewport_size(viewport)
        page.emulate_media(media="screen", color_scheme=color_scheme, reduced_motion="no-preference")
        if has_touch or is_mobile:
            worn[page] = page.context.new_cdp_session(page)
            metrics = {**viewport, "deviceScaleFactor": 1, "mobile": is_mobile}
            worn[page].send("Emulation.setDeviceMetricsOverride", metrics)
            worn[page].send("Emulation.setTouchEmulationEnabled", {"enabled": has_touch})

    return wear


@pytest.fixture(scope="session")
def put_back(wear: Callable[..., None]) -> Callable[..., Iterator[Page]]:
    """``with put_back(page):`` lend a shared page to one test, and undo afterwards what tests may do to it.

    These are the look, the place, the focus, open dialogs, and what ``page.seen`` has of the test.
    """

    @contextmanager
    def lend(page: Page) -> Iterator[Page]:
        lists = (page.seen.requests, page.seen.errors, page.seen.failures)
        before = [list(seen) for seen in lists]
        yield page
        wear(page)
        page.evaluate(PUT_BACK)
        for seen, earlier in zip(lists, before, strict=True):
            seen[:] = earlier

    return lend


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page, 1180 by 900; ``page.seen`` holds its requests and errors."""
    return new_page()


@pytest.fixture
def open_app() -> Callable[[Page, Server, str], Page]:
    """``open_app(page, server, "1_conocer.ipynb")``: go there, and wait until cells and kernel are there."""

    def go(page: Page, server: Server, name: str) -> Page:
        page.goto(server.app(name))
        walks.arrive(page)
        return page

    return go


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """``wait_until(page, condition)``, as in `tests.walks`."""
    return walks.wait_until


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The source of axe-core, which a package for Python carries: no npm is needed."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[..., list[str]]:
    """``axe(page)``: the violations on a page at rest as readable lines; an accessible page has none."""

    def run(page: Page, selector: str | None = None) -> list[str]:
        walks.wait_until(page, "!document.querySelector('.poetas-coming')")
        page.evaluate(AT_REST)
        # The page's own policy forbids eval and foreign scripts, as it should: the check comes in by the debugger.
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source + "; null")
        result = page.evaluate("(where) => axe.run(where || document, {resultTypes: ['violations']})", selector)
        return [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
            for rule in result["violations"]
            for node in rule["nodes"]
        ]

    return run
