"""Each app as it opens: usable, private, and fit for everybody, before anything was clicked."""

import re

import pytest

from tests.walks import arrive
from widgets.controls.previews import lines

pytestmark = pytest.mark.browser

APPS = ["1_conocer", "2_preparar", "3_entrenar"]
LOOKS = {
    "phone-dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True},
    "wide": {"viewport": {"width": 1180, "height": 900}},
}
OUTSIDE = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.closest(".scroll, pre") === null)
    .filter(one => one.offsetParent && getComputedStyle(one).position !== "absolute")
    .filter(one => one.closest(".sr-only, .noUi-base") === null)
    .map(one => one.outerHTML.slice(0, 120))"""

# Where the pieces of a verse begin that a narrow paragraph breaks into several lines; likewise of the one after it.
BROKEN = """verse => {
    const place = document.querySelector(".poetas").appendChild(document.createElement("p"));
    place.className = "serif";
    place.style.width = "200px";
    place.innerHTML = verse;
    const starts = [...place.childNodes].filter(one => one.nodeType === Node.TEXT_NODE).map(one => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return [...range.getClientRects()].map(piece => piece.left - place.getBoundingClientRect().left);
    });
    place.remove();
    return starts;
}"""


@pytest.fixture(scope="module", params=APPS)
def opened(request, serve_apps, new_shared_page):
    """An app that was opened where there is least room: its server and its page, to be looked at only."""
    server, page = serve_apps(), new_shared_page(**LOOKS["phone-dark"])
    page.goto(server.app(f"{request.param}.ipynb"))
    arrive(page)
    page.wait_for_timeout(1500)
    yield server, page
    page.context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_accessible_and_asks_no_other_host(opened, put_back, wear, axe, look):
    server, page = opened
    with put_back(page):
        wear(page, **LOOKS[look])
        page.wait_for_timeout(1500)
        assert page.seen.errors == []
        assert page.seen.failures == []
        assert page.seen.foreign(server.base) == []
        assert page.locator(".jp-RenderedText[data-mime-type*='stderr'], .problem:visible").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate(OUTSIDE) == []
        assert axe(page) == []


def test_a_page_of_a_server_that_others_reach_does_not_say_that_texts_stay_with_the_learner(
    serve_apps, new_shared_page
):
    server, page = serve_apps(options=("--host", "127.0.0.2")), new_shared_page(**LOOKS["wide"])
    page.goto(server.app("1_conocer.ipynb"))
    arrive(page)
    assert page.locator(".lugar [data-text]").inner_text() == "En el servidor de la clase"
    page.evaluate("document.querySelector('#modelo').scrollIntoView()")
    note = page.locator("#modelo .poetas-note").first
    note.wait_for()
    assert "queda en una computadora ajena" in note.inner_html()
    assert "tus textos no viajan" not in page.content()


def test_every_step_has_a_title_a_place_in_the_list_and_something_in_it(opened):
    _server, page = opened
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


def test_what_goes_on_of_a_broken_verse_is_further_in(opened):
    _server, page = opened
    verses = lines("Ay, mi río que baja despacito por la quebrada\nmanso, y no se olvida nunca")
    first, second = page.evaluate(BROKEN, verses)
    assert len(first) > 1 < len(second)
    assert first[0] == second[0] == 0
    assert min(first[1:] + second[1:]) > 10
