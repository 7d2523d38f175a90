"""Each app as it opens: usable, private, and fit for everybody, before anything was clicked."""

import re

import pytest

pytestmark = pytest.mark.browser

APPS = ["1_conocer", "2_preparar", "3_entrenar"]
LOOKS = [
    pytest.param({"viewport": {"width": 1180, "height": 900}}, id="wide"),
    pytest.param(
        {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True}, id="phone-dark"
    ),
]
OUTSIDE = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.closest(".scroll, pre") === null)
    .filter(one => one.offsetParent && getComputedStyle(one).position !== "absolute")
    .filter(one => one.closest(".sr-only, .noUi-base") === null)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", APPS)
def test_it_is_accessible_and_asks_no_other_host(serve_apps, new_page, open_app, axe, name, look):
    server = serve_apps()
    page = open_app(new_page(**look), server, f"{name}.ipynb")
    page.wait_for_timeout(1500)
    assert page.seen.errors == []
    assert page.seen.failures == []
    assert page.seen.foreign(server.base) == []
    assert page.locator(".jp-RenderedText[data-mime-type*='stderr'], .problem:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(OUTSIDE) == []
    assert axe(page) == []


@pytest.mark.parametrize("name", APPS)
def test_every_step_has_a_title_a_place_in_the_list_and_something_in_it(serve_apps, page, open_app, name):
    open_app(page, serve_apps(), f"{name}.ipynb")
    slugs = page.locator(".pasos li").evaluate_all("items => items.map(item => item.dataset.step)")
    assert len(slugs) == len(set(slugs)) >= 3
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9-]+", slug)
        section = page.locator(f"section#{slug}")
        assert section.locator("h2").count() == 1
        assert section.evaluate("section => section.innerText.length") > 40
    linked = page.locator("main a[href^='#']").evaluate_all(
        "links => links.map(link => link.getAttribute('href').slice(1))"
    )
    assert {goal for goal in linked if goal} <= set(
        page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    )
