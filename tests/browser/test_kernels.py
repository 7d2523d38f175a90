"""A page's kernel lives as long as its page, however busy it is; the server takes every kernel with it."""

import signal
import time
import urllib.request

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


def test_a_closed_tab_takes_its_kernel_along(serve_apps, notebooks, page, open_app):
    server = serve_apps(notebooks)
    open_app(page, server, "quieto.ipynb")
    assert len(server.kernels()) == 1
    page.close(run_before_unload=True)
    wait_for(lambda: not server.kernels(), 10)


@pytest.fixture(scope="module")
def preheated(serve_apps, notebooks):
    """A server with a kernel waiting for each notebook: these, and when the last was there."""
    server = serve_apps(notebooks, options=("--page-timeout", "8", "--preheat"))
    wait_for(lambda: len(server.kernels()) == 2, 60)
    return server, set(server.kernels()), time.monotonic()


def test_a_page_that_vanished_or_was_never_finished_leaves_no_kernel_behind(
    preheated, serve_apps, notebooks, page, open_app
):
    server = serve_apps(notebooks, options=("--page-timeout", "8"))
    open_app(page, server, "inquieto.ipynb")
    (connected,) = server.kernels()
    assert "Hola" in read(server.app("quieto.ipynb"))
    assert len(server.kernels()) == 2
    begun = time.monotonic()
    wait_for(lambda: len(server.kernels()) == 1, 30)
    time.sleep(max(0, begun + 13 - time.monotonic()))
    assert server.kernels() == [connected]  # it stays, though not used
    page.context.close()  # as when a browser crashes: nothing is sent
    wait_for(lambda: not server.kernels(), 30)


def test_preheated_kernels_wait_for_their_page_for_ever(preheated, page, open_app):
    server, waiting, begun = preheated
    time.sleep(max(0, begun + 14 - time.monotonic()))
    assert set(server.kernels()) == waiting
    open_app(page, server, "quieto.ipynb")
    page.context.close()
    wait_for(lambda: len(waiting - set(server.kernels())) == 1, 40)  # the one that had a page goes ...
    wait_for(lambda: len(server.kernels()) == 2, 40)  # ... and another waits in its place


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_server_ends_politely_and_leaves_nothing_running(notebooks, tmp_path, start_server, ending):
    server = start_server(notebooks, tmp_path)
    read(server.app("inquieto.ipynb"))
    kernels = server.kernels()
    assert len(kernels) == 1
    server.process.send_signal(ending)
    assert server.process.wait(20) == 0
    assert not any(psutil.pid_exists(kernel) for kernel in kernels)
    assert "Traceback" not in server.log.read_text()


SERVICE = """
from poetas.services import Service
from poetas.workspace import Workspace
service = Service.shared("generation", Workspace.default().root)
"""


@pytest.mark.parametrize("used", [False, True], ids=["unused", "used by another"])
def test_the_server_ends_the_services_that_its_pages_started_and_that_are_unused(tmp_path, start_server, used):
    apps, root = tmp_path / "apps", tmp_path / "home" / "poetas"
    apps.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SERVICE)]), apps / "servicio.ipynb")
    server = start_server(apps, tmp_path / "home")
    read(server.app("servicio.ipynb"))
    with Service.shared("generation", root) as service:
        (pid,) = services_of(root)
        if used:
            server.process.terminate()
            assert server.process.wait(60) == 0
            assert service.alive
            assert service.quit_if_unused()  # the server's page has left it
            return
    server.process.terminate()
    assert server.process.wait(60) == 0
    wait_for(lambda: not psutil.pid_exists(pid), 10)


def test_kernels_end_with_a_server_that_was_killed(notebooks, tmp_path, start_server):
    server = start_server(notebooks, tmp_path)
    read(server.app("inquieto.ipynb"))
    kernels = server.kernels()
    assert len(kernels) == 1
    server.process.kill()
    wait_for(lambda: not any(psutil.pid_exists(kernel) for kernel in kernels), 10)


def test_the_token_is_on_no_command_line_and_in_no_file_that_others_can_read(serve_apps, notebooks):
    server = serve_apps(notebooks)
    family = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
    assert not any(server.token in " ".join(item.cmdline()) for item in family)
    for file in server.home.joinpath("poetas").rglob("*"):
        if file.is_file() and server.token.encode() in file.read_bytes():
            assert file.stat().st_mode & 0o077 == 0, file
