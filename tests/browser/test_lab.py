"""`poetas lab`: the same notebook as code and as an app, on copies, and nothing asked of another host."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


class Lab:
    def __init__(self, home):
        self.home, self.log = home, home / "lab-log.txt"
        env = {**os.environ, "POETAS_HOME": str(home / "poetas"), "PYTHONUNBUFFERED": "1"}
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "poetas.cli", "lab", "--no-browser"],
                cwd=ROOT,
                env=env,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.address = self._until_ready()
        self.base = self.address.split("?")[0]

    def _until_ready(self):
        end = time.monotonic() + 90
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            if match := re.search(r"http://\S+/\?token=\S+", self.log.read_text()):
                try:
                    with urllib.request.urlopen(match[0].replace("/?", "/api/status?"), timeout=5):
                        return match[0]
                except OSError:
                    pass
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    running = Lab(tmp_path_factory.mktemp("lab"))
    yield running
    if running.process.poll() is None:
        running.process.kill()


def test_what_is_opened_are_copies_and_the_token_is_private(lab):
    home = lab.home / "poetas"
    copies = {path.name for path in (home / "cuadernos").glob("*.ipynb")}
    assert copies == {path.name for path in (ROOT / "apps").glob("*.ipynb")}
    settings = home / "run" / "jupyter" / "jupyter_server_config.json"
    assert settings.stat().st_mode & 0o077 == 0
    token = lab.address.split("token=")[1]
    assert token not in " ".join(psutil.Process(lab.process.pid).cmdline())


def test_every_answer_carries_a_policy(lab):
    token = lab.address.split("token=")[1]
    for path in ("voila/static/voila.js", "voila/templates/poetas/static/look.css", "lab/tree/1_conocer.ipynb"):
        with urllib.request.urlopen(f"{lab.base}{path}?token={token}", timeout=60) as answer:
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), path


def test_the_notebook_opens_as_code_and_as_an_app_and_the_lab_asks_no_other_host_and_ends_politely(lab, page):
    page.goto(lab.address)
    page.wait_for_url("**/lab/tree/1_conocer.ipynb")
    page.locator(".jp-NotebookPanel .jp-MarkdownCell h1").first.wait_for()
    assert "Conocé los LLMs" in page.locator(".jp-NotebookPanel h1").first.inner_text()
    page.locator("[aria-label*='Voil'], [title*='Voil'], [data-command='notebook:render-with-voila']").first.wait_for()

    app = page.context.new_page()
    requests = []
    app.on("request", lambda request: requests.append(request.url))
    app.goto(lab.base + "voila/render/1_conocer.ipynb")
    app.wait_for_selector("html[data-ready]", state="attached")
    assert app.locator("h1").inner_text().strip() == "Conocé los LLMs"
    code = app.get_by_role("link", name="Ver el código")
    code.wait_for()
    assert code.get_attribute("href") == lab.base + "lab/tree/1_conocer.ipynb"
    assert [url for url in requests if not url.startswith((lab.base, "data:", "blob:"))] == []

    app.get_by_role("link", name="LLMs para poetas").click()
    app.get_by_role("link", name=re.compile("Prepará tus datos")).click()
    app.wait_for_url("**/voila/render/2_preparar.ipynb")
    app.wait_for_selector("html[data-ready]", state="attached")

    page.wait_for_timeout(2000)
    assert page.seen.foreign(lab.base) == []
    assert not page.get_by_text("Jupyter news").is_visible()

    # With both open, it ends politely and leaves nothing running.
    family = psutil.Process(lab.process.pid).children(recursive=True)
    assert family
    lab.process.send_signal(signal.SIGTERM)
    assert lab.process.wait(30) == 0
    gone, alive = psutil.wait_procs(family, timeout=5)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    assert gone
    assert "Traceback" not in lab.log.read_text()
