"""What a learner does in each app, by the words that the learner sees: walks for tests and benchmarks.

A walk takes a Playwright page on which its app is open already, and asserts what the learner reads on the way.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import psutil
from playwright.sync_api import Error, Locator, Page

from poetas.data.storage.samples import sample

LONG = 300  # seconds that something with a model may take on a busy machine
MOST_MB = 250  # what the kernel behind a page may hold after a walk through the whole app


def step(page: Page, slug: str) -> Locator:
    """Return the card of a step."""
    return page.locator(f"section#{slug}")


def button(page: Page, slug: str, name: str) -> Locator:
    """Return a button of a step by its whole name."""
    return step(page, slug).get_by_role("button", name=name, exact=True)


def wait_until(page: Page, condition: str | Callable[[], object], seconds: float = 30) -> None:
    """Wait until a JavaScript expression, or a function without arguments, is true.

    Playwright's own ``wait_for_function`` evaluates a text inside the page, which the page's policy refuses.
    """
    began = time.monotonic()
    while not _holds(page, condition):
        waited = time.monotonic() - began
        assert waited < seconds, f"never true: {condition}"
        page.wait_for_timeout(min(500, max(50, 20 * waited)))  # each look costs 10 ms of the training that it waits for


def _holds(page: Page, condition: str | Callable[[], object]) -> bool:
    try:
        return bool(condition() if callable(condition) else page.evaluate(condition))
    except Error as error:
        if "context was destroyed" in error.message:  # the page is just being loaded again: ask the next one
            return False
        raise


def arrive(page: Page) -> None:
    """Wait until an app's cells and its kernel are there."""
    page.wait_for_selector("html[data-ready]", state="attached")


def too_wide(page: Page) -> list[str]:
    """Return what stands out of its step's card, or out of the window; what scrolls inside a box of its own may."""
    parts: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("section[id] *")].filter((part) => {
             const box = part.getBoundingClientRect(), card = part.closest("section[id]").getBoundingClientRect();
             const shown = box.width > 1 && box.height > 1 && getComputedStyle(part).visibility !== "hidden";
             return shown && !part.closest(".scroll, .poetas-film-pages, .bqplot, pre, svg, .sr-only")
               && (box.right > Math.min(card.right, innerWidth) + 1 || box.left < card.left - 1);
           }).map((part) => `${part.closest("section[id]").id}: ${part.tagName}.${part.className} `
             + part.textContent.trim().slice(0, 40))"""
    )
    return parts


# --- app 1 ------------------------------------------------------------------------------------------------------------


def play(page: Page) -> None:
    """App 1: the three rounds of «¿Qué sigue?», by keyboard once the first word was touched."""
    game = step(page, "que-sigue")
    mine = ["canilla", "gato", "tiempo"]
    for word in mine:
        option = game.get_by_role("button", name=word, exact=True)
        option.click()
        game.locator(".bar.mine", has_text=word).wait_for()
        wait_until(page, "document.activeElement.matches('#que-sigue .onward')")
        page.keyboard.press("Enter")
        wait_until(page, "document.activeElement.matches('#que-sigue :is(.num, .score)')")
    game.get_by_role("heading", name="Vos y el modelo coincidieron una vez de 3.").wait_for()
    assert game.locator(".poems .verse b").all_inner_texts() == [*mine, "puerta", "sueño", "tiempo"]


def count_words(page: Page) -> None:
    """App 1: a model of the coplas: draw a word, write a verse, compare three contexts, leave texts out."""
    toy = step(page, "juguete")
    verse = toy.get_by_label("Tu verso")
    verse.wait_for()
    before = verse.input_value()
    toy.get_by_role("button", name="Sacar un papelito").click()
    toy.locator(".raffle .taken").wait_for()
    wait_until(page, lambda: verse.input_value() != before)
    toy.get_by_role("button", name="Escribir hasta el fin del verso").click()
    wait_until(page, lambda: verse.input_value().endswith("\n"))
    toy.get_by_label("Tu apuesta").fill("2")
    toy.get_by_role("button", name="Apostar").click()
    toy.get_by_text("Dijiste 2 y son").wait_for()
    toy.locator(".toy-verse mark").nth(2).wait_for()
    toy.get_by_label("Sacar los que dicen").fill("carta")
    toy.get_by_role("button", name="Sacarlos").click()
    toy.get_by_text("Saqué 22 textos de 132.").wait_for()


def meet(page: Page, title: str) -> None:
    """App 1: take a model that is here, guess, write with a bar, turn a knob, write on both sides."""
    button(page, "modelo", f"Usar {title}").click()
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
    guess_and_write(page)


def guess_and_write(page: Page) -> None:
    """App 1, once a model is taken: guess, write with a bar, turn a knob, write on both sides."""
    proxima = step(page, "proxima")
    assert proxima.locator("button.bar").count() == 0 or not proxima.locator("button.bar").first.is_visible()
    proxima.get_by_label("Tu apuesta").fill("luna")
    proxima.get_by_role("button", name="Apostar").click()
    proxima.locator("button.bar").first.wait_for(timeout=1000 * LONG)
    proxima.locator(".bar.mine", has_text="luna").wait_for()
    written = proxima.get_by_label("Tu comienzo")
    before = written.input_value()
    proxima.locator("button.bar:not(.mine)").first.click()
    wait_until(page, lambda: written.input_value() != before)
    assert written.input_value().startswith(before)

    azar = step(page, "azar")
    azar.locator(".bar").first.wait_for()
    azar.get_by_role("button", name="Más perillas", exact=True).click()
    top_k = azar.get_by_role("spinbutton", name="top-k")
    top_k.fill("3")
    top_k.press("Enter")
    azar.locator(".bar.off").first.wait_for()
    twice = azar.get_by_role("button", name="Escribir de los dos lados")
    twice.click()
    azar.locator(".written").nth(1).wait_for(timeout=1000 * LONG)
    wait_until(page, twice.is_enabled, LONG)


# --- app 2 ------------------------------------------------------------------------------------------------------------


def latin_table(path: Path, rows: int, words: int | None = None) -> Path:
    """Write the first rows of a sample as Excel writes them in Argentina: Latin-1, semicolons, a column of numbers.

    words: keep so many of each text, and a third of them of its summary, for a model that takes seconds for a line.
    """
    with sample("noticias").path.open(encoding="utf-8", newline="") as source, path.open("wb") as out:
        for number, row in enumerate(csv.reader(source)):
            if number <= rows:
                texts = [_first(row[0], words), _first(row[1], words // 3)] if number and words else row
                cells = [str(number) if number else "número", *texts]
                line = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\r\n"
                out.write(line.encode("latin-1", "replace"))
    return path


def _first(text: str, words: int) -> str:
    return " ".join(text.split()[:words]).rstrip(",;:.") + "."


def upload(page: Page, path: Path) -> None:
    """Choose a file in the browser's own window."""
    with page.expect_file_chooser() as chooser:
        step(page, "textos").get_by_role("button", name="Elegí un archivo").click()
    chooser.value.set_files(str(path))


def prepare(page: Page, table: Path, rows: int, *, cut: float = 0.5, test: int = 30) -> int:
    """App 2: bring a `latin_table`, map its columns, see tokens, cut, split, save; return how many texts are cut.

    cut: the longest length to keep, as a share of the one that is offered. test: texts for the exam, of each 100.
    """
    upload(page, table)
    textos = step(page, "textos")
    textos.locator(".verdict").wait_for()
    assert (
        f"Leí {rows} filas y 3 columnas, separadas con punto y coma, con los acentos de Windows"
        in textos.locator(".verdict").inner_text()
    )
    assert textos.locator("tbody tr").count() == 5

    columnas = step(page, "columnas")
    columnas.locator(".poetas-pair").first.wait_for()
    assert columnas.locator("select").nth(0).input_value() == "texto"
    assert columnas.locator("select").nth(1).input_value() == "resumen"
    columnas.get_by_role("button", name="Está bien así").click()
    step(page, "sanos").get_by_role("button", name="Seguir así").click()

    tokens = step(page, "tokens")
    tokens.get_by_label("Tu apuesta").fill("97")
    tokens.get_by_role("button", name="Apostar").click()
    tokens.get_by_role("option").first.wait_for()
    tokens.locator(".poetas-bet-answer", has_text="Dijiste 97 y son").wait_for()

    largos = step(page, "cuanto-entra")
    largos.get_by_role("button", name="Mostrame").click()
    largos.locator(".poetas-histogram-picture rect.kept").first.wait_for()
    longest = largos.get_by_role("spinbutton")
    longest.fill(str(int(int(longest.input_value().replace(".", "")) * cut)))
    longest.press("Enter")
    largos.locator("s.cut").wait_for()
    match = re.search(rf"Se cortan (\d+) de {rows} textos", largos.inner_text())
    assert match

    examen = step(page, "examen")
    examen.get_by_role("button", name="Mostrame").click()
    share = examen.get_by_role("spinbutton", name="Para el examen, de cada 100")
    share.fill(str(test))
    share.press("Enter")
    examen.locator(".poetas-part.test", has_text=f"{round(rows * test / 100)} textos").wait_for()
    examen.get_by_role("button", name="Repartir así").click()

    guarda = step(page, "guarda")
    guarda.get_by_label("Nombre").fill("Mis crónicas")
    guarda.get_by_role("button", name="Guardar el conjunto").click()
    guarda.locator(".verdict").wait_for()
    return int(match[1])


# --- app 3 ------------------------------------------------------------------------------------------------------------


def points(page: Page) -> int:
    """Tell how many points the drawn training line has."""
    drawn = page.evaluate(
        """() => Math.max(0, ...[...document.querySelectorAll("#entrena .bqplot path.line")]
             .map((path) => (path.getAttribute("d") || "").split("L").length))"""
    )
    return int(drawn)


def steps_done(page: Page) -> tuple[int, int]:
    """Tell the steps that are done, and all of them, as the page says: (0, 0) while it says nothing."""
    figure = step(page, "entrena").locator(".figs b").first
    match = re.match(r"([\d.]+) de ([\d.]+)", figure.inner_text()) if figure.count() else None
    return (int(match[1].replace(".", "")), int(match[2].replace(".", ""))) if match else (0, 0)


def take_model(page: Page, title: str) -> None:
    """App 3, first step, once its texts are chosen: take a model that is here, unless it is taken already."""
    taken = step(page, "conjunto").get_by_text(f"Entra: entrenar {title}")
    choice = button(page, "conjunto", f"Usar {title}")
    wait_until(page, lambda: taken.count() or choice.count())
    if not taken.count():
        choice.click()
        taken.wait_for()
    wait_until(page, lambda: step(page, "entrena").get_by_role("link", name="Ir a ese paso").count() == 0)


def turn_presets(page: Page) -> None:
    """App 3: a preset moves the dials, and the browser's own rounding changes nothing; then one more epoch, by hand."""
    unfold = button(page, "perillas", "Quiero mover una perilla")
    if unfold.count():  # it is remembered
        unfold.click()
    button(page, "perillas", "Poner «Rápido»").click()
    epochs = step(page, "perillas").get_by_label("Vueltas al cuaderno (épocas)", exact=True).first
    wait_until(page, lambda: epochs.input_value() == "1")
    page.wait_for_timeout(700)
    assert not button(page, "perillas", "Poner «Rápido»").is_visible()
    button(page, "perillas", "Poner «Equilibrado»").click()
    wait_until(page, lambda: epochs.input_value() == "2")
    epochs.fill("3")
    epochs.press("Tab")
    button(page, "perillas", "Poner «Equilibrado»").wait_for()


def train(
    page: Page, reopen: Callable[[], object], suspended: Callable[[], AbstractContextManager[object]] = nullcontext
) -> None:
    """App 3: the curve grows; a reload in the middle shows it whole; it stops, and goes on from there to its end.

    suspended: keeps a quick training from its end while the page is loaded again.
    """
    button(page, "entrena", "Entrenar").click()
    wait_until(page, lambda: steps_done(page)[0] >= 1, LONG)
    first = points(page)
    wait_until(page, lambda: points(page) > first, LONG)
    with suspended():
        seen, _all = steps_done(page)
        reopen()
        wait_until(page, lambda: steps_done(page)[0] >= seen, LONG)
        wait_until(page, lambda: points(page) >= seen)
        button(page, "entrena", "Detener y guardar").click()
    step(page, "entrena").get_by_text("Detenido. Lo hecho está guardado.").wait_for(timeout=1000 * LONG)
    done, planned = steps_done(page)
    assert done < planned
    button(page, "entrena", "Seguir desde donde quedó").click()
    step(page, "entrena").get_by_text("Terminó:").wait_for(timeout=1000 * LONG)
    wait_until(page, lambda: steps_done(page) == (planned, planned))
    wait_until(page, lambda: points(page) == planned)


def taste(page: Page) -> None:
    """App 3: the blind tasting, by keyboard: nothing says who wrote what before the last vote."""
    cata = step(page, "cata")
    button(page, "cata", "Servir la cata").click()
    first = button(page, "cata", "Me quedo con A")
    first.wait_for(timeout=1000 * LONG)
    shown = re.search(r"Texto 1 de (\d+)", cata.inner_text())
    assert shown is not None
    total = int(shown[1])
    for index in range(total):
        cata.get_by_text(f"Texto {index + 1} de {total}").wait_for()
        assert "el que estudió." not in cata.locator(".poetas-blind-tasting").inner_text()
        first.focus()
        page.keyboard.press("Enter")
    cata.get_by_text("Tu elección.").nth(total - 1).wait_for()
    assert "el que estudió" in cata.locator(".poetas-blind-tasting").inner_text()


def examine(page: Page) -> str:
    """App 3: the exam, a verdict in words, and what a score counts, marked; return the verdict."""
    button(page, "mejoro", "Tomar el examen sin apostar").click()
    verdict = step(page, "mejoro").locator(".poetas-verdict")
    verdict.wait_for(timeout=2000 * LONG)
    score = step(page, "mejoro").get_by_role("button", name=re.compile("^Primera oración, Orden"))
    score.click()
    wait_until(page, lambda: score.get_attribute("aria-pressed") == "true")
    step(page, "mejoro").get_by_text("Orden (ROUGE-L) de este texto").wait_for()
    assert step(page, "mejoro").locator("mark").count() > 1
    return verdict.inner_text()


def try_out(page: Page) -> None:
    """App 3: one's own text, given to the base and to the tuned model."""
    button(page, "probalo", "Resumir").click()
    step(page, "probalo").get_by_role("heading", name="El que estudió").wait_for(timeout=1000 * LONG)
    wait_until(page, lambda: button(page, "probalo", "Resumir").is_enabled(), LONG)


# --- the processes behind a page --------------------------------------------------------------------------------------


def light(kernel: int) -> float:
    """Check that a page's kernel holds no model, no tokenizer and no dataset; return its resident memory in MB."""
    process = psutil.Process(kernel)
    mapped = {entry.path for entry in process.memory_maps()}
    assert not [path for path in mapped if "/torch/lib/" in path or "/tokenizers/" in path]
    return process.memory_info().rss / 1e6
