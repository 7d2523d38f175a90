"""A page that lacks something says so: an output that did not arrive, a network that carries no WebSocket."""

import base64
import contextlib
import hashlib
import http.client
import re
import socket
import threading
import time
from urllib.parse import urlsplit

import nbformat
import pytest

from tests.loopback import LoopbackHandler, LoopbackServer
from tests.walks import arrive, wait_until

pytestmark = pytest.mark.browser

MISSING = "A esta página le faltan partes"
BLOCKED = "frena las conexiones WebSocket"


@pytest.fixture(scope="module")
def server(serve_apps, notebooks):
    buttons = [f"from ipywidgets import Button\nButton(description='{name}')" for name in ("Uno", "Dos")]
    cells = [nbformat.v4.new_markdown_cell("# Página\n\n## Un paso"), *map(nbformat.v4.new_code_cell, buttons)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "pagina.ipynb")
    return serve_apps(notebooks)


OUTPUT = r'<script type="application/vnd\.voila\.cell-output\+json">.*?</script>'
ALTERATIONS = {"lost output": (OUTPUT, ""), "cut off": ('"cut": 0', '"cut": 1')}


def test_a_page_that_lacks_an_output_says_so_and_comes_whole_at_the_next_load(server, page, axe):
    coming, altered = list(ALTERATIONS.values()), []

    def alter(route):
        answer = route.fetch()
        pattern, replacement = coming.pop(0)
        text, count = re.subn(pattern, replacement, answer.text(), count=1, flags=re.DOTALL)
        altered.append(count)
        route.fulfill(response=answer, body=text)

    page.route("**/voila/render/**", alter, times=len(coming))
    page.goto(server.app("pagina.ipynb"))
    for name in ALTERATIONS:
        banner = page.locator(".aviso").filter(has_text=MISSING)
        banner.wait_for()
        assert altered.pop() == 1, name
        assert banner.get_attribute("role") == "alert", name
        assert axe(page) == [], name
        page.evaluate("window.before = true")
        banner.get_by_role("button", name="Volver a cargar la página").click()
        wait_until(page, "!window.before")
    arrive(page)
    assert page.get_by_role("button", name="Uno").is_visible()
    assert page.get_by_role("button", name="Dos").is_visible()
    assert not page.locator(".aviso").is_visible()

    page.wait_for_timeout(7000)  # longer than a WebSocket may take; a clock that jumps leaves it no time to open
    assert not page.locator(".aviso").is_visible(), "WebSockets pass here"


def test_a_part_that_comes_late_takes_the_sentence_back(server, page):
    def alter(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(OUTPUT, "", answer.text(), count=1, flags=re.DOTALL))

    page.route("**/voila/render/**", alter, times=1)
    page.goto(server.app("pagina.ipynb"))
    banner = page.locator(".aviso").filter(has_text=MISSING)
    banner.wait_for()
    page.evaluate("""() => {
        const part = document.querySelector(".jp-OutputArea-output.lm-Panel");
        part.parentElement.append(part.cloneNode(true));
    }""")
    banner.wait_for(state="hidden")


def test_a_step_is_not_shown_before_the_style_sheet_of_its_components(server, page):
    page.goto(server.app("pagina.ipynb"))
    arrive(page)
    page.evaluate("""() => {
        const step = document.createElement("div");
        step.className = "poetas poetas-step";
        step.innerHTML = '<div class="poetas stack" id="tested">Una perilla</div>';
        document.querySelector(".jp-OutputArea-output").append(step);
    }""")
    page.locator("#tested").wait_for(state="hidden")
    page.evaluate("""() => {
        const sheet = document.createElement("div");
        sheet.className = "poetas-style";
        sheet.innerHTML = "<style></style>";
        document.querySelector(".jp-OutputArea-output").append(sheet);
    }""")
    page.locator("#tested").wait_for(state="visible")


def test_a_page_that_never_comes_whole_says_so_after_two_failures_in_a_row(server, page, notebooks):
    """Its kernel is at work for long; the server that it asks meanwhile fails at times."""
    failing = []
    page.route("**/icon.svg", lambda route: route.abort() if failing and failing.pop(0) else route.continue_())
    cells = [
        nbformat.v4.new_markdown_cell("# Lenta\n\n## Un paso"),
        nbformat.v4.new_code_cell("import time; time.sleep(60)"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "lenta.ipynb")
    page.clock.install()
    page.goto(server.app("lenta.ipynb"), wait_until="commit")
    page.get_by_text("Preparando la página").wait_for()
    incomplete = page.get_by_text("La página no llegó entera.")
    for ways in ([True, False, True, False], [True, True]):
        failing.extend(ways)
        for way in ways:
            event = "requestfailed" if way else "requestfinished"
            with page.expect_event(event, lambda request: "icon.svg" in request.url):
                page.clock.run_for(2000)
        if not all(ways):
            page.wait_for_timeout(300)
            assert not incomplete.is_visible(), "one failure is none"
    incomplete.wait_for(timeout=2000)


class Proxy(LoopbackServer):
    """Hands requests on to a server, each after ``latency`` seconds; what it does with WebSockets can change.

    way: "hung", never answered; "refused"; "closed", accepted and ended at once; "silent", accepted and nothing
    carried; "mute", accepted by the server and nothing carried; "open", carried.
    """

    def __init__(self, target, way, latency=0.0):
        super().__init__(ProxyHandler)
        self.target, self.way, self.latency = urlsplit(target).netloc, way, latency
        self.ended = threading.Event()
        self.attempts, self.sockets = 0, []

    def cut(self):
        """End the WebSockets that are open."""
        for upstream in self.sockets:
            with contextlib.suppress(OSError):
                upstream.shutdown(socket.SHUT_RDWR)

    def __exit__(self, *error):
        self.ended.set()
        self.cut()
        super().__exit__(*error)


class ProxyHandler(LoopbackHandler):
    def do_GET(self):
        time.sleep(self.home.latency)
        if self.headers.get("Upgrade"):
            self.close_connection = True
            self.upgrade(self.home.way)
            return
        connection = http.client.HTTPConnection(self.home.target, timeout=120)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_POST = do_GET  # noqa: N815

    def upgrade(self, way):
        self.home.attempts += 1
        if way == "hung":
            self.home.ended.wait(60)
            return
        if way in {"open", "mute"}:
            self.carry()
            return
        if way == "refused":
            self.send_error(400, "no WebSockets here")
            return
        key = (self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
        self.protocol_version = "HTTP/1.1"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key).digest()).decode())
        if asked := self.headers.get("Sec-WebSocket-Protocol"):
            self.send_header("Sec-WebSocket-Protocol", asked.split(",")[0].strip())
        self.end_headers()
        self.wfile.flush()
        if way == "silent":
            self.home.ended.wait(60)

    def carry(self):
        host, port = self.home.target.split(":")
        with socket.create_connection((host, int(port))) as upstream:
            self.home.sockets.append(upstream)
            upstream.sendall(f"{self.requestline}\r\n{self.headers}".encode("latin-1"))
            back = threading.Thread(target=self.pump, args=(upstream, self.connection), daemon=True)
            back.start()
            self.pump(self.connection, upstream)
            back.join()

    def pump(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                time.sleep(self.home.latency)
                if self.home.way == "open":
                    target.sendall(data)
                elif data.startswith(b"HTTP/1.1 101"):  # without the frames that may have come with it
                    target.sendall(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


def shown_after(page):
    """Milliseconds from the page's first attempt to open a WebSocket to the banner, which is waited for."""
    page.locator(".aviso").filter(has_text=BLOCKED).wait_for(timeout=60_000)
    return page.evaluate("Date.now() - window.poetas.attempted")


@pytest.mark.parametrize(("way", "latency"), [("refused", 0), ("closed", 0), ("silent", 0), ("hung", 1), ("mute", 0)])
def test_a_network_without_websockets_is_named_within_ten_seconds(server, page, axe, way, latency):
    with Proxy(server.base, way, latency) as proxy:
        page.goto(f"{proxy.url}/voila/render/pagina.ipynb?token={server.token}")
        assert shown_after(page) < 10_000
        assert page.locator("html[data-ready]").count() == 0
        assert axe(page) == []


def test_websockets_that_are_closed_at_once_are_opened_again_at_growing_pauses(server, page):
    with Proxy(server.base, "closed") as proxy:
        page.goto(f"{proxy.url}/voila/render/pagina.ipynb?token={server.token}")
        shown_after(page)
        page.wait_for_timeout(6000)
        assert 2 <= proxy.attempts <= 9, "Jupyter makes seven more, and stops"


def test_a_slow_network_that_carries_websockets_is_not_called_blocked(server, page):
    page.add_init_script("""addEventListener("DOMContentLoaded", () => {
        window.banners = [];
        const watched = {subtree: true, attributes: true, attributeFilter: ["hidden"]};
        new MutationObserver(() => {
            const banner = document.querySelector(".aviso");
            if (banner && !banner.hidden) window.banners.push(banner.dataset.kind);
        }).observe(document.body, watched);
    })""")
    with Proxy(server.base, "open", latency=1) as proxy:
        page.goto(f"{proxy.url}/voila/render/pagina.ipynb?token={server.token}")
        page.locator("html[data-ready]").wait_for(timeout=60_000)
        page.wait_for_timeout(7000)
        assert page.evaluate("window.banners") == []


def test_a_connection_that_is_lost_and_carries_nothing_is_shown_and_taken_back(server, page):
    with Proxy(server.base, "open") as proxy:
        page.goto(f"{proxy.url}/voila/render/pagina.ipynb?token={server.token}")
        arrive(page)
        proxy.way = "closed"
        proxy.cut()
        banner = page.locator(".aviso").filter(has_text="El programa no contesta")
        banner.wait_for(timeout=10_000)
        proxy.way = "open"
        banner.wait_for(state="hidden", timeout=60_000)
        page.get_by_role("button", name="Uno").click()
