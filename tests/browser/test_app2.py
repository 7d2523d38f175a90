"""App 2 in a real browser: from a file on the learner's computer to a saved dataset, and back after a reload."""

import json
import re
import shutil
import zipfile

import psutil
import pytest

from poetas.data.storage.dataset_store import PreparedDataset
from tests.tiny_model import build_tiny_model
from tests.walks import MOST_MB, latin_table, light, prepare, step, too_wide, upload

pytestmark = pytest.mark.browser
ROWS = 60
APP = "2_preparar.ipynb"


@pytest.fixture(scope="module")
def server(serve_apps, tmp_path_factory):
    models = tmp_path_factory.mktemp("modelos")
    build_tiny_model(models / "tiny")
    return serve_apps(env={"POETAS_MODELS": str(models)})


@pytest.fixture
def project(server):
    """An empty project folder: what an earlier test left would be offered again."""
    shutil.rmtree(server.home / "poetas" / "proyectos", ignore_errors=True)
    return server.home / "poetas" / "proyectos" / "mi-proyecto"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A table in Latin-1 with semicolons, as Excel writes it in Argentina."""
    return latin_table(tmp_path_factory.mktemp("docs") / "Crónicas <del> barrio.csv", ROWS)


def test_the_whole_way_on_a_phone_from_a_file_to_a_dataset(
    server, project, new_page, open_app, table, wait_until, axe, tmp_path
):
    page = open_app(new_page(viewport={"width": 360, "height": 780}), server, APP)  # test_main_job.py has the wide one
    assert prepare(page, table, ROWS) == ROWS
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert too_wide(page) == []
    page.set_viewport_size({"width": 1180, "height": 900})
    dataset = PreparedDataset.open(next((project / "conjuntos").iterdir()))
    assert dataset.name == "Mis crónicas"
    assert dataset.counts["test"] == 18
    assert sum(dataset.counts.values()) == ROWS
    assert (project / "fuentes" / "Crónicas-del-barrio.csv").read_bytes() == table.read_bytes()

    guarda = step(page, "guarda")
    with page.expect_download() as download:
        guarda.get_by_role("button", name="Bajar el ZIP").click()
    download.value.save_as(tmp_path / "copia.zip")
    assert zipfile.ZipFile(tmp_path / "copia.zip").testzip() is None
    assert guarda.get_by_role("link", name="Seguí en la app 3").get_attribute("href") == "3_entrenar.ipynb"

    steps = ["textos", "columnas", "sanos", "tokens", "cuanto-entra", "examen", "guarda"]
    wait_until(page, f"{json.dumps(steps)}.every(s => document.querySelector(`.pasos li.done[data-step=${{s}}]`))")
    assert axe(page) == []
    assert page.seen.foreign(server.base) == []
    assert page.seen.errors == []
    kernel = max(server.kernels(), key=lambda pid: psutil.Process(pid).create_time())
    assert light(kernel) <= MOST_MB

    # Another page on the same project: everything is there again, without a click.
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    step(page, "textos").locator(".verdict").wait_for()
    step(page, "cuanto-entra").locator("s.cut").wait_for()
    step(page, "examen").locator(".poetas-part.test", has_text="18 textos").wait_for()
    assert step(page, "guarda").get_by_label("Nombre").input_value() == "Mis crónicas"
    wait_until(page, f"{json.dumps(steps)}.every(s => document.querySelector(`.pasos li.done[data-step=${{s}}]`))")

    page.mouse.wheel(0, 10)  # a browser takes a page to its old place as it grows, until somebody scrolls
    bars = step(page, "cuanto-entra").locator(".poetas-histogram-picture rect.kept, rect.beyond")
    bars.first.wait_for()
    assert bars.last.get_attribute("class") == "beyond", "the longest texts lie beyond the cut"
    picture = step(page, "cuanto-entra").locator(".poetas-histogram-picture")
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
    step(page, "examen").locator(".poetas-part.test", has_text="18 textos").wait_for()


def test_tokens_are_one_stop_for_the_keyboard_and_a_stanza_of_an_example_keeps_its_lines(
    server, project, new_page, open_app, axe, wait_until
):
    page = open_app(new_page(color_scheme="dark"), server, APP)
    tokens = step(page, "tokens")
    tokens.get_by_role("button", name="Mostrame").click()
    tokens.get_by_role("option").first.wait_for()
    assert tokens.locator('[role=option][tabindex="0"]').count() == 1
    tokens.get_by_role("option").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert re.search(r"Token 3 de \d+: .+ · número [\d.]+", tokens.locator(".poetas-chip-description").inner_text())
    page.keyboard.press("End")
    many = tokens.get_by_role("option").count()
    assert f"Token {many} de {many}" in tokens.locator(".poetas-chip-description").inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") != "option"
    box = tokens.get_by_label("Un texto")
    box.fill("mar")
    wait_until(
        page, "[...document.querySelectorAll('#tokens [role=option]')].map(e => e.textContent).join('') === 'mar'"
    )

    page.get_by_role("button", name="Probar con un ejemplo").click()
    page.get_by_role("button", name="Usar coplas").click()
    columnas = step(page, "columnas")
    columnas.locator(".poetas-pair").first.wait_for()
    assert "Tarea: escribir en un estilo" in columnas.inner_text()
    assert columnas.locator(".poetas-pair").first.locator("br").count() == 3
    tokens.get_by_role("button", name="Poner uno de mis textos").click()
    wait_until(page, lambda: tokens.get_by_role("listbox").locator("br").count() == 3)
    assert axe(page) == []


BAD = {
    "vacío.csv": (b"", "está vacío"),
    "canción.txt": (b"\x00\x01\x02\xff" * 500, "no es un archivo de texto"),
}


def test_no_bad_or_cancelled_file_stays_and_the_next_one_is_saved_once_by_a_double_click(
    server, project, page, open_app, wait_until, table, tmp_path
):
    open_app(page, server, APP)
    big = tmp_path / "enorme.csv"
    with big.open("wb") as out:
        out.truncate(200_000_001)
    upload(page, big)
    page.get_by_text("y acá entran hasta 200 MB").wait_for()  # before it travels
    assert list(project.glob("fuentes/*")) == []

    big = tmp_path / "larga.csv"
    big.write_bytes(b"texto\n" + b"la luna y el mar " * 6_000_000)
    upload(page, big)
    page.get_by_role("button", name="Cancelar").click()
    page.get_by_text("No quedó nada a medias").wait_for()
    page.wait_for_timeout(1000)
    assert [path.name for path in project.glob("fuentes/*")] == []

    textos = step(page, "textos")
    alert = textos.get_by_role("alert")
    for name, (content, words) in BAD.items():
        (tmp_path / name).write_bytes(content)
        upload(page, tmp_path / name)
        alert.get_by_text(words).wait_for()
    assert textos.locator(".verdict").count() == 0
    upload(page, table)
    textos.locator(".verdict").wait_for()
    assert alert.count() == 0

    guarda = step(page, "guarda")
    guarda.get_by_label("Nombre").fill("Doble")
    guarda.get_by_role("button", name="Guardar el conjunto").dblclick(delay=60)
    again = guarda.get_by_role("button", name="Guardar otra vez")
    again.wait_for()
    guarda.get_by_text("Ya está guardado así").wait_for()
    assert again.is_disabled()
    assert [folder.name for folder in (project / "conjuntos").iterdir()] == ["Doble"]
    step(page, "examen").get_by_role("button", name="Mezclar de otra manera").click()
    wait_until(page, again.is_enabled)
    again.click()
    guarda.get_by_text("Guardé «Doble (2)»").wait_for()
    open_app(page, server, "3_entrenar.ipynb")
    titles = step(page, "conjunto").get_by_role("heading", name=re.compile("Doble"))
    titles.first.wait_for()
    assert sorted(titles.all_inner_texts()) == ["Doble", "Doble (2)"]
    assert len(list((project / "conjuntos").iterdir())) == 2


def test_a_file_can_be_dropped_and_one_dropped_beside_does_not_leave_the_page(server, project, page, open_app):
    open_app(page, server, APP)
    drop = """([selector, name, text, second]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name));
        if (second) data.items.add(new File([text], second));
        const init = {dataTransfer: data, bubbles: true, cancelable: true};
        const spot = document.querySelector(selector);
        for (const type of ["dragenter", "dragover", "drop"]) spot.dispatchEvent(new DragEvent(type, init));
    }"""
    page.locator(".poetas-drop").first.wait_for()
    page.evaluate(drop, ["h1", "perdido.txt", "nada"])
    page.evaluate(drop, [".poetas-drop", "uno.txt", "Una copla", "dos.txt"])
    page.get_by_text("Soltaste 2 archivos").wait_for()
    page.evaluate(drop, [".poetas-drop", "../soltado.txt", "Una copla larga\\n\\nY otra copla"])
    step(page, "textos").locator(".verdict").wait_for()
    assert [path.name for path in (project / "fuentes").iterdir()] == ["soltado.txt"]
