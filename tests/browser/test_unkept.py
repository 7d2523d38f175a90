"""What was chosen could not be written down: the card is in sight, wherever on the page the click was."""

import shutil

import pytest

from tests.tiny_model import TINY, build_tiny_model
from tests.walks import arrive, step

pytestmark = pytest.mark.browser


@pytest.fixture
def server(serve_apps):
    """The apps' server, with a model; afterwards it has neither the model nor the project in which it was used."""
    server = serve_apps()
    root = server.home / "poetas"
    shutil.rmtree(root / "proyectos", ignore_errors=True)  # what other tests chose in it
    build_tiny_model(root / "modelos" / TINY)
    yield server
    shutil.rmtree(root / "modelos" / TINY)
    shutil.rmtree(root / "proyectos")


def test_the_card_is_in_sight_and_its_button_writes_once_that_can_be_done(server, page, open_app, wear, axe):
    projects = server.home / "poetas" / "proyectos"
    projects.parent.mkdir(parents=True, exist_ok=True)
    projects.write_text("a file where the folder should be")
    open_app(page, server, "1_conocer.ipynb")
    step(page, "modelo").get_by_role("button", name="Usar").first.click()
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
    card = page.locator(".poetas-unkept")
    card.get_by_role("alert").wait_for()
    for width in (1180, 360):
        wear(page, viewport={"width": width, "height": 800})
        box = card.bounding_box()
        assert box["x"] >= 0, width
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0, width
        assert box["y"] + box["height"] <= 800, width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        assert not (result := axe(page)), f"{width}:\n" + "\n".join(result)
    projects.unlink()
    card.get_by_role("button").click()
    card.get_by_role("alert").wait_for(state="hidden")
    page.reload()
    arrive(page)
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
