"""The notebooks where the kernel has no event loop (Colab), top to bottom, beside a training that is under way."""

import json
import os
import signal
import time

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from poetas.jobs import Job, JobState, Started
from poetas.training.config import TrainingConfig
from poetas.workspace import Workspace
from tests.paths import ROOT
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.train.steps import dataset, news
from widgets import Hyperparameters, PageContext, TrainingPanel
from widgets.core.poller import Poller

pytestmark = pytest.mark.slow

PATIENCE = 120  # seconds for one cell on a busy machine; a cell that waits for the training would never end
NOTEBOOKS = ("1_conocer.ipynb", "2_preparar.ipynb", "3_entrenar.ipynb")
CARD = """
import json
card = entrena.component.card
shown = {name: getattr(card, name).layout.display != "none" for name in ("look_button", "stop_button", "bar")}
print(json.dumps({**shown, "state": card.value.name, "job": card.job.dir.name}))
"""


def code_cells(name):
    book = nbformat.read(ROOT / "apps" / name, as_version=4)
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


def run(client, code):
    """Run one cell and return what it printed; an error in it fails the test."""
    printed = []
    reply = client.execute_interactive(
        code,
        timeout=PATIENCE,
        output_hook=lambda message: printed.append(message["content"].get("text", "")),
    )
    content = reply["content"]
    assert content["status"] == "ok", "\n".join(content.get("traceback", [code]))
    return "".join(printed)


def pause(job, number):
    """Send a signal to the job's process: paused, it is under way as long as the test wants it."""
    [started] = [event for event in job.events()[0] if isinstance(event, Started)]
    os.kill(started.pid, number)


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    """A training that was begun in a page, and is paused after its first step."""
    workspace = Workspace(tmp_path_factory.mktemp("casa"))
    build_tiny_model(workspace.models / TINY)
    context = PageContext(workspace, poller=Poller(inline=False))
    context.dataset, context.model = str(dataset(context.project, news(26))), TINY
    knobs = Hyperparameters(context=context)
    knobs.value = TrainingConfig(epochs=20, batch_size=1, lora_rank=2, longest=32)
    panel = TrainingPanel(knobs)
    panel.start.click()
    job = Job.open(panel.job.dir)
    context.close()
    end = time.monotonic() + PATIENCE
    while not (job.dir / "checkpoints").exists():
        assert time.monotonic() < end, job.failure()
        time.sleep(0.05)
    pause(job, signal.SIGSTOP)
    yield workspace, job
    job.kill()


@pytest.fixture(scope="module")
def kernel(training):
    """A kernel as Colab's: no event loop for the components, in the folder of the apps.

    Each notebook has run in it to its middle, and after a restart to its end; the last of them is there still.
    """
    environment = {**os.environ, "POETAS_HOME": str(training[0].root), "POETAS_PLACE": "colab", "PYTHONPATH": str(ROOT)}
    manager, client = start_new_kernel(startup_timeout=PATIENCE, env=environment, cwd=str(ROOT / "apps"))
    try:
        for name in NOTEBOOKS:
            cells = code_cells(name)
            for source in cells[: len(cells) // 2 + 1]:
                run(client, source)
            manager.restart_kernel(now=True)
            client.wait_for_ready(timeout=PATIENCE)
            for source in cells:
                run(client, source)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_the_notebooks_run_to_their_end_and_again_after_a_restart_in_their_middle(training, kernel):
    assert training[1].state is JobState.RUNNING


def test_looking_is_a_click_that_an_interrupt_ends_and_stop_is_another(training, kernel):
    _workspace, job = training
    manager, client = kernel
    drawn = json.loads(run(client, CARD))
    assert drawn == {"look_button": True, "stop_button": True, "bar": True, "state": "RUNNING", "job": job.dir.name}

    client.execute("print('looking', flush=True)\nentrena.component.card.look()")
    while client.get_iopub_msg(timeout=PATIENCE)["content"].get("text") != "looking\n":
        pass
    time.sleep(1)
    manager.interrupt_kernel()
    begun = time.monotonic()
    assert json.loads(run(client, CARD))["state"] == "RUNNING"
    assert time.monotonic() - begun < 15, "the look went on for its whole 20 s"
    assert job.state is JobState.RUNNING, "interrupting the look stopped the training"

    pause(job, signal.SIGCONT)
    run(client, "entrena.component.card.stop_button.click()")
    assert job.wait(PATIENCE) is JobState.STOPPED
