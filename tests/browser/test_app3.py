"""App 3 in a real browser, on one page: phone, dark, choosing, erasing. The whole way is in test_main_job.py."""

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
def server(serve_apps, forks):
    running = serve_apps(env=forks)
    workspace = Workspace(running.home / "poetas")
    register_tiny_model(workspace)
    yield running
    for job in Job.all(workspace.project().jobs):
        job.stop()
    Service.retire("generation", workspace.root)


def starts_one_job(page, project, slug, name):
    """Click twice where a job is started: the second click lands on what has taken the button's place."""
    known = len(Job.all(project.jobs))
    button(page, slug, name).dblclick(delay=60)
    wait_until(page, lambda: not button(page, slug, name).is_visible())
    page.wait_for_timeout(1500)
    assert page.evaluate("document.activeElement.closest('section')?.id") == slug
    assert "otra pestaña" not in step(page, slug).inner_text()
    fresh = Job.all(project.jobs)[: len(Job.all(project.jobs)) - known]
    assert len(fresh) == 1
    assert not (fresh[0].dir / "stop").exists()
    fresh[0].stop()
    fresh[0].wait(LONG)


def save_with_a_long_name(project):
    """Save a dataset whose name has no place for a line break."""
    rows = [{"text": f"El tren de las {n} no llegó."} for n in range(6)]
    parts = {"train": pd.DataFrame(rows[:4]), "validation": pd.DataFrame(rows[4:5]), "test": pd.DataFrame(rows[5:])}
    counts = {part: len(table) for part, table in parts.items()}
    save_tables(parts, {"format": 1, "task": "style", "counts": counts}, project.datasets, "Supercalifragilístico_" * 5)


def reads_on_a_phone_and_in_the_dark(page, axe):
    """Look at the page where there is least room, and in other colours, with a folder of a long name, too."""
    page.wait_for_timeout(1500)
    page.locator("#borrar code").first.evaluate("code => { code.textContent += '_de_la_biblioteca'.repeat(5) }")
    for width, scheme in ((390, "light"), (1180, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == [], scheme
        assert too_wide(page) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), scheme


def test_it_reads_with_any_name_two_clicks_start_one_job_and_erasing_leaves_nothing_but_the_models(
    server, new_page, open_app, axe
):
    root = server.home / "poetas"
    project = Workspace(root).project()
    save_with_a_long_name(project)
    page = open_app(new_page(viewport={"width": 390, "height": 800}), server, APP)
    step(page, "conjunto").get_by_role("heading", name=re.compile("^Supercali")).wait_for()
    reads_on_a_phone_and_in_the_dark(page, axe)

    reason = step(page, "entrena").get_by_role("link", name="Ir a ese paso")
    assert reason.is_visible(), "a button is dead without its reason"
    title = step(page, "conjunto").get_by_role("heading", name="Noticias de pueblos que no existen")
    title.click(force=True)  # the whole face of a card picks it: its button lies over the title
    step(page, "conjunto").get_by_text("para estudiar,").wait_for(timeout=1000 * LONG)
    take_model(page, "Modelo diminuto")
    assert button(page, "entrena", "Entrenar").is_enabled()
    assert page.seen.errors == []

    starts_one_job(page, project, "perillas", "Medir cuánto tarda acá")
    wait_until(page, lambda: button(page, "entrena", "Entrenar").is_enabled(), LONG)
    starts_one_job(page, project, "entrena", "Entrenar")

    button(page, "borrar", "Borrar mis datos").click()
    button(page, "borrar", "Sí, borrar todo").click()
    step(page, "borrar").get_by_text(re.compile("Borré|No había nada")).first.wait_for(timeout=1000 * LONG)
    assert not (root / "proyectos").exists()
    assert (root / "modelos" / "tiny" / "model.safetensors").is_file()
    sample = button(page, "conjunto", "Usar el ejemplo noticias")
    sample.dblclick(delay=60)
    step(page, "conjunto").get_by_text("para estudiar,").wait_for(timeout=1000 * LONG)
