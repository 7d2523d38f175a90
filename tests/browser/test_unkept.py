"""What was chosen could not be written down: the card is in sight, wherever on the page the click was."""

import shutil

import pytest

from tests.tiny_model import TINY, build_tiny_model
from tests.walks import step

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(serve_apps, tmp_path_factory):
    models = tmp_path_factory.mktemp("modelos")
    build_tiny_model(models / TINY)
    return serve_apps(env={"POETAS_MODELS": str(models)})


@pytest.mark.parametrize("width", [1180, 360])
def test_the_card_is_in_sight_and_its_button_writes_once_that_can_be_done(server, new_page, open_app, axe, width):
    page = new_page(viewport={"width": width, "height": 800})
    projects = server.home / "poetas" / "proyectos"
    shutil.rmtree(projects, ignore_errors=True)
    projects.parent.mkdir(parents=True, exist_ok=True)
    projects.write_text("a file where the folder should be")
    open_app(page, server, "1_conocer.ipynb")
    step(page, "modelo").get_by_role("button", name="Usar").first.click()
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
    card = page.locator(".poetas-unkept")
    card.get_by_role("alert").wait_for()
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not (result := axe(page)), "\n".join(result)
    projects.unlink()
    card.get_by_role("button").click()
    card.get_by_role("alert").wait_for(state="hidden")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
