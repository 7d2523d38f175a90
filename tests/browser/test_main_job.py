"""The main job in a real browser, in one project: from a file on the learner's computer to a verdict and a trial.

A real model, embedded in a package, takes seconds for each step and each text: it goes the shortest road to a verdict.
"""

import json
import zipfile
from contextlib import contextmanager

import pandas as pd
import psutil
import pytest
from jupyter_client import BlockingKernelClient

from poetas.data.storage.dataset_store import PreparedDataset, save_tables
from poetas.jobs import Job
from poetas.jobs.processes import process_of
from poetas.privacy import Ledger
from poetas.services import Service
from poetas.workspace import Workspace
from tests import walks
from tests.embedded import embedded_model
from tests.tiny_model import TINY, build_tiny_model
from tests.walks import LONG, button, step, wait_until

pytestmark = pytest.mark.browser
ROWS, WORDS, TEST = 40, 40, 12  # texts, words of each, texts for the exam: so many that there is a verdict
STEPS = ["textos", "columnas", "sanos", "tokens", "cuanto-entra", "examen", "guarda"]
PREPARED = f"{json.dumps(STEPS)}.every(s => document.querySelector(`.pasos li.done[data-step=${{s}}]`))"
WIDE, PHONE = {"width": 1180, "height": 900}, {"width": 360, "height": 780}


@pytest.fixture
def serve_model(serve_apps):
    """``serve_model(folder, **env)``: a server with one model to train; afterwards nothing of it runs."""
    servers = []

    def serve(model, **env):
        servers.append(serve_apps(env={"POETAS_MODELS": str(model.parent), **env}))
        return servers[-1]

    yield serve
    for running in servers:
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


def prepares_on_a_phone(page, server, project, folder, axe):
    """App 2, from a file to a dataset that can be downloaded; the kernel stays small, and nothing leaves."""
    table = walks.latin_table(folder / "Crónicas <del> barrio.csv", ROWS, WORDS)
    assert walks.prepare(page, table, ROWS, test=100 * TEST // ROWS) == ROWS
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert walks.too_wide(page) == []
    page.set_viewport_size(WIDE)
    [saved] = project.datasets.iterdir()
    dataset = PreparedDataset.open(saved)
    assert dataset.name == "Mis crónicas"
    assert dataset.counts["test"] == TEST
    assert sum(dataset.counts.values()) == ROWS
    assert (project.path / "fuentes" / "Crónicas del barrio.csv").read_bytes() == table.read_bytes()

    with page.expect_download() as download:
        button(page, "guarda", "Bajar el ZIP").click()
    download.value.save_as(folder / "copia.zip")
    assert zipfile.ZipFile(folder / "copia.zip").testzip() is None
    assert (
        step(page, "guarda").get_by_role("link", name="Seguí en la app 3").get_attribute("href") == "3_entrenar.ipynb"
    )
    wait_until(page, PREPARED)
    assert axe(page) == []
    kernel = max(server.kernels(), key=lambda pid: psutil.Process(pid).create_time())
    assert walks.light(kernel) <= walks.MOST_MB


def finds_it_again(page):
    """App 2, another page on the same project: everything is there again, without a click."""
    page.reload()
    walks.arrive(page)
    step(page, "textos").locator(".verdict").wait_for()
    step(page, "cuanto-entra").locator("s.cut").wait_for()
    step(page, "examen").locator(".poetas-part.test", has_text=f"{TEST} textos").wait_for()
    assert step(page, "guarda").get_by_label("Nombre").input_value() == "Mis crónicas"
    wait_until(page, PREPARED)


def drags_the_cut_line(page):
    """App 2: a length by the mouse, while the axis stands; then the one before, by hand."""
    page.mouse.wheel(0, 10)  # a browser takes a page to its old place as it grows, until somebody scrolls
    picture = step(page, "cuanto-entra").locator(".poetas-histogram-picture")
    bars = picture.locator("rect.kept, rect.beyond")
    bars.first.wait_for()
    assert bars.last.get_attribute("class") == "beyond", "the longest texts lie beyond the cut"
    length = step(page, "cuanto-entra").get_by_role("spinbutton")
    before, texts = length.input_value(), picture.locator("text").all_inner_texts()
    picture.hover(position={"x": 400, "y": 120})  # scrolls, and waits until the page stands still
    place = picture.bounding_box()
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] - 5, place["y"] + 120, steps=5)
    assert bars.last.get_attribute("class") in {"kept", "beyond"}
    assert picture.locator("text").all_inner_texts() == texts, "the axis stands while the line is dragged"
    page.mouse.up()
    wait_until(page, lambda: length.input_value() != before)
    length.fill(before)
    length.press("Enter")
    step(page, "examen").locator(".poetas-part.test", has_text=f"{TEST} textos").wait_for()


@pytest.mark.timeout(1500)
def test_from_a_file_to_the_verdict_with_a_reload_a_stop_and_a_resume(
    serve_model, forks, new_page, open_app, axe, tmp_path_factory, tmp_path
):
    server = serve_model(build_tiny_model(tmp_path_factory.mktemp("modelos") / TINY), **forks)
    workspace = Workspace(server.home / "poetas")
    page = open_app(new_page(viewport=PHONE), server, "2_preparar.ipynb")
    prepares_on_a_phone(page, server, workspace.project(), tmp_path, axe)
    finds_it_again(page)
    drags_the_cut_line(page)

    open_app(page, server, "3_entrenar.ipynb")
    step(page, "conjunto").get_by_text("Mis crónicas").first.wait_for()
    walks.take_model(page, "Modelo diminuto")
    walks.turn_presets(page)
    walks.train(page, lambda: open_app(page, server, "3_entrenar.ipynb"), lambda: suspended(workspace))
    walks.taste(page)
    assert "copiar" in walks.examine(page)
    walks.try_out(page)
    assert not (result := axe(page)), "\n".join(result)

    # After another reload everything is there.
    done, planned = walks.steps_done(page)
    assert done == planned
    open_app(page, server, "3_entrenar.ipynb")
    step(page, "mejoro").locator(".poetas-verdict").wait_for(timeout=1000 * walks.LONG)
    wait_until(page, lambda: walks.points(page) == planned)
    assert page.locator(".pasos li.done").count() >= 4
    page.set_viewport_size(PHONE)
    wait_until(page, "document.documentElement.scrollWidth <= 360")
    assert walks.too_wide(page) == []
    sentence = step(page, "mejoro").locator(".poetas-score-table > p")
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


@pytest.mark.embedded
@pytest.mark.timeout(1500)
def test_a_real_model_comes_to_its_verdict(serve_model, page, open_app, tmp_path):
    server = serve_model(embedded_model("smollm2-135m"))
    workspace = Workspace(server.home / "poetas")
    table = pd.read_csv(walks.latin_table(tmp_path / "crónicas.csv", 7, 24), sep=";", encoding="latin-1")
    table = table.rename(columns={"texto": "text", "resumen": "summary"})[["text", "summary"]]
    cuts = {"validation": slice(1), "test": slice(1, 3), "train": slice(3, None)}
    parts = {part: table[cut].reset_index(drop=True) for part, cut in cuts.items()}
    counts = {part: len(rows) for part, rows in parts.items()}
    save_tables(parts, {"format": 1, "task": "summary", "counts": counts}, workspace.project().datasets, "Crónicas")
    open_app(page, server, "3_entrenar.ipynb")
    button(page, "conjunto", "Usar «Crónicas»").click()
    walks.take_model(page, "SmolLM2 (135M)")
    button(page, "perillas", "Poner «Rápido»").click()
    button(page, "entrena", "Entrenar").click()
    step(page, "entrena").get_by_text("Terminó:").wait_for(timeout=2000 * LONG)
    wait_until(page, lambda: walks.steps_done(page) == (2, 2))
    assert "2 textos no alcanzan" in walks.examine(page)
    walks.try_out(page)
    assert page.seen.foreign(server.base) == []
    assert page.seen.errors == []
    assert Ledger(workspace.ledger).entries() == [], "nothing was downloaded and nothing was refused"
