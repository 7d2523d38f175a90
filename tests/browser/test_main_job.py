"""The main job in a real browser, in one project: from a file on the learner's computer to a verdict and a trial."""

from contextlib import contextmanager

import psutil
import pytest
from jupyter_client import BlockingKernelClient

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.jobs import Job
from poetas.jobs.processes import process_of
from poetas.privacy import Ledger
from poetas.services import Service
from poetas.workspace import Workspace
from tests import walks
from tests.embedded import embedded_model
from tests.tiny_model import TINY, build_tiny_model

pytestmark = pytest.mark.browser


@pytest.fixture(
    params=[
        pytest.param((TINY, "Modelo diminuto", (80, None), 0.5, 30, "copiar"), id="tiny"),
        pytest.param(
            ("smollm2-135m", "SmolLM2 (135M)", (20, 24), 0.5, 15, "3 textos no alcanzan"),
            id="embedded",
            marks=[pytest.mark.embedded],
        ),
    ]
)
def work(request, serve_apps, tmp_path_factory):
    """A server with the model to train: title, texts (how many, of how many words), cut, share in the exam, verdict."""
    model, title, texts, cut, test, verdict = request.param
    if model == TINY:
        models = build_tiny_model(tmp_path_factory.mktemp("modelos") / TINY).parent
    else:
        models = embedded_model(model).parent
    running = serve_apps(env={"POETAS_MODELS": str(models)})
    yield running, title, texts, cut, test, verdict
    workspace = Workspace(running.home / "poetas")
    for job in Job.all(workspace.project().jobs):
        job.stop()
    Service.retire("generation", workspace.root)


@contextmanager
def suspended(workspace):
    """Suspend the process of the training that runs."""
    process = psutil.Process(process_of(Job.latest(workspace.project().jobs, "train").dir))
    process.suspend()
    try:
        yield
    finally:
        process.resume()


TRY = """
import socket
try:
    socket.socket().connect(("192.0.2.1", {port}))  # a reserved address (RFC 5737)
except OSError as refusal:
    assert type(refusal).__name__ == "NetworkRefused", refusal
else:
    raise AssertionError("let out")
"""


def try_to_leave(kernel: int, port: int) -> None:
    """Try to connect with another machine from inside a kernel of the server, and see that its guard refuses."""
    command = psutil.Process(kernel).cmdline()
    client = BlockingKernelClient(connection_file=command[command.index("-f") + 1])
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        content = client.execute_interactive(TRY.format(port=port), timeout=60, store_history=False)["content"]
    finally:
        client.stop_channels()
    assert content["status"] == "ok", content.get("evalue")


@pytest.mark.timeout(1500)
def test_from_a_file_to_the_verdict_with_a_reload_a_stop_and_a_resume(work, page, open_app, axe, tmp_path):
    server, title, (rows, words), cut, test, verdict = work
    table = walks.latin_table(tmp_path / "Crónicas <del> barrio.csv", rows, words)
    open_app(page, server, "2_preparar.ipynb")
    walks.prepare(page, table, rows, cut=cut, test=test)
    page.get_by_role("link", name="Seguí en la app 3").click()
    walks.arrive(page)

    workspace = Workspace(server.home / "poetas")
    [folder] = workspace.project().datasets.iterdir()
    dataset = PreparedDataset.open(folder)
    assert sum(dataset.counts.values()) == rows
    walks.step(page, "conjunto").get_by_text("Mis crónicas").first.wait_for()
    walks.take_model(page, title)
    walks.turn_presets(page)
    walks.train(page, lambda: open_app(page, server, "3_entrenar.ipynb"), lambda: suspended(workspace))
    walks.taste(page)
    assert not (result := axe(page)), "\n".join(result)
    assert verdict in walks.examine(page)
    walks.try_out(page)
    assert not (result := axe(page)), "\n".join(result)

    # After another reload everything is there.
    done, planned = walks.steps_done(page)
    assert done == planned
    open_app(page, server, "3_entrenar.ipynb")
    walks.step(page, "mejoro").locator(".poetas-verdict").wait_for(timeout=1000 * walks.LONG)
    walks.wait_until(page, lambda: walks.points(page) == planned)
    assert page.locator(".pasos li.done").count() >= 4
    page.set_viewport_size({"width": 360, "height": 780})
    walks.wait_until(page, "document.documentElement.scrollWidth <= 360")
    assert walks.too_wide(page) == []
    sentence = walks.step(page, "mejoro").locator(".poetas-score-table > p")
    assert sentence.evaluate("e => e.innerText.length > 0 && e.scrollWidth <= e.clientWidth && e.clientWidth < 360")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert not (result := axe(page)), "\n".join(result)

    # Nothing left the machine, and nothing tried to.
    assert page.seen.foreign(server.base) == []
    assert page.seen.errors == []
    ledger = Ledger(workspace.ledger)
    assert ledger.entries() == [], "nothing was downloaded and nothing was refused"
    kernels = server.kernels()
    for kernel in kernels:
        assert walks.light(kernel) <= walks.MOST_MB

    # That would mean nothing without a guard, or with another ledger: the same kernels, asked to leave, are counted.
    for port, kernel in enumerate(kernels, start=9001):
        try_to_leave(kernel, port)
    assert {entry.host for entry in ledger.entries()} == {f"192.0.2.1:{9001 + n}" for n in range(len(kernels))}
    assert ledger.refusals() == len(kernels) > 0
