"""App 3 in a real browser with a tiny model: choosing, phone, dark, erasing. The whole way is in test_main_job.py."""

import re

import pandas as pd
import pytest

from poetas.data.storage.dataset_store import save_tables
from poetas.jobs import Job
from poetas.services import Service
from poetas.workspace import Workspace
from tests.tiny_model import register_tiny_model
from tests.walks import LONG, button, step, take_model, too_wide, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
APP = "3_entrenar.ipynb"


@pytest.fixture(scope="module")
def server(serve_apps):
    running = serve_apps()
    workspace = Workspace(running.home / "poetas")
    register_tiny_model(workspace)
    yield running
    for job in Job.all(workspace.project().jobs):
        job.stop()
    Service.retire("generation", workspace.root)


def test_a_sample_and_a_model_are_a_click_each_and_nothing_is_dead_without_its_reason(server, page, open_app, axe):
    open_app(page, server, APP)
    assert axe(page) == []
    assert step(page, "entrena").get_by_role("link", name="Ir a ese paso").is_visible()
    button(page, "conjunto", "Usar el ejemplo noticias").click()
    step(page, "conjunto").get_by_text("para estudiar,").wait_for(timeout=1000 * LONG)
    take_model(page, "Modelo diminuto")
    assert button(page, "entrena", "Entrenar").is_enabled()
    assert page.seen.errors == []


@pytest.mark.parametrize(("slug", "name"), [("perillas", "Ensayar en esta máquina"), ("entrena", "Entrenar")])
def test_a_double_click_starts_one_job_and_the_focus_stays_in_its_step(server, page, open_app, slug, name):
    project = Workspace(server.home / "poetas").project()
    open_app(page, server, APP)
    sample = button(page, "conjunto", "Usar el ejemplo noticias")
    if sample.count():
        sample.dblclick(delay=60)
        step(page, "conjunto").get_by_text("para estudiar,").wait_for(timeout=1000 * LONG)
    take_model(page, "Modelo diminuto")
    known = len(Job.all(project.jobs))
    button(page, slug, name).dblclick(delay=60)  # the second lands on what has taken its place
    wait_until(page, lambda: not button(page, slug, name).is_visible())
    page.wait_for_timeout(1500)
    assert page.evaluate("document.activeElement.closest('section')?.id") == slug
    assert "otra pestaña" not in step(page, slug).inner_text()
    fresh = Job.all(project.jobs)[: len(Job.all(project.jobs)) - known]
    assert len(fresh) == 1
    assert not (fresh[0].dir / "stop").exists()
    fresh[0].stop()
    fresh[0].wait(LONG)


@pytest.mark.parametrize("look", [{"viewport": {"width": 390, "height": 800}}, {"color_scheme": "dark"}])
def test_it_reads_on_a_phone_and_in_the_dark_whatever_a_dataset_is_called(server, new_page, open_app, axe, look):
    project = Workspace(server.home / "poetas").project()
    rows = [{"text": f"El tren de las {n} no llegó."} for n in range(6)]
    parts = {"train": pd.DataFrame(rows[:4]), "validation": pd.DataFrame(rows[4:5]), "test": pd.DataFrame(rows[5:])}
    counts = {part: len(table) for part, table in parts.items()}
    save_tables(parts, {"format": 1, "task": "style", "counts": counts}, project.datasets, "Supercalifragilístico_" * 5)
    page = open_app(new_page(**look), server, APP)
    page.wait_for_timeout(1500)
    assert axe(page) == []
    assert too_wide(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_erasing_leaves_nothing_but_the_models(server, page, open_app):
    open_app(page, server, APP)
    button(page, "borrar", "Borrar mis datos").click()
    button(page, "borrar", "Sí, borrar todo").click()
    step(page, "borrar").get_by_text(re.compile("Borré|No había nada")).first.wait_for(timeout=1000 * LONG)
    root = server.home / "poetas"
    assert not (root / "proyectos").exists()
    assert (root / "modelos" / "tiny" / "model.safetensors").is_file()
    button(page, "conjunto", "Usar el ejemplo noticias").wait_for()
