"""Rendered pages over plain HTTP: whole under load, without TCP ports, with the same headers on every answer."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.browser

OUTPUT = re.compile(r'<script type="application/vnd.voila.cell-output\+json">(.*?)</script>', re.DOTALL)
VIEW = "application/vnd.jupyter.widget-view+json"


def read(address):
    with urllib.request.urlopen(address, timeout=300) as answer:
        return answer.read().decode()


def views(page):
    """Count the widgets that a page shows; only scripts of this type hold them."""
    return sum(VIEW in json.loads(output).get("data", {}) for output in OUTPUT.findall(page))


def code_cells(path):
    return sum(cell.cell_type == "code" for cell in nbformat.read(path, 4).cells)


@pytest.fixture
def busy_cores():
    """One process for each core that does nothing but count."""
    count = "import os\nos.nice(0)\nwhile os.getppid() != 1: sum(range(100000))"
    running = [subprocess.Popen([sys.executable, "-c", count]) for _ in range(os.cpu_count() or 1)]
    yield
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_pages_at_once_on_busy_cores_are_all_whole(serve_apps, busy_cores):
    server = serve_apps()
    alone = views(read(server.app("2_preparar.ipynb")))
    assert alone >= code_cells(ROOT / "apps" / "2_preparar.ipynb") - 1  # all but the set-up cell for Colab
    with ThreadPoolExecutor(20) as pool:
        pages = list(pool.map(read, [server.app("2_preparar.ipynb")] * 20))
    assert [views(page) for page in pages] == [alone] * 20
    assert all("window.poetas.whole = true" in page for page in pages)


def test_a_kernel_listens_on_no_tcp_port_and_its_sockets_are_in_a_private_folder(serve_apps):
    server = serve_apps()
    known = set(server.kernels())
    read(server.app("2_preparar.ipynb"))
    (kernel,) = set(server.kernels()) - known
    assert [item for item in psutil.Process(kernel).net_connections("inet") if item.status == psutil.CONN_LISTEN] == []
    listening = [Path(item.laddr) for item in psutil.Process(kernel).net_connections("unix") if item.laddr]
    assert len(listening) >= 5  # shell, control, iopub, stdin, heartbeat
    files = [path for path in listening if path.is_absolute()]
    assert len(files) >= 5
    for path in files:
        assert path.parent.stat().st_mode & 0o077 == 0
        assert len(os.fsencode(path)) <= 103


def test_every_answer_carries_the_policy_and_the_log_no_token(serve_apps):
    server = serve_apps()
    for path in ("voila/templates/poetas/static/look.css", "voila/static/voila.js", "no/such/page", ""):
        try:
            answer = urllib.request.urlopen(f"{server.base}{path}?token={server.token}", timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{server.base}voila/files/secret.txt?token=tirada-de-otro&x=1", timeout=60)
    log = (server.home / "poetas" / "run" / "servidor.log").read_text()
    assert "token=…&x=1" in log
    assert "tirada-de-otro" not in log
    assert server.token not in log
