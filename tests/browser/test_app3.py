"""App 3 in a real browser with a tiny model: from the sample dataset to a verdict, with a reload in the middle."""

import re
from pathlib import Path

import psutil
import pytest

from poetas.jobs import Job
from poetas.services import Service
from poetas.workspace import Workspace
from tests.tiny_model import register_tiny_model

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
APP = "3_entrenar.ipynb"
STEPS = 90  # 120 texts, four at a time, three rounds
LONG = 240  # seconds that something with a model may take on a busy machine


def section(page, slug):
    return page.locator(f"section#{slug}")


def button(page, slug, name):
    return section(page, slug).get_by_role("button", name=name, exact=True)


def points(page):
    """How many points the drawn training line has."""
    drawn = page.evaluate(
        """() => Math.max(0, ...[...document.querySelectorAll("#entrena .bqplot path.line")]
             .map((path) => (path.getAttribute("d") || "").split("L").length))"""
    )
    return int(drawn)


def steps_done(page):
    told = section(page, "entrena").locator(".figs b").first
    if not told.count():
        return 0
    found = re.match(r"([\d.]+) de", told.inner_text())
    return int(found[1].replace(".", "")) if found else 0


@pytest.fixture(scope="module")
def server(serve_apps):
    running = serve_apps()
    workspace = Workspace(running.home / "poetas")
    register_tiny_model(workspace)
    yield running
    for job in Job.all(workspace.project().jobs):
        job.stop()
    Service.retire("generation", workspace.root)


def choose(page, wait_until):
    """What to work with, and how: nothing is dead without its reason beside it."""
    assert section(page, "entrena").get_by_role("link", name="Ir a ese paso").is_visible()
    button(page, "conjunto", "Usar el ejemplo noticias").click()
    section(page, "conjunto").get_by_text("para estudiar,").wait_for(timeout=1000 * LONG)
    button(page, "conjunto", "Usar Modelo diminuto").click()
    section(page, "conjunto").get_by_text("Entra: entrenar Modelo diminuto").wait_for()
    wait_until(page, lambda: section(page, "entrena").get_by_role("link", name="Ir a ese paso").count() == 0)
    # A preset moves the dials, and stays chosen: the browser's own rounding changes nothing.
    button(page, "perillas", "Poner «Rápido»").click()
    epochs = section(page, "perillas").get_by_label("Épocas (vueltas al cuaderno)", exact=True).first
    wait_until(page, lambda: epochs.input_value() == "1")
    page.wait_for_timeout(700)
    assert not button(page, "perillas", "Poner «Rápido»").is_visible()
    button(page, "perillas", "Poner «Equilibrado»").click()
    wait_until(page, lambda: epochs.input_value() == "3")


def train(page, server, open_app, wait_until):
    """The curve grows; a reload in the middle shows it whole; it stops, and goes on from there."""
    button(page, "entrena", "Entrenar").click()
    wait_until(page, lambda: steps_done(page) >= 3, LONG)
    first = points(page)
    wait_until(page, lambda: points(page) > first, LONG)
    seen = steps_done(page)
    open_app(page, server, APP)
    wait_until(page, lambda: steps_done(page) >= seen, LONG)
    wait_until(page, lambda: points(page) >= seen)
    button(page, "entrena", "Detener y guardar").click()
    section(page, "entrena").get_by_text("Detenido. Lo hecho está guardado.").wait_for(timeout=1000 * LONG)
    assert steps_done(page) < STEPS
    button(page, "entrena", "Seguir desde donde quedó").click()
    section(page, "entrena").get_by_text("Terminó:").wait_for(timeout=1000 * LONG)
    wait_until(page, lambda: steps_done(page) == STEPS)
    wait_until(page, lambda: points(page) == STEPS)


def examine(page, wait_until):
    """The exam, a verdict in words, and what a score counts, marked."""
    button(page, "mejoro", "Tomar el examen sin apostar").click()
    verdict = section(page, "mejoro").locator(".poetas-verdict")
    verdict.wait_for(timeout=1000 * LONG)
    assert "copiar" in verdict.inner_text()
    score = section(page, "mejoro").get_by_role("button", name=re.compile("^Primera oración, ROUGE-2"))
    score.click()
    wait_until(page, lambda: score.get_attribute("aria-pressed") == "true")
    section(page, "mejoro").get_by_text("ROUGE-2 de este texto").wait_for()
    assert section(page, "mejoro").locator("mark").count() > 1


def test_from_a_sample_to_the_verdict_with_a_reload_a_stop_and_a_resume(server, page, open_app, wait_until, axe):
    open_app(page, server, APP)
    assert axe(page) == []
    choose(page, wait_until)
    train(page, server, open_app, wait_until)
    assert axe(page) == []
    examine(page, wait_until)
    button(page, "probalo", "Resumir").click()
    section(page, "probalo").get_by_role("heading", name="Con tu adaptador").wait_for(timeout=1000 * LONG)
    wait_until(page, lambda: button(page, "probalo", "Resumir").is_enabled(), LONG)
    assert axe(page) == []
    # After another reload everything is there.
    open_app(page, server, APP)
    section(page, "mejoro").locator(".poetas-verdict").wait_for(timeout=1000 * LONG)
    wait_until(page, lambda: points(page) == STEPS)
    assert page.locator(".pasos li.done").count() >= 4
    assert page.seen.foreign(server.base) == []
    assert page.seen.errors == []
    for kernel in server.kernels():
        assert "libtorch" not in Path(f"/proc/{kernel}/maps").read_text()
        assert psutil.Process(kernel).memory_info().rss < 250_000_000


@pytest.mark.parametrize("look", [{"viewport": {"width": 390, "height": 800}}, {"color_scheme": "dark"}])
def test_it_reads_on_a_phone_and_in_the_dark(server, new_page, open_app, axe, look):
    page = open_app(new_page(**look), server, APP)
    page.wait_for_timeout(1500)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_erasing_leaves_nothing_but_the_models(server, page, open_app):
    open_app(page, server, APP)
    button(page, "borrar", "Borrar mis datos").click()
    button(page, "borrar", "Sí, borrar todo").click()
    section(page, "borrar").get_by_text(re.compile("Borré|No había nada")).first.wait_for(timeout=1000 * LONG)
    root = server.home / "poetas"
    assert not (root / "proyectos").exists()
    assert (root / "modelos" / "tiny" / "model.safetensors").is_file()
    button(page, "conjunto", "Usar el ejemplo noticias").wait_for()
