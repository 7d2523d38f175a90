"""A learner's own texts by keyboard alone: a table with documents, a book and poems in; a model and a page out.

Poems from Word come in whole, are seen in the film and in the tasting, and leave in the page to keep; documents (DNI)
are found and masked before anything is saved; a book's pages of rights are left out. The adapter that is downloaded has
learnt, none of the texts goes along, and its notebook goes on with a poem where nothing of this project is imported.
"""

import html
import json
import re
import subprocess
import sys
import zipfile

import pytest
from safetensors.numpy import load

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.prompt_templates import style_prompt
from poetas.jobs import Job
from poetas.services import Service
from poetas.workspace import Workspace
from tests.own_files import CHAPTERS, DOCUMENTS, LICENCE, POEMS, book_epub, letters_csv, poems_docx, whole_poems
from tests.tiny_model import TINY, build_tiny_model
from tests.walks import LONG, arrive, button, step, too_wide, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]
PARTS = ("train", "validation", "test")
IN_VIEW = "(part) => part.getBoundingClientRect().top >= 60 && part.getBoundingClientRect().bottom <= innerHeight"
FOCUSED = "e => e === document.activeElement"
FOCUSED_OR_GONE = "e => e.isConnected ? e === document.activeElement : null"
VERSES = {verse for poem in whole_poems() for verse in poem.split("\n") if len(verse) > 20}  # that are like no other
MOST_TABS = 300  # once around the page: the next control may be the one that has the focus
# What of a step is too small for a finger (WCAG 2.2, 2.5.8); links in a line of text may be, and so may what is hidden.
TOO_SMALL = """steps => [...document.querySelectorAll(`:is(${steps}) :is(button, select, input, summary, textarea)`)]
    .filter(control => control.offsetParent)
    .map(control => [control, (control.closest("label") || control).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
    .map(([control]) => control.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def server(serve_apps, forks, tmp_path_factory):
    models = build_tiny_model(tmp_path_factory.mktemp("modelos") / TINY).parent
    running = serve_apps(env={"POETAS_MODELS": str(models), **forks})
    yield running
    workspace = Workspace(running.home / "poetas")
    for job in Job.all(workspace.project().jobs):
        job.stop()
    Service.retire("generation", workspace.root)


# --- the keyboard -----------------------------------------------------------------------------------------------------


def reach(page, control):
    """Press Tab until a control has the focus; it must then be visible that it has."""
    control.wait_for(timeout=1000 * LONG)
    element = control.element_handle()  # looking it up by its role after each key costs more than the key
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = element.evaluate(FOCUSED_OR_GONE)
        if focused is None:  # drawn again meanwhile
            element = control.element_handle()
            focused = element.evaluate(FOCUSED)
        if focused:
            assert element.evaluate("e => e.matches(':focus-visible')")
            return
    pytest.fail(f"Tab does not reach {control}")


def press(page, control, key="Enter"):
    """Reach a control by Tab, and press a key on it."""
    wait_until(page, control.is_enabled, LONG)
    reach(page, control)
    page.keyboard.press(key)


def write(page, control, words):
    """Reach a text box, which selects its text, write over it, and leave it."""
    reach(page, control)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
    page.keyboard.press("Tab")


@pytest.fixture
def judge(axe):
    """``judge(page, *slugs)``: steps as they are now, wide and light, narrow and dark, for everybody to use."""

    def look(page, *slugs):
        steps = ", ".join(f"#{slug}" for slug in slugs)
        for width, scheme in ((360, "dark"), (1180, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert not (violations := axe(page, steps)), "\n".join(violations)
            assert [part for part in too_wide(page) if part.startswith(slugs)] == [], width
            assert page.evaluate(TOO_SMALL, steps) == [], width

    return look


# --- app 2 ------------------------------------------------------------------------------------------------------------


def bring(page, path, sentence):
    """Choose a file by keyboard, and wait for what was understood of it."""
    textos = step(page, "textos")
    if (other := button(page, "textos", "Traer otro archivo")).is_visible():
        press(page, other)
    choose = textos.get_by_role("button", name="Elegí un archivo")
    choose.wait_for()
    with page.expect_file_chooser() as chooser:
        press(page, choose)
    chooser.value.set_files(str(path))
    read = textos.locator(".verdict", has_text=sentence)
    read.wait_for()
    wait_until(page, lambda: read.evaluate(IN_VIEW))
    return textos


def sees_the_split(page):
    """Skip the bet on the size of an exam, unless it was skipped already."""
    accept, show = button(page, "examen", "Repartir así"), button(page, "examen", "Mostrame")
    accept.or_(show).first.wait_for()
    if show.is_visible():
        press(page, show)


def save(page, project, name):
    """Accept the split and save; return the rows of the set on the disk, and its folder."""
    sees_the_split(page)
    press(page, button(page, "examen", "Repartir así"))
    guarda = step(page, "guarda")
    write(page, guarda.get_by_label("Nombre"), name)
    press(page, button(page, "guarda", "Guardar el conjunto"))
    guarda.locator(".verdict", has_text=f"«{name}»").wait_for()
    [dataset] = [saved for saved in map(PreparedDataset.open, project.datasets.iterdir()) if saved.name == name]
    return [row for part in PARTS for row in dataset.rows(part)], dataset


def bring_letters(page, project, folder, judge):
    """A table with a document in each letter: found, masked by one key, and in nothing that is saved or downloaded."""
    textos = bring(
        page,
        letters_csv(folder / "cartas.csv"),
        "Leí 20 filas y 4 columnas, separadas con punto y coma, con los acentos de Windows",
    )
    assert "con coma decimal" in textos.locator(".verdict").inner_text()
    column = step(page, "columnas").locator("select").nth(0)
    wait_until(page, lambda: column.input_value() == "carta")
    press(page, button(page, "columnas", "Está bien así"))
    sanos = step(page, "sanos")
    finding = sanos.locator(".poetas-finding", has_text="En 20 textos hay números de documento")
    press(page, finding.locator("summary"))
    assert DOCUMENTS[0] in finding.inner_text()
    judge(page, "sanos")
    press(page, finding.get_by_role("button", name="Taparlos"))
    sanos.get_by_text("Los tapé en 20 textos").wait_for()
    assert sanos.get_by_role("button", name="Destaparlos").evaluate(FOCUSED), "the focus was lost"
    button(page, "sanos", "Seguir así").wait_for(state="hidden")  # nothing is left to decide

    rows, dataset = save(page, project, "Cartas al diario")
    assert len(rows) == len(DOCUMENTS)
    assert all("DNI [documento]" in row["text"] for row in rows)
    copy = folder / "copia.zip"
    with page.expect_download() as download:
        press(page, step(page, "guarda").get_by_role("button", name="Bajar el ZIP", exact=True))
    download.value.save_as(copy)
    with zipfile.ZipFile(copy) as archive:
        stored = [archive.read(name) for name in archive.namelist()]
    stored += [file.read_bytes() for file in dataset.folder.rglob("*") if file.is_file()]
    assert not any(document.encode() in content for document in DOCUMENTS for content in stored)


def bring_book(page, project, folder):
    """A book: its cover, rights and contents are left out, and no word of its chapters."""
    path = book_epub(folder / "El patio de atrás.epub")
    textos = bring(page, path, f"Leí {CHAPTERS} textos, {CHAPTERS} con título")
    notices = textos.inner_text()
    assert "Dejé 1 página de licencia o derechos." in notices
    press(page, textos.get_by_role("button", name=re.compile("^en cada título")))
    textos.locator(".verdict", has_text=f"Leí {CHAPTERS} textos").wait_for()
    press(page, button(page, "columnas", "Está bien así"))
    press(page, button(page, "sanos", "Seguir así"))
    rows, _dataset = save(page, project, "El patio de atrás")
    assert len(rows) == CHAPTERS
    saved = " ".join(row["text"] for row in rows)
    days = [int(day) for day in re.findall(r"hasta el día (\d+)\.", saved)]
    assert sorted(days) == list(range(1, 30 * CHAPTERS + 1)), "each sentence is there once"
    assert not any(words in saved for words in ("Editorial", "ISBN", LICENCE))


def bring_poems(page, project, folder, judge):
    """Twelve poems from Word: title and stanzas together, twelve in and twelve out."""
    textos = bring(page, poems_docx(folder / "Mis poemas.docx"), "Leí 12 poemas, 12 con título")
    assert textos.locator(".poetas-page").count() == 3
    assert textos.locator(".poetas-page").first.inner_text().split() == f"La gotera {POEMS['La gotera']}".split()
    judge(page, "textos")
    press(page, button(page, "columnas", "Está bien así"))
    press(page, button(page, "sanos", "Seguir así"))
    sees_the_split(page)
    step(page, "examen").get_by_role("button", name="Mover también el simulacro").click()
    share = step(page, "examen").get_by_role("spinbutton", name="Para el simulacro, de cada 100")
    write(page, share, "25")
    step(page, "examen").locator(".poetas-part.validation", has_text="3 textos").wait_for()
    rows, dataset = save(page, project, "Mis poemas")
    assert len(rows) == len(POEMS)
    assert {row["text"] for row in rows} == whole_poems()
    return dataset


def bring_folder(page, folder, judge):
    """A zip with a tick for each file; a file that cannot be read is a card that leaves everything as it was."""
    path = folder / "carpeta.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (("uno.txt", "Una copla"), ("dos.txt", "Otra distinta"), ("LICENSE.txt", "De todos")):
            archive.writestr(name, content)
    textos = bring(page, path, "Leí 2 archivos de texto")
    press(page, button(page, "textos", "¿Se ve mal?"))
    press(page, textos.get_by_role("checkbox", name="uno.txt"), "Space")
    textos.locator(".verdict", has_text="Leí 1 archivo de texto").wait_for()
    press(page, button(page, "textos", "Traer otro archivo"))
    (folder / "vacío.csv").write_bytes(b"")
    with page.expect_file_chooser() as chooser:
        press(page, textos.get_by_role("button", name="Elegí un archivo"))
    chooser.value.set_files(str(folder / "vacío.csv"))
    textos.get_by_role("alert").get_by_text("está vacío").wait_for()
    textos.get_by_role("checkbox", name="dos.txt").wait_for()
    judge(page, "textos")


# --- app 3 ------------------------------------------------------------------------------------------------------------


def choose(page, name):
    """Take a dataset by keyboard, and the model unless it is taken."""
    if (use := button(page, "conjunto", f"Usar «{name}»")).count():
        press(page, use)
    taken = step(page, "conjunto").get_by_text("Entra: entrenar Modelo diminuto")
    model = button(page, "conjunto", "Usar Modelo diminuto")
    wait_until(page, lambda: taken.count() or model.count())
    if not taken.count():
        press(page, model)
    taken.wait_for()


def train(page):
    """Train; return what the film shows."""
    press(page, button(page, "entrena", "Entrenar"))
    step(page, "entrena").get_by_text("Terminó:").wait_for(timeout=1000 * LONG)
    film = step(page, "entrena").locator(".poetas-film")
    film.wait_for()
    return film


def taste(page, beginnings, poems, judge):
    """Taste by keyboard, the rubric of a glass too; each poem is there, from its beginning to its end."""
    press(page, button(page, "cata", "Servir la cata"))
    cata = step(page, "cata")
    for index in range(len(beginnings)):
        cata.get_by_text(f"Texto {index + 1} de {len(beginnings)}").wait_for(timeout=1000 * LONG)
        if not index:
            fold = cata.locator(".poetas-rubric summary").first
            press(page, fold)
            fluency = cata.locator("[data-code=fluency] input").first
            press(page, fluency, "Space")
            for _step in range(3):
                page.keyboard.press("ArrowRight")
            wait_until(page, cata.locator("[data-code=fluency] input").nth(3).is_checked)
            judge(page, "cata")
        press(page, button(page, "cata", "Me quedo con A"))
    cata.get_by_text("Tus puntos, en promedio").wait_for()
    assert "4,0 de 5" in cata.inner_text()
    shown = cata.inner_text()
    for beginning, poem in zip(beginnings, poems, strict=True):
        assert " ".join(beginning.split()) in " ".join(shown.split())
        following = poem[len(beginning) :].split("\n")
        assert next(line for line in following if line.strip()) in shown


def keep_page(page, path, dataset, beginning):
    """Choose a line, tick the beginning, download the page to keep: of the texts it has that, and no other verse."""
    recuerdo = step(page, "recuerdo")
    write(page, recuerdo.get_by_label("¿Quién firma? (si querés)"), "Ana")
    lines = recuerdo.locator(".poetas-line-ticks label")
    line = lines.first.inner_text().strip()
    press(page, lines.first.locator("input"), "Space")
    recuerdo.get_by_text("Elegiste 1 línea.").wait_for()
    press(page, recuerdo.get_by_role("checkbox", name="Y el texto del que partía"), "Space")
    with page.expect_download() as download:
        press(page, button(page, "recuerdo", "Bajar la página"))
    download.value.save_as(path)
    kept = html.unescape(path.read_text("utf-8"))
    said = "".join(sign for sign in line if sign.isprintable())[:80]  # a long line is cut there
    for words in (
        "Zorzal",
        "con la voz de Ana",
        f"<blockquote>{said}",
        f"aprendió de {dataset.counts['train']} textos",
    ):
        assert words in kept
    ticked = set(beginning.split("\n"))
    assert beginning.split("\n")[0] in kept
    assert {verse for verse in VERSES if verse in kept} <= ticked


def take_away(page, path):
    """Check what it recites, name it, and download the adapter."""
    press(page, button(page, "llevatelo", "Revisar si memorizó algo privado"))
    write(page, step(page, "llevatelo").get_by_label("¿Cómo se llama tu modelo?"), "Zorzal")
    press(page, button(page, "llevatelo", "Preparar el zip"))
    with page.expect_download() as download:
        press(page, button(page, "llevatelo", "Bajar el zip"))
    download.value.save_as(path)


def has_learnt(folder):
    """Tell whether an adapter moves anything: its second matrices are zero before training."""
    [weights] = folder.rglob("adapter_model.safetensors")
    return any(matrix.any() for name, matrix in load(weights.read_bytes()).items() if "lora_B" in name)


# The notebook of a downloaded model, run in its folder: it goes on with a beginning.
USE = """
import json, os, sys
os.chdir(sys.argv[1])
cells = json.load(open("usar.ipynb", encoding="utf-8"))["cells"]
scope = {"__name__": "cuaderno"}
exec("\\n\\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code"), scope)
assert type(scope["model"]).__name__ == "PeftModelForCausalLM", type(scope["model"])
assert not [name for name in sys.modules if name.split(".")[0] in {"poetas", "widgets"}]
print("\\n" + json.dumps(scope["escribir"](sys.argv[2], tokens=12)))
"""


def written_outside(folder, beginning):
    """What the downloaded model writes in a process with plain transformers and peft, and no network."""
    command = [sys.executable, "-P", "-c", USE, str(folder), beginning]
    surroundings = {"PATH": "/usr/bin:/bin", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HOME": str(folder)}
    seen = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=LONG, check=False)
    assert seen.returncode == 0, seen.stderr[-3000:]
    return json.loads(seen.stdout.strip().splitlines()[-1])


def test_own_texts_come_in_whole_and_leave_as_a_page_and_a_model(
    server, page, new_page, open_app, axe, judge, tmp_path
):
    project = Workspace(server.home / "poetas").project()
    open_app(page, server, "2_preparar.ipynb")
    bring_letters(page, project, tmp_path, judge)
    bring_book(page, project, tmp_path)
    bring_folder(page, tmp_path, judge)
    dataset = bring_poems(page, project, tmp_path, judge)
    press(page, page.get_by_role("link", name="Seguí en la app 3"))
    arrive(page)

    choose(page, "Mis poemas")
    poems = [row["text"] for row in dataset.rows("validation")]
    beginnings = [style_prompt(poem) for poem in poems]
    press(page, button(page, "perillas", "Poner «Rápido»"))
    film = train(page)
    assert film.locator(".poetas-page-of-film").count() == len(poems) == 3
    for beginning, card in zip(beginnings, film.locator(".poetas-page-of-film").all(), strict=True):
        assert " ".join(beginning.split()) in " ".join(card.inner_text().split())
    taste(page, beginnings, poems, judge)
    take_away(page, tmp_path / "modelo.zip")
    keep_page(page, tmp_path / "recuerdo.html", dataset, beginnings[0])
    judge(page, "entrena", "cata", "llevatelo", "recuerdo")
    opened = new_page(viewport={"width": 360, "height": 780}, color_scheme="dark")
    opened.goto((tmp_path / "recuerdo.html").as_uri())
    assert axe(opened) == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.seen.errors == []

    # The letters would be studied as they were saved: without a document.
    choose(page, "Cartas al diario")
    press(page, button(page, "entrena", "¿Qué aprende de un texto?"))
    studied = step(page, "entrena").locator(".poetas-label-text")
    studied.wait_for(timeout=1000 * LONG)
    assert "DNI [documento]" in studied.inner_text()
    assert not any(document in page.content() for document in DOCUMENTS)
    assert page.seen.foreign(server.base) == []
    assert page.seen.errors == []

    with zipfile.ZipFile(tmp_path / "modelo.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "afuera")
    [root] = (tmp_path / "afuera").iterdir()
    assert has_learnt(root)
    assert written_outside(root, beginnings[0])
    packed = [
        file.read_text("utf-8", "replace") for file in root.rglob("*") if file.suffix in {".md", ".json", ".ipynb"}
    ]
    assert not any(verse in content for verse in VERSES for content in packed), "no text of the learner's goes along"
