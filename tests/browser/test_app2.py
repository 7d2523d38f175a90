"""App 2 in a real browser, on one page: tokens by keyboard, bad and dropped files, saving once, verse of an example.

The whole way from a file to a dataset, on a phone, is in test_main_job.py.
"""

import re
import shutil

import pytest

from poetas.data.storage.dataset_store import PreparedDataset
from tests.tiny_model import build_tiny_model
from tests.walks import button, latin_table, step, upload

pytestmark = pytest.mark.browser
ROWS = 60
APP = "2_preparar.ipynb"


@pytest.fixture(scope="module")
def server(serve_apps, forks, tmp_path_factory):
    models = tmp_path_factory.mktemp("modelos")
    build_tiny_model(models / "tiny")
    return serve_apps(env={"POETAS_MODELS": str(models), **forks})


@pytest.fixture
def project(server):
    """An empty project folder: what an earlier test left would be offered again."""
    shutil.rmtree(server.home / "poetas" / "proyectos", ignore_errors=True)
    return server.home / "poetas" / "proyectos" / "mi-proyecto"


def shows_tokens(page, wait_until):
    """See that tokens are one stop for the keyboard, and described one by one."""
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


BAD = {
    "vacío.csv": (b"", "está vacío"),
    "canción.txt": (b"\x00\x01\x02\xff" * 500, "no es un archivo de texto"),
}


def refuses_bad_files(page, project, folder):
    """See that no file that is too large, cancelled or unreadable stays."""
    big = folder / "enorme.csv"
    with big.open("wb") as out:
        out.truncate(200_000_001)
    upload(page, big)
    page.get_by_text("y acá entran hasta 200 MB").wait_for()  # before it travels
    assert list(project.glob("fuentes/*")) == []

    big = folder / "larga.csv"
    big.write_bytes(b"texto\n" + b"la luna y el mar " * 6_000_000)
    upload(page, big)
    page.get_by_role("button", name="Cancelar").click()
    page.get_by_text("No quedó nada a medias").wait_for()
    page.wait_for_timeout(1000)
    assert [path.name for path in project.glob("fuentes/*")] == []

    textos = step(page, "textos")
    for name, (content, words) in BAD.items():
        (folder / name).write_bytes(content)
        upload(page, folder / name)
        textos.get_by_role("alert").get_by_text(words).wait_for()
    assert textos.locator(".verdict").count() == 0


DROP = """([selector, name, text, second]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    if (second) data.items.add(new File([text], second));
    const init = {dataTransfer: data, bubbles: true, cancelable: true};
    const target = document.querySelector(selector);
    for (const type of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(type, init));
}"""


def takes_a_dropped_file(page, project):
    """Drop a file beside, which does not leave the page, then two, then one in its place, which is read."""
    page.locator(".poetas-drop").first.wait_for()
    page.evaluate(DROP, ["h1", "perdido.txt", "nada"])
    page.evaluate(DROP, [".poetas-drop", "uno.txt", "Una copla", "dos.txt"])
    page.get_by_text("Soltaste 2 archivos").wait_for()
    page.evaluate(DROP, [".poetas-drop", "../soltado.txt", "Una copla larga\n\nY otra copla"])
    step(page, "textos").locator(".verdict").wait_for()
    assert step(page, "textos").get_by_role("alert").count() == 0
    assert [path.name for path in (project / "fuentes").iterdir()] == ["soltado.txt"]


def saves_once_for_a_double_click(page, project, table, wait_until):
    """Save a table by a double click, once; save another split of it under another name."""
    button(page, "textos", "Traer otro archivo").click()
    upload(page, table)
    step(page, "textos").locator(".verdict", has_text=f"Leí {ROWS} filas").wait_for()
    guarda = step(page, "guarda")
    wait_until(page, lambda: guarda.get_by_label("Nombre").input_value() == table.stem)  # offered for the new texts
    guarda.get_by_label("Nombre").fill("Doble")
    guarda.get_by_role("button", name="Guardar el conjunto").dblclick(delay=60)
    again = guarda.get_by_role("button", name="Guardar otra vez")
    again.wait_for()
    guarda.get_by_text("Ya está guardado así").wait_for()
    assert again.is_disabled()
    assert [folder.name for folder in (project / "conjuntos").iterdir()] == ["Doble"]
    step(page, "examen").get_by_role("button", name="Mostrame").click()
    step(page, "examen").get_by_role("button", name="Mezclar de otra manera").click()
    wait_until(page, again.is_enabled)
    again.click()
    guarda.get_by_text("Guardé «Doble (2)»").wait_for()
    names = [PreparedDataset.open(folder).name for folder in (project / "conjuntos").iterdir()]
    assert sorted(names) == ["Doble", "Doble (2)"]


def in_window(part):
    """Tell whether all of a part stands in the window, below the page's header."""
    whole = "e => { const b = e.getBoundingClientRect(); return b.height && b.top > 60 && b.bottom <= innerHeight }"
    return bool(part.evaluate(whole))


def shows_the_lines_of_a_stanza(page, wait_until):
    """Take an example in verse: its stanzas keep their lines among the texts and among the tokens.

    What a click opens above it, the ways in and the box of a summary, comes into the window.
    """
    button(page, "textos", "Traer otro archivo").click()
    wait_until(page, lambda: in_window(page.locator(".poetas-drop").first))
    page.get_by_role("button", name="Probar con un ejemplo").click()
    page.get_by_role("button", name="Usar coplas").click()
    columnas = step(page, "columnas")
    columnas.get_by_text("Tarea: escribir en un estilo").wait_for()
    wait_until(page, lambda: columnas.locator(".poetas-pair").first.locator("br").count() == 3)
    tokens = step(page, "tokens")
    tokens.get_by_role("button", name="Poner uno de mis textos").click()
    wait_until(page, lambda: tokens.get_by_role("listbox").locator("br").count() == 3)
    columnas.get_by_role("button", name="Escribir yo un resumen").click()
    wait_until(page, lambda: in_window(columnas.get_by_label("Tu resumen")))


def test_tokens_by_keyboard_bad_and_dropped_files_a_double_click_and_an_example_in_verse(
    server, project, new_page, open_app, axe, wait_until, tmp_path
):
    page = open_app(new_page(color_scheme="dark"), server, APP)
    shows_tokens(page, wait_until)
    refuses_bad_files(page, project, tmp_path)
    takes_a_dropped_file(page, project)
    saves_once_for_a_double_click(page, project, latin_table(tmp_path / "tabla.csv", ROWS), wait_until)
    shows_the_lines_of_a_stanza(page, wait_until)
    assert axe(page) == []
