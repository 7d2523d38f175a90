"""A page's kernel lives as long as its page, however busy it is; the server takes every kernel with it."""

import json
import re
import signal
import time
import urllib.request
from contextlib import nullcontext

import nbformat
import psutil
import pytest

from poetas.services import Service

pytestmark = pytest.mark.browser

BUSY = """
import asyncio, time
from ipywidgets import FloatText
clock = FloatText()
async def tick():
    while True:
        clock.value = time.time()
        await asyncio.sleep(0.1)
ticking = asyncio.ensure_future(tick())
clock
"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apps")
    for name, source in (("quieto", "from ipywidgets import Button\nButton(description='Hola')"), ("inquieto", BUSY)):
        cells = [nbformat.v4.new_markdown_cell(f"# {name}"), nbformat.v4.new_code_cell(source)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


@pytest.fixture
def server(serve_apps, notebooks):
    """The server of the tests that ask for no other; its pages are to be in English."""
    return serve_apps(notebooks, env={"POETAS_LANG": "en"})


def services_of(root):
    """Process ids of the services of a workspace root."""
    commands = {item.pid: item.info["cmdline"] or [] for item in psutil.process_iter(["cmdline"])}
    return [pid for pid, command in commands.items() if "poetas.services.run" in command and str(root) in command]


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)


def read(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read().decode()


def test_a_closed_tab_takes_its_kernel_along(server, page, open_app):
    open_app(page, server, "quieto.ipynb")
    assert len(server.kernels()) == 1
    page.close(run_before_unload=True)
    wait_for(lambda: not server.kernels(), 10)


def test_a_kernel_stays_for_a_page_that_is_connected_or_still_to_come_and_no_longer(
    serve_apps, notebooks, page, open_app
):
    server = serve_apps(notebooks, options=("--page-timeout", "8", "--preheat"))
    wait_for(lambda: len(server.kernels()) == 2, 60)
    taken = set(server.kernels())  # one waits for each notebook
    open_app(page, server, "inquieto.ipynb")
    assert "Hola" in read(server.app("quieto.ipynb"))  # a page that no browser draws
    wait_for(lambda: taken < set(server.kernels()) and len(server.kernels()) == 4, 40)  # two more wait in their place
    begun = time.monotonic()
    waiting = set(server.kernels()) - taken
    wait_for(lambda: len(server.kernels()) == 3, 30)  # the one whose page was never finished goes
    time.sleep(max(0, begun + 14 - time.monotonic()))
    (connected,) = set(server.kernels()) - waiting
    assert connected in taken
    assert waiting < set(server.kernels())  # for ever
    page.context.close()  # as when a browser crashes: nothing is sent
    wait_for(lambda: set(server.kernels()) == waiting, 30)


SERVICE = """
from poetas.services import Service
from poetas.workspace import Workspace
service = Service.shared("generation", Workspace.default().root)
"""


# How the server is ended -> whether another process uses the service that its page has started; None: there is none.
ENDINGS = {signal.SIGHUP: None, signal.SIGTERM: False, signal.SIGINT: True}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_server_ends_politely_with_its_kernels_and_with_the_services_that_are_unused(
    tmp_path, start_server, ending
):
    apps, root = tmp_path / "apps", tmp_path / "home" / "poetas"
    apps.mkdir()
    sources = [BUSY] if ENDINGS[ending] is None else [BUSY, SERVICE]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), apps / "inquieto.ipynb")
    server = start_server(apps, tmp_path / "home")
    read(server.app("inquieto.ipynb"))
    kernels = server.kernels()
    assert len(kernels) == 1
    with Service.shared("generation", root) if ENDINGS[ending] is not None else nullcontext() as service:
        services = services_of(root)
        assert len(services) == (0 if service is None else 1)
        if service is not None and not ENDINGS[ending]:
            service.close()
        server.process.send_signal(ending)
        assert server.process.wait(60 if services else 20) == 0
        assert not any(psutil.pid_exists(kernel) for kernel in kernels)
        assert "Traceback" not in server.log.read_text()
        if ENDINGS[ending]:
            assert service.alive
            assert service.quit_if_unused()  # the server's page has left it
    wait_for(lambda: not any(map(psutil.pid_exists, services)), 10)


def test_the_token_is_on_no_command_line_and_in_no_file_that_others_can_read(server):
    family = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
    assert not any(server.token in " ".join(item.cmdline()) for item in family)
    for file in server.home.joinpath("poetas").rglob("*"):
        if file.is_file() and server.token.encode() in file.read_bytes():
            assert file.stat().st_mode & 0o077 == 0, file


def test_the_language_reaches_the_page_and_kernels_end_with_a_server_that_was_killed(server):
    page = read(server.app("inquieto.ipynb"))
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(config)["extensionConfig"]["poetas"]["language"] == "en"
    kernels = server.kernels()
    assert kernels
    server.process.kill()
    wait_for(lambda: not any(psutil.pid_exists(kernel) for kernel in kernels), 10)
